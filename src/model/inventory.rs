//! All that has been read, by id; and what an answer changed.
//!
//! An answer replaces what it covers and nothing else. The [`Delta`] contains the differences, so that an answer
//! without anything new costs nothing but its age.

use std::sync::Arc;

use super::last_events::LastEvents;
use super::merging::{keep_unseen, merge, merge_reporting, put};
use super::unlisted::Unlisted;
use super::{
    Alarm, AlarmEvent, Answer, Application, ApplicationVersion, Attributes, AutoScalingGroup, Batch, Certificate,
    ConfigurationSettings, Covers, Environment, EnvironmentEvent, EnvironmentHealth, EnvironmentResources, Identity,
    Instance, InstanceHealth, Key, Listener, LoadBalancer, Map, Metrics, Moment, OptionDescriptions, PlatformVersion,
    ProbeRecord, Relink, ReportedFaults, Rule, ScheduledAction, SecurityGroup, Seen, SeriesKey, Tagged, Target,
    TargetGroup, TargetState,
};

/// How many events are kept for a region.
const EVENTS_KEPT: usize = 1000;

/// A target by id and port, and since when it is so.
type SeenTarget = (Arc<str>, Option<i32>, Seen);

/// What an answer changed. Empty: only the age.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    /// Environments that came, went or differ, or whose alarms do.
    pub environments: Vec<Key<Environment>>,
    /// Environments that were known and whose `DateUpdated` has moved: their option settings may differ.
    pub reconfigured: Vec<Key<Environment>>,
    /// Load balancers of which something differs.
    pub load_balancers: Vec<Key<LoadBalancer>>,
    /// Target groups of which something differs, targets and attributes included.
    pub target_groups: Vec<Key<TargetGroup>>,
    /// Series of which a value differs.
    pub series: Vec<SeriesKey>,
    /// Alarms that went to ALARM or left it, as they were and as they are.
    pub alarms: Vec<Alarm>,
    /// What links environments and differs.
    pub relinks: Vec<Relink>,
    /// Whether anything else differs that a screen may show.
    pub other: bool,
}

impl Delta {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Everything that has been read of a scope.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Who we are.
    pub identity: Option<Identity>,
    /// Environments.
    pub environments: Map<Key<Environment>, Environment>,
    /// Load balancers.
    pub load_balancers: Map<Key<LoadBalancer>, LoadBalancer>,
    /// Target groups.
    pub target_groups: Map<Key<TargetGroup>, TargetGroup>,
    /// Tags of load balancers and target groups.
    pub tags: Map<Key<Tagged>, Attributes>,
    /// Beanstalk's own list of an environment's resources.
    pub resources: Map<Key<Environment>, EnvironmentResources>,
    /// Auto Scaling groups.
    pub auto_scaling_groups: Map<Key<AutoScalingGroup>, AutoScalingGroup>,
    /// Security groups that were asked about.
    pub security_groups: Map<Key<SecurityGroup>, SecurityGroup>,
    /// Listeners of a load balancer, by port.
    pub listeners: Map<Key<LoadBalancer>, Vec<Listener>>,
    /// Rules of a listener, by priority.
    pub rules: Map<Key<Listener>, Vec<Rule>>,
    /// Targets of a target group.
    pub targets: Map<Key<TargetGroup>, Vec<Target>>,
    /// Attributes of a target group.
    pub target_group_attributes: Map<Key<TargetGroup>, Attributes>,
    /// Attributes of a load balancer.
    pub load_balancer_attributes: Map<Key<LoadBalancer>, Attributes>,
    /// Attributes of a listener, which are read before one of them is written.
    pub listener_attributes: Map<Key<Listener>, Attributes>,
    /// Certificates of a listener beside its default one, where they were asked for.
    pub listener_certificates: Map<Key<Listener>, Vec<Key<Certificate>>>,
    /// Option settings of an environment.
    pub settings: Map<Key<Environment>, ConfigurationSettings>,
    /// What options an environment may have, where that was asked for.
    pub option_descriptions: Map<Key<Environment>, OptionDescriptions>,
    /// Enhanced health of an environment.
    pub environment_health: Map<Key<Environment>, EnvironmentHealth>,
    /// Enhanced health of an environment's instances.
    pub instances_health: Map<Key<Environment>, Vec<InstanceHealth>>,
    /// Since when instances are unhealthy, according to Beanstalk.
    pub reported: ReportedFaults,
    /// Instances of EC2.
    pub instances: Map<Key<Instance>, Instance>,
    /// The versions of an application, by its name.
    pub versions: Map<Key<ApplicationVersion>, Vec<ApplicationVersion>>,
    /// Applications.
    pub applications: Map<Key<Application>, Application>,
    /// The versions of platforms that AWS recommends.
    pub platform_versions: Map<Key<PlatformVersion>, PlatformVersion>,
    /// The scheduled actions of Auto Scaling groups.
    pub scheduled_actions: Map<Key<ScheduledAction>, ScheduledAction>,
    /// Certificates.
    pub certificates: Map<Key<Certificate>, Certificate>,
    /// The alarms that are in ALARM.
    pub raised_alarms: Map<Key<Alarm>, Alarm>,
    /// All alarms, where they were asked for.
    pub alarms: Map<Key<Alarm>, Alarm>,
    /// What happened to an alarm, the newest first, where that was asked for.
    pub alarm_history: Map<Key<Alarm>, Vec<AlarmEvent>>,
    /// What probes from outside found, of each environment that was probed.
    pub probes: Map<Key<Environment>, ProbeRecord>,
    /// Events of all environments, newest first.
    pub events: Vec<EnvironmentEvent>,
    /// Figures of load balancers over time.
    pub metrics: Metrics,
    last_events: LastEvents,
    statuses: Map<Key<Environment>, Moment>,
    unlisted: Unlisted,
    seen: Map<Key<TargetGroup>, Vec<SeenTarget>>,
}

impl Inventory {
    /// Applies an answer, read at `at`, and returns the differences.
    pub fn replace(&mut self, batch: Batch, at: Moment) -> Delta {
        let all = batch.covers == Covers::All;
        match batch.answer {
            Answer::Environments(items) => self.replace_environments(items, all, at),
            Answer::LoadBalancers(items) => {
                self.unlisted.note(self.load_balancers.keys(), items.iter().map(|it| &it.key), all);
                let changed = merge(&mut self.load_balancers, items, |item| item.key.clone(), all);
                let relinks = changed.iter().cloned().map(Relink::LoadBalancer).collect();
                Delta { relinks, load_balancers: changed, ..Delta::default() }
            }
            Answer::TargetGroups(items) => {
                let changed = merge(&mut self.target_groups, items, |item| item.key.clone(), all);
                self.forget_targets();
                let relinks = changed.iter().cloned().map(Relink::TargetGroup).collect();
                Delta { relinks, target_groups: changed, ..Delta::default() }
            }
            Answer::TargetHealth(group, targets) => self.replace_targets(group, targets, at),
            Answer::Events(events) => self.add_events(events),
            Answer::Metrics(answer) => Delta { series: self.metrics.replace(answer, at), ..Delta::default() },
            Answer::Tags(tags) => {
                let mut relinks = Vec::new();
                for (key, tags) in tags {
                    let tagged = Relink::tagged(&key);
                    relinks.extend(put(&mut self.tags, key, tags).then_some(tagged));
                }
                Delta { relinks, ..Delta::default() }
            }
            Answer::Resources(resources) => {
                let environment = resources.environment.clone();
                let differs = put(&mut self.resources, environment.clone(), resources);
                Delta {
                    relinks: differs.then_some(Relink::Environment(environment)).into_iter().collect(),
                    ..Delta::default()
                }
            }
            Answer::AutoScalingGroups(groups) => {
                let changed = merge(&mut self.auto_scaling_groups, groups, |group| group.key.clone(), false);
                Delta { relinks: changed.into_iter().map(Relink::AutoScalingGroup).collect(), ..Delta::default() }
            }
            Answer::Listeners(..) | Answer::Rules(..) => self.replace_routing(batch.answer, all),
            Answer::Settings(settings) => {
                let environment = settings.environment.clone();
                let differs = put(&mut self.settings, environment.clone(), settings);
                let environments = if differs { vec![environment] } else { Vec::new() };
                let relinks = environments.iter().cloned().map(Relink::Environment).collect();
                Delta { environments, relinks, ..Delta::default() }
            }
            answer => self.replace_details(answer, all, at),
        }
    }

    /// Since when a target is in its state.
    #[must_use]
    pub fn seen(&self, group: &Key<TargetGroup>, target: &Target) -> Option<Seen> {
        let mut of_group = self.seen.get(group)?.iter();
        let (.., seen) = of_group.find(|(id, port, _)| *id == target.id && *port == target.port)?;
        // Where we did not see it fail, Beanstalk may report since when it does.
        let reported = self.reported.since(&Key::new(group.scope, Arc::clone(&target.id)));
        let earlier = reported.filter(|at| !seen.exact && target.state == TargetState::Unhealthy && *at < seen.at);
        Some(Seen { at: earlier.unwrap_or(seen.at), exact: seen.exact })
    }

    /// The tags of a load balancer or a target group, if they are read; empty if it has none.
    #[must_use]
    pub fn tags_of<T>(&self, key: &Key<T>) -> Option<&Attributes> {
        self.tags.get(&key.tagged())
    }

    /// Since when an environment has its status, if we saw it change.
    #[must_use]
    pub fn status_since(&self, environment: &Key<Environment>) -> Option<Moment> {
        self.statuses.get(environment).copied()
    }

    /// Whether the last listing had this environment or load balancer; one that broke off may not have come to it.
    #[must_use]
    pub fn is_listed<T>(&self, key: &Key<T>) -> bool {
        !self.unlisted.has(key)
    }

    /// When an environment last had an event.
    #[must_use]
    pub fn last_event(&self, environment: &Key<Environment>) -> Option<Moment> {
        self.last_events.get(environment)
    }

    fn replace_environments(&mut self, items: Vec<Environment>, all: bool, at: Moment) -> Delta {
        let (mut relinks, mut reconfigured) = (Vec::new(), Vec::new());
        let is_new = |item: &&Environment| !self.environments.contains_key(&item.key);
        let new: Vec<_> = items.iter().filter(is_new).map(|item| Arc::clone(&item.name)).collect();
        self.unlisted.note(self.environments.keys(), items.iter().map(|item| &item.key), all);
        let statuses = &mut self.statuses;
        let changed = merge_reporting(
            &mut self.environments,
            items,
            |item| item.key.clone(),
            all,
            |known, item| {
                let differs = known.zip(item).is_none_or(|(known, item)| known.is_elsewhere(item));
                let environment = known.or(item).filter(|_| differs);
                relinks.extend(environment.map(|it| Relink::Environment(it.key.clone())));
                if let Some((_, item)) = known.zip(item).filter(|(known, item)| known.status != item.status) {
                    statuses.insert(item.key.clone(), at);
                }
                let moved = known.zip(item).filter(|(known, item)| known.updated != item.updated);
                reconfigured.extend(moved.map(|(_, item)| item.key.clone()));
            },
        );
        if !new.is_empty() {
            let names = new.iter().map(|name| &**name).collect();
            self.last_events.note_again(&names, &self.events, &self.environments);
        }
        Delta { environments: changed, reconfigured, relinks, ..Delta::default() }
    }

    fn replace_routing(&mut self, answer: Answer, all: bool) -> Delta {
        match answer {
            Answer::Listeners(load_balancer, mut listeners) => {
                keep_unseen(&mut listeners, self.listeners.get(&load_balancer), all, |listener| listener.key.clone());
                listeners.sort_by_key(|listener| listener.port);
                let changed = put(&mut self.listeners, load_balancer.clone(), listeners);
                let load_balancers = if changed { vec![load_balancer] } else { Vec::new() };
                let relinks = load_balancers.iter().cloned().map(Relink::Listeners).collect();
                Delta { load_balancers, relinks, ..Delta::default() }
            }
            Answer::Rules(listener, mut rules) => {
                keep_unseen(&mut rules, self.rules.get(&listener), all, |rule| rule.key.clone());
                rules.sort_by_key(|rule| rule.priority);
                let other = put(&mut self.rules, listener.clone(), rules);
                let relinks = other.then_some(Relink::Rules(listener)).into_iter().collect();
                Delta { relinks, other, ..Delta::default() }
            }
            _ => Delta::default(),
        }
    }

    fn replace_details(&mut self, answer: Answer, all: bool, at: Moment) -> Delta {
        let mut delta = Delta::default();
        match answer {
            Answer::Identity(identity) => {
                delta.other = self.identity.as_ref() != Some(&identity);
                self.identity = Some(identity);
            }
            Answer::TargetGroupAttributes(group, attributes) => {
                let changed = put(&mut self.target_group_attributes, group.clone(), attributes);
                delta.target_groups.extend(changed.then_some(group));
            }
            Answer::LoadBalancerAttributes(load_balancer, attributes) => {
                let changed = put(&mut self.load_balancer_attributes, load_balancer.clone(), attributes);
                delta.load_balancers.extend(changed.then_some(load_balancer));
            }
            Answer::ListenerAttributes(listener, attributes) => {
                delta.other = put(&mut self.listener_attributes, listener, attributes);
            }
            Answer::ListenerCertificates(listener, mut certificates) => {
                keep_unseen(&mut certificates, self.listener_certificates.get(&listener), all, Clone::clone);
                delta.other = put(&mut self.listener_certificates, listener, certificates);
            }
            Answer::EnvironmentHealth(health) => {
                let environment = health.environment.clone();
                if put(&mut self.environment_health, environment.clone(), health) {
                    delta.environments.push(environment);
                }
            }
            Answer::InstancesHealth(environment, mut instances) => {
                self.reported.note(&instances, at);
                let known = self.instances_health.get(&environment);
                keep_unseen(&mut instances, known, all, |instance| instance.instance.clone());
                if put(&mut self.instances_health, environment.clone(), instances) {
                    delta.environments.push(environment);
                }
            }
            Answer::OptionDescriptions(options) => {
                delta.other = put(&mut self.option_descriptions, options.environment.clone(), options);
            }
            Answer::Versions(application, versions) => {
                delta.other = put(&mut self.versions, application, versions);
            }
            Answer::Instances(instances) => {
                delta.other = !merge(&mut self.instances, instances, |item| item.key.clone(), false).is_empty();
            }
            Answer::SecurityGroups(groups) => {
                delta.other = !merge(&mut self.security_groups, groups, |item| item.key.clone(), false).is_empty();
            }
            Answer::RaisedAlarms(alarms) => {
                let note = |before: Option<&Alarm>, now: Option<&Alarm>| {
                    delta.alarms.extend(before.into_iter().chain(now).cloned());
                };
                merge_reporting(&mut self.raised_alarms, alarms, |item| item.key.clone(), all, note);
            }
            Answer::Alarms(alarms) => {
                delta.other = !merge(&mut self.alarms, alarms, |item| item.key.clone(), all).is_empty();
            }
            Answer::AlarmHistory(alarm, events) => {
                delta.other = put(&mut self.alarm_history, alarm, events);
            }
            Answer::Applications(items) => {
                delta.other = !merge(&mut self.applications, items, |item| item.key.clone(), all).is_empty();
            }
            Answer::PlatformVersions(items) => {
                delta.other = !merge(&mut self.platform_versions, items, |item| item.key.clone(), all).is_empty();
            }
            Answer::ScheduledActions(items) => {
                delta.other = !merge(&mut self.scheduled_actions, items, |item| item.key.clone(), all).is_empty();
            }
            Answer::Certificates(certificates) => {
                delta.other = !merge(&mut self.certificates, certificates, |item| item.key.clone(), all).is_empty();
            }
            _ => {}
        }
        delta
    }

    fn replace_targets(&mut self, group: Key<TargetGroup>, targets: Vec<Target>, at: Moment) -> Delta {
        let known = self.targets.get(&group);
        let old = self.seen.remove(&group).unwrap_or_default();
        let seen = targets
            .iter()
            .map(|target| {
                let of = |other: &&Target| other.id == target.id && other.port == target.port;
                let before = known.and_then(|known| known.iter().find(of));
                let since = old.iter().find(|(id, port, _)| *id == target.id && *port == target.port);
                let seen = match (before, since) {
                    (Some(before), Some((.., seen))) if before.state == target.state => *seen,
                    // A target that was not there at our last look came in between: that is a transition too.
                    _ => Seen { at, exact: known.is_some() },
                };
                (Arc::clone(&target.id), target.port, seen)
            })
            .collect();
        self.seen.insert(group.clone(), seen);
        let changed = put(&mut self.targets, group.clone(), targets);
        Delta { target_groups: if changed { vec![group] } else { Vec::new() }, ..Delta::default() }
    }

    fn forget_targets(&mut self) {
        let groups = &self.target_groups;
        self.targets.retain(|group, _| groups.contains_key(group));
        self.seen.retain(|group, _| groups.contains_key(group));
        self.target_group_attributes.retain(|group, _| groups.contains_key(group));
    }

    /// Events come again and again, and have no id: those already known are dropped by their content.
    fn add_events(&mut self, events: Vec<EnvironmentEvent>) -> Delta {
        let Some(oldest) = events.iter().map(|event| event.at).min() else { return Delta::default() };
        let overlap = self.events.partition_point(|event| event.at >= oldest);
        let mut fresh: Vec<_> = events.into_iter().filter(|event| !self.events[..overlap].contains(event)).collect();
        if fresh.is_empty() {
            return Delta::default();
        }
        let environments = self.last_events.note(&fresh, &self.environments);
        fresh.append(&mut self.events);
        fresh.sort_by_key(|event| std::cmp::Reverse(event.at));
        fresh.truncate(EVENTS_KEPT);
        self.events = fresh;
        Delta { environments, other: true, ..Delta::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ScopeId;
    use super::*;
    use std::time::Duration;

    fn target(state: TargetState) -> Target {
        Target { id: "i-1".into(), port: Some(80), availability_zone: None, state, reason: None, description: None }
    }

    fn health(group: &Key<TargetGroup>, state: TargetState) -> Batch {
        Batch { covers: Covers::All, answer: Answer::TargetHealth(group.clone(), vec![target(state)]) }
    }

    #[test]
    fn a_transition_that_we_saw_is_exact_and_the_first_look_is_not() {
        let mut inventory = Inventory::default();
        let group = Key::new(ScopeId(0), "tg");
        let at = |seconds| Moment::EPOCH.plus(Duration::from_secs(seconds));
        inventory.replace(health(&group, TargetState::Healthy), at(0));
        assert_eq!(inventory.replace(health(&group, TargetState::Healthy), at(10)), Delta::default());
        let seen = inventory.seen(&group, &target(TargetState::Healthy));
        assert_eq!(seen, Some(Seen { at: at(0), exact: false }));
        let delta = inventory.replace(health(&group, TargetState::Unhealthy), at(20));
        assert_eq!(delta.target_groups, std::slice::from_ref(&group));
        let seen = inventory.seen(&group, &target(TargetState::Unhealthy));
        assert_eq!(seen, Some(Seen { at: at(20), exact: true }));
    }
}
