//! The lives of targets during an update, one lane each.

use super::stage::{CALM, INSTANCES, Stage, at};
use crate::deploy::{Happening, LaneState};
use crate::model::{EnvironmentStatus, TargetState};

/// An update under way, looked at once.
fn updating() -> Stage {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").all_on("v1", 1);
    stage.look(30);
    stage
}

/// What was told of targets: who, from what, to what.
fn told(stage: &mut Stage, seconds: i64) -> Vec<(String, Option<LaneState>, LaneState)> {
    let happened = stage.look(seconds);
    let changes = happened.into_iter().filter_map(|it| match it.what {
        Happening::Target(change) => Some((change.target.to_string(), change.from, change.to)),
        _ => None,
    });
    changes.collect()
}

fn states(stage: &Stage) -> Vec<LaneState> {
    stage.watch.lanes().iter().map(super::super::Lane::state).collect()
}

#[test]
fn a_target_that_is_no_longer_listed_is_gone_once() {
    let mut stage = updating();
    assert_eq!(states(&stage), [LaneState::Healthy; 4]);
    stage.targets(&[(INSTANCES[1], TargetState::Healthy), (INSTANCES[2], TargetState::Healthy)]);
    let gone = |id: &str| (id.to_owned(), Some(LaneState::Healthy), LaneState::Gone);
    assert_eq!(told(&mut stage, 40), [gone(INSTANCES[0]), gone(INSTANCES[3])]);
    assert_eq!(told(&mut stage, 50), [], "it goes once");
    assert_eq!(states(&stage), [LaneState::Gone, LaneState::Healthy, LaneState::Healthy, LaneState::Gone]);
    let lane = stage.watch.lanes().iter().next().unwrap();
    assert_eq!((lane.since(), lane.is_new), (at(40), false));
}

#[test]
fn a_target_that_comes_back_goes_on_in_its_lane_and_a_new_one_has_its_own() {
    let mut stage = updating();
    stage.targets(&[(INSTANCES[0], TargetState::Healthy)]);
    stage.look(40);
    stage.targets(&[
        (INSTANCES[0], TargetState::Draining),
        (INSTANCES[1], TargetState::Initial),
        ("i-9", TargetState::Initial),
    ]);
    let changes = told(&mut stage, 50);
    assert_eq!(changes[0], (INSTANCES[0].to_owned(), Some(LaneState::Healthy), LaneState::Draining));
    assert_eq!(changes[1].1, Some(LaneState::Gone));
    assert_eq!((changes[2].0.as_str(), changes[2].1), ("i-9", None));
    assert_eq!(stage.watch.lanes().len(), 5);
    assert_eq!(stage.watch.lanes().original(), 4);
    assert_eq!(stage.watch.lanes().iter().filter(|lane| lane.is_new).count(), 1);
}
