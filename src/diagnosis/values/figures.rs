//! Requests, errors and times of a row: the newest whole minute of its metrics, and the minutes before it.
//!
//! On a shared load balancer only what targets answer belongs to an environment; what the load balancer answers itself
//! cannot be attributed, so that the share of errors is marked as the targets' alone.

use std::time::Duration;

use crate::model::{
    Environment, Front, Inventory, Key, Known, Measure, Metric, Moment, PROVISIONAL, Series, Snapshot, Source,
    Statistic, with_front,
};

/// How often the coarse figures are read.
const COARSE: Duration = Duration::from_mins(5);
/// How many minutes a row's trend has.
pub const TREND: usize = 10;

/// The traffic figures of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowFigures {
    /// Requests a second.
    pub requests: f64,
    /// The share of requests answered with 5xx, 0..=100; `None` without requests.
    pub errors: Option<f64>,
    /// Seconds within which 99 % of the answers began; `None` without answers.
    pub p99: Option<f64>,
    /// Whether the share counts only what targets made, because the load balancer is shared.
    pub targets_only: bool,
    /// Whether these are of five minutes, read for a row that was not on screen.
    pub coarse: bool,
    /// Requests a second of the last minutes, oldest first.
    pub trend: [Option<f32>; TREND],
}

/// The figures of an environment.
#[must_use]
pub fn figures(snapshot: &Snapshot, key: &Key<Environment>) -> Known<RowFigures> {
    let Snapshot { inventory, reads, .. } = snapshot;
    let source = |measure| Source::Metrics(key.clone(), measure);
    let read = |measure| reads.read_at(&source(measure)).map(|at| (measure, at));
    let coarse = read(Measure::Coarse);
    // Single minutes are better than five of them, unless they are older.
    let fine = read(Measure::Row).filter(|(_, at)| coarse.is_none_or(|(_, coarse)| coarse.since(*at) < COARSE));
    let newest = fine.or(coarse);
    let known = with_front(snapshot, key, |front| {
        if let Some((measure, at)) = newest {
            return figures_at(inventory, &front, measure, at).map_or(Known::Absent, Known::Read);
        }
        let fault = reads.fault(&source(Measure::Row)).or_else(|| reads.fault(&source(Measure::Coarse)));
        fault.map_or(Known::Pending, |fault| Known::Failed(fault.kind))
    });
    known.unwrap_or(Known::Absent)
}

fn figures_at(inventory: &Inventory, front: &Front<'_>, measure: Measure, read: Moment) -> Option<RowFigures> {
    let period = measure.period();
    let length = Duration::from_secs(u64::from(period));
    // The newest period that had ended long enough ago when it was read.
    let whole = crate::model::Window::ending(read.minus(PROVISIONAL + length), Duration::ZERO, period).from;
    let sum = Sum { inventory, front, period };
    let at = |at: Moment| sum.of(Metric::RequestCount, at);
    let (requests, target_errors) = (at(whole)?, sum.of(Metric::Target5xx, whole)?);
    // On a shared load balancer these two are not requested.
    let (elb_errors, refused) =
        (sum.of(Metric::Elb5xx, whole).unwrap_or(0.0), sum.of(Metric::Elb503, whole).unwrap_or(0.0));
    let mut trend = [None; TREND];
    for (back, cell) in trend.iter_mut().rev().enumerate() {
        let moment = whole.minus(length * back as u32);
        *cell = at(moment).map(|count| (count / f64::from(period)) as f32);
    }
    Some(RowFigures {
        requests: requests / f64::from(period),
        errors: error_share(target_errors + elb_errors, requests + refused),
        p99: sum.greatest(Metric::TargetResponseTime, Statistic::P99, whole),
        targets_only: front.shared,
        coarse: measure == Measure::Coarse,
        trend,
    })
}

/// 5xx of all requests, 0..=100: requests that the load balancer refused for want of a target are not in `RequestCount`.
#[must_use]
pub fn error_share(errors: f64, requests: f64) -> Option<f64> {
    (requests > 0.0 || errors > 0.0).then(|| (errors / requests.max(errors).max(1.0) * 100.0).min(100.0))
}

/// Adds up the series of one metric.
struct Sum<'a> {
    inventory: &'a Inventory,
    front: &'a Front<'a>,
    period: u32,
}

impl Sum<'_> {
    fn series(&self, metric: Metric, statistic: Statistic) -> impl Iterator<Item = &Series> {
        let keys = self.front.series(metric, statistic).into_iter();
        keys.filter_map(|key| self.inventory.metrics.get(&key, self.period))
    }

    /// The sum; a period that was asked for and has no value is 0, one that was not asked for is nothing.
    fn of(&self, metric: Metric, at: Moment) -> Option<f64> {
        self.series(metric, Statistic::Sum)
            .filter(|series| series.covers(at))
            .fold(None, |sum, series| Some(sum.unwrap_or(0.0) + series.at(at).unwrap_or(0.0)))
    }

    fn greatest(&self, metric: Metric, statistic: Statistic, at: Moment) -> Option<f64> {
        self.series(metric, statistic).filter_map(|series| series.at(at)).max_by(f64::total_cmp)
    }
}

#[cfg(test)]
mod tests {
    use super::error_share;

    #[test]
    fn errors_are_at_most_all_of_it() {
        assert_eq!(error_share(0.0, 0.0), None);
        assert_eq!(error_share(0.0, 10.0), Some(0.0));
        assert_eq!(error_share(1.0, 200.0), Some(0.5));
        assert_eq!(error_share(30.0, 20.0), Some(100.0));
    }
}
