//! What our own changes wrote to the load balancer directly, and whether it is still live.
//!
//! An update that fails is rolled back to the values that Beanstalk has, so that a direct change of what the update touched
//! may be gone afterwards, without a word of Beanstalk's. (`CloudFormation`: a failed update rolls back to the previous
//! template, not to the drifted state.)

use std::sync::Arc;

use super::field::{Basis, Object};
use super::request::Route;
use super::resolve::listener;
use super::settings::{ObjectKind, SettingFacts, find};
use super::undo::Past;

/// A value that a change of ours wrote directly.
#[derive(Clone, Debug)]
pub struct DirectValue {
    /// The id of the change in the log.
    pub id: Arc<str>,
    /// Of which object.
    pub object: Object,
    /// Of which setting.
    pub facts: &'static SettingFacts,
    /// Its key.
    pub key: String,
    /// What was live before.
    pub before: Option<Arc<str>>,
    /// What was written.
    pub value: Arc<str>,
}

/// A value that was written directly and is not live any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The id of the change in the log.
    pub id: Arc<str>,
    /// The key of the setting.
    pub key: String,
    /// What was written.
    pub written: Arc<str>,
    /// What is live.
    pub live: Arc<str>,
}

/// The values that these changes left directly, the oldest change first; of a setting that was changed again, as the newest
/// change left it, and not at all if that one went through Beanstalk.
#[must_use]
pub fn direct_values(basis: &Basis<'_>, changes: &[Past]) -> Vec<DirectValue> {
    let mut values: Vec<DirectValue> = Vec::new();
    for past in changes {
        for change in &past.changes {
            let Some((object, facts)) = named(basis, past, &change.key) else { continue };
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

fn named(basis: &Basis<'_>, past: &Past, key: &str) -> Option<(Object, &'static SettingFacts)> {
    let named = find(key).ok()?;
    let object = match named.facts.object {
        ObjectKind::TargetGroup => Object::TargetGroup(past.target_group.clone()?),
        ObjectKind::LoadBalancer => Object::LoadBalancer(past.load_balancer.clone()?),
        ObjectKind::Listener => listener(basis, named.port?).ok()?,
    };
    Some((object, named.facts))
}

/// Those of the values that are not live any more. One that is not read is not known to be gone.
#[must_use]
pub fn gone(basis: &Basis<'_>, values: &[DirectValue]) -> Vec<Gone> {
    let is_gone = |value: &DirectValue| {
        let live = basis.live(&value.object, value.facts)?;
        (!value.facts.is_same(&live, &value.value)).then(|| Gone {
            id: Arc::clone(&value.id),
            key: value.key.clone(),
            written: Arc::clone(&value.value),
            live,
        })
    };
    values.iter().filter_map(is_gone).collect()
}

impl Gone {
    /// What is gone and what to do, in a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { id, key, written, live } = self;
        format!(
            "{key} is {live} again, not {written}: Beanstalk reverted its update, and with it the direct change {id}; set it once more if it is still wanted"
        )
    }
}
