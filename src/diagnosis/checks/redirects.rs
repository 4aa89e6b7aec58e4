//! Redirects: a health check that is answered by one, and plain HTTP that is answered without one.

use super::listening::{leading_here, with_rules};
use super::routing::matches_everything;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Key, Listener, Priority, RuleAction, Target, TargetGroup, TargetState, clean};

const REDIRECTED: Grade = Grade::new(FindingSeverity::Warning, "a target fails because it answers with 3xx");
const TAKEN: Grade = Grade::new(FindingSeverity::Info, "the matcher takes a status of 3xx");
const PLAIN: Grade = Grade::new(FindingSeverity::Warning, "a listener of HTTP leads to it, beside one of HTTPS");

pub static REDIRECTED_CHECK: Check = Check {
    id: "health-check-redirected",
    topic: Topic::HealthCheck,
    inputs: &["TargetGroups", "TargetGroupTags", "TargetHealth"],
    grades: &[REDIRECTED, TAKEN],
    needs: "target groups that are proven to be the environment's, and the health of their targets",
    sentence: "A health check is answered with a redirect.",
    explanation: "Usually to https or to a login page: the load balancer does not follow it. A matcher that takes redirects \
                  calls an instance healthy whose application may be broken behind the redirect.",
    advice: "Check a path that answers without a redirect, or let ELB-HealthChecker through.",
};

pub static PLAIN_HTTP: Check = Check {
    id: "http-not-redirected",
    topic: Topic::Https,
    inputs: &["Listeners", "Rules"],
    grades: &[PLAIN],
    needs: "the listeners and their rules",
    sentence: "Plain HTTP is answered, though there is HTTPS.",
    explanation: "Who types the name without https:// stays on plain HTTP, where everybody on the way can read and change \
                  requests, cookies included.",
    advice: "Let the listener of HTTP redirect to HTTPS.",
};

pub fn redirected_check(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let groups = inputs.groups();
    if groups.is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    for group in groups {
        match inputs.inventory().targets.get(&group.key) {
            Some(targets) => of_group(run, group, targets),
            None => run.doubted(inputs.targets_doubt()),
        }
    }
}

fn of_group(run: &mut CheckRun<'_>, group: &TargetGroup, targets: &[Target]) {
    let failing = targets.iter().filter(|target| target.state == TargetState::Unhealthy);
    let redirect = failing.filter_map(Target::status_codes).find(|codes| codes.starts_with('3'));
    let path = clean(group.health_check.path.as_deref().unwrap_or("/"));
    let matcher = group.health_check.matcher.as_deref().unwrap_or_default();
    let (grade, words) = match redirect {
        Some(codes) => {
            (REDIRECTED, format!("the health check of {path} is answered with a redirect ({})", clean(codes)))
        }
        None if takes_redirects(matcher) => {
            (TAKEN, format!("the health check of {path} takes redirects ({})", clean(matcher)))
        }
        None => return,
    };
    run.found(grade, FindingSubject::TargetGroup(group.key.clone()), words, Vec::new());
}

/// Whether a matcher (`200,302`, `200-399`) takes a status from 300 to 399.
fn takes_redirects(matcher: &str) -> bool {
    let number = |text: &str| text.trim().parse::<u16>().ok();
    let takes = |part: &str| match part.split_once('-') {
        Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= 399 && to >= 300),
        None => number(part).is_some_and(|code| (300..=399).contains(&code)),
    };
    matcher.split(',').any(takes)
}

pub fn plain_http(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if leading_here(inputs, run, Listener::is_secure).is_empty() {
        return;
    }
    let own: Vec<&Key<TargetGroup>> = inputs.link.groups.iter().map(|group| &group.key).collect();
    let plain: Vec<_> = leading_here(inputs, run, |it| it.protocol.as_deref() == Some("HTTP"));
    for (listener, rules) in with_rules(inputs, run) {
        if !plain.iter().any(|it| it.key == listener.key) {
            continue;
        }
        // A rule for every request that redirects hides what is behind it.
        let is_redirect = |action: &RuleAction| matches!(action, RuleAction::Redirect { .. });
        let hides = rules.iter().position(|rule| {
            rule.priority != Priority::Default
                && rule.conditions.iter().all(matches_everything)
                && rule.actions.iter().any(is_redirect)
        });
        let reached = &rules[..hides.unwrap_or(rules.len())];
        let leads = |action: &RuleAction| matches!(action, RuleAction::Forward { groups, .. } if groups.iter().any(|it| own.contains(&&it.target_group)));
        if reached.iter().any(|rule| rule.actions.iter().any(leads)) {
            let port = listener.port.unwrap_or(80);
            let words = format!("port {port} answers plain HTTP and does not redirect to HTTPS");
            run.found(PLAIN, FindingSubject::Listener(listener.key.clone()), words, Vec::new());
        }
    }
}
