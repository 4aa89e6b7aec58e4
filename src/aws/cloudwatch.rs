//! `CloudWatch`: up to 500 series in one call.
//!
//! An empty series is the normal answer for "no data" and for dimensions that do not exist, so that the model's table
//! must know which exist. A series that `CloudWatch` could not read, or read in part, does not stand for an empty one:
//! it is left out of the answer.

use std::sync::Arc;

use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, StatusCode};
use aws_smithy_types::DateTime;

use super::call::Call;
use super::convert::moment;
use crate::model::{
    Answer, Batch, Covers, Fault, FaultKind, Map, MetricAnswer, MetricQuestion, Moment, NAMESPACE, SeriesKey, resource,
};

/// The most points that one answer holds (`GetMetricData`, `MaxDatapoints`).
const MOST_POINTS: i32 = 100_800;

/// Reads the series, each once.
pub(super) async fn metric_data(call: &mut Call<'_>, question: Option<&MetricQuestion>) -> Result<Batch, Arc<Fault>> {
    let Some(question) = question.filter(|question| !question.series.is_empty()) else {
        return Err(call.fault(FaultKind::Invalid, "no series was asked for"));
    };
    let queries = queries(question).map_err(|what| call.fault(FaultKind::Invalid, what))?;
    let (from, until) = (instant(question.window.from), instant(question.window.until));
    let client = &call.clients().cloudwatch;
    let request = |token| {
        let request = client.get_metric_data().start_time(from).end_time(until).max_datapoints(MOST_POINTS);
        request.set_metric_data_queries(Some(queries.clone())).set_next_token(token).send()
    };
    let (results, covers) =
        call.pages(request, |page| (page.metric_data_results.unwrap_or_default(), page.next_token)).await?;
    let series = collect(&results, &question.series);
    if series.is_empty() {
        return Err(call.fault(FaultKind::Other, refusal(&results)));
    }
    let covers = if covers == Covers::All && series.len() == question.series.len() { covers } else { Covers::Only };
    Ok(Batch { covers, answer: Answer::Metrics(MetricAnswer { window: question.window, series }) })
}

fn queries(question: &MetricQuestion) -> Result<Vec<MetricDataQuery>, String> {
    let period = i32::try_from(question.window.period).map_err(|error| error.to_string())?;
    let numbered = question.series.iter().enumerate();
    numbered
        .map(|(number, key)| {
            let facts = key.metric.facts();
            let metric = Metric::builder().namespace(NAMESPACE).metric_name(facts.name);
            let metric = metric.set_dimensions(Some(dimensions(key))).build();
            let wanted = MetricStat::builder().metric(metric).period(period).stat(key.statistic.as_str()).build();
            Ok(MetricDataQuery::builder().id(format!("m{number}")).metric_stat(wanted).return_data(true).build())
        })
        .collect()
}

/// The tails of the ARNs: `app/<name>/<id>` and `targetgroup/<name>/<id>`.
fn dimensions(key: &SeriesKey) -> Vec<Dimension> {
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let load_balancer = resource(&key.of.load_balancer.id);
    let load_balancer = load_balancer.strip_prefix("loadbalancer/").unwrap_or(load_balancer);
    let mut dimensions = vec![dimension("LoadBalancer", load_balancer)];
    dimensions.extend(key.of.target_group.as_ref().map(|group| dimension("TargetGroup", resource(&group.id))));
    dimensions.extend(key.of.zone.as_ref().map(|zone| dimension("AvailabilityZone", zone)));
    dimensions
}

fn instant(at: Moment) -> DateTime {
    DateTime::from_secs(at.0.as_second())
}

/// The points of each series; a page may continue the series of the one before.
fn collect(results: &[MetricDataResult], asked: &[SeriesKey]) -> Vec<(SeriesKey, Vec<(Moment, f64)>)> {
    let mut found: Map<usize, Vec<(Moment, f64)>> = Map::default();
    for result in results.iter().filter(|result| is_good(result)) {
        let number = result.id().and_then(|id| id.strip_prefix('m')).and_then(|id| id.parse::<usize>().ok());
        let Some(number) = number.filter(|number| *number < asked.len()) else { continue };
        let times = result.timestamps().iter().map(|at| moment(Some(at)));
        let points = times.zip(result.values()).filter_map(|(at, value)| Some((at?, *value)));
        found.entry(number).or_default().extend(points);
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable_by_key(|(number, _)| *number);
    found.into_iter().map(|(number, points)| (asked[number].clone(), points)).collect()
}

fn is_good(result: &MetricDataResult) -> bool {
    !matches!(result.status_code(), Some(StatusCode::Forbidden | StatusCode::InternalError))
}

/// Why there is nothing at all, in `CloudWatch`'s words if it has any.
fn refusal(results: &[MetricDataResult]) -> String {
    let words = results.iter().flat_map(MetricDataResult::messages).filter_map(|message| message.value()).next();
    let status = results.iter().find_map(|result| result.status_code()).map(StatusCode::as_str);
    words.or(status).map_or_else(
        || "CloudWatch answered without any of the series".to_owned(),
        |why| format!("CloudWatch answered none of the series: {why}"),
    )
}
