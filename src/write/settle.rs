//! Changes of settings in the log: what can be undone, and what became of one whose end is missing.

use std::sync::Arc;

use super::audit::History;
use super::entry::Entry;
use super::look_up::{AT_START, nothing_seen};
use super::patience::Patience;
use super::perform::{Done, Writer};
use super::reading::{Fresh, Scope};
use crate::change::settings::{ObjectKind, find};
use crate::change::{Finding, LostWrite, Object, Outcome, Past, Route, Standing, ValueChange, Written};
use crate::model::{Environment, Fault, FaultKind, Key, Moment, ScopeId, Service};

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

impl History {
    /// The changes of an environment's settings that were written, the oldest first; where: account, region and endpoint.
    #[must_use]
    pub fn written_to(
        &self,
        (account, region, endpoint): (Option<&str>, Option<&str>, Option<&str>),
        environment: &Key<Environment>,
    ) -> Vec<Past> {
        let is_meant =
            |entry: &&Entry| *entry.environment_id == *environment.id && entry.is_of(account, region, endpoint);
        let is_written = |entry: &&Entry| matches!(entry.outcome.as_deref(), Some("applied" | "partial"));
        let written = self.entries.iter().filter(is_meant).filter(is_written);
        written.filter_map(|entry| entry.past(environment.scope)).collect()
    }
}

impl Entry {
    /// Whether it was made in this account and region, at this endpoint.
    #[must_use]
    pub fn is_of(&self, account: Option<&str>, region: Option<&str>, endpoint: Option<&str>) -> bool {
        self.account.as_deref() == account && self.region.as_deref() == region && self.endpoint.as_deref() == endpoint
    }
}

/// What is to be seen of a part of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trace {
    Taken,
    Untouched,
    Unclear,
}

impl From<Finding> for Trace {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Taken(_) => Self::Taken,
            Finding::NotTaken => Self::Untouched,
            Finding::Unknown => Self::Unclear,
        }
    }
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
                let mut traces = of_live_values(past, &fresh);
                traces.extend(self.of_update(entry, past).await);
                Done::of(judged(&traces), Some(Standing::from(&fresh.environment)))
            }
            Ok(None) => Done::of(Outcome::Unknown(lost()), None),
            Err(fault) => Done::of(Outcome::Unknown(fault), None),
        };
        self.conclude(&entry.id, done).await
    }

    /// What is to be seen of the update of the environment, if the change had one.
    async fn of_update(&self, entry: &Entry, past: &Past) -> Option<Trace> {
        let lost = Self::lost(LostWrite::of_past(past)?, Moment(entry.at), None);
        let found = self.find_out(&entry.subject(self.session.scope), &lost, AT_START).await;
        Some(found.finding.into())
    }
}

fn judged(traces: &[Trace]) -> Outcome {
    let all = |what: Trace| traces.iter().all(|trace| *trace == what);
    match () {
        () if traces.contains(&Trace::Unclear) => Outcome::Unknown(lost()),
        () if all(Trace::Taken) => Outcome::Applied,
        () if all(Trace::Untouched) => Outcome::Failed(nothing_seen(&lost())),
        () => Outcome::Partial(lost()),
    }
}

/// What is to be seen of the values that were written to the load balancer itself.
fn of_live_values(past: &Past, fresh: &Fresh) -> Vec<Trace> {
    let is_written = |change: &&ValueChange| past.route != Route::Beanstalk && change.before != change.after;
    past.changes.iter().filter(is_written).map(|change| of_live(past, change, fresh)).collect()
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
