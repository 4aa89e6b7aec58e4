//! Live values that differ from the option settings which should have made them.
//!
//! An option that is unset never drifts: Beanstalk has no wish there that could be compared, and its default is what it
//! would write, not what somebody asked for. Nor does anything where it is ambiguous which process a target group is.

use std::sync::Arc;

use super::settings::{
    LOAD_BALANCER_NAMESPACE, ObjectKind, OptionFacts, Place, SettingFacts, listener_namespace, process_namespace,
    settings_of,
};
use crate::model::{
    Attributes, Balancer, ConfigurationSettings, Environment, EnvironmentLink, Inventory, Key, Listener, TargetGroup,
    processes_of,
};

/// One live value that is not what its option says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The target group; `None` for the load balancer's and its listeners' own.
    pub target_group: Option<Key<TargetGroup>>,
    /// The setting, as `set` takes it.
    pub key: Arc<str>,
    /// The live value.
    pub live: Arc<str>,
    /// The option's value.
    pub desired: Arc<str>,
    /// The option's namespace.
    pub namespace: Arc<str>,
    /// The option.
    pub option: &'static str,
}

/// All drift of an environment, target groups first; `None` until its option settings are read.
#[must_use]
pub fn drift(inventory: &Inventory, link: &EnvironmentLink, environment: &Key<Environment>) -> Option<Vec<Drift>> {
    let settings = inventory.settings.get(environment)?;
    let groups: Vec<_> = link.groups.iter().filter_map(|linked| inventory.target_groups.get(&linked.key)).collect();
    let mut found = Vec::new();
    for (group, process) in groups.iter().zip(processes_of(settings, &groups)) {
        if let Some(process) = process {
            let attributes = inventory.target_group_attributes.get(&group.key);
            found.extend(drift_of_group(settings, &process, group, attributes));
        }
    }
    if let (Some((key, _)), Balancer::Application) = (&link.load_balancer, link.balancer) {
        let attributes = inventory.load_balancer_attributes.get(key);
        found.extend(attributes.into_iter().flat_map(|attributes| drift_of_load_balancer(settings, attributes)));
        let listeners = inventory.listeners.get(key).into_iter().flatten();
        found.extend(listeners.flat_map(|listener| drift_of_listener(settings, listener)));
    }
    Some(found)
}

/// The drift of a target group that is this process's; what its attributes say only if they were read.
#[must_use]
pub fn drift_of_group(
    settings: &ConfigurationSettings,
    process: &str,
    group: &TargetGroup,
    attributes: Option<&Attributes>,
) -> Vec<Drift> {
    let namespace: Arc<str> = process_namespace(process).into();
    let live = |facts: &SettingFacts| match facts.place {
        Place::HealthCheck(_, read) => read(&group.health_check),
        Place::Attribute => attributes?.get(facts.key).map(ToString::to_string),
        Place::Listener(..) => None,
    };
    let has_meaning = |facts: &SettingFacts| attributes.is_none_or(|attributes| facts.has_meaning(attributes));
    settings_of(ObjectKind::TargetGroup)
        .filter(|facts| has_meaning(facts))
        .filter_map(|facts| compare(settings, &namespace, facts, None, live(facts)?))
        .map(|drift| Drift { target_group: Some(group.key.clone()), ..drift })
        .collect()
}

/// The drift of a load balancer that is the environment's own. On a shared one Beanstalk has no wishes.
#[must_use]
pub fn drift_of_load_balancer(settings: &ConfigurationSettings, attributes: &Attributes) -> Vec<Drift> {
    let namespace: Arc<str> = LOAD_BALANCER_NAMESPACE.into();
    let live = |facts: &SettingFacts| attributes.get(facts.key).map(ToString::to_string);
    settings_of(ObjectKind::LoadBalancer)
        .filter_map(|facts| compare(settings, &namespace, facts, None, live(facts)?))
        .collect()
}

/// The drift of a listener, as far as Beanstalk knows it.
#[must_use]
pub fn drift_of_listener(settings: &ConfigurationSettings, listener: &Listener) -> Vec<Drift> {
    let Some(port) = listener.port else { return Vec::new() };
    let namespace: Arc<str> = listener_namespace(port).into();
    let live = |facts: &SettingFacts| match facts.place {
        Place::Listener(_, read) => read(listener),
        _ => None,
    };
    settings_of(ObjectKind::Listener)
        .filter_map(|facts| compare(settings, &namespace, facts, Some(port), live(facts)?))
        .collect()
}

fn compare(
    settings: &ConfigurationSettings,
    namespace: &Arc<str>,
    facts: &SettingFacts,
    port: Option<i32>,
    live: String,
) -> Option<Drift> {
    let OptionFacts { name: option, .. } = facts.option?;
    let desired = settings.get(namespace, option).filter(|value| !value.is_empty())?;
    (!facts.is_same(&live, desired)).then(|| Drift {
        target_group: None,
        key: facts.full_key(port).into(),
        live: live.into(),
        desired: desired.into(),
        namespace: Arc::clone(namespace),
        option,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HealthCheck, OptionSetting, ScopeId};

    const PROCESS: &str = "aws:elasticbeanstalk:environment:process:default";

    fn settings(rows: &[(&str, &str, Option<&str>)]) -> ConfigurationSettings {
        let option = |(namespace, name, value): &(&str, &str, Option<&str>)| OptionSetting {
            namespace: (*namespace).into(),
            name: (*name).into(),
            value: value.map(Into::into),
        };
        ConfigurationSettings { environment: Key::new(ScopeId(0), "e-1"), options: rows.iter().map(option).collect() }
    }

    fn group() -> TargetGroup {
        TargetGroup {
            key: Key::new(ScopeId(0), "tg"),
            name: "tg".into(),
            protocol: Some("HTTP".into()),
            port: Some(80),
            vpc: None,
            target_type: None,
            load_balancers: Vec::new(),
            health_check: HealthCheck {
                path: Some("/healthz".into()),
                interval: Some(30),
                matcher: Some("200-201".into()),
                ..HealthCheck::default()
            },
        }
    }

    fn attributes(rows: &[(&str, &str)]) -> Attributes {
        rows.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect()
    }

    fn options_of(drift: &[Drift]) -> Vec<&'static str> {
        drift.iter().map(|drift| drift.option).collect()
    }

    #[test]
    fn a_value_that_differs_is_drift_and_one_that_is_said_otherwise_is_not() {
        let settings = settings(&[
            (PROCESS, "HealthCheckPath", Some("/healthz")),
            (PROCESS, "HealthCheckInterval", Some("15")),
            (PROCESS, "MatcherHTTPCode", Some("200,201")),
            (PROCESS, "DeregistrationDelay", Some("20")),
        ]);
        let attributes = attributes(&[("deregistration_delay.timeout_seconds", "300")]);
        let drift = drift_of_group(&settings, "default", &group(), Some(&attributes));
        assert_eq!(options_of(&drift), ["HealthCheckInterval", "DeregistrationDelay"]);
        let first = &drift[0];
        assert_eq!((&*first.key, &*first.live, &*first.desired), ("health_check.interval", "30", "15"));
        assert_eq!((&*first.namespace, &first.target_group), (PROCESS, &Some(group().key)));
    }

    #[test]
    fn an_option_that_is_unset_or_empty_is_never_drift() {
        let settings = settings(&[(PROCESS, "HealthCheckInterval", None), (PROCESS, "MatcherHTTPCode", Some(""))]);
        assert_eq!(drift_of_group(&settings, "default", &group(), None), []);
    }

    #[test]
    fn the_cookies_length_means_something_only_while_there_is_a_cookie() {
        let settings = settings(&[
            (PROCESS, "StickinessEnabled", Some("true")),
            (PROCESS, "StickinessType", Some("lb_cookie")),
            (PROCESS, "StickinessLBCookieDuration", Some("86400")),
        ]);
        let live = |enabled, kind| {
            attributes(&[
                ("stickiness.enabled", enabled),
                ("stickiness.type", kind),
                ("stickiness.lb_cookie.duration_seconds", "3600"),
            ])
        };
        let drift = |live: Attributes| options_of(&drift_of_group(&settings, "default", &group(), Some(&live)));
        assert_eq!(drift(live("true", "lb_cookie")), ["StickinessLBCookieDuration"]);
        assert_eq!(drift(live("true", "app_cookie")), ["StickinessType"]);
        assert_eq!(drift(live("false", "lb_cookie")), ["StickinessEnabled"]);
        assert_eq!(drift(live("true", "source_ip")), [""; 0]);
    }

    #[test]
    fn another_processes_options_do_not_count() {
        let settings = settings(&[(PROCESS, "HealthCheckInterval", Some("15"))]);
        assert_eq!(drift_of_group(&settings, "chat", &group(), None), []);
    }

    #[test]
    fn the_idle_timeout_is_the_load_balancers() {
        let settings = settings(&[(LOAD_BALANCER_NAMESPACE, "IdleTimeout", Some("300"))]);
        let same = attributes(&[("idle_timeout.timeout_seconds", "300")]);
        let other = attributes(&[("idle_timeout.timeout_seconds", "60")]);
        assert_eq!(drift_of_load_balancer(&settings, &same), []);
        let drift = drift_of_load_balancer(&settings, &other);
        assert_eq!(options_of(&drift), ["IdleTimeout"]);
        assert_eq!(drift[0].target_group, None);
    }

    #[test]
    fn settings_that_were_not_read_tell_nothing() {
        let inventory = Inventory::default();
        assert_eq!(drift(&inventory, &EnvironmentLink::default(), &Key::new(ScopeId(0), "e-1")), None);
    }

    #[test]
    fn groups_whose_process_is_ambiguous_have_no_drift() {
        let mut inventory = Inventory::default();
        let rows = [
            ("aws:elasticbeanstalk:environment:process:a", "HealthCheckInterval", Some("15")),
            ("aws:elasticbeanstalk:environment:process:b", "HealthCheckInterval", Some("15")),
        ];
        let settings = settings(&rows);
        let environment = settings.environment.clone();
        inventory.settings.insert(environment.clone(), settings);
        inventory.target_groups.insert(group().key, group());
        let linked = crate::model::LinkedGroup { key: group().key, evidence: crate::model::EvidenceSet::default() };
        let link = EnvironmentLink { groups: vec![linked], ..EnvironmentLink::default() };
        assert_eq!(drift(&inventory, &link, &environment), Some(Vec::new()));
    }
}
