//! Events are kept once, however often and in whatever order they are read.

use super::inventory::{at, environment};
use crate::model::{
    Answer, Batch, Covers, Delta, Environment, EnvironmentEvent, EnvironmentStatus, Inventory, Key, Severity,
};

fn event(seconds: u64, words: &str) -> EnvironmentEvent {
    EnvironmentEvent {
        environment: Some("a".into()),
        application: Some("shop".into()),
        ..EnvironmentEvent::new(at(seconds), words)
    }
}

/// Applies these events. Returns whether any was new.
fn read(inventory: &mut Inventory, events: &[EnvironmentEvent]) -> bool {
    let answer = Answer::Events(events.to_vec());
    !inventory.replace(Batch { covers: Covers::Only, answer }, at(1000)).is_empty()
}

fn words(inventory: &Inventory) -> Vec<String> {
    inventory.events.iter().map(|event| event.message.to_string()).collect()
}

#[test]
fn an_event_that_is_read_twice_is_there_once() {
    let mut inventory = Inventory::default();
    let all = [event(30, "c"), event(20, "b"), event(10, "a")];
    assert!(read(&mut inventory, &all));
    // A poll asks again from a little before the newest: all, some, in another order, with one more.
    for again in [vec![0, 1, 2], vec![0], vec![1, 0], vec![2]] {
        let events: Vec<_> = again.iter().map(|place| all[*place].clone()).collect();
        assert!(!read(&mut inventory, &events), "{again:?}");
        assert_eq!(words(&inventory), ["c", "b", "a"]);
    }
    assert!(read(&mut inventory, &[event(40, "d"), all[0].clone(), all[1].clone()]));
    assert_eq!(words(&inventory), ["d", "c", "b", "a"]);
}

#[test]
fn events_of_one_moment_are_told_apart_by_all_that_they_say() {
    let mut inventory = Inventory::default();
    let one = event(10, "Batch 1");
    let mut others = vec![one.clone(); 5];
    others[1].message = "Batch 2".into();
    others[2].severity = Severity::Error;
    others[3].environment = Some("b".into());
    others[4].request_id = Some("r-1".into());
    assert!(read(&mut inventory, std::slice::from_ref(&one)));
    assert!(read(&mut inventory, &others));
    assert_eq!(inventory.events.len(), 5);
    others.reverse();
    assert!(!read(&mut inventory, &others));
    assert_eq!(inventory.events.len(), 5);
}

#[test]
fn an_event_that_becomes_visible_late_takes_its_place() {
    let mut inventory = Inventory::default();
    let (a, b) = (environment("a"), environment("b"));
    let keys = (a.key.clone(), b.key.clone());
    inventory.replace(Batch { covers: Covers::All, answer: Answer::Environments(vec![a, b]) }, at(0));
    read(&mut inventory, &[event(30, "c"), event(10, "a")]);
    assert!(read(&mut inventory, &[event(30, "c"), event(20, "b")]));
    assert_eq!(words(&inventory), ["c", "b", "a"]);
    assert_eq!(inventory.last_event(&keys.0), Some(at(30)), "the newest, not the one that came last");
    assert_eq!(inventory.last_event(&keys.1), None);
}

#[test]
fn a_thousand_events_are_kept_and_those_the_newest() {
    let mut inventory = Inventory::default();
    for page in 0..30 {
        let events: Vec<_> = (0..50).map(|it| event(page * 50 + it, &format!("{}", page * 50 + it))).collect();
        assert!(read(&mut inventory, &events));
    }
    assert_eq!(inventory.events.len(), 1000);
    assert_eq!((words(&inventory)[0].as_str(), words(&inventory)[999].as_str()), ("1499", "500"));
}

#[test]
fn an_event_is_reported_to_the_environment_that_it_is_about() {
    let mut inventory = Inventory::default();
    let both = vec![environment("a"), environment("b")];
    inventory.replace(Batch { covers: Covers::All, answer: Answer::Environments(both) }, at(0));
    let answer = Answer::Events(vec![event(10, "x")]);
    let delta = inventory.replace(Batch { covers: Covers::Only, answer }, at(10));
    assert_eq!(delta, Delta { environments: vec![environment("a").key], other: true, ..Delta::default() });
}

/// The environment `a` with another id, created at this second.
fn created(id: &str, created: u64, status: EnvironmentStatus) -> Environment {
    let key = Key::new(environment("a").key.scope, id);
    Environment { created: Some(at(created)), ..Environment::new(key, "a", "shop", status) }
}

fn list(inventory: &mut Inventory, environments: &[&Environment]) {
    let environments = environments.iter().map(|it| (*it).clone()).collect();
    inventory.replace(Batch { covers: Covers::All, answer: Answer::Environments(environments) }, at(1000));
}

#[test]
fn of_two_environments_of_one_name_each_has_its_own_last_event() {
    let old = created("e-old", 0, EnvironmentStatus::Terminated);
    let new = created("e-new", 500, EnvironmentStatus::Ready);
    let (first, last, created) = (event(100, "of the old"), event(400, "of the old"), event(501, "of the new"));
    let lasts = |inventory: &Inventory| [&old, &new].map(|it| inventory.last_event(&it.key));

    let mut inventory = Inventory::default();
    list(&mut inventory, &[&old, &new]);
    let answer = Answer::Events(vec![last.clone(), first.clone()]);
    let delta = inventory.replace(Batch { covers: Covers::Only, answer }, at(1000));
    assert_eq!(delta.environments, [old.key.clone(), old.key.clone()], "no row of the new one changes");
    assert_eq!(lasts(&inventory), [Some(at(400)), None], "the new one has none yet");
    read(&mut inventory, std::slice::from_ref(&created));
    assert_eq!(lasts(&inventory), [Some(at(400)), Some(at(501))]);

    // The events are read before it is known that there is a new one, or that there is any.
    for first_listed in [vec![&old], vec![&new], vec![]] {
        let mut inventory = Inventory::default();
        list(&mut inventory, &first_listed);
        read(&mut inventory, &[created.clone(), last.clone(), first.clone()]);
        list(&mut inventory, &[&old, &new]);
        assert_eq!(lasts(&inventory), [Some(at(400)), Some(at(501))], "first listed: {first_listed:?}");
        list(&mut inventory, &[&new]);
        assert_eq!(inventory.last_event(&new.key), Some(at(501)), "after the old one is gone");
    }
}
