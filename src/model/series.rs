//! Figures over time: which series there are, and the values of each in a ring of bounded length.
//!
//! A value belongs to the period that begins at its time. An answer replaces all values of the stretch that was asked
//! for, so that a minute that `CloudWatch` revises, or publishes late, is put right by the next answer.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::{Key, LoadBalancer, Map, Metric, Moment, Statistic, TargetGroup, resource};

/// What is measured: a load balancer, or one of its target groups, in all zones or in one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Measured {
    /// The load balancer.
    pub load_balancer: Key<LoadBalancer>,
    /// The target group; `None` for all that goes through the load balancer.
    pub target_group: Option<Key<TargetGroup>>,
    /// The zone's name; `None` for all zones.
    pub zone: Option<Arc<str>>,
}

impl Measured {
    /// Names and values of its dimensions: those of load balancer and target group are the tails of their ARNs,
    /// `app/<name>/<id>` and `targetgroup/<name>/<id>`.
    pub fn dimensions(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let load_balancer = resource(&self.load_balancer.id);
        let load_balancer = load_balancer.strip_prefix("loadbalancer/").unwrap_or(load_balancer);
        let group = self.target_group.as_ref().map(|group| ("TargetGroup", resource(&group.id)));
        let zone = self.zone.as_deref().map(|zone| ("AvailabilityZone", zone));
        [Some(("LoadBalancer", load_balancer)), group, zone].into_iter().flatten()
    }
}

/// Which figures: a statistic of a metric of something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeriesKey {
    /// Which metric.
    pub metric: Metric,
    /// Which statistic of it.
    pub statistic: Statistic,
    /// Of what.
    pub of: Measured,
}

impl SeriesKey {
    /// Whether `CloudWatch` publishes the metric under these dimensions; else its series is empty for ever.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.metric.facts().dimensions.has(self.of.target_group.is_some(), self.of.zone.is_some())
    }
}

/// A stretch of time in whole periods: from `from` (inclusive) until `until` (exclusive), both multiples of `period`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The length of a period, in seconds; a multiple of 60.
    pub period: u32,
    /// The first period's beginning.
    pub from: Moment,
    /// The end of the last period.
    pub until: Moment,
}

impl Window {
    /// The whole periods that cover the stretch of this length up to `now`, the running period included.
    #[must_use]
    pub fn ending(now: Moment, length: Duration, period: u32) -> Self {
        let until = index(now, period) + 1;
        let periods = length.as_secs().div_ceil(u64::from(period.max(1))).max(1);
        let from = until - i64::try_from(periods).unwrap_or(i64::MAX / 4);
        Self { period, from: begin(from, period), until: begin(until, period) }
    }

    /// How many periods it has.
    #[must_use]
    pub fn periods(&self) -> usize {
        usize::try_from(index(self.until, self.period) - index(self.from, self.period)).unwrap_or_default()
    }
}

/// The number of the period that an instant lies in.
fn index(at: Moment, period: u32) -> i64 {
    at.0.as_second().div_euclid(i64::from(period.max(1)))
}

/// When the period of this number begins.
fn begin(index: i64, period: u32) -> Moment {
    jiff::Timestamp::from_second(index.saturating_mul(i64::from(period))).map_or(Moment::EPOCH, Moment)
}

/// The most values that a series keeps: two weeks of hours, twelve hours of minutes, and some room.
pub const MOST_VALUES: usize = 1024;

/// The minimum number of periods that are kept, because trends are of more than the last answer.
const LEAST_VALUES: usize = 64;
/// How many more periods are kept than were requested at once.
const SPARE: usize = 16;

/// The values of one series at one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    period: u32,
    /// The number of the first value's period.
    first: i64,
    values: VecDeque<f64>,
    /// The most periods that were requested at once: older values are not shown any more.
    wished: usize,
    /// When it was last read.
    read: Moment,
}

impl Series {
    fn new(period: u32, read: Moment) -> Self {
        Self { period, first: 0, values: VecDeque::new(), wished: 0, read }
    }

    /// The length of a period, in seconds.
    #[must_use]
    pub fn period(&self) -> u32 {
        self.period
    }

    /// Returns the value of the period that contains this instant; `None` if there is none, or it was never requested.
    #[must_use]
    pub fn at(&self, at: Moment) -> Option<f64> {
        let place = usize::try_from(index(at, self.period) - self.first).ok()?;
        self.values.get(place).copied().filter(|value| !value.is_nan())
    }

    /// Returns whether the period that contains this instant was requested.
    #[must_use]
    pub fn covers(&self, at: Moment) -> bool {
        let place = index(at, self.period) - self.first;
        (0..self.values.len() as i64).contains(&place)
    }

    /// Returns the end of the last period that was requested.
    #[must_use]
    pub fn until(&self) -> Moment {
        begin(self.first + self.values.len() as i64, self.period)
    }

    /// The newest value, and when its period began.
    #[must_use]
    pub fn newest(&self) -> Option<(Moment, f64)> {
        self.newest_before(Moment(jiff::Timestamp::MAX))
    }

    /// The newest value whose period ended by this instant.
    #[must_use]
    pub fn newest_before(&self, until: Moment) -> Option<(Moment, f64)> {
        let end = index(until, self.period) - self.first;
        let known = self.values.iter().enumerate().rev();
        let (place, value) = known.filter(|(place, _)| (*place as i64) < end).find(|(_, value)| !value.is_nan())?;
        Some((begin(self.first + place as i64, self.period), *value))
    }

    /// The values of a window, of this series' own period, into `into`, which is cleared; `NaN` where there is none.
    pub fn copy(&self, window: Window, into: &mut Vec<f64>) {
        into.clear();
        let from = index(window.from, self.period);
        into.extend((from..index(window.until, self.period)).map(|number| {
            let place = usize::try_from(number - self.first).ok();
            place.and_then(|place| self.values.get(place)).copied().unwrap_or(f64::NAN)
        }));
    }

    /// All points there are, oldest first.
    pub fn points(&self) -> impl Iterator<Item = (Moment, f64)> {
        let known = self.values.iter().enumerate().filter(|(_, value)| !value.is_nan());
        known.map(|(place, value)| (begin(self.first + place as i64, self.period), *value))
    }

    /// How many periods it holds, with or without a value.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Replaces what lies in the window by these points; whether anything differs.
    fn replace(&mut self, window: Window, points: &[(Moment, f64)]) -> bool {
        let (from, until) = (index(window.from, self.period), index(window.until, self.period));
        let end = self.first + self.values.len() as i64;
        // A gap between the known and the requested periods would look like missing data where nothing was requested.
        if self.values.is_empty() || from > end || until < self.first {
            self.first = from;
            self.values.clear();
        }
        while self.first > from && self.values.len() < MOST_VALUES {
            self.values.push_front(f64::NAN);
            self.first -= 1;
        }
        let mut differs = false;
        while self.first + (self.values.len() as i64) < until {
            self.values.push_back(f64::NAN);
        }
        let mut fresh = vec![f64::NAN; usize::try_from(until - from).unwrap_or_default().min(MOST_VALUES * 4)];
        for (at, value) in points {
            let place = usize::try_from(index(*at, self.period) - from).ok();
            if let Some(cell) = place.and_then(|place| fresh.get_mut(place)).filter(|_| value.is_finite()) {
                *cell = *value;
            }
        }
        for (number, value) in (from..).zip(fresh) {
            let place = usize::try_from(number - self.first).ok();
            if let Some(known) = place.and_then(|place| self.values.get_mut(place))
                && known.to_bits() != value.to_bits()
            {
                *known = value;
                differs = true;
            }
        }
        self.wished = self.wished.max(window.periods());
        while self.values.len() > (self.wished + SPARE).clamp(LEAST_VALUES, MOST_VALUES) {
            self.values.pop_front();
            self.first += 1;
        }
        differs
    }
}

/// What was requested from `CloudWatch`, and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricAnswer {
    /// For which stretch.
    pub window: Window,
    /// The points of each requested series, in any order; none for a series without data.
    pub series: Vec<(SeriesKey, Vec<(Moment, f64)>)>,
}

/// A series that was not requested for this long is dropped.
const FORGOTTEN: Duration = Duration::from_hours(2);
/// However many environments there are, no more series are kept than this.
const MOST_SERIES: usize = 20_000;

/// All series that were read.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    series: Map<(SeriesKey, u32), Series>,
    pruned: Option<Moment>,
}

impl Metrics {
    /// Takes an answer in, read at `at`; the series that differ.
    pub fn replace(&mut self, answer: MetricAnswer, at: Moment) -> Vec<SeriesKey> {
        let window = answer.window;
        let mut changed = Vec::new();
        for (key, points) in answer.series {
            let place = (key, window.period);
            if !self.series.contains_key(&place) {
                self.series.insert(place.clone(), Series::new(window.period, at));
            }
            let Some(series) = self.series.get_mut(&place) else { continue };
            series.read = at;
            if series.replace(window, &points) {
                changed.push(place.0);
            }
        }
        self.prune(at);
        changed
    }

    /// A series at a period, in seconds.
    #[must_use]
    pub fn get(&self, key: &SeriesKey, period: u32) -> Option<&Series> {
        // The key is cloned for the look-up: two counted references.
        self.series.get(&(key.clone(), period))
    }

    /// The values of a window, added up over these series, into `into`, which is cleared: `NaN` where none has a value.
    pub fn copy_sum(&self, keys: &[SeriesKey], window: Window, into: &mut Vec<f64>) {
        into.clear();
        into.resize(window.periods(), f64::NAN);
        let mut values = Vec::new();
        for series in keys.iter().filter_map(|key| self.get(key, window.period)) {
            series.copy(window, &mut values);
            for (sum, value) in into.iter_mut().zip(&values).filter(|(_, value)| !value.is_nan()) {
                *sum = if sum.is_nan() { *value } else { *sum + *value };
            }
        }
    }

    /// How many series are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// How many values are kept, over all series.
    #[must_use]
    pub fn values(&self) -> usize {
        self.series.values().map(Series::len).sum()
    }

    /// Drops what is no longer requested. A clock that was set back counts as no time.
    fn prune(&mut self, now: Moment) {
        let due = self.pruned.is_none_or(|pruned| now.since(pruned) >= Duration::from_mins(5) || now < pruned);
        if !due && self.series.len() <= MOST_SERIES {
            return;
        }
        self.pruned = Some(now);
        self.series.retain(|_, series| now.since(series.read) < FORGOTTEN);
        if self.series.len() > MOST_SERIES {
            // The newest half is kept; of those that were read with the oldest of it, as many as there is room for.
            let mut reads: Vec<Moment> = self.series.values().map(|series| series.read).collect();
            reads.sort_unstable();
            let oldest_kept = reads[reads.len() - MOST_SERIES / 2];
            let newer = reads.iter().filter(|read| **read > oldest_kept).count();
            let mut room = MOST_SERIES / 2 - newer;
            self.series.retain(|_, series| match series.read.cmp(&oldest_kept) {
                Ordering::Greater => true,
                Ordering::Equal if room == 0 => false,
                Ordering::Equal => {
                    room -= 1;
                    true
                }
                Ordering::Less => false,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScopeId;

    fn minute(number: i64) -> Moment {
        begin(number, 60)
    }

    fn key() -> SeriesKey {
        let load_balancer = Key::new(ScopeId(0), "arn:lb");
        let of = Measured { load_balancer, target_group: None, zone: None };
        SeriesKey { metric: Metric::RequestCount, statistic: Statistic::Sum, of }
    }

    fn answer(from: i64, until: i64, points: &[(i64, f64)]) -> MetricAnswer {
        let window = Window { period: 60, from: minute(from), until: minute(until) };
        let points = points.iter().map(|(at, value)| (minute(*at), *value)).collect();
        MetricAnswer { window, series: vec![(key(), points)] }
    }

    fn values(metrics: &Metrics, from: i64, until: i64) -> Vec<Option<f64>> {
        let series = metrics.get(&key(), 60).unwrap();
        (from..until).map(|at| series.at(minute(at))).collect()
    }

    #[test]
    fn a_late_point_fills_its_gap_and_a_revised_one_replaces_the_old() {
        let mut metrics = Metrics::default();
        metrics.replace(answer(100, 105, &[(100, 1.0), (101, 2.0), (102, 1.5)]), minute(105));
        let changed = metrics.replace(answer(101, 106, &[(101, 2.0), (102, 3.0), (103, 4.0)]), minute(106));
        assert_eq!(changed.len(), 1);
        assert_eq!(values(&metrics, 100, 105), [Some(1.0), Some(2.0), Some(3.0), Some(4.0), None]);
    }

    #[test]
    fn a_point_that_is_taken_back_is_gone() {
        let mut metrics = Metrics::default();
        metrics.replace(answer(100, 103, &[(100, 1.0), (101, 2.0)]), minute(103));
        metrics.replace(answer(100, 103, &[(100, 1.0)]), minute(104));
        assert_eq!(values(&metrics, 100, 103), [Some(1.0), None, None]);
    }

    #[test]
    fn an_older_stretch_goes_in_front() {
        let mut metrics = Metrics::default();
        metrics.replace(answer(100, 102, &[(100, 1.0), (101, 2.0)]), minute(103));
        metrics.replace(answer(97, 102, &[(97, 9.0), (100, 1.0), (101, 2.0)]), minute(104));
        assert_eq!(values(&metrics, 97, 102), [Some(9.0), None, None, Some(1.0), Some(2.0)]);
    }

    #[test]
    fn a_hole_that_was_never_asked_for_is_not_called_empty() {
        let mut metrics = Metrics::default();
        metrics.replace(answer(100, 102, &[(100, 1.0)]), minute(102));
        metrics.replace(answer(200, 202, &[(200, 1.0)]), minute(202));
        let series = metrics.get(&key(), 60).unwrap();
        assert!(!series.covers(minute(150)) && series.covers(minute(201)) && !series.covers(minute(100)));
    }

    #[test]
    fn a_clock_that_jumps_back_keeps_the_newer_minutes() {
        let mut metrics = Metrics::default();
        metrics.replace(answer(100, 110, &[(109, 5.0)]), minute(110));
        metrics.replace(answer(98, 104, &[(98, 1.0)]), minute(104));
        assert_eq!(values(&metrics, 98, 110)[11], Some(5.0));
    }

    #[test]
    fn windows_begin_and_end_with_periods() {
        let now = minute(1000).plus(Duration::from_secs(17));
        let window = Window::ending(now, Duration::from_mins(15), 60);
        assert_eq!((window.until, window.periods()), (minute(1001), 15));
        assert_eq!(Window::ending(now, Duration::from_secs(1), 300).periods(), 1);
    }
}
