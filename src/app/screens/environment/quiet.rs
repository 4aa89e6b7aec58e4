//! Which charts have nothing above zero, so that a line is room enough for each.

use std::time::Duration;

use super::charts::ChartsView;
use crate::model::{
    Absence, Chart, ChartLine, Environment, Front, Key, Measure, PROVISIONAL, SeriesKey, Snapshot, Source, Window,
    with_front,
};
use crate::polling::measures::chart_lines;

/// Returns the charts of which the last reading succeeded and every value is known to be zero. What was not read, what
/// could not be read again and what has a gap is unknown, and so is never among them; nor is a chart of which zero is bad.
#[must_use]
pub fn quiet_charts(snapshot: &Snapshot, environment: &Key<Environment>, charts: &ChartsView) -> Vec<Chart> {
    let quiet = |front: Front<'_>| {
        let all = Chart::ALL.iter().copied();
        all.filter(|chart| is_quiet(snapshot, &front, environment, charts, *chart)).collect()
    };
    with_front(snapshot, environment, quiet).unwrap_or_default()
}

fn is_quiet(
    snapshot: &Snapshot,
    front: &Front<'_>,
    environment: &Key<Environment>,
    charts: &ChartsView,
    chart: Chart,
) -> bool {
    let measure = Measure::Chart { chart, range: charts.range, zones: charts.zones };
    let source = Source::Metrics(environment.clone(), measure);
    let Some(read) = snapshot.reads.read_at(&source) else { return false };
    if snapshot.reads.fault(&source).is_some() {
        return false;
    }
    let window = charts.window(read);
    // The others may still change, and are not known to be zero if they are absent.
    let whole = Window::ending(read.minus(PROVISIONAL), Duration::ZERO, window.period).from;
    let complete = Window { until: whole.max(window.from), ..window }.periods();
    let mut lines = chart_lines(front, chart, charts.zones).into_iter();
    lines.all(|(line, series)| {
        let late = line.metric.delay().saturating_sub(PROVISIONAL).as_secs().div_ceil(u64::from(window.period.max(1)));
        let known = complete.saturating_sub(usize::try_from(late).unwrap_or(usize::MAX));
        let is_zero = |key: &SeriesKey| {
            let mut values = Vec::new();
            snapshot.inventory.metrics.copy_sum(std::slice::from_ref(key), window, &mut values);
            all_zero(&values, known, line.metric.facts().absence)
        };
        !is_bad_at_zero(line) && !series.is_empty() && series.iter().all(is_zero)
    })
}

/// Whether all of so many values are zero, and none of those after them is above it.
fn all_zero(values: &[f64], known: usize, absence: Absence) -> bool {
    let is_zero = |(at, value): (usize, &f64)| {
        if value.is_finite() { *value <= 0.0 } else { at >= known || absence == Absence::Zero }
    };
    known > 0 && values.iter().enumerate().all(is_zero)
}

/// That nothing goes wrong is no news; that nothing is healthy is.
fn is_bad_at_zero(line: ChartLine) -> bool {
    use crate::model::Metric::{HealthyHosts, HealthyStateDns, HealthyStateRouting};
    matches!(line.metric, HealthyHosts | HealthyStateDns | HealthyStateRouting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_not_zero() {
        let hole = f64::NAN;
        for (values, known, absence, expected, what) in [
            (&[0.0, 0.0, 0.0][..], 3, Absence::Gap, true, "zeros"),
            (&[0.0, 0.0, 0.1], 3, Absence::Gap, false, "a value"),
            (&[0.0, 0.0, 0.1], 2, Absence::Zero, false, "a value that may still change"),
            (&[hole, 0.0, hole], 2, Absence::Zero, true, "nothing was counted"),
            (&[hole, 0.0, 0.0], 3, Absence::Gap, false, "a gap"),
            (&[0.0, 0.0, hole], 2, Absence::Gap, true, "not published yet"),
            (&[hole, hole, hole], 0, Absence::Zero, false, "nothing is published yet"),
            (&[hole, hole, hole], 3, Absence::Gap, false, "no data"),
        ] {
            assert_eq!(all_zero(values, known, absence), expected, "{what}");
        }
    }

    #[test]
    fn a_chart_of_healthy_targets_is_never_folded() {
        let never: Vec<_> =
            Chart::ALL.iter().filter(|chart| chart.lines().iter().any(|line| is_bad_at_zero(*line))).collect();
        assert_eq!(never, [&Chart::Hosts, &Chart::Zones]);
    }
}
