//! What can be done about what was found, the likeliest help first.

use std::sync::Arc;

use super::changes::{WhyChange, WhyChangeKind, WhyTrigger};
use crate::diagnosis::finding::Finding;
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::model::{Environment, EnvironmentStatus, TargetState};

/// Something that acts on what was found. A screen has a key for each, a command line a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyAction {
    /// Abort the update in progress.
    Abort,
    /// Deploy the version that ran before.
    RollBack {
        /// Its label.
        version: Arc<str>,
    },
    /// Make a change that would end a finding.
    Change(Fix),
    /// Read the instances' logs.
    Logs,
    /// Replace an instance whose target fails beside healthy ones.
    Replace {
        /// The instance.
        instance: Arc<str>,
    },
    /// Read Beanstalk's events.
    Events,
    /// Read what a check means.
    Explain {
        /// The check.
        check: &'static str,
    },
}

impl WhyAction {
    /// The word of the JSON answers.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Abort => "abort",
            Self::RollBack { .. } => "rollback",
            Self::Change(_) => "change",
            Self::Logs => "logs",
            Self::Replace { .. } => "replace",
            Self::Events => "events",
            Self::Explain { .. } => "explain",
        }
    }

    /// Returns the command that does it; `None` for an option that beanpole does not set.
    #[must_use]
    pub fn command(&self, environment: &Environment) -> Option<String> {
        let name = &environment.name;
        Some(match self {
            Self::Abort => format!("beanpole abort {name}"),
            Self::RollBack { version } => format!("beanpole rollback {name} --to {version}"),
            Self::Change(fix) => return fix.command(environment),
            Self::Logs => format!("beanpole logs {name}"),
            Self::Replace { instance } => format!("beanpole replace {name} {instance}"),
            Self::Events => format!("beanpole events {name} --since 1d"),
            Self::Explain { check } => format!("beanpole explain {check}"),
        })
    }
}

/// Returns what can be done.
pub(super) fn of(
    inputs: &Inputs<'_>,
    findings: &[Finding],
    changes: &[WhyChange],
    trigger: Option<WhyTrigger>,
) -> Vec<WhyAction> {
    let mut actions = Vec::new();
    let environment = inputs.environment;
    let is_moving = environment.status == EnvironmentStatus::Updating;
    if is_moving && environment.abortable && !findings.is_empty() {
        actions.push(WhyAction::Abort);
    }
    let is_of_deploy = trigger.is_some_and(|it| changes[it.change].kind == WhyChangeKind::Deploy);
    let is_bad = findings.iter().any(|it| ["mixed-versions", "failed-deployment"].contains(&it.check.id));
    if !is_moving && (is_of_deploy || is_bad) {
        actions.extend(previous(inputs, changes).map(|version| WhyAction::RollBack { version }));
    }
    actions.extend(findings.iter().filter_map(|finding| finding.fix.clone()).map(WhyAction::Change));
    if findings.is_empty() {
        return actions;
    }
    actions.push(WhyAction::Logs);
    actions.extend(failing_beside_healthy(inputs).map(|instance| WhyAction::Replace { instance }));
    actions.push(WhyAction::Events);
    actions.extend(findings.first().map(|finding| WhyAction::Explain { check: finding.check.id }));
    actions
}

/// The version that was deployed before the present one, as far as the events go back.
fn previous(inputs: &Inputs<'_>, changes: &[WhyChange]) -> Option<Arc<str>> {
    let present = inputs.environment.version.as_ref()?;
    let deployed = changes.iter().filter(|it| it.kind == WhyChangeKind::Deploy).filter_map(|it| it.version.as_ref());
    deployed.into_iter().find(|label| *label != present).cloned()
}

/// A replacement is no help where all fail.
fn failing_beside_healthy(inputs: &Inputs<'_>) -> Option<Arc<str>> {
    inputs.targets().value().filter(|counts| counts.healthy > 0)?;
    let groups = inputs.counted();
    let mut targets = groups.into_iter().filter_map(|group| inputs.inventory().targets.get(group)).flatten();
    let failing = targets.find(|it| it.state == TargetState::Unhealthy && it.id.starts_with("i-"))?;
    Some(Arc::clone(&failing.id))
}
