//! Health checks beside the batches of the last update. The target group is checked every 15 s, and fails after 5 checks.

use super::cases::{Case, DENIED, case};
use super::objects::{SCOPE, ago, environment};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::Info;
use crate::model::{Answer, EnvironmentEvent, Source};

const COMMAND: &str = "aws:elasticbeanstalk:command";

/// Health is ignored, and the batches of the last update began so many seconds apart.
fn batches(stage: &mut Stage, apart: u64, count: u64) {
    let event = |seconds: u64, message: String| EnvironmentEvent {
        environment: Some("web".into()),
        ..EnvironmentEvent::new(ago(seconds), &message)
    };
    let start = event(9_000, "Environment update is starting.".to_owned());
    let batch = |number: u64| {
        let message = format!("Batch {number}: Starting application deployment on instance(s) [i-0c41aabb0011a7f22].");
        event(8_900 - number * apart, message)
    };
    let events = [start].into_iter().chain((1..=count).map(batch)).collect();
    stage.put(Source::Events(SCOPE), Answer::Events(events));
    stage.options(&[(COMMAND, "IgnoreHealthCheck", "true")]);
}

fn policy(stage: &mut Stage, policy: &'static str) {
    stage.options(&[(COMMAND, "DeploymentPolicy", policy)]);
}

/// Each case, by its check.
#[rustfmt::skip]
pub const DETECTION_CASES: &[Case] = &[
    case("health-check-slower-than-batch", "batches 74 s apart", Found(Info), |it| batches(it, 74, 3)),
    case("health-check-slower-than-batch", "batches 75 s apart", Clear, |it| batches(it, 75, 3)),
    case("health-check-slower-than-batch", "batches 74 s apart, and a quicker check", Clear, |it| { batches(it, 74, 3); it.group(|it| it.health_check.unhealthy_threshold = Some(2)); }),
    case("health-check-slower-than-batch", "batches 74 s apart, with an additional batch", Found(Info), |it| { batches(it, 74, 2); policy(it, "RollingWithAdditionalBatch"); }),
    case("health-check-slower-than-batch", "health is waited for", Clear, |it| { batches(it, 74, 3); it.options(&[(COMMAND, "IgnoreHealthCheck", "false")]); }),
    case("health-check-slower-than-batch", "all at once", Clear, |it| { batches(it, 74, 3); policy(it, "AllAtOnce"); }),
    case("health-check-slower-than-batch", "one batch", Undecided, |it| batches(it, 74, 1)),
    case("health-check-slower-than-batch", "settings denied", Undecided, |it| {
        batches(it, 74, 3);
        it.snapshot.inventory.settings.clear();
        it.doubt(Source::Settings(environment()), DENIED);
    }),
];
