//! Finding things in the region, and the small questions that they answer about themselves.

use super::{
    Application, Environment, Listener, LoadBalancer, OptionSetting, Pair, Region, SecurityGroup, Side, TargetGroup,
};
use crate::sim::scenario::spec::VersionSpec;

impl Region {
    /// By ARN, by name, or by the dimension value of its metrics (`app/<name>/<id>`).
    pub fn load_balancer(&self, name: &str) -> Option<usize> {
        self.index.load_balancers.get(name).copied()
    }

    /// By ARN, by name, or by the dimension value of its metrics (`targetgroup/<name>/<id>`).
    pub fn target_group(&self, name: &str) -> Option<usize> {
        self.index.target_groups.get(name).copied()
    }

    /// The load balancer and the listener of an ARN.
    pub fn listener(&self, arn: &str) -> Option<(&LoadBalancer, &Listener)> {
        let (balancer, listener) = *self.index.listeners.get(arn)?;
        Some((&self.load_balancers[balancer], &self.load_balancers[balancer].listeners[listener]))
    }

    /// The places of the load balancer and the listener of an ARN.
    pub fn listener_place(&self, arn: &str) -> Option<(usize, usize)> {
        self.index.listeners.get(arn).copied()
    }

    /// By name or id.
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.index.environments.get(name).map(|place| &self.environments[*place])
    }

    /// By the name that the scenario uses.
    pub(super) fn environment_of_key(&self, key: &str) -> Option<&Environment> {
        self.index.environment_keys.get(key).map(|place| &self.environments[*place])
    }

    pub fn environment_place(&self, name: &str) -> Option<usize> {
        self.index.environments.get(name).copied()
    }

    pub fn application(&self, name: &str) -> Option<&Application> {
        self.applications.iter().find(|application| application.name == name)
    }

    pub fn security_group(&self, id: &str) -> Option<&SecurityGroup> {
        self.index.security_groups.get(id).map(|place| &self.security_groups[*place]).filter(|group| !group.gone)
    }

    /// The pool of an instance, and its place there.
    pub fn instance(&self, id: &str) -> Option<(usize, usize)> {
        self.index.instances.get(id).copied()
    }
}

impl Application {
    /// A version that there is or was.
    pub fn version(&self, label: &str) -> Option<&VersionSpec> {
        self.versions.iter().map(|(version, _)| version).find(|version| version.label == label)
    }

    /// The versions that there are at a time of the scenario, each with the time at which it was made.
    pub fn versions_at(&self, time: i64) -> impl DoubleEndedIterator<Item = &(VersionSpec, i64)> {
        self.versions.iter().filter(move |(version, _)| version.deleted.is_none_or(|deleted| time < deleted.0))
    }

    pub fn version_at(&self, label: &str, time: i64) -> Option<&VersionSpec> {
        self.versions_at(time).map(|(version, _)| version).find(|version| version.label == label)
    }
}

impl LoadBalancer {
    /// The value of the `LoadBalancer` dimension: what follows `:loadbalancer/` in the ARN.
    pub fn dimension(&self) -> &str {
        self.arn.split_once(":loadbalancer/").map_or(&self.arn, |(_, tail)| tail)
    }
}

impl TargetGroup {
    /// Where the instances behind it are registered.
    pub fn side(&self) -> Side {
        match (self.twin, &self.by_hand) {
            (Some(_), _) => Side::Twin,
            (None, Some(_)) => Side::ByHand,
            (None, None) => Side::Main,
        }
    }

    /// Is it there, at a time of the scenario?
    pub fn exists(&self, time: i64) -> bool {
        self.twin.is_none_or(|twin| (twin.from..twin.until).contains(&time))
    }

    /// The value of the `TargetGroup` dimension: the last part of the ARN, `targetgroup/` included.
    pub fn dimension(&self) -> &str {
        self.arn.rsplit(':').next().unwrap_or(&self.arn)
    }
}

impl Environment {
    /// The value of an option setting.
    pub fn option(&self, namespace: &str, name: &str) -> Option<&str> {
        value_of(&self.options, namespace, name)
    }
}

/// The value of an option among these.
pub fn value_of<'a>(options: &'a [OptionSetting], namespace: &str, name: &str) -> Option<&'a str> {
    let found = options.iter().find(|option| option.namespace == namespace && option.name == name);
    found.and_then(|option| option.value.as_deref())
}

/// The value of an attribute.
pub fn attribute<'a>(attributes: &'a [Pair], key: &str) -> Option<&'a str> {
    attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
}
