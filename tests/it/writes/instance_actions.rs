//! Restarts, replaced instances, and other limits: what is sent, what is refused, and the results.

use std::sync::Arc;

use beanpole::change::{
    BundleFile, CnameSwap, Confirmation, InstanceLimits, Instances, Mute, NewVersion, Operation, OptionEdits, Outcome,
    Presence, Refusal, Subject, Work,
};
use beanpole::model::{EnvironmentStatus, Key, Moment, ScopeId, Snapshot, Source, TargetState};
use beanpole::sim::Faults;

use super::stage::{Fate, Stage, wait};
use super::terrain::take;

/// Four instances that answer; two of which one will fail; one alone; and one without a load balancer.
const SCENARIO: &str = scenario!(
    "what is done every day",
    application!("shop", "v1", "v2"),
    environment!(
        "web", instances = 4, max_instances = 6,
        options = {
            "aws:elasticbeanstalk:command/DeploymentPolicy" = "Rolling",
            "aws:elasticbeanstalk:command/BatchSizeType" = "Fixed",
            "aws:elasticbeanstalk:command/BatchSize" = "2",
        },
    ),
    environment!("pair", instances = 2, timeline = [{ at = "60s", targets = [2], becomes = "failing", code = 503 }]),
    environment!("alone", instances = 1),
    environment!("single", kind = "single", instances = 1),
);

fn stage() -> Stage {
    Stage::undisturbed(SCENARIO)
}

/// The instances of an environment as they are now.
async fn instances(stage: &Stage, name: &str) -> Instances {
    let environment = stage.environment(name).await;
    let mut snapshot = Snapshot::new(stage.session.scope, stage.now());
    take(stage, &mut snapshot, Source::Resources(environment.key.clone())).await;
    for group in snapshot.inventory.resources[&environment.key].auto_scaling_groups.clone() {
        let key = Key::new(ScopeId(0), group);
        take(stage, &mut snapshot, Source::AutoScalingGroup(key.clone())).await;
        for group in snapshot.inventory.auto_scaling_groups[&key].target_groups.clone() {
            take(stage, &mut snapshot, Source::TargetHealth(group)).await;
        }
    }
    Instances::known(&snapshot.inventory, &environment.key).unwrap()
}

/// How many instances stay, of how many that are wanted at least, at most and now, and how many targets are healthy.
async fn count(stage: &Stage, name: &str) -> (usize, (i32, i32, i32), usize) {
    let instances = instances(stage, name).await;
    let targets = instances.targets.iter().flat_map(|(_, targets)| targets);
    let healthy = targets.filter(|target| target.state == TargetState::Healthy).count();
    (instances.staying().count(), instances.groups[0].size, healthy)
}

async fn request(stage: &Stage, name: &str, work: Work) -> Operation {
    Operation::of(&stage.environment(name).await, work)
}

async fn replace(stage: &Stage, name: &str, place: usize) -> (Operation, Arc<str>) {
    let id = Arc::clone(instances(stage, name).await.staying().nth(place).unwrap());
    (request(stage, name, Work::Replace { instance: Arc::clone(&id), last_of: None }).await, id)
}

fn scale(from: (u32, u32), to: (u32, u32)) -> Work {
    let sizes = |(min, max)| InstanceLimits { min, max };
    Work::Scale { from: sizes(from), to: sizes(to) }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_restart_is_sent_once_and_the_environment_is_ready_again_soon() {
    let stage = stage();
    let restart = request(&stage, "web", Work::Restart).await;
    let written = stage.perform(&restart).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    assert_eq!(written.observed.unwrap().status, EnvironmentStatus::Updating);
    assert_eq!(stage.hand.sent(), [pairs(&[("EnvironmentId", &restart.subject.key.id)])]);
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!((entry.kind.as_str(), entry.changes.len(), entry.can_be_undone()), ("restart", 0, false));
    let again = stage.perform(&restart).await;
    assert_eq!(again.outcome.reason().unwrap(), "nothing was written, because status was Ready and is Updating");
    wait(90).await;
    assert_eq!(stage.state("web").await.status, EnvironmentStatus::Ready);
    assert_eq!(stage.calls("RestartAppServer"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_instance_is_replaced_and_another_takes_its_place() {
    let stage = stage();
    let (request, id) = replace(&stage, "web", 1).await;
    let written = stage.perform(&request).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    assert_eq!(written.observed.unwrap().status, EnvironmentStatus::Ready, "no update of Beanstalk's");
    assert_eq!(stage.hand.sent(), [pairs(&[("InstanceId", &id), ("ShouldDecrementDesiredCapacity", "false")])]);
    let now = instances(&stage, "web").await;
    assert_eq!((now.presence(&id), now.staying().count(), now.groups[0].size.2), (Presence::Leaves, 4, 4));
    assert_eq!(count(&stage, "web").await.2, 3);
    // Once it leaves there is nothing to replace.
    let again = stage.perform(&request).await;
    let Outcome::Conflict(differences) = &again.outcome else { panic!("{again:?}") };
    assert_eq!(differences[0].to_string(), format!("instance was {id} and is being terminated"));
    wait(240).await;
    assert_eq!(count(&stage, "web").await, (4, (2, 6, 4), 4));
    let now = instances(&stage, "web").await;
    assert_eq!(now.presence(&id), Presence::Gone);
    let entries = stage.entries();
    assert_eq!((entries[0].kind.as_str(), entries[0].changes[0].before.as_deref()), ("replace", Some(&*id)));
}

#[tokio::test(start_paused = true)]
async fn the_last_healthy_instance_is_kept_even_if_it_was_not_the_last_when_it_was_confirmed() {
    let stage = stage();
    let (request, id) = replace(&stage, "pair", 0).await;
    // Meanwhile the other one fails its checks.
    wait(300).await;
    let written = stage.perform(&request).await;
    let Outcome::Refused(Refusal::LastHealthy { instance, of }) = &written.outcome else { panic!("{written:?}") };
    assert_eq!(*instance, id);
    assert!(of.starts_with("awseb-"), "{of}");
    assert_eq!(stage.writes(), 0);
    // The one that fails can be spared.
    let (other, _) = replace(&stage, "pair", 1).await;
    assert_eq!(stage.perform(&other).await.outcome, Outcome::Applied);
    let (alone, _) = replace(&stage, "alone", 0).await;
    assert!(matches!(stage.perform(&alone).await.outcome, Outcome::Refused(Refusal::LastHealthy { .. })));
    let (single, _) = replace(&stage, "single", 0).await;
    let written = stage.perform(&single).await;
    let of = |outcome: &Outcome| {
        if let Outcome::Refused(Refusal::LastHealthy { of, .. }) = outcome { Some(of.clone()) } else { None }
    };
    assert_eq!(of(&written.outcome).as_deref(), Some("single"), "without a target group it is the environment's last");
}

#[tokio::test(start_paused = true)]
async fn without_the_health_of_the_targets_nothing_is_replaced() {
    let stage = stage();
    let (request, _) = replace(&stage, "web", 0).await;
    let deny = vec!["elasticloadbalancing:DescribeTargetHealth".to_owned()];
    stage.world.set_faults(Faults { deny, ..Faults::none() });
    let written = stage.perform(&request).await;
    assert!(matches!(written.outcome, Outcome::Failed(_)), "{written:?}");
    assert_eq!(stage.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn other_sizes_are_validated_sent_and_followed_by_the_group() {
    let stage = stage();
    let up = request(&stage, "web", scale((2, 6), (5, 8))).await;
    let written = stage.perform(&up).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    assert_eq!((stage.calls("ValidateConfigurationSettings"), stage.calls("UpdateEnvironment")), (1, 1));
    let option = |place: usize, name: &str, value: &str| {
        let row = |field: &str| format!("OptionSettings.member.{place}.{field}");
        let fields = [("Namespace", "aws:autoscaling:asg"), ("OptionName", name), ("Value", value)];
        fields.map(|(field, value)| (row(field), value.to_owned()))
    };
    let mut expected = pairs(&[("EnvironmentId", &up.subject.key.id)]);
    expected.extend(option(1, "MinSize", "5"));
    expected.extend(option(2, "MaxSize", "8"));
    assert_eq!(stage.hand.sent(), [expected]);
    wait(300).await;
    assert_eq!(stage.state("web").await.status, EnvironmentStatus::Ready);
    assert_eq!(count(&stage, "web").await, (5, (5, 8, 5), 5));
    let down = request(&stage, "web", scale((5, 8), (1, 3))).await;
    assert!(down.is_dangerous && !up.is_dangerous);
    assert_eq!(stage.perform(&down).await.outcome, Outcome::Applied);
    wait(300).await;
    assert_eq!(count(&stage, "web").await, (3, (1, 3, 3), 3));
}

#[tokio::test(start_paused = true)]
async fn sizes_that_someone_else_has_set_are_a_conflict_of_three_values() {
    let stage = stage();
    let late = request(&stage, "web", scale((2, 6), (3, 9))).await;
    assert_eq!(stage.perform(&request(&stage, "web", scale((2, 6), (2, 7))).await).await.outcome, Outcome::Applied);
    wait(120).await;
    let written = stage.perform(&late).await;
    let Outcome::Conflict(differences) = &written.outcome else { panic!("{written:?}") };
    let reported: Vec<_> = differences.iter().map(ToString::to_string).collect();
    assert_eq!(reported, ["MaxSize was 6 and is 7 (9 was wanted)"]);
    assert_eq!(stage.calls("UpdateEnvironment"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_so_already_is_not_written_and_what_has_no_sizes_is_refused() {
    let stage = stage();
    let idle = request(&stage, "web", scale((2, 6), (2, 6))).await;
    let before = stage.world.calls().len();
    let written = stage.perform(&idle).await;
    assert_eq!((written.outcome, written.id), (Outcome::Unchanged, None));
    assert_eq!(stage.world.calls().len(), before);
    assert!(!stage.path().exists());
    let single = request(&stage, "single", scale((1, 1), (1, 2))).await;
    assert_eq!(stage.perform(&single).await.outcome, Outcome::Refused(Refusal::SingleInstance));
    // Options that Beanstalk would reject are validated before anything is sent.
    let wrong = request(&stage, "web", scale((2, 6), (2, 20_000))).await;
    let written = stage.perform(&wrong).await;
    assert!(written.outcome.reason().unwrap().contains("greater than maximum allowed value"), "{written:?}");
    assert_eq!(stage.writes(), 0);
}

/// One of each kind, on `web`.
async fn of_kind(stage: &Stage, kind: &str) -> Operation {
    match kind {
        "restart" => request(stage, "web", Work::Restart).await,
        "replace" => replace(stage, "web", 0).await.0,
        _ => request(stage, "web", scale((2, 6), (2, 7))).await,
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_is_looked_up_and_nothing_is_sent_twice() {
    for fate in [Fate::AnswerLost, Fate::Silence, Fate::RequestLost] {
        let arrives = fate != Fate::RequestLost;
        for kind in ["restart", "replace", "scale"] {
            let stage = stage();
            let request = of_kind(&stage, kind).await;
            stage.hand.fate(fate);
            let written = stage.perform(&request).await;
            assert_eq!(matches!(written.outcome, Outcome::Applied), arrives, "{kind} {fate:?}: {written:?}");
            assert_eq!(matches!(written.outcome, Outcome::Failed(_)), !arrives, "{kind} {fate:?}: {written:?}");
            assert_eq!(stage.hand.sent().len(), 1, "{kind} {fate:?}");
        }
    }
}

/// A process ended between the line and the answer: the next one finds out the outcome.
#[tokio::test(start_paused = true)]
async fn what_was_left_without_an_end_is_settled() {
    for kind in ["restart", "replace", "scale"] {
        let stage = stage();
        let request = of_kind(&stage, kind).await;
        stage.hand.fate(Fate::Silence);
        let ended = tokio::time::timeout(std::time::Duration::from_secs(5), stage.perform(&request)).await;
        assert!(ended.is_err(), "{kind}: {ended:?}");
        let entry = stage.entries().remove(0);
        assert_eq!((entry.kind.as_str(), entry.outcome.as_deref()), (kind, None));
        let now = || stage.now();
        let settled = stage.writer(&now).settle(&entry).await.unwrap();
        assert_eq!(settled.outcome, Outcome::Applied, "{kind}: {settled:?}");
        assert_eq!(stage.entries()[0].outcome.as_deref(), Some("applied"));
    }
}

/// An alarm muted for an hour.
fn mute() -> Mute {
    let alarms = vec!["web-5xx".into()];
    Mute { rule: "beanpole-e-1".into(), description: "test".into(), alarms, from: Moment::EPOCH, minutes: 60 }
}

fn swap() -> CnameSwap {
    let other = Subject { key: Key::new(ScopeId(0), "e-2"), name: "green".into(), application: "shop".into() };
    CnameSwap { other, own_cname: "web.example".into(), other_cname: "green.example".into() }
}

fn new_version() -> NewVersion {
    let file = BundleFile { path: "/nowhere/app.zip".into(), bytes: 3, sha256: "ba7816bf".into() };
    NewVersion::new("shop", "v7", "elasticbeanstalk-eu-west-1-471108151234", file)
}

/// One of each kind. A kind that is missing here does not compile.
fn one_of_each() -> Vec<Work> {
    let all = vec![
        Work::Deploy { version: "v2".into(), replaces: None },
        Work::Abort,
        Work::Restart,
        Work::Replace { instance: "i-1".into(), last_of: None },
        scale((2, 6), (2, 7)),
        Work::Mute { mute: mute(), replaces: None },
        Work::Unmute { rule: "beanpole-e-1".into(), until: Moment::EPOCH },
        Work::CreateAlarms { alarms: Vec::new() },
        Work::DeleteAlarms { alarms: Vec::new() },
        Work::Swap(swap()),
        Work::Options(OptionEdits::default()),
        Work::CreateVersion(new_version()),
    ];
    let number = |work: &Work| match work {
        Work::Deploy { .. } => 0,
        Work::Abort => 1,
        Work::Restart => 2,
        Work::Replace { .. } => 3,
        Work::Scale { .. } => 4,
        Work::Mute { .. } => 5,
        Work::Unmute { .. } => 6,
        Work::CreateAlarms { .. } => 7,
        Work::DeleteAlarms { .. } => 8,
        Work::Swap(_) => 9,
        Work::Options(_) => 10,
        Work::CreateVersion(_) => 11,
        // Planned elsewhere.
        Work::Settings(_) | Work::Https { .. } => 12,
    };
    assert!(all.iter().map(number).eq(0..12));
    all
}

#[tokio::test(start_paused = true)]
async fn read_only_refuses_every_kind_of_write_below_the_screen() {
    let stage = stage();
    for write in one_of_each() {
        let request = request(&stage, "web", write).await;
        let confirmation =
            Confirmation { read_only: true, production: true, typed: Some("web".into()), ..Confirmation::default() };
        let before = stage.world.calls().len();
        let now = || stage.now();
        let written = stage.writer(&now).perform(&request, &confirmation).await;
        assert_eq!(written.outcome, Outcome::Refused(Refusal::ReadOnly), "{request:?}");
        assert_eq!(stage.world.calls().len(), before, "{request:?}: something was called");
    }
    let entries = stage.entries();
    assert_eq!(entries.len(), one_of_each().len());
    assert!(entries.iter().all(|entry| entry.outcome.as_deref() == Some("refused")), "{entries:?}");
}
