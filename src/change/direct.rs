//! What our own changes wrote to the load balancer directly, and whether it is still live.
//!
//! An update that fails is rolled back to the values that Beanstalk has, so that a direct change of what the update touched
//! may be gone afterwards, without any event of Beanstalk's. (`CloudFormation`: a failed update rolls back to the previous
//! template, not to the drifted state.)

use std::fmt;
use std::sync::Arc;

use super::field::{Object, PlanInputs};
use super::request::Route;
use super::resolve::listener;
use super::settings::{ObjectKind, Place, SettingFacts, find};
use super::undo::Past;
use crate::model::{Fault, FaultKind, Key, LoadBalancer, Source, TargetGroup};

/// The object that a value was written to. A listener is identified by its port: Beanstalk may recreate it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectObject {
    /// A target group.
    TargetGroup(Key<TargetGroup>),
    /// A load balancer.
    LoadBalancer(Key<LoadBalancer>),
    /// The listener of a load balancer on this port.
    Listener(Key<LoadBalancer>, i32),
}

/// A value that a change of ours wrote directly.
#[derive(Clone, Debug)]
pub struct DirectValue {
    /// The id of the change in the log.
    pub id: Arc<str>,
    /// The object that has it.
    pub object: DirectObject,
    /// The facts of the setting.
    pub facts: &'static SettingFacts,
    /// Its key.
    pub key: String,
    /// What was live before.
    pub before: Option<Arc<str>>,
    /// What was written.
    pub value: Arc<str>,
}

/// How a source was read since an update was reverted.
#[derive(Clone, Debug)]
pub enum Reread {
    /// Successfully.
    Read,
    /// It could not be read; why, if that is known.
    Failed(Option<Arc<Fault>>),
    /// Not yet.
    Awaited,
}

/// The state of a value that was written directly, after an update of its environment was reverted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectFate {
    /// Not all of its sources were read since.
    Awaited,
    /// It is live.
    Live,
    /// Another value is live; none where AWS returns none.
    Gone(Option<Arc<str>>),
    /// It could not be read; why, if that is known.
    Unread(Option<Arc<Fault>>),
    /// The object it was written to is gone: this proves nothing about the update.
    ObjectGone,
}

/// A value that was written directly, and its state.
#[derive(Clone, Copy, Debug)]
pub struct DirectOutcome<'a> {
    /// The value.
    pub value: &'a DirectValue,
    /// Its state.
    pub fate: &'a DirectFate,
}

/// The values that these changes left directly, the oldest change first; of a setting that was changed again, as the newest
/// change left it, and not at all if that one went through Beanstalk.
#[must_use]
pub fn direct_values(changes: &[Past]) -> Vec<DirectValue> {
    let mut values: Vec<DirectValue> = Vec::new();
    for past in changes {
        for change in &past.changes {
            let Some((object, facts)) = named(past, &change.key) else { continue };
            values.retain(|known| known.object != object || known.key != change.key);
            let is_direct = past.route != Route::Beanstalk && change.before != change.after;
            let Some(value) = change.after.as_deref().filter(|_| is_direct) else { continue };
            let before = change.before.as_deref().map(Arc::from);
            values.push(DirectValue {
                id: Arc::clone(&past.id),
                object,
                facts,
                key: change.key.clone(),
                before,
                value: value.into(),
            });
        }
    }
    values
}

fn named(past: &Past, key: &str) -> Option<(DirectObject, &'static SettingFacts)> {
    let named = find(key).ok()?;
    let object = match named.facts.object {
        ObjectKind::TargetGroup => DirectObject::TargetGroup(past.target_group.clone()?),
        ObjectKind::LoadBalancer => DirectObject::LoadBalancer(past.load_balancer.clone()?),
        ObjectKind::Listener => DirectObject::Listener(past.load_balancer.clone()?, named.port?),
    };
    Some((object, named.facts))
}

impl DirectValue {
    /// Returns the source that lists the object.
    fn listing(&self) -> Source {
        match &self.object {
            DirectObject::TargetGroup(key) => Source::TargetGroups(key.scope),
            DirectObject::LoadBalancer(key) => Source::LoadBalancers(key.scope),
            DirectObject::Listener(balancer, _) => Source::Listeners(balancer.clone()),
        }
    }

    /// The object as it is now, if it is there.
    fn resolve(&self, basis: &PlanInputs<'_>) -> Option<Object> {
        match &self.object {
            DirectObject::TargetGroup(key) => {
                basis.snapshot.inventory.target_groups.contains_key(key).then(|| Object::TargetGroup(key.clone()))
            }
            DirectObject::LoadBalancer(key) => {
                basis.snapshot.inventory.load_balancers.contains_key(key).then(|| Object::LoadBalancer(key.clone()))
            }
            DirectObject::Listener(_, port) => listener(basis, *port).ok(),
        }
    }

    /// Returns the source of an object's values besides its listing.
    fn attributes(&self, object: &Object) -> Option<Source> {
        matches!(self.facts.place, Place::Attribute).then(|| match object {
            Object::TargetGroup(key) => Source::TargetGroupAttributes(key.clone()),
            Object::LoadBalancer(key) => Source::LoadBalancerAttributes(key.clone()),
            Object::Listener(key, ..) => Source::ListenerAttributes(key.clone()),
        })
    }

    /// Returns the sources that show its state.
    #[must_use]
    pub fn sources(&self, basis: &PlanInputs<'_>) -> Vec<Source> {
        let attributes = self.resolve(basis).and_then(|object| self.attributes(&object));
        [self.listing()].into_iter().chain(attributes).collect()
    }

    /// Returns its state, from what was read since the update was reverted.
    #[must_use]
    pub fn fate(&self, basis: &PlanInputs<'_>, reread: &dyn Fn(&Source) -> Reread) -> DirectFate {
        let unread = |source: &Source| match reread(source) {
            Reread::Read => None,
            Reread::Failed(Some(fault)) if fault.kind == FaultKind::NotFound => Some(DirectFate::ObjectGone),
            Reread::Failed(fault) => Some(DirectFate::Unread(fault)),
            Reread::Awaited => Some(DirectFate::Awaited),
        };
        if let Some(fate) = unread(&self.listing()) {
            return fate;
        }
        let Some(object) = self.resolve(basis) else { return DirectFate::ObjectGone };
        if let Some(fate) = self.attributes(&object).as_ref().and_then(unread) {
            return fate;
        }
        match basis.live(&object, self.facts) {
            Some(live) if self.facts.is_same(&live, &self.value) => DirectFate::Live,
            live => DirectFate::Gone(live),
        }
    }
}

impl DirectFate {
    /// Whether it may still turn out otherwise.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        matches!(self, Self::Awaited)
    }

    /// Whether there is something to report.
    #[must_use]
    pub fn is_reported(&self) -> bool {
        matches!(self, Self::Gone(_) | Self::Unread(_))
    }
}

impl fmt::Display for DirectOutcome<'_> {
    /// Writes its state and what to do, in a sentence without its full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DirectValue { id, key, before, value, .. } = self.value;
        match self.fate {
            DirectFate::Gone(live) => {
                let again = if live.is_some() && live == before { " again" } else { "" };
                let live = live.as_deref().unwrap_or("unset");
                write!(
                    f,
                    "{key} is {live}{again}, not {value}: Beanstalk reverted its update, and with it the direct change {id}; \
                     set it once more if it is still wanted"
                )
            }
            DirectFate::Unread(fault) => {
                let why = fault.as_deref().map(|fault| format!(": {}", fault.sentence())).unwrap_or_default();
                write!(
                    f,
                    "{key}: whether the direct change {id} to {value} is still live after the reverted update is unknown, for \
                     it could not be read{why}"
                )
            }
            DirectFate::Awaited | DirectFate::Live | DirectFate::ObjectGone => write!(f, "{key} is {value}"),
        }
    }
}

#[cfg(test)]
mod tests;
