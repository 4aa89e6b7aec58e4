//! The checks just before a step is sent: of instances, limits, mute rules and versions.

use std::sync::Arc;

use super::super::*;
use super::works::{minute, mute, ready, replace, scale, single, sizes, state, subject};
use crate::change::{Instances, Outcome};
use crate::model::{
    ApplicationVersion, AutoScalingGroup, ConfigurationSettings, Fault, FaultKind, Key, OptionSetting, Service, Target,
    TargetState,
};

fn target(id: &str, state: TargetState) -> Target {
    Target { id: id.into(), port: Some(80), availability_zone: None, state, reason: None, description: None }
}

fn instances(healthy: &[&str], leaving: &[&str]) -> Instances {
    let texts = |ids: &[&str]| ids.iter().map(|id| Arc::from(*id)).collect();
    let key = Key::new(ScopeId(0), "arn:aws:x:y:z:targetgroup/web/1");
    let group = AutoScalingGroup {
        key: Key::new(ScopeId(0), "asg"),
        target_groups: vec![key.clone()],
        classic_names: Vec::new(),
        health_check_type: None,
        size: (1, 4, 2),
        instances: texts(&["i-1", "i-2"]),
        leaving: texts(leaving),
        suspended: Vec::new(),
        grace_seconds: None,
    };
    let targets = healthy.iter().map(|id| target(id, TargetState::Healthy)).collect();
    Instances { groups: vec![group], targets: vec![(key, targets)] }
}

/// Describes a verdict in short.
fn said(verdict: &LookUpVerdict) -> String {
    match verdict {
        LookUpVerdict::Pass => "pass".to_owned(),
        LookUpVerdict::Done(_) => "done".to_owned(),
        LookUpVerdict::Wait(refusal) => format!("wait: {refusal}"),
        LookUpVerdict::Stop(outcome) => format!("{}: {}", outcome.word(), outcome.reason().unwrap_or_default()),
    }
}

#[test]
fn an_instance_is_replaced_while_it_is_there_and_others_answer() {
    let operation = single(replace(None));
    let last = "refused: i-1 is the last healthy one of web: without it no instance would serve requests";
    for (instance, healthy, leaving, expected) in [
        ("i-1", &["i-1", "i-2"][..], &[][..], "pass"),
        ("i-1", &["i-1"], &[], last),
        ("i-1", &["i-2"], &[], "pass"),
        (
            "i-1",
            &["i-1", "i-2"],
            &["i-1"],
            "conflict: nothing was written, because instance was i-1 and is being terminated",
        ),
        ("i-9", &["i-1"], &[], "conflict: nothing was written, because instance was i-9 and is gone"),
    ] {
        let verdict = operation.spared(&instance.into(), &instances(healthy, leaving));
        assert_eq!(said(&verdict), expected, "{instance} {healthy:?} {leaving:?}");
    }
}

#[test]
fn sizes_are_sent_while_they_are_as_they_were_seen() {
    let settings = |options: &[(&str, &str, &str)]| {
        let option = |(namespace, name, value): &(&str, &str, &str)| OptionSetting {
            namespace: (*namespace).into(),
            name: (*name).into(),
            value: Some((*value).into()),
        };
        ConfigurationSettings { environment: subject().key, options: options.iter().map(option).collect() }
    };
    let asg = "aws:autoscaling:asg";
    let single_instance = [("aws:elasticbeanstalk:environment", "EnvironmentType", "SingleInstance")];
    for (options, expected) in [
        (&[(asg, "MinSize", "1"), (asg, "MaxSize", "4")][..], "pass"),
        (&[], "pass"),
        (&[(asg, "MaxSize", "6")], "conflict: nothing was written, because MaxSize was 4 and is 6 (8 was wanted)"),
        (&single_instance, "refused: the environment is of the type SingleInstance, which has one instance"),
    ] {
        let verdict = Operation::sized(sizes(1, 4), sizes(2, 8), &settings(options));
        assert_eq!(said(&verdict), expected, "{options:?}");
    }
    let question = single(scale((1, 4), (2, 8))).sizes_question(sizes(1, 4), sizes(2, 8));
    assert_eq!(question.operation(), "ValidateConfigurationSettings");
    let form: Vec<_> = question.form().into_iter().map(|(_, value)| value).collect();
    assert!(
        ["web", "shop", "MinSize", "2", "MaxSize", "8"].iter().all(|it| form.contains(&(*it).to_owned())),
        "{form:?}"
    );
}

#[test]
fn a_rule_that_mutes_is_as_it_was_seen_or_gone_already() {
    let (muting, unmuting) = (
        single(Work::Mute { mute: mute(), replaces: None }),
        single(Work::Unmute { rule: "beanpole-e-1".into(), until: minute(60) }),
    );
    let conflict =
        |seen: &str, now: &str| format!("conflict: nothing was written, because alarms muted was {seen} and is {now}");
    let (at_20, at_60) = (format!("until {}", minute(20)), format!("until {}", minute(60)));
    for (operation, seen, now, expected) in [
        (&muting, None, None, "pass".to_owned()),
        (&muting, Some(minute(20)), Some(minute(20)), "pass".to_owned()),
        (&muting, None, Some(minute(20)), conflict("not", &at_20)),
        (&muting, Some(minute(20)), None, conflict(&at_20, "not")),
        (&muting, Some(minute(20)), Some(minute(60)), conflict(&at_20, &at_60)),
        (&unmuting, Some(minute(60)), Some(minute(60)), "pass".to_owned()),
        (&unmuting, Some(minute(60)), None, "done".to_owned()),
        (&unmuting, Some(minute(60)), Some(minute(20)), conflict(&at_60, &at_20)),
    ] {
        assert_eq!(said(&operation.mute_rule_as_seen(0, seen, now)), expected, "{seen:?} {now:?}");
    }
}

#[test]
fn a_rollback_needs_the_version_that_it_brings_back() {
    let operation = Operation::rollback(subject(), ready(), Some("v2".into()), "v1".into());
    let version = |label: &str| ApplicationVersion {
        application: "shop".into(),
        label: label.into(),
        created: None,
        status: None,
        description: None,
        source: None,
    };
    let fault = Fault {
        kind: FaultKind::Denied,
        service: Service::Beanstalk,
        operation: "DescribeApplicationVersions",
        code: None,
        message: "no".into(),
        details: None,
        request_id: None,
    };
    let listed = [version("v3"), version("v1")];
    assert_eq!(operation.version_exists("v1", Ok(&listed)), LookUpVerdict::Pass);
    for (versions, words) in [
        (Ok(&listed[..1]), "refused: the application shop no longer has the version v1".to_owned()),
        (Ok(&[][..]), "refused: the application shop no longer has the version v1".to_owned()),
        (Err(&fault), format!("refused: whether the version v1 is still there cannot be read: {}", fault.sentence())),
    ] {
        assert_eq!(said(&operation.version_exists("v1", versions)), words);
    }
}

#[test]
fn a_version_is_in_place_of_the_one_that_was_seen() {
    let operation = single(Work::Deploy { version: "v2".into(), replaces: None });
    let other = EnvironmentState { version: None, ..ready() };
    let verdict = operation.as_seen(0, HangsOn::Version, &other);
    assert_eq!(said(&verdict), "conflict: nothing was written, because version_label was v1 and is none");
    let updating = state(EnvironmentStatus::Updating);
    let seen = Operation { seen: updating.clone(), ..operation };
    let verdict = seen.as_seen(0, HangsOn::Version, &updating);
    assert!(matches!(verdict, LookUpVerdict::Stop(Outcome::Refused(Refusal::NotReady { .. }))), "{verdict:?}");
}
