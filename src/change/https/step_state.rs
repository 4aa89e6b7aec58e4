//! The present state relative to a step: as before it, as after it, or neither. From this follows that a step is done
//! already, the outcome of a lost answer, and whether another change conflicts with it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::moves::EVERY_PATH;
use super::opening::{HTTPS, admitted, missing};
use super::setup::{DefaultAction, HttpsSetup, HttpsStage, HttpsStep, RedirectingRule, redirect_words};
use super::site::{HttpsInputs, redirected_by};
use crate::change::outcome::Difference;
use crate::change::request::OptionChange;
use crate::change::settings::is_same_value;
use crate::model::{Priority, Rule, SecurityGroup, TrafficSource};

/// The present state relative to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    /// As before it.
    Before,
    /// As after it; with the id of what it has created.
    After(Option<Arc<str>>),
    /// Neither.
    Otherwise(Vec<Difference>),
}

impl HttpsSetup {
    /// Returns the present state relative to a step of the setup.
    #[must_use]
    pub fn state_of(&self, step: HttpsStep, site: &HttpsInputs) -> StepState {
        if !site.is_on(&self.load_balancer) {
            let live = site.load_balancer().map_or("none", |it| &*it.key.id);
            return StepState::Otherwise(vec![Difference::new("load balancer", &*self.load_balancer, live)]);
        }
        match self.stage(step) {
            None | Some(HttpsStage::Probe) => StepState::Before,
            Some(HttpsStage::Options { certificate, changes }) => options(certificate, changes, site),
            Some(HttpsStage::Listener { certificate, policy, .. }) => listener(certificate, policy, site),
            Some(HttpsStage::Group { name, .. }) => self.group(name, site),
            Some(HttpsStage::Rule { group, sources }) => self.rule(group.as_ref(), sources, site),
            Some(HttpsStage::Attach { before }) => self.attach(before, site),
            Some(HttpsStage::Redirect { listener, before, after }) => redirect(listener, before, after, site),
            Some(HttpsStage::RedirectRule { listener, priority, status, before }) => match before {
                Some(before) => changed_rule(listener, before, status, site),
                None => new_rule(listener, *priority, status, self.made(HttpsStep::Redirect), site),
            },
        }
    }

    /// Returns why a step must not be done any more: the sources of port 80 are no longer those that were confirmed.
    #[must_use]
    pub fn outdated(&self, step: HttpsStep, site: &HttpsInputs) -> Vec<Difference> {
        let planned = self.stages.iter().find_map(|stage| match stage {
            HttpsStage::Rule { sources, .. } => Some(sources),
            _ => None,
        });
        let Some(planned) = planned.filter(|_| matches!(step, HttpsStep::Group | HttpsStep::Rule)) else {
            return Vec::new();
        };
        let now = missing(&site.attached());
        if now.is_empty() || now == *planned {
            return Vec::new();
        }
        vec![Difference::new("who reaches port 80 and not 443", words(planned), words(&now))]
    }

    /// Returns whether sources that reach port 80 reach 443 already, so that nothing has to be opened.
    #[must_use]
    pub fn is_open(&self, site: &HttpsInputs) -> bool {
        missing(&site.attached()).is_empty()
    }

    fn group(&self, name: &str, site: &HttpsInputs) -> StepState {
        let found = match self.made(HttpsStep::Group) {
            Some(id) => find(site, id),
            None => site.groups.iter().find(|group| *group.name == *name),
        };
        found.map_or(StepState::Before, |group| StepState::After(Some(Arc::clone(&group.key.id))))
    }

    fn rule(&self, group: Option<&Arc<str>>, sources: &[TrafficSource], site: &HttpsInputs) -> StepState {
        let id = group.or_else(|| self.made(HttpsStep::Group));
        let Some(group) = id.and_then(|id| find(site, id)) else { return StepState::Before };
        match admitted(group, sources).as_slice() {
            [] => StepState::Before,
            all if all.len() == sources.len() => StepState::After(None),
            some => {
                let open: Vec<_> = some.iter().map(ToString::to_string).collect();
                StepState::Otherwise(vec![Difference::new("port 443 is open to", words(sources), open.join(", "))])
            }
        }
    }

    fn attach(&self, before: &[Arc<str>], site: &HttpsInputs) -> StepState {
        let live: BTreeSet<_> = site.load_balancer().map(|it| it.security_groups.iter().collect()).unwrap_or_default();
        let before: BTreeSet<_> = before.iter().collect();
        let after: BTreeSet<_> = before.iter().copied().chain(self.made(HttpsStep::Group)).collect();
        match live {
            live if live == before => StepState::Before,
            live if live == after => StepState::After(None),
            live => {
                let reported =
                    |ids: BTreeSet<&Arc<str>>| ids.into_iter().map(|id| &**id).collect::<Vec<_>>().join(", ");
                StepState::Otherwise(vec![Difference::new("security groups", reported(before), reported(live))])
            }
        }
    }
}

fn find<'a>(site: &'a HttpsInputs, id: &str) -> Option<&'a SecurityGroup> {
    site.groups.iter().find(|group| *group.key.id == *id)
}

fn words(sources: &[TrafficSource]) -> String {
    sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn options(certificate: &str, changes: &[OptionChange], site: &HttpsInputs) -> StepState {
    let value = |change: &OptionChange| site.option(&change.namespace, &change.name).map(str::to_owned);
    let is = |change: &OptionChange, wanted: &Option<String>| {
        is_same_value(&change.name, value(change).as_deref(), wanted.as_deref())
    };
    if changes.iter().all(|change| is(change, &change.after)) {
        return match site.listener(HTTPS) {
            Some(live) if presents(live, certificate) => StepState::After(Some(Arc::clone(&live.key.id))),
            live => {
                let live = live.map_or_else(|| "none".to_owned(), reported);
                StepState::Otherwise(vec![Difference::new("listener on port 443", "HTTPS", live)])
            }
        };
    }
    let moved = changes.iter().filter(|change| !is(change, &change.before));
    let word = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    let moved: Vec<_> = moved
        .map(|change| {
            let key = format!("{}/{}", change.namespace, change.name);
            Difference::new(&key, word(change.before.clone()), word(value(change)))
        })
        .collect();
    if moved.is_empty() { StepState::Before } else { StepState::Otherwise(moved) }
}

fn listener(certificate: &str, policy: &str, site: &HttpsInputs) -> StepState {
    match site.listener(HTTPS) {
        None => StepState::Before,
        Some(live) if presents(live, certificate) && live.ssl_policy.as_deref() == Some(policy) => {
            StepState::After(Some(Arc::clone(&live.key.id)))
        }
        Some(live) => StepState::Otherwise(vec![Difference::new("listener on port 443", "none", reported(live))]),
    }
}

fn presents(listener: &crate::model::Listener, certificate: &str) -> bool {
    listener.is_secure() && listener.certificates.iter().any(|arn| **arn == *certificate)
}

fn reported(listener: &crate::model::Listener) -> String {
    let protocol = listener.protocol.as_deref().unwrap_or("?");
    let policy = listener.ssl_policy.as_deref().map(|policy| format!(" with {policy}")).unwrap_or_default();
    let certificate = listener.certificates.first().map(|arn| format!(" and {arn}")).unwrap_or_default();
    format!("{protocol}{policy}{certificate}")
}

fn redirect(listener: &str, before: &DefaultAction, after: &DefaultAction, site: &HttpsInputs) -> StepState {
    let key = site.key_of(listener);
    let live = site.basis().listeners().iter().find(|it| it.key == key);
    let action = live.and_then(|it| DefaultAction::of(&it.default_actions));
    match action {
        Some(action) if action == *after => StepState::After(None),
        Some(action) if action == *before => StepState::Before,
        action => {
            let live = action
                .map_or_else(|| if live.is_some() { "something else" } else { "gone" }.into(), |it| it.to_string());
            StepState::Otherwise(vec![Difference::new("default action of port 80", before.to_string(), live)])
        }
    }
}

/// Describes the present rule of a listener.
fn rule_words(rule: &Rule) -> String {
    let conditions: Vec<_> =
        rule.conditions.iter().map(|it| format!("{} {}", it.field, it.values.join(" or "))).collect();
    let action =
        DefaultAction::of(&rule.actions).map_or_else(|| "something else".to_owned(), |action| action.to_string());
    format!("{}: {action}", conditions.join(", "))
}

/// Returns the state of a new rule: there, with our id or, where that was lost, by what it does; or its priority is taken.
fn new_rule(listener: &str, priority: u32, status: &str, made: Option<&Arc<str>>, site: &HttpsInputs) -> StepState {
    let rules = site.rules_of(&site.key_of(listener));
    let is_it = |rule: &&Rule| redirected_by(rule) == Some(status);
    let conflict = |rule: &Rule| {
        let wanted = format!("path-pattern {EVERY_PATH}: {}", redirect_words(status));
        StepState::Otherwise(vec![Difference::new(&format!("rule {priority} of port 80"), wanted, rule_words(rule))])
    };
    if let Some(rule) = made.and_then(|made| rules.iter().copied().find(|rule| rule.key.id == *made)) {
        return if is_it(&rule) { StepState::After(Some(Arc::clone(&rule.key.id))) } else { conflict(rule) };
    }
    if made.is_some() {
        return StepState::Before;
    }
    match rules.iter().copied().find(is_it) {
        Some(rule) => StepState::After(Some(Arc::clone(&rule.key.id))),
        None => match rules.iter().find(|rule| rule.priority == Priority::Number(priority)) {
            Some(rule) => {
                let what = format!("rule {priority} of port 80");
                StepState::Otherwise(vec![Difference::new(&what, "none", rule_words(rule))])
            }
            None => StepState::Before,
        },
    }
}

fn changed_rule(listener: &str, before: &RedirectingRule, status: &str, site: &HttpsInputs) -> StepState {
    let rules = site.rules_of(&site.key_of(listener));
    let live = rules.iter().copied().find(|rule| rule.key.id == before.rule);
    match live.and_then(|rule| redirected_by(rule)) {
        Some(live) if live == status => StepState::After(None),
        Some(live) if live == &*before.status => StepState::Before,
        _ => {
            let live = live.map_or_else(|| "gone".to_owned(), rule_words);
            StepState::Otherwise(vec![Difference::new(
                "redirecting rule of port 80",
                redirect_words(&before.status),
                live,
            )])
        }
    }
}
