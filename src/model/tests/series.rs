//! Series over time: what is no longer requested is dropped, what was requested and has no value stays a gap.

use std::time::Duration;

use crate::model::{Key, Measured, Metric, MetricAnswer, Metrics, Moment, ScopeId, SeriesKey, Statistic, Window};

fn minute(number: u64) -> Moment {
    Moment::EPOCH.plus(Duration::from_secs(number * 60))
}

fn key(name: &str) -> SeriesKey {
    let load_balancer = Key::new(ScopeId(0), format!("arn:lb/{name}"));
    let of = Measured { load_balancer, target_group: None, zone: None };
    SeriesKey { metric: Metric::RequestCount, statistic: Statistic::Sum, of }
}

fn window(from: u64, until: u64) -> Window {
    Window { period: 60, from: minute(from), until: minute(until) }
}

/// An answer with the points of one series, read when its window ends.
fn read(metrics: &mut Metrics, name: &str, from: u64, until: u64, points: &[(u64, f64)]) -> usize {
    let points = points.iter().map(|(at, value)| (minute(*at), *value)).collect();
    let answer = MetricAnswer { window: window(from, until), series: vec![(key(name), points)] };
    metrics.replace(answer, minute(until)).len()
}

#[test]
fn a_series_that_is_no_longer_asked_for_is_forgotten_after_two_hours() {
    let mut metrics = Metrics::default();
    read(&mut metrics, "old", 0, 10, &[(5, 1.0)]);
    let mut forgotten = None;
    for until in (20..200).step_by(5) {
        read(&mut metrics, "new", until - 10, until, &[(until - 1, 1.0)]);
        if metrics.get(&key("old"), 60).is_none() {
            forgotten.get_or_insert(until);
        }
    }
    // Read at minute 10; looked at every five minutes.
    assert!(forgotten.is_some_and(|at| (130..=135).contains(&at)), "{forgotten:?}");
    assert_eq!(metrics.len(), 1, "what is asked for is kept");
}

#[test]
fn however_many_are_read_no_more_are_kept_than_twenty_thousand() {
    let mut metrics = Metrics::default();
    for number in 0..201 {
        let series = (0..100).map(|it| (key(&format!("{number}-{it}")), vec![(minute(0), 1.0)])).collect();
        let at = minute(1).plus(Duration::from_millis(number));
        metrics.replace(MetricAnswer { window: window(0, 1), series }, at);
        assert!(metrics.len() <= 20_000, "{}", metrics.len());
    }
    assert!(metrics.get(&key("200-0"), 60).is_some(), "the newest are kept");
    assert!(metrics.get(&key("0-0"), 60).is_none(), "the oldest are not");
    assert!(metrics.len() >= 10_000, "{}: no more is forgotten than has to be", metrics.len());
}

#[test]
fn the_cap_holds_for_series_that_were_read_at_one_moment_too() {
    let mut metrics = Metrics::default();
    for number in 0..201 {
        let series = (0..100).map(|it| (key(&format!("{number}-{it}")), vec![(minute(0), 1.0)])).collect();
        metrics.replace(MetricAnswer { window: window(0, 1), series }, minute(1));
    }
    assert!(metrics.len() <= 20_000, "{}", metrics.len());
}

#[test]
fn a_clock_that_is_set_back_forgets_nothing() {
    let mut metrics = Metrics::default();
    read(&mut metrics, "a", 1_000, 1_010, &[(1_005, 1.0)]);
    read(&mut metrics, "b", 10, 20, &[(15, 1.0)]);
    assert_eq!(metrics.len(), 2);
    // From there on time passes as always.
    read(&mut metrics, "b", 1_200, 1_210, &[(1_205, 1.0)]);
    assert!(metrics.get(&key("a"), 60).is_none());
}

#[test]
fn gaps_stay_gaps() {
    let mut metrics = Metrics::default();
    read(&mut metrics, "a", 0, 6, &[(0, 1.0), (1, 0.0), (3, f64::NAN), (4, f64::INFINITY), (5, 5.0)]);
    let series = metrics.get(&key("a"), 60).unwrap();
    let values: Vec<_> = (0..6).map(|at| series.at(minute(at))).collect();
    assert_eq!(values, [Some(1.0), Some(0.0), None, None, None, Some(5.0)], "nothing is not 0, and 0 is not nothing");
    assert!((0..6).all(|at| series.covers(minute(at))) && !series.covers(minute(6)));
    assert_eq!(series.points().map(|(at, _)| at).collect::<Vec<_>>(), [minute(0), minute(1), minute(5)]);
    let mut copied = vec![9.0];
    series.copy(window(0, 8), &mut copied);
    let shape: Vec<_> = copied.iter().map(|value| (!value.is_nan()).then_some(*value)).collect();
    assert_eq!(shape, [Some(1.0), Some(0.0), None, None, None, Some(5.0), None, None]);
    assert_eq!((series.len(), series.until(), series.period()), (6, minute(6), 60));
}

#[test]
fn the_newest_value_is_the_last_that_there_is() {
    let mut metrics = Metrics::default();
    read(&mut metrics, "a", 0, 10, &[(2, 2.0), (6, 6.0)]);
    let series = metrics.get(&key("a"), 60).unwrap();
    assert_eq!(series.newest(), Some((minute(6), 6.0)));
    // The period that begins at minute 6 ends at minute 7.
    assert_eq!(series.newest_before(minute(7)), Some((minute(6), 6.0)));
    assert_eq!(series.newest_before(minute(6)), Some((minute(2), 2.0)));
    assert_eq!(series.newest_before(minute(2)), None);
    read(&mut metrics, "b", 0, 10, &[]);
    let series = metrics.get(&key("b"), 60).unwrap();
    assert_eq!((series.newest(), series.len(), series.is_empty()), (None, 10, false));
}

#[test]
fn as_much_is_kept_as_was_asked_for_at_once_and_a_little_more() {
    let mut metrics = Metrics::default();
    let kept = |metrics: &Metrics| metrics.get(&key("a"), 60).unwrap().len();
    for at in 0..500 {
        read(&mut metrics, "a", at, at + 10, &[(at, 1.0)]);
    }
    assert_eq!(kept(&metrics), 64, "for trends, an hour of minutes");
    read(&mut metrics, "a", 200, 510, &[]);
    for at in 500..1200 {
        read(&mut metrics, "a", at, at + 10, &[(at, 1.0)]);
    }
    assert_eq!(kept(&metrics), 310 + 16);
    read(&mut metrics, "a", 1_210, 9_000, &[]);
    assert_eq!(kept(&metrics), crate::model::MOST_VALUES);
}

#[test]
fn the_same_metric_at_another_period_is_another_series() {
    let mut metrics = Metrics::default();
    read(&mut metrics, "a", 0, 10, &[(1, 1.0)]);
    let window = Window { period: 300, from: minute(0), until: minute(10) };
    metrics.replace(MetricAnswer { window, series: vec![(key("a"), vec![(minute(5), 7.0)])] }, minute(10));
    assert_eq!(metrics.get(&key("a"), 60).unwrap().newest(), Some((minute(1), 1.0)));
    assert_eq!(metrics.get(&key("a"), 300).unwrap().newest(), Some((minute(5), 7.0)));
    assert_eq!((metrics.len(), metrics.values()), (2, 12));
}

#[test]
fn an_answer_that_brings_nothing_new_changes_nothing() {
    let mut metrics = Metrics::default();
    assert_eq!(read(&mut metrics, "a", 0, 2, &[(0, 1.0)]), 1);
    assert_eq!(read(&mut metrics, "a", 0, 2, &[(0, 1.0)]), 0);
    assert_eq!(read(&mut metrics, "a", 0, 2, &[(0, 2.0)]), 1);
}

/// The expected content of a series, as simply as possible: of each requested period its value, if it has one.
#[derive(Default)]
struct Book {
    asked: std::collections::BTreeMap<u64, Option<f64>>,
    widest: usize,
}

impl Book {
    fn read(&mut self, from: u64, until: u64, points: &[(u64, f64)]) {
        let ends = self.asked.keys().next().copied().zip(self.asked.keys().next_back().map(|last| last + 1));
        if ends.is_none_or(|(first, end)| from > end || until < first) {
            self.asked.clear();
        }
        let value = |minute: u64| points.iter().find(|(at, _)| *at == minute).map(|(_, value)| *value);
        self.asked.extend((from..until).map(|minute| (minute, value(minute))));
        self.widest = self.widest.max((until - from) as usize);
        while self.asked.len() > (self.widest + 16).max(64) {
            self.asked.pop_first();
        }
    }
}

#[test]
fn a_series_holds_what_was_answered_last_for_every_period_that_was_asked_for() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut metrics, mut book) = (Metrics::default(), Book::default());
        for _ in 0..12 {
            let from = random.u64(100..180);
            let until = from + random.u64(1..60);
            let values = (from..until).filter(|_| random.bool()).collect::<Vec<_>>();
            let points: Vec<_> = values.into_iter().map(|minute| (minute, f64::from(random.u8(..9)))).collect();
            read(&mut metrics, "a", from, until, &points);
            book.read(from, until, &points);
            let series = metrics.get(&key("a"), 60).unwrap();
            let known = book.asked.iter().filter_map(|(at, value)| Some((minute(*at), (*value)?)));
            assert_eq!(series.points().collect::<Vec<_>>(), known.clone().collect::<Vec<_>>(), "seed {seed}");
            assert_eq!(series.newest(), known.clone().next_back(), "seed {seed}");
            let last = *book.asked.keys().next_back().unwrap();
            assert_eq!((series.until(), series.len()), (minute(last + 1), book.asked.len()), "seed {seed}");
            for at in 90..250 {
                let expected = book.asked.get(&at).copied();
                assert_eq!(
                    (series.at(minute(at)), series.covers(minute(at))),
                    (expected.flatten(), expected.is_some())
                );
                let before = known.clone().rfind(|(known, _)| *known < minute(at));
                assert_eq!(series.newest_before(minute(at)), before, "seed {seed}, before {at}");
            }
            let mut copied = vec![7.0];
            series.copy(window(95, 245), &mut copied);
            let copied: Vec<_> = copied.into_iter().map(|value| (!value.is_nan()).then_some(value)).collect();
            let expected: Vec<_> = (95..245).map(|at| book.asked.get(&at).copied().flatten()).collect();
            assert_eq!(copied, expected, "seed {seed}");
            assert!(!series.is_empty());
        }
    }
}

/// What is no longer requested is dropped every five minutes, and at once when the clock was set back.
#[test]
fn what_is_no_longer_asked_for_is_looked_for_now_and_then() {
    let seconds = |number: u64| Moment::EPOCH.plus(Duration::from_secs(number));
    let put = |metrics: &mut Metrics, name: &str, second: u64| {
        let answer = MetricAnswer { window: window(0, 1), series: vec![(key(name), vec![(minute(0), 1.0)])] };
        metrics.replace(answer, seconds(second));
    };
    let two_hours = 7_200;
    for (state, reads, is_kept) in [
        // The series "old" is read at second 0, which also looks; then "new" at these seconds.
        ("not yet old", &[two_hours - 1][..], true),
        ("old", &[two_hours], false),
        ("old, and looked a moment ago", &[two_hours - 299, two_hours], true),
        ("old, and looked five minutes ago", &[two_hours - 300, two_hours], false),
    ] {
        let mut metrics = Metrics::default();
        put(&mut metrics, "old", 0);
        reads.iter().for_each(|second| put(&mut metrics, "new", *second));
        assert_eq!(metrics.get(&key("old"), 60).is_some(), is_kept, "{state}");
    }
    // Read at 10,000 s; the clock goes back to 100 s and on from there. What is of the future then is never old.
    let mut metrics = Metrics::default();
    put(&mut metrics, "future", 10_000);
    put(&mut metrics, "past", 100);
    put(&mut metrics, "new", 100 + two_hours);
    assert!(metrics.get(&key("past"), 60).is_none(), "time counts from where the clock was set back to");
    assert!(metrics.get(&key("future"), 60).is_some());
    assert_eq!((metrics.len(), metrics.is_empty(), metrics.values()), (2, false, 2));
    assert!(Metrics::default().is_empty());
}
