//! The schedule: what is due first, a turn for the background, and no source starves.

use super::{Attempts, Reader, at, budgets, cost_budget, health, tags, want};
use crate::model::{Moment, Service, Source};
use crate::polling::{Picked, Want, schedule};

/// What is picked of these with so many tokens, and when to look again.
fn pick(wants: &[Want], attempts: &Attempts, tokens: u32, now: Moment) -> Picked {
    schedule([&[], wants, &[]], attempts.parts(), &mut budgets(1.0, tokens, now), &mut cost_budget(now), now)
}

fn picked(wants: &[Want], attempts: &Attempts, tokens: u32, now: Moment) -> Vec<Source> {
    pick(wants, attempts, tokens, now).asks.into_iter().flatten().collect()
}

/// These were read at these seconds.
fn read(sources: &[(Source, u64)]) -> Attempts {
    let mut attempts = Attempts::default();
    for (source, second) in sources {
        let seq = attempts.begin(std::slice::from_ref(source));
        attempts.end(std::slice::from_ref(source), seq, at(*second), None);
    }
    attempts
}

#[test]
fn the_most_overdue_for_its_cadence_is_read_first() {
    let attempts = read(&[(health("slow"), 0), (health("fast"), 90), (health("fresh"), 99)]);
    let wants = [want(health("fresh"), true, 10), want(health("slow"), true, 60), want(health("fast"), true, 5)];
    // At 100 s: slow is 40 s late of 60, fast 5 s late of 5, fresh not at all.
    assert_eq!(picked(&wants, &attempts, 5, at(100)), [health("fast"), health("slow")]);
    // At 300 s: slow 240/60 = 4, fast 205/5 = 41, fresh 191/10 = 19.1.
    assert_eq!(picked(&wants, &attempts, 5, at(300)), [health("fast"), health("fresh"), health("slow")]);
}

#[test]
fn what_was_never_read_goes_before_what_is_old_and_the_first_wanted_before_the_others() {
    let attempts = read(&[(health("old"), 0)]);
    let wants = [want(health("old"), true, 10), want(health("a"), true, 10), want(health("b"), true, 10)];
    assert_eq!(picked(&wants, &attempts, 5, at(5_000)), [health("a"), health("b"), health("old")]);
}

#[test]
fn what_is_visible_goes_before_the_background_however_old_that_is() {
    let attempts = read(&[(health("hidden"), 0), (health("shown"), 4_989)]);
    let wants = [want(health("hidden"), false, 10), want(health("shown"), true, 10)];
    assert_eq!(picked(&wants, &attempts, 1, at(5_000)), [health("shown")]);
    assert_eq!(picked(&wants, &attempts, 2, at(5_000)), [health("shown"), health("hidden")]);
}

#[test]
fn nothing_is_read_before_it_is_due_nor_while_it_is_under_way() {
    let mut attempts = read(&[(health("a"), 0)]);
    let wants = [want(health("a"), true, 10), want(health("b"), true, 10)];
    attempts.begin(&[health("b")]);
    let early = pick(&wants, &attempts, 5, at(9));
    assert!(early.asks.is_empty(), "{early:?}");
    assert_eq!(early.next, Some(at(10)), "it says when something is due");
    assert_eq!(picked(&wants, &attempts, 5, at(10)), [health("a")]);
}

#[test]
fn at_most_eight_calls_to_a_service_are_under_way() {
    let mut attempts = Attempts::default();
    let wants: Vec<_> = (0..30).map(|it| want(health(&it.to_string()), true, 10)).collect();
    let first = picked(&wants, &attempts, 100, at(0));
    assert_eq!(first.len(), 8);
    let seqs: Vec<_> = first.iter().map(|it| attempts.begin(std::slice::from_ref(it))).collect();
    assert_eq!(picked(&wants, &attempts, 100, at(0)), []);
    attempts.end(&first[..1], seqs[0], at(1), None);
    assert_eq!(picked(&wants, &attempts, 100, at(1)).len(), 1);
    // Another service has room of its own.
    assert_eq!(attempts.request_log.in_flight(Service::Elb), 7);
    assert_eq!(picked(&[want(Source::Environments(super::SCOPE), true, 10)], &attempts, 5, at(1)).len(), 1);
}

#[test]
fn what_one_call_can_read_is_read_by_one() {
    let wants: Vec<_> = (0..45).map(|it| want(tags(&it.to_string()), it % 2 == 0, 300)).collect();
    let asks = pick(&wants, &Attempts::default(), 10, at(0)).asks;
    assert_eq!(asks.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5], "20 ARNs a call");
    let all: std::collections::BTreeSet<_> = asks.iter().flatten().collect();
    assert_eq!(all.len(), 45, "each once");
}

#[test]
fn a_source_that_several_lists_want_is_read_once() {
    let list = [want(health("a"), true, 10)];
    let now = at(0);
    let asks = schedule(
        [&list, &list, &list],
        Attempts::default().parts(),
        &mut budgets(1.0, 5, now),
        &mut cost_budget(now),
        now,
    )
    .asks;
    assert_eq!(asks, [[health("a")]]);
}

#[test]
fn without_a_token_it_says_when_there_is_one() {
    let now = at(0);
    let mut empty = budgets(0.5, 1, now);
    let wants = [want(health("a"), true, 10), want(health("b"), true, 10)];
    let picked = schedule([&[], &wants, &[]], Attempts::default().parts(), &mut empty, &mut cost_budget(now), now);
    assert_eq!((picked.asks.len(), picked.next), (1, Some(at(2))), "half a call a second");
    let later = schedule([&[], &wants, &[]], Attempts::default().parts(), &mut empty, &mut cost_budget(now), now);
    assert_eq!((later.asks.len(), later.next), (0, Some(at(2))));
}

/// More is wanted for the screen than the budget gives.
fn crowded() -> (Vec<Want>, Vec<Want>) {
    let shown = (0..40).map(|it| want(health(&format!("shown-{it}")), true, 10)).collect();
    let hidden = (0..10).map(|it| want(health(&format!("hidden-{it}")), false, 300)).collect();
    (shown, hidden)
}

#[test]
fn one_token_in_eight_is_the_backgrounds() {
    let (shown, hidden) = crowded();
    let wants = [shown, hidden.clone()].concat();
    let mut reader = Reader::new(1.0, 5);
    reader.run(&wants, 0..3_600);
    let background = reader.read.iter().filter(|(_, source)| hidden.iter().any(|it| it.source == *source)).count();
    let all = reader.read.len();
    assert!((3_600..=3_606).contains(&all), "{all}");
    // Ten sources every 300 s are 120 reads an hour, of the 450 that are kept for them.
    assert!((110..=130).contains(&background), "{background} of {all}");
    // With more to read than that, an eighth is theirs and no more.
    let many: Vec<_> = (0..500).map(|it| want(health(&format!("hidden-{it}")), false, 300)).collect();
    let wants = [crowded().0, many].concat();
    let mut reader = Reader::new(1.0, 5);
    reader.run(&wants, 0..3_600);
    let background = reader.read.iter().filter(|(_, source)| source.subject().unwrap().starts_with("hidden")).count();
    assert!((440..=460).contains(&background), "{background} of {}", reader.read.len());
}

#[test]
fn the_background_has_everything_when_nothing_is_on_screen() {
    let hidden: Vec<_> = (0..50).map(|it| want(health(&it.to_string()), false, 10)).collect();
    let mut reader = Reader::new(1.0, 5);
    reader.run(&hidden, 0..600);
    assert!(reader.read.len() >= 600, "{}", reader.read.len());
}

#[test]
fn over_an_hour_nobody_starves() {
    let (shown, hidden) = crowded();
    let wants = [shown.clone(), hidden.clone()].concat();
    let mut reader = Reader::new(1.0, 5);
    reader.run(&wants, 0..3_600);
    for (lane, least) in [(&shown, 80), (&hidden, 11)] {
        let times: Vec<_> = lane.iter().map(|it| reader.times(&it.source)).collect();
        let (min, max) = (times.iter().min().unwrap(), times.iter().max().unwrap());
        assert!(*min >= least && max - min <= 2, "{times:?}");
    }
    // And no source waits long for a turn: forty share seven calls in eight seconds.
    for wanted in &shown {
        let reads: Vec<_> = reader.read.iter().filter(|(_, it)| *it == wanted.source).map(|(at, _)| *at).collect();
        let longest = reads.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(longest <= 50, "{:?} waited {longest} s", wanted.source);
    }
}

#[test]
fn with_enough_tokens_everything_is_as_fresh_as_it_should_be() {
    let wants: Vec<_> = (0..20).map(|it| want(health(&it.to_string()), it % 2 == 0, 10 + it)).collect();
    let mut reader = Reader::new(10.0, 40);
    reader.run(&wants, 0..600);
    for wanted in &wants {
        let cadence = wanted.cadence.as_secs() as usize;
        let expected = 600_usize.div_ceil(cadence);
        let times = reader.times(&wanted.source);
        assert!(times.abs_diff(expected) <= 1, "every {cadence} s: {times} of {expected}");
    }
}
