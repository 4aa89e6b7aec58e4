//! What the load balancer of an environment counted over the last quarter of an hour, beside the figures of its row.

use std::time::Duration;

use crate::model::{
    Environment, Front, Key, Known, Measure, Metric, Moment, PROVISIONAL, Series, Snapshot, Source, Statistic, Window,
    with_front,
};

/// How many periods of five minutes are added up.
const PERIODS: u32 = 3;

/// Sums over a quarter of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CheckFigures {
    /// Requests for which a target was chosen.
    pub requests: f64,
    /// 502 of the load balancer's own.
    pub bad_gateway: f64,
    /// 504 of the load balancer's own.
    pub timeouts: f64,
    /// Connections of clients that were refused.
    pub rejected: f64,
    /// Connections to targets that failed.
    pub connection_errors: f64,
    /// Requests that did not get the target of their cookie, or had none.
    pub not_sticky: f64,
    /// Requests that were sent to targets of which none is healthy.
    pub fail_open: f64,
    /// Connections that were open at a time, of clients and to targets together; the largest of the averages of five
    /// minutes.
    pub connections: f64,
}

/// The figures of an environment that has its load balancer for itself.
pub fn check_figures(snapshot: &Snapshot, key: &Key<Environment>) -> Known<CheckFigures> {
    let source = Source::Metrics(key.clone(), Measure::Checks);
    let known = with_front(snapshot, key, |front| {
        if front.shared {
            return Known::Absent;
        }
        match (snapshot.reads.read_at(&source), snapshot.reads.fault(&source)) {
            (Some(at), _) => sums(snapshot, &front, at).map_or(Known::Absent, Known::Read),
            (None, Some(fault)) => Known::Failed(fault.kind),
            (None, None) => Known::Pending,
        }
    });
    known.unwrap_or(Known::Absent)
}

fn sums(snapshot: &Snapshot, front: &Front<'_>, read: Moment) -> Option<CheckFigures> {
    let period = Measure::Checks.period();
    let length = Duration::from_secs(u64::from(period));
    // The newest period that had ended long enough ago when it was read.
    let newest = Window::ending(read.minus(PROVISIONAL + length), Duration::ZERO, period).from;
    // Nothing is known of a series that does not reach the newest period.
    let known = |metric: Metric| -> Option<Vec<&Series>> {
        let series = front.series(metric, Statistic::Sum).into_iter();
        let known = series.filter_map(|key| snapshot.inventory.metrics.get(&key, period));
        let known: Vec<_> = known.filter(|it| it.covers(newest)).collect();
        (!known.is_empty()).then_some(known)
    };
    let back = || (0..PERIODS).map(|back| newest.minus(length * back));
    // No value is 0: nothing was counted.
    let of = |metric| Some(known(metric)?.iter().flat_map(|series| back().filter_map(|at| series.at(at))).sum());
    // Each minute adds what its nodes counted.
    let minutes = f64::from(period) / 60.0;
    let most = |series: &Series| back().filter_map(|at| series.at(at)).fold(0.0, f64::max) / minutes;
    Some(CheckFigures {
        requests: of(Metric::RequestCount)?,
        bad_gateway: of(Metric::Elb502)?,
        timeouts: of(Metric::Elb504)?,
        rejected: of(Metric::RejectedConnections)?,
        connection_errors: of(Metric::TargetConnectionErrors)?,
        not_sticky: of(Metric::NonStickyRequests)?,
        // Only with a target group.
        fail_open: of(Metric::UnhealthyRouting).unwrap_or_default(),
        connections: known(Metric::ActiveConnections)?.into_iter().map(most).sum(),
    })
}
