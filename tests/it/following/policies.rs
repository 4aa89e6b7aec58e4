//! Each deployment policy, seen from outside: its phases, what runs where, and the verdict.

use beanpole::deploy::{Happening, LaneState, PhaseStep, VerdictKind, Watch};
use beanpole::sim::Scenario;

use super::followed_to_the_end;
use crate::support::deploy::Trace;

/// A rolling deploy's scenario with these options instead.
fn with_options(options: &str) -> Scenario {
    let text = include_str!("../../../assets/scenarios/rolling.toml");
    let (before, rest) = text.split_once("[environment.options]\n").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    Scenario::from_toml("rolling", &format!("{before}[environment.options]\n{options}\n\n{after}")).unwrap()
}

fn policy(name: &str) -> String {
    format!("\"aws:elasticbeanstalk:command/DeploymentPolicy\" = \"{name}\"\n")
}

/// The steps that it went through, each once in a row.
fn steps(trace: &Trace) -> Vec<PhaseStep> {
    let phases = trace.happened.iter().filter_map(|(_, it)| match &it.what {
        Happening::Phase(phase) => Some(phase.step),
        _ => None,
    });
    let mut steps: Vec<_> = phases.collect();
    steps.dedup();
    steps
}

fn reported(trace: &Trace) -> String {
    let lines = trace.happened.iter().filter_map(|(at, it)| match &it.what {
        Happening::Event(it) => Some(format!("{at:?} {:?} {}", it.at, it.message)),
        Happening::Phase(it) => Some(format!("{at:?} {}", it.words())),
        Happening::Verdict(it) => Some(format!("{at:?} {} {:?}", it.words(), it.reasons)),
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_the_same(watch: &Watch) -> bool {
    matches!(watch.verdict().kind, VerdictKind::Same) && watch.is_over()
}

#[tokio::test(start_paused = true)]
async fn rolling() {
    let trace = followed_to_the_end(Scenario::embedded("rolling").unwrap(), "orders-web-prod").await;
    let cycle = [PhaseStep::Batch, PhaseStep::HealthWait];
    let expected: Vec<_> =
        [PhaseStep::Validating].into_iter().chain(cycle.into_iter().cycle().take(6)).chain([PhaseStep::Done]).collect();
    assert_eq!(steps(&trace), expected, "{}", reported(&trace));
    let watch = &trace.watch;
    assert_eq!(watch.phase().batches, Some(3));
    assert_eq!(watch.versions().words(), "v41 → v42");
    assert!(watch.versions().instances.iter().all(|it| it.version.as_deref() == Some("v42") && it.is_deployed()));
    let life = [LaneState::Healthy, LaneState::Draining, LaneState::Gone];
    assert_eq!(watch.lanes().len(), 6);
    for lane in watch.lanes().iter() {
        let states: Vec<_> = lane.runs().map(|run| run.state).collect();
        assert!(states.starts_with(&life) && lane.state() == LaneState::Healthy, "{states:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_at_once() {
    let trace = followed_to_the_end(with_options(&policy("AllAtOnce")), "orders-web-prod").await;
    assert_eq!(steps(&trace), [PhaseStep::Validating, PhaseStep::Batch, PhaseStep::Done], "{}", reported(&trace));
    assert!(is_the_same(&trace.watch), "{}", reported(&trace));
    // The load balancer's errors while everything restarts are counted and shown, and are no harm.
    let notes = &trace.watch.verdict().reasons;
    assert!(notes.iter().any(|it| it.words.starts_with("during the update")), "{notes:?}");
}

#[tokio::test(start_paused = true)]
async fn rolling_with_an_additional_batch() {
    let size = "\"aws:elasticbeanstalk:command/BatchSizeType\" = \"Fixed\"\n\"aws:elasticbeanstalk:command/BatchSize\" = \"2\"";
    let options = policy("RollingWithAdditionalBatch") + size;
    let trace = followed_to_the_end(with_options(&options), "orders-web-prod").await;
    assert!(is_the_same(&trace.watch), "{}", reported(&trace));
    assert_eq!(trace.watch.phase().batches, Some(4));
    assert_eq!(trace.watch.lanes().iter().filter(|lane| lane.is_new).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn immutable() {
    let trace = followed_to_the_end(Scenario::embedded("immutable").unwrap(), "media-api-prod").await;
    let reported = reported(&trace);
    assert!(
        steps(&trace).starts_with(&[PhaseStep::Validating, PhaseStep::Launching, PhaseStep::HealthWait]),
        "{reported}"
    );
    assert!(steps(&trace).ends_with(&[PhaseStep::Retiring, PhaseStep::Done]), "{reported}");
    assert!(is_the_same(&trace.watch), "{reported}");
    let watch = &trace.watch;
    assert_eq!(watch.lanes().iter().filter(|lane| lane.is_new && lane.state() == LaneState::Healthy).count(), 4);
    assert_eq!(watch.lanes().iter().filter(|lane| !lane.is_new && lane.state() == LaneState::Gone).count(), 4);
    assert_eq!(watch.versions().words(), "2.4 → 2.5");
}

#[tokio::test(start_paused = true)]
async fn traffic_splitting() {
    let trace = followed_to_the_end(Scenario::embedded("traffic-splitting").unwrap(), "search-web-prod").await;
    let splits: Vec<_> = trace
        .happened
        .iter()
        .filter_map(|(_, it)| match &it.what {
            Happening::Phase(phase) => phase.split.clone().map(|split| (phase.since, split)),
            _ => None,
        })
        .collect();
    let (since, split) = splits.first().unwrap_or_else(|| panic!("{}", reported(&trace)));
    assert_eq!(split.new_percent, 10);
    let lasts = split.until.since(*since).as_secs();
    assert!((240..=300).contains(&lasts), "{lasts}");
    assert!(splits.iter().any(|(_, split)| split.weights.len() == 2), "{splits:?}");
    assert!(is_the_same(&trace.watch), "{}", reported(&trace));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_never_becomes_healthy() {
    let trace = followed_to_the_end(Scenario::embedded("stuck-deploy").unwrap(), "parcel-web-prod").await;
    assert_eq!(trace.watch.verdict().kind, VerdictKind::Failed, "{}", reported(&trace));
    assert!(trace.worse(true).is_some(), "unhealthy targets are an early signal: {}", reported(&trace));
}

#[tokio::test(start_paused = true)]
async fn somebody_aborts_it() {
    let text = include_str!("../../../assets/scenarios/rolling.toml")
        .replace("at = \"20s\"", "at = \"20s\"\naborted = \"4m30s\"");
    let trace = followed_to_the_end(Scenario::from_toml("rolling", &text).unwrap(), "orders-web-prod").await;
    let verdict = trace.watch.verdict();
    assert_eq!(verdict.kind, VerdictKind::Aborted, "{}", reported(&trace));
    assert!(verdict.reasons.iter().any(|it| it.words.contains("several versions run")), "{verdict:?}");
}
