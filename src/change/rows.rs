//! What a change of settings reads and writes, a row for each setting: what is sent, what must still be as it was seen, and
//! how it is found again.

mod saved;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::field::{Object, PlanInputs};
use super::lost::OptionTarget;
use super::modify::{Modification, OptionName, Pairs};
use super::outcome::{Difference, Refusal};
use super::proof::proof;
use super::request::{EnvironmentState, OptionChange, Subject, ValueChange};
use super::settings::{Place, SettingFacts};
use crate::model::{EnvironmentStatus, Key, LoadBalancer, ScopeId, TargetGroup};

/// The most attributes of one call (`ModifyLoadBalancerAttributes`).
const MOST_ATTRIBUTES: usize = 20;

/// What is done to an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionRow {
    /// Which.
    pub option: OptionName,
    /// The value that was seen; `None` if it was unset.
    pub seen: Option<Arc<str>>,
    /// The value that is written; `None` unsets it.
    pub wanted: Option<Arc<str>>,
}

/// What is done to a setting.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "saved::SavedRow", into = "saved::SavedRow")]
pub struct ChangeRow {
    /// The object.
    pub object: Object,
    /// The facts of the setting.
    pub facts: &'static SettingFacts,
    /// Its key, as `set` takes it.
    pub key: String,
    /// The live value that was seen.
    pub seen: Option<Arc<str>>,
    /// The live value that is to come of it.
    pub wanted: Option<Arc<str>>,
    /// Whether it is written to the load balancer itself.
    pub elb: bool,
    /// What is done to its option, if anything is.
    pub option: Option<OptionRow>,
}

/// What is done to several settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeRows {
    rows: Vec<ChangeRow>,
}

/// A value that was written, and that another client has written since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwritten {
    /// The setting.
    pub key: String,
    /// What is live now.
    pub live: Arc<str>,
    /// What was written.
    pub wanted: Arc<str>,
}

/// Live values, compared with the wanted ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Whether all are as they were to become.
    pub is_after: bool,
    /// Whether all are as they were.
    pub is_before: bool,
}

impl Deref for ChangeRows {
    type Target = [ChangeRow];

    fn deref(&self) -> &[ChangeRow] {
        &self.rows
    }
}

impl From<Vec<ChangeRow>> for ChangeRows {
    fn from(rows: Vec<ChangeRow>) -> Self {
        Self { rows }
    }
}

impl<'a> IntoIterator for &'a ChangeRows {
    type Item = &'a ChangeRow;
    type IntoIter = std::slice::Iter<'a, ChangeRow>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl ChangeRows {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        !self.iter().any(ChangeRow::is_written)
    }

    /// Whether a part of it is an update of the environment.
    #[must_use]
    pub fn updates(&self) -> bool {
        self.iter().any(|row| row.option.is_some())
    }

    /// The target group, if one of its settings is changed.
    #[must_use]
    pub fn target_group(&self) -> Option<Key<TargetGroup>> {
        self.iter().find_map(|row| match &row.object {
            Object::TargetGroup(key) => Some(key.clone()),
            _ => None,
        })
    }

    /// The load balancer, if one of its settings or of its listeners' is changed.
    #[must_use]
    pub fn load_balancer(&self) -> Option<Key<LoadBalancer>> {
        self.iter().find_map(|row| match &row.object {
            Object::LoadBalancer(key) | Object::Listener(_, key, _) => Some(key.clone()),
            Object::TargetGroup(_) => None,
        })
    }

    /// The values that change.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        let text = |value: &Option<Arc<str>>| value.as_deref().map(str::to_owned);
        let change = |row: &ChangeRow| ValueChange {
            option: row.option.as_ref().map(OptionChange::from),
            ..ValueChange::new(&row.key, text(&row.seen), text(&row.wanted))
        };
        self.iter().map(change).collect()
    }

    /// The calls that do it, in order.
    #[must_use]
    pub fn modifications(&self, subject: &Subject) -> Vec<Modification> {
        let mut modifications: Vec<_> = self.written_objects().into_iter().flat_map(|it| self.direct(it)).collect();
        let (set, remove) = self.options();
        if !set.is_empty() {
            let (application, environment) = (Arc::clone(&subject.application), Arc::clone(&subject.name));
            modifications.insert(0, Modification::Validate { application, environment, set: set.clone() });
        }
        if !set.is_empty() || !remove.is_empty() {
            modifications.push(Modification::Update { environment: Arc::clone(&subject.key.id), set, remove });
        }
        modifications
    }

    /// The objects of all rows, each once.
    fn written_objects(&self) -> Vec<&Object> {
        let mut objects: Vec<_> = self.iter().map(|row| &row.object).collect();
        objects.sort();
        objects.dedup();
        objects
    }

    /// What is written to an object itself.
    fn direct(&self, object: &Object) -> Vec<Modification> {
        let (mut attributes, mut fields) = (Pairs::new(), Pairs::new());
        for row in self.iter().filter(|row| row.elb && row.object == *object) {
            let Some(value) = row.wanted.as_deref() else { continue };
            let pairs = if matches!(row.facts.place, Place::Attribute) { &mut attributes } else { &mut fields };
            pairs.push((row.parameter(), value.to_owned()));
        }
        let to_attributes = match object {
            Object::TargetGroup(_) => Modification::TargetGroupAttributes,
            Object::LoadBalancer(_) => Modification::LoadBalancerAttributes,
            Object::Listener(..) => Modification::ListenerAttributes,
        };
        let to_fields = match object {
            Object::TargetGroup(_) => Modification::TargetGroup,
            Object::LoadBalancer(_) | Object::Listener(..) => Modification::Listener,
        };
        let arn = || Arc::clone(object.arn());
        let mut calls: Vec<_> =
            attributes.chunks(MOST_ATTRIBUTES).map(|pairs| to_attributes(arn(), pairs.to_vec())).collect();
        if !fields.is_empty() {
            calls.push(to_fields(arn(), fields));
        }
        calls
    }

    fn options(&self) -> (Vec<(OptionName, String)>, Vec<OptionName>) {
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for row in self.iter().filter_map(|row| row.option.as_ref()) {
            match &row.wanted {
                // An empty value is none: sent back, it would be refused (an empty SSLPolicy) or mean something else.
                Some(value) if !value.is_empty() => set.push((row.option.clone(), value.to_string())),
                _ => remove.push(row.option.clone()),
            }
        }
        (set, remove)
    }

    /// The options before and after, by which an update that was lost is found.
    pub(super) fn option_targets(&self) -> Vec<OptionTarget> {
        let target = |row: &OptionRow| OptionTarget {
            namespace: Arc::clone(&row.option.namespace),
            name: row.option.name.into(),
            before: row.seen.clone(),
            after: row.wanted.clone(),
            default: None,
            hasher: None,
        };
        self.iter().filter_map(|row| row.option.as_ref()).map(target).collect()
    }

    /// The rows that this call writes to the load balancer.
    pub(super) fn written_by(&self, modification: &Modification) -> Self {
        let is_in = |row: &&ChangeRow| row.elb && modification.writes_to(row.object.arn(), row.parameter());
        self.iter().filter(is_in).cloned().collect::<Vec<_>>().into()
    }

    /// Why they must not be written to an environment like this.
    #[must_use]
    pub fn objection(&self, basis: &PlanInputs<'_>) -> Option<Refusal> {
        if self.is_idle() {
            return None;
        }
        let status = &basis.environment.status;
        let unproven = self.written_objects().into_iter().find_map(|object| proof(basis, object).err());
        let not_ready = self.updates() && *status != EnvironmentStatus::Ready;
        unproven
            .or_else(|| not_ready.then(|| Refusal::NotReady { status: status.clone() }))
            .or_else(|| self.splits(basis).then_some(Refusal::Splitting))
    }

    /// Whether Beanstalk itself changes listeners and weights at present.
    fn splits(&self, basis: &PlanInputs<'_>) -> bool {
        let policy = basis.settings().and_then(|it| it.get("aws:elasticbeanstalk:command", "DeploymentPolicy"));
        let touches =
            |row: &ChangeRow| matches!(row.object, Object::Listener(..)) || row.key.starts_with("stickiness.");
        basis.environment.status != EnvironmentStatus::Ready
            && policy == Some("TrafficSplitting")
            && self.iter().any(|row| row.is_written() && touches(row))
    }

    /// Returns the differences from what was seen, among the values about to be written.
    #[must_use]
    pub fn differences(&self, seen: &EnvironmentState, now: &PlanInputs<'_>) -> Vec<Difference> {
        // An update that began meanwhile may write over anything.
        let word = |status: &EnvironmentStatus| Arc::from(status.as_str());
        let live = &now.environment.status;
        let has_moved = seen.status != *live;
        let moved = has_moved.then(|| Difference::new("status", word(&seen.status), word(live)));
        let written = self.iter().filter(|row| row.is_written());
        moved.into_iter().chain(written.flat_map(|row| row.differences(now))).collect()
    }

    /// Compares the live values with the wanted ones and with the previous ones.
    #[must_use]
    pub fn compared(&self, now: &PlanInputs<'_>) -> Compared {
        let objects = now.objects();
        let live = |row: &ChangeRow| {
            // Earlier builds recorded a listener by its port alone.
            let by_port = |it: &&Object| row.object.arn().is_empty() && it.port() == row.object.port();
            now.live(objects.iter().find(by_port).unwrap_or(&row.object), row.facts)
        };
        Compared {
            is_after: self.iter().all(|row| row.is_same(live(row).as_deref(), row.wanted.as_deref())),
            is_before: self.iter().all(|row| row.is_same(live(row).as_deref(), row.seen.as_deref())),
        }
    }

    /// What another client has written over it, by what was live afterwards: a value that was written to the load balancer
    /// and is not there, or one that is neither what it was nor what it is to become.
    #[must_use]
    pub fn overwritten(&self, values: &[(String, Option<Arc<str>>)]) -> Vec<Overwritten> {
        let found = |row: &ChangeRow| {
            let live = values.iter().find(|(key, _)| *key == row.key)?.1.clone()?;
            let is = |value: &Option<Arc<str>>| row.is_same(Some(&live), value.as_deref());
            let is_expected = is(&row.wanted) || (!row.elb && is(&row.seen));
            let wanted = row.wanted.clone().unwrap_or_default();
            (!is_expected).then(|| Overwritten { key: row.key.clone(), live, wanted })
        };
        self.iter().filter(|row| row.is_written()).filter_map(found).collect()
    }

    /// Returns the live values of the changed settings, by key.
    #[must_use]
    pub fn observe(&self, now: &PlanInputs<'_>) -> Vec<(String, Option<Arc<str>>)> {
        self.iter().map(|row| (row.key.clone(), now.live(&row.object, row.facts))).collect()
    }

    /// What was read in another process belongs to this scope.
    pub(super) fn move_to(&mut self, scope: ScopeId) {
        self.rows.iter_mut().for_each(|row| row.object.move_to(scope));
    }
}

impl ChangeRow {
    /// Whether anything is written for it.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.elb || self.option.is_some()
    }

    /// Under which name it is written to the load balancer.
    fn parameter(&self) -> &'static str {
        match self.facts.place {
            Place::Attribute => self.facts.key,
            Place::HealthCheck(parameter, _) | Place::Listener(parameter, _) => parameter,
        }
    }

    pub(super) fn is_same(&self, one: Option<&str>, other: Option<&str>) -> bool {
        match (one.filter(|it| !it.is_empty()), other.filter(|it| !it.is_empty())) {
            (Some(one), Some(other)) => self.facts.is_same(one, other),
            (None, None) => true,
            _ => false,
        }
    }

    fn differences(&self, now: &PlanInputs<'_>) -> Vec<Difference> {
        let live = now.live(&self.object, self.facts);
        let is_other = !self.is_same(self.seen.as_deref(), live.as_deref());
        let live = is_other.then(|| Difference::of(&self.key, self.seen.as_ref(), live.as_ref(), self.wanted.as_ref()));
        let option = self.option.as_ref().and_then(|option| self.option_difference(option, now));
        live.into_iter().chain(option).collect()
    }

    fn option_difference(&self, option: &OptionRow, now: &PlanInputs<'_>) -> Option<Difference> {
        let value = now.settings().and_then(|it| it.get(&option.option.namespace, option.option.name));
        let value: Option<Arc<str>> = value.filter(|value| !value.is_empty()).map(Arc::from);
        let key = format!("{}/{}", option.option.namespace, option.option.name);
        let is_other = !self.is_same(option.seen.as_deref(), value.as_deref());
        is_other.then(|| Difference::of(&key, option.seen.as_ref(), value.as_ref(), option.wanted.as_ref()))
    }
}

impl PartialEq for ChangeRow {
    fn eq(&self, other: &Self) -> bool {
        let same_value = self.seen == other.seen && self.wanted == other.wanted;
        self.key == other.key
            && self.object == other.object
            && same_value
            && self.elb == other.elb
            && self.option == other.option
    }
}

impl OptionRow {
    /// What was recorded of the option of a setting; none if the setting has another.
    #[must_use]
    pub fn named(facts: &SettingFacts, recorded: &OptionChange) -> Option<Self> {
        let name = facts.option.filter(|known| known.name == recorded.name)?.name;
        let value = |text: &Option<String>| text.as_deref().map(Arc::from);
        let option = OptionName { namespace: recorded.namespace.as_str().into(), name };
        Some(Self { option, seen: value(&recorded.before), wanted: value(&recorded.after) })
    }
}

impl From<&OptionRow> for OptionChange {
    fn from(it: &OptionRow) -> Self {
        let text = |value: &Option<Arc<str>>| value.as_deref().map(str::to_owned);
        Self {
            namespace: it.option.namespace.to_string(),
            name: it.option.name.to_owned(),
            before: text(&it.seen),
            after: text(&it.wanted),
        }
    }
}

impl fmt::Display for Overwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {} now, not {}: another client wrote it after this change", self.key, self.live, self.wanted)
    }
}
