//! A change of stickiness: requests that no cookie led to a target, and how even the instances' shares are.

use std::sync::Arc;

use super::stage::{CALM, INSTANCES, Stage, at, load_balancer};
use crate::change::tests::stage::Stage as Settings;
use crate::change::{Operation, Outcome, Route, Written};
use crate::deploy::minutes::begin;
use crate::deploy::{ImpactWatch, Leaning, RuleSignal};
use crate::model::{Answer, HealthStatus, Measured, Metric, MetricAnswer, SeriesKey, Statistic, Window};

/// A change of the cookie's length, or of something else, which AWS took at 14:05.
fn begun(stage: &mut Stage, key: &str, value: &str) -> ImpactWatch {
    let plan = Settings::new().plan(&[(key, value)], Some(Route::Elb)).unwrap();
    let written = Written {
        id: Some("c-1".into()),
        at: at(300),
        outcome: Outcome::Applied,
        request_ids: Vec::new(),
        observed: None,
        values: Vec::new(),
        unseen: None,
        unrecorded: None,
    };
    stage.with_snapshot(301, |snapshot| ImpactWatch::begin(&Operation::from(&plan), &written, snapshot)).unwrap()
}

/// In these minutes from 14:00 on so many requests had no cookie that led anywhere.
fn strays(stage: &mut Stage, minutes: std::ops::Range<i64>, count: f64) {
    let of = Measured { load_balancer: load_balancer().key, target_group: None, zone: None };
    let key = SeriesKey { metric: Metric::NonStickyRequests, statistic: Statistic::Sum, of };
    let number = |minute: i64| begin(at(0).0.as_second() / 60 + minute);
    let window = Window { period: 60, from: number(minutes.start), until: number(minutes.end) };
    let series = vec![(key, minutes.map(|it| (number(it), count)).collect())];
    stage.put(Answer::Metrics(MetricAnswer { window, series }));
}

/// Returns the reason of a signal after readings every ten seconds until then.
fn reason(
    stage: &mut Stage,
    impact: &mut ImpactWatch,
    until: i64,
    signal: RuleSignal,
) -> Option<(Leaning, bool, Arc<str>)> {
    for seconds in (310..=until).step_by(10) {
        stage.with_snapshot(seconds, |snapshot| impact.observe(snapshot));
    }
    let reasons = &impact.verdict().reasons;
    reasons.iter().find(|it| it.signal == signal).map(|it| (it.leaning, it.early, it.words.clone().into()))
}

const LENGTH: (&str, &str) = ("stickiness.lb_cookie.duration_seconds", "3600");

/// Of 6000 requests a minute so many had no cookie: before the change, in minute 6, and in 7 to 10; and the reason.
/// The requests of minute 10 are not published.
type Strays<'a> = (&'a str, Option<f64>, f64, Option<f64>, Option<(Leaning, String)>);

#[test]
fn stray_requests_are_worse_if_there_are_many_more_than_before() {
    use Leaning::{Note, Worse};
    let said = |now: &str, before: &str| {
        format!(
            "no cookie led {now} of the requests to a target ({now_count}, NonStickyRequestCount), {before} before",
            now_count = "N"
        )
    };
    let rows: [Strays<'_>; 8] = [
        ("many more", Some(60.0), 60.0, Some(900.0), Some((Worse, said("15 %", "1.0 %")))),
        ("as many", Some(60.0), 60.0, Some(60.0), Some((Note, said("1.0 %", "1.0 %")))),
        ("only the newest three minutes count", Some(60.0), 6000.0, Some(60.0), Some((Note, said("1.0 %", "1.0 %")))),
        ("more, but not twice as many", Some(900.0), 900.0, Some(1500.0), Some((Note, said("25 %", "15 %")))),
        ("twice as many, but few", Some(60.0), 60.0, Some(300.0), Some((Note, said("5.0 %", "1.0 %")))),
        ("stickiness was off before", None, 0.0, Some(900.0), Some((Note, said("15 %", "none")))),
        ("none now", Some(60.0), 0.0, Some(0.0), None),
        ("not published yet", Some(60.0), 0.0, None, None),
    ];
    for (state, before, between, after, expected) in rows {
        let mut stage = Stage::new("Rolling");
        stage.minutes(-10..20, CALM);
        let mut impact = begun(&mut stage, LENGTH.0, LENGTH.1);
        before.into_iter().for_each(|count| strays(&mut stage, -10..6, count));
        if after.is_some() {
            strays(&mut stage, 6..7, between);
        }
        after.into_iter().for_each(|count| strays(&mut stage, 7..11, count));
        let found = reason(&mut stage, &mut impact, 650, RuleSignal::StrayRequests);
        let counts = |words: &str| {
            let (start, end) = (words.find('(').unwrap(), words.find(", NonSticky").unwrap());
            format!("{}(N{}", &words[..start], &words[end..])
        };
        let found = found.map(|(leaning, early, words)| {
            assert!(!early, "{state}: minutes are compared");
            (leaning, counts(&words))
        });
        assert_eq!(found, expected, "{state}");
    }
}

#[test]
fn stray_requests_say_how_many_and_need_enough_to_judge_by() {
    let found = |requests: f64, count: f64, is_shared: bool| {
        let mut stage = Stage::new("Rolling");
        stage.is_shared = is_shared;
        stage.minutes(-10..20, super::stage::Row { requests, ..CALM });
        let mut impact = begun(&mut stage, LENGTH.0, LENGTH.1);
        strays(&mut stage, -10..11, count);
        reason(&mut stage, &mut impact, 600, RuleSignal::StrayRequests).map(|(_, _, words)| words.to_string())
    };
    let words = found(50.0, 10.0, false).unwrap();
    assert!(words.contains("20 % of the requests to a target (30 of 150, "), "{words}");
    assert!(found(34.0, 10.0, false).is_some(), "102 of the least of 100");
    assert_eq!(found(33.0, 10.0, false), None, "99 are too few");
}

#[test]
fn a_change_of_something_else_does_not_look_at_cookies() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(-10..20, CALM);
    let mut impact = begun(&mut stage, "deregistration_delay.timeout_seconds", "90");
    strays(&mut stage, -10..6, 60.0);
    strays(&mut stage, 6..11, 900.0);
    assert_eq!(reason(&mut stage, &mut impact, 600, RuleSignal::StrayRequests), None);
}

/// The requests that each instance had in ten seconds, until when, and the reason once there are enough.
type Shares<'a> = (&'a str, [i32; 4], i64, Option<(Leaning, &'a str)>);

#[test]
fn one_instance_that_gets_most_of_the_requests_is_worse() {
    use Leaning::{Note, Worse};
    let rows: [Shares<'_>; 6] = [
        ("even", [10, 10, 10, 10], 400, Some((Note, "gets 25 % of the requests; 25 % would be even"))),
        (
            "a little uneven",
            [14, 10, 8, 8],
            400,
            Some((Note, "i-00000001, gets 35 % of the requests; 25 % would be even")),
        ),
        (
            "one gets most",
            [2, 34, 2, 2],
            400,
            Some((Worse, "i-00000002, gets 85 % of the requests; 25 % would be even")),
        ),
        ("just enough in all", [25, 25, 25, 25], 310, Some((Note, "gets 25 %"))),
        ("too few in all", [24, 25, 25, 25], 310, None),
        ("none", [0, 0, 0, 0], 400, None),
    ];
    for (state, counts, until, expected) in rows {
        let mut stage = Stage::new("Rolling");
        stage.minutes(-10..20, CALM);
        let said: Vec<_> =
            INSTANCES.iter().zip(counts).map(|(id, count)| (*id, "v1", 1, HealthStatus::Ok, count, 0)).collect();
        stage.instances(&said);
        let mut impact = begun(&mut stage, LENGTH.0, LENGTH.1);
        let found = reason(&mut stage, &mut impact, until, RuleSignal::Shares);
        let found = found.map(|(leaning, early, words)| {
            assert_eq!(early, leaning == Worse, "{state}");
            (leaning, words)
        });
        assert_eq!(found.as_ref().map(|it| it.0), expected.map(|it| it.0), "{state}: {found:?}");
        if let (Some((_, words)), Some((_, expected))) = (&found, expected) {
            assert!(words.contains(expected), "{state}: {words}");
        }
    }
}

#[test]
fn a_slice_is_counted_once_and_only_if_it_is_from_after_the_change() {
    let words = |read: &dyn Fn(i64) -> i64| {
        let mut stage = Stage::new("Rolling");
        stage.minutes(-10..20, CALM);
        stage.instances(&[("i-1", "v1", 1, HealthStatus::Ok, 30, 0), ("i-2", "v1", 1, HealthStatus::Ok, 30, 0)]);
        let mut impact = begun(&mut stage, LENGTH.0, LENGTH.1);
        for seconds in [310, 320] {
            stage.look_like(seconds, at(read(seconds)), |snapshot| impact.observe(snapshot));
        }
        impact.verdict().reasons.iter().any(|it| it.signal == RuleSignal::Shares)
    };
    assert!(words(&|seconds| seconds), "two slices of sixty");
    assert!(!words(&|_| 310), "the same slice again");
    assert!(!words(&|seconds| seconds - 100), "from before the minute of the change");
}
