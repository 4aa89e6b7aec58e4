//! A change made concrete: what is read and written of each setting, the calls, why it is dangerous, whom it serves.
//!
//! A plan carries what its author saw, so that `write/` can read everything again and refuse what was decided on another
//! state of things. It is made by [`plan`](super::plan()) and [`undo`](super::undo()).

use std::fmt;
use std::sync::Arc;

use super::calls::ApiCall;
use super::field::{Basis, Object};
use super::modify::{Modification, OptionName, Pairs};
use super::outcome::{Difference, Refusal};
use super::proof::proof;
use super::request::{OptionChange, Route, Standing, Subject, ValueChange};
use super::settings::{Place, SettingFacts};
use crate::model::{Environment, EnvironmentStatus, Key, LoadBalancer, TargetGroup};

/// The most attributes of one call (`ModifyLoadBalancerAttributes`).
const MOST_ATTRIBUTES: usize = 20;

/// What a plan does to an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionRow {
    /// Which.
    pub option: OptionName,
    /// The value that was seen; `None` if it was unset.
    pub seen: Option<Arc<str>>,
    /// The value that is written; `None` unsets it.
    pub wanted: Option<Arc<str>>,
}

/// What a plan does to a setting.
#[derive(Clone, Debug)]
pub struct Row {
    /// The object.
    pub object: Object,
    /// What is known of the setting.
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

/// Whom the objects that are changed serve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serves {
    /// The environments, by name.
    pub environments: Vec<Arc<str>>,
    /// Target groups on the load balancer that are no environment's, by name.
    pub unowned: Vec<Arc<str>>,
}

/// A change, ready to be agreed to and carried out.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The environment.
    pub subject: Subject,
    /// How it stood.
    pub standing: Standing,
    /// By which way it goes.
    pub route: Route,
    /// The target group, if one of its settings is changed.
    pub target_group: Option<Key<TargetGroup>>,
    /// The load balancer, if one of its settings or of its listeners' is changed.
    pub load_balancer: Option<Key<LoadBalancer>>,
    /// What is done to each setting; one that is so already is written nowhere.
    pub rows: Vec<Row>,
    /// Why it must not be carried out, as far as is known.
    pub refusal: Option<Refusal>,
    /// Why it is dangerous, a sentence each without its full stop.
    pub dangers: Vec<String>,
    /// What there is to know beforehand, a sentence each without its full stop.
    pub warnings: Vec<String>,
    /// Whom it concerns.
    pub serves: Serves,
    /// The id of the change that it puts back.
    pub undoes: Option<Arc<str>>,
}

impl Plan {
    /// A plan of these rows; what follows from them is found here.
    pub(super) fn of(basis: &Basis<'_>, route: Route, rows: Vec<Row>, undoes: Option<Arc<str>>) -> Self {
        let object = |pick: fn(&Object) -> Option<Key<LoadBalancer>>| rows.iter().find_map(|row| pick(&row.object));
        let mut plan = Self {
            subject: Subject::from(basis.environment),
            standing: Standing::from(basis.environment),
            route,
            target_group: rows.iter().find_map(|row| match &row.object {
                Object::TargetGroup(key) => Some(key.clone()),
                _ => None,
            }),
            load_balancer: object(|object| match object {
                Object::LoadBalancer(key) | Object::Listener(_, key, _) => Some(key.clone()),
                Object::TargetGroup(_) => None,
            }),
            serves: super::serves::serves(basis, &rows),
            rows,
            refusal: None,
            dangers: Vec::new(),
            warnings: Vec::new(),
            undoes,
        };
        plan.dangers = super::danger::dangers(&plan);
        plan.warnings = super::danger::warnings(basis, &plan);
        plan.refusal = plan.objection(basis);
        plan
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.rows.iter().any(Row::is_written)
    }

    /// What kind of change it is: a word of the log.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.undoes.is_some() { "undo" } else { "set" }
    }

    /// Whether production wants the environment's name typed for it.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        !self.dangers.is_empty()
    }

    /// The values that change, as they are told and kept in the log.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        let text = |value: &Option<Arc<str>>| value.as_deref().map(str::to_owned);
        let change = |row: &Row| ValueChange {
            option: row.option.as_ref().map(|it| OptionChange {
                namespace: it.option.namespace.to_string(),
                name: it.option.name.to_owned(),
                before: text(&it.seen),
                after: text(&it.wanted),
            }),
            ..ValueChange::new(&row.key, text(&row.seen), text(&row.wanted))
        };
        self.rows.iter().map(change).collect()
    }

    /// The calls that do it, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<ApiCall> {
        self.modifications().iter().map(Modification::call).collect()
    }

    /// What is sent, in order: whether Beanstalk would take its part is asked before anything is written.
    #[must_use]
    pub fn modifications(&self) -> Vec<Modification> {
        let mut modifications: Vec<_> = self.objects().into_iter().flat_map(|object| self.direct(object)).collect();
        let (set, remove) = self.options();
        if !set.is_empty() {
            let (application, environment) = (Arc::clone(&self.subject.application), Arc::clone(&self.subject.name));
            modifications.insert(0, Modification::Validate { application, environment, set: set.clone() });
        }
        if !set.is_empty() || !remove.is_empty() {
            modifications.push(Modification::Update { environment: Arc::clone(&self.subject.key.id), set, remove });
        }
        modifications
    }

    fn objects(&self) -> Vec<&Object> {
        let mut objects: Vec<_> = self.rows.iter().map(|row| &row.object).collect();
        objects.sort();
        objects.dedup();
        objects
    }

    /// What is written to an object itself.
    fn direct(&self, object: &Object) -> Vec<Modification> {
        let (mut attributes, mut fields) = (Pairs::new(), Pairs::new());
        for row in self.rows.iter().filter(|row| row.elb && row.object == *object) {
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
        for row in self.rows.iter().filter_map(|row| row.option.as_ref()) {
            match &row.wanted {
                // An empty value is none: sent back, it would be refused (an empty SSLPolicy) or mean something else.
                Some(value) if !value.is_empty() => set.push((row.option.clone(), value.to_string())),
                _ => remove.push(row.option.clone()),
            }
        }
        (set, remove)
    }

    /// Whether a part of it is an update of the environment.
    #[must_use]
    pub fn updates(&self) -> bool {
        self.rows.iter().any(|row| row.option.is_some())
    }

    /// Why it must not be carried out on an environment that stands like this.
    #[must_use]
    pub fn objection(&self, basis: &Basis<'_>) -> Option<Refusal> {
        if self.is_empty() {
            return None;
        }
        let status = &basis.environment.status;
        let unproven = self.objects().into_iter().find_map(|object| proof(basis, object).err());
        let not_ready = self.updates() && *status != EnvironmentStatus::Ready;
        unproven
            .or_else(|| not_ready.then(|| Refusal::NotReady { status: status.clone() }))
            .or_else(|| self.splits(basis).then_some(Refusal::Splitting))
    }

    /// Whether Beanstalk itself changes listeners and weights at present.
    fn splits(&self, basis: &Basis<'_>) -> bool {
        let policy = basis.settings().and_then(|it| it.get("aws:elasticbeanstalk:command", "DeploymentPolicy"));
        let touches = |row: &Row| matches!(row.object, Object::Listener(..)) || row.key.starts_with("stickiness.");
        basis.environment.status != EnvironmentStatus::Ready
            && policy == Some("TrafficSplitting")
            && self.rows.iter().any(|row| row.is_written() && touches(row))
    }

    /// What is no longer as it was seen, of what is about to be written.
    #[must_use]
    pub fn differences(&self, now: &Basis<'_>) -> Vec<Difference> {
        let mut found = self.moved(now.environment);
        for row in self.rows.iter().filter(|row| row.is_written()) {
            let live = now.live(&row.object, row.facts);
            if !row.is_same(row.seen.as_deref(), live.as_deref()) {
                found.push(Difference::of(&row.key, row.seen.as_ref(), live.as_ref(), row.wanted.as_ref()));
            }
            let Some(option) = &row.option else { continue };
            let value = now.settings().and_then(|it| it.get(&option.option.namespace, option.option.name));
            let value: Option<Arc<str>> = value.filter(|value| !value.is_empty()).map(Arc::from);
            if !row.is_same(option.seen.as_deref(), value.as_deref()) {
                let key = format!("{}/{}", option.option.namespace, option.option.name);
                found.push(Difference::of(&key, option.seen.as_ref(), value.as_ref(), option.wanted.as_ref()));
            }
        }
        found
    }

    /// An update that began meanwhile may lay anything over anything.
    fn moved(&self, now: &Environment) -> Vec<Difference> {
        if self.standing.status == now.status {
            return Vec::new();
        }
        let word = |status: &EnvironmentStatus| Arc::from(status.as_str());
        vec![Difference::new("status", word(&self.standing.status), word(&now.status))]
    }

    /// Whether everything that this call writes to the load balancer is live, and whether nothing of it is.
    #[must_use]
    pub fn compared(&self, modification: &Modification, now: &Basis<'_>) -> (bool, bool) {
        let is_in = |row: &&Row| row.elb && modification.writes_to(row.object.arn(), row.parameter());
        let live = |row: &Row| now.live(&row.object, row.facts);
        let mut rows = self.rows.iter().filter(is_in);
        let is_all = rows.clone().all(|row| row.is_same(live(row).as_deref(), row.wanted.as_deref()));
        (is_all, rows.all(|row| row.is_same(live(row).as_deref(), row.seen.as_deref())))
    }

    /// What another client has written over it, by what was live afterwards: a value that was written to the load balancer
    /// and is not there, or one that is neither what it was nor what it is to become.
    #[must_use]
    pub fn overwritten(&self, values: &[(String, Option<Arc<str>>)]) -> Vec<Overwritten> {
        let found = |row: &Row| {
            let live = values.iter().find(|(key, _)| *key == row.key)?.1.clone()?;
            let is = |value: &Option<Arc<str>>| row.is_same(Some(&live), value.as_deref());
            let is_expected = is(&row.wanted) || (!row.elb && is(&row.seen));
            let wanted = row.wanted.clone().unwrap_or_default();
            (!is_expected).then(|| Overwritten { key: row.key.clone(), live, wanted })
        };
        self.rows.iter().filter(|row| row.is_written()).filter_map(found).collect()
    }

    /// The live values of what it changes, by key.
    #[must_use]
    pub fn observe(&self, now: &Basis<'_>) -> Vec<(String, Option<Arc<str>>)> {
        self.rows.iter().map(|row| (row.key.clone(), now.live(&row.object, row.facts))).collect()
    }
}

impl Row {
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
}

impl fmt::Display for Overwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {} now, not {}: another client wrote it after this change", self.key, self.live, self.wanted)
    }
}

impl fmt::Display for Serves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.unowned.iter().map(|name| format!("target group {name} (nobody's)"));
        let all: Vec<_> = self.environments.iter().map(ToString::to_string).chain(groups).collect();
        f.write_str(&all.join(", "))
    }
}
