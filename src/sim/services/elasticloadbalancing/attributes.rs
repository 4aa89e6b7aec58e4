//! `DescribeLoadBalancerAttributes`, `DescribeTargetGroupAttributes`, `DescribeListenerAttributes`: one thing a call.

use super::listeners::living;
use super::parameters::{listener_not_found, load_balancer, target_group};
use crate::sim::physics::View;
use crate::sim::region::On;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_load_balancer_attributes(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    Ok(attributes(view, of_load_balancer(view, form)?))
}

pub(super) fn describe_target_group_attributes(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    Ok(attributes(view, of_target_group(view, form)?))
}

pub(super) fn describe_listener_attributes(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    Ok(attributes(view, of_listener(view, form)?))
}

pub(super) fn of_load_balancer(view: View<'_>, form: &Form) -> Result<On, Refusal> {
    let arn = form.required("LoadBalancerArn")?;
    load_balancer(view, arn)?;
    Ok(On::Balancer(view.region.load_balancer(arn).unwrap_or_default()))
}

pub(super) fn of_target_group(view: View<'_>, form: &Form) -> Result<On, Refusal> {
    let arn = form.required("TargetGroupArn")?;
    target_group(view, arn)?;
    Ok(On::Group(view.region.target_group(arn).unwrap_or_default()))
}

pub(super) fn of_listener(view: View<'_>, form: &Form) -> Result<On, Refusal> {
    let arn = form.required("ListenerArn")?;
    living(view, arn)?;
    let (balancer, listener) = view.region.listener_place(arn).ok_or_else(listener_not_found)?;
    Ok(On::Listener(balancer, listener))
}

/// All attributes that something has now.
pub(super) fn attributes(view: View<'_>, on: On) -> Xml {
    let list = view.region.attributes_at(on, view.time());
    let mut xml = Xml::default();
    pairs(&mut xml, "Attributes", list.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    xml
}

/// A list of keys and values.
pub(super) fn pairs<'a>(xml: &mut Xml, name: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) {
    xml.members(name, pairs, |xml, (key, value)| {
        xml.text("Key", key).text("Value", value);
    });
}
