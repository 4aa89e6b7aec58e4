//! A verdict is not final before the last events of the update were read: they may report a failure.

use super::stage::{CALM, Stage, at};
use super::verdicts::deploy;
use crate::deploy::VerdictKind;
use crate::model::{FaultKind, Moment, Source};

/// A good update that ended at 14:05, of which the events were last read at this second.
fn ended(last_read: Option<i64>) -> Stage {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    deploy(&mut stage);
    stage.look_with(12 * 60, &|source, now| match source {
        Source::Events(_) => last_read.map(at),
        _ => Some(now),
    });
    stage
}

#[test]
fn it_waits_for_the_events_of_the_end() {
    let end = ended(Some(720)).watch.ended().unwrap();
    let seconds = |moment: Moment| moment.0.as_second() - at(0).0.as_second();
    for (last_read, is_final) in
        [(None, false), (Some(100), false), (Some(seconds(end)), false), (Some(seconds(end) + 1), true)]
    {
        let stage = ended(last_read);
        assert_eq!(stage.verdict().is_final, is_final, "events read at {last_read:?}, ended at {}", seconds(end));
    }
}

#[test]
fn what_the_last_events_tell_decides() {
    let mut stage = ended(Some(200));
    assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Same, false));
    stage.event(298, "Failed to deploy application.");
    stage.look(13 * 60);
    assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Failed, true));
}

#[test]
fn events_that_cannot_be_read_are_not_waited_for() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    deploy(&mut stage);
    stage.denied =
        vec![Source::Events(super::stage::environment(crate::model::EnvironmentStatus::Ready, "v2").key.scope)];
    stage.look(12 * 60);
    assert!(stage.verdict().is_final, "{:?}", stage.verdict());
    assert!(stage.verdict().reasons.iter().any(|it| it.words.contains("known from the status alone")));
    assert_eq!(super::stage::fault(FaultKind::Denied).kind, FaultKind::Denied);
}
