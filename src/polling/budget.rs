//! How many calls a service may get: a token bucket whose limits follow the activity.
//!
//! The observed allowances (Beanstalk 2/s burst 15, ELBv2 reads 10/s burst 40) are the whole account's; we
//! use a small part, and a larger one only while a user waits. The bucket counts what was spent and not yet regained
//! ("debt"), so that a change of limits neither gives tokens away nor takes them back.

use std::time::Duration;

use crate::config::{self, Config};
use crate::model::{Moment, Service};

/// A rate and a burst.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// Calls a second, above 0.
    pub rate: f64,
    /// Calls at once, at least 1.
    pub burst: u32,
}

/// The rates of a service in the background, and while the dashboard is being watched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BudgetPlan {
    /// For the background.
    pub background: Allowance,
    /// A person waits, or a deploy is watched.
    pub attended: Allowance,
}

/// The plan of each service, in the order of [`Service::ALL`].
pub type Plans = [BudgetPlan; Service::ALL.len()];

/// The plans that a configuration gives.
#[must_use]
pub fn plans(config: &Config) -> Plans {
    let allowance = |it: config::RateSettings| Allowance { rate: it.rate, burst: it.burst };
    Service::ALL.map(|service| {
        let budget = config.budget(service.endpoint_prefix()).unwrap_or_default();
        BudgetPlan { background: allowance(budget.background), attended: allowance(budget.attended) }
    })
}

/// The slowest that throttling makes us: a sixty-fourth of the rate.
const MOST_SLOWED: f64 = 1.0 / 64.0;
/// The rate recovers by this much of the whole, this often.
const RECOVERED: f64 = 0.1;
const RECOVERY: Duration = Duration::from_secs(10);
/// The first wait after a throttle is up to this long; each further one up to twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// No wait is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The state of one service's bucket.
#[derive(Clone, Debug)]
pub struct Budget {
    plan: BudgetPlan,
    attended: bool,
    debt: f64,
    settled: Moment,
    share: f64,
    recovered: Moment,
    blocked_until: Option<Moment>,
    throttles: u32,
    picks: u32,
}

impl Budget {
    /// A full bucket.
    #[must_use]
    pub fn new(plan: BudgetPlan, now: Moment) -> Self {
        Self {
            plan,
            attended: false,
            debt: 0.0,
            settled: now,
            share: 1.0,
            recovered: now,
            blocked_until: None,
            throttles: 0,
            picks: 0,
        }
    }

    /// Brings the bucket up to `now`; from then on the limits are those of `attended`.
    pub fn settle(&mut self, now: Moment, attended: bool) {
        while self.share < 1.0 && now.since(self.recovered) >= RECOVERY {
            let share = self.share + RECOVERED;
            // Five tenths, added one by one, are a hair less than a half.
            self.share = if share > 1.0 - RECOVERED / 10.0 { 1.0 } else { share };
            self.recovered = self.recovered.plus(RECOVERY);
        }
        self.debt = (self.debt - now.since(self.settled).as_secs_f64() * self.rate()).max(0.0);
        self.settled = now;
        self.attended = attended;
        if self.blocked_until.is_some_and(|until| until <= now) {
            self.blocked_until = None;
        }
    }

    /// How many calls may begin now.
    #[must_use]
    pub fn free(&self) -> usize {
        if self.blocked_until.is_some() {
            return 0;
        }
        // A hair more than nothing, so that a bucket refilled for exactly one token's time has one.
        (f64::from(self.allowance().burst) - self.debt + 1e-6).max(0.0) as usize
    }

    /// Takes `calls` tokens; more than there are makes the next ones wait longer (pages are counted afterwards).
    pub fn spend(&mut self, calls: u32) {
        self.debt += f64::from(calls);
    }

    /// Whether this pick is the one in eight that is kept for the background.
    pub fn is_turn_of_background(&mut self) -> bool {
        self.picks = self.picks.wrapping_add(1);
        self.picks.is_multiple_of(8)
    }

    /// When the next call may begin, if none may now.
    #[must_use]
    pub fn next_token(&self) -> Moment {
        let missing = (self.debt + 1.0 - f64::from(self.allowance().burst)).max(0.0);
        let refilled = self.settled.plus(Duration::from_secs_f64(missing / self.rate()));
        self.blocked_until.map_or(refilled, |until| until.max(refilled))
    }

    /// Records a throttle: half the rate, and no call for a while that is drawn between nothing
    /// and a bound that doubles (full jitter). `entropy` is any random number.
    ///
    /// Calls that were under way when the first was throttled are throttled too. That is nothing new, so it counts once.
    pub fn throttled(&mut self, now: Moment, entropy: u64) {
        if self.blocked_until.is_some_and(|until| now < until) {
            return;
        }
        self.share = (self.share / 2.0).max(MOST_SLOWED);
        self.recovered = now;
        let bound = FIRST_WAIT.saturating_mul(1 << self.throttles.min(10)).min(LONGEST_WAIT);
        self.throttles += 1;
        let drawn = bound.mul_f64((entropy % 1_000_000) as f64 / 1_000_000.0);
        self.blocked_until = Some(now.plus(drawn));
    }

    /// The service answered: the next throttle is a first one again.
    pub fn answered(&mut self) {
        self.throttles = 0;
    }

    /// Whether we ask less than we might, because the service refused.
    #[must_use]
    pub fn is_slowed(&self) -> bool {
        self.share < 1.0 || self.blocked_until.is_some()
    }

    fn allowance(&self) -> Allowance {
        if self.attended { self.plan.attended } else { self.plan.background }
    }

    fn rate(&self) -> f64 {
        self.allowance().rate * self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: BudgetPlan =
        BudgetPlan { background: Allowance { rate: 0.5, burst: 5 }, attended: Allowance { rate: 1.0, burst: 10 } };

    fn at(seconds: u64) -> Moment {
        Moment::EPOCH.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn every_service_has_a_budget() {
        for (service, plan) in Service::ALL.iter().zip(plans(&config::defaults())) {
            assert!(plan.background.rate > 0.0 && plan.attended.burst > 0, "{service:?}");
        }
    }

    #[test]
    fn never_more_than_burst_and_rate_allow() {
        let mut budget = Budget::new(PLAN, at(0));
        let mut spent = 0;
        for second in 0..100 {
            budget.settle(at(second), false);
            while budget.free() > 0 {
                budget.spend(1);
                spent += 1;
            }
        }
        assert!((5 + 48..=5 + 50).contains(&spent), "{spent}");
    }

    #[test]
    fn a_person_who_waits_gets_more_but_not_what_was_spent() {
        let mut budget = Budget::new(PLAN, at(0));
        budget.settle(at(0), false);
        budget.spend(5);
        assert_eq!(budget.free(), 0);
        budget.settle(at(0), true);
        assert_eq!(budget.free(), 5);
    }

    #[test]
    fn the_next_token_comes_when_it_says() {
        let mut budget = Budget::new(PLAN, at(0));
        budget.settle(at(0), false);
        budget.spend(5);
        let next = budget.next_token();
        assert_eq!(next, at(2));
        budget.settle(next, false);
        assert_eq!(budget.free(), 1);
    }

    #[test]
    fn calls_that_are_refused_together_count_as_one() {
        let (mut one, mut many) = (Budget::new(PLAN, at(0)), Budget::new(PLAN, at(0)));
        one.throttled(at(0), 500_000);
        (0..8).for_each(|entropy| many.throttled(at(0), 500_000 + entropy));
        assert_eq!((one.share, one.throttles, one.blocked_until), (many.share, many.throttles, many.blocked_until));
        many.settle(at(1), true);
        many.throttled(at(1), 500_000);
        assert!(many.share < one.share && many.throttles == 2);
    }

    /// When the first call may begin after a throttle at 0 s, in milliseconds.
    fn wait(budget: &Budget) -> u128 {
        budget.blocked_until.unwrap().since(at(0)).as_millis()
    }

    #[test]
    fn the_wait_after_a_throttle_is_drawn_evenly_from_nothing_to_its_bound() {
        let after = |entropy: u64| {
            let mut budget = Budget::new(PLAN, at(0));
            budget.throttled(at(0), entropy);
            wait(&budget)
        };
        assert_eq!([0, 250_000, 500_000, 750_000].map(after), [0, 250, 500, 750]);
        // Many clients that are refused at one moment must not come back at one moment.
        let drawn: Vec<_> = (0..1_000).map(|client| after(client * 7_919)).collect();
        let mean = drawn.iter().sum::<u128>() / 1_000;
        let different: std::collections::BTreeSet<_> = drawn.iter().collect();
        assert!((450..550).contains(&mean) && different.len() > 600, "{mean} ms, {} different", different.len());
    }

    #[test]
    fn the_bound_doubles_with_each_throttle_up_to_half_a_minute_and_an_answer_sets_it_back() {
        let mut budget = Budget::new(PLAN, at(0));
        let mut bounds = Vec::new();
        let mut now = at(0);
        for _ in 0..8 {
            budget.settle(now, false);
            budget.throttled(now, 999_999);
            let until = budget.blocked_until.unwrap();
            bounds.push(until.since(now).as_secs_f64().round() as u64);
            now = until;
        }
        assert_eq!(bounds, [1, 2, 4, 8, 16, 30, 30, 30]);
        budget.settle(now, false);
        budget.answered();
        budget.throttled(now, 999_999);
        assert_eq!(budget.blocked_until.unwrap().since(now).as_secs_f64().round() as u64, 1);
    }

    /// Seconds until the next token of an empty bucket.
    fn refill(budget: &Budget) -> f64 {
        let mut budget = budget.clone();
        budget.spend(100);
        let one = budget.next_token();
        budget.spend(1);
        budget.next_token().since(one).as_secs_f64()
    }

    #[test]
    fn a_throttle_halves_the_rate_and_it_recovers_by_a_tenth_every_ten_seconds() {
        let mut budget = Budget::new(PLAN, at(0));
        budget.settle(at(0), false);
        assert!((refill(&budget) - 2.0).abs() < 0.01 && !budget.is_slowed());
        budget.throttled(at(0), 500_000);
        assert_eq!(budget.free(), 0);
        budget.settle(at(1), false);
        assert_eq!(budget.free(), 5);
        for (second, share) in [(1, 0.5), (9, 0.5), (10, 0.6), (20, 0.7), (39, 0.8), (49, 0.9)] {
            budget.settle(at(second), false);
            let found = refill(&budget);
            assert!((found - 2.0 / share).abs() < 0.01, "after {second} s a token takes {found} s");
            assert!(budget.is_slowed());
        }
        budget.settle(at(50), false);
        assert!((refill(&budget) - 2.0).abs() < 0.01 && !budget.is_slowed());
        for second in (60..).step_by(31).take(20) {
            budget.settle(at(second), false);
            budget.throttled(at(second), 0);
        }
        assert!(budget.share >= MOST_SLOWED, "throttled for ever, it still asks now and then");
    }
}
