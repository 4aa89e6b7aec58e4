//! Alarms of `CloudWatch`: those in ALARM, those that can never fire, and those that are missing.

use std::time::Duration;

use crate::change::{APPLICATION_NAMESPACE, CLASSIC_NAMESPACE, is_named_after};
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::model::{
    Absence, Alarm, AlarmMetric, AlarmState, AlarmSubjects, DimensionSets, Metric, MetricFacts, Source, clean,
    resource, span_words,
};

/// How many letters of a metric's name may differ before another one is meant.
const MOST_MISSPELT: usize = 2;
/// A metric that is always reported while there are targets has no data for so many days: it never will.
const SILENT_DAYS: u64 = 2;

const RAISED: Grade = Grade::new(FindingSeverity::Warning, "the state is ALARM").attention(2);

pub static RAISED_ALARM: Check = Check {
    id: "alarm-raised",
    topic: Topic::Alarms,
    inputs: &["RaisedAlarms"],
    grades: &[RAISED],
    needs: "the alarms in ALARM of the region",
    sentence: "An alarm of the environment is in ALARM.",
    explanation: "A CloudWatch alarm that looks at the environment, its load balancer, a target group or an instance has \
                  crossed its threshold. Alarms whose action is a scaling policy are left out: one of each pair is in \
                  ALARM whenever the load is low.",
    advice: "Read the reason of the alarm, then the targets and the metrics of the environment.",
};

/// Returns how bad an alarm in ALARM is.
#[must_use]
pub fn severity_of_alarms() -> FindingSeverity {
    RAISED.severity
}

pub fn raised_alarm(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    for alarm in inputs.snapshot.raised_alarms(inputs.environment) {
        let since = alarm.since.map_or(String::new(), |at| format!(" for {}", span_words(inputs.now().since(at))));
        let reason = alarm.reason.as_deref().map(|reason| clean(reason).into_owned());
        let subject = FindingSubject::Alarm(alarm.key.clone());
        run.found(
            RAISED,
            subject,
            format!("alarm {} is in ALARM{since}", clean(&alarm.name)),
            reason.into_iter().collect(),
        );
    }
    run.doubted(inputs.reliability.doubt(&Source::RaisedAlarms(inputs.snapshot.scope)));
}

const SILENT: Grade = Grade::new(
    FindingSeverity::Warning,
    "a wrong namespace, metric, dimension or statistic, or its target group or load balancer is gone",
);

pub static SILENT_ALARM: Check = Check {
    id: "alarm-cannot-fire",
    topic: Topic::AlarmSettings,
    inputs: &["Alarms", "LoadBalancers", "TargetGroups"],
    grades: &[SILENT],
    needs: "all alarms of the region, its load balancers and its target groups",
    sentence: "An alarm looks at something that is never reported.",
    explanation: "CloudWatch matches a metric by its namespace, its name and its exact set of dimensions, and reports no \
                  error if there is none such: the alarm stays silent, and its state looks calm. After a move from a \
                  Classic Load Balancer, or after a target group was replaced, old alarms look at nothing.",
    advice: "Create the alarm again on what exists: beanpole alarms ENV --translate for names of a Classic Load Balancer, \
             --recommended for what is missing.",
};

pub fn silent_alarm(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() || !are_known(inputs, run) {
        return;
    }
    let subjects = inputs.snapshot.alarm_subjects(inputs.environment);
    let mut ours: Vec<_> = inputs.inventory().alarms.values().filter(|alarm| is_of(inputs, &subjects, alarm)).collect();
    ours.sort_by(|one, other| one.name.cmp(&other.name));
    for alarm in ours {
        if let Some(why) = alarm.metrics.iter().find_map(|metric| mistake(inputs, metric)) {
            let subject = FindingSubject::Alarm(alarm.key.clone());
            run.found(
                SILENT,
                subject,
                format!("alarm {} can never fire: {}", clean(&alarm.name), clean(&why)),
                Vec::new(),
            );
        }
    }
    let scope = inputs.snapshot.scope;
    for source in [Source::LoadBalancers(scope), Source::TargetGroups(scope)] {
        run.doubted(inputs.reliability.doubt(&source));
    }
}

/// Whether all alarms were read; otherwise it is undecided.
fn are_known(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) -> bool {
    let source = Source::Alarms(inputs.snapshot.scope);
    run.doubted(inputs.reliability.doubt(&source));
    // Which alarms are its own follows from what is linked to it.
    if inputs.proven().next().is_none() {
        run.doubted(inputs.targets_doubt());
    }
    inputs.snapshot.reads.is_whole(&source)
}

/// Whether an alarm is one of the environment's: by what it looks at, by its load balancer, or, where that is gone, by the
/// alarm's name alone.
fn is_of(inputs: &Inputs<'_>, subjects: &AlarmSubjects, alarm: &Alarm) -> bool {
    let is_its_balancer = |metric: &AlarmMetric| {
        let named = metric.dimension("LoadBalancer");
        let mut balancers =
            subjects.load_balancers.iter().filter_map(|arn| resource(arn).strip_prefix("loadbalancer/"));
        balancers.any(|balancer| named.is_some_and(|name| **name == *balancer))
    };
    // Those of a target group that exists are another environment's.
    let is_left = |metric: &AlarmMetric| is_its_balancer(metric) && !has_its_group(inputs, metric);
    let is_balancers = |metric: &AlarmMetric| matches!(&*metric.namespace, APPLICATION_NAMESPACE | CLASSIC_NAMESPACE);
    let others = inputs.inventory().environments.values().map(|it| &*it.name);
    // All lists are gone through only for an alarm of this name.
    alarm.concerns(subjects)
        || alarm.metrics.iter().any(is_left)
        || (is_named_after(&alarm.name, &inputs.environment.name, others)
            && alarm.metrics.iter().any(|metric| is_balancers(metric) && is_gone(inputs, metric).is_some()))
}

fn has_its_group(inputs: &Inputs<'_>, metric: &AlarmMetric) -> bool {
    let named = metric.dimension("TargetGroup");
    named.is_some_and(|name| inputs.inventory().target_groups.keys().any(|key| resource(&key.id) == &**name))
}

/// Why nothing is ever reported of a metric.
fn mistake(inputs: &Inputs<'_>, metric: &AlarmMetric) -> Option<String> {
    match &*metric.namespace {
        CLASSIC_NAMESPACE => Some("AWS/ELB has the metrics of Classic Load Balancers alone".to_owned()),
        APPLICATION_NAMESPACE => is_gone(inputs, metric).or_else(|| misspelt(metric)).or_else(|| {
            let facts = facts_of(&metric.name)?;
            wrong_dimensions(metric, facts).or_else(|| wrong_statistic(metric, facts))
        }),
        _ => None,
    }
}

/// The load balancer or the target group that it names and that does not exist.
fn is_gone(inputs: &Inputs<'_>, metric: &AlarmMetric) -> Option<String> {
    let (scope, inventory) = (inputs.snapshot.scope, inputs.inventory());
    let is_listed = |source: Source| inputs.snapshot.reads.is_whole(&source);
    if let Some(group) = metric.dimension("TargetGroup").filter(|_| is_listed(Source::TargetGroups(scope)))
        && !has_its_group(inputs, metric)
    {
        return Some(format!("there is no target group {group}"));
    }
    let balancer = metric.dimension("LoadBalancer").filter(|_| is_listed(Source::LoadBalancers(scope)))?;
    let is_it = |arn: &str| resource(arn).strip_prefix("loadbalancer/") == Some(&**balancer);
    let is_there = inventory.load_balancers.keys().any(|key| is_it(&key.id));
    (!is_there).then(|| format!("there is no load balancer {balancer}"))
}

fn facts_of(name: &str) -> Option<&'static MetricFacts> {
    Metric::ALL.iter().map(|metric| metric.facts()).find(|facts| facts.name == name)
}

/// A name that is nearly that of a metric. One that is near none may be newer than this program.
fn misspelt(metric: &AlarmMetric) -> Option<String> {
    let names = || Metric::ALL.iter().map(|metric| metric.facts().name);
    if names().any(|name| *name == *metric.name) {
        return None;
    }
    let distance = |name: &str| strsim::osa_distance(&name.to_lowercase(), &metric.name.to_lowercase());
    let meant = names().min_by_key(|name| distance(name)).filter(|name| distance(name) <= MOST_MISSPELT)?;
    Some(format!("there is no metric {}, {meant} is meant", metric.name))
}

fn wrong_dimensions(metric: &AlarmMetric, facts: &MetricFacts) -> Option<String> {
    let has = |name: &str| metric.dimension(name).is_some();
    let known = ["LoadBalancer", "TargetGroup", "AvailabilityZone"];
    let stranger = metric.dimensions.iter().find(|(name, _)| !known.contains(&&**name));
    if let Some((name, _)) = stranger {
        return Some(format!("{} has no dimension {name}", metric.name));
    }
    let (group, zone) = (has("TargetGroup"), has("AvailabilityZone"));
    let is_alone = facts.name == "RequestCountPerTarget" && group;
    if facts.dimensions.has(group, zone) && (has("LoadBalancer") || is_alone) {
        return None;
    }
    let wants =
        if facts.dimensions == DimensionSets::TargetGroup { "LoadBalancer and TargetGroup" } else { "LoadBalancer" };
    Some(format!("{} is reported by {wants}, not by these dimensions", metric.name))
}

/// A count of events has a sample of 1 for each event: nothing but its sum counts them.
fn wrong_statistic(metric: &AlarmMetric, facts: &MetricFacts) -> Option<String> {
    let means = |statistic: &str| facts.statistics.iter().any(|it| it.as_str() == statistic);
    let is_time = facts.statistics.iter().any(|it| it.as_str() == "p99");
    let is_other = matches!(&*metric.statistic, "SampleCount") || is_time || means(&metric.statistic);
    let is_sum_only = means("Sum") && facts.statistics.len() == 1;
    let said = format!("the {} of {} says nothing, its statistic is", metric.statistic, metric.name);
    (!is_other)
        .then(|| if is_sum_only { format!("{said} Sum") } else { format!("{said} {}", facts.statistics[0].as_str()) })
}

const WITHOUT_DATA: Grade =
    Grade::new(FindingSeverity::Warning, "INSUFFICIENT_DATA for {} or longer, while there are targets")
        .at(Threshold::Days(SILENT_DAYS));

pub static ALARM_WITHOUT_DATA: Check = Check {
    id: "alarm-without-data",
    topic: Topic::AlarmSettings,
    inputs: &["Alarms", "TargetHealth"],
    grades: &[WITHOUT_DATA],
    needs: "all alarms of the region, and the targets of the environment",
    sentence: "An alarm has had no data for days, of a metric that is always reported.",
    explanation: "Counts of healthy and unhealthy hosts are reported every minute while targets are registered. An alarm on \
                  one of them that stays in INSUFFICIENT_DATA looks at something else than it should.",
    advice: "Compare the dimensions of the alarm with the ARNs of the load balancer and of the target group.",
};

pub fn alarm_without_data(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() || !are_known(inputs, run) {
        return;
    }
    let silent = inputs.snapshot.alarms(inputs.environment).into_iter().filter(|alarm| {
        let is_steady = |metric: &AlarmMetric| matches!(&*metric.name, "HealthyHostCount" | "UnHealthyHostCount");
        let long = Duration::from_secs(SILENT_DAYS * 86_400);
        let is_long = alarm.since.is_some_and(|since| inputs.now().since(since) >= long);
        alarm.state == AlarmState::InsufficientData && is_long && alarm.metrics.iter().any(is_steady)
    });
    let silent: Vec<_> = silent.collect();
    if silent.is_empty() {
        return;
    }
    if let Some(doubt) = inputs.targets_doubt() {
        return run.undecided(Why::Doubt(doubt));
    }
    let has_targets = inputs.targets().value().is_some_and(|targets| targets.expected > 0);
    for alarm in silent.into_iter().filter(|_| has_targets) {
        let since = alarm.since.map_or(String::new(), |at| format!(" for {}", span_words(inputs.now().since(at))));
        let subject = FindingSubject::Alarm(alarm.key.clone());
        run.found(WITHOUT_DATA, subject, format!("alarm {} has had no data{since}", clean(&alarm.name)), Vec::new());
    }
}

const NOT_QUIET: Grade =
    Grade::new(FindingSeverity::Info, "a metric that is reported only when it is not zero, and not notBreaching");

pub static MISSING_DATA: Check = Check {
    id: "alarm-missing-data",
    topic: Topic::AlarmSettings,
    inputs: &["Alarms"],
    grades: &[NOT_QUIET],
    needs: "all alarms of the region",
    sentence: "An alarm on a metric that is reported only when it is not zero does not take missing data for good.",
    explanation: "Counts of errors are reported only in minutes in which there are any. With another treatment of missing \
                  data the alarm stays in ALARM after the last error, goes to INSUFFICIENT_DATA, or fires without one.",
    advice: "Set TreatMissingData of the alarm to notBreaching.",
};

pub fn missing_data(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() || !are_known(inputs, run) {
        return;
    }
    for alarm in inputs.snapshot.alarms(inputs.environment) {
        let is_sparse = |metric: &AlarmMetric| {
            let is_errors =
                metric.name.contains("5XX") || metric.name.contains("Error") || metric.name.contains("Reject");
            is_errors && facts_of(&metric.name).is_some_and(|facts| facts.absence == Absence::Zero)
        };
        let missing = alarm.evaluation.as_ref().map(|it| it.missing.as_deref().unwrap_or("missing"));
        // In an expression FILL may have put zeros in place of what is missing.
        let is_plain = alarm.expressions.is_empty() && alarm.metrics.iter().any(is_sparse);
        if let Some(missing) = missing.filter(|missing| is_plain && *missing != "notBreaching") {
            let summary = format!("alarm {} has {} for missing data", clean(&alarm.name), clean(missing));
            run.found(NOT_QUIET, FindingSubject::Alarm(alarm.key.clone()), summary, Vec::new());
        }
    }
}

const LACKING: Grade = Grade::new(FindingSeverity::Info, "no alarm on UnHealthyHostCount, or none on 5xx");

pub static NO_ALARM: Check = Check {
    id: "no-alarm",
    topic: Topic::AlarmSettings,
    inputs: &["Alarms"],
    grades: &[LACKING],
    needs: "all alarms of the region",
    sentence: "No alarm looks at the environment's unhealthy hosts, or none at its 5xx.",
    explanation: "Without an alarm a failing target or a wave of errors is noticed by clients first. AWS recommends one on \
                  the minimum of UnHealthyHostCount over two minutes.",
    advice: "Create the alarms that are missing: beanpole alarms ENV --recommended.",
};

pub fn no_alarm(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() || !are_known(inputs, run) {
        return;
    }
    if inputs.proven().next().is_none() {
        return;
    }
    let alarms = inputs.snapshot.alarms(inputs.environment);
    let looks_at = |is_meant: fn(&str) -> bool| {
        let metrics = || alarms.iter().flat_map(|alarm| &alarm.metrics);
        metrics().any(|metric| &*metric.namespace == APPLICATION_NAMESPACE && is_meant(&metric.name))
    };
    let hosts = looks_at(|name| matches!(name, "UnHealthyHostCount" | "HealthyHostCount"));
    let errors = looks_at(|name| name.ends_with("5XX_Count"));
    let lacks = match (hosts, errors) {
        (true, true) => return,
        (false, true) => "UnHealthyHostCount",
        (true, false) => "its 5xx",
        (false, false) => "UnHealthyHostCount, and none at its 5xx",
    };
    let subject = FindingSubject::Environment(inputs.key().clone());
    run.found(LACKING, subject, format!("no alarm looks at {lacks}"), Vec::new());
}
