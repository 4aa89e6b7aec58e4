//! What a load balancer answers to a client on the internet: whether its security groups admit the client, whether there
//! is a listener, whether the certificate covers the requested name, and then the rule that matches the request.

use super::physics::View;
use super::physics::targets::State;
use super::physics::traffic::Flow;
use super::region::{Certificate, Listener, LoadBalancer, RuleAction};
use super::wire::TransportFault;
use super::wire::envelope::Written;
use std::net::Ipv4Addr;

/// Where the client is, of a range that is kept for documentation (RFC 5737).
const CLIENT: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);

/// The listener that a client reaches on a port.
pub(super) fn admit<'a>(view: View<'a>, balancer: &'a LoadBalancer, port: u16) -> Result<&'a Listener, TransportFault> {
    // An internal one has no address that the internet leads to.
    if balancer.scheme == "internal" || !is_admitted(view, balancer, port) {
        return Err(TransportFault::Timeout);
    }
    let listener = view.region.listeners_at(balancer, view.time()).find(|listener| listener.port == port);
    // That it refuses, rather than stays silent, is UNVERIFIED.
    listener.ok_or(TransportFault::ConnectionRefused)
}

fn is_admitted(view: View<'_>, balancer: &LoadBalancer, port: u16) -> bool {
    let groups = balancer.security_groups.iter().filter_map(|id| view.region.security_group(id));
    let mut rules = groups.flat_map(|group| &group.ingress);
    rules.any(|rule| rule.admits(CLIENT, port, view.time()))
}

/// The certificate that a listener presents.
pub(super) fn certificate<'a>(view: View<'a>, listener: &Listener) -> Option<&'a Certificate> {
    let arn = view.region.certificate_at(listener, view.time());
    view.region.certificates.iter().find(|it| Some(&it.arn) == arn.as_ref())
}

/// One label for a wildcard.
pub(super) fn is_for(name: &str, host: &str) -> bool {
    let parent = |name: &str| name.split_once('.').map(|(_, parent)| parent.to_ascii_lowercase());
    name.eq_ignore_ascii_case(host) || (name.starts_with("*.") && parent(name) == parent(host))
}

pub(super) fn taken_by<'a>(view: View<'a>, listener: &'a Listener, host: &str, path: &str) -> Option<&'a RuleAction> {
    let fits = |patterns: &[String], text: &str| patterns.is_empty() || patterns.iter().any(|it| matches(it, text));
    let conditional = listener.rules.iter().filter(|rule| rule.priority.is_some());
    let mut taking = conditional.filter(|rule| fits(&rule.hosts, host) && fits(&rule.paths, path));
    taking.next().map(|rule| &rule.action).or_else(|| listener.default_action(view.time()))
}

/// `*` for anything, as in the conditions of rules.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern.eq_ignore_ascii_case(text),
        Some((start, rest)) => {
            let Some(after) =
                text.get(..start.len()).filter(|it| it.eq_ignore_ascii_case(start)).map(|_| &text[start.len()..])
            else {
                return false;
            };
            (0..=after.len()).filter(|at| after.is_char_boundary(*at)).any(|at| matches(rest, &after[at..]))
        }
    }
}

pub(super) fn act(view: View<'_>, action: Option<&RuleAction>, host: &str, path: &str) -> Written {
    let (status, location) = match action {
        Some(RuleAction::RedirectToHttps(status)) => (*status, Some(format!("https://{host}:443{path}"))),
        Some(RuleAction::Fixed(status)) => (*status, None),
        Some(RuleAction::Forward { to, .. }) => {
            let any = to.iter().filter(|(_, weight)| *weight > 0).any(|(group, _)| has_target(view, *group));
            (if any { 200 } else { 503 }, None)
        }
        None => (404, None),
    };
    let server = ("server", "awselb/2.0".to_owned());
    let headers = location.map(|location| ("location", location)).into_iter().chain([server]).collect();
    Written { status, headers, body: Vec::new() }
}

/// Returns whether a target group has a target that answers. Where all are unhealthy, all are used (the ALB fails open).
fn has_target(view: View<'_>, group: usize) -> bool {
    let flow = Flow::of_group(view, &view.region.target_groups[group]);
    (0..flow.pool.instances.len()).any(|place| serves(flow.condition(place, view.time()).state))
}

fn serves(state: State) -> bool {
    !matches!(state, State::Absent | State::OutOfZone)
}
