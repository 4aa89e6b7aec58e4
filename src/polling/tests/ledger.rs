//! The ledger: how long a source is left alone after a failure, and what makes it due.

use std::time::Duration;

use super::{at, fault, health};
use crate::model::{FaultKind, Moment, Seq, Service};
use crate::polling::Ledger;

const HOUR: Duration = Duration::from_secs(3600);

/// How long a source is left alone after so many failures in a row, in seconds.
fn waits(kind: FaultKind, failures: usize) -> Vec<u64> {
    let mut ledger = Ledger::default();
    let source = health("a");
    let mut now = at(0);
    let mut waits = Vec::new();
    for _ in 0..failures {
        let seq = ledger.begin(std::slice::from_ref(&source));
        assert!(ledger.end(std::slice::from_ref(&source), seq, now, Some(&fault(kind))));
        let due = ledger.reading(&source).unwrap().due(Duration::from_secs(10)).unwrap();
        waits.push(due.since(now).as_secs());
        now = due;
    }
    waits
}

#[test]
fn each_kind_of_fault_is_left_alone_for_its_time() {
    for (kind, expected) in [
        (FaultKind::Throttled, [0, 0, 0, 0, 0, 0, 0, 0]),
        (FaultKind::Denied, [300, 300, 300, 300, 300, 300, 300, 300]),
        (FaultKind::NotFound, [60, 60, 60, 60, 60, 60, 60, 60]),
        (FaultKind::Network, [5, 10, 20, 40, 60, 60, 60, 60]),
        (FaultKind::Expired, [5, 10, 20, 40, 60, 60, 60, 60]),
        (FaultKind::Other, [10, 20, 40, 80, 160, 300, 300, 300]),
        (FaultKind::Invalid, [60, 120, 240, 480, 960, 1920, 3600, 3600]),
    ] {
        assert_eq!(waits(kind, 8), expected, "{kind:?}");
    }
}

#[test]
fn a_success_makes_the_next_failure_the_first() {
    let mut ledger = Ledger::default();
    let source = [health("a")];
    for kind in [Some(FaultKind::Other), Some(FaultKind::Other), None, Some(FaultKind::Other)] {
        let seq = ledger.begin(&source);
        ledger.end(&source, seq, at(0), kind.map(fault).as_ref());
    }
    let reading = ledger.reading(&source[0]).unwrap();
    assert_eq!(reading.due(HOUR), Some(at(10)));
    assert_eq!(ledger.read_at(&source[0]), Some(at(0)), "what was read before the fault is known still");
    assert!(ledger.fault(&source[0]).is_some());
}

#[test]
fn a_fault_is_gone_with_the_next_success_and_the_cadence_counts_from_there() {
    let mut ledger = Ledger::default();
    let source = [health("a")];
    assert!(ledger.reading(&source[0]).is_none());
    let seq = ledger.begin(&source);
    assert!(ledger.reading(&source[0]).unwrap().is_in_flight());
    ledger.end(&source, seq, at(0), Some(&fault(FaultKind::Denied)));
    assert!(!ledger.reading(&source[0]).unwrap().is_in_flight());
    assert_eq!(ledger.faults().len(), 1);
    let seq = ledger.begin(&source);
    assert_eq!(ledger.reading(&source[0]).unwrap().due(HOUR), None, "it is under way");
    ledger.end(&source, seq, at(300), None);
    assert!(ledger.faults().is_empty());
    assert_eq!(ledger.reading(&source[0]).unwrap().due(HOUR), Some(at(300 + 3600)));
}

#[test]
fn an_answer_of_another_call_counts_for_nothing() {
    let mut ledger = Ledger::default();
    let source = [health("a")];
    let old = ledger.begin(&source);
    ledger.abandon();
    assert_eq!(ledger.in_flight(Service::Elb), 0);
    let new = ledger.begin(&source);
    assert!(!ledger.end(&source, old, at(1), None), "the older session's");
    assert_eq!((ledger.read_at(&source[0]), ledger.in_flight(Service::Elb)), (None, 1));
    assert!(ledger.end(&source, new, at(2), None));
    assert!(!ledger.end(&source, new, at(3), None), "an answer comes once");
    assert_eq!((ledger.read_at(&source[0]), ledger.in_flight(Service::Elb)), (Some(at(2)), 0));
    assert!(!ledger.end(&[health("b")], Seq(1), at(3), None));
}

#[test]
fn a_call_of_several_sources_is_one_call() {
    let mut ledger = Ledger::default();
    let both = [health("a"), health("b")];
    let seq = ledger.begin(&both);
    assert_eq!(ledger.in_flight(Service::Elb), 1);
    ledger.end(&both, seq, at(5), None);
    assert_eq!(ledger.in_flight(Service::Elb), 0);
    assert!(both.iter().all(|source| ledger.read_at(source) == Some(at(5))));
}

#[test]
fn throttled_is_not_tried_and_every_other_failure_is() {
    for (kind, is_tried) in [
        (FaultKind::Throttled, false),
        (FaultKind::Denied, true),
        (FaultKind::Expired, true),
        (FaultKind::NotFound, true),
        (FaultKind::Invalid, true),
        (FaultKind::Network, true),
        (FaultKind::Other, true),
    ] {
        let mut ledger = Ledger::default();
        let source = [health("a")];
        let seq = ledger.begin(&source);
        assert!(!ledger.reading(&source[0]).unwrap().is_tried());
        ledger.end(&source, seq, at(0), Some(&fault(kind)));
        assert_eq!(ledger.reading(&source[0]).unwrap().is_tried(), is_tried, "{kind:?}");
    }
}

#[test]
fn what_was_expired_is_due_at_once_and_what_failed_is_forgiven() {
    let mut ledger = Ledger::default();
    for (name, kind) in [("good", None), ("denied", Some(FaultKind::Denied))] {
        let source = [health(name)];
        let seq = ledger.begin(&source);
        ledger.end(&source, seq, at(0), kind.map(fault).as_ref());
    }
    let due = |ledger: &Ledger, name: &str| ledger.reading(&health(name)).unwrap().due(HOUR).unwrap();
    ledger.forgive();
    assert_eq!((due(&ledger, "good"), due(&ledger, "denied")), (at(3600), Moment::EPOCH));
    assert!(!ledger.reading(&health("good")).unwrap().is_expired());
    ledger.expire([&health("good"), &health("unknown")]);
    assert_eq!(due(&ledger, "good"), Moment::EPOCH);
    assert!(ledger.reading(&health("good")).unwrap().is_expired());
    let seq = ledger.begin(&[health("good")]);
    ledger.end(&[health("good")], seq, at(10), None);
    assert_eq!(due(&ledger, "good"), at(3610));
}

#[test]
fn faults_are_told_the_newest_first_and_what_is_gone_is_forgotten() {
    let mut ledger = Ledger::default();
    for (name, second) in [("b", 10), ("a", 10), ("c", 30), ("d", 20)] {
        let source = [health(name)];
        let seq = ledger.begin(&source);
        ledger.end(&source, seq, at(second), Some(&fault(FaultKind::Other)));
    }
    let names = |ledger: &Ledger| -> Vec<String> {
        ledger.faults().iter().map(|(source, ..)| source.subject().unwrap().to_string()).collect()
    };
    assert_eq!(names(&ledger), ["c", "d", "a", "b"]);
    ledger.begin(&[health("d")]);
    ledger.retain(|source| *source == health("a"));
    assert_eq!(names(&ledger), ["d", "a"], "what is under way is kept until its answer");
}
