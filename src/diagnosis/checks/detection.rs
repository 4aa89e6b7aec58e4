//! How long a failing target stays unnoticed, compared with how fast a deployment goes on.

use std::time::Duration;

use crate::deploy::{Policy, Rollout, between_batches};
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Source, TargetGroup, clean};

const SLOWER: Grade = Grade::new(
    FindingSeverity::Info,
    "with IgnoreHealthCheck, if the interval times the unhealthy threshold is longer than the shortest time between two batches \
     of the last rolling update",
);

pub static SLOW_DETECTION: Check = Check {
    id: "health-check-slower-than-batch",
    topic: Topic::HealthCheck,
    inputs: &["Settings", "Events", "TargetGroups", "TargetGroupTags"],
    grades: &[SLOWER],
    needs: "the option settings, the target groups, and events of a rolling update with several batches",
    sentence: "A deployment begins the next batch before the health check can find the last one failing.",
    explanation: "A target counts as unhealthy after as many failed checks in a row as the threshold says. With \
                  IgnoreHealthCheck a batch does not wait until its instances are healthy, so that by then the next one is \
                  replaced too.",
    advice: "Set IgnoreHealthCheck to false, or lower health_check.interval or health_check.unhealthy_threshold, so that their product is below the time that a \
             batch takes.",
};

pub fn slow_detection(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() {
        return;
    }
    let Some(settings) = inputs.settings() else {
        return run.doubted(inputs.reliability.doubt(&Source::Settings(inputs.key().clone())));
    };
    let rollout = Rollout::of(settings);
    // Otherwise a batch ends only when its instances are healthy.
    if !rollout.ignores_health || !matches!(rollout.policy, Policy::Rolling | Policy::RollingWithAdditionalBatch) {
        return;
    }
    let groups = inputs.groups();
    if groups.is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    let name = &inputs.environment.name;
    let own = inputs.inventory().events.iter().filter(|event| event.environment.as_ref() == Some(name));
    let Some(shortest) = between_batches(own).into_iter().min() else {
        run.doubted(inputs.reliability.doubt(&Source::Events(inputs.snapshot.scope)));
        return run.undecided(Why::TooLittle("no rolling update with several batches is among the events"));
    };
    for group in groups {
        let Some(detection) = detection(group).filter(|detection| *detection > shortest) else { continue };
        let words = format!(
            "{} finds a failing target after {} s, and the batches of the last update began {} s apart",
            clean(&group.name),
            detection.as_secs(),
            shortest.as_secs()
        );
        run.found(SLOWER, FindingSubject::TargetGroup(group.key.clone()), words, Vec::new());
    }
}

/// How long a target fails before it counts as unhealthy, at the most.
fn detection(group: &TargetGroup) -> Option<Duration> {
    let check = &group.health_check;
    let seconds = u64::try_from(check.interval?).ok()?.checked_mul(u64::try_from(check.unhealthy_threshold?).ok()?)?;
    Some(Duration::from_secs(seconds))
}
