//! The request log: how long a source is left alone after a failure, and what makes it due.

use std::time::Duration;

use super::{Attempts, at, fault, health};
use crate::model::{FaultKind, Moment, Seq, Service};

const HOUR: Duration = Duration::from_secs(3600);

/// How long a source is left alone after so many failures in a row, in seconds.
fn waits(kind: FaultKind, failures: usize) -> Vec<u64> {
    let mut attempts = Attempts::default();
    let source = health("a");
    let mut now = at(0);
    let mut waits = Vec::new();
    for _ in 0..failures {
        let seq = attempts.begin(std::slice::from_ref(&source));
        assert!(attempts.end(std::slice::from_ref(&source), seq, now, Some(&fault(kind))));
        let due = attempts.due(&source, Duration::from_secs(10)).unwrap();
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
    let mut attempts = Attempts::default();
    let source = [health("a")];
    for kind in [Some(FaultKind::Other), Some(FaultKind::Other), None, Some(FaultKind::Other)] {
        let seq = attempts.begin(&source);
        attempts.end(&source, seq, at(0), kind.map(fault).as_ref());
    }
    assert_eq!(attempts.due(&source[0], HOUR), Some(at(10)));
    assert_eq!(attempts.reads.read_at(&source[0]), Some(at(0)), "what was read before the fault is known still");
    assert!(attempts.reads.fault(&source[0]).is_some());
}

#[test]
fn a_fault_is_gone_with_the_next_success_and_the_cadence_counts_from_there() {
    let mut attempts = Attempts::default();
    let source = [health("a")];
    assert!(attempts.reads.get(&source[0]).is_none());
    let seq = attempts.begin(&source);
    assert!(attempts.request_log.is_in_flight(&source[0]));
    attempts.end(&source, seq, at(0), Some(&fault(FaultKind::Denied)));
    assert!(!attempts.request_log.is_in_flight(&source[0]));
    assert_eq!(attempts.reads.faults().len(), 1);
    let seq = attempts.begin(&source);
    assert_eq!(attempts.due(&source[0], HOUR), None, "it is under way");
    attempts.end(&source, seq, at(300), None);
    assert!(attempts.reads.faults().is_empty());
    assert_eq!(attempts.due(&source[0], HOUR), Some(at(300 + 3600)));
}

#[test]
fn an_answer_of_another_call_counts_for_nothing() {
    let mut attempts = Attempts::default();
    let source = [health("a")];
    let old = attempts.begin(&source);
    attempts.request_log.forget_in_flight();
    assert_eq!(attempts.request_log.in_flight(Service::Elb), 0);
    let new = attempts.begin(&source);
    assert!(!attempts.end(&source, old, at(1), None), "the older session's");
    assert_eq!((attempts.reads.read_at(&source[0]), attempts.request_log.in_flight(Service::Elb)), (None, 1));
    assert!(attempts.end(&source, new, at(2), None));
    assert!(!attempts.end(&source, new, at(3), None), "an answer comes once");
    assert_eq!((attempts.reads.read_at(&source[0]), attempts.request_log.in_flight(Service::Elb)), (Some(at(2)), 0));
    assert!(!attempts.end(&[health("b")], Seq(1), at(3), None));
}

#[test]
fn a_call_of_several_sources_is_one_call() {
    let mut attempts = Attempts::default();
    let both = [health("a"), health("b")];
    let seq = attempts.begin(&both);
    assert_eq!(attempts.request_log.in_flight(Service::Elb), 1);
    attempts.end(&both, seq, at(5), None);
    assert_eq!(attempts.request_log.in_flight(Service::Elb), 0);
    assert!(both.iter().all(|source| attempts.reads.read_at(source) == Some(at(5))));
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
        let mut attempts = Attempts::default();
        let source = [health("a")];
        let seq = attempts.begin(&source);
        assert!(!attempts.reads.is_tried(&source[0]));
        attempts.end(&source, seq, at(0), Some(&fault(kind)));
        assert_eq!(attempts.reads.is_tried(&source[0]), is_tried, "{kind:?}");
    }
}

#[test]
fn what_was_expired_is_due_at_once_and_what_failed_is_forgiven() {
    let mut attempts = Attempts::default();
    for (name, kind) in [("good", None), ("denied", Some(FaultKind::Denied))] {
        let source = [health(name)];
        let seq = attempts.begin(&source);
        attempts.end(&source, seq, at(0), kind.map(fault).as_ref());
    }
    let due = |attempts: &Attempts, name: &str| attempts.due(&health(name), HOUR).unwrap();
    attempts.request_log.retry_failed();
    assert_eq!((due(&attempts, "good"), due(&attempts, "denied")), (at(3600), Moment::EPOCH));
    assert!(!attempts.request_log.is_expired(&health("good")));
    attempts.request_log.expire([&health("good"), &health("unknown")]);
    assert_eq!(due(&attempts, "good"), Moment::EPOCH);
    assert!(attempts.request_log.is_expired(&health("good")));
    let seq = attempts.begin(&[health("good")]);
    attempts.end(&[health("good")], seq, at(10), None);
    assert_eq!(due(&attempts, "good"), at(3610));
}

#[test]
fn faults_come_the_newest_first_and_what_is_gone_is_forgotten() {
    let mut attempts = Attempts::default();
    for (name, second) in [("b", 10), ("a", 10), ("c", 30), ("d", 20)] {
        let source = [health(name)];
        let seq = attempts.begin(&source);
        attempts.end(&source, seq, at(second), Some(&fault(FaultKind::Other)));
    }
    let names = |attempts: &Attempts| -> Vec<String> {
        attempts.reads.faults().iter().map(|(source, ..)| source.subject().unwrap().to_string()).collect()
    };
    assert_eq!(names(&attempts), ["c", "d", "a", "b"]);
    attempts.begin(&[health("d")]);
    attempts.reads.forget_before(at(11));
    assert_eq!(names(&attempts), ["c", "d"]);
    attempts.reads.forget_before(at(31));
    let Attempts { request_log, reads } = &mut attempts;
    request_log.forget_unread(reads);
    assert_eq!(request_log.due(reads, &health("c"), HOUR), Some(Moment::EPOCH), "nothing is known of it any more");
    assert!(request_log.is_in_flight(&health("d")), "what is under way is kept until its answer");
}

/// A listing that broke off is read, but not whole; the next that comes to its end makes it so again.
#[test]
fn a_listing_that_broke_off_was_read_but_not_to_its_end() {
    let mut reads = crate::model::Reads::default();
    let source = health("a");
    let network = fault(FaultKind::Network);
    let state = |reads: &crate::model::Reads| {
        let read = reads.get(&source).unwrap();
        (read.at, read.whole_at, reads.broke_off(&source).map(|it| it.kind), reads.is_whole(&source))
    };
    reads.answered_in_part(&source, at(10), &network);
    assert_eq!(state(&reads), (Some(at(10)), None, Some(FaultKind::Network), false));
    assert_eq!(reads.fault(&source), None, "what came is there");
    reads.answered(&source, at(20));
    assert_eq!(state(&reads), (Some(at(20)), Some(at(20)), None, true));
    reads.answered_in_part(&source, at(30), &network);
    assert_eq!(state(&reads), (Some(at(30)), Some(at(20)), Some(FaultKind::Network), false), "whole it was before");
    reads.failed(&source, at(40), &fault(FaultKind::Denied));
    assert_eq!((reads.read_at(&source), reads.failed_at(&source)), (Some(at(30)), Some(at(40))));
    assert_eq!(reads.broke_off(&health("c")), None);
}

/// What is given up is no longer read.
#[test]
fn what_is_given_up_is_not_asked_for() {
    let mut attempts = Attempts::default();
    let source = health("a");
    let Attempts { request_log, reads } = &mut attempts;
    request_log.give_up(reads, &source, at(5), &fault(FaultKind::Denied));
    request_log.give_up(reads, &source, at(9), &fault(FaultKind::Network));
    assert_eq!((reads.fault(&source).unwrap().kind, reads.failed_at(&source)), (FaultKind::Denied, Some(at(5))));
    assert_eq!(attempts.due(&source, HOUR), None);
    assert!(!attempts.request_log.is_in_flight(&source));
    assert_eq!(attempts.due(&health("b"), HOUR), Some(Moment::EPOCH));
}
