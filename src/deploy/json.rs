//! What happened, as the lines that pipelines read.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::impact::ImpactWatch;
use super::minutes::{LATE, Minute};
use super::phase::{Phase, Split};
use super::time_json::time;
use super::verdict::{Verdict, VerdictReason};
use super::watch::{Happened, Happening};
use crate::model::resource_name;

impl Serialize for Happened {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("type", self.what.as_str())?;
        line.serialize_entry("at", &time(self.at))?;
        match &self.what {
            Happening::Event(event) => {
                line.serialize_entry("severity", event.severity.as_str())?;
                line.serialize_entry("environment", &event.environment)?;
                line.serialize_entry("version", &event.version)?;
                line.serialize_entry("message", &event.message)?;
                line.serialize_entry("request_id", &event.request_id)?;
            }
            Happening::Phase(phase) => phase_entries(&mut line, phase)?,
            Happening::Target(change) => {
                line.serialize_entry("target", &change.target)?;
                line.serialize_entry("target_group", resource_name(&change.group.id))?;
                line.serialize_entry("from", &change.from.map(super::LaneState::as_str))?;
                line.serialize_entry("to", change.to.as_str())?;
                line.serialize_entry("reason", &change.reason)?;
            }
            Happening::Metrics(minute) => {
                line.serialize_entry("provisional", &(self.at.since(minute.at) < LATE + super::minutes::MINUTE))?;
                minute_entries(&mut line, minute)?;
            }
            Happening::Verdict(verdict) => verdict_entries(&mut line, verdict)?,
        }
        line.end()
    }
}

impl Happening {
    /// The word of the JSON lines.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Event(_) => "event",
            Self::Phase(_) => "phase",
            Self::Target(_) => "target",
            Self::Metrics(_) => "metrics",
            Self::Verdict(_) => "verdict",
        }
    }
}

fn phase_entries<M: SerializeMap>(line: &mut M, phase: &Phase) -> Result<(), M::Error> {
    line.serialize_entry("phase", phase.step.as_str())?;
    line.serialize_entry("batch", &phase.batch)?;
    line.serialize_entry("batches", &phase.batches)?;
    line.serialize_entry("split", &phase.split)
}

fn minute_entries<M: SerializeMap>(line: &mut M, minute: &Minute) -> Result<(), M::Error> {
    line.serialize_entry("minute", &time(minute.at))?;
    line.serialize_entry("requests", &minute.requests)?;
    line.serialize_entry("target_5xx", &minute.target_5xx)?;
    line.serialize_entry("target_4xx", &minute.target_4xx)?;
    line.serialize_entry("elb_5xx", &minute.elb_5xx)?;
    line.serialize_entry("elb_503", &minute.elb_503)?;
    line.serialize_entry("connection_errors", &minute.connection_errors)?;
    line.serialize_entry("rejected_connections", &minute.rejected)?;
    line.serialize_entry("p99_seconds", &minute.p99)?;
    line.serialize_entry("healthy_minimum", &minute.healthy)?;
    line.serialize_entry("unhealthy_maximum", &minute.unhealthy)
}

fn verdict_entries<M: SerializeMap>(line: &mut M, verdict: &Verdict) -> Result<(), M::Error> {
    line.serialize_entry("verdict", verdict.kind.as_str())?;
    line.serialize_entry("early", &verdict.early)?;
    line.serialize_entry("final", &verdict.is_final)?;
    line.serialize_entry("reasons", &verdict.reasons)?;
    line.serialize_entry("before", &verdict.before)?;
    line.serialize_entry("after", &verdict.after)
}

impl Serialize for VerdictReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut reason = serializer.serialize_map(Some(5))?;
        reason.serialize_entry("signal", self.signal.as_str())?;
        reason.serialize_entry("leaning", self.leaning.as_str())?;
        reason.serialize_entry("early", &self.early)?;
        reason.serialize_entry("at", &self.at.map(time))?;
        reason.serialize_entry("text", &self.words)?;
        reason.end()
    }
}

impl Serialize for Split {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let weights: Vec<_> = self.weights.iter().map(|(group, weight)| (resource_name(&group.id), weight)).collect();
        let mut split = serializer.serialize_map(Some(3))?;
        split.serialize_entry("new_percent", &self.new_percent)?;
        split.serialize_entry("weights", &weights)?;
        split.serialize_entry("until", &time(self.until))?;
        split.end()
    }
}

/// What was seen after a change of settings.
impl Serialize for ImpactWatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut watch = serializer.serialize_map(None)?;
        watch.serialize_entry("until", &time(self.until()))?;
        watch.serialize_entry("worse_since", &self.worse_since().map(time))?;
        let healthy = self.targets().map(|(before, after)| (before.healthy, after.healthy));
        watch.serialize_entry("healthy_before", &healthy.map(|(before, _)| before))?;
        watch.serialize_entry("healthy_after", &healthy.map(|(_, after)| after))?;
        verdict_entries(&mut watch, self.verdict())?;
        watch.end()
    }
}
