//! How many batches there are, and when the last one ended.

use super::stage::{CALM, Stage};
use super::verdicts::deploy;
use crate::deploy::PhaseStep;
use crate::model::EnvironmentStatus;

/// Returns the number of batches shown once the first has begun on these of four instances, with this batch size.
fn batches(size: &str, instances: &str) -> Option<u32> {
    let options = [("DeploymentPolicy", "Rolling"), ("BatchSizeType", "Fixed"), ("BatchSize", size)];
    let mut stage = Stage::with_options(&options);
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").all_on("v1", 1);
    stage.look(30);
    let starting = format!("Batch 1: Starting application deployment on instance(s) [{instances}].");
    stage.event(30, &starting).look(40);
    stage.watch.phase().batches
}

#[test]
fn the_first_batch_tells_more_than_the_settings() {
    let two = "i-00000001, i-00000002";
    assert_eq!(batches("2", two), Some(2));
    assert_eq!(batches("1", two), Some(2), "the settings were changed since: what Beanstalk does counts");
    assert_eq!(batches("4", "i-00000001"), Some(4));
    assert_eq!(batches("1", ""), Some(4), "nothing follows from a batch without instances");
}

#[test]
fn the_end_is_when_beanstalk_says_and_not_when_we_looked() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    deploy(&mut stage);
    stage.look(400);
    let phase = stage.watch.phase();
    assert_eq!((phase.step, Some(phase.since)), (PhaseStep::Done, stage.watch.ended()));
}
