//! What the settings of one object are read from. It is found once for all of them: an object has some thirty settings, and
//! which options are its own takes a look at all processes, target groups and listeners.

use std::cell::OnceCell;
use std::sync::Arc;

use super::field::{Field, FieldOption, Object, PlanInputs};
use super::settings::{Place, SettingFacts, settings_of};
use crate::model::{Attributes, Listener};

/// What the settings of one object are read from.
pub(super) struct ObjectInputs<'a, 'b> {
    inputs: PlanInputs<'a>,
    object: &'b Object,
    attributes: Option<&'a Attributes>,
    listener: Option<&'a Listener>,
    namespace: OnceCell<Option<Arc<str>>>,
}

impl<'a> PlanInputs<'a> {
    /// Returns the settings of an object in their present state.
    #[must_use]
    pub fn fields(&self, object: &Object) -> Vec<Field> {
        let inputs = self.of(object);
        settings_of(object.kind()).map(|facts| inputs.field(facts)).collect()
    }

    /// Returns a setting of an object in its present state.
    #[must_use]
    pub fn field(&self, object: &Object, facts: &'static SettingFacts) -> Field {
        self.of(object).field(facts)
    }

    /// What all settings of an object are read from.
    pub(super) fn of<'b>(&self, object: &'b Object) -> ObjectInputs<'a, 'b> {
        ObjectInputs::new(*self, object)
    }

    /// Returns the live value. A header that AWS does not return is unset.
    #[must_use]
    pub fn live(&self, object: &Object, facts: &SettingFacts) -> Option<Arc<str>> {
        self.of(object).live(facts)
    }

    /// Whether the object has this setting at all, as far as is known: an HTTP listener has no certificate.
    #[must_use]
    pub fn has(&self, object: &Object, facts: &SettingFacts) -> bool {
        let inputs = self.of(object);
        inputs.has(facts, inputs.live(facts).as_deref())
    }
}

impl<'a, 'b> ObjectInputs<'a, 'b> {
    pub fn new(inputs: PlanInputs<'a>, object: &'b Object) -> Self {
        let inventory = &inputs.snapshot.inventory;
        let (attributes, listener) = match object {
            Object::TargetGroup(key) => (inventory.target_group_attributes.get(key), None),
            Object::LoadBalancer(key) => (inventory.load_balancer_attributes.get(key), None),
            Object::Listener(key, balancer, _) => {
                let listeners = inventory.listeners.get(balancer);
                let listener = listeners.and_then(|listeners| listeners.iter().find(|it| it.key == *key));
                (inventory.listener_attributes.get(key), listener)
            }
        };
        Self { inputs, object, attributes, listener, namespace: OnceCell::new() }
    }

    /// The namespace of its options, if Beanstalk knows the object and it is clear as what.
    pub fn namespace(&self) -> Option<&Arc<str>> {
        self.namespace.get_or_init(|| self.inputs.namespace(self.object)).as_ref()
    }

    /// Returns a setting in its present state.
    pub fn field(&self, facts: &'static SettingFacts) -> Field {
        Field {
            object: self.object.clone(),
            facts,
            key: facts.full_key(self.object.port()).into_owned(),
            live: self.live(facts),
            option: self.option(facts),
            has_meaning: self.has_meaning(facts),
        }
    }

    /// Whether a setting has an effect in the present state.
    pub fn has_meaning(&self, facts: &SettingFacts) -> bool {
        self.attributes.is_none_or(|attributes| facts.has_meaning(attributes))
    }

    /// Returns the live value. A header that AWS does not return is unset.
    pub fn live(&self, facts: &SettingFacts) -> Option<Arc<str>> {
        match (facts.place, self.object) {
            (Place::HealthCheck(_, read), Object::TargetGroup(key)) => {
                read(&self.inputs.snapshot.inventory.target_groups.get(key)?.health_check).map(Into::into)
            }
            (Place::Listener(_, read), Object::Listener(..)) => read(self.listener?).map(Into::into),
            (Place::Attribute, _) => {
                let live = self.attributes?.get(facts.key).cloned();
                live.or_else(|| facts.default.is_empty().then(|| "".into()))
            }
            _ => None,
        }
    }

    /// Whether the object has this setting at all, as far as is known, given its live value: an HTTP listener has no
    /// certificate.
    pub fn has(&self, facts: &SettingFacts, live: Option<&str>) -> bool {
        let is_read = match (facts.place, self.object) {
            (Place::Attribute, _) => self.attributes.is_some(),
            (_, Object::Listener(..)) => {
                let protocol = self.listener.and_then(|listener| listener.protocol.as_deref());
                protocol.is_some_and(|protocol| protocol != "HTTPS")
            }
            _ => false,
        };
        !is_read || live.is_some()
    }

    /// Returns the option of a setting, with its value; `None` if there is none, or it is not clear which one.
    pub fn option(&self, facts: &SettingFacts) -> Option<FieldOption> {
        let option = facts.option?;
        let namespace = Arc::clone(self.namespace()?);
        let value = self.inputs.settings()?.get(&namespace, option.name).map(Arc::from);
        let has_default = self.inputs.link().is_some_and(|link| link.balancer.is_application());
        let (name, kind, default) = (option.name, option.kind, option.default);
        Some(FieldOption { namespace, name, kind, value, default, has_default })
    }
}
