//! What requests have in common: the objects that they name, and the page that they ask for.

use crate::sim::physics::View;
use crate::sim::region::{Balancer, LoadBalancer, TargetGroup};
use crate::sim::wire::form::Form;
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;
use std::ops::Range;

/// The most names or ARNs in one request (documented for tags, prudent for the rest).
pub(super) const MOST_NAMES: usize = 20;

pub(super) fn load_balancer<'a>(view: View<'a>, arn: &str) -> Result<&'a LoadBalancer, Refusal> {
    let found = view.region.load_balancer(arn).map(|place| &view.region.load_balancers[place]);
    found
        .filter(|balancer| balancer.arn == arn && balancer.kind != Balancer::Classic)
        .ok_or_else(|| Refusal::bad_request("LoadBalancerNotFound", format!("Load balancer '{arn}' not found")))
}

pub(super) fn target_group<'a>(view: View<'a>, arn: &str) -> Result<&'a TargetGroup, Refusal> {
    let found = view.region.target_group(arn).map(|place| &view.region.target_groups[place]);
    found
        .filter(|group| group.arn == arn && group.exists(view.time()))
        .ok_or_else(|| Refusal::bad_request("TargetGroupNotFound", "One or more target groups not found"))
}

pub(super) fn listener_not_found() -> Refusal {
    Refusal::bad_request("ListenerNotFound", "One or more listeners not found")
}

/// The range of this page, and the marker of the next.
pub(super) fn page(view: View<'_>, form: &Form, total: usize) -> Result<(Range<usize>, Option<String>), Refusal> {
    let size = form.whole("PageSize", 1, 400)?.unwrap_or(400);
    let question = form.question(&["Marker", "PageSize"]);
    let position = Position::read(form.text("Marker"), &question, view.now)
        .map_err(|ForeignToken| Refusal::validation("The specified marker is not valid"))?;
    Ok(position.page(&question, total, size))
}

/// At most one way of choosing, and not too many names.
pub(super) fn chosen<'f>(form: &'f Form, lists: &[&str]) -> Result<Vec<(usize, Vec<&'f str>)>, Refusal> {
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
