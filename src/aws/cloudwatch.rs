//! `CloudWatch`: figures, 500 series a call.
//!
//! An empty series is the normal answer for "no data" and for dimensions that do not exist, so that the model's table
//! must know which exist. A series that `CloudWatch` could not read, or read in part, must not look like an empty one:
//! it is left out of the answer.

use std::sync::Arc;

use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, StatusCode};
use aws_smithy_types::DateTime;

use super::call::Call;
use super::convert::moment;
use crate::model::{
    Answer, Batch, Covers, Fault, FaultKind, Map, MetricAnswer, MetricQuestion, Moment, NAMESPACE, SeriesKey, Window,
};

/// The most points that one answer holds (`GetMetricData`, `MaxDatapoints`).
const MOST_POINTS: i32 = 100_800;

/// The most series of one call (`GetMetricData`, `MetricDataQueries`).
const MOST_SERIES: usize = 500;

/// Reads the series, each once.
pub(super) async fn metric_data(call: &mut Call<'_>, question: Option<&MetricQuestion>) -> Result<Batch, Arc<Fault>> {
    let Some(question) = question.filter(|question| !question.series.is_empty()) else {
        return Err(call.fault(FaultKind::Invalid, "no series was asked for"));
    };
    let (mut series, mut refused, mut broken) = (Vec::new(), None, None);
    for lot in question.series.chunks(MOST_SERIES) {
        let (results, covers) = lot_of(call, lot, question.window).await?;
        series.extend(collect(&results, lot));
        refused = refused.or_else(|| results.iter().any(|it| !is_good(it)).then(|| refusal(&results)));
        if let Covers::Partial(fault) = covers {
            broken = Some(fault);
            break;
        }
    }
    if broken.is_none() && series.len() < question.series.len() {
        broken = Some(call.fault(FaultKind::Other, refused.unwrap_or_else(|| refusal(&[]))));
    }
    let covers = match broken {
        Some(fault) if series.is_empty() => return Err(fault),
        Some(fault) => Covers::Partial(fault),
        None => Covers::All,
    };
    Ok(Batch { covers, answer: Answer::Metrics(MetricAnswer { window: question.window, series }) })
}

/// What one call takes, to its last page.
async fn lot_of(
    call: &mut Call<'_>,
    lot: &[SeriesKey],
    window: Window,
) -> Result<(Vec<MetricDataResult>, Covers), Arc<Fault>> {
    let queries = queries(lot, window.period).map_err(|what| call.fault(FaultKind::Invalid, what))?;
    let (from, until) = (instant(window.from), instant(window.until));
    let client = &call.clients().cloudwatch;
    let request = |token| {
        let request = client.get_metric_data().start_time(from).end_time(until).max_datapoints(MOST_POINTS);
        request.set_metric_data_queries(Some(queries.clone())).set_next_token(token).send()
    };
    call.pages(request, |page| (page.metric_data_results.unwrap_or_default(), page.next_token)).await
}

fn queries(series: &[SeriesKey], period: u32) -> Result<Vec<MetricDataQuery>, String> {
    let period = i32::try_from(period).map_err(|error| error.to_string())?;
    let numbered = series.iter().enumerate();
    numbered
        .map(|(number, key)| {
            let dimension = |(name, value)| Dimension::builder().name(name).value(value).build();
            let metric = Metric::builder().namespace(NAMESPACE).metric_name(key.metric.facts().name);
            let metric = metric.set_dimensions(Some(key.of.dimensions().map(dimension).collect())).build();
            let wanted = MetricStat::builder().metric(metric).period(period).stat(key.statistic.as_str()).build();
            Ok(MetricDataQuery::builder().id(format!("m{number}")).metric_stat(wanted).return_data(true).build())
        })
        .collect()
}

fn instant(at: Moment) -> DateTime {
    DateTime::from_secs(at.0.as_second())
}

/// The points of each series; a page may continue the series of the one before. A series of which more was to come, and
/// did not, would show holes that there are none of.
fn collect(results: &[MetricDataResult], asked: &[SeriesKey]) -> Vec<(SeriesKey, Vec<(Moment, f64)>)> {
    let mut found: Map<usize, (Vec<(Moment, f64)>, bool)> = Map::default();
    for result in results.iter().filter(|result| is_good(result)) {
        let number = result.id().and_then(|id| id.strip_prefix('m')).and_then(|id| id.parse::<usize>().ok());
        let Some(number) = number.filter(|number| *number < asked.len()) else { continue };
        let times = result.timestamps().iter().map(|at| moment(Some(at)));
        let points = times.zip(result.values()).filter_map(|(at, value)| Some((at?, *value)));
        let (known, more) = found.entry(number).or_default();
        known.extend(points);
        *more = result.status_code() == Some(&StatusCode::PartialData);
    }
    let mut found: Vec<_> = found.into_iter().filter(|(_, (_, more))| !more).collect();
    found.sort_unstable_by_key(|(number, _)| *number);
    found.into_iter().map(|(number, (points, _))| (asked[number].clone(), points)).collect()
}

fn is_good(result: &MetricDataResult) -> bool {
    !matches!(result.status_code(), Some(StatusCode::Forbidden | StatusCode::InternalError))
}

/// Returns why there is nothing, with `CloudWatch`'s message if it has one.
fn refusal(results: &[MetricDataResult]) -> String {
    let words = results.iter().flat_map(MetricDataResult::messages).find_map(|message| message.value());
    let status = results.iter().filter(|it| !is_good(it)).find_map(|it| it.status_code()).map(StatusCode::as_str);
    format!("CloudWatch did not answer for some series: {}", words.or(status).unwrap_or("it does not say why"))
}
