//! The load balancer's figures, minute by minute: which series are needed, and their newest values.
//!
//! `CloudWatch` publishes a minute late, in part at first, and revises it; so each minute is read again and again while
//! it is in the inventory, and the last value counts.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{
    Inventory, Key, LoadBalancer, Measured, Metric, Moment, PROVISIONAL, Series, SeriesKey, Statistic, TargetGroup,
};

/// A minute is whole when it ended this long ago: it may still come, or be revised, before that. UNVERIFIED: AWS gives no
/// figure; one to three minutes is what users report.
pub const LATE: Duration = PROVISIONAL;
/// How many minutes before an update it is compared with.
pub const BASELINE: i64 = 10;
/// How many minutes are kept: the baseline, and the last hours of an update that takes very long.
const MOST: usize = 240;
const PERIOD: u32 = 60;
/// The length of a minute.
pub(super) const MINUTE: Duration = Duration::from_mins(1);
/// The number of target groups whose hosts are counted.
const MOST_GROUPS: usize = 3;
/// How many target groups on a shared load balancer are read one by one.
pub(super) const MOST_SHARED_GROUPS: usize = 2;

/// The figures of one minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minute {
    /// When it begins.
    pub at: Moment,
    /// Requests for which a target was chosen; `None` if nothing was published.
    pub requests: Option<f64>,
    /// Answers 5xx of targets.
    pub target_5xx: f64,
    /// Answers 4xx of targets.
    pub target_4xx: f64,
    /// 5xx of the load balancer itself; on a shared one for all environments.
    pub elb_5xx: f64,
    /// 503 responses without a healthy target.
    pub elb_503: f64,
    /// Connections to targets that failed.
    pub connection_errors: f64,
    /// Client connections that were refused; on a shared load balancer for all environments.
    pub rejected: f64,
    /// 99 % of the answers began within so many seconds.
    pub p99: Option<f64>,
    /// The fewest healthy targets.
    pub healthy: Option<f64>,
    /// The most unhealthy targets.
    pub unhealthy: Option<f64>,
}

/// The number of the minute that an instant lies in.
pub(super) fn number(at: Moment) -> i64 {
    at.0.as_second().div_euclid(60)
}

/// The number of the first minute that begins at or after an instant.
pub(super) fn next_number(at: Moment) -> i64 {
    number(at) + i64::from(begin(number(at)) < at)
}

/// When the minute of this number begins.
pub(super) fn begin(number: i64) -> Moment {
    let second = number.saturating_mul(60);
    jiff::Timestamp::from_second(second).map_or(Moment::EPOCH, Moment)
}

/// The series that an environment's updates are judged by: at most fifteen. Requests are counted for the whole load
/// balancer, so that a target group that comes and goes with an update is in it; on a shared one for the
/// environment's own groups.
#[must_use]
pub fn series_needed(load_balancer: &Key<LoadBalancer>, groups: &[Key<TargetGroup>], shared: bool) -> Vec<SeriesKey> {
    let places = Places::of(load_balancer, groups, shared);
    let mut series = Vec::new();
    for of in &places.requests {
        series.extend(OF_REQUESTS.iter().map(|(metric, statistic)| key(of, *metric, *statistic)));
    }
    // On a shared one they include other environments': one figure is enough to show that there are any.
    let of_balancer = if shared { &OF_BALANCER[..1] } else { &OF_BALANCER[..] };
    series.extend(of_balancer.iter().map(|metric| key(&places.balancer, *metric, Statistic::Sum)));
    for of in &places.groups {
        series.extend(OF_HOSTS.iter().map(|(metric, statistic)| key(of, *metric, *statistic)));
    }
    series
}

const OF_REQUESTS: [(Metric, Statistic); 5] = [
    (Metric::RequestCount, Statistic::Sum),
    (Metric::Target5xx, Statistic::Sum),
    (Metric::Target4xx, Statistic::Sum),
    (Metric::TargetConnectionErrors, Statistic::Sum),
    (Metric::TargetResponseTime, Statistic::P99),
];
const OF_BALANCER: [Metric; 3] = [Metric::Elb5xx, Metric::Elb503, Metric::RejectedConnections];
const OF_HOSTS: [(Metric, Statistic); 2] =
    [(Metric::HealthyHosts, Statistic::Minimum), (Metric::UnhealthyHosts, Statistic::Maximum)];

fn key(of: &Measured, metric: Metric, statistic: Statistic) -> SeriesKey {
    SeriesKey { metric, statistic, of: of.clone() }
}

/// The series of the figures.
struct Places {
    balancer: Measured,
    requests: Vec<Measured>,
    groups: Vec<Measured>,
}

impl Places {
    fn of(load_balancer: &Key<LoadBalancer>, groups: &[Key<TargetGroup>], shared: bool) -> Self {
        let place = |target_group| Measured { load_balancer: load_balancer.clone(), target_group, zone: None };
        let balancer = place(None);
        let most = if shared { MOST_SHARED_GROUPS } else { MOST_GROUPS };
        let groups: Vec<_> = groups.iter().take(most).map(|group| place(Some(group.clone()))).collect();
        let requests = if shared { groups.clone() } else { vec![balancer.clone()] };
        Self { balancer, requests, groups }
    }
}

/// The minutes of a watch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Minutes {
    rows: BTreeMap<i64, Minute>,
    /// The last minute that was requested.
    asked: Option<i64>,
}

impl Minutes {
    /// All minutes, oldest first, whether anything was published for them or not.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Minute> {
        self.rows.values()
    }

    /// The minutes from one number to another, the latter excluded.
    pub(super) fn between(&self, from: i64, until: i64) -> impl DoubleEndedIterator<Item = &Minute> + Clone {
        self.rows.range(from..until.max(from)).map(|(_, minute)| minute)
    }

    /// Returns whether this minute was requested.
    pub(super) fn covers(&self, number: i64) -> bool {
        self.asked.is_some_and(|asked| asked >= number)
    }

    /// Applies the inventory's values. Returns the minutes that are new or differ, oldest first.
    pub(super) fn observe(&mut self, inventory: &Inventory, source: &Measures<'_>) -> Vec<Minute> {
        let places = Places::of(source.load_balancer, source.groups, source.shared);
        let known = KnownMinutes::of(inventory, &places);
        let until = number(source.now);
        let mut changed = Vec::new();
        // What is older than all that is kept, the baseline apart, would make room again at once.
        for number in source.from.max(until - MOST as i64 + BASELINE + 1)..=until {
            let Some(minute) = known.minute(number) else { continue };
            self.asked = Some(self.asked.map_or(number, |asked| asked.max(number)));
            if self.rows.insert(number, minute) != Some(minute) && minute.requests.is_some() {
                changed.push(minute);
            }
        }
        self.forget(source.from + BASELINE);
        changed
    }

    /// The baseline stays; what follows it makes room, the oldest first.
    fn forget(&mut self, after_baseline: i64) {
        while self.rows.len() > MOST {
            let oldest = self.rows.range(after_baseline..).next().map(|(number, _)| *number);
            let Some(oldest) = oldest.or_else(|| self.rows.keys().next().copied()) else { return };
            self.rows.remove(&oldest);
        }
    }
}

/// What to read from an inventory.
pub(super) struct Measures<'a> {
    pub load_balancer: &'a Key<LoadBalancer>,
    pub groups: &'a [Key<TargetGroup>],
    pub shared: bool,
    /// The first minute of the baseline.
    pub from: i64,
    pub now: Moment,
}

/// The series that minutes are made of, looked up once for all of them.
struct KnownMinutes<'a> {
    requests: Vec<[Option<&'a Series>; OF_REQUESTS.len()]>,
    balancer: [Option<&'a Series>; OF_BALANCER.len()],
    groups: Vec<[Option<&'a Series>; OF_HOSTS.len()]>,
}

impl<'a> KnownMinutes<'a> {
    fn of(inventory: &'a Inventory, places: &Places) -> Self {
        let series = |of: &Measured, metric, statistic| inventory.metrics.get(&key(of, metric, statistic), PERIOD);
        let each = |of: &Measured| OF_REQUESTS.map(|(metric, statistic)| series(of, metric, statistic));
        let hosts = |of: &Measured| OF_HOSTS.map(|(metric, statistic)| series(of, metric, statistic));
        Self {
            requests: places.requests.iter().map(each).collect(),
            balancer: OF_BALANCER.map(|metric| series(&places.balancer, metric, Statistic::Sum)),
            groups: places.groups.iter().map(hosts).collect(),
        }
    }

    /// Returns a minute; `None` if it was never requested.
    fn minute(&self, number: i64) -> Option<Minute> {
        let at = begin(number);
        let value = |series: Option<&Series>| series.and_then(|series| series.at(at));
        let first = self.requests.first()?;
        first[0].filter(|series| series.covers(at))?;
        let of_requests = |place: usize| sum(self.requests.iter().map(|of| value(of[place])));
        let of_hosts = |place: usize| sum(self.groups.iter().map(|of| value(of[place])));
        let of_balancer = |place: usize| value(self.balancer[place]).unwrap_or_default();
        // Percentiles cannot be added: those of the busiest group are used.
        let busy = |of: &[Option<&Series>; OF_REQUESTS.len()]| value(of[0]).unwrap_or_default();
        let busiest = self.requests.iter().max_by(|one, other| busy(one).total_cmp(&busy(other)))?;
        Some(Minute {
            at,
            requests: of_requests(0),
            target_5xx: of_requests(1).unwrap_or_default(),
            target_4xx: of_requests(2).unwrap_or_default(),
            connection_errors: of_requests(3).unwrap_or_default(),
            p99: value(busiest[4]),
            elb_5xx: of_balancer(0),
            elb_503: of_balancer(1),
            rejected: of_balancer(2),
            healthy: of_hosts(0),
            unhealthy: of_hosts(1),
        })
    }
}

/// Returns the sum of the values; `None` if there are none.
fn sum(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    values.flatten().fold(None, |sum: Option<f64>, value| Some(sum.unwrap_or_default() + value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScopeId;

    #[test]
    fn at_most_fifteen_series_are_read_and_each_exists() {
        let load_balancer = Key::new(ScopeId(0), "lb");
        let groups: Vec<_> = (0..6).map(|number| Key::new(ScopeId(0), format!("tg{number}"))).collect();
        for shared in [false, true] {
            for count in 0..=groups.len() {
                let series = series_needed(&load_balancer, &groups[..count], shared);
                assert!(series.len() <= 15, "{} of {count} groups, shared: {shared}", series.len());
                assert!(series.iter().all(SeriesKey::exists));
                let own = |key: &SeriesKey| key.of.target_group.is_some();
                let requests = series.iter().find(|key| key.metric == Metric::RequestCount);
                assert!(requests.is_none_or(|key| own(key) == shared));
            }
        }
    }

    #[test]
    fn minutes_have_numbers() {
        let at = begin(1000);
        assert_eq!((number(at), next_number(at)), (1000, 1000));
        let later = at.plus(Duration::from_millis(1));
        assert_eq!((number(later), next_number(later)), (1000, 1001));
    }
}
