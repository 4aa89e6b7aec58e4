//! What prevents a change of settings: another client's change, a busy environment, no confirmation.

use beanpole::change::{Confirmation, Operation, Outcome, Refusal, Route};
use beanpole::model::{EnvironmentStatus, FaultKind};
use beanpole::sim::Faults;

use super::stage::{Stage, wait};
use super::terrain::{SCENARIO, Terrain, assert_applied};

#[tokio::test(start_paused = true)]
async fn what_someone_else_changed_is_a_conflict_with_three_values() {
    let stage = Stage::undisturbed(SCENARIO);
    let wishes = &[("deregistration_delay.timeout_seconds", "60")];
    let plan = Terrain::read(&stage, "web").await.plan(wishes, Some(Route::Elb)).unwrap();
    assert_applied(&stage.set("web", &[("deregistration_delay.timeout_seconds", "99")], Some(Route::Elb)).await.1);
    let writes = stage.writes();
    let written = stage.change(&plan).await;
    let Outcome::Conflict(differences) = &written.outcome else { panic!("{written:?}") };
    let [it] = differences.as_slice() else { panic!("{differences:?}") };
    assert_eq!((&*it.seen, &*it.live, it.wanted.as_deref()), ("20", "99", Some("60")));
    assert_eq!(stage.writes(), writes, "nothing was written");
    assert_eq!(stage.entries()[1].outcome.as_deref(), Some("conflict"));
}

#[tokio::test(start_paused = true)]
async fn an_undo_of_what_was_changed_since_is_a_conflict() {
    let stage = Stage::undisturbed(SCENARIO);
    assert_applied(&stage.set("web", &[("health_check.interval", "30")], Some(Route::Elb)).await.1);
    let entry = stage.entries()[0].clone();
    wait(2).await;
    assert_applied(&stage.set("web", &[("health_check.interval", "60")], Some(Route::Elb)).await.1);
    let writes = stage.writes();
    let past = entry.past(beanpole::model::ScopeId(0)).unwrap();
    let plan = beanpole::change::undo(&Terrain::read(&stage, "web").await.basis(), &past).unwrap();
    let written = stage.change(&plan).await;
    let reason = written.outcome.reason().unwrap_or_default();
    assert!(matches!(written.outcome, Outcome::Conflict(_)), "{written:?}");
    assert!(reason.contains("health_check.interval was 30 and is 60 (15 was wanted)"), "{reason}");
    assert_eq!(stage.writes(), writes);
    // The newest first, then the one before.
    assert_applied(&stage.undo("web").await);
    assert_applied(&stage.undo("web").await);
    assert_eq!(Terrain::read(&stage, "web").await.live("health_check.interval"), "15");
    assert!(stage.log.read().unwrap().newest_to_undo(Some("1"), Some("eu-west-1"), None, None).is_none());
}

#[tokio::test(start_paused = true)]
async fn an_update_that_began_meanwhile_is_a_conflict() {
    for route in Route::ALL {
        let stage = Stage::undisturbed(SCENARIO);
        let wishes = &[("deregistration_delay.timeout_seconds", "60")];
        let plan = Terrain::read(&stage, "web").await.plan(wishes, Some(route)).unwrap();
        let deploy = stage.deploy("web", "v2").await;
        assert_applied(&stage.perform(&deploy).await);
        let writes = stage.writes();
        let written = stage.change(&plan).await;
        assert_eq!(written.outcome.reason().unwrap(), "nothing was written, because status was Ready and is Updating");
        assert_eq!(stage.writes(), writes);
    }
}

#[tokio::test(start_paused = true)]
async fn while_it_updates_options_are_refused_and_the_load_balancer_is_dangerous() {
    let stage = Stage::undisturbed(SCENARIO);
    let deploy = stage.deploy("web", "v2").await;
    assert_applied(&stage.perform(&deploy).await);
    let terrain = Terrain::read(&stage, "web").await;
    let wishes = &[("deregistration_delay.timeout_seconds", "60")];
    let refused = terrain.plan(wishes, None).unwrap();
    assert_eq!(refused.refusal, Some(Refusal::NotReady { status: EnvironmentStatus::Updating }));
    let dangerous = terrain.plan(wishes, Some(Route::Elb)).unwrap();
    assert_eq!((dangerous.refusal.clone(), dangerous.is_dangerous()), (None, true), "{:?}", dangerous.dangers);
    assert_applied(&stage.change(&dangerous).await);
}

#[tokio::test(start_paused = true)]
async fn while_traffic_is_divided_listeners_and_stickiness_are_left_alone() {
    let option = r#"options = { "aws:elasticbeanstalk:command/DeploymentPolicy" = "TrafficSplitting" }"#;
    let certificate = "certificate = \"cert\"\n";
    let scenario = SCENARIO.replacen(certificate, &format!("{certificate}{option}\n"), 1);
    assert_ne!(scenario, SCENARIO);
    let stage = Stage::undisturbed(&scenario);
    let deploy = stage.deploy("web", "v2").await;
    assert_applied(&stage.perform(&deploy).await);
    let terrain = Terrain::read(&stage, "web").await;
    let refusal = |wishes: &[(&str, &str)]| terrain.plan(wishes, Some(Route::Elb)).unwrap().refusal;
    assert_eq!(refusal(&[("stickiness.enabled", "true")]), Some(Refusal::Splitting));
    assert_eq!(
        refusal(&[("listener:443:ssl_policy", "ELBSecurityPolicy-TLS13-1-2-2021-06")]),
        Some(Refusal::Splitting)
    );
    assert_eq!(refusal(&[("deregistration_delay.timeout_seconds", "60")]), None);
}

#[tokio::test(start_paused = true)]
async fn for_what_is_refused_nothing_is_read() {
    let stage = Stage::undisturbed(SCENARIO);
    let plan = Terrain::read(&stage, "web").await.plan(&[("health_check.path", "/x")], Some(Route::Elb)).unwrap();
    assert!(plan.is_dangerous());
    let before = stage.world.calls().len();
    let confirmation = |read_only, production| Confirmation { read_only, production, ..Confirmation::default() };
    for (confirmation, expected) in [
        (confirmation(true, false), Refusal::ReadOnly),
        (confirmation(false, true), Refusal::NotConfirmed { name: "web".into() }),
    ] {
        let now = || stage.now();
        let written = stage.writer(&now).perform(&Operation::from(&plan), &confirmation).await;
        assert_eq!(written.id.is_some(), expected.is_protection(), "only a protection that stopped it is recorded");
        assert_eq!(written.outcome, Outcome::Refused(expected));
    }
    std::fs::remove_dir_all(stage.folder.path().join("beanpole")).unwrap();
    std::fs::write(stage.folder.path().join("beanpole"), "").unwrap();
    assert!(matches!(stage.change(&plan).await.outcome, Outcome::Refused(Refusal::NoAudit { .. })));
    assert_eq!(stage.world.calls().len(), before);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_proven_for_want_of_permission_says_which() {
    let stage = Stage::undisturbed(SCENARIO);
    let plan = Terrain::read(&stage, "web").await.plan(&[("stickiness.enabled", "true")], Some(Route::Elb)).unwrap();
    let deny = |actions: &[&str]| {
        let deny = actions.iter().map(|it| (*it).to_owned()).collect();
        stage.world.set_faults(Faults { deny, ..Faults::none() });
    };
    deny(&["elasticloadbalancing:DescribeTags", "autoscaling:DescribeAutoScalingGroups"]);
    let written = stage.change(&plan).await;
    let Outcome::Failed(fault) = &written.outcome else { panic!("{written:?}") };
    assert_eq!((fault.kind(), fault.operation()), (FaultKind::Denied, "DescribeTags"));
    // One of the two proves it.
    deny(&["elasticloadbalancing:DescribeTags", "elasticbeanstalk:DescribeConfigurationSettings"]);
    assert_applied(&stage.change(&plan).await);
}
