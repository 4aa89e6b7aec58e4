//! The snapshot of an environment and its load balancer when HTTPS is set up: read again before every step.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::HostNames;
use super::opening::HTTPS;
use crate::change::field::{Object, PlanInputs};
use crate::change::outcome::Refusal;
use crate::change::proof::proof;
use crate::model::{
    Balancer, Environment, EnvironmentStatus, Fault, Key, Listener, LoadBalancer, Priority, Rule, RuleAction,
    SecurityGroup, Snapshot, TlsPolicy,
};

const ENVIRONMENT_ID_TAG: &str = "elasticbeanstalk:environment-id";

/// What was read.
#[derive(Clone, Debug)]
pub struct HttpsInputs {
    /// Environment, options, load balancers, listeners, rules, certificates, and what proves whose they are.
    pub snapshot: Snapshot,
    /// The environment.
    pub environment: Environment,
    /// The security groups of the load balancer, and the one that an earlier attempt may have made.
    pub groups: Vec<SecurityGroup>,
    /// The instances that carry each of these groups, or why that is not known.
    pub instances: Result<BTreeMap<Arc<str>, usize>, Arc<Fault>>,
    /// The TLS policies of application load balancers.
    pub policies: Vec<TlsPolicy>,
    /// Why a part of the proof is missing.
    pub missing: Option<Arc<Fault>>,
}

impl HttpsInputs {
    pub(crate) fn basis(&self) -> PlanInputs<'_> {
        PlanInputs { snapshot: &self.snapshot, environment: &self.environment }
    }

    /// The environment's application load balancer.
    #[must_use]
    pub fn load_balancer(&self) -> Option<&LoadBalancer> {
        self.basis().load_balancer().and_then(|key| self.snapshot.inventory.load_balancers.get(key))
    }

    /// The listener of a port.
    #[must_use]
    pub fn listener(&self, port: i32) -> Option<&Listener> {
        self.basis().listeners().iter().find(|listener| listener.port == Some(port))
    }

    /// The rules of the listeners, but for the default ones.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let listeners = self.basis().listeners().iter();
        let rules = listeners.filter_map(|listener| self.snapshot.inventory.rules.get(&listener.key)).flatten();
        rules.filter(|rule| !rule.conditions.is_empty())
    }

    /// The rules of one listener in their order, but for the default one; none while they are not read.
    pub(super) fn rules_of(&self, listener: &Key<Listener>) -> Vec<&Rule> {
        let rules = self.snapshot.inventory.rules.get(listener).into_iter().flatten();
        let mut rules: Vec<_> = rules.filter(|rule| rule.priority != Priority::Default).collect();
        rules.sort_by_key(|rule| rule.priority);
        rules
    }

    /// The environment's host names.
    #[must_use]
    pub fn host_names(&self, configured: &[String]) -> HostNames {
        let groups: Vec<_> = self.basis().target_groups().into_iter().map(|it| it.key.clone()).collect();
        HostNames::of(&self.environment, configured, self.rules(), &groups)
    }

    /// The security groups that the load balancer has.
    #[must_use]
    pub fn attached(&self) -> Vec<SecurityGroup> {
        let ids = self.load_balancer().map_or(&[][..], |it| &it.security_groups);
        self.groups.iter().filter(|group| ids.contains(&group.key.id)).cloned().collect()
    }

    /// Why a security group is not to be edited; none if it is this load balancer's alone.
    #[must_use]
    pub fn unowned(&self, group: &SecurityGroup) -> Option<String> {
        let own = self.load_balancer().map(|it| &it.key);
        let carries = |it: &&LoadBalancer| Some(&it.key) != own && it.security_groups.contains(&group.key.id);
        if &*group.name == "default" {
            return Some("is the default group of its VPC".to_owned());
        }
        if let Some(other) = self.snapshot.inventory.load_balancers.values().find(carries) {
            return Some(format!("is on load balancer {} too", other.name));
        }
        match &self.instances {
            Err(fault) => return Some(format!("may be on instances too: {}", fault.sentence())),
            Ok(instances) if instances.contains_key(&group.key.id) => return Some("is on instances too".to_owned()),
            Ok(_) => {}
        }
        match group.tags.get(ENVIRONMENT_ID_TAG) {
            Some(id) if *id == self.environment.key.id => None,
            Some(_) => Some("is another environment's by its tag".to_owned()),
            None => Some("is not this environment's own by its tags".to_owned()),
        }
    }

    /// Why HTTPS cannot be set up here at all.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        let balancer = self.basis().link().map(|link| link.balancer);
        let unsuitable = |why: &str| Some(Refusal::Unsuitable { why: why.into() });
        match balancer {
            Some(Balancer::Application) => {}
            Some(Balancer::ApplicationShared) => {
                return unsuitable(
                    "the load balancer is shared: its listeners and certificates are its owner's business",
                );
            }
            Some(Balancer::Unknown) | None => return unsuitable("the environment's load balancer is not known"),
            Some(kind) => {
                return unsuitable(&format!("the environment has no application load balancer ({})", kind.as_str()));
            }
        }
        let Some(load_balancer) = self.load_balancer() else {
            return unsuitable("the environment's load balancer is not known");
        };
        if let Err(refusal) = proof(&self.basis(), &Object::LoadBalancer(load_balancer.key.clone())) {
            return Some(refusal);
        }
        if self.listener(HTTPS).is_some_and(|listener| !listener.is_secure()) {
            return unsuitable("port 443 has a listener that is not HTTPS");
        }
        let status = &self.environment.status;
        (*status != EnvironmentStatus::Ready).then(|| Refusal::NotReady { status: status.clone() })
    }

    pub(super) fn option(&self, namespace: &str, name: &str) -> Option<&str> {
        let settings = self.basis().settings()?;
        settings.get(namespace, name).filter(|value| !value.is_empty())
    }

    /// Whether this is the load balancer that things were planned for.
    pub(super) fn is_on(&self, load_balancer: &str) -> bool {
        self.load_balancer().is_some_and(|it| *it.key.id == *load_balancer)
    }

    pub(super) fn key_of(&self, arn: &str) -> Key<Listener> {
        Key::new(self.environment.key.scope, arn)
    }
}

/// Returns whether a rule takes every request: its only conditions are paths, and one of them is every path.
pub(super) fn takes_everything(rule: &Rule) -> bool {
    let is_every = |value: &Arc<str>| matches!(&**value, "/*" | "*");
    let mut conditions = rule.conditions.iter();
    !rule.conditions.is_empty() && conditions.all(|it| &*it.field == "path-pattern" && it.values.iter().any(is_every))
}

/// The status with which a rule redirects every request to HTTPS; `None` if it does not.
pub(super) fn redirected_by(rule: &Rule) -> Option<&str> {
    let [RuleAction::Redirect { protocol, port, host, path, status }] = rule.actions.as_slice() else { return None };
    let is_plain = (&**protocol, &**port, &**host, &**path) == ("HTTPS", "443", "#{host}", "/#{path}");
    (takes_everything(rule) && is_plain).then_some(&**status)
}
