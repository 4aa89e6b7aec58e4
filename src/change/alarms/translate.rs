//! The equivalent of an alarm on a Classic Load Balancer's metrics, on the Application Load Balancer that took its place.

use std::sync::Arc;

use super::{APPLICATION_NAMESPACE, NewAlarm};
use crate::model::{Alarm, AlarmMetric, AlarmSubjects, DimensionSets, Metric, resource, resource_name};

/// The namespace of Classic Load Balancers.
pub const CLASSIC_NAMESPACE: &str = "AWS/ELB";

/// Whether it looks at a metric of Classic Load Balancers.
#[must_use]
pub fn is_classic(alarm: &Alarm) -> bool {
    alarm.metrics.iter().any(|metric| &*metric.namespace == CLASSIC_NAMESPACE)
}

/// Whether the name of an alarm contains the name of an environment, and of no other with a longer name.
#[must_use]
pub fn is_named_after<'a>(alarm: &str, environment: &str, others: impl IntoIterator<Item = &'a str>) -> bool {
    let contains = |name: &str| {
        let is_edge = |it: Option<char>| it.is_none_or(|it| !it.is_alphanumeric());
        alarm
            .match_indices(name)
            .any(|(at, it)| is_edge(alarm[..at].chars().next_back()) && is_edge(alarm[at + it.len()..].chars().next()))
    };
    contains(environment) && !others.into_iter().any(|other| other.len() > environment.len() && contains(other))
}

/// The equivalents of an alarm, one for each target group where the metric exists only per target group.
///
/// # Errors
/// When there is none, with the reason.
pub fn translated(alarm: &Alarm, subjects: &AlarmSubjects) -> Result<Vec<NewAlarm>, String> {
    let balancer = subjects.load_balancers.iter().find_map(|arn| resource(arn).strip_prefix("loadbalancer/app/"));
    let balancer = balancer.map(|rest| format!("app/{rest}"));
    let balancer = balancer.ok_or("the environment has no Application Load Balancer")?;
    let evaluation = alarm.evaluation.clone().ok_or("it is composite: its rule names other alarms")?;
    let mut is_per_group = false;
    for metric in &alarm.metrics {
        is_per_group |= equivalent(metric)?.1;
    }
    let groups: Vec<Option<&Arc<str>>> = match (is_per_group, subjects.target_groups.is_empty()) {
        (true, true) => return Err("no target group of the environment is known".to_owned()),
        (true, false) => subjects.target_groups.iter().map(Some).collect(),
        (false, _) => vec![None],
    };
    let one = |group: Option<&Arc<str>>| {
        let of = group.filter(|_| groups.len() > 1).map_or(String::new(), |arn| format!("-{}", resource_name(arn)));
        let metrics = alarm.metrics.iter().map(|metric| moved(metric, &balancer, group)).collect::<Result<_, _>>()?;
        Ok(NewAlarm {
            name: format!("{}{of}-alb", alarm.name).into(),
            description: alarm.description.clone(),
            metrics,
            expressions: alarm.expressions.clone(),
            evaluation: evaluation.clone(),
            actions_enabled: alarm.actions_enabled,
            actions: alarm.actions.clone(),
            ok_actions: alarm.ok_actions.clone(),
            insufficient_actions: alarm.insufficient_actions.clone(),
        })
    };
    groups.iter().map(|group| one(*group)).collect()
}

/// The name of the equivalent, and whether it exists only per target group. Metrics of other services stay.
fn equivalent(metric: &AlarmMetric) -> Result<(&str, bool), String> {
    if &*metric.namespace != CLASSIC_NAMESPACE {
        return Ok((&metric.name, false));
    }
    let known = Metric::ALL.iter().map(|it| it.facts()).find(|facts| facts.classic == Some(&*metric.name));
    let known = known.map(|facts| (facts.name, facts.dimensions == DimensionSets::TargetGroup));
    known.ok_or_else(|| match &*metric.name {
        "SurgeQueueLength" => {
            "an Application Load Balancer has no queue; the nearest signal is TargetResponseTime p99".to_owned()
        }
        name => format!("{name} has no equivalent"),
    })
}

fn moved(metric: &AlarmMetric, balancer: &str, group: Option<&Arc<str>>) -> Result<AlarmMetric, String> {
    let (name, is_per_group) = equivalent(metric)?;
    if &*metric.namespace != CLASSIC_NAMESPACE {
        return Ok(metric.clone());
    }
    let mut dimensions: Vec<(Arc<str>, Arc<str>)> = vec![("LoadBalancer".into(), balancer.into())];
    if let Some(arn) = group.filter(|_| is_per_group) {
        dimensions.push(("TargetGroup".into(), resource(arn).into()));
    }
    dimensions.extend(metric.dimension("AvailabilityZone").map(|zone| ("AvailabilityZone".into(), Arc::clone(zone))));
    let (namespace, name) = (APPLICATION_NAMESPACE.into(), name.into());
    Ok(AlarmMetric { namespace, name, dimensions, ..metric.clone() })
}
