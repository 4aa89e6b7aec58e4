//! `CloudWatch` alarms: what each looks at, when it goes to ALARM, and which environment that concerns.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::arn::{load_balancer_name, resource};
use super::fault::Fault;
use super::key::{Key, ScopeId};
use super::moment::Moment;
use super::mute_rule::MuteRule;
use super::wire_enum::wire_enum;

/// An alarm: on a metric, on an expression of several, or on other alarms.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// Which, by its ARN.
    pub key: Key<Alarm>,
    /// Its name, which is unique in account and region.
    pub name: Arc<str>,
    /// Its state.
    pub state: AlarmState,
    /// Since when it is in that state.
    pub since: Option<Moment>,
    /// What `CloudWatch` says about why.
    pub reason: Option<Arc<str>>,
    /// Its purpose.
    pub description: Option<Arc<str>>,
    /// What it looks at: one metric, or those of its expression.
    pub metrics: Vec<AlarmMetric>,
    /// Its expressions, if it looks at such.
    pub expressions: Vec<AlarmExpression>,
    /// When it goes to ALARM; `None` for a composite one.
    pub evaluation: Option<AlarmEvaluation>,
    /// The rule of a composite alarm.
    pub rule: Option<Arc<str>>,
    /// False: its actions are switched off.
    pub actions_enabled: bool,
    /// What it does when it goes to ALARM: ARNs of topics, scaling policies ...
    pub actions: Vec<Arc<str>>,
    /// What it does when it goes to OK.
    pub ok_actions: Vec<Arc<str>>,
    /// What it does when it goes to `INSUFFICIENT_DATA`.
    pub insufficient_actions: Vec<Arc<str>>,
}

/// A metric that an alarm looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmMetric {
    /// The name that expressions have for it; `None` for the only metric of an alarm without expressions.
    pub id: Option<Arc<str>>,
    /// `AWS/ApplicationELB` ...
    pub namespace: Arc<str>,
    /// `UnHealthyHostCount` ...
    pub name: Arc<str>,
    /// Names and values.
    pub dimensions: Vec<(Arc<str>, Arc<str>)>,
    /// `Sum`, `p99` ...
    pub statistic: Arc<str>,
    /// Seconds.
    pub period: i32,
    /// Whether the alarm judges this one itself.
    pub is_judged: bool,
}

/// An expression of an alarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmExpression {
    /// The name that other expressions have for it.
    pub id: Arc<str>,
    /// The expression.
    pub text: Arc<str>,
    /// Its name on charts.
    pub label: Option<Arc<str>>,
    /// Whether the alarm judges this one.
    pub is_judged: bool,
}

/// When a metric alarm goes to ALARM.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlarmEvaluation {
    /// How many periods are looked at.
    pub periods: i32,
    /// How many of them must breach; `None`: all.
    pub datapoints: Option<i32>,
    /// The threshold; `None` for a band of anomalies.
    pub threshold: Option<f64>,
    /// `GreaterThanThreshold` ...
    pub comparison: Arc<str>,
    /// `missing`, `ignore`, `breaching` or `notBreaching`; `None` is `missing`.
    pub missing: Option<Arc<str>>,
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

/// Something that happened to an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmEvent {
    /// When.
    pub at: Option<Moment>,
    /// What.
    pub kind: AlarmEventKind,
    /// What `CloudWatch` says of it.
    pub summary: Arc<str>,
}

wire_enum! {
    /// What happened to an alarm.
    AlarmEventKind {
        /// It was created or updated.
        Configuration = "ConfigurationUpdate",
        /// Its state changed.
        State = "StateUpdate",
        /// One of its actions ran.
        Action = "Action",
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

/// The alarms of an environment, and the rule by which beanpole mutes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvironmentAlarms {
    /// Those that look at the environment, by name.
    pub alarms: Vec<Alarm>,
    /// What they may look at.
    pub subjects: AlarmSubjects,
    /// The alarms on Classic Load Balancers that look at nothing of it: its own may be gone.
    pub classic: Vec<Alarm>,
    /// The rule of beanpole's own, if one is in force.
    pub rule: Option<MuteRule>,
    /// Why there may be more alarms than were read, or another rule.
    pub unread: Option<Arc<Fault>>,
    /// Why its load balancer and target groups are not all known, or not all alarms on them.
    pub unlinked: Option<Arc<Fault>>,
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
    /// An alarm that looks at nothing yet.
    #[must_use]
    pub fn new(scope: ScopeId, name: &str, state: AlarmState) -> Self {
        Self {
            key: Key::new(scope, format!("arn:aws:cloudwatch:::alarm:{name}")),
            name: name.into(),
            state,
            since: None,
            reason: None,
            description: None,
            metrics: Vec::new(),
            expressions: Vec::new(),
            evaluation: None,
            rule: None,
            actions_enabled: true,
            actions: Vec::new(),
            ok_actions: Vec::new(),
            insufficient_actions: Vec::new(),
        }
    }

    /// Returns whether it watches something of this environment. A target group is more specific than the load balancer,
    /// which may be shared; an alarm on a shared load balancer alone concerns each of its environments.
    #[must_use]
    pub fn concerns(&self, subjects: &AlarmSubjects) -> bool {
        self.metrics.iter().any(|metric| metric.concerns(subjects))
    }

    /// Returns whether it is composite and its rule looks at this alarm, by its name or its ARN.
    #[must_use]
    pub fn follows(&self, other: &Self) -> bool {
        let between = |(before, after): (&str, &str)| {
            let is_edge = |it: char| matches!(it, '(' | ')' | '"' | ' ');
            before.ends_with(is_edge) && after.starts_with(is_edge)
        };
        let named = |rule: &str, name: &str| {
            rule.match_indices(name).any(|(at, it)| between((&rule[..at], &rule[at + it.len()..])))
        };
        self.rule.as_deref().is_some_and(|rule| named(rule, &other.name) || named(rule, &other.key.id))
    }

    /// Returns whether it scales. Its actions should stay unmuted: the Auto Scaling group would no longer follow the load.
    #[must_use]
    pub fn scales(&self) -> bool {
        self.actions.iter().any(|action| action.split(':').nth(2) == Some("autoscaling"))
    }
}

/// Keeps the alarms that watch something of an environment, and the composite ones that follow one of those.
#[must_use]
pub fn concerning<'a>(alarms: impl Iterator<Item = &'a Alarm>, subjects: &AlarmSubjects) -> Vec<&'a Alarm> {
    let (mut kept, mut rest): (Vec<&Alarm>, Vec<&Alarm>) = alarms.partition(|alarm| alarm.concerns(subjects));
    loop {
        let (follow, others): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|alarm| kept.iter().any(|other| alarm.follows(other)));
        if follow.is_empty() {
            break;
        }
        (kept, rest) = ([kept, follow].concat(), others);
    }
    kept.sort_by(|one, other| one.name.cmp(&other.name));
    kept
}

impl AlarmMetric {
    /// The value of a dimension.
    #[must_use]
    pub fn dimension(&self, name: &str) -> Option<&Arc<str>> {
        self.dimensions.iter().find(|(it, _)| **it == *name).map(|(_, value)| value)
    }

    fn concerns(&self, subjects: &AlarmSubjects) -> bool {
        let dimension = |name: &str| self.dimension(name).map(|value| &**value);
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

#[cfg(test)]
mod tests {
    use super::*;

    const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/edge/50dc";
    const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/awseb-web/73e2";

    fn alarm(dimensions: &[(&str, &str)], action: &str) -> Alarm {
        let dimensions = dimensions.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let metric = AlarmMetric {
            id: None,
            namespace: "AWS/ApplicationELB".into(),
            name: "X".into(),
            dimensions,
            statistic: "Sum".into(),
            period: 60,
            is_judged: true,
        };
        Alarm { metrics: vec![metric], actions: vec![action.into()], ..Alarm::new(ScopeId(0), "web", AlarmState::Ok) }
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
    fn a_composite_alarm_concerns_what_those_that_it_follows_concern() {
        let subjects = AlarmSubjects { instances: vec!["i-1".into()], ..AlarmSubjects::default() };
        let on = |name: &str, instance: &str| Alarm { name: name.into(), ..alarm(&[("InstanceId", instance)], "x") };
        let composite = |name: &str, rule: &str| Alarm {
            rule: Some(rule.into()),
            ..Alarm::new(ScopeId(0), name, AlarmState::Alarm)
        };
        let all = [
            on("ours", "i-1"),
            on("theirs", "i-2"),
            composite("above", "ALARM(between) AND TRUE"),
            composite("between", "ALARM(\"ours\") OR ALARM(theirs)"),
            composite("beside", "ALARM(ours-too) OR ALARM(theirs)"),
        ];
        let names: Vec<_> = concerning(all.iter(), &subjects).iter().map(|alarm| &*alarm.name).collect();
        assert_eq!(names, ["above", "between", "ours"]);
    }
}
