//! What figures may cost: short before the cap, never above it, and nothing free is held up.

use std::time::Duration;

use super::{Attempts, at, budgets, health, want};
use crate::model::{DOLLARS_PER_SERIES, Key, Measure, Moment, Source};
use crate::polling::{CostBudget, Want, schedule};

fn figures(name: &str, cost: u32) -> Want {
    let source = Source::Metrics(Key::new(super::SCOPE, name), Measure::Row);
    Want { source, visible: true, cadence: Duration::from_mins(1), cost }
}

/// Returns a cost budget of so many series an hour.
fn cost_budget(series: u32) -> CostBudget {
    CostBudget::new(f64::from(series) * DOLLARS_PER_SERIES, at(0))
}

#[test]
fn it_is_short_before_the_cap_is_reached_and_not_any_more_when_it_has_filled() {
    let mut cost_budget = cost_budget(1000);
    assert!(!cost_budget.is_short());
    // A quarter may be spent at once; from nine tenths of that on it is short.
    cost_budget.spend(224);
    assert!(!cost_budget.is_short(), "{:?}", cost_budget.dollars(at(0)));
    cost_budget.spend(2);
    assert!(cost_budget.is_short() && cost_budget.free() == 24, "{}", cost_budget.free());
    let (spent, cap) = cost_budget.dollars(at(0));
    assert!(spent < cap * 0.23, "it slows down long before the cap: {spent} of {cap}");
    // Three quarters of the cap flow in over an hour.
    cost_budget.settle(at(4));
    assert!(cost_budget.is_short());
    cost_budget.settle(at(6));
    assert!(!cost_budget.is_short());
}

#[test]
fn what_is_too_dear_now_is_looked_at_again_when_there_is_enough() {
    let now = at(0);
    let mut cost_budget = cost_budget(1000);
    cost_budget.spend(240);
    let wants = [figures("a", 20), want(health("free"), true, 10)];
    let picked =
        schedule([&[], &wants, &[]], Attempts::default().parts(), &mut budgets(10.0, 10, now), &mut cost_budget, now);
    assert_eq!(picked.asks, [[health("free")]], "what is free is not held up");
    let next = picked.next.unwrap();
    assert!(next > at(47) && next < at(49), "ten more series flow in within 48 s: {next:?}");
    cost_budget.settle(next);
    let picked = schedule(
        [&[], &wants[..1], &[]],
        Attempts::default().parts(),
        &mut budgets(10.0, 10, next),
        &mut cost_budget,
        next,
    );
    assert_eq!(picked.asks.len(), 1);
}

#[test]
fn a_cheaper_question_goes_when_the_dearer_one_must_wait() {
    let now = at(0);
    let mut cost_budget = cost_budget(1000);
    cost_budget.spend(240);
    let wants = [figures("expensive", 20), figures("cheap", 5)];
    let picked =
        schedule([&[], &wants, &[]], Attempts::default().parts(), &mut budgets(10.0, 10, now), &mut cost_budget, now);
    assert_eq!(picked.asks, [[wants[1].source.clone()]]);
    assert_eq!(cost_budget.free(), 5);
}

#[test]
fn what_would_never_be_affordable_wakes_no_one() {
    let now = at(0);
    let mut cost_budget = cost_budget(10);
    let wants = [figures("never", 11)];
    let picked =
        schedule([&[], &wants, &[]], Attempts::default().parts(), &mut budgets(10.0, 10, now), &mut cost_budget, now);
    assert_eq!((picked.asks.len(), picked.next), (0, None));
}

#[test]
fn figures_of_one_period_go_in_one_call_as_far_as_the_purse_goes() {
    let now = at(0);
    let mut cost_budget = cost_budget(1000);
    cost_budget.spend(1);
    let wants: Vec<_> = (0..20).map(|it| figures(&it.to_string(), 20)).collect();
    let picked =
        schedule([&[], &wants, &[]], Attempts::default().parts(), &mut budgets(10.0, 10, now), &mut cost_budget, now);
    assert_eq!(picked.asks.iter().map(Vec::len).collect::<Vec<_>>(), [12], "240 of the 249 series that may be spent");
    assert_eq!(cost_budget.free(), 9);
    assert!(picked.next.is_some_and(|next| next > now && next != Moment::EPOCH));
}
