//! The why page: which finding comes first, who made which change, and what the trouble followed.

use std::sync::Arc;

use super::objects::{ago, environment, now};
use super::stage::Stage;
use crate::diagnosis::why::EXPLAINS;
use crate::diagnosis::{JournalChange, WhyChangeKind, WhyContext, checks};
use crate::model::TargetState::{Healthy, Unhealthy};
use crate::model::{AlarmEvent, AlarmEventKind, Answer, EnvironmentEvent, HealthColour, HealthStatus, Source};

const ME: &str = "arn:aws:sts::1:assumed-role/admin/me";

fn event(seconds: u64, message: &str, request: Option<&str>) -> EnvironmentEvent {
    let (environment, request_id) = (Some("web".into()), request.map(Into::into));
    EnvironmentEvent { environment, request_id, ..EnvironmentEvent::new(ago(seconds), message) }
}

fn events(stage: &mut Stage, events: Vec<EnvironmentEvent>) {
    stage.put(Source::History(environment()), Answer::Events(events));
}

fn severe(stage: &mut Stage) {
    stage.environment(|it| (it.health_status, it.health) = (Some(HealthStatus::Severe), Some(HealthColour::Red)));
}

fn journal(seconds: u64, what: &str, requests: &[&str]) -> JournalChange {
    let request_ids = requests.iter().map(|id| Arc::from(*id)).collect();
    JournalChange { at: ago(seconds), kind: WhyChangeKind::Own, by: Some(ME.into()), what: what.into(), request_ids }
}

/// What was seen of an environment is on the same axis, and nothing that trouble follows from.
#[test]
fn verdicts_and_alarms_are_among_the_changes_and_no_cause() {
    let mut stage = Stage::new();
    severe(&mut stage);
    let degraded = "Environment health has transitioned from Ok to Severe.";
    events(&mut stage, vec![event(60, degraded, None)]);
    let alarm = super::alarm_cases::errors();
    let changed = |seconds, kind| AlarmEvent { at: Some(ago(seconds)), kind, summary: "OK to ALARM".into() };
    let seen = vec![changed(70, AlarmEventKind::State), changed(65, AlarmEventKind::Configuration)];
    stage.put(Source::AlarmHistory(alarm.key.clone()), Answer::AlarmHistory(alarm.key.clone(), seen));
    let verdict =
        JournalChange { kind: WhyChangeKind::Verdict, by: None, ..journal(90, "verdict worse: v1 → v2", &[]) };
    let page = stage.why(WhyContext { journal: &[verdict], ..WhyContext::default() });
    let found: Vec<_> = page.changes.iter().map(|it| (it.kind.as_str(), it.by.is_some())).collect();
    assert_eq!(found, [("alarm", false), ("verdict", false)]);
    assert!(page.changes[0].what.ends_with(": OK to ALARM"), "{:?}", page.changes);
    assert_eq!(page.trigger, None);
}

#[test]
fn what_explains_names_checks_and_goes_round_in_no_circle() {
    let is_check = |id: &str| checks().any(|check| check.id == id);
    let effects = |id: &str| EXPLAINS.iter().find(|(cause, _)| *cause == id).map_or(&[][..], |(_, effects)| effects);
    for (cause, _) in EXPLAINS {
        let mut reached = vec![*cause];
        for depth in 0..=EXPLAINS.len() {
            reached = reached.iter().flat_map(|id| effects(id)).copied().collect();
            assert!(reached.iter().all(|id| is_check(id)), "{cause}: {reached:?}");
            assert!(depth < EXPLAINS.len() || reached.is_empty(), "{cause} goes round in a circle");
        }
    }
}

#[test]
fn a_cause_comes_before_what_it_explains_however_bad_that_is() {
    let mut stage = Stage::new();
    severe(&mut stage);
    stage.targets(&[Healthy, Unhealthy]);
    stage.attribute("load_balancing.cross_zone.enabled", "false");
    stage.group(|it| it.protocol = Some("HTTPS".into()));
    let page = stage.why(WhyContext::default());
    let order: Vec<_> = page.findings.iter().map(|it| it.check.id).collect();
    let expected = ["health-check-protocol", "failing-target", "environment-health"];
    assert_eq!(order[..3], expected, "{order:?}");
    assert!(order.contains(&"sticky-without-cross-zone"), "{order:?}");
    assert!(page.headline.starts_with("Severe · "), "{}", page.headline);
    assert!(page.headline.contains("it speaks HTTPS on port 80"), "{}", page.headline);
}

#[test]
fn what_cannot_be_the_cause_of_bad_health_is_not_called_one() {
    let mut stage = Stage::new();
    stage.attribute("load_balancing.cross_zone.enabled", "false");
    assert!(stage.why(WhyContext::default()).headline.starts_with("Ok · "));
    severe(&mut stage);
    assert_eq!(stage.why(WhyContext::default()).headline, "Severe · no check explains it");
}

#[test]
fn a_change_is_ours_if_its_request_is_in_the_journal_and_is_there_once() {
    let mut stage = Stage::new();
    let deployed = "New application version was deployed to running EC2 instances.";
    let set = "Successfully deployed new configuration to environment.";
    events(
        &mut stage,
        vec![
            event(60, set, Some("r-2")),
            event(90, "Batch 1: Completed application deployment.", Some("r-1")),
            event(100, deployed, Some("r-1")),
            event(5000, deployed, Some("r-0")),
        ],
    );
    let own = [journal(130, "deploy", &["r-1"]), journal(30, "set: idle_timeout.timeout_seconds 60 -> 300", &["r-9"])];
    let page = stage.why(WhyContext { journal: &own, ..WhyContext::default() });
    let seen: Vec<_> = page.changes.iter().map(|it| (it.kind, it.by.as_deref(), it.what.as_str())).collect();
    assert_eq!(
        seen,
        [
            (WhyChangeKind::Own, Some(ME), "set: idle_timeout.timeout_seconds 60 -> 300"),
            (WhyChangeKind::Settings, None, "option settings changed"),
            (WhyChangeKind::Deploy, Some(ME), "a version was deployed (deploy)"),
            (WhyChangeKind::Deploy, None, "a version was deployed"),
        ]
    );
    assert!(page.changes.iter().all(|it| it.at.is_some_and(|at| at <= now())));
    // It is well: nothing followed from any of it.
    assert_eq!((page.trigger, page.alarms), (None, Some(Vec::new())));
}

#[test]
fn trouble_that_begins_within_half_an_hour_of_a_change_is_said_to_follow_it() {
    let deployed = "New application version was deployed to running EC2 instances.";
    let degraded = "Environment health has transitioned from Ok to Degraded. 1 out of 2 instances are impacted.";
    let severest = "Environment health has transitioned from Degraded to Severe. No data.";
    for (before, expected) in [(60, Some(60)), (1800, Some(1800)), (1801, None)] {
        let mut stage = Stage::new();
        severe(&mut stage);
        events(
            &mut stage,
            vec![event(100, severest, None), event(200, degraded, None), event(200 + before, deployed, None)],
        );
        let page = stage.why(WhyContext::default());
        assert_eq!(page.trigger.map(|it| it.after.as_secs()), expected, "{before}");
        assert!(page.trigger.is_none_or(|it| page.changes[it.change].kind == WhyChangeKind::Deploy));
    }
    // What came after the trouble began is not its cause.
    let mut stage = Stage::new();
    severe(&mut stage);
    events(&mut stage, vec![event(100, deployed, None), event(200, degraded, None)]);
    assert_eq!(stage.why(WhyContext::default()).trigger, None);
}
