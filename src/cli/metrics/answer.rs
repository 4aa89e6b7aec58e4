//! The answer of `metrics`. The names of the fields are a contract: fields may be added, never renamed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::cli::facts::{LoadBalancerFacts, group_name};
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::problem::Problem;
use crate::cli::times::time_json;
use crate::model::Snapshot;
use crate::model::{Environment, Front, Key, Measure, SeriesKey, Source, TargetGroup, with_front};
use crate::polling::measures::series_of;

/// The whole answer; one series a line has all but the series on the last line.
#[derive(Debug, Serialize)]
pub struct MetricsItems {
    environment: Option<Arc<str>>,
    load_balancer: Option<LoadBalancerFacts>,
    /// The environment's target group, if it has exactly one.
    target_group: Option<MetricGroupName>,
    /// Whether the load balancer is shared, so that its figures include other environments.
    shared: Option<bool>,
    period: u32,
    /// `None` if they could not be read.
    series: Option<Vec<AnswerRow>>,
    /// What could not be read.
    pub errors: Vec<Problem>,
}

#[derive(Debug, Serialize)]
struct MetricGroupName {
    name: Arc<str>,
    arn: Arc<str>,
}

/// What is printed once, after the series.
#[derive(Serialize)]
struct LastMetrics<'a> {
    environment: &'a Option<Arc<str>>,
    load_balancer: &'a Option<LoadBalancerFacts>,
    target_group: &'a Option<MetricGroupName>,
    shared: &'a Option<bool>,
    period: &'a u32,
    errors: &'a [Problem],
}

/// A series. Periods without a value are left out of its points: for a sum that is 0, for a time it is unknown.
#[derive(Debug, Serialize)]
struct AnswerRow {
    metric: &'static str,
    classic_name: Option<&'static str>,
    statistic: &'static str,
    unit: &'static str,
    dimensions: BTreeMap<&'static str, String>,
    shared: bool,
    points: Vec<(String, f64)>,
}

impl MetricsItems {
    /// What was read of the load balancer in front of an environment.
    pub fn new(known: &Snapshot, environment: &Environment, measure: Measure, errors: Vec<Problem>) -> Self {
        let key = &environment.key;
        let read = known.reads.read_at(&Source::Metrics(key.clone(), measure)).is_some();
        let series = series_of(known, key, measure);
        let facts = with_front(known, key, |front| {
            let rows = series.iter().filter_map(|series| AnswerRow::new(known, series, measure, &front)).collect();
            (LoadBalancerFacts::new(known, front.load_balancer), only_group(known, &front), front.shared, rows)
        });
        let environment = Some(Arc::clone(&environment.name));
        let Some((load_balancer, target_group, shared, rows)) = facts else {
            return Self { environment, ..Self::nothing(measure, errors) };
        };
        Self {
            environment,
            load_balancer: Some(load_balancer),
            target_group,
            shared: Some(shared),
            period: measure.period(),
            series: read.then_some(rows),
            errors,
        }
    }

    /// Nothing could be read.
    pub fn nothing(measure: Measure, errors: Vec<Problem>) -> Self {
        let period = measure.period();
        Self { environment: None, load_balancer: None, target_group: None, shared: None, period, series: None, errors }
    }

    /// Whether there are figures.
    pub fn is_answered(&self) -> bool {
        self.series.is_some()
    }

    /// Prints a series a line, and everything else on the last.
    pub fn lines(&self) -> Result<(), Failure> {
        self.series.iter().flatten().try_for_each(output::json_line)?;
        let Self { environment, load_balancer, target_group, shared, period, errors, .. } = self;
        output::json_line(&LastMetrics { environment, load_balancer, target_group, shared, period, errors })
    }
}

fn only_group(known: &Snapshot, front: &Front<'_>) -> Option<MetricGroupName> {
    let name = |key: &Key<TargetGroup>| MetricGroupName { name: group_name(known, key), arn: Arc::clone(&key.id) };
    if let [only] = front.groups { Some(name(only)) } else { None }
}

impl AnswerRow {
    /// `None` if `CloudWatch` did not answer for it.
    fn new(known: &Snapshot, key: &SeriesKey, measure: Measure, front: &Front<'_>) -> Option<Self> {
        let facts = key.metric.facts();
        let points = known.inventory.metrics.get(key, measure.period())?.points();
        Some(Self {
            metric: facts.name,
            classic_name: facts.classic,
            statistic: key.statistic.as_str(),
            unit: facts.unit.as_str(),
            dimensions: key.of.dimensions().map(|(name, value)| (name, value.to_owned())).collect(),
            shared: front.shared && key.of.target_group.is_none(),
            points: points.map(|(at, value)| (time_json(at), value)).collect(),
        })
    }
}
