//! How many instances an environment may have, and what there is to know before that is changed.
//!
//! The sizes are options of the namespace `aws:autoscaling:asg`; Beanstalk writes them to the Auto Scaling group (Developer
//! Guide, general options).

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::lost::OptionTarget;
use super::modify::{Modification, OptionName};
use super::outcome::{Difference, Refusal};
use super::request::{Subject, ValueChange};
use crate::model::{AutoScalingGroup, ConfigurationSettings};

const NAMESPACE: &str = "aws:autoscaling:asg";
const SCHEDULED: &str = "aws:autoscaling:scheduledaction";
/// What unset options mean (Developer Guide, general options).
const DEFAULT: InstanceLimits = InstanceLimits { min: 1, max: 4 };
/// What Beanstalk takes (Developer Guide, general options).
const MOST: u32 = 10_000;

/// The least and the most instances that an environment may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceLimits {
    /// `MinSize`.
    pub min: u32,
    /// `MaxSize`.
    pub max: u32,
}

impl InstanceLimits {
    /// These sizes, if there may be such.
    ///
    /// # Errors
    /// In words, when they are out of range or the wrong way round.
    pub fn new(min: impl Into<i64>, max: impl Into<i64>) -> Result<Self, String> {
        let size = |what: &str, size: i64| {
            let fits = u32::try_from(size).ok().filter(|size| (1..=MOST).contains(size));
            fits.ok_or_else(|| format!("{what} is {size}: Beanstalk takes 1 to {MOST} instances"))
        };
        let (min, max) = (size("MIN", min.into())?, size("MAX", max.into())?);
        if min > max {
            return Err(format!("MIN ({min}) is more than MAX ({max})"));
        }
        Ok(Self { min, max })
    }

    /// The sizes that these options set.
    #[must_use]
    pub fn of(settings: &ConfigurationSettings) -> Self {
        let size = |name, default| settings.get(NAMESPACE, name).and_then(|it| it.parse().ok()).unwrap_or(default);
        Self { min: size("MinSize", DEFAULT.min), max: size("MaxSize", DEFAULT.max) }
    }

    /// The options, with their values.
    fn options(self) -> [(&'static str, String); 2] {
        [("MinSize", self.min.to_string()), ("MaxSize", self.max.to_string())]
    }

    /// Returns the changes between these sizes; both are listed, so that the log has them all.
    pub(super) fn changes(self, to: Self) -> Vec<ValueChange> {
        let pairs = self.options().into_iter().zip(to.options());
        pairs.map(|((name, before), (_, after))| ValueChange::new(name, Some(before), Some(after))).collect()
    }

    /// What is no longer as it was seen, with what was wanted of it.
    #[must_use]
    pub fn differences(self, now: Self, wanted: Self) -> Vec<Difference> {
        let text = |(_, value): &(&str, String)| Some(Arc::from(value.as_str()));
        let all = self.options().into_iter().zip(now.options()).zip(wanted.options());
        all.filter(|((seen, now), _)| seen != now)
            .map(|((seen, now), wanted)| {
                Difference::of(seen.0, text(&seen).as_ref(), text(&now).as_ref(), text(&wanted).as_ref())
            })
            .collect()
    }

    /// The options before and after, by which a change that was lost is found.
    pub(super) fn targets(self, to: Self) -> Vec<OptionTarget> {
        let text = |value: String| Some(Arc::from(value));
        let unset = DEFAULT.options();
        let all = self.options().into_iter().zip(to.options()).zip(unset);
        all.map(|(((name, before), (_, after)), (_, default))| OptionTarget {
            namespace: NAMESPACE.into(),
            name: name.into(),
            before: text(before),
            after: text(after),
            default: text(default),
            hasher: None,
        })
        .collect()
    }

    /// The options that differ from what they were: Beanstalk counts an unchanged one as a change too.
    fn set(self, from: Self) -> Vec<(OptionName, String)> {
        let option = |(name, value)| (OptionName { namespace: NAMESPACE.into(), name }, value);
        let pairs = self.options().into_iter().zip(from.options());
        pairs.filter(|(to, from)| to != from).map(|(to, _)| option(to)).collect()
    }

    /// The update that sets them on the environment of this id, from these sizes on.
    #[must_use]
    pub fn update(self, from: Self, environment: &Arc<str>) -> Modification {
        Modification::Update { environment: Arc::clone(environment), set: self.set(from), remove: Vec::new() }
    }

    /// The question whether Beanstalk would take them.
    pub(super) fn validation(self, from: Self, subject: &Subject) -> Modification {
        let (application, environment) = (Arc::clone(&subject.application), Arc::clone(&subject.name));
        Modification::Validate { application, environment, set: self.set(from) }
    }
}

impl fmt::Display for InstanceLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.min, self.max)
    }
}

/// Why an environment with these options has no sizes to set.
#[must_use]
pub fn unscalable(settings: &ConfigurationSettings) -> Option<Refusal> {
    let kind = settings.get("aws:elasticbeanstalk:environment", "EnvironmentType");
    (kind == Some("SingleInstance")).then_some(Refusal::SingleInstance)
}

/// What there is to know before the sizes are set: who comes or goes at once, and who else sets them.
#[must_use]
pub fn of_scaling(settings: &ConfigurationSettings, groups: &[&AutoScalingGroup], to: InstanceLimits) -> Vec<String> {
    let mut reported = Vec::new();
    if let [group, ..] = groups {
        let running = u32::try_from(group.size.2).unwrap_or_default();
        reported.push(format!(
            "at present {running} {} wanted",
            if running == 1 { "instance is" } else { "instances are" }
        ));
        if to.max < running {
            reported.push(format!("{} of them will be terminated", running - to.max));
        }
        if to.min > running {
            reported.push(format!("{} more will be launched", to.min - running));
        }
    }
    let is_scheduled = |name: &str| matches!(name, "MinSize" | "MaxSize" | "DesiredCapacity");
    let mut scheduled = settings.options.of(SCHEDULED).iter().filter(|it| it.value.is_some());
    if scheduled.any(|it| is_scheduled(&it.name)) {
        reported.push("scheduled actions of the environment set its sizes too, and will do so again".to_owned());
    }
    reported
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Key, OptionSetting, ScopeId};

    fn settings(options: &[(&str, &str, &str)]) -> ConfigurationSettings {
        let option = |(namespace, name, value): &(&str, &str, &str)| OptionSetting {
            namespace: (*namespace).into(),
            name: (*name).into(),
            value: Some((*value).into()),
        };
        ConfigurationSettings {
            environment: Key::new(ScopeId(0), "e-1"),
            options: options.iter().map(option).collect(),
        }
    }

    fn group(desired: i32) -> AutoScalingGroup {
        AutoScalingGroup {
            key: Key::new(ScopeId(0), "asg"),
            target_groups: Vec::new(),
            classic_names: Vec::new(),
            health_check_type: None,
            size: (1, 8, desired),
            instances: Vec::new(),
            leaving: Vec::new(),
            suspended: Vec::new(),
            grace_seconds: Some(300),
        }
    }

    #[test]
    fn sizes_are_in_range_and_the_right_way_round() {
        assert_eq!(InstanceLimits::new(2, 2), Ok(InstanceLimits { min: 2, max: 2 }));
        assert_eq!(InstanceLimits::new(1, 10_000), Ok(InstanceLimits { min: 1, max: 10_000 }));
        for (min, max, expected) in [
            (0, 4, "MIN is 0: Beanstalk takes 1 to 10000 instances"),
            (1, 10_001, "MAX is 10001: Beanstalk takes 1 to 10000 instances"),
            (5, 4, "MIN (5) is more than MAX (4)"),
        ] {
            assert_eq!(InstanceLimits::new(min, max), Err(expected.to_owned()));
        }
    }

    #[test]
    fn what_is_unset_has_beanstalks_defaults() {
        assert_eq!(InstanceLimits::of(&settings(&[])), InstanceLimits { min: 1, max: 4 });
        let set = settings(&[(NAMESPACE, "MinSize", "3"), ("aws:other", "MaxSize", "9")]);
        assert_eq!(InstanceLimits::of(&set), InstanceLimits { min: 3, max: 4 });
    }

    #[test]
    fn a_difference_tells_three_values() {
        let size = |min, max| InstanceLimits { min, max };
        let reported: Vec<_> = size(1, 4).differences(size(1, 6), size(2, 8)).iter().map(ToString::to_string).collect();
        assert_eq!(reported, ["MaxSize was 4 and is 6 (8 was wanted)"]);
        assert_eq!(size(1, 4).differences(size(1, 4), size(2, 8)), []);
    }

    #[test]
    fn only_the_size_that_changes_is_sent() {
        let size = |min, max| InstanceLimits { min, max };
        let sent = |from: InstanceLimits, to: InstanceLimits| {
            let Modification::Update { set, .. } = to.update(from, &"e-1".into()) else { panic!() };
            set.into_iter().map(|(option, value)| format!("{}={value}", option.name)).collect::<Vec<_>>()
        };
        assert_eq!(sent(size(2, 6), size(2, 8)), ["MaxSize=8"]);
        assert_eq!(sent(size(2, 6), size(1, 6)), ["MinSize=1"]);
        assert_eq!(sent(size(2, 6), size(1, 8)), ["MinSize=1", "MaxSize=8"]);
        assert_eq!(sent(size(2, 6), size(2, 6)), [""; 0]);
    }

    #[test]
    fn who_comes_and_goes_is_reported_and_who_else_sets_it() {
        let reported = |settings: &[(&str, &str, &str)], min, max| {
            of_scaling(&self::settings(settings), &[&group(4)], InstanceLimits { min, max })
        };
        assert_eq!(reported(&[], 1, 4), ["at present 4 instances are wanted"]);
        assert_eq!(reported(&[], 1, 3)[1], "1 of them will be terminated");
        assert_eq!(reported(&[], 6, 8)[1], "2 more will be launched");
        assert_eq!(reported(&[(SCHEDULED, "MinSize", "2")], 1, 4).len(), 2);
        assert_eq!(reported(&[(SCHEDULED, "Suspend", "true")], 1, 4).len(), 1);
        assert_eq!(of_scaling(&self::settings(&[]), &[], InstanceLimits { min: 1, max: 2 }), [""; 0]);
    }

    #[test]
    fn one_instance_without_a_load_balancer_is_not_scaled() {
        let kind = |kind| settings(&[("aws:elasticbeanstalk:environment", "EnvironmentType", kind)]);
        assert_eq!(unscalable(&kind("SingleInstance")), Some(Refusal::SingleInstance));
        assert_eq!(unscalable(&kind("LoadBalanced")), None);
    }
}
