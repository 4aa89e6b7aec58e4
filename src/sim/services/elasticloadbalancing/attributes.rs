//! `DescribeLoadBalancerAttributes`, `DescribeTargetGroupAttributes`, `DescribeListenerAttributes`: one thing a call.

use super::{listener_not_found, load_balancer, pairs, target_group};
use crate::sim::physics::View;
use crate::sim::region::{Balancer, LISTENER_ATTRIBUTES, NETWORK_LISTENER_ATTRIBUTES, Pair};
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_load_balancer_attributes(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    Ok(attributes(&load_balancer(view, form.required("LoadBalancerArn")?)?.attributes))
}

pub(super) fn describe_target_group_attributes(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    Ok(attributes(&target_group(view, form.required("TargetGroupArn")?)?.attributes))
}

pub(super) fn describe_listener_attributes(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let (balancer, _) = view.region.listener(form.required("ListenerArn")?).ok_or_else(listener_not_found)?;
    let network = balancer.kind == Balancer::Network;
    let list = if network { NETWORK_LISTENER_ATTRIBUTES } else { LISTENER_ATTRIBUTES };
    let mut xml = Xml::default();
    pairs(&mut xml, "Attributes", list.iter().copied());
    Ok(xml)
}

fn attributes(list: &[Pair]) -> Xml {
    let mut xml = Xml::default();
    pairs(&mut xml, "Attributes", list.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    xml
}
