//! The next step of an operation, by the record of its steps and the environment's status: tables of both.

mod guards;
mod works;

use std::sync::Arc;

use super::*;
use crate::change::{ChangeRow, ChangeRows, OptionRow};
use crate::model::Key;

fn subject() -> Subject {
    Subject { key: Key::new(ScopeId(0), "e-1"), name: "web".into(), application: "shop".into() }
}

fn state(status: EnvironmentStatus, version: &str, abortable: bool) -> EnvironmentState {
    EnvironmentState { status, version: Some(version.into()), abortable }
}

fn ready() -> EnvironmentState {
    state(EnvironmentStatus::Ready, "v2", false)
}

fn updating() -> EnvironmentState {
    state(EnvironmentStatus::Updating, "v2", true)
}

fn rollback() -> Operation {
    Operation::rollback(subject(), updating(), Some("v2".into()), "v1".into())
}

fn deploy(seen: EnvironmentState) -> Operation {
    Operation::single(subject(), seen, Work::Deploy { version: "v2".into(), replaces: None })
}

/// Returns what is next, in a word with the step's place.
fn next(operation: &Operation, now: &EnvironmentState) -> String {
    match operation.next(now) {
        Next::Do(place) => format!("do {place}"),
        Next::LookUp(place) => format!("look up {place}"),
        Next::Wait => "wait".to_owned(),
        Next::Stopped(place, word) => format!("stopped {place} {word}"),
        Next::Finished => "finished".to_owned(),
    }
}

/// Returns a rollback with these words recorded for its abort and its deployment.
fn recorded(abort: Option<&str>, deploy: Option<&str>) -> Operation {
    let mut operation = rollback();
    for (place, word) in [abort, deploy].into_iter().enumerate() {
        if let Some(word) = word {
            operation.record(place, word, None, None);
        }
    }
    operation
}

#[test]
fn a_rollback_aborts_waits_and_deploys() {
    let aborting = state(EnvironmentStatus::Aborting, "v2", false);
    let still_abortable = state(EnvironmentStatus::Aborting, "v2", true);
    let unabortable = state(EnvironmentStatus::Updating, "v2", false);
    for (abort, deploy, now, expected) in [
        (None, None, &updating(), "do 0"),
        (None, None, &unabortable, "wait"),
        (None, None, &still_abortable, "wait"),
        (None, None, &ready(), "do 1"),
        // The answer that it can be aborted may be older than the abort.
        (Some("applied"), None, &updating(), "wait"),
        (Some("applied"), None, &aborting, "wait"),
        (Some("applied"), None, &ready(), "do 1"),
        // What was begun and not ended is looked up; once the environment is Ready an abort is no matter.
        (Some("begun"), None, &updating(), "look up 0"),
        (Some("begun"), None, &still_abortable, "wait"),
        (Some("begun"), None, &ready(), "do 1"),
        (Some("unsent"), None, &updating(), "do 0"),
        (Some("conflict"), None, &updating(), "do 0"),
        // An abort that came too late stops nothing; one that failed does.
        (Some("refused"), None, &ready(), "do 1"),
        (Some("failed"), None, &updating(), "stopped 0 failed"),
        (Some("applied"), Some("unknown"), &ready(), "look up 1"),
        (Some("applied"), Some("unknown"), &updating(), "look up 1"),
        (None, Some("begun"), &updating(), "look up 1"),
        (Some("applied"), Some("unsent"), &ready(), "do 1"),
        (Some("applied"), Some("conflict"), &ready(), "do 1"),
        (Some("applied"), Some("failed"), &ready(), "stopped 1 failed"),
        (Some("applied"), Some("applied"), &updating(), "finished"),
        (None, Some("unchanged"), &updating(), "finished"),
    ] {
        let operation = recorded(abort, deploy);
        assert_eq!(next(&operation, now), expected, "{abort:?} {deploy:?} {now:?}");
        let is_over = expected == "finished" || expected.starts_with("stopped");
        assert_eq!(operation.is_over(), is_over, "{abort:?} {deploy:?}");
        assert_eq!(operation.has_finished(), expected == "finished", "{abort:?} {deploy:?}");
    }
}

#[test]
fn one_step_is_done_at_once_and_ends_with_whatever_came_of_it() {
    for (word, expected) in [
        (None, "do 0"),
        (Some("begun"), "look up 0"),
        (Some("unknown"), "look up 0"),
        (Some("applied"), "finished"),
        (Some("unchanged"), "finished"),
        (Some("conflict"), "stopped 0 conflict"),
        (Some("refused"), "stopped 0 refused"),
        (Some("partial"), "stopped 0 partial"),
    ] {
        for now in [ready(), updating()] {
            let mut operation = deploy(ready());
            if let Some(word) = word {
                operation.record(0, word, None, None);
            }
            assert_eq!(next(&operation, &now), expected, "{word:?} {now:?}");
        }
    }
}

#[test]
fn a_version_goes_to_an_environment_that_is_ready_and_runs_what_was_shown() {
    let seen = state(EnvironmentStatus::Ready, "v1", false);
    let operation = deploy(seen.clone());
    assert_eq!(operation.objection(), None);
    assert_eq!(operation.as_seen(0, HangsOn::Version, &seen), LookUpVerdict::Pass);
    let later = state(EnvironmentStatus::Updating, "v3", true);
    let refusal = deploy(later.clone()).objection().unwrap();
    assert_eq!(refusal, Refusal::NotReady { status: EnvironmentStatus::Updating });
    let found: Vec<_> = HangsOn::Version.differences(&seen, &later).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["status was Ready and is Updating", "version_label was v1 and is v3"]);
    assert_eq!(HangsOn::Status.differences(&seen, &later).len(), 1);
    assert_eq!(HangsOn::Status.differences(&seen, &state(EnvironmentStatus::Ready, "v3", false)), []);
}

#[test]
fn an_update_that_goes_on_may_be_aborted_whatever_it_says_of_itself() {
    let seen = state(EnvironmentStatus::Updating, "v1", true);
    assert_eq!(HangsOn::Abortable.differences(&seen, &updating()), []);
    assert_eq!(HangsOn::Abortable.differences(&seen, &ready()).len(), 2);
    let late = Operation::single(subject(), ready(), Work::Abort);
    assert!(matches!(late.objection(), Some(Refusal::NothingToAbort { .. })));
}

#[test]
fn the_name_is_wanted_where_it_is_dangerous_and_has_to_be_right_wherever_it_is_given() {
    let confirmation = |production, typed: Option<&str>| Confirmation {
        production,
        typed: typed.map(Arc::from),
        ..Confirmation::default()
    };
    let restart = Operation::single(subject(), ready(), Work::Restart);
    for (operation, production, typed, wanted) in [
        (&deploy(ready()), true, None, true),
        (&deploy(ready()), false, None, false),
        (&deploy(ready()), false, Some("web"), true),
        (&restart, true, None, false),
        (&rollback(), true, None, true),
    ] {
        assert_eq!(
            operation.wants_name(&confirmation(production, typed)),
            wanted,
            "{operation:?} {production} {typed:?}"
        );
    }
}

#[test]
fn a_rollback_calls_an_abort_only_where_there_is_something_to_abort() {
    let names = |operation: Operation| operation.calls().iter().map(ApiCall::operation).collect::<Vec<_>>();
    assert_eq!(names(rollback()), ["AbortEnvironmentUpdate", "UpdateEnvironment"]);
    assert_eq!(names(Operation { seen: ready(), ..rollback() }), ["UpdateEnvironment"]);
    // In the end it is the version that changes.
    let changes: Vec<_> = rollback().changes().into_iter().map(|it| (it.key, it.before, it.after)).collect();
    assert_eq!(changes, [("version_label".to_owned(), Some("v2".to_owned()), Some("v1".to_owned()))]);
    assert_eq!(rollback().precondition(), Some(Guard::VersionExists("v1".into())));
    assert_eq!(deploy(ready()).precondition(), None);
}

#[test]
fn what_another_process_did_counts_but_a_step_to_be_tried_again_is() {
    let mut ours = recorded(Some("failed"), None);
    ours.retry();
    ours.catch_up(recorded(Some("failed"), None));
    assert_eq!(next(&ours, &updating()), "do 0", "a person wants it tried again");
    ours.catch_up(recorded(Some("applied"), Some("applied")));
    assert_eq!(next(&ours, &ready()), "finished");
}

/// An operation survives the journal whole, in another scope.
#[test]
fn every_kind_is_read_back_as_it_was_written() {
    let facts = crate::change::settings::find("deregistration_delay.timeout_seconds").unwrap().facts;
    let option = crate::change::OptionName {
        namespace: "aws:elasticbeanstalk:environment:process:default".into(),
        name: facts.option.unwrap().name,
    };
    let rows = ChangeRows::from(vec![ChangeRow {
        object: crate::change::Object::TargetGroup(Key::new(ScopeId(0), "arn:tg")),
        facts,
        key: facts.key.to_owned(),
        seen: Some("20".into()),
        wanted: Some("90".into()),
        elb: true,
        option: Some(OptionRow { option, seen: None, wanted: Some("90".into()) }),
    }]);
    let sizes = |min, max| crate::change::InstanceLimits { min, max };
    let works = [
        Work::Deploy { version: "v2".into(), replaces: Some("v1".into()) },
        Work::Abort,
        Work::Restart,
        Work::Replace { instance: "i-1".into(), last_of: Some("web".into()) },
        Work::Scale { from: sizes(1, 4), to: sizes(2, 8) },
        Work::Settings(rows),
    ];
    let single = works.map(|work| Operation::single(subject(), ready(), work));
    for operation in single.into_iter().chain([rollback()]) {
        let text = serde_json::to_string(&operation).unwrap();
        let read: Operation = serde_json::from_str(&text).unwrap();
        assert_eq!(read, operation, "{text}");
        let elsewhere = read.within(ScopeId(7));
        assert_eq!(elsewhere.subject.key.scope, ScopeId(7));
        assert!(elsewhere.rows().is_none_or(|rows| rows.target_group().unwrap().scope == ScopeId(7)));
        assert_eq!(elsewhere.calls(), operation.calls(), "{text}");
    }
    // A setting of the journal that is not known is not carried out.
    let strange = r#"{"work":"settings","rows":[{"key":"no.such.key","object":{"target_group":"arn:tg"},"seen":null,
        "wanted":"1","elb":true}],"starts":"at_once"}"#;
    assert!(serde_json::from_str::<Step>(strange).unwrap_err().to_string().contains("no.such.key"));
}
