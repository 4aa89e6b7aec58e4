//! CloudWatch alarms, and the rules that mute their actions.
//!
//! A muted alarm still changes its state; its actions (a notification, a scaling policy) are left out while the rule is
//! active. When muting ends while the alarm is in ALARM, its actions run then (API reference, `DeleteAlarmMuteRule`).

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo};

use super::arn::{load_balancer_name, resource};
use super::fault::Fault;
use super::moment::Moment;
use super::wire_enum::wire_enum;

/// A metric alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Its name, which is unique in account and region.
    pub name: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its state.
    pub state: AlarmState,
    /// Since when it is in that state.
    pub since: Option<Moment>,
    /// What it looks at: one metric, or those of its expression.
    pub metrics: Vec<AlarmMetric>,
    /// False: its actions are switched off.
    pub actions_enabled: bool,
    /// What it does when it goes to ALARM: ARNs of topics, scaling policies ...
    pub actions: Vec<Arc<str>>,
}

/// A metric that an alarm looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmMetric {
    /// `AWS/ApplicationELB` ...
    pub namespace: Arc<str>,
    /// `UnHealthyHostCount` ...
    pub name: Arc<str>,
    /// Names and values.
    pub dimensions: Vec<(Arc<str>, Arc<str>)>,
}

wire_enum! {
    /// The state of an alarm.
    AlarmState {
        /// The threshold is not crossed.
        Ok = "OK",
        /// It is.
        Alarm = "ALARM",
        /// There are not enough data.
        InsufficientData = "INSUFFICIENT_DATA",
    }
}

wire_enum! {
    /// What a mute rule does at the moment.
    MuteStatus {
        /// It will mute.
        Scheduled = "SCHEDULED",
        /// It mutes.
        Active = "ACTIVE",
        /// It will not mute any more.
        Expired = "EXPIRED",
    }
}

/// What an alarm of an environment may look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmSubjects {
    /// The environment's name.
    pub environment: Arc<str>,
    /// The ARNs of its load balancers; the name of a classic one.
    pub load_balancers: Vec<Arc<str>>,
    /// The ARNs of its target groups.
    pub target_groups: Vec<Arc<str>>,
    /// The ids of its instances.
    pub instances: Vec<Arc<str>>,
}

/// An alarm mute rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MuteRule {
    /// Its name, which is unique in account and region.
    pub name: Arc<str>,
    /// The names of the alarms that it mutes. None: those of the whole account and region (UNVERIFIED, from a comment in
    /// AWS's examples for .NET).
    pub alarms: Option<Vec<Arc<str>>>,
    /// `at(2026-11-27T14:00)` or `cron(0 2 * * *)`.
    pub expression: Arc<str>,
    /// How long it mutes each time, in ISO 8601: `PT1H`.
    pub duration: Arc<str>,
    /// The time zone of the expression; none: UTC.
    pub time_zone: Option<Arc<str>>,
    /// When it ends for good, if it does.
    pub expires: Option<Moment>,
    /// What it does at the moment.
    pub status: MuteStatus,
}

/// The alarms of an environment, and the rule by which beanpole mutes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvironmentAlarms {
    /// Those that look at the environment, by name.
    pub alarms: Vec<Alarm>,
    /// The rule of beanpole's own, if one is in force.
    pub rule: Option<MuteRule>,
    /// Why there may be more alarms than were read.
    pub unread: Option<Arc<Fault>>,
}

impl EnvironmentAlarms {
    /// Returns the names of the alarms whose actions may be muted: those of scaling policies are left out.
    #[must_use]
    pub fn mutable(&self) -> Vec<Arc<str>> {
        self.alarms.iter().filter(|alarm| !alarm.scales()).map(|alarm| Arc::clone(&alarm.name)).collect()
    }

    /// Until when beanpole's rule mutes an alarm, if it does.
    #[must_use]
    pub fn muted_until(&self, alarm: &Alarm) -> Option<Moment> {
        self.rule.as_ref().filter(|rule| rule.mutes(&alarm.name)).and_then(MuteRule::until)
    }
}

impl Alarm {
    /// Returns whether it watches something of this environment. A target group is more specific than the load balancer,
    /// which may be shared; an alarm on a shared load balancer alone concerns each of its environments.
    #[must_use]
    pub fn concerns(&self, subjects: &AlarmSubjects) -> bool {
        self.metrics.iter().any(|metric| metric.concerns(subjects))
    }

    /// Returns whether it scales. Its actions should stay unmuted: the Auto Scaling group would no longer follow the load.
    #[must_use]
    pub fn scales(&self) -> bool {
        self.actions.iter().any(|action| action.split(':').nth(2) == Some("autoscaling"))
    }
}

impl AlarmMetric {
    fn concerns(&self, subjects: &AlarmSubjects) -> bool {
        let dimension = |name: &str| self.dimensions.iter().find(|(it, _)| **it == *name).map(|(_, value)| &**value);
        if let Some(group) = dimension("TargetGroup") {
            return subjects.target_groups.iter().any(|arn| resource(arn) == group);
        }
        let is_balancer = |value: &str| {
            subjects.load_balancers.iter().any(|arn| resource(arn).strip_prefix("loadbalancer/") == Some(value))
        };
        let is_classic = |value: &str| subjects.load_balancers.iter().any(|it| load_balancer_name(it) == value);
        let is_instance = |value: &str| subjects.instances.iter().any(|id| **id == *value);
        dimension("LoadBalancer").is_some_and(is_balancer)
            || dimension("LoadBalancerName").is_some_and(is_classic)
            || dimension("InstanceId").is_some_and(is_instance)
            || dimension("EnvironmentName").is_some_and(|value| *value == *subjects.environment)
    }
}

impl MuteRule {
    /// Does it mute, or will it?
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.status != MuteStatus::Expired
    }

    /// Does it mute this alarm now?
    #[must_use]
    pub fn mutes(&self, alarm: &str) -> bool {
        let is_meant = |names: &Vec<Arc<str>>| names.iter().any(|name| **name == *alarm);
        self.status == MuteStatus::Active && self.alarms.as_ref().is_none_or(is_meant)
    }

    /// When it stops muting: the end of its window if that is the only one, or of the rule. `None`: it repeats, or its time
    /// zone is not UTC.
    #[must_use]
    pub fn until(&self) -> Option<Moment> {
        let end = self.end_of_window();
        end.into_iter().chain(self.expires).min()
    }

    fn end_of_window(&self) -> Option<Moment> {
        let at = self.expression.strip_prefix("at(")?.strip_suffix(')')?;
        if !matches!(self.time_zone.as_deref(), None | Some("UTC")) {
            return None;
        }
        let from = at.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        let lasts: SignedDuration =
            self.duration.parse::<Span>().ok()?.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
        from.checked_add(lasts).ok().map(Moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/edge/50dc";
    const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/awseb-web/73e2";

    fn alarm(dimensions: &[(&str, &str)], action: &str) -> Alarm {
        let dimensions = dimensions.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Alarm {
            name: "web".into(),
            arn: "arn:aws:cloudwatch:eu-west-1:1:alarm:web".into(),
            state: AlarmState::Ok,
            since: None,
            metrics: vec![AlarmMetric { namespace: "AWS/ApplicationELB".into(), name: "X".into(), dimensions }],
            actions_enabled: true,
            actions: vec![action.into()],
        }
    }

    #[test]
    fn an_alarm_concerns_an_environment_by_what_it_looks_at() {
        let subjects = AlarmSubjects {
            environment: "web".into(),
            load_balancers: vec![BALANCER.into(), "awseb-e-c-AWSEBLoa-1".into()],
            target_groups: vec![GROUP.into()],
            instances: vec!["i-1".into()],
        };
        let other_group = ("TargetGroup", "targetgroup/awseb-other/1");
        let table: [(&[(&str, &str)], bool); 10] = [
            (&[("LoadBalancer", "app/edge/50dc")], true),
            (&[("LoadBalancer", "app/edge/50dd")], false),
            (&[("TargetGroup", "targetgroup/awseb-web/73e2"), ("LoadBalancer", "app/edge/50dc")], true),
            // The load balancer is shared.
            (&[other_group, ("LoadBalancer", "app/edge/50dc")], false),
            (&[("LoadBalancerName", "awseb-e-c-AWSEBLoa-1")], true),
            (&[("InstanceId", "i-1")], true),
            (&[("InstanceId", "i-2")], false),
            (&[("EnvironmentName", "web")], true),
            (&[("EnvironmentName", "web-2")], false),
            (&[], false),
        ];
        for (dimensions, expected) in table {
            assert_eq!(alarm(dimensions, "x").concerns(&subjects), expected, "{dimensions:?}");
        }
    }

    #[test]
    fn an_alarm_that_scales_is_known_by_its_actions() {
        let policy = "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:0a:autoScalingGroupName/web:policyName/up";
        assert!(alarm(&[], policy).scales());
        assert!(!alarm(&[], "arn:aws:sns:eu-west-1:1:autoscaling").scales());
    }

    #[test]
    fn a_rule_mutes_until_its_window_or_its_time_is_over() {
        let rule = |expression: &str, time_zone: Option<&str>, expires: Option<&str>| MuteRule {
            name: "beanpole-e-1".into(),
            alarms: Some(vec!["web".into()]),
            expression: expression.into(),
            duration: "PT90M".into(),
            time_zone: time_zone.map(Into::into),
            expires: expires.map(|at| Moment(at.parse().unwrap())),
            status: MuteStatus::Active,
        };
        let until = |it: &MuteRule| it.until().map(|at| at.0.to_string());
        let table = [
            (rule("at(2026-11-27T14:00)", None, None), Some("2026-11-27T15:30:00Z")),
            (rule("at(2026-11-27T14:00)", Some("UTC"), Some("2026-11-27T15:00:00Z")), Some("2026-11-27T15:00:00Z")),
            (rule("at(2026-11-27T14:00)", Some("Asia/Tokyo"), None), None),
            (rule("cron(0 2 * * *)", None, None), None),
            (rule("cron(0 2 * * *)", None, Some("2026-11-28T00:00:00Z")), Some("2026-11-28T00:00:00Z")),
            (rule("at(tomorrow)", None, None), None),
        ];
        for (rule, expected) in &table {
            assert_eq!(until(rule).as_deref(), *expected, "{rule:?}");
            assert!(rule.mutes("web") && !rule.mutes("other"));
        }
        let everything = MuteRule { alarms: None, ..table[0].0.clone() };
        assert!(everything.mutes("other"));
        assert!(!MuteRule { status: MuteStatus::Scheduled, ..everything }.mutes("web"));
    }
}
