//! The lives of targets during an update, one lane each.

use std::sync::Arc;

use super::stage::{CALM, INSTANCES, Stage, at, group};
use crate::deploy::{Happening, Lane, LaneState, Lanes};
use crate::model::{EnvironmentStatus, Target, TargetState};

/// An update under way, looked at once.
fn updating() -> Stage {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").all_on("v1", 1);
    stage.look(30);
    stage
}

/// Returns the changes of targets' states: which, from what, to what.
fn reported(stage: &mut Stage, seconds: i64) -> Vec<(String, Option<LaneState>, LaneState)> {
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
    assert_eq!(reported(&mut stage, 40), [gone(INSTANCES[0]), gone(INSTANCES[3])]);
    assert_eq!(reported(&mut stage, 50), [], "it goes once");
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
    let changes = reported(&mut stage, 50);
    assert_eq!(changes[0], (INSTANCES[0].to_owned(), Some(LaneState::Healthy), LaneState::Draining));
    assert_eq!(changes[1].1, Some(LaneState::Gone));
    assert_eq!((changes[2].0.as_str(), changes[2].1), ("i-9", None));
    assert_eq!(stage.watch.lanes().len(), 5);
    assert_eq!(stage.watch.lanes().original(), 4);
    assert_eq!(stage.watch.lanes().iter().filter(|lane| lane.is_new).count(), 1);
}

fn target(id: &str, state: TargetState, reason: Option<&str>) -> Target {
    let reason = reason.map(Arc::from);
    Target { id: id.into(), port: Some(80), availability_zone: None, state, reason, description: None }
}

#[test]
fn the_state_of_a_lane_is_the_targets_with_its_reason() {
    use LaneState as L;
    use TargetState as T;
    for (state, reason, expected, word) in [
        (T::Healthy, None, L::Healthy, "healthy"),
        (T::Initial, Some("Elb.RegistrationInProgress"), L::Registering, "registering"),
        (T::Initial, Some("Elb.InitialHealthChecking"), L::Initial, "initial"),
        (T::Initial, None, L::Initial, "initial"),
        (T::Unhealthy, Some("Target.Timeout"), L::Unhealthy, "unhealthy"),
        (T::Draining, Some("Target.DeregistrationInProgress"), L::Draining, "draining"),
        (T::UnhealthyDraining, None, L::Draining, "draining"),
        (T::Unused, Some("Target.NotRegistered"), L::Gone, "gone"),
        (T::Unused, Some("Target.NotInUse"), L::Unused, "unused"),
        (T::Unused, None, L::Unused, "unused"),
        (T::Unavailable, None, L::Unknown, "unknown"),
        (T::Other("new".into()), None, L::Unknown, "unknown"),
    ] {
        let found = L::of(&target("i-1", state.clone(), reason));
        assert_eq!((found, found.as_str()), (expected, word), "{state:?} {reason:?}");
    }
}

/// The lane of one target that goes through these states.
fn through(states: &[(i64, TargetState)]) -> Lane {
    let mut lanes = Lanes::default();
    assert!(lanes.is_empty());
    for (place, (second, state)) in states.iter().enumerate() {
        lanes.observe(&group().key, &[target("i-1", state.clone(), None)], at(*second), place == 0);
    }
    assert!(!lanes.is_empty());
    lanes.iter().next().unwrap().clone()
}

#[test]
fn a_lane_knows_its_state_at_any_time() {
    use TargetState::{Draining, Healthy, Initial};
    let lane = through(&[(10, Initial), (20, Healthy), (30, Healthy), (40, Draining), (50, Healthy)]);
    assert_eq!((lane.state(), lane.since(), lane.runs().count()), (LaneState::Healthy, at(50), 4));
    for (second, state) in [
        (9, None),
        (10, Some(LaneState::Initial)),
        (19, Some(LaneState::Initial)),
        (20, Some(LaneState::Healthy)),
        (40, Some(LaneState::Draining)),
        (500, Some(LaneState::Healthy)),
    ] {
        assert_eq!(lane.at(at(second)), state, "{second}");
    }
    for (from, first) in [(0, Some(20)), (20, Some(20)), (21, Some(50)), (51, None)] {
        assert_eq!(lane.first(LaneState::Healthy, at(from)), first.map(at), "from {from}");
    }
    // A clock that is set back does not turn its life round.
    let back = through(&[(100, Initial), (40, Healthy)]);
    assert_eq!((back.since(), back.at(at(99)), back.at(at(100))), (at(100), None, Some(LaneState::Healthy)));
}

#[test]
fn of_many_states_the_oldest_are_forgotten_and_that_is_known() {
    let states = |count: i64| -> Vec<_> {
        let state = |number: i64| if number % 2 == 0 { TargetState::Healthy } else { TargetState::Unhealthy };
        (0..count).map(|number| (number, state(number))).collect()
    };
    let whole = through(&states(64));
    assert_eq!((whole.runs().count(), whole.is_cut), (64, false));
    let cut = through(&states(65));
    assert_eq!((cut.runs().count(), cut.is_cut, cut.runs().next().unwrap().from), (64, true, at(1)));
}

#[test]
fn a_target_is_new_if_it_came_with_the_update_in_every_group() {
    let mut lanes = Lanes::default();
    let two = group();
    let other = crate::model::Key::new(two.key.scope, "arn:other");
    let healthy = |id: &str| target(id, TargetState::Healthy, None);
    assert_eq!(lanes.observe(&two.key, &[healthy("i-1")], at(10), true), [], "what was there is no news");
    let news = lanes.observe(&two.key, &[healthy("i-1"), healthy("i-2")], at(20), false);
    assert_eq!(news.iter().map(|it| (&*it.target, it.from)).collect::<Vec<_>>(), [("i-2", None)]);
    // Another group, that came later: an instance of before is not new there either.
    lanes.observe(&other, &[healthy("i-1"), healthy("i-2")], at(30), false);
    let new: Vec<_> = lanes.iter().map(|it| (&*it.target, it.is_new)).collect();
    assert_eq!(new, [("i-1", false), ("i-2", true), ("i-1", false), ("i-2", true)]);
    assert_eq!((lanes.original(), lanes.len()), (1, 4));
    // What is no longer listed in one group stays in the other.
    let gone = lanes.observe(&two.key, &[healthy("i-1")], at(40), false);
    assert_eq!(gone.iter().map(|it| (&*it.target, it.to)).collect::<Vec<_>>(), [("i-2", LaneState::Gone)]);
    assert_eq!(lanes.iter().next_back().unwrap().state(), LaneState::Healthy);
    // The same instance by another port is another target.
    let on_8080 = Target { port: Some(8080), ..healthy("i-1") };
    let both = lanes.observe(&two.key, &[healthy("i-1"), on_8080], at(50), false);
    assert_eq!((both.len(), lanes.len()), (1, 5));
}

/// Of too many targets those that have been gone for longest make room, and none that is there.
#[test]
fn the_targets_that_have_been_gone_for_longest_make_room() {
    let id = |number: usize| format!("i-{number:04}");
    let healthy = |numbers: &[usize]| -> Vec<Target> {
        numbers.iter().map(|number| target(&id(*number), TargetState::Healthy, None)).collect()
    };
    let mut lanes = Lanes::default();
    let listed: Vec<usize> = (0..1000).collect();
    lanes.observe(&group().key, &healthy(&listed), at(0), true);
    // Three go, one after the other.
    let without = |gone: &[usize]| -> Vec<usize> { (0..1000).filter(|number| !gone.contains(number)).collect() };
    for (second, gone) in [(10, &[700][..]), (20, &[700, 5]), (30, &[700, 5, 300])] {
        lanes.observe(&group().key, &healthy(&without(gone)), at(second), false);
    }
    let is_kept = |lanes: &Lanes, number: usize| lanes.iter().any(|lane| *lane.target == *id(number));
    for (count, expected) in [(0, [true; 3]), (1, [false, true, true]), (2, [false, false, true]), (3, [false; 3])] {
        let mut listed = without(&[700, 5, 300]);
        listed.extend(1000..1000 + count);
        lanes.observe(&group().key, &healthy(&listed), at(40), false);
        assert_eq!([700, 5, 300].map(|number| is_kept(&lanes, number)), expected, "{count} more");
        assert_eq!(lanes.len(), 1000);
        assert!(
            (0..1000).filter(|it| ![700, 5, 300].contains(it)).all(|it| is_kept(&lanes, it)),
            "what is there stays"
        );
    }
}
