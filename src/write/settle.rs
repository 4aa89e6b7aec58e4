//! Changes of settings in the log: what can be undone, and what became of one whose end is missing.

use std::sync::Arc;

use super::audit::History;
use super::entry::Entry;
use super::look_up::{When, is_start};
use super::patience::Patience;
use super::perform::{Done, Writer};
use super::reading::{Fresh, Scope};
use super::settings::nothing_seen;
use crate::aws::look;
use crate::change::settings::{ObjectKind, find};
use crate::change::{Object, Outcome, Past, Route, Standing, ValueChange, Written};
use crate::model::{EnvironmentStatus, Fault, FaultKind, Key, Moment, ScopeId, Service};

impl Entry {
    /// The change of settings that this is, if it is one.
    #[must_use]
    pub fn past(&self, scope: ScopeId) -> Option<Past> {
        if !matches!(self.kind.as_str(), "set" | "undo") {
            return None;
        }
        Some(Past {
            id: self.id.as_str().into(),
            route: Route::named(&self.route)?,
            changes: self.changes.clone(),
            target_group: self.target_group.as_deref().map(|arn| Key::new(scope, arn)),
            load_balancer: self.load_balancer.as_deref().map(|arn| Key::new(scope, arn)),
        })
    }

    /// Whether it may have changed something, and nothing has put that back.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        let has_written = !matches!(self.outcome.as_deref(), Some("unchanged" | "conflict" | "refused" | "failed"));
        self.past(ScopeId::default()).is_some() && has_written && self.undone_by.is_none()
    }
}

impl History {
    /// The newest change that can be undone, of an account, a region and an endpoint; of an environment, if one is named
    /// by its id. What puts another change back is undone only by its own id.
    #[must_use]
    pub fn newest_to_undo(
        &self,
        account: Option<&str>,
        region: Option<&str>,
        endpoint: Option<&str>,
        environment: Option<&str>,
    ) -> Option<&Entry> {
        let is_here = |entry: &&Entry| entry.is_of(account, region, endpoint);
        let is_meant = |entry: &&Entry| environment.is_none_or(|id| entry.environment_id == id);
        let newest = self.entries.iter().rev().filter(is_here).filter(is_meant);
        newest.into_iter().find(|entry| entry.undoes.is_none() && entry.can_be_undone())
    }
}

impl Entry {
    /// Whether it was made in this account and region, at this endpoint.
    #[must_use]
    pub fn is_of(&self, account: Option<&str>, region: Option<&str>, endpoint: Option<&str>) -> bool {
        self.account.as_deref() == account && self.region.as_deref() == region && self.endpoint.as_deref() == endpoint
    }
}

/// What is to be seen of one value of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trace {
    Taken,
    Untouched,
    Unclear,
}

impl Writer<'_> {
    /// Finds out what became of a change of settings whose end nobody recorded, and records it.
    pub(super) async fn settle_settings(&self, entry: &Entry, past: &Past) -> Written {
        let scope = Scope {
            subject: entry.subject(self.session.scope),
            target_group: past.target_group.clone(),
            load_balancer: past.load_balancer.clone(),
            listeners: Vec::new(),
        };
        let done = match self.read_again(&scope, &mut Patience::new()).await {
            Ok(Some(fresh)) => {
                let has_begun = self.has_begun(entry, &fresh).await;
                let outcome = judged(past, &fresh, has_begun);
                Done::of(outcome, Some(Standing::from(&fresh.environment)))
            }
            Ok(None) => Done::of(Outcome::Unknown(lost()), None),
            Err(fault) => Done::of(Outcome::Unknown(fault), None),
        };
        self.conclude(&entry.id, done).await
    }

    /// Whether an update began right after the change did.
    async fn has_begun(&self, entry: &Entry, fresh: &Fresh) -> bool {
        let when = When { sent: Moment(entry.at), now: (self.now)() };
        let events = look::events_between(self.session, &fresh.environment.key, when.window(), self.now).await;
        events.is_ok_and(|events| events.iter().any(is_start))
    }
}

fn judged(past: &Past, fresh: &Fresh, has_begun: bool) -> Outcome {
    let traces: Vec<_> = past.changes.iter().flat_map(|change| of_change(past, change, fresh, has_begun)).collect();
    let all = |what: Trace| traces.iter().all(|trace| *trace == what);
    match () {
        () if traces.contains(&Trace::Unclear) => Outcome::Unknown(lost()),
        () if all(Trace::Taken) => Outcome::Applied,
        () if all(Trace::Untouched) => Outcome::Failed(nothing_seen(&lost())),
        () => Outcome::Partial(lost()),
    }
}

/// What is to be seen of the live value, and of the option.
fn of_change(past: &Past, change: &ValueChange, fresh: &Fresh, has_begun: bool) -> Vec<Trace> {
    let mut traces = Vec::new();
    if past.route != Route::Beanstalk && change.before != change.after {
        traces.push(of_live(past, change, fresh));
    }
    if let Some(option) = &change.option {
        let settings = fresh.basis().settings();
        let now = settings.and_then(|it| it.get(&option.namespace, &option.name)).filter(|value| !value.is_empty());
        let is_moving = fresh.environment.status != EnvironmentStatus::Ready;
        traces.push(match now {
            _ if has_begun => Trace::Taken,
            _ if settings.is_none() || is_moving => Trace::Unclear,
            now if now == option.after.as_deref() => Trace::Taken,
            now if now == option.before.as_deref() => Trace::Untouched,
            _ => Trace::Unclear,
        });
    }
    traces
}

fn of_live(past: &Past, change: &ValueChange, fresh: &Fresh) -> Trace {
    let Ok(named) = find(&change.key) else { return Trace::Unclear };
    let object = match named.facts.object {
        ObjectKind::TargetGroup => past.target_group.clone().map(Object::TargetGroup),
        ObjectKind::LoadBalancer => past.load_balancer.clone().map(Object::LoadBalancer),
        ObjectKind::Listener => {
            let mut objects = fresh.basis().objects().into_iter();
            objects.find(|object| object.port() == named.port && object.port().is_some())
        }
    };
    let live = object.and_then(|object| fresh.basis().live(&object, named.facts));
    match (live.as_deref(), change.before.as_deref(), change.after.as_deref()) {
        (Some(live), _, Some(after)) if named.facts.is_same(live, after) => Trace::Taken,
        (Some(live), Some(before), _) if named.facts.is_same(live, before) => Trace::Untouched,
        _ => Trace::Unclear,
    }
}

fn lost() -> Arc<Fault> {
    Arc::new(Fault {
        kind: FaultKind::Other,
        service: Service::Elb,
        operation: "Modify",
        code: None,
        message: "the program ended before an answer came".into(),
        details: None,
        request_id: None,
    })
}
