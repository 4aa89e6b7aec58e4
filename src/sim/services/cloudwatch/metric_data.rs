//! `GetMetricData`: up to 500 series at once.
//!
//! Metric math is not simulated: an `Expression` is refused. Points older than 15 days exist at five minutes and
//! older than 63 at one hour only, as `CloudWatch` keeps them.

use super::parameters::{invalid, text, whole};
use crate::sim::physics::View;
use crate::sim::physics::metrics::{self, Series, Statistic};
use crate::sim::region::Pair;
use crate::sim::wire::document::{Value, map};
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;

const MOST_QUERIES: usize = 500;
const MOST_POINTS: usize = 100_800;
const DAY: i64 = 86_400;

/// A query, understood.
struct Query<'a> {
    id: &'a str,
    label: &'a str,
    series: Option<Series<'a>>,
    statistic: Statistic,
    /// Seconds.
    period: i64,
    returned: bool,
}

/// What all queries share. Seconds since the Unix epoch.
struct Window {
    from: i64,
    until: i64,
    ascending: bool,
}

pub(super) fn get_metric_data(view: View<'_>, input: &Value) -> Result<Value, Refusal> {
    let queries = queries(view, input)?;
    let window = window(input)?;
    let size = whole(input, "MaxDatapoints", 1, MOST_POINTS)?.unwrap_or(MOST_POINTS);
    let question = format!("GetMetricData {:?} {} {}", input.get("MetricDataQueries"), window.from, window.until);
    let position = Position::read(text(input, "NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::bad_request("InvalidNextToken", "The next token specified is invalid."))?;
    let view = View { now: position.as_of.min(view.now), ..view };
    let series: Vec<(&Query<'_>, Vec<(i64, f64)>)> =
        queries.iter().filter(|query| query.returned).map(|query| (query, points(view, query, &window))).collect();
    let total = series.iter().map(|(_, points)| points.len()).sum();
    let (range, next) = position.page(&question, total, size);
    let mut before = 0;
    let mut results = Vec::new();
    for (query, points) in &series {
        let within = |at: usize| at.saturating_sub(before).min(points.len());
        let page = &points[within(range.start)..within(range.end)];
        before += points.len();
        results.push(result(query, page, before <= range.end));
    }
    let mut answer = vec![("MetricDataResults".to_owned(), Value::List(results))];
    answer.extend(next.map(|token| ("NextToken".to_owned(), token.into())));
    answer.push(("Messages".to_owned(), Value::List(Vec::new())));
    Ok(Value::Map(answer))
}

fn queries<'a>(view: View<'a>, input: &'a Value) -> Result<Vec<Query<'a>>, Refusal> {
    let given = input.get("MetricDataQueries").map(Value::entries).unwrap_or_default();
    if given.is_empty() {
        return Err(Refusal::bad_request("MissingParameter", "The parameter MetricDataQueries is required."));
    }
    if given.len() > MOST_QUERIES {
        let message = format!("The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}.");
        return Err(Refusal::validation(message));
    }
    let queries: Vec<Query<'a>> = given.iter().map(|one| query(view, one)).collect::<Result<_, _>>()?;
    let mut ids: Vec<&str> = queries.iter().map(|query| query.id).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Refusal::validation(format!("The Id {} is used more than once.", pair[0]))),
        None => Ok(queries),
    }
}

fn query<'a>(view: View<'a>, given: &'a Value) -> Result<Query<'a>, Refusal> {
    let id = text(given, "Id").unwrap_or_default();
    let letters = id.starts_with(|first: char| first.is_ascii_lowercase())
        && id.chars().all(|one| one.is_ascii_alphanumeric() || one == '_');
    if !letters {
        return Err(Refusal::validation(format!(
            "The value '{id}' for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
        )));
    }
    let Some(wanted) = given.get("MetricStat") else {
        return Err(Refusal::validation(format!("Query {id}: metric math is not simulated; ask for a MetricStat.")));
    };
    let metric = wanted.get("Metric").unwrap_or(&Value::Null);
    let name = text(metric, "MetricName").unwrap_or_default();
    let statistic = text(wanted, "Stat").unwrap_or_default();
    let dimensions: Vec<Pair> =
        metric.get("Dimensions").map(Value::entries).unwrap_or_default().iter().map(pair).collect();
    Ok(Query {
        id,
        label: text(given, "Label").unwrap_or(name),
        series: metrics::find(view, text(metric, "Namespace").unwrap_or_default(), name, &dimensions),
        statistic: Statistic::parse(statistic)
            .ok_or_else(|| invalid(format!("The value {statistic} for parameter Stat is not supported.")))?,
        period: period(wanted)?,
        returned: !given.get("ReturnData").is_some_and(Value::is_false),
    })
}

fn pair(dimension: &Value) -> Pair {
    let part = |name| text(dimension, name).unwrap_or_default().to_owned();
    (part("Name"), part("Value"))
}

fn period(wanted: &Value) -> Result<i64, Refusal> {
    let period = wanted.get("Period").and_then(Value::number).unwrap_or_default() as i64;
    if period > 0 && period % 60 == 0 {
        return Ok(period);
    }
    Err(invalid("The parameter Period must be a multiple of 60"))
}

fn window(input: &Value) -> Result<Window, Refusal> {
    let time = |name: &str| {
        let given = input.get(name).and_then(Value::number);
        given
            .map(|seconds| seconds as i64)
            .ok_or_else(|| Refusal::bad_request("MissingParameter", format!("The parameter {name} is required.")))
    };
    let (from, until) = (time("StartTime")?, time("EndTime")?);
    if from >= until {
        let message = "The parameter StartTime must be less than the parameter EndTime.";
        return Err(Refusal::validation(message));
    }
    let ascending = match text(input, "ScanBy") {
        None | Some("TimestampDescending") => false,
        Some("TimestampAscending") => true,
        Some(other) => return Err(invalid(format!("The value {other} for parameter ScanBy is not supported."))),
    };
    Ok(Window { from, until, ascending })
}

/// Returns the points of a query, in the requested order: period starts in seconds, and values.
fn points(view: View<'_>, query: &Query<'_>, window: &Window) -> Vec<(i64, f64)> {
    let Some(series) = query.series else { return Vec::new() };
    let now = view.now / 1000;
    let kept = match query.period {
        3600.. => 455,
        300.. => 63,
        _ => 15,
    };
    // There are no values of the future, nor of what is no longer retained.
    let from = window.from.max(now - kept * DAY).div_euclid(query.period) * query.period;
    let until = window.until.min(now);
    let starts = (0..).map(|number| from + number * query.period).take_while(|start| *start < until);
    let mut points: Vec<(i64, f64)> = starts
        .filter_map(|start| {
            let value = series.value(view, start / 60, query.period / 60, query.statistic)?;
            Some((start, value))
        })
        .collect();
    if !window.ascending {
        points.reverse();
    }
    points
}

fn result(query: &Query<'_>, points: &[(i64, f64)], complete: bool) -> Value {
    map([
        ("Id", query.id.into()),
        ("Label", query.label.into()),
        ("Timestamps", Value::List(points.iter().map(|(at, _)| Value::Time(*at as f64)).collect())),
        ("Values", Value::List(points.iter().map(|(_, value)| Value::Float(*value)).collect())),
        ("StatusCode", if complete { "Complete" } else { "PartialData" }.into()),
    ])
}
