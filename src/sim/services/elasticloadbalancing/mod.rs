//! Elastic Load Balancing v2 (2015-12-01): reads, and writes of settings. Classic load balancers do not exist for this API.

mod actions;
mod attributes;
mod creating;
mod listeners;
mod load_balancers;
mod modify;
mod policies;
mod ranges;
mod rules;
mod tags;
mod target_groups;
mod target_health;

use super::{Change, Query};
use crate::sim::physics::View;
use crate::sim::region::{Balancer, LoadBalancer, TargetGroup};
use crate::sim::wire::form::Form;
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;
use std::ops::Range;

pub(super) const OPERATIONS: &[(&str, Query)] = &[
    ("DescribeListenerAttributes", attributes::describe_listener_attributes),
    ("DescribeListeners", listeners::describe_listeners),
    ("DescribeLoadBalancerAttributes", attributes::describe_load_balancer_attributes),
    ("DescribeLoadBalancers", load_balancers::describe_load_balancers),
    ("DescribeRules", listeners::describe_rules),
    ("DescribeSSLPolicies", policies::describe_ssl_policies),
    ("DescribeTags", tags::describe_tags),
    ("DescribeTargetGroupAttributes", attributes::describe_target_group_attributes),
    ("DescribeTargetGroups", target_groups::describe_target_groups),
    ("DescribeTargetHealth", target_health::describe_target_health),
];

pub(super) const CHANGES: &[(&str, Change)] = &[
    ("CreateListener", creating::create_listener),
    ("CreateRule", rules::create_rule),
    ("DeleteListener", creating::delete_listener),
    ("DeleteRule", rules::delete_rule),
    ("ModifyListener", modify::modify_listener),
    ("ModifyListenerAttributes", modify::modify_listener_attributes),
    ("ModifyLoadBalancerAttributes", modify::modify_load_balancer_attributes),
    ("ModifyRule", rules::modify_rule),
    ("ModifyTargetGroup", modify::modify_target_group),
    ("ModifyTargetGroupAttributes", modify::modify_target_group_attributes),
    ("SetSecurityGroups", creating::set_security_groups),
];

/// The most names or ARNs in one request (documented for tags, prudent for the rest).
const MOST_NAMES: usize = 20;

fn load_balancer<'a>(view: View<'a>, arn: &str) -> Result<&'a LoadBalancer, Refusal> {
    let found = view.region.load_balancer(arn).map(|place| &view.region.load_balancers[place]);
    found
        .filter(|balancer| balancer.arn == arn && balancer.kind != Balancer::Classic)
        .ok_or_else(|| Refusal::bad_request("LoadBalancerNotFound", format!("Load balancer '{arn}' not found")))
}

fn target_group<'a>(view: View<'a>, arn: &str) -> Result<&'a TargetGroup, Refusal> {
    let found = view.region.target_group(arn).map(|place| &view.region.target_groups[place]);
    found
        .filter(|group| group.arn == arn && group.exists(view.time()))
        .ok_or_else(|| Refusal::bad_request("TargetGroupNotFound", "One or more target groups not found"))
}

fn listener_not_found() -> Refusal {
    Refusal::bad_request("ListenerNotFound", "One or more listeners not found")
}

/// The range of this page, and the marker of the next.
fn page(view: View<'_>, form: &Form, total: usize) -> Result<(Range<usize>, Option<String>), Refusal> {
    let size = form.whole("PageSize", 1, 400)?.unwrap_or(400);
    let question = form.question(&["Marker", "PageSize"]);
    let position = Position::read(form.text("Marker"), &question, view.now)
        .map_err(|ForeignToken| Refusal::validation("The specified marker is not valid"))?;
    Ok(position.page(&question, total, size))
}

/// At most one way of choosing, and not too many names.
fn chosen<'f>(form: &'f Form, lists: &[&str]) -> Result<Vec<(usize, Vec<&'f str>)>, Refusal> {
    let given: Vec<(usize, Vec<&str>)> = lists
        .iter()
        .enumerate()
        .map(|(number, list)| (number, form.list(list).into_iter().filter(|entry| !entry.is_empty()).collect()))
        .filter(|(_, entries): &(usize, Vec<&str>)| !entries.is_empty())
        .collect();
    for (number, entries) in &given {
        if entries.len() > MOST_NAMES {
            let list = lists[*number];
            return Err(Refusal::validation(format!("Up to {MOST_NAMES} {list} can be described at once")));
        }
    }
    Ok(given)
}

/// A list of keys and values.
fn pairs<'a>(xml: &mut Xml, name: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) {
    xml.members(name, pairs, |xml, (key, value)| {
        xml.text("Key", key).text("Value", value);
    });
}
