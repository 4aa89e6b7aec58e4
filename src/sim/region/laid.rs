//! Values that were laid over those that things came with, each from a time on: written to the load balancer itself, or by
//! an update of an environment.
//!
//! What is live at an instant is what the thing came with and everything that was laid over it until then. What happens to
//! targets and traffic goes by what things came with: a health check that is changed changes no state here.

use super::target_groups::live;
use super::{HealthCheck, OptionSetting, Pair, Region, TargetGroup, attributes};

/// On what a value was laid, by its place in the region's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum On {
    Group(usize),
    Balancer(usize),
    Listener(usize, usize),
}

/// A value; the key is an attribute's, or a field's: `health_check.path`, `policy`. Scenario time.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Laid {
    pub(in crate::sim) at: i64,
    pub(in crate::sim) on: On,
    pub(in crate::sim) key: String,
    pub(in crate::sim) value: String,
}

/// A change of an environment's options, from its beginning to its end; scenario time.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Configured {
    pub(in crate::sim) begun: i64,
    pub(in crate::sim) ended: i64,
    pub(in crate::sim) aborted: bool,
    /// Namespace, name and value; none: it is unset.
    pub(in crate::sim) options: Vec<(String, String, Option<String>)>,
    pub(in crate::sim) laid: Vec<Laid>,
}

impl Region {
    /// Lays a value over what is live.
    pub(in crate::sim) fn lay(&mut self, laid: Laid) {
        self.laid.push(laid);
    }

    /// What was laid over something until a time, the oldest first.
    fn laid_on(&self, on: On, time: i64) -> Vec<&Laid> {
        let updates = self.environments.iter().flat_map(|environment| &environment.configured);
        let by_updates = updates.filter(|update| !update.aborted).flat_map(|update| &update.laid);
        let mut laid: Vec<_> =
            self.laid.iter().chain(by_updates).filter(|laid| laid.on == on && laid.at <= time).collect();
        laid.sort_by_key(|laid| laid.at);
        laid
    }

    /// The attributes that something has at a time.
    pub(in crate::sim) fn attributes_at(&self, on: On, time: i64) -> Vec<Pair> {
        let mut list = match on {
            On::Group(place) => self.target_groups[place].attributes.clone(),
            On::Balancer(place) => self.load_balancers[place].attributes.clone(),
            On::Listener(balancer, _) => attributes::of_listener(self.load_balancers[balancer].kind),
        };
        for laid in self.laid_on(on, time) {
            if list.iter().any(|(key, _)| *key == laid.key) {
                attributes::set(&mut list, &laid.key, laid.value.clone());
            }
        }
        list
    }

    /// The health check of a target group at a time, and the port that it asks.
    pub(in crate::sim) fn check_at(&self, group: usize, time: i64) -> (HealthCheck, String) {
        let mut changed = TargetGroup { check: self.target_groups[group].check.clone(), ..TargetGroup::default() };
        let mut port = "traffic-port".to_owned();
        for laid in self.laid_on(On::Group(group), time) {
            match laid.key.as_str() {
                "health_check.port" => port.clone_from(&laid.value),
                "health_check.protocol" => changed.check.protocol.clone_from(&laid.value),
                key if key.starts_with("health_check.") => live(&mut changed, key, &laid.value),
                _ => {}
            }
        }
        (changed.check, port)
    }

    /// A field of a listener that was laid over the one that it came with.
    pub(in crate::sim) fn field_at(&self, on: On, key: &str, time: i64) -> Option<String> {
        self.laid_on(on, time).into_iter().rev().find(|laid| laid.key == key).map(|laid| laid.value.clone())
    }

    /// The options that are deployed at a time.
    pub(in crate::sim) fn options_at(&self, environment: usize, time: i64) -> Vec<OptionSetting> {
        self.options_by(environment, |update| update.ended <= time)
    }

    /// The options after those updates that count.
    pub(super) fn options_by(&self, environment: usize, counts: impl Fn(&Configured) -> bool) -> Vec<OptionSetting> {
        let environment = &self.environments[environment];
        let mut options = environment.options.clone();
        for update in environment.configured.iter().filter(|update| !update.aborted && counts(update)) {
            apply(&mut options, update);
        }
        options
    }

    /// The draft of an update that is in progress.
    pub(in crate::sim) fn draft_at(&self, environment: usize, time: i64) -> Option<Vec<OptionSetting>> {
        let updates = &self.environments[environment].configured;
        let update = updates.iter().find(|update| update.begun <= time && time < update.ended)?;
        let mut options = self.options_at(environment, time);
        apply(&mut options, update);
        Some(options)
    }
}

fn apply(options: &mut Vec<OptionSetting>, update: &Configured) {
    for (namespace, name, value) in &update.options {
        let known = options.iter_mut().find(|option| option.namespace == *namespace && option.name == *name);
        match known {
            Some(option) => option.value.clone_from(value),
            None => options.push(OptionSetting {
                namespace: namespace.clone(),
                name: name.clone(),
                value: value.clone(),
                resource: None,
            }),
        }
    }
}
