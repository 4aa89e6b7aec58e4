//! Bad data: late and revised points, gaps, clocks that jump, denied calls; and updates
//! that fail, are aborted, come twice or lose their environment.

use super::stage::{CALM, INSTANCES, NAME, Row, Stage, at, environment};
use super::verdicts::{deploy, ended};
use crate::deploy::{Happening, Leaning, RuleSignal, VerdictKind, Watch};
use crate::model::{Answer, Batch, Covers, EnvironmentStatus, HealthStatus, Inventory, Key, Measure, ScopeId, Source};

const BAD: Row = Row { target_5xx: 600.0, ..CALM };

#[test]
fn a_revised_point_changes_the_verdict_until_it_is_final() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..7, CALM).minutes(7..8, BAD);
    deploy(&mut stage);
    stage.look(9 * 60);
    assert_eq!(stage.verdict().kind, VerdictKind::Worse, "{:?}", stage.verdict());
    stage.minutes(7..20, CALM).look(10 * 60);
    assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Same, false));
    stage.look(11 * 60);
    assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Same, true));
    stage.minutes(5..20, BAD);
    assert!(stage.look(12 * 60).is_empty() && stage.verdict().kind == VerdictKind::Same, "final is final");
}

#[test]
fn a_late_point_is_reported_when_it_comes() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..4, CALM).minutes(5..7, CALM);
    deploy(&mut stage);
    stage.look(7 * 60);
    let happened = stage.minutes(4..5, BAD).look(8 * 60);
    let reported: Vec<_> = happened
        .iter()
        .filter_map(|it| match &it.what {
            Happening::Metrics(minute) => Some(minute.at),
            _ => None,
        })
        .collect();
    assert_eq!(reported, [at(4 * 60)]);
}

#[test]
fn a_gap_is_neither_good_nor_bad() {
    let mut stage = Stage::new("Rolling");
    stage.gap(-7..-5);
    let verdict = ended(&mut stage, CALM);
    assert_eq!((verdict.kind, verdict.before.minutes), (VerdictKind::Same, 8));
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..5, CALM);
    deploy(&mut stage);
    stage.looks(310..15 * 60);
    assert_eq!(stage.verdict().kind, VerdictKind::Unclear, "nothing came after the end: {:?}", stage.verdict());
}

#[test]
fn a_clock_that_jumps_ahead_waits_for_what_is_read_afterwards() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, BAD);
    deploy(&mut stage);
    stage.look(310);
    // A laptop sleeps for an hour; figures were read before it did.
    let before = at(320);
    let mut asleep = stage.watch.clone();
    asleep.settle = std::time::Duration::from_secs(3590);
    stage.look_like(3910, before, |snapshot| asleep.observe(snapshot));
    assert!(!asleep.is_over());
    stage.look(3910);
    assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Worse, true));
}

#[test]
fn a_clock_that_is_set_back_ends_nothing_and_breaks_nothing() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    deploy(&mut stage);
    stage.look(400);
    for second in [-3600, -10, 100] {
        stage.look(second);
        assert!(!stage.watch.is_over());
    }
    assert_eq!(stage.watch.elapsed(at(-3600)), at(299).since(at(20)));
    stage.look(12 * 60);
    assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Same, true));
}

#[test]
fn an_environment_that_is_terminated_while_it_is_watched() {
    let mut stage = Stage::new("Rolling");
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
    stage.put(Answer::Environments(Vec::new()));
    stage.look(60);
    let verdict = stage.verdict();
    assert_eq!((verdict.kind, verdict.is_final), (VerdictKind::Failed, true));
    assert!(verdict.reasons[0].words.contains("terminated"));
    let mut stage = Stage::new("Rolling");
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Terminating, "v1").look(30);
    assert!(stage.watch.is_over());
}

#[test]
fn a_second_update_ends_what_can_be_judged_of_the_first() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..7, CALM).minutes(7..30, BAD);
    deploy(&mut stage);
    stage.look(400);
    stage.event_of(415, "Environment update is starting.", Some("r-2")).status(EnvironmentStatus::Updating, "v2");
    stage.event_of(420, "Batch 1: Starting application deployment on instance(s) [i-00000001].", Some("r-2"));
    stage.event_of(500, "Failed to deploy application.", Some("r-2"));
    stage.looks(420..12 * 60);
    let verdict = stage.verdict();
    assert!(verdict.is_final, "{verdict:?}");
    assert_eq!(verdict.kind, VerdictKind::Same, "what failed was the second one: {verdict:?}");
    assert_eq!(stage.watch.next(), Some(at(415)));
    assert!(verdict.reasons.iter().any(|it| it.words.contains("another update began")));
}

#[test]
fn a_second_update_without_request_ids_is_reported_by_the_first_ones_end() {
    let inventory = Inventory::default();
    let updating = environment(EnvironmentStatus::Updating, "v1");
    let mut stage = Stage::new("Rolling");
    stage.watch = Watch::in_progress(&updating, &inventory, at(25)).unwrap();
    let none = None;
    stage.event_of(20, "Environment update is starting.", none).status(EnvironmentStatus::Updating, "v1").look(30);
    stage
        .event_of(100, "Environment update completed successfully.", none)
        .status(EnvironmentStatus::Ready, "v1")
        .look(101);
    stage.event_of(130, "Environment update is starting.", none).status(EnvironmentStatus::Updating, "v1").look(140);
    assert_eq!((stage.watch.started(), stage.watch.ended()), (at(20), Some(at(100))));
    assert_eq!(stage.watch.next(), Some(at(130)));
}

#[test]
fn an_update_that_is_half_way_is_reported_from_its_beginning_and_an_old_one_is_not_taken_for_it() {
    let mut stage = Stage::new("Rolling");
    let none = None;
    stage.event_of(-4000, "Environment update is starting.", none);
    stage.event_of(-3000, "Environment update completed successfully.", none);
    let updating = environment(EnvironmentStatus::Updating, "v1");
    let unknown = Watch::in_progress(&updating, &stage.snapshot.inventory, at(25)).unwrap();
    assert_eq!(unknown.started(), at(25), "its beginning is not reported yet");
    stage.event_of(-60, "Environment update is starting.", none);
    stage.event_of(-30, "Batch 2: Starting application deployment on instance(s) [i-00000003].", none);
    stage.watch = Watch::in_progress(&updating, &stage.snapshot.inventory, at(25)).unwrap();
    stage.status(EnvironmentStatus::Updating, "v1").look(26);
    assert_eq!((stage.watch.started(), stage.watch.phase().batch), (at(-60), Some(2)));
    assert!(
        Watch::in_progress(&environment(EnvironmentStatus::Ready, "v1"), &stage.snapshot.inventory, at(25)).is_none()
    );
}

#[test]
fn what_failed_is_failed_whatever_the_figures_say() {
    let failures = [
        "Update environment operation is complete, but with errors. For more information, see troubleshooting documentation.",
        "The environment was reverted to the previous configuration setting.",
        "Failed to deploy application.",
        "Unsuccessful command execution on instance id(s) 'i-00000001'. Aborting the operation.",
        "The deployment was rolled back.",
    ];
    for failure in failures {
        let mut stage = Stage::new("Rolling");
        stage.minutes(0..20, Row { p99: 0.01, ..CALM });
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
        stage.event(60, failure).look(61);
        assert_eq!(
            (stage.verdict().kind, stage.verdict().reasons[0].signal),
            (VerdictKind::Failed, RuleSignal::Outcome)
        );
        stage.status(EnvironmentStatus::Ready, "v2").look(70);
        assert!(stage.watch.is_over(), "{failure}");
    }
}

#[test]
fn another_version_than_the_requested_one_is_a_failure() {
    let mut stage = Stage::new("Immutable");
    stage.minutes(0..20, CALM);
    deploy(&mut stage);
    stage.status(EnvironmentStatus::Ready, "v1");
    stage.looks(310..400);
    assert_eq!(stage.verdict().kind, VerdictKind::Failed);
    assert!(stage.verdict().reasons[0].words.contains("v1 runs, v2 was asked for"), "{:?}", stage.verdict());
}

#[test]
fn several_versions_are_a_failure_when_that_lasts() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    deploy(&mut stage);
    let mixed = INSTANCES.map(|id| {
        let (version, deployment) = if id == INSTANCES[3] { ("v1", 1) } else { ("v2", 2) };
        (id, version, deployment, HealthStatus::Ok, 100, 0)
    });
    stage.instances(&mixed);
    stage.looks(310..360);
    assert_ne!(stage.verdict().kind, VerdictKind::Failed, "a listing may be old");
    stage.looks(360..400);
    assert_eq!(stage.verdict().kind, VerdictKind::Failed);
    assert!(stage.verdict().reasons[0].words.contains("v1 on 1"), "{:?}", stage.verdict());
}

#[test]
fn somebodys_abort_is_no_failure_of_the_update() {
    let mut stage = Stage::new("Rolling");
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
    stage.status(EnvironmentStatus::Aborting, "v1").look(40);
    assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Aborted, false));
    stage.event(60, "During an aborted deployment, some instances may have deployed the new application version.");
    stage.event(61, "The environment was reverted to the previous configuration setting.");
    stage.status(EnvironmentStatus::Ready, "v1").look(70);
    assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Aborted, true));
    assert!(!VerdictKind::Aborted.is_good() && VerdictKind::Unclear.is_good());
}

#[test]
fn what_is_denied_is_said_and_never_taken_for_good() {
    let mut stage = Stage::new("Rolling");
    let key = environment(EnvironmentStatus::Ready, "").key;
    stage.denied = vec![Source::Metrics(key.clone(), Measure::Deploy), Source::Events(ScopeId(0))];
    deploy(&mut stage);
    stage.looks(310..12 * 60);
    let verdict = stage.verdict();
    assert!(verdict.is_final);
    assert_eq!(verdict.kind, VerdictKind::Unclear, "{verdict:?}");
    let said: Vec<_> = verdict.reasons.iter().map(|it| it.words.as_str()).collect();
    assert!(said.iter().any(|words| words.contains("no figures to judge by") && words.contains("denied")), "{said:?}");
    assert!(said.iter().any(|words| words.contains("from the status alone")), "{said:?}");
}

#[test]
fn without_figures_what_is_early_decides() {
    let mut stage = Stage::new("Rolling");
    let key = environment(EnvironmentStatus::Ready, "").key;
    stage.denied = vec![Source::Metrics(key, Measure::Deploy)];
    deploy(&mut stage);
    for second in (310..12 * 60).step_by(10) {
        let errors = INSTANCES.map(|id| (id, "v2", 2, HealthStatus::Severe, 100 + second as i32 % 7, 50));
        stage.instances(&errors).look(second);
    }
    let verdict = stage.verdict();
    assert_eq!((verdict.kind, verdict.early, verdict.is_final), (VerdictKind::Worse, true, true), "{verdict:?}");
}

#[test]
fn basic_health_has_no_early_signal_and_says_so() {
    let mut stage = Stage::new("Rolling");
    let basic = |status| crate::model::Environment { health_status: None, ..environment(status, "v1") };
    stage.watch = Watch::begin(&basic(EnvironmentStatus::Ready), Some("v2".into()), None, at(20));
    stage.denied = vec![Source::InstancesHealth(Key::new(ScopeId(0), "e-1"))];
    stage.snapshot.inventory.replace(
        Batch { covers: Covers::All, answer: Answer::Environments(vec![basic(EnvironmentStatus::Updating)]) },
        at(25),
    );
    stage.event(20, "Environment update is starting.").look(30);
    let reasons = &stage.verdict().reasons;
    assert!(reasons.iter().any(|it| it.words.contains("basic health") && it.leaning == Leaning::Note), "{reasons:?}");
    assert_eq!(stage.watch.versions().label(INSTANCES[0]), "v1→?");
    assert_eq!(&*stage.watch.environment().name, NAME);
}
