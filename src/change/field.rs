//! The present settings of one environment: the object, the live value, and the option with its value.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::process::surely_process_of;
use super::settings::{
    FIXED, FixedFacts, LOAD_BALANCER_NAMESPACE, ObjectKind, SettingFacts, SettingKind, listener_namespace,
    process_namespace,
};
use crate::model::{
    Balancer, ConfigurationSettings, Environment, EnvironmentLink, Key, Listener, LoadBalancer, ScopeId, Snapshot,
    TargetGroup,
};

/// The snapshot of an environment on which its settings are shown and changed.
#[derive(Clone, Copy, Debug)]
pub struct PlanInputs<'a> {
    /// What has been read.
    pub snapshot: &'a Snapshot,
    /// The environment.
    pub environment: &'a Environment,
}

/// An object with settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// A target group.
    TargetGroup(Key<TargetGroup>),
    /// A load balancer.
    LoadBalancer(Key<LoadBalancer>),
    /// A listener, with its load balancer and its port.
    Listener(Key<Listener>, Key<LoadBalancer>, i32),
}

/// The option of a setting, in its present state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOption {
    /// Its namespace.
    pub namespace: Arc<str>,
    /// Its name.
    pub name: &'static str,
    /// Its own range.
    pub kind: SettingKind,
    /// Its value; `None` while it is unset.
    pub value: Option<Arc<str>>,
    /// The value of the setting while the option is unset.
    pub default: &'static str,
    /// Whether Beanstalk applies that default here: the table has those of an Application Load Balancer.
    pub has_default: bool,
}

/// A setting of an object in its present state.
#[derive(Clone, Debug)]
pub struct Field {
    /// The object.
    pub object: Object,
    /// The facts of the setting.
    pub facts: &'static SettingFacts,
    /// Its key, as `set` takes it.
    pub key: String,
    /// The live value; `None` if it was not read, or AWS does not return it.
    pub live: Option<Arc<str>>,
    /// The option; `None` if there is none, or it is not clear which one.
    pub option: Option<FieldOption>,
    /// Whether it has an effect in the present state.
    pub has_meaning: bool,
}

/// A value that is shown and cannot be edited.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// Its facts.
    pub facts: &'static FixedFacts,
    /// What is live, if it is known.
    pub live: Option<Arc<str>>,
    /// The option's value, if there is one.
    pub option: Option<Arc<str>>,
}

impl Object {
    /// The same object in another scope.
    pub(super) fn move_to(&mut self, scope: ScopeId) {
        match self {
            Self::TargetGroup(key) => key.scope = scope,
            Self::LoadBalancer(key) => key.scope = scope,
            Self::Listener(key, balancer, _) => (key.scope, balancer.scope) = (scope, scope),
        }
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ObjectKind {
        match self {
            Self::TargetGroup(_) => ObjectKind::TargetGroup,
            Self::LoadBalancer(_) => ObjectKind::LoadBalancer,
            Self::Listener(..) => ObjectKind::Listener,
        }
    }

    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> &Arc<str> {
        match self {
            Self::TargetGroup(key) => &key.id,
            Self::LoadBalancer(key) => &key.id,
            Self::Listener(key, ..) => &key.id,
        }
    }

    /// The port, of a listener.
    #[must_use]
    pub fn port(&self) -> Option<i32> {
        if let Self::Listener(_, _, port) = self { Some(*port) } else { None }
    }
}

impl<'a> PlanInputs<'a> {
    /// The environment's place.
    #[must_use]
    pub fn link(&self) -> Option<&'a EnvironmentLink> {
        self.snapshot.topology.link(&self.environment.key)
    }

    /// The option settings, if they are read.
    #[must_use]
    pub fn settings(&self) -> Option<&'a ConfigurationSettings> {
        self.snapshot.inventory.settings.get(&self.environment.key)
    }

    /// Its load balancer, if it is an application load balancer.
    #[must_use]
    pub fn load_balancer(&self) -> Option<&'a Key<LoadBalancer>> {
        let link = self.link().filter(|link| link.balancer.is_application())?;
        link.load_balancer.as_ref().map(|(key, _)| key)
    }

    /// Its target groups, by name.
    #[must_use]
    pub fn target_groups(&self) -> Vec<&'a TargetGroup> {
        let linked = self.link().map_or(&[][..], |link| &link.groups);
        linked.iter().filter_map(|it| self.snapshot.inventory.target_groups.get(&it.key)).collect()
    }

    /// The listeners of its load balancer, by port.
    #[must_use]
    pub fn listeners(&self) -> &'a [Listener] {
        let key = self.load_balancer();
        key.and_then(|key| self.snapshot.inventory.listeners.get(key)).map_or(&[], Vec::as_slice)
    }

    /// Everything that has settings: its target groups, its load balancer, the listeners.
    #[must_use]
    pub fn objects(&self) -> Vec<Object> {
        let groups = self.target_groups().into_iter().map(|group| Object::TargetGroup(group.key.clone()));
        let balancer = self.load_balancer().cloned();
        let listeners = self
            .listeners()
            .iter()
            .filter_map(|it| Some(Object::Listener(it.key.clone(), it.load_balancer.clone(), it.port?)));
        groups.chain(balancer.map(Object::LoadBalancer)).chain(listeners).collect()
    }

    /// Returns the values of an object that are shown and cannot be edited.
    #[must_use]
    pub fn fixed(&self, object: &Object) -> Vec<Fixed> {
        let own = self.namespace(object);
        let value = |facts: &FixedFacts| {
            let (namespace, name) = facts.option?;
            self.settings()?.get(namespace.or(own.as_deref())?, name).map(Arc::from)
        };
        let rows = FIXED.iter().filter(|facts| facts.object == object.kind());
        rows.map(|facts| Fixed { facts, live: self.fixed_live(object, facts.key), option: value(facts) }).collect()
    }

    fn fixed_live(&self, object: &Object, key: &str) -> Option<Arc<str>> {
        let number = |port: Option<i32>| port.map(|port| port.to_string().into());
        match object {
            Object::TargetGroup(group) => match (self.snapshot.inventory.target_groups.get(group)?, key) {
                (group, "port") => number(group.port),
                (group, "protocol") => group.protocol.clone(),
                (group, "target_control_port") => number(group.target_control_port),
                _ => None,
            },
            Object::LoadBalancer(balancer) => match (self.snapshot.inventory.load_balancers.get(balancer)?, key) {
                (balancer, "scheme") => balancer.scheme.as_ref().map(|it| it.as_str().into()),
                (balancer, "vpc") => balancer.vpc.clone(),
                _ => None,
            },
            Object::Listener(key_of, _, port) => match key {
                "port" => number(Some(*port)),
                "protocol" => self.listeners().iter().find(|it| it.key == *key_of)?.protocol.clone(),
                _ => None,
            },
        }
    }

    /// The namespace of an object's options, if Beanstalk knows the object and it is clear as what.
    #[must_use]
    pub fn namespace(&self, object: &Object) -> Option<Arc<str>> {
        let namespace = match object {
            Object::TargetGroup(key) => process_namespace(&self.surely_process_of(key)?),
            Object::LoadBalancer(_) => LOAD_BALANCER_NAMESPACE.to_owned(),
            Object::Listener(_, _, port) => listener_namespace(*port),
        };
        // On a shared load balancer only processes have options that can be written (Beanstalk Developer Guide).
        let is_own = self.link().is_some_and(|link| link.balancer == Balancer::Application);
        let is_known = !self.settings()?.options.of(&namespace).is_empty();
        (is_known && (is_own || object.kind() == ObjectKind::TargetGroup)).then(|| namespace.into())
    }

    /// The process of a target group, surely enough to write the process's options.
    pub(super) fn surely_process_of(&self, key: &Key<TargetGroup>) -> Option<Arc<str>> {
        surely_process_of(key, self.settings()?, &self.target_groups(), self.listeners())
    }
}

impl FieldOption {
    /// Returns the value that Beanstalk applies: the option's, or its default.
    #[must_use]
    pub fn effective(&self) -> &str {
        self.value.as_deref().unwrap_or(self.default)
    }

    /// Returns the live value that the option asks for: its value, or the default that Beanstalk applies.
    #[must_use]
    pub fn desired(&self) -> Option<&str> {
        let default = (self.has_default && !self.default.is_empty()).then_some(self.default);
        self.value.as_deref().or(default)
    }
}

impl Field {
    /// Whether the live value is ELB's own default, or what the option's default makes of it.
    #[must_use]
    pub fn is_default(&self) -> bool {
        let default = self.option.as_ref().map_or(self.facts.default, |option| option.default);
        self.live.as_deref().is_some_and(|live| self.facts.is_same(live, default))
    }
}
