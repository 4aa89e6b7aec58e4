//! Since when a target is in its state, and what goes with its group.

use super::inventory::{at, group, partial};
use crate::model::{Answer, Attributes, Batch, Covers, Inventory, Moment, Target, TargetState};

fn target(id: &str, port: i32, state: TargetState) -> Target {
    Target { id: id.into(), port: Some(port), availability_zone: None, state, reason: None, description: None }
}

fn look(inventory: &mut Inventory, targets: &[Target], seconds: u64) {
    let answer = Answer::TargetHealth(group("1").key, targets.to_vec());
    inventory.replace(Batch { covers: Covers::All, answer }, at(seconds));
}

fn seen(inventory: &Inventory, target: &Target) -> (Moment, bool) {
    let seen = inventory.seen(&group("1").key, target).unwrap();
    (seen.at, seen.exact)
}

#[test]
fn each_target_has_its_own_time_in_its_state() {
    let mut inventory = Inventory::default();
    let (one, other) = (target("i-1", 80, TargetState::Healthy), target("i-1", 8080, TargetState::Healthy));
    look(&mut inventory, &[one.clone(), other.clone()], 0);
    let ill = target("i-1", 8080, TargetState::Unhealthy);
    look(&mut inventory, &[ill.clone(), one.clone()], 10);
    look(&mut inventory, &[one.clone(), ill.clone()], 20);
    assert_eq!(seen(&inventory, &one), (at(0), false));
    assert_eq!(seen(&inventory, &ill), (at(10), true));
    // One that came, and one that went and came back, did so between two looks.
    let new = target("i-2", 80, TargetState::Initial);
    look(&mut inventory, &[one.clone(), new.clone()], 30);
    assert_eq!(seen(&inventory, &new), (at(30), true));
    assert!(inventory.seen(&group("1").key, &ill).is_none());
    look(&mut inventory, &[one.clone(), ill.clone(), new.clone()], 40);
    assert_eq!((seen(&inventory, &ill), seen(&inventory, &new)), ((at(40), true), (at(30), true)));
}

#[test]
fn what_is_known_of_a_group_goes_with_it() {
    let mut inventory = Inventory::default();
    let answer = Answer::TargetGroups(vec![group("1"), group("2")]);
    inventory.replace(Batch { covers: Covers::All, answer }, at(0));
    look(&mut inventory, &[target("i-1", 80, TargetState::Healthy)], 0);
    let attributes = Attributes::from([("stickiness.enabled".into(), "true".into())]);
    for name in ["1", "2"] {
        let answer = Answer::TargetGroupAttributes(group(name).key, attributes.clone());
        inventory.replace(Batch { covers: Covers::All, answer }, at(0));
    }
    let answer = Answer::TargetGroups(vec![group("2")]);
    inventory.replace(Batch { covers: partial(), answer: answer.clone() }, at(10));
    assert_eq!((inventory.targets.len(), inventory.target_group_attributes.len()), (1, 2));
    inventory.replace(Batch { covers: Covers::All, answer }, at(20));
    assert_eq!((inventory.targets.len(), inventory.target_group_attributes.len()), (0, 1));
    // A group of that ARN that comes back is one that was never looked at.
    look(&mut inventory, &[target("i-1", 80, TargetState::Healthy)], 30);
    assert_eq!(seen(&inventory, &target("i-1", 80, TargetState::Healthy)), (at(30), false));
}
