//! The targets of a page: those that get no requests though they should, with AWS's reason in words.

use std::sync::Arc;

use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::answers::status_advice;
use crate::model::{Key, Moment, Target, TargetGroup, TargetState, clean};

/// A target that gets no requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyTarget {
    /// Its id.
    pub id: Arc<str>,
    /// Its port.
    pub port: Option<i32>,
    /// Its target group.
    pub target_group: Key<TargetGroup>,
    /// Its state.
    pub state: TargetState,
    /// AWS's code of the reason.
    pub reason: Option<Arc<str>>,
    /// The reason in short, with the path of the health check.
    pub words: String,
    /// What it means and what to look at, a sentence or two; empty if it is not documented.
    pub advice: String,
    /// Since when, and whether we saw it begin; else it may have lasted longer.
    pub since: Option<(Moment, bool)>,
}

/// Returns the targets that fail, the worst first.
pub(super) fn of(inputs: &Inputs<'_>) -> Vec<WhyTarget> {
    let inventory = inputs.inventory();
    let mut all: Vec<_> = Vec::new();
    for group in inputs.counted() {
        let targets = inventory.targets.get(group).into_iter().flatten();
        all.extend(targets.filter(|target| is_failing(&target.state)).map(|target| one(inputs, group, target)));
    }
    all.sort_by_key(|target| target.state.rank());
    all
}

/// Whether it should get requests and gets none: what comes or goes is usual.
fn is_failing(state: &TargetState) -> bool {
    !matches!(state, TargetState::Healthy | TargetState::Initial | TargetState::Draining)
}

fn one(inputs: &Inputs<'_>, group: &Key<TargetGroup>, target: &Target) -> WhyTarget {
    let inventory = inputs.inventory();
    let reason = target.reason_words().unwrap_or_else(|| target.state.as_str().to_owned());
    let checked = inventory.target_groups.get(group).and_then(|group| group.health_check.path.as_deref());
    let path = checked.filter(|_| target.state == TargetState::Unhealthy);
    let path = path.map_or(String::new(), |path| format!(" on {}", clean(path)));
    let long = target.explained().map_or("", |reason| reason.long);
    let answer = target.status_codes().map_or("", status_advice);
    let advice = [long, answer].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ");
    WhyTarget {
        id: clean(&target.id).into(),
        port: target.port,
        target_group: group.clone(),
        state: target.state.clone(),
        reason: target.reason.clone(),
        words: format!("{}{path}", clean(&reason)),
        advice,
        since: inventory.seen(group, target).map(|seen| (seen.at, seen.exact)),
    }
}
