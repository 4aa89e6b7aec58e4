//! The poller: what is under way and how the services do, and from that which values can be relied on.

use super::region::{Region, SCOPE, key, seconds};
use super::{at, fault, health, tags, want};
use crate::config;
use crate::model::{
    Answer, Batch, Covers, DoubtCause, EnvironmentEvent, FaultKind, Measure, Names, ReadOutcome, Reliability, Seq,
    Service, Severity, Snapshot, Source,
};
use crate::polling::{Allowance, BudgetPlan, Cadences, Freshness, Poller};

/// A poller, and the answers that it received.
struct Scope {
    poller: Poller,
    snapshot: Snapshot,
}

impl std::ops::Deref for Scope {
    type Target = Poller;

    fn deref(&self) -> &Poller {
        &self.poller
    }
}

impl std::ops::DerefMut for Scope {
    fn deref_mut(&mut self) -> &mut Poller {
        &mut self.poller
    }
}

impl Scope {
    fn finish(&mut self, outcome: &ReadOutcome, entropy: u64) -> bool {
        let is_ours = self.poller.finish(outcome, entropy);
        if is_ours {
            self.snapshot.reads.note(outcome);
        }
        is_ours
    }

    fn is_waited_for(&self) -> bool {
        self.poller.is_waited_for(&self.snapshot.reads)
    }

    fn is_settled(&self) -> bool {
        self.poller.is_settled(&self.snapshot.reads)
    }

    fn progress(&self) -> (usize, usize) {
        self.poller.progress(&self.snapshot.reads)
    }

    fn denied(&self, service: Service) -> usize {
        self.snapshot.reads.denied(service)
    }
}

const ENVIRONMENTS: Source = Source::Environments(SCOPE);

/// A poller that may ask each service for so much.
fn poller() -> Scope {
    let plan =
        BudgetPlan { background: Allowance { rate: 1.0, burst: 2 }, attended: Allowance { rate: 2.0, burst: 5 } };
    let poller = Poller::new(&[plan; Service::ALL.len()], 1.0, at(0));
    Scope { poller, snapshot: Snapshot::new(SCOPE, at(0)) }
}

/// Picks at this second.
fn pick(scope: &mut Scope, second: u64) -> Vec<(Vec<Source>, Seq)> {
    let Scope { poller, snapshot } = scope;
    let (asks, _) = poller.pick(snapshot, at(second));
    asks.into_iter().map(|ask| (ask.sources, ask.seq)).collect()
}

/// Picks, and every call ends a second later like this, after so many requests.
fn round(poller: &mut Scope, second: u64, result: Option<FaultKind>, requests: u32) -> Vec<Source> {
    let picked = pick(poller, second);
    for (sources, seq) in &picked {
        assert!(poller.finish(&outcome(sources, *seq, second + 1, result, requests), 0));
    }
    picked.into_iter().flat_map(|(sources, _)| sources).collect()
}

fn outcome(sources: &[Source], seq: Seq, second: u64, result: Option<FaultKind>, requests: u32) -> ReadOutcome {
    let batch = Batch { covers: Covers::All, answer: Answer::Environments(Vec::new()) };
    let result = result.map_or(Ok(batch), |kind| Err(fault(kind)));
    ReadOutcome { sources: sources.to_vec(), seq, at: at(second), requests, result }
}

#[test]
fn only_what_is_under_way_is_finished() {
    let mut poller = poller();
    poller.show(vec![want(health("a"), true, 10)], at(0));
    let picked = pick(&mut poller, 0);
    let (sources, seq) = &picked[0];
    let late = outcome(sources, Seq(seq.0 + 1), 1, None, 1);
    assert!(!poller.finish(&late, 0), "an answer of another session");
    assert_eq!(poller.service(Service::Elb).answered_at, None);
    assert!(poller.finish(&outcome(sources, *seq, 1, None, 1), 0));
    assert_eq!(poller.service(Service::Elb).answered_at, Some(at(1)));
    assert!(!poller.finish(&outcome(sources, *seq, 2, None, 1), 0), "it is finished");
}

#[test]
fn a_fault_shows_at_its_service_by_its_kind() {
    // Kind; whether the service counts as failing before and after it has answered once; whether it is slowed down.
    for (kind, before, after, slowed) in [
        (FaultKind::Throttled, true, true, true),
        (FaultKind::Denied, true, false, false),
        (FaultKind::NotFound, true, false, false),
        (FaultKind::Invalid, true, false, false),
        (FaultKind::Expired, true, true, false),
        (FaultKind::Network, true, true, false),
        (FaultKind::Other, true, true, false),
    ] {
        for (answers, expected) in [(false, before), (true, after)] {
            let mut poller = poller();
            if answers {
                poller.show(vec![want(health("a"), true, 10)], at(0));
                round(&mut poller, 0, None, 1);
            }
            poller.show(vec![want(health("b"), true, 10)], at(2));
            assert_eq!(round(&mut poller, 2, Some(kind), 1), [health("b")]);
            let state = poller.service(Service::Elb).clone();
            let failing = state.failing.map(|fault| fault.kind);
            assert_eq!(failing, expected.then_some(kind), "{kind:?}, answered before: {answers}");
            assert_eq!(poller.denied(Service::Elb), usize::from(kind == FaultKind::Denied), "{kind:?}");
            assert_eq!(state.answered_at, answers.then(|| at(1)), "{kind:?}");
            assert_eq!(poller.is_slowed(Service::Elb), slowed, "{kind:?}");
            assert!(!poller.is_slowed(Service::Beanstalk) && poller.service(Service::Beanstalk).failing.is_none());
            // The next answer ends it.
            poller.expire(&health("b"));
            let next = if kind == FaultKind::Throttled { 40 } else { 4 };
            assert_eq!(round(&mut poller, next, None, 1), [health("b")], "{kind:?}");
            let state = poller.service(Service::Elb);
            assert!(state.failing.is_none() && poller.denied(Service::Elb) == 0, "{kind:?}");
        }
    }
}

#[test]
fn denied_sources_are_counted_for_their_own_service() {
    let mut poller = poller();
    poller.show(vec![want(health("a"), true, 10), want(health("b"), true, 10), want(ENVIRONMENTS, true, 10)], at(0));
    round(&mut poller, 0, Some(FaultKind::Denied), 1);
    assert_eq!([Service::Elb, Service::Beanstalk, Service::Acm].map(|it| poller.denied(it)), [2, 1, 0]);
}

#[test]
fn requests_are_counted_for_a_minute_with_every_page_and_paid_for() {
    let mut poller = poller();
    poller.show(vec![want(health("a"), true, 3600)], at(0));
    round(&mut poller, 0, None, 4);
    assert_eq!(poller.calls_a_minute(at(1)), 4, "one when it began, three pages more when it ended");
    // Four of five tokens are spent, and one second gave two of them back in the background's one a second.
    poller.show((0..9).map(|it| want(health(&it.to_string()), true, 3600)).collect(), at(1));
    let picked = pick(&mut poller, 1);
    assert_eq!(picked.len(), 3, "pages were paid for: {picked:?}");
    assert_eq!(poller.calls_a_minute(at(1)), 7);
    assert_eq!([59, 60, 61].map(|it| poller.calls_a_minute(at(it))), [7, 6, 0], "each leaves after a minute");
    let nothing = outcome(&[], Seq(9), 121, None, 3);
    assert!(!poller.finish(&nothing, 0));
}

#[test]
fn a_person_waits_for_what_is_on_screen_free_and_was_never_tried() {
    let figures =
        |visible| crate::polling::Want { cost: 5, ..want(Source::Metrics(key("web"), Measure::Row), visible, 60) };
    for (wanted, is_waiting) in [
        (vec![], false),
        (vec![want(health("a"), true, 10)], true),
        (vec![want(health("a"), false, 10)], false),
        (vec![figures(true)], false),
        (vec![figures(false), want(health("a"), true, 10)], true),
    ] {
        for linking in [false, true] {
            let mut poller = poller();
            if linking {
                poller.linking.clone_from(&wanted);
            } else {
                poller.show(wanted.clone(), at(0));
            }
            assert_eq!(poller.is_waited_for(), is_waiting, "{wanted:?}");
            // With a person waiting five calls at once, else two; so many also while an update is watched.
            poller.background = (0..9).map(|it| want(health(&format!("other-{it}")), false, 10)).collect();
            poller.watching = !is_waiting && linking;
            let picked = pick(&mut poller, 0).iter().filter(|(it, _)| it[0].service() == Service::Elb).count();
            assert_eq!(picked, if is_waiting || linking { 5 } else { 2 }, "{wanted:?}");
        }
    }
}

#[test]
fn a_refresh_makes_what_is_on_screen_due_and_lasts_until_it_is_read() {
    let mut poller = poller();
    poller.linking = vec![want(ENVIRONMENTS, true, 3600)];
    poller.show(vec![want(health("a"), true, 3600), want(health("b"), false, 3600)], at(0));
    assert_eq!(round(&mut poller, 0, None, 1).len(), 3);
    assert!(!poller.is_waited_for());
    assert_eq!(pick(&mut poller, 10), []);
    poller.refresh();
    assert!(poller.is_waited_for());
    let picked = pick(&mut poller, 10);
    assert_eq!(picked.iter().flat_map(|(it, _)| it.clone()).collect::<Vec<_>>(), [ENVIRONMENTS, health("a")]);
    assert!(poller.finish(&outcome(&picked[0].0, picked[0].1, 11, None, 1), 0));
    assert!(poller.is_waited_for(), "of two one is not there");
    assert!(poller.finish(&outcome(&picked[1].0, picked[1].1, 11, None, 1), 0));
    assert!(!poller.is_waited_for());
    poller.expire(&health("b"));
    assert_eq!(round(&mut poller, 12, None, 1), [health("b")]);
}

#[test]
fn it_is_settled_when_everything_was_read_or_failed_for_good() {
    let wants = || vec![want(health("a"), true, 10), want(health("b"), true, 10)];
    let started = || {
        let mut poller = poller();
        poller.show(wants(), at(0));
        assert!(!poller.is_settled() && poller.progress() == (0, 2));
        let picked = pick(&mut poller, 0);
        assert!(!poller.is_settled(), "under way");
        (poller, picked)
    };
    for (first, second, is_settled, progress) in [
        (None, None, true, 2),
        (None, Some(FaultKind::Denied), true, 2),
        (Some(FaultKind::Network), Some(FaultKind::NotFound), true, 2),
        (None, Some(FaultKind::Throttled), false, 1),
    ] {
        let (mut poller, picked) = started();
        for ((sources, seq), result) in picked.iter().zip([first, second]) {
            poller.finish(&outcome(sources, *seq, 1, result, 1), 0);
        }
        assert_eq!((poller.is_settled(), poller.progress()), (is_settled, (progress, 2)), "{first:?} {second:?}");
        assert_eq!(poller.snapshot.reads.is_tried(&health("b")), second != Some(FaultKind::Throttled));
        let Scope { poller: Poller { request_log, .. }, snapshot } = &mut poller;
        request_log.give_up(&mut snapshot.reads, &health("b"), at(2), &fault(FaultKind::Throttled));
        assert!(poller.is_settled(), "what is given up is not waited for");
        poller.request_log.expire([&health("a")]);
        if pick(&mut poller, 60).iter().any(|(it, _)| it[0] == health("a")) {
            assert!(!poller.is_settled(), "it is read again");
        }
    }
    assert!(poller().is_settled(), "nothing is wanted");
}

#[test]
fn what_is_on_screen_says_since_when_and_how_often_it_is_read() {
    let mut poller = poller();
    poller.show(vec![want(health("a"), true, 10), want(tags("a"), false, 5)], at(1));
    poller.linking = vec![want(tags("b"), true, 30)];
    poller.show(vec![want(health("a"), true, 20), want(health("b"), true, 40), want(tags("a"), false, 5)], at(7));
    let since = |source: Source| poller.shown_since(&source);
    assert_eq!([health("a"), health("b"), tags("a"), tags("b")].map(since), [Some(at(1)), Some(at(7)), None, None]);
    assert_eq!([health("a"), tags("a"), tags("b")].map(|it| poller.is_awaited(&it)), [true, false, true]);
    assert_eq!(poller.cadence(Service::Elb), Some(seconds(20)), "the shortest of what is on screen");
    assert_eq!(poller.cadence(Service::Beanstalk), None);
    poller.show(Vec::new(), at(8));
    poller.show(vec![want(health("a"), true, 20)], at(9));
    assert_eq!(poller.shown_since(&health("a")), Some(at(9)), "it was gone in between");
}

#[test]
fn a_call_carries_what_its_operation_needs() {
    let mut region = Region::tagged();
    let event = EnvironmentEvent {
        at: at(1000),
        severity: Severity::Info,
        environment: None,
        application: None,
        version: None,
        message: "m".into(),
        request_id: None,
    };
    region.put(Answer::Events(vec![event]));
    let mut poller = poller();
    poller.watching = true;
    let metrics = Source::Metrics(key("web"), Measure::Row);
    poller.awaited = vec![want(Source::Settings(key("web")), true, 10)];
    let shown = [Source::Events(SCOPE), Source::Settings(key("unknown")), metrics.clone()];
    poller.show(shown.map(|it| want(it, true, 10)).into(), at(2000));
    let (asks, _) = poller.pick(&region.snapshot, at(2000));
    let names = Names { application: "web-app".into(), environment: "web".into() };
    let shown: Vec<_> =
        asks.iter().map(|it| (it.names.clone(), it.since, it.metrics.as_ref().map(|it| it.series.len()))).collect();
    // By service, and what a dialog waits for first: then events from two minutes before the newest on.
    let expected = [(Some(names), None, None), (None, Some(at(880)), None), (None, None, None), (None, None, Some(5))];
    assert_eq!(shown, expected, "{asks:?}");
    assert_eq!(asks.iter().map(|it| it.seq.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

/// A poller whose ELB answers were these: second, source and how it failed, if it did.
fn after(answers: &[(u64, Source, Option<FaultKind>)]) -> Scope {
    let mut poller = poller();
    poller.watching = true;
    for (second, source, result) in answers {
        let sources = std::slice::from_ref(source);
        let seq = poller.request_log.begin(sources);
        assert!(poller.finish(&outcome(sources, seq, *second, *result, 1), 0));
    }
    poller
}

/// The answers, the moment, the source, since when it is on screen, and why it cannot be relied on.
type Row = (Vec<(u64, Source, Option<FaultKind>)>, u64, Source, Option<u64>, Option<DoubtCause>);

#[test]
fn a_value_is_relied_on_while_its_last_read_succeeded_and_is_younger_than_five_cadences() {
    use DoubtCause::{Failed, Stale, Unread};
    use FaultKind::{Denied, Network, Throttled};
    let cadences = Cadences::new(&config::defaults());
    let (a, b) = (|| health("a"), || health("b"));
    // The health of targets: every 10 s on screen, 300 s in the background.
    let rows: Vec<Row> = vec![
        (vec![], 1, a(), None, Some(Unread)),
        (vec![(0, a(), None)], 50, a(), Some(0), None),
        (vec![(0, a(), None)], 51, a(), Some(0), Some(Stale)),
        // It came on screen only now.
        (vec![(0, a(), None)], 90, a(), Some(40), None),
        (vec![(0, a(), None)], 91, a(), Some(40), Some(Stale)),
        (vec![(0, a(), None)], 1500, a(), None, None),
        (vec![(0, a(), None)], 1501, a(), None, Some(Stale)),
        (vec![(0, a(), None)], 1501, a(), Some(1500), Some(Stale)),
        // It was read before it came on screen, and again since.
        (vec![(0, a(), None), (60, a(), None)], 110, a(), Some(10), None),
        (vec![(0, a(), None), (60, a(), None)], 111, a(), Some(10), Some(Stale)),
        // The lists are always shown: every 15 s.
        (vec![(0, ENVIRONMENTS, None)], 75, ENVIRONMENTS, None, None),
        (vec![(0, ENVIRONMENTS, None)], 76, ENVIRONMENTS, None, Some(Stale)),
        (vec![(0, Source::LoadBalancers(SCOPE), None)], 301, Source::LoadBalancers(SCOPE), None, Some(Stale)),
        (vec![(0, Source::TargetGroups(SCOPE), None)], 301, Source::TargetGroups(SCOPE), None, Some(Stale)),
        // A throttled read raises no doubt before the value is old; every other failure does at once.
        (vec![(0, a(), None), (9, a(), Some(Throttled))], 50, a(), Some(0), None),
        (vec![(0, a(), None), (9, a(), Some(Throttled))], 51, a(), Some(0), Some(Failed(Throttled))),
        (vec![(0, a(), None), (9, a(), Some(Throttled)), (40, b(), None)], 50, a(), Some(0), None),
        (vec![(0, a(), None), (9, a(), Some(Throttled)), (40, b(), None)], 51, a(), Some(0), Some(Failed(Throttled))),
        (vec![(0, a(), None), (9, a(), Some(Denied))], 10, a(), Some(0), Some(Failed(Denied))),
        (vec![(0, a(), Some(Denied))], 1, a(), Some(0), Some(Failed(Denied))),
        (vec![(9, a(), Some(Throttled))], 10, a(), Some(0), Some(Failed(Throttled))),
        (vec![(9, a(), Some(Throttled)), (10, a(), None)], 11, a(), Some(0), None),
        // While a service does not answer, everything read from it is in doubt, even what was not requested again.
        (vec![(0, b(), None), (9, a(), Some(Network))], 10, b(), Some(0), None),
        (vec![(0, b(), None), (9, a(), Some(Network))], 50, b(), Some(20), None),
        (vec![(0, b(), None), (9, a(), Some(Network))], 51, b(), Some(20), Some(Failed(Network))),
        (vec![(0, b(), None), (9, a(), Some(Denied))], 51, b(), Some(20), None),
        (vec![(0, ENVIRONMENTS, None), (9, a(), Some(Network))], 70, ENVIRONMENTS, None, None),
    ];
    for (answers, second, source, shown, expected) in rows {
        let mut poller = after(&answers);
        if let Some(shown) = shown {
            poller.show(vec![want(source.clone(), true, 10)], at(shown));
        }
        let Scope { poller, snapshot } = &poller;
        let reads = &snapshot.reads;
        let mut sight = Freshness { reads, poller, cadences: &cadences, lost: None, now: at(second), is_lasting: true };
        let doubt = sight.doubt(&source);
        let state = format!("{answers:?}, on screen since {shown:?}, at {second}");
        assert_eq!(doubt.as_ref().map(|it| it.cause), expected, "{state}");
        let read_at = reads.read_at(&source);
        if let Some(doubt) = &doubt {
            assert_eq!((doubt.service, doubt.read_at), (source.service(), read_at), "{state}");
        }
        // A command reads everything once: its values do not grow old.
        sight.is_lasting = false;
        let is_old = expected == Some(Stale) || answers.len() == 3;
        assert_eq!(sight.doubt(&source).is_some(), expected.is_some() && !is_old, "{state}");
        // Without a session nothing is.
        let expired = fault(FaultKind::Expired);
        sight.lost = Some(&expired);
        let lost = sight.doubt(&source).unwrap();
        assert_eq!((lost.service, lost.cause, lost.read_at), (Service::Elb, Failed(FaultKind::Expired), read_at));
    }
}
