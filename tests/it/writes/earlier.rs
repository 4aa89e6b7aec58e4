//! The journal that the build before this engine wrote: it is shown, what is unfinished in it is looked up and can be gone
//! on with, and what was applied can be undone.

use beanpole::change::{Confirmation, Next, OperationKind, Outcome, StepProgress};
use beanpole::model::ScopeId;
use beanpole::write::{Entry, unfinished};

use super::https::SCENARIO;
use super::stage::{Stage, wait};
use super::terrain::Terrain;
use crate::support::somebody;

/// Written by version 0.1.0 on this region: settings by both routes and their undo, two settings by `elb`, a deployment, a
/// scaling that was a conflict; then a rollback that had aborted, HTTPS after its first step, a change of settings not
/// sent, and a deploy that was, none of which has an end.
const JOURNAL: &str = include_str!("../fixtures/journal-0.1.0.jsonl");

const MORE: &str = concat!(
    environment!("api"),
    environment!("plain"),
    environment!("cut"),
    environment!("sent"),
    environment!("back", instances = 2)
);

/// The region as it was left, with that journal.
fn stage() -> Stage {
    let stage = Stage::undisturbed(&format!("{SCENARIO}{MORE}"));
    std::fs::create_dir_all(stage.path().parent().unwrap()).unwrap();
    std::fs::write(stage.path(), JOURNAL).unwrap();
    stage
}

fn entry(stage: &Stage, environment: &str) -> Entry {
    stage.entries().into_iter().rfind(|entry| entry.environment == environment).unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_is_shown_with_its_kinds_changes_steps_and_ends() {
    let stage = stage();
    let shown: Vec<_> = stage
        .entries()
        .iter()
        .map(|it| {
            let steps: Vec<_> =
                it.steps.iter().map(|it| format!("{}:{}", it.step, it.outcome.as_deref().unwrap_or("-"))).collect();
            let keys: Vec<_> = it.changes.iter().map(|it| it.key.as_str()).collect();
            let outcome = it.outcome.as_deref().unwrap_or("-");
            format!("{} {} {} {outcome} [{}] {}", it.kind, it.environment, it.route, keys.join(" "), steps.join(" "))
        })
        .collect();
    insta::assert_snapshot!("earlier", shown.join("\n"));
    let entries = stage.entries();
    assert_eq!(entries[0].undone_by.as_ref(), Some(&entries[1].id));
}

#[tokio::test(start_paused = true)]
async fn what_has_no_end_is_looked_up() {
    let stage = stage();
    let open: Vec<_> =
        unfinished(&stage.log).unwrap().into_iter().map(|it| (it.entry.environment, it.is_running)).collect();
    assert_eq!(open, ["back", "web", "cut", "sent"].map(|name| (name.to_owned(), false)));
    // The one was never sent. The other was: as after the crash, its update is in progress.
    let body = "Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName=sent&VersionLabel=v2";
    wait(600).await;
    assert_eq!(somebody::answer(&stage.world, "elasticbeanstalk", body).status, 200);
    let now = || stage.now();
    for (name, expected) in [("cut", "failed"), ("sent", "applied")] {
        let settled = Box::pin(stage.writer(&now).settle(&entry(&stage, name))).await.unwrap();
        assert_eq!(settled.outcome.word(), expected, "{name}: {settled:?}");
        assert_eq!(entry(&stage, name).outcome.as_deref(), Some(expected), "{name}");
    }
    assert_eq!(stage.writes(), 1, "looking it up writes nothing");
    for name in ["back", "web"] {
        assert_eq!(Box::pin(stage.writer(&now).settle(&entry(&stage, name))).await, None, "{name} has several steps");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_and_https_are_gone_on_with_where_they_were() {
    let stage = stage();
    let now = || stage.now();
    // The state in which the journal left it: v2 on a part of the instances, and aborted.
    let on = |action: &str| format!("Action={action}&Version=2010-12-01&EnvironmentName=back");
    let update = format!("{}&VersionLabel=v2", on("UpdateEnvironment"));
    assert_eq!(somebody::answer(&stage.world, "elasticbeanstalk", &update).status, 200);
    wait(120).await;
    assert_eq!(somebody::answer(&stage.world, "elasticbeanstalk", &on("AbortEnvironmentUpdate")).status, 200);
    wait(600).await;
    let mut back = entry(&stage, "back").operation(ScopeId(0)).unwrap();
    assert_eq!(
        (back.kind, &back.steps[0].progress, &back.steps[1].progress),
        (OperationKind::Rollback, &StepProgress::Done, &StepProgress::Waiting)
    );
    let observed = stage.state("back").await;
    assert_eq!(back.next(&observed), Next::Do(1));
    let written = Box::pin(stage.writer(&now).advance(&mut back, &observed, &Confirmation::default())).await.unwrap();
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    assert_eq!(entry(&stage, "back").outcome.as_deref(), Some("applied"));
    let https = entry(&stage, "web").operation(ScopeId(0)).unwrap();
    let progress: Vec<_> = https.steps.iter().map(|step| (step.work.name(), step.progress.clone())).collect();
    let expected = [
        ("listener", StepProgress::Done),
        ("rule", StepProgress::Begun),
        ("probe", StepProgress::Waiting),
        ("redirect", StepProgress::Waiting),
    ];
    assert_eq!(progress, expected);
    assert_eq!(https.setup.as_ref().unwrap().made.len(), 1, "the listener's ARN is kept");
    assert_eq!(https.next(&stage.state("web").await), Next::LookUp(1));
    let back: Vec<_> = https.back().unwrap().steps.iter().map(|step| step.work.name()).collect();
    assert_eq!(back, ["rule", "listener"], "what may have been sent is taken back as well");
}

#[tokio::test(start_paused = true)]
async fn what_it_applied_is_undone() {
    let stage = stage();
    // The state in which the journal left it.
    let body = "Action=ModifyLoadBalancerAttributes&Version=2015-12-01&Attributes.member.1.Key=idle_timeout.timeout_seconds&\
                Attributes.member.1.Value=98&LoadBalancerArn=";
    let balancer = Terrain::read(&stage, "api").await.basis().load_balancer().unwrap().id.to_string();
    let body = format!("{body}{}", balancer.replace(':', "%3A").replace('/', "%2F"));
    assert_eq!(somebody::answer(&stage.world, "elasticloadbalancing", &body).status, 200);
    let entries = stage.entries();
    let past = entries.iter().rfind(|it| it.environment == "api").unwrap().past(ScopeId(0)).unwrap();
    let plan = beanpole::change::undo(&Terrain::read(&stage, "api").await.basis(), &past).unwrap();
    let written = stage.change(&plan).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    assert_eq!(Terrain::read(&stage, "api").await.live("idle_timeout.timeout_seconds"), "60");
    let undone = stage.entries().into_iter().find(|it| it.id == *past.id).unwrap();
    assert_eq!(undone.undone_by.as_deref(), written.id.as_deref());
}
