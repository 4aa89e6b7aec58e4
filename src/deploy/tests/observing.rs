//! What a watch makes of each thing that it is shown: events that are its own, the status, who is in front, and the phase.

use super::stage::{CALM, INSTANCES, Stage, at, environment, group, load_balancer};
use crate::deploy::{Happening, PhaseStep, Watch};
use crate::model::{
    Answer, EnvironmentStatus, Key, Listener, RuleAction, ScopeId, Severity, Source, TargetGroup, TargetState,
    WeightedTargetGroup,
};

fn messages(stage: &Stage) -> Vec<String> {
    stage.watch.events().map(|it| it.message.to_string()).collect()
}

#[test]
fn events_of_the_update_are_those_of_its_request_and_what_follows() {
    let mut stage = Stage::new("Rolling");
    // The update began at 20 s, as request r-1.
    stage.event_of(-200, "long before", None);
    stage.event_of(10, "of another request, before", Some("r-0"));
    stage.event_of(20, "of another request, at its beginning", Some("r-0"));
    stage.event_of(20, "Environment update is starting.", Some("r-1"));
    stage.event_of(25, "of another request, after", Some("r-2"));
    stage.event_of(30, "without a request", None);
    stage.event_with(31, Severity::Info, "another environment's", None, "other");
    stage.look(40);
    let expected =
        ["Environment update is starting.", "of another request, after", "without a request"].map(str::to_owned);
    assert_eq!(messages(&stage), expected);
    let again = stage.look(50);
    assert!(!again.iter().any(|it| matches!(it.what, Happening::Event(_))), "each is news once: {again:?}");
    stage.event_of(25, "at the same time", None);
    let news = stage.look(60);
    let found = news.iter().filter(|it| matches!(&it.what, Happening::Event(event) if event.at == at(25))).count();
    assert_eq!(found, 1);
    assert_eq!(messages(&stage).len(), 4);
    assert_eq!(
        messages(&stage)[1..3],
        ["of another request, after", "at the same time"],
        "in the order in which they came"
    );
}

#[test]
fn of_too_many_events_those_that_tell_no_structure_go_first() {
    let mut stage = Stage::new("Rolling");
    stage
        .event(20, "Environment update is starting.")
        .event(21, "Batch 1: Starting application deployment on instance(s) [i-00000001].");
    for second in 0..300 {
        stage
            .event(30 + second, "Environment health has transitioned from Ok to Info. Application update in progress.");
        stage.event(30 + second, "Added instance [i-00000009] to your environment.");
    }
    stage.look(600);
    assert_eq!(stage.watch.events().count(), 500);
    assert_eq!(messages(&stage)[0], "Environment update is starting.");
    assert!(messages(&stage)[1].starts_with("Batch 1"));
    assert!(stage.look(610).iter().all(|it| !matches!(it.what, Happening::Event(_))), "what was forgotten is no news");
    assert_eq!(stage.watch.events().count(), 500);
}

#[test]
fn a_status_counts_once_the_update_has_begun() {
    let mut stage = Stage::new("Rolling");
    let ended = |stage: &Stage| stage.watch.ended();
    // Ready before anything was seen of the update is from before it.
    stage.look(30);
    assert_eq!(ended(&stage), None);
    stage.status(EnvironmentStatus::Updating, "v1").look(40);
    assert_eq!(ended(&stage), None);
    stage.status(EnvironmentStatus::Ready, "v1").look(90);
    assert_eq!(ended(&stage), Some(at(90)));
    stage.look(100);
    assert_eq!(ended(&stage), Some(at(90)), "it ended when it was first Ready");
    assert_eq!(stage.watch.next(), None);
    stage.status(EnvironmentStatus::Updating, "v1").look(110);
    assert_eq!(stage.watch.next(), Some(at(110)), "another update");
    // Without an event about it, Ready two minutes later proves that it was missed.
    for (second, is_over) in [(139, false), (140, true)] {
        let mut stage = Stage::new("Rolling");
        stage.look(second);
        assert_eq!(stage.watch.ended().is_some(), is_over, "at {second}");
    }
}

#[test]
fn an_environment_is_gone_when_it_was_listed_without_it_after_the_beginning() {
    for (second, is_gone) in [(20, false), (21, true)] {
        let mut stage = Stage::new("Rolling");
        stage.put(Answer::Environments(Vec::new()));
        stage.look(second);
        assert_eq!(stage.watch.ended().is_some(), is_gone, "listed at {second}");
    }
}

#[test]
fn the_listing_names_the_version_where_no_instance_does() {
    let version = |listed: &str, instances: bool| {
        let mut stage = Stage::with_options(&[("DeploymentPolicy", "Rolling")]);
        stage.watch = Watch::begin(&environment(EnvironmentStatus::Ready, "v1"), None, Some("r-1".into()), at(20));
        if instances {
            stage.all_on("v1", 1);
        }
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
        let deployed = "New application version was deployed to running EC2 instances.";
        if listed != "v1" {
            stage.event(59, deployed);
        }
        stage.event(60, "Environment update completed successfully.").look(65);
        stage.status(EnvironmentStatus::Ready, listed).look(70);
        stage.watch.headline()
    };
    assert_eq!(version("v9", false), "v1 → v9");
    assert_eq!(version("v1", false), "v1, update");
    assert_ne!(version("v9", true), "v1 → v9", "instances say what runs");
}

#[test]
fn a_phase_says_since_when() {
    let mut stage = Stage::new("Rolling");
    let phase = |stage: &Stage| (stage.watch.phase().step, stage.watch.phase().since);
    stage.look(21);
    assert_eq!(phase(&stage), (PhaseStep::Waiting, at(20)));
    stage.status(EnvironmentStatus::Updating, "v1").look(30);
    assert_eq!(phase(&stage).0, PhaseStep::Validating);
    stage.look(49);
    assert_eq!(phase(&stage).0, PhaseStep::Validating);
    let happened = stage.look(50);
    assert_eq!(phase(&stage).0, PhaseStep::Updating, "nothing reported it for half a minute");
    assert!(happened.iter().any(|it| matches!(it.what, Happening::Phase(_))));
    assert!(!stage.look(55).iter().any(|it| matches!(it.what, Happening::Phase(_))), "it is news once");
    stage.status(EnvironmentStatus::Aborting, "v1").look(60);
    assert_eq!(phase(&stage), (PhaseStep::Aborting, at(60)));
    stage.look(70);
    assert_eq!(phase(&stage), (PhaseStep::Aborting, at(60)));
    stage.status(EnvironmentStatus::Ready, "v1").look(80);
    assert_eq!(phase(&stage), (PhaseStep::Done, at(80)));
}

/// The listener splits the requests between the environment's group and another.
fn split(stage: &mut Stage, weight: i32) {
    let to = |key: Key<TargetGroup>, weight: i32| WeightedTargetGroup { target_group: key, weight };
    let groups = vec![to(group().key, 100 - weight), to(Key::new(ScopeId(0), "new"), weight)];
    let listener = Listener {
        key: Key::new(ScopeId(0), "listener"),
        load_balancer: load_balancer().key,
        protocol: None,
        port: Some(80),
        ssl_policy: None,
        certificates: Vec::new(),
        default_actions: vec![RuleAction::Forward { groups, group_stickiness: None }],
    };
    stage.put(Answer::Listeners(load_balancer().key, vec![listener]));
}

#[test]
fn traffic_is_split_while_the_weights_say_so() {
    let options = [("DeploymentPolicy", "TrafficSplitting"), ("NewVersionPercent", "15"), ("EvaluationTime", "5")];
    let mut stage = Stage::with_options(&options);
    let found = |stage: &Stage| {
        let phase = stage.watch.phase();
        (phase.step, phase.since, phase.split.as_ref().map(|it| (it.new_percent, it.weights.len())))
    };
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
    assert_eq!(found(&stage).2, None);
    split(&mut stage, 0);
    stage.look(60);
    assert_eq!(found(&stage).2, None, "all requests go to the one group");
    split(&mut stage, 10);
    stage.look(80);
    assert_eq!(found(&stage), (PhaseStep::TrafficSplitting, at(80), Some((10, 2))));
    stage.look(90);
    assert_eq!(found(&stage), (PhaseStep::TrafficSplitting, at(80), Some((10, 2))), "since it began");
    let until = stage.watch.phase().split.as_ref().unwrap().until;
    assert_eq!(until.since(at(80)).as_secs() % 60, 0);
    let mut rolling = Stage::new("Rolling");
    rolling.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
    split(&mut rolling, 10);
    rolling.look(80);
    assert_eq!(found(&rolling).2, None, "another policy splits nothing");
}

#[test]
fn figures_and_instances_are_taken_once_for_each_reading() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM).event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
    stage.all_on("v1", 1).look(30);
    // Everything was last read at 200: what is there at 300 is not news before it is read again.
    stage.look_with(200, &|_, now| Some(now));
    let news =
        stage.look_with(300, &|source, now| Some(if matches!(source, Source::Metrics(..)) { at(200) } else { now }));
    assert!(!news.iter().any(|it| matches!(it.what, Happening::Metrics(_))), "{news:?}");
    let news = stage.look_with(310, &|_, now| Some(now));
    assert!(news.iter().any(|it| matches!(it.what, Happening::Metrics(_))));
}

/// The number of instances comes from the best source: those that were targets, else an event, else the instances' health.
#[test]
fn how_many_instances_there_are_is_reported_by_the_best_that_is_known() {
    let two = "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].";
    let counted = |targets: usize, events: &[&str], instances: bool| {
        let mut stage = Stage::new("Rolling");
        let listed: Vec<_> = INSTANCES[..targets].iter().map(|id| (*id, TargetState::Healthy)).collect();
        stage.targets(&listed);
        if instances {
            stage.all_on("v1", 1);
        }
        stage.look(15);
        for (second, message) in (20..).zip(events) {
            stage.event(second, message);
        }
        stage.look(60);
        stage.watch.instances()
    };
    let begun = "Environment update is starting.";
    let of_nine = "Command execution completed on 2 of 9 instances in environment.";
    for (targets, events, instances, expected) in [
        (3, &[begun, two][..], true, 3),
        (1, &[begun], true, 1),
        (0, &[begun, two, of_nine], true, 9),
        (0, &[begun], true, 4),
        (0, &[begun], false, 0),
    ] {
        assert_eq!(counted(targets, events, instances), expected, "{targets} targets, {events:?}, {instances}");
    }
}

/// An update whose beginning was not seen is followed from its first event, if that is not too old.
#[test]
fn an_update_in_progress_is_followed_from_its_first_event() {
    for (status, event, now, expected) in [
        (EnvironmentStatus::Updating, Some(20), 300, Some(at(20))),
        (EnvironmentStatus::Aborting, Some(20), 300, Some(at(20))),
        (EnvironmentStatus::Updating, None, 300, Some(at(300))),
        (EnvironmentStatus::Updating, Some(20), 20 + 12 * 3600 - 1, Some(at(20))),
        (EnvironmentStatus::Updating, Some(20), 20 + 12 * 3600, Some(at(20 + 12 * 3600))),
        (EnvironmentStatus::Ready, Some(20), 300, None),
    ] {
        let mut stage = Stage::new("Rolling");
        if let Some(second) = event {
            stage.event_of(second, "Environment update is starting.", Some("r-9"));
            stage.event_with(second + 1, Severity::Info, "Environment update is starting.", None, "another");
        }
        let environment = environment(status.clone(), "v1");
        let watch = stage.with_snapshot(now, |it| Watch::in_progress(&environment, &it.inventory, it.moment));
        assert_eq!(watch.as_ref().map(Watch::started), expected, "{status:?} {event:?} {now}");
        let request = watch.and_then(|it| it.course().request_id.clone());
        assert_eq!(request.as_deref(), event.filter(|_| expected == Some(at(20))).map(|_| "r-9"), "{status:?} {now}");
    }
}
