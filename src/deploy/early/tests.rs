//! The early signals at their bounds: shares of 5xx, instances that stay unhealthy, how long a signal stays, and slices.

use super::*;

fn at(seconds: u64) -> Moment {
    Moment::EPOCH.plus(Duration::from_secs(1000 + seconds))
}

/// Answers 5xx, and of how many requests.
type Share = (f64, f64);

fn tally((hits, of): Share) -> Tally {
    Tally { hits, of }
}

/// Slices every ten seconds: what the instances with the new version did, and what the others did.
type Slices<'a> = &'a [(Share, Share)];

fn early(slices: Slices<'_>) -> Early {
    let times = (0..).step_by(10).map(at);
    let slice = |(at, (new, old)): (Moment, &(Share, Share))| Slice { at, new: tally(*new), old: tally(*old) };
    Early { slices: times.zip(slices).map(slice).collect(), ..Early::default() }
}

/// A state: its slices, the share of errors before the update, and the reason if the new version's is worse.
type Row<'a> = (&'a str, Slices<'a>, Share, Option<&'a str>);

#[test]
fn the_new_version_answers_5xx_more_often_than_the_old_one_does_and_did() {
    let none = (0.0, 0.0);
    let rows: [Row<'_>; 12] = [
        (
            "a tenth",
            &[((10.0, 100.0), none); 2],
            (0.0, 1000.0),
            Some("10 % of their requests (20 of 200, enhanced health, 20 s), 0.00 % is usual"),
        ),
        ("in one look", &[((20.0, 100.0), none), ((0.0, 100.0), none)], (0.0, 1000.0), None),
        ("as before", &[((10.0, 100.0), none); 2], (100.0, 1000.0), None),
        ("as the old version now", &[((10.0, 100.0), (10.0, 100.0)); 2], none, None),
        (
            "much more than the old version",
            &[((40.0, 100.0), (10.0, 100.0)); 2],
            none,
            Some("40 % of their requests (80 of 200, enhanced health, 20 s), 10 % is usual"),
        ),
        ("more, but not three times", &[((37.0, 100.0), (12.5, 100.0)); 2], none, None),
        ("three times exactly", &[((37.5, 100.0), (12.5, 100.0)); 2], none, Some("38 %")),
        ("of 30 requests", &[((5.0, 15.0), none); 2], none, Some("33 %")),
        ("of 29", &[((5.0, 14.0), none), ((5.0, 15.0), none)], none, None),
        ("five errors", &[((2.0, 50.0), none), ((3.0, 50.0), none)], none, Some("5.0 %")),
        ("four", &[((2.0, 50.0), none); 2], none, None),
        ("two points more", &[((12.5, 500.0), (2.0, 500.0)); 2], none, Some("2.5 %")),
    ];
    for (state, slices, before, expected) in rows {
        let last = at(10 * (slices.len() as u64 - 1));
        let reason = early(slices).errors(tally(before), last);
        assert_eq!(reason.is_some(), expected.is_some(), "{state}: {reason:?}");
        let Some((reason, expected)) = reason.zip(expected) else { continue };
        assert!(reason.words.contains(expected), "{state}: {}", reason.words);
        assert_eq!((reason.signal, reason.leaning, reason.early), (RuleSignal::InstanceErrors, Leaning::Worse, true));
    }
    // Four standard errors: of 1000 requests with 2 % usual that is 17.7 more than 20.
    for (hits, is_worse) in [(59.0, false), (60.0, true)] {
        let found = early(&[((hits / 2.0, 500.0), (10.0, 500.0)); 2]).errors(tally((0.0, 0.0)), at(10));
        assert_eq!(found.is_some(), is_worse, "{hits}: three times 2 %");
    }
    for (hits, is_worse) in [(5.0, false), (6.0, true)] {
        let found = early(&[((hits / 2.0, 30.0), (0.6, 30.0)); 2]).errors(tally((0.0, 0.0)), at(10));
        assert_eq!(found.is_some(), is_worse, "{hits} of 60, with 2 % usual: 1.2 and four times 1.08");
    }
}

fn ill(instance: &str, since: u64, requests: Option<i32>, is_of_clients: bool) -> Ill {
    let (instance, word) = (instance.into(), "Severe".into());
    Ill { instance, since: at(since), word, cause: Some("It fails.".into()), requests, is_of_clients }
}

#[test]
fn instances_that_stay_ill_are_named_and_what_rests_on_few_requests_is_noted() {
    let found = |ill: Vec<Ill>| {
        let early = Early { ill, ..Early::default() };
        early.illness(at(100)).map(|it| (it.leaning, it.words))
    };
    let words = "i-1 with the new version: Severe in enhanced health (It fails)";
    assert_eq!(found(vec![]), None);
    assert_eq!(found(vec![ill("i-1", 81, None, false)]), None, "for 19 s");
    assert_eq!(found(vec![ill("i-1", 80, None, false)]), Some((Leaning::Worse, words.to_owned())), "for 20 s");
    let two = vec![ill("i-1", 0, None, false), ill("i-2", 0, None, false), ill("i-3", 99, None, false)];
    let of_two = words.replace("i-1 ", "i-1 and 1 more ");
    assert_eq!(found(two), Some((Leaning::Worse, of_two)));
    // 4xx of fewer than 30 requests are not significant; of 30, or any other signal, they are.
    for (requests, is_of_clients, leaning) in [
        (Some(29), true, Leaning::Note),
        (Some(30), true, Leaning::Worse),
        (Some(29), false, Leaning::Worse),
        (None, true, Leaning::Worse),
    ] {
        let (found, words) = found(vec![ill("i-1", 0, requests, is_of_clients)]).unwrap();
        assert_eq!(found, leaning, "{requests:?}");
        assert_eq!(words.ends_with("too few to conclude anything"), leaning == Leaning::Note, "{words}");
        let of = requests.map(|it| format!("(It fails), of {it} requests in 10 s"));
        assert!(words.contains(of.as_deref().unwrap_or("(It fails)")), "{words}");
    }
    let mixed = vec![ill("i-1", 0, Some(3), true), ill("i-2", 0, None, false)];
    assert_eq!(found(mixed).map(|it| it.0), Some(Leaning::Worse), "what rests on many goes first");
}

#[test]
fn a_signal_stays_for_a_minute_after_it_showed_last() {
    let mut early = Early::default();
    let reason = |signal, words: &str| super::early(signal, words.to_owned());
    early.keep(reason(RuleSignal::InstanceErrors, "a"), at(0));
    early.keep(reason(RuleSignal::UnhealthyTargets, "b"), at(20));
    let seen = |early: &Early, second| -> Vec<_> {
        early.reasons(at(second)).into_iter().map(|it| (it.words, it.at)).collect()
    };
    let (a, b) = (("a".to_owned(), Some(at(0))), ("b".to_owned(), Some(at(20))));
    assert_eq!(seen(&early, 60), [b.clone(), a], "in the order of the rules");
    assert_eq!(seen(&early, 61), [b]);
    early.keep(reason(RuleSignal::UnhealthyTargets, "c"), at(70));
    assert_eq!(seen(&early, 70), [("c".to_owned(), Some(at(70)))], "the last word of a signal counts");
    assert_eq!(seen(&early, 131), []);
}

fn instance(id: &str, requests: i32, errors: i32, status: &str) -> InstanceHealth {
    use crate::model::{ApplicationMetrics, Deployment, Key, Latency, ScopeId, StatusCodes};
    InstanceHealth {
        instance: Key::new(ScopeId(0), id),
        status: Some(HealthStatus::Ok),
        causes: Vec::new(),
        launched_at: None,
        metrics: Some(ApplicationMetrics {
            duration: Duration::from_secs(10),
            request_count: requests,
            status_codes: Some(StatusCodes { status_5xx: errors, ..StatusCodes::default() }),
            latency: Latency::default(),
        }),
        cpu_percent: None,
        load: None,
        deployment: Some(Deployment { version: None, id: None, status: Some(status.into()), at: None }),
        availability_zone: None,
        instance_type: None,
    }
}

#[test]
fn slices_are_taken_once_and_for_a_minute_and_an_instance_that_is_being_changed_is_in_none() {
    let versions = Versions::new(None, None);
    let mut course = Course::new(at(0), None);
    course.updated.push(("new".into(), at(0)));
    let whose = Whose { versions: &versions, course: &course };
    let look = |early: &mut Early, second: u64, requests: i32| {
        let seen = [
            instance("new", requests, 1, "Deployed"),
            instance("old", 2 * requests, 2, "Deployed"),
            instance("changing", 100, 50, "In Progress"),
        ];
        early.add_slice(&seen, &whose, at(second));
    };
    let mut early = Early::default();
    look(&mut early, 100, 10);
    let first = Slice { at: at(100), new: tally((1.0, 10.0)), old: tally((2.0, 20.0)) };
    assert_eq!(early.slices, [first]);
    look(&mut early, 107, 11);
    assert_eq!(early.slices.len(), 1, "too soon to be another slice");
    look(&mut early, 108, 10);
    assert_eq!(early.slices.len(), 1, "it says what it said");
    look(&mut early, 108, 12);
    look(&mut early, 160, 13);
    assert_eq!(early.slices.iter().map(|it| it.at).collect::<Vec<_>>(), [at(100), at(108), at(160)]);
    look(&mut early, 169, 14);
    assert_eq!(early.slices.iter().map(|it| it.at).collect::<Vec<_>>(), [at(160), at(169)], "older than a minute");
    look(&mut early, 50, 15);
    assert_eq!(early.slices.iter().map(|it| it.at).collect::<Vec<_>>(), [at(50)], "the clock was set back");
    assert!(whose.updated("new") && !whose.updated("old"));
    assert_eq!((whose.updated_at("new"), whose.updated_at("old")), (Some(at(0)), None));
}
