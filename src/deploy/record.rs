//! The report of a watch as one JSON object, for a pipeline's artifacts.

use serde_json::{Value, json};

use super::watch::{Happened, Happening, Watch};
use crate::model::{Moment, resource_name};

/// The report of a watch, finished or under way: times in RFC 3339, UTC.
#[must_use]
pub fn record(watch: &Watch, now: Moment) -> Value {
    let verdict = Happened { at: now, what: Happening::Verdict(watch.verdict().clone()) };
    let events = watch.events().map(|event| Happened { at: event.at, what: Happening::Event(event.clone()) });
    let minutes = watch.minutes().iter().map(|minute| Happened { at: now, what: Happening::Metrics(*minute) });
    let phase = |mark: &super::Mark| json!({"at": mark.at.0, "phase": mark.step.as_str(), "batch": mark.batch});
    json!({
        "environment": watch.environment().name,
        "environment_id": watch.environment().key.id,
        "kind": watch.kind().as_str(),
        "removes": watch.removes(),
        "from": watch.versions().before,
        "to": watch.versions().requested,
        "policy": watch.rollout().map(|rollout| rollout.policy.as_str()),
        "started": watch.started().0,
        "ended": watch.ended().map(|at| at.0),
        "verdict": verdict,
        "phases": watch.course().marks.iter().map(phase).collect::<Vec<_>>(),
        "targets": watch.lanes().iter().map(lane).collect::<Vec<_>>(),
        "minutes": minutes.collect::<Vec<_>>(),
        "events": events.collect::<Vec<_>>(),
    })
}

fn lane(lane: &super::Lane) -> Value {
    let run = |run: &super::Run| json!({"at": run.from.0, "state": run.state.as_str()});
    json!({
        "target": lane.target,
        "port": lane.port,
        "target_group": resource_name(&lane.group.id),
        "states": lane.runs().map(run).collect::<Vec<_>>(),
    })
}
