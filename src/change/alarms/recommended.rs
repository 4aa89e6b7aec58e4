//! The alarms that every environment behind an Application Load Balancer should have, and which of them it lacks.
//!
//! `UnHealthyHostCount` by its minimum over two minutes is AWS's own recommendation (user guide, CloudWatch metrics for your
//! Application Load Balancer). A metric that is reported only when it is not zero has notBreaching for missing data; the
//! count of healthy hosts has breaching, because it stops when no target is registered.

use std::sync::Arc;

use super::{APPLICATION_NAMESPACE, NewAlarm};
use crate::model::{
    Alarm, AlarmEvaluation, AlarmExpression, AlarmMetric, AlarmSubjects, Environment, EnvironmentAlarms, resource,
    resource_name,
};

/// An alarm that is recommended, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct RecommendedAlarm {
    /// The alarm, without actions.
    pub alarm: NewAlarm,
    /// What it notices.
    pub why: &'static str,
}

/// The name and the value of a dimension.
type Dimension = (Arc<str>, Arc<str>);

/// What a recommended alarm looks at.
#[derive(Clone, Copy, PartialEq)]
enum On {
    LoadBalancer,
    TargetGroup,
    Environment,
}

struct Row {
    /// The end of its name.
    name: &'static str,
    on: On,
    metric: &'static str,
    statistic: &'static str,
    comparison: &'static str,
    threshold: f64,
    /// Seconds, and how many of such periods.
    period: (i32, i32),
    missing: &'static str,
    why: &'static str,
}

const ABOVE: &str = "GreaterThanThreshold";
const AT_LEAST: &str = "GreaterThanOrEqualToThreshold";
const QUIET: &str = "notBreaching";
/// The metric of which the share in all requests is judged, and the fewest requests of five minutes that count.
const SHARED: &str = "HTTPCode_Target_5XX_Count";
const FEWEST: u32 = 100;

const ROWS: &[Row] = &[
    row("unhealthy-hosts", On::TargetGroup, ("UnHealthyHostCount", "Minimum"), (ABOVE, 0.0), (60, 2), "missing")
        .because("a target fails its health check for two minutes"),
    row(
        "no-healthy-host",
        On::TargetGroup,
        ("HealthyHostCount", "Maximum"),
        ("LessThanThreshold", 1.0),
        (60, 2),
        "breaching",
    )
    .because("no target is healthy"),
    row("elb-5xx", On::LoadBalancer, ("HTTPCode_ELB_5XX_Count", "Sum"), (ABOVE, 0.0), (300, 1), QUIET)
        .because("the load balancer itself answers with 502, 503 or 504"),
    row("target-5xx", On::TargetGroup, (SHARED, "Sum"), (ABOVE, 1.0), (300, 1), QUIET)
        .because("more than 1 % of the answers of the targets are 5xx, of 100 requests or more"),
    row("p99-latency", On::TargetGroup, ("TargetResponseTime", "p99"), (ABOVE, 1.0), (300, 3), QUIET)
        .because("one request in a hundred takes longer than a second, for 15 minutes"),
    row("connection-errors", On::TargetGroup, ("TargetConnectionErrorCount", "Sum"), (ABOVE, 0.0), (300, 1), QUIET)
        .because("the load balancer cannot connect to a target"),
    row("rejected-connections", On::LoadBalancer, ("RejectedConnectionCount", "Sum"), (ABOVE, 0.0), (300, 1), QUIET)
        .because("the load balancer rejects connections at its limit"),
    row("fail-open", On::TargetGroup, ("UnhealthyRoutingRequestCount", "Sum"), (ABOVE, 0.0), (300, 1), QUIET)
        .because("no target is healthy, and requests go to all of them"),
    row("health", On::Environment, ("EnvironmentHealth", "Maximum"), (AT_LEAST, 15.0), (60, 2), "missing")
        .because("Beanstalk reports Warning or worse"),
];

const fn row(
    name: &'static str,
    on: On,
    (metric, statistic): (&'static str, &'static str),
    (comparison, threshold): (&'static str, f64),
    period: (i32, i32),
    missing: &'static str,
) -> Row {
    Row { name, on, metric, statistic, comparison, threshold, period, missing, why: "" }
}

impl Row {
    const fn because(mut self, why: &'static str) -> Self {
        self.why = why;
        self
    }

    /// The alarm that looks at these dimensions. `of` is put into its name, if there are several like it.
    fn alarm(&self, environment: &str, of: Option<&str>, dimensions: &[Dimension]) -> NewAlarm {
        let of = of.map_or(String::new(), |of| format!("-{of}"));
        let namespace = if self.on == On::Environment { "AWS/ElasticBeanstalk" } else { APPLICATION_NAMESPACE };
        let (period, periods) = self.period;
        let metric = |id: Option<&str>, name: &str| AlarmMetric {
            id: id.map(Arc::from),
            namespace: namespace.into(),
            name: name.into(),
            dimensions: dimensions.to_vec(),
            statistic: self.statistic.into(),
            period,
            is_judged: id.is_none(),
        };
        let (metrics, expressions) = if self.metric == SHARED {
            let expression = AlarmExpression {
                id: "share".into(),
                text: format!("IF(requests >= {FEWEST}, 100 * FILL(errors, 0) / requests, 0)").into(),
                label: Some("percent of the answers that are 5xx".into()),
                is_judged: true,
            };
            (vec![metric(Some("errors"), SHARED), metric(Some("requests"), "RequestCount")], vec![expression])
        } else {
            (vec![metric(None, self.metric)], Vec::new())
        };
        NewAlarm {
            name: format!("beanpole-{environment}{of}-{}", self.name).into(),
            description: Some(format!("Made by beanpole: {}.", self.why).into()),
            metrics,
            expressions,
            evaluation: AlarmEvaluation {
                periods,
                datapoints: None,
                threshold: Some(self.threshold),
                comparison: self.comparison.into(),
                missing: Some(self.missing.into()),
            },
            actions_enabled: true,
            actions: Vec::new(),
            ok_actions: Vec::new(),
            insufficient_actions: Vec::new(),
        }
    }
}

/// The recommended alarms that an environment lacks: no alarm of it looks at that metric of that target group or load
/// balancer.
#[must_use]
pub fn missing_alarms(environment: &Environment, found: &EnvironmentAlarms) -> Vec<RecommendedAlarm> {
    let all = recommended(environment, &found.subjects);
    all.into_iter().filter(|it| !found.alarms.iter().any(|alarm| is_covered_by(&it.alarm, alarm))).collect()
}

fn recommended(environment: &Environment, subjects: &AlarmSubjects) -> Vec<RecommendedAlarm> {
    let balancer = subjects.load_balancers.iter().find_map(|arn| resource(arn).strip_prefix("loadbalancer/app/"));
    let balancer = balancer.map(|rest| (Arc::from("LoadBalancer"), Arc::from(format!("app/{rest}"))));
    let groups: Vec<(&str, Dimension)> = subjects
        .target_groups
        .iter()
        .map(|arn| (resource_name(arn), ("TargetGroup".into(), Arc::from(resource(arn)))))
        .collect();
    let mut all = Vec::new();
    for row in ROWS {
        let mut add = |of: Option<&str>, dimensions: &[Dimension]| {
            let alarm = row.alarm(&environment.name, of, dimensions);
            all.push(RecommendedAlarm { alarm, why: row.why });
        };
        match (row.on, &balancer) {
            (On::Environment, _) if environment.has_enhanced_health() => {
                add(None, &[("EnvironmentName".into(), Arc::clone(&environment.name))]);
            }
            (On::LoadBalancer, Some(balancer)) => add(None, std::slice::from_ref(balancer)),
            (On::TargetGroup, Some(balancer)) => {
                for (name, group) in &groups {
                    add((groups.len() > 1).then_some(*name), &[group.clone(), balancer.clone()]);
                }
            }
            _ => {}
        }
    }
    all
}

/// Whether an alarm looks at the same metric of the same object, whatever its threshold.
fn is_covered_by(wanted: &NewAlarm, alarm: &Alarm) -> bool {
    let Some(metric) = wanted.metrics.first() else { return false };
    let most_specific = ["TargetGroup", "LoadBalancer", "EnvironmentName"];
    let Some(name) = most_specific.into_iter().find(|name| metric.dimension(name).is_some()) else { return false };
    let is_same = |it: &AlarmMetric| {
        it.namespace == metric.namespace && it.name == metric.name && it.dimension(name) == metric.dimension(name)
    };
    alarm.metrics.iter().any(is_same)
}

/// The action that most of the environment's alarms have, those that scale left out.
#[must_use]
pub fn sibling_action(alarms: &[Alarm]) -> Option<Arc<str>> {
    let actions = || alarms.iter().filter(|alarm| !alarm.scales()).flat_map(|alarm| &alarm.actions);
    let count = |action: &Arc<str>| actions().filter(|other| *other == action).count();
    // Of several that are equally frequent, the first by name.
    actions().max_by(|one, other| count(one).cmp(&count(other)).then(other.cmp(one))).cloned()
}
