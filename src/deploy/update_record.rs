//! What is kept of an update that was followed to its verdict.

use std::sync::Arc;

use super::figures::Figures;
use super::watch::Watch;
use crate::change::{RecordedFigures, UpdateRecord};

/// Returns what is kept of an update, as far as it was followed.
#[must_use]
pub fn update_record(watch: &Watch) -> UpdateRecord {
    let (verdict, versions) = (watch.verdict(), watch.versions());
    UpdateRecord {
        environment: Arc::clone(&watch.environment().name),
        environment_id: Arc::clone(&watch.environment().key.id),
        kind: watch.kind().as_str().into(),
        from: versions.before.clone(),
        to: versions.requested.clone(),
        removes: watch.removes().map(Into::into),
        request_id: watch.events().find_map(|event| event.request_id.clone()),
        began: watch.started().0,
        ended: watch.ended().map(|at| at.0),
        verdict: verdict.kind.as_str().into(),
        reasons: verdict.reasons.iter().map(|reason| reason.words.as_str().into()).collect(),
        before: RecordedFigures::from(&verdict.before),
        after: RecordedFigures::from(&verdict.after),
    }
}

impl From<&Figures> for RecordedFigures {
    fn from(it: &Figures) -> Self {
        let of = |value: f64| Some(value).filter(|value| it.minutes > 0 && value.is_finite());
        Self {
            minutes: it.minutes,
            requests: of(it.requests),
            target_5xx_percent: of(it.target_5xx_percent),
            elb_5xx_percent: of(it.elb_5xx_percent),
            p99_seconds: it.p99_seconds.filter(|value| value.is_finite()),
        }
    }
}
