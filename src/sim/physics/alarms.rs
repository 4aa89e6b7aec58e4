//! The states of alarms: every minute each is evaluated by its metric, as far as that was published by then.
//!
//! Datapoints come late, so more are looked at than the alarm has periods (user guide, How alarm state is evaluated when
//! data is missing); how many more is not documented (UNVERIFIED: three). Composite alarms follow the states of others at
//! once. A past of more than a day that no request asked about is skipped.

use super::{View, metrics, timestamp};
use crate::sim::region::{Alarm, AlarmChange, AlarmMetric, AlarmQuery, Evaluation, Queried, Watches};
use std::sync::PoisonError;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60;
/// How many periods more than the alarm has are looked at.
const MORE: usize = 3;
/// The most alarms above each other that are followed.
const MOST_NESTED: usize = 8;

/// Its states until now, the oldest first; never none.
pub fn changes(view: View<'_>, alarm: &Alarm) -> Vec<AlarmChange> {
    let all = if alarm.follows { followed(view, alarm, MOST_NESTED) } else { past(alarm) };
    let first = all.first().cloned();
    let mut until: Vec<_> = all.into_iter().filter(|change| change.at <= view.now).collect();
    if until.is_empty() {
        until.extend(first);
    }
    until
}

/// Its state now.
pub fn state(view: View<'_>, alarm: &Alarm) -> AlarmChange {
    let unchecked = || AlarmChange { at: alarm.configured, state: "INSUFFICIENT_DATA", reason: String::new() };
    changes(view, alarm).pop().unwrap_or_else(unchecked)
}

fn past(alarm: &Alarm) -> Vec<AlarmChange> {
    alarm.past.lock().unwrap_or_else(PoisonError::into_inner).changes.clone()
}

fn followed(view: View<'_>, alarm: &Alarm, depth: usize) -> Vec<AlarmChange> {
    match &alarm.watches {
        Watches::Metric(..) | Watches::Math(..) => evaluated(view, alarm),
        Watches::Composite(..) if depth == 0 => past(alarm),
        Watches::Composite(rule, _) => {
            let children: Vec<_> = rule.names().into_iter().filter_map(|name| view.region.alarm(name)).collect();
            let of = |child: &&Alarm| if child.follows { followed(view, child, depth - 1) } else { past(child) };
            let pasts: Vec<(&str, Vec<AlarmChange>)> =
                children.iter().map(|child| (child.name.as_str(), of(child))).collect();
            let mut changes = past(alarm);
            let begins = changes.last().map_or(alarm.configured, |change| change.at);
            let mut times: Vec<i64> = pasts.iter().flat_map(|(_, past)| past.iter().map(|it| it.at)).collect();
            times.push(begins);
            times.sort_unstable();
            for at in times.into_iter().filter(|at| *at >= begins) {
                let state = |name: &str| {
                    let past = pasts.iter().find(|(it, _)| *it == name).map(|(_, past)| past.as_slice());
                    past.unwrap_or_default().iter().rfind(|it| it.at <= at).map_or("INSUFFICIENT_DATA", |it| it.state)
                };
                let now = if rule.holds(&state) { "ALARM" } else { "OK" };
                if changes.last().is_none_or(|last| last.state != now) {
                    let names = pasts.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
                    let reason = format!("{} transitioned to {now} by its rule on {names}.", alarm.arn);
                    changes.push(AlarmChange { at, state: now, reason });
                }
            }
            changes
        }
    }
}

/// Evaluates the minutes since the last time.
fn evaluated(view: View<'_>, alarm: &Alarm) -> Vec<AlarmChange> {
    let mut past = alarm.past.lock().unwrap_or_else(PoisonError::into_inner);
    let now = view.now.div_euclid(MINUTE);
    for minute in (past.until + 1).max(now - DAY)..=now {
        let then = View { now: minute * MINUTE, ..view };
        let last = past.changes.last().map_or("INSUFFICIENT_DATA", |change| change.state);
        if let Some((state, reason)) = evaluate(then, alarm, last).filter(|(state, _)| *state != last) {
            past.changes.push(AlarmChange { at: minute * MINUTE, state, reason });
        }
    }
    past.until = past.until.max(now);
    past.changes.clone()
}

/// The state at a minute, with its reason; none: it is kept.
fn evaluate(view: View<'_>, alarm: &Alarm, last: &str) -> Option<(&'static str, String)> {
    let (evaluation, period) = match &alarm.watches {
        Watches::Metric(metric, evaluation) => (evaluation, metric.period),
        Watches::Math(queries, evaluation) => (evaluation, queries.iter().filter_map(period).max()?),
        Watches::Composite(..) => return None,
    };
    let minutes = (period / 60).max(1);
    let now = view.now.div_euclid(MINUTE);
    let looked_at = evaluation.periods + MORE;
    let newest_first = (1..=looked_at as i64).map(|ago| now - ago * minutes);
    let points: Vec<(i64, f64)> =
        newest_first.filter_map(|from| Some((from, value(view, &alarm.watches, from, minutes)?))).collect();
    verdict(evaluation, &points, last)
}

fn period(query: &AlarmQuery) -> Option<i64> {
    if let Queried::Metric(metric) = &query.queried { Some(metric.period) } else { None }
}

fn value(view: View<'_>, watches: &Watches, from: i64, minutes: i64) -> Option<f64> {
    match watches {
        Watches::Metric(metric, _) => of_metric(view, metric, from, minutes),
        Watches::Math(queries, _) => {
            of_query(view, queries, queries.iter().find(|query| query.returned)?, (from, minutes), queries.len())
        }
        Watches::Composite(..) => None,
    }
}

fn of_query(view: View<'_>, queries: &[AlarmQuery], query: &AlarmQuery, span: (i64, i64), depth: usize) -> Option<f64> {
    match &query.queried {
        Queried::Metric(metric) => of_metric(view, metric, span.0, span.1),
        Queried::Expression(_, expression) => expression.value(&|id| {
            let inner = queries.iter().find(|query| query.id == id)?;
            of_query(view, queries, inner, span, depth.checked_sub(1)?)
        }),
    }
}

fn of_metric(view: View<'_>, metric: &AlarmMetric, from: i64, minutes: i64) -> Option<f64> {
    let statistic = metrics::Statistic::parse(&metric.statistic)?;
    let series = metrics::find(view, &metric.namespace, &metric.name, &metric.dimensions)?;
    series.value(view, from, minutes, statistic)
}

/// The state that these datapoints mean, the newest first.
fn verdict(evaluation: &Evaluation, points: &[(i64, f64)], before: &str) -> Option<(&'static str, String)> {
    let (wanted, least) = (evaluation.periods, evaluation.least());
    let real = &points[..points.len().min(wanted)];
    let breaches = |point: &&(i64, f64)| evaluation.comparison.breaches(point.1, evaluation.threshold);
    let breaching: Vec<_> = real.iter().filter(breaches).copied().collect();
    let lacking = wanted - real.len();
    let treatment = evaluation.missing.as_deref().unwrap_or("missing");
    let is_alarm = match treatment {
        _ if lacking == 0 => breaching.len() >= least,
        "breaching" => breaching.len() + lacking >= least,
        "notBreaching" => breaching.len() >= least,
        "ignore" if real.is_empty() => return None,
        _ if real.is_empty() => {
            let reason = format!("Insufficient Data: {} unknown.", datapoints(wanted, "was", "were"));
            return Some(("INSUFFICIENT_DATA", reason));
        }
        // What is there decides; that an alarm would be premature, only `ignore` minds.
        "ignore" if breaching.len() < least && breaching.len() >= least.min(real.len()) => return None,
        _ => breaching.len() >= least.min(real.len()),
    };
    let state = if is_alarm { "ALARM" } else { "OK" };
    Some((state, reason(evaluation, if is_alarm { &breaching } else { real }, is_alarm, before)))
}

fn reason(evaluation: &Evaluation, points: &[(i64, f64)], is_alarm: bool, before: &str) -> String {
    let (wanted, threshold) = (evaluation.periods, evaluation.threshold);
    let not = if is_alarm { "" } else { "not " };
    let words = evaluation.comparison.words();
    if points.is_empty() {
        let missing = datapoints(wanted, "was", "were");
        return format!(
            "Threshold Crossed: no datapoints were received for {wanted} periods and {missing} treated as such."
        );
    }
    let at = |minute: i64| timestamp(minute * MINUTE).strftime("%d/%m/%y %H:%M:%S").to_string();
    let shown = points.iter().take(5).map(|(minute, value)| format!("{value:?} ({})", at(*minute)));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let were = if points.len() == 1 { "was" } else { "were" };
    let to = if is_alarm { "ALARM" } else { "OK" };
    let least = evaluation.least();
    format!(
        "Threshold Crossed: {} out of the last {wanted} datapoints [{shown}] {were} {not}{words} the threshold \
         ({threshold:?}) (minimum {least} datapoint{} for {before} -> {to} transition).",
        points.len(),
        if least == 1 { "" } else { "s" }
    )
}

fn datapoints(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 datapoint {one}") } else { format!("{count} datapoints {many}") }
}

#[cfg(test)]
mod tests {
    use super::verdict;
    use crate::sim::region::{Comparison, Evaluation};

    fn state(missing: &str, datapoints: usize, points: &str) -> Option<&'static str> {
        let evaluation = Evaluation {
            periods: 3,
            datapoints: Some(datapoints),
            threshold: 1.0,
            comparison: Comparison::GreaterOrEqual,
            missing: Some(missing.to_owned()),
        };
        // Written as the guide does, the newest last: `0` is fine, `X` breaches, `-` is missing.
        let newest_first = points.chars().rev().enumerate().filter(|(_, point)| *point != '-');
        let points: Vec<_> =
            newest_first.map(|(ago, point)| (-(ago as i64), if point == 'X' { 5.0 } else { 0.0 })).collect();
        verdict(&evaluation, &points, "OK").map(|(state, _)| state)
    }

    /// The tables of the user guide (How alarm state is evaluated when data is missing).
    #[test]
    fn missing_datapoints_mean_what_the_guide_says() {
        let (ok, alarm, unknown) = (Some("OK"), Some("ALARM"), Some("INSUFFICIENT_DATA"));
        let table = [
            // The datapoints, how many of three breach, and for missing, ignore, breaching and notBreaching:
            ("0-X-X", 3, [ok, ok, ok, ok]),
            ("----0", 3, [ok, ok, ok, ok]),
            ("-----", 3, [unknown, None, alarm, ok]),
            ("0XX-X", 3, [alarm, alarm, alarm, alarm]),
            ("--X--", 3, [alarm, None, alarm, ok]),
            ("0-X-X", 2, [alarm, alarm, alarm, alarm]),
            ("00X-X", 2, [alarm, alarm, alarm, alarm]),
            ("0-X--", 2, [ok, ok, alarm, ok]),
            ("----0", 2, [ok, ok, alarm, ok]),
            ("---X-", 2, [alarm, None, alarm, ok]),
        ];
        for (points, datapoints, expected) in table {
            for (missing, expected) in ["missing", "ignore", "breaching", "notBreaching"].iter().zip(expected) {
                let found = state(missing, datapoints, points);
                assert_eq!(found, expected, "{points} {datapoints} of 3, {missing}");
            }
        }
    }
}
