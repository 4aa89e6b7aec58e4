//! Memory is bounded, however long it runs.

use super::stage::{CALM, Stage, at};
use crate::deploy::PhaseStep;
use crate::model::{EnvironmentStatus, TargetState};

#[test]
fn a_day_of_one_update_fits() {
    let mut stage = Stage::new("Rolling");
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
    for number in 0..1440_i64 {
        let second = 60 + number * 60;
        let batch = number / 10 + 1;
        stage
            .event(second, &format!("Batch {batch}: Starting application deployment on instance(s) [i-{number:08x}]."));
        stage.event_of(second + 5, &format!("Environment health has transitioned from Ok to Info. {number}"), None);
        let id = format!("i-{number:08x}");
        let turned = if number % 2 == 0 { TargetState::Healthy } else { TargetState::Draining };
        stage.targets(&[(id.as_str(), turned.clone()), ("i-00000001", turned)]);
        stage.minutes(number..number + 1, CALM);
        // Only what is recent is read again.
        stage.gap(-50..number - 60);
        stage.look(second + 10);
    }
    let watch = &stage.watch;
    assert!(watch.events().count() <= 500 && watch.lanes().len() <= 1000);
    assert!(watch.lanes().iter().all(|lane| lane.runs().count() <= 64));
    assert!(watch.minutes().iter().count() <= 240 && watch.course().marks.len() <= 256);
    assert!(watch.course().updated.len() <= 1000);
    assert_eq!((watch.phase().step, watch.started()), (PhaseStep::Batch, at(20)));
    let first = watch.minutes().iter().next().unwrap();
    assert_eq!(first.at, at(-600), "the baseline is kept");
}
