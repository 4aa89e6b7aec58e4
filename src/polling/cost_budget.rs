//! What may be spent on `CloudWatch` in an hour, and what was: a token bucket of series, because each series costs.
//!
//! A quarter of the cap may be spent at once and the rest flows in over the hour, so that no hour, wherever it begins,
//! costs more than the cap: polling becomes slower instead.

use std::collections::VecDeque;
use std::time::Duration;

use crate::model::{DOLLARS_PER_SERIES, Moment};

const HOUR: Duration = Duration::from_secs(3600);
/// What may be spent at once, as a share of the cap.
const BURST: f64 = 0.25;

/// The cost budget of a scope.
#[derive(Clone, Debug)]
pub struct CostBudget {
    /// Series an hour.
    cap: f64,
    debt: f64,
    settled: Moment,
    /// Requested series, minute by minute.
    spent: VecDeque<(Moment, u32)>,
}

impl CostBudget {
    /// Returns a full cost budget that allows so many dollars an hour.
    #[must_use]
    pub fn new(dollars: f64, now: Moment) -> Self {
        Self { cap: dollars / DOLLARS_PER_SERIES, debt: 0.0, settled: now, spent: VecDeque::new() }
    }

    /// Brings it up to `now`.
    pub fn settle(&mut self, now: Moment) {
        self.debt = (self.debt - now.since(self.settled).as_secs_f64() * self.rate()).max(0.0);
        self.settled = now;
        while self.spent.front().is_some_and(|(at, _)| now.since(*at) >= HOUR) {
            self.spent.pop_front();
        }
    }

    /// Returns how many series may be read now. A call that costs more than a full budget must wait until it is full.
    #[must_use]
    pub fn free(&self) -> u32 {
        let whole = if self.debt < 1e-9 { self.cap } else { self.cap * BURST - self.debt };
        (whole + 1e-6).max(0.0) as u32
    }

    /// Returns when so many may be requested; `None` if never, because the cap is lower.
    #[must_use]
    pub fn when(&self, series: u32) -> Option<Moment> {
        let series = f64::from(series);
        if series > self.cap {
            return None;
        }
        let wanted = (self.cap * BURST - series).max(0.0);
        Some(self.settled.plus(Duration::from_secs_f64((self.debt - wanted).max(0.0) / self.rate() + 0.001)))
    }

    /// Spends on so many series.
    pub fn spend(&mut self, series: u32) {
        self.debt += f64::from(series);
        match self.spent.back_mut().filter(|(at, _)| self.settled.since(*at) < Duration::from_secs(60)) {
            Some((_, sum)) => *sum += series,
            None => self.spent.push_back((self.settled, series)),
        }
    }

    /// Dollars spent in the last hour, and the cap.
    #[must_use]
    pub fn dollars(&self, now: Moment) -> (f64, f64) {
        let recent = self.spent.iter().filter(|(at, _)| now.since(*at) < HOUR);
        let series: f64 = recent.map(|(_, series)| f64::from(*series)).sum();
        (series * DOLLARS_PER_SERIES, self.cap * DOLLARS_PER_SERIES)
    }

    /// Returns whether polling is slower than intended because of the cap.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.debt > self.cap * BURST * 0.9
    }

    /// Series a second.
    fn rate(&self) -> f64 {
        (self.cap * (1.0 - BURST) / HOUR.as_secs_f64()).max(1e-9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment::EPOCH.plus(Duration::from_secs(seconds))
    }

    /// Spends all that may be spent, in lots of this size; returns what was spent, by second.
    fn greedy(dollars: f64, lot: u32, seconds: u64) -> Vec<(u64, u32)> {
        let mut cost_budget = CostBudget::new(dollars, at(0));
        let mut spent = Vec::new();
        for second in 0..seconds {
            cost_budget.settle(at(second));
            while cost_budget.free() >= lot {
                cost_budget.spend(lot);
                spent.push((second, lot));
            }
        }
        spent
    }

    #[test]
    fn no_hour_costs_more_than_the_cap() {
        for (dollars, lot) in [(0.10, 5), (0.10, 400), (0.01, 5), (0.10, 9000), (0.002, 40)] {
            let spent = greedy(dollars, lot, 3 * 3600);
            assert!(!spent.is_empty());
            for start in (0..2 * 3600).step_by(60) {
                let hour = spent.iter().filter(|(second, _)| (start..start + 3600).contains(second));
                let cost = hour.map(|(_, lot)| f64::from(*lot)).sum::<f64>() * DOLLARS_PER_SERIES;
                assert!(cost <= dollars * 1.0001, "${cost} in the hour from {start} s, cap ${dollars}, lots of {lot}");
            }
        }
    }

    #[test]
    fn it_says_when_there_is_enough() {
        let mut cost_budget = CostBudget::new(0.10, at(0));
        cost_budget.spend(2500);
        let when = cost_budget.when(125).unwrap();
        assert!(when > at(50) && when < at(70), "{when:?}");
        cost_budget.settle(when);
        assert!(cost_budget.free() >= 125);
        assert_eq!(cost_budget.when(1_000_000), None);
    }

    #[test]
    fn what_was_spent_is_reported_for_an_hour() {
        let mut cost_budget = CostBudget::new(0.10, at(0));
        cost_budget.spend(1000);
        assert_eq!(cost_budget.dollars(at(10)), (0.01, 0.1));
        assert!(cost_budget.dollars(at(3601)).0 < 1e-12);
    }
}
