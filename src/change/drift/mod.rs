//! Live values that differ from the option settings which should have made them.
//!
//! An option that is unset has its default, which Beanstalk applies and the live value is compared with. What cannot be
//! compared is reported beside the drift, with the reason: a value that is not read, a setting for which Beanstalk has no
//! option, a listener or a rule that its options do not know. (Domain: two-way mapping for drift detection.)

mod listeners;
mod objects;
#[cfg(test)]
#[path = "tests.rs"]
mod rule_tests;
mod rules;

use std::fmt;
use std::sync::Arc;

use super::field::{Field, Object, PlanInputs};
use crate::model::{Key, TargetGroup, load_balancer_name, resource_name};

/// One live value that differs from its option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The target group; `None` for the load balancer's and its listeners' own.
    pub target_group: Option<Key<TargetGroup>>,
    /// The setting, as `set` takes it; for what `set` does not take, `listener:PORT:` and the field.
    pub key: Arc<str>,
    /// The live value.
    pub live: Arc<str>,
    /// The option's value, or its default while it is unset.
    pub desired: Arc<str>,
    /// Whether the option is unset.
    pub is_unset: bool,
    /// The option's namespace.
    pub namespace: Arc<str>,
    /// The option.
    pub option: &'static str,
}

/// Why something was not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriftReason {
    /// It is not read, or could not be.
    Unread,
    /// It is not clear which process the target group is.
    AmbiguousProcess,
    /// The load balancer is shared: Beanstalk has no options for its settings.
    Shared,
    /// Beanstalk lists no options for it.
    Unlisted,
    /// Beanstalk has no option for this setting, and it is not what ELB makes it by default (the default).
    NoOption(Arc<str>),
    /// The option is unset, and Beanstalk applies no default.
    NoDefault,
    /// Beanstalk's options know no such listener or rule: it was made directly.
    Outside,
    /// The action is one for which Beanstalk has no option.
    Action,
    /// beanpole does not read the live value.
    Unsupported,
}

/// Something that was not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCompared {
    /// The target group, if it is one or one of its settings.
    pub target_group: Option<Key<TargetGroup>>,
    /// What: an object, or a setting of one.
    pub what: Arc<str>,
    /// The live value, if it is known.
    pub live: Option<Arc<str>>,
    /// Why.
    pub reason: DriftReason,
}

/// The comparison of an environment's live values with its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DriftReport {
    /// What differs, target groups first.
    pub drift: Vec<Drift>,
    /// What was not compared, in the same order.
    pub not_compared: Vec<NotCompared>,
    /// How many live values match their options.
    pub same: usize,
}

/// Compares all live values of an environment with its options; `None` until its option settings are read.
#[must_use]
pub fn drift_report(basis: &PlanInputs<'_>) -> Option<DriftReport> {
    let settings = basis.settings()?;
    let mut comparison = DriftReport::default();
    for object in basis.objects() {
        comparison.object(basis, settings, &object);
    }
    comparison.listeners(basis, settings);
    Some(comparison)
}

/// All drift of an environment, target groups first; `None` until its option settings are read.
#[must_use]
pub fn drift(basis: &PlanInputs<'_>) -> Option<Vec<Drift>> {
    drift_report(basis).map(|comparison| comparison.drift)
}

impl DriftReport {
    /// Returns what was changed or made directly and Beanstalk has no option for.
    pub fn outside(&self) -> impl Iterator<Item = &NotCompared> {
        let is_outside = |reason: &DriftReason| {
            matches!(
                reason,
                DriftReason::NoOption(_) | DriftReason::NoDefault | DriftReason::Outside | DriftReason::Action
            )
        };
        self.not_compared.iter().filter(move |it| is_outside(&it.reason))
    }

    /// Compares one value: the same, drift, or not compared where the option is unset and has no default.
    fn value(&mut self, pair: Pair<'_>, is_same: impl Fn(&str, &str) -> bool) {
        let Pair { target_group, key, live, value, default, namespace, option } = pair;
        let Some(desired) = value.or(Some(default).filter(|default| !default.is_empty())) else {
            if !live.is_empty() {
                self.skip(target_group, key, Some(live), DriftReason::NoDefault);
            }
            return;
        };
        if is_same(live, desired) {
            self.same += 1;
            return;
        }
        self.drift.push(Drift {
            target_group: target_group.cloned(),
            key: key.into(),
            live: live.into(),
            desired: desired.into(),
            is_unset: value.is_none(),
            namespace: namespace.into(),
            option,
        });
    }

    fn skip(&mut self, target_group: Option<&Key<TargetGroup>>, what: &str, live: Option<&str>, reason: DriftReason) {
        let it =
            NotCompared { target_group: target_group.cloned(), what: what.into(), live: live.map(Arc::from), reason };
        if !self.not_compared.contains(&it) {
            self.not_compared.push(it);
        }
    }
}

/// A live value and the option that should have made it.
#[derive(Clone, Copy)]
struct Pair<'a> {
    target_group: Option<&'a Key<TargetGroup>>,
    key: &'a str,
    live: &'a str,
    value: Option<&'a str>,
    default: &'a str,
    namespace: &'a str,
    option: &'static str,
}

impl Field {
    /// Returns whether the live value differs from its option, or from the default while the option is unset.
    #[must_use]
    pub fn drifts(&self) -> bool {
        let desired = self.option.as_ref().and_then(super::field::FieldOption::desired);
        let pair = self.live.as_deref().zip(desired);
        self.has_meaning && pair.is_some_and(|(live, desired)| !self.facts.is_same(live, desired))
    }
}

impl Drift {
    /// Returns the differing setting with its object: the key of a listener names it.
    fn subject(&self) -> String {
        match &self.target_group {
            Some(group) => format!("{} {}", resource_name(&group.id), self.key),
            None if self.key.starts_with("listener:") => self.key.to_string(),
            None => format!("load balancer {}", self.key),
        }
    }

    /// Describes the difference, in a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { live, desired, namespace, option, .. } = self;
        let subject = self.subject();
        if self.is_unset {
            return format!("{subject}: live {live}, but {namespace} {option} is unset, which means {desired}");
        }
        format!("{subject}: live {live}, but {namespace} {option} is {desired}")
    }
}

impl NotCompared {
    /// Describes what was not compared and why, in a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let group = self.target_group.as_ref().map(|key| resource_name(&key.id)).filter(|name| **name != *self.what);
        let group = group.map(|name| format!("{name} ")).unwrap_or_default();
        let live = self.live.as_ref().map(|live| format!(" (live {live})")).unwrap_or_default();
        format!("{group}{}{live}: {}", self.what, self.reason)
    }
}

impl DriftReason {
    /// The word of the JSON answers.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::AmbiguousProcess => "ambiguous_process",
            Self::Shared => "shared",
            Self::Unlisted => "unlisted",
            Self::NoOption(_) => "no_option",
            Self::NoDefault => "no_default",
            Self::Outside => "outside_beanstalk",
            Self::Action => "no_option_for_action",
            Self::Unsupported => "unsupported",
        }
    }
}

impl fmt::Display for DriftReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread => f.write_str("its live value is not read"),
            Self::AmbiguousProcess => f.write_str("which process it is is ambiguous"),
            Self::Shared => f.write_str("the load balancer is shared, and Beanstalk has no options for it there"),
            Self::Unlisted => f.write_str("Beanstalk lists no options for it"),
            Self::NoOption(default) if default.is_empty() => {
                f.write_str("Beanstalk has no option for it (ELB's default is none)")
            }
            Self::NoOption(default) => write!(f, "Beanstalk has no option for it (ELB's default is {default})"),
            Self::NoDefault => f.write_str("its option is unset, and Beanstalk applies no default"),
            Self::Outside => f.write_str("Beanstalk's options do not have it: it was made directly"),
            Self::Action => f.write_str("Beanstalk has no option for this action"),
            Self::Unsupported => f.write_str("beanpole does not read its live value"),
        }
    }
}

/// Returns the name of an object in the list of what was not compared.
fn name_of(object: &Object) -> String {
    match object {
        Object::TargetGroup(key) => resource_name(&key.id).to_owned(),
        Object::LoadBalancer(key) => format!("load balancer {}", load_balancer_name(&key.id)),
        Object::Listener(_, _, port) => format!("listener:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::FieldOption;
    use crate::change::settings::{ObjectKind, SettingFacts, settings_of};
    use crate::model::{Attributes, ScopeId};

    fn facts(key: &str) -> &'static SettingFacts {
        settings_of(ObjectKind::TargetGroup).find(|facts| facts.key == key).unwrap()
    }

    /// A setting with this live value, and its option with that one.
    fn field(key: &str, live: &str, desired: Option<&str>, attributes: &Attributes) -> Field {
        let (facts, option) = (facts(key), facts(key).option.unwrap());
        Field {
            object: Object::TargetGroup(Key::new(ScopeId(0), "tg")),
            facts,
            key: key.to_owned(),
            live: Some(live.into()),
            option: Some(FieldOption {
                namespace: "aws:elasticbeanstalk:environment:process:default".into(),
                name: option.name,
                kind: option.kind,
                value: desired.map(Into::into),
                default: option.default,
                has_default: true,
            }),
            has_meaning: facts.has_meaning(attributes),
        }
    }

    #[test]
    fn a_value_that_differs_is_drift_and_one_that_is_said_otherwise_is_not() {
        // An unset option has its default.
        let table = [
            ("health_check.path", "/healthz", Some("/healthz"), false),
            ("health_check.interval", "30", Some("15"), true),
            ("health_check.interval", "30", None, true),
            ("health_check.interval", "15", None, false),
            ("health_check.matcher", "200", None, false),
            ("stickiness.enabled", "true", None, true),
            ("health_check.matcher", "200-201", Some("200,201"), false),
            ("deregistration_delay.timeout_seconds", "300", Some("20"), true),
        ];
        for (key, live, desired, drifts) in table {
            let field = field(key, live, desired, &Attributes::default());
            assert_eq!(field.drifts(), drifts, "{key} {live} {desired:?}");
        }
    }

    #[test]
    fn the_cookies_length_means_something_only_while_there_is_a_cookie() {
        let drifts = |key: &str, live: &str, desired: &str, enabled: &str, kind: &str| {
            let attributes: Attributes = [("stickiness.enabled", enabled), ("stickiness.type", kind)]
                .map(|(key, value)| (key.into(), value.into()))
                .into();
            field(key, live, Some(desired), &attributes).drifts()
        };
        let duration = "stickiness.lb_cookie.duration_seconds";
        assert!(drifts(duration, "3600", "86400", "true", "lb_cookie"));
        assert!(!drifts(duration, "3600", "86400", "true", "app_cookie"));
        assert!(!drifts(duration, "3600", "86400", "false", "lb_cookie"));
        assert!(drifts("stickiness.type", "app_cookie", "lb_cookie", "true", "app_cookie"));
        assert!(!drifts("stickiness.type", "source_ip", "lb_cookie", "true", "source_ip"));
        assert!(drifts("stickiness.enabled", "false", "true", "false", "lb_cookie"));
    }
}
