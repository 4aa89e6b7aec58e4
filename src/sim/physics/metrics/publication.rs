//! When a minute is published: a while after its end, in part at first, and revised to the whole a little later.
//!
//! Delays of one to three minutes and a revision within two more are what dashboards of Application Load Balancers
//! have to live with; AWS promises no figures, so these are assumptions (UNVERIFIED). They are a function of the
//! series and the minute alone, so a minute may appear before the previous one.

use crate::sim::physics::noise::unit;

/// The publication of one series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Publication {
    /// A hash of the region's seed, the metric and its dimensions.
    key: u64,
    /// Milliseconds later than usual.
    later: i64,
}

/// How much of a minute has arrived.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Arrived {
    /// A share of the samples; 1: all of them, for good.
    share: f64,
    /// By how much the samples so far mislead about a time.
    bias: f64,
}

impl Publication {
    pub(super) fn new(key: u64) -> Self {
        Self { key, later: 0 }
    }

    /// Capacity units come half an hour late (`cloudwatch_exporter` #587).
    pub(super) fn half_an_hour_later(self) -> Self {
        Self { later: 1_800_000, ..self }
    }

    /// What has arrived of a minute at an instant (milliseconds since the Unix epoch); none: nothing yet.
    pub(super) fn arrived(self, now: i64, minute: i64) -> Option<Arrived> {
        let age = now - (minute + 1) * 60_000 - self.later;
        let draw = |stream| unit(self.key, minute, stream);
        let first = 60_000 + (draw(20) * 120_000.0) as i64;
        let revised = first + 20_000 + (draw(21) * 100_000.0) as i64;
        match age {
            _ if age < first => None,
            _ if age < revised => Some(Arrived { share: 0.6 + 0.35 * draw(22), bias: 0.94 + 0.12 * draw(23) }),
            _ => Some(Arrived { share: 1.0, bias: 1.0 }),
        }
    }
}

impl Arrived {
    /// What is counted in whole numbers stays whole.
    pub(super) fn part(self, value: f64) -> f64 {
        if value.fract() == 0.0 { self.whole_part(value) } else { value * self.share }
    }

    pub(super) fn whole_part(self, count: f64) -> f64 {
        (count * self.share).ceil()
    }

    /// A time as far as its samples are there.
    pub(super) fn drifted(self, time: f64) -> f64 {
        time * self.bias
    }
}

#[cfg(test)]
mod tests {
    use super::Publication;

    /// When a minute appears, and when it is whole: seconds after its end.
    fn delays(publication: Publication, minute: i64) -> (i64, i64) {
        let share = |second: i64| {
            let now = (minute + 1) * 60_000 + second * 1000;
            publication.arrived(now, minute).map_or(0.0, |arrived| arrived.share)
        };
        let after = |least: f64| (0..400).find(|second| share(*second) >= least).unwrap_or(400);
        (after(0.01), after(1.0))
    }

    #[test]
    fn minutes_come_one_to_three_minutes_late_and_are_whole_within_five() {
        let all: Vec<(i64, i64)> = (0..500).map(|minute| delays(Publication::new(9), minute)).collect();
        assert!(all.iter().all(|(first, _)| (60..=180).contains(first)));
        assert!(all.iter().all(|(first, whole)| (20..=121).contains(&(whole - first))));
        let firsts: Vec<i64> = all.iter().map(|(first, _)| *first).collect();
        assert!(firsts.iter().any(|first| *first < 75) && firsts.iter().any(|first| *first > 165), "{firsts:?}");
        assert_ne!(delays(Publication::new(9), 3), delays(Publication::new(8), 3), "each series has its own delays");
    }

    #[test]
    fn whole_numbers_stay_whole_and_one_stays_one() {
        let partial = super::Arrived { share: 0.61, bias: 1.0 };
        assert!((partial.whole_part(1.0) - 1.0).abs() < f64::EPSILON);
        assert!((partial.whole_part(10.0) - 7.0).abs() < f64::EPSILON);
    }
}
