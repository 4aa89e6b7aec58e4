//! The CNAMEs of two environments are exchanged: what is sent, what is refused, and the outcome whatever is lost.

use beanpole::change::{Operation, Outcome, Refusal, Work};
use beanpole::model::EnvironmentStatus;

use super::stage::{Fate, LostAnswer, Stage, somebody, wait};

const SCENARIO: &str = scenario!(
    "a blue and a green environment",
    application!("shop", "v1", "v2"),
    environment!("blue", version = "v1", instances = 2),
    environment!("green", version = "v2", instances = 2),
    environment!("red", version = "v1", instances = 1),
);

fn stage() -> Stage {
    Stage::undisturbed(SCENARIO)
}

async fn swap(stage: &Stage, one: &str, other: &str) -> Operation {
    Operation::swap(&stage.environment(one).await, &stage.environment(other).await).unwrap()
}

async fn cnames(stage: &Stage) -> [String; 2] {
    let cname = async |name| stage.environment(name).await.cname.unwrap().to_string();
    [cname("blue").await, cname("green").await]
}

/// Another client does something.
fn another(stage: &Stage, body: &str) {
    let body = format!("Action={body}&Version=2010-12-01");
    let answer = somebody::answer(&stage.world, "elasticbeanstalk", &body);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
}

#[tokio::test(start_paused = true)]
async fn both_are_updating_and_then_ready_with_each_others_cname() {
    let stage = stage();
    let before = cnames(&stage).await;
    let operation = swap(&stage, "blue", "green").await;
    let written = stage.perform(&operation).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    let Work::Swap(it) = &operation.steps[0].work else { panic!() };
    let ids = [("DestinationEnvironmentId", &it.other.key.id), ("SourceEnvironmentId", &operation.subject.key.id)];
    let ids: Vec<_> = ids.iter().map(|(name, id)| ((*name).to_owned(), id.to_string())).collect();
    assert_eq!(stage.hand.sent(), [ids]);
    for name in ["blue", "green"] {
        assert_eq!(stage.state(name).await.status, EnvironmentStatus::Updating, "{name}");
    }
    assert_eq!(stage.state("red").await.status, EnvironmentStatus::Ready);
    assert_eq!(cnames(&stage).await, before, "not at once");
    wait(30).await;
    let [first, second] = before;
    assert_eq!(cnames(&stage).await, [second.clone(), first.clone()]);
    assert_eq!(stage.state("blue").await.status, EnvironmentStatus::Ready);
    assert_eq!(stage.state("green").await.version.as_deref(), Some("v2"), "the versions stay where they are");
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!(
        (entry.kind.as_str(), entry.outcome.as_deref(), entry.can_be_undone()),
        ("swap", Some("applied"), false)
    );
    assert_eq!(entry.changes[0].key, "cname:blue");
    // A second swap reverses it.
    assert_eq!(stage.perform(&swap(&stage, "green", "blue").await).await.outcome, Outcome::Applied);
    wait(30).await;
    assert_eq!(cnames(&stage).await, [first, second]);
}

#[tokio::test(start_paused = true)]
async fn what_changed_since_it_was_confirmed_is_a_conflict_or_refused_and_nothing_is_sent() {
    let update = "UpdateEnvironment&EnvironmentName=green&VersionLabel=v1";
    let exchange = |one: &str, other: &str| {
        format!("SwapEnvironmentCNAMEs&SourceEnvironmentName={one}&DestinationEnvironmentName={other}")
    };
    for (body, pause, words) in [
        (update.to_owned(), 1, "green is Updating, and takes an exchange only while it is Ready"),
        (exchange("green", "red"), 30, "the CNAME of green was green.eu-west-1.elasticbeanstalk.com and is red"),
        (exchange("blue", "green"), 1, "status was Ready and is Updating"),
        (exchange("green", "blue"), 30, "the CNAME of blue was blue.eu-west-1.elasticbeanstalk.com and is green"),
    ] {
        let stage = stage();
        let operation = swap(&stage, "blue", "green").await;
        another(&stage, &body);
        wait(pause).await;
        let written = stage.perform(&operation).await;
        let reason = written.outcome.reason().unwrap();
        assert!(reason.contains(words), "{body}: {reason}");
        assert!(
            matches!(written.outcome, Outcome::Conflict(_) | Outcome::Refused(Refusal::Unsuitable { .. })),
            "{body}"
        );
        assert_eq!(stage.hand.sent().len(), 0, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_is_looked_up_and_nothing_is_sent_twice() {
    let lost =
        LostAnswer::ALL.into_iter().flat_map(|answer| [true, false].map(|arrives| Fate::Lost { arrives, answer }));
    let plain = [Fate::AnswerLost, Fate::Silence, Fate::RequestLost, Fate::NoConnection];
    for fate in plain.into_iter().chain(lost) {
        let arrives = matches!(fate, Fate::AnswerLost | Fate::Silence | Fate::Lost { arrives: true, .. });
        let stage = stage();
        let operation = swap(&stage, "blue", "green").await;
        stage.hand.fate(fate);
        let written = stage.perform(&operation).await;
        assert_eq!(matches!(written.outcome, Outcome::Applied), arrives, "{fate:?}: {written:?}");
        assert_eq!(matches!(written.outcome, Outcome::Failed(_)), !arrives, "{fate:?}: {written:?}");
        assert_eq!(stage.calls("SwapEnvironmentCNAMEs"), usize::from(arrives), "{fate:?}");
    }
}

/// A process ends before its request arrives, or after: the next one finds out what became of it.
#[tokio::test(start_paused = true)]
async fn wherever_a_process_ends_the_next_one_finds_out_what_became_of_it() {
    for (fate, seconds, later) in
        [(Fate::Silence, 3, 0), (Fate::Silence, 3, 3_600), (Fate::RequestLost, 1, 0), (Fate::RequestLost, 1, 3_600)]
    {
        let arrives = fate == Fate::Silence;
        let stage = stage();
        let operation = swap(&stage, "blue", "green").await;
        stage.hand.fate(fate);
        let ended = tokio::time::timeout(std::time::Duration::from_secs(seconds), stage.perform(&operation)).await;
        assert!(ended.is_err(), "{fate:?}: {ended:?}");
        wait(later).await;
        let entry = stage.entries().remove(0);
        assert_eq!((entry.kind.as_str(), entry.outcome.as_deref()), ("swap", None));
        let now = || stage.now();
        let settled = stage.writer(&now).settle(&entry).await.unwrap();
        assert_eq!(matches!(settled.outcome, Outcome::Applied), arrives, "{fate:?} {later}: {settled:?}");
        assert_eq!(matches!(settled.outcome, Outcome::Failed(_)), !arrives, "{fate:?} {later}: {settled:?}");
        assert_eq!(stage.calls("SwapEnvironmentCNAMEs"), usize::from(arrives), "{fate:?} {later}");
    }
}
