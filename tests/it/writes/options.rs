//! Options that are no settings of the table, and environment properties: what is sent, what is kept, and how a lost answer
//! is found.

use std::time::Duration;

use beanpole::change::{HiddenValue, Operation, OptionEdit, OptionEdits, OptionValue, Outcome, PROPERTIES, Work};
use beanpole::model::{ChangeSeverity, EnvironmentStatus};

use super::stage::{Fate, Stage, wait};
use crate::support::somebody;

const SCENARIO: &str = scenario!(
    "two environments whose options are changed",
    application!("shop", "v1", "v2"),
    environment!(
        "web",
        instances = 4,
        options = { "aws:elasticbeanstalk:application:environment/API_KEY" = "CANARY-before" },
    ),
);

const COMMAND: &str = "aws:elasticbeanstalk:command";
const AFTER: &str = "CANARY-after";

fn stage() -> Stage {
    Stage::undisturbed(SCENARIO)
}

fn edit(namespace: &str, name: &str, seen: Option<OptionValue>, wanted: Option<OptionValue>) -> Work {
    let severity = Some(ChangeSeverity::NoInterruption);
    let edit = OptionEdit { namespace: namespace.into(), name: name.into(), seen, wanted, severity };
    Work::Options(OptionEdits { edits: vec![edit] })
}

fn batch_size(seen: &str, wanted: &str) -> Work {
    let value = |value: &str| Some(OptionValue::Shown(value.into()));
    edit(COMMAND, "BatchSize", value(seen), value(wanted))
}

fn property(seen: Option<&str>, wanted: Option<&str>) -> Work {
    let value = |value: &str| OptionValue::Hidden(HiddenValue::new(value));
    edit(PROPERTIES, "API_KEY", seen.map(value), wanted.map(value))
}

async fn operation(stage: &Stage, work: Work) -> Operation {
    Operation::of(&stage.environment("web").await, work)
}

/// What Beanstalk has of an option now.
fn live(stage: &Stage, name: &str) -> Option<String> {
    let body = "Action=DescribeConfigurationSettings&Version=2010-12-01&ApplicationName=shop&EnvironmentName=web";
    let answer = somebody::ask(&stage.world, "elasticbeanstalk", body);
    let (_, rest) = answer.split_once(&format!("<OptionName>{name}</OptionName>"))?;
    let (option, _) = rest.split_once("</member>")?;
    Some(somebody::between(option, "Value").to_owned()).filter(|_| option.contains("<Value>"))
}

#[tokio::test(start_paused = true)]
async fn an_option_is_set_in_one_update_and_put_back() {
    let stage = stage();
    let written = stage.perform(&operation(&stage, batch_size("34", "50")).await).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    assert_eq!(written.observed.unwrap().status, EnvironmentStatus::Updating);
    let sent = stage.hand.sent().remove(0);
    let values: Vec<_> = sent.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(&values[1..], [COMMAND, "BatchSize", "50"], "{sent:?}");
    wait(120).await;
    assert_eq!(live(&stage, "BatchSize").as_deref(), Some("50"));
    let entry = stage.entries().remove(0);
    let back = entry.operation(stage.session.scope).unwrap().back().unwrap();
    assert_eq!(back.undoes.as_deref(), Some(entry.id.as_str()));
    assert_eq!(stage.perform(&back).await.outcome, Outcome::Applied);
    wait(120).await;
    assert_eq!(live(&stage, "BatchSize").as_deref(), Some("34"));
    assert_eq!(stage.entries()[0].undone_by.as_deref(), Some(stage.entries()[1].id.as_str()));
    // What another client has set since is a conflict.
    let late = stage.perform(&back).await;
    assert_eq!(
        late.outcome.reason().unwrap(),
        format!("nothing was written, because {COMMAND}:BatchSize was 50 and is 34 (34 was wanted)")
    );
}

#[tokio::test(start_paused = true)]
async fn what_beanstalk_does_not_take_is_not_sent_and_a_hidden_value_is_not_repeated() {
    let stage = stage();
    let wrong = operation(&stage, batch_size("34", "20000")).await;
    let written = stage.perform(&wrong).await;
    assert!(written.outcome.reason().unwrap().contains("greater than maximum allowed value"), "{written:?}");
    let long = "CANARY".repeat(1000);
    let written = stage.perform(&operation(&stage, property(Some("CANARY-before"), Some(&long))).await).await;
    let reason = written.outcome.reason().unwrap();
    assert!(reason.contains("longer than maximum allowed length") && reason.contains("'******'"), "{reason}");
    assert_eq!(stage.writes(), 0);
    let idle = operation(&stage, batch_size("34", "34")).await;
    assert_eq!(stage.perform(&idle).await.outcome, Outcome::Unchanged);
    assert!(!std::fs::read_to_string(stage.path()).unwrap().contains("CANARY"));
}

#[tokio::test(start_paused = true)]
async fn a_property_is_set_and_only_its_hash_is_kept() {
    let stage = stage();
    let set = operation(&stage, property(Some("CANARY-before"), Some(AFTER))).await;
    assert!(!format!("{set:?}").contains("CANARY"));
    assert_eq!(stage.perform(&set).await.outcome, Outcome::Applied);
    wait(180).await;
    assert_eq!(live(&stage, "API_KEY").as_deref(), Some(AFTER));
    let journal = std::fs::read_to_string(stage.path()).unwrap();
    assert!(journal.contains("API_KEY") && !journal.contains("CANARY"), "{journal}");
    let entry = stage.entries().remove(0);
    assert!(!entry.can_be_undone() && entry.operation(stage.session.scope).unwrap().back().is_none());
    // The value is another one than was read.
    let late = stage.perform(&set).await;
    let reason = late.outcome.reason().unwrap();
    assert_eq!(
        reason,
        format!("nothing was written, because {PROPERTIES}:API_KEY was as it was read and is another value")
    );
    assert_eq!(stage.perform(&operation(&stage, property(Some(AFTER), None)).await).await.outcome, Outcome::Applied);
    wait(180).await;
    assert_eq!(live(&stage, "API_KEY"), None);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_is_looked_up_by_values_and_hashes() {
    for fate in [Fate::AnswerLost, Fate::Silence, Fate::RequestLost] {
        for work in [batch_size("34", "50"), property(Some("CANARY-before"), Some(AFTER)), property(None, Some(AFTER))]
        {
            let stage = stage();
            if matches!(&work, Work::Options(edits) if edits.edits[0].seen.is_none()) {
                let removed = operation(&stage, property(Some("CANARY-before"), None)).await;
                assert_eq!(stage.perform(&removed).await.outcome, Outcome::Applied);
                wait(300).await;
            }
            let request = operation(&stage, work).await;
            let before = stage.hand.sent().len();
            stage.hand.fate(fate);
            let written = stage.perform(&request).await;
            let arrives = fate != Fate::RequestLost;
            assert_eq!(matches!(written.outcome, Outcome::Applied), arrives, "{fate:?}: {written:?}");
            assert_eq!(matches!(written.outcome, Outcome::Failed(_)), !arrives, "{fate:?}: {written:?}");
            assert_eq!(stage.hand.sent().len(), before + 1, "{fate:?}");
        }
    }
}

/// A process ended between the line and the answer: the next one finds out the outcome, and of a hidden value by its key.
#[tokio::test(start_paused = true)]
async fn what_was_left_without_an_end_is_settled() {
    for (work, has_key, expected) in [
        (batch_size("34", "50"), true, "applied"),
        (property(Some("CANARY-before"), Some(AFTER)), true, "applied"),
        (property(Some("CANARY-before"), Some(AFTER)), false, "unknown"),
    ] {
        let stage = stage();
        let request = operation(&stage, work).await;
        stage.hand.fate(Fate::Silence);
        let ended = tokio::time::timeout(Duration::from_secs(5), stage.perform(&request)).await;
        assert!(ended.is_err(), "{ended:?}");
        if !has_key {
            std::fs::remove_file(stage.path().with_file_name("values.key")).unwrap();
        }
        let entry = stage.entries().remove(0);
        let now = || stage.now();
        let settled = stage.writer(&now).settle(&entry).await.unwrap();
        assert_eq!(settled.outcome.word(), expected, "{settled:?}");
    }
}

/// The simulated region honours what was set: instances are replaced, servers restart, the next deploy goes in other batches.
#[tokio::test(start_paused = true)]
async fn what_is_set_has_its_effect() {
    let stage = stage();
    let value = |value: &str| Some(OptionValue::Shown(value.into()));
    let launched = edit("aws:ec2:instances", "InstanceTypes", value("t3.micro"), value("m5.large"));
    let instances = |stage: &Stage| {
        let body = "Action=DescribeEnvironmentResources&Version=2010-12-01&EnvironmentName=web";
        let answer = somebody::ask(&stage.world, "elasticbeanstalk", body);
        let (_, rest) = answer.split_once("<Instances>").unwrap();
        rest.split_once("</Instances>").unwrap().0.to_owned()
    };
    let before = instances(&stage);
    let seen = live(&stage, "InstanceTypes").unwrap();
    let launched = match launched {
        Work::Options(mut edits) => {
            edits.edits[0].seen = Some(OptionValue::Shown(seen.into()));
            Work::Options(edits)
        }
        other => other,
    };
    assert_eq!(stage.perform(&operation(&stage, launched).await).await.outcome, Outcome::Applied);
    wait(1800).await;
    let after = instances(&stage);
    let ids = |text: &str| text.split("<Id>").skip(1).map(|it| it.split('<').next().unwrap().to_owned()).collect();
    let (before, after): (Vec<String>, Vec<String>) = (ids(&before), ids(&after));
    assert_eq!((before.len(), after.len()), (4, 4));
    assert!(before.iter().all(|id| !after.contains(id)), "{before:?} {after:?}");
    let policy = edit(COMMAND, "DeploymentPolicy", value("Rolling"), value("AllAtOnce"));
    assert_eq!(stage.perform(&operation(&stage, policy).await).await.outcome, Outcome::Applied);
    wait(120).await;
    assert_eq!(stage.perform(&stage.deploy("web", "v2").await).await.outcome, Outcome::Applied);
    wait(900).await;
    let events = "Action=DescribeEvents&Version=2010-12-01&EnvironmentName=web&MaxRecords=100";
    let events = somebody::ask(&stage.world, "elasticbeanstalk", events);
    assert!(events.contains("Deploying new version to instance(s)."), "it was deployed to all at once: {events}");
}
