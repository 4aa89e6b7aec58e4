//! The lines of the log: a change begins, a step of it begins or ends, a change ends. Each is one JSON object.
//!
//! A line is never changed. What happened later is a later line with the same id.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::perform::Caller;
use crate::change::https::{self, Setup};
use crate::change::{Plan, Request, Step, Subject, ValueChange};
use crate::model::Moment;

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(super) enum Line {
    Begun(Begun),
    Step(StepLine),
    Ended(Ended),
}

/// A change begins; what it will do is told whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Begun {
    pub id: String,
    pub at: Timestamp,
    /// The process that does it, by which another tells whether it is still at it.
    pub process: u32,
    pub kind: String,
    pub caller: Option<String>,
    pub account: Option<String>,
    pub region: Option<String>,
    /// Where AWS answers, if not at its own endpoints: moto's changes are not AWS's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    pub environment: String,
    pub environment_id: String,
    pub application: String,
    pub route: String,
    /// The ARN of the target group of which a setting is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_group: Option<String>,
    /// The ARN of the load balancer of which, or of whose listeners, a setting is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_balancer: Option<String>,
    pub changes: Vec<ValueChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// Whether it is one of several steps, each with lines of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<AnyStep>,
    /// What is set up, of HTTPS: all that it takes to go on with it, and to take it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub https: Option<Setup>,
}

/// A step of a change that has several: of a way back, or of HTTPS. Their words differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AnyStep {
    /// Of a way back.
    Back(Step),
    /// Of HTTPS.
    Https(https::Step),
}

/// A step begins, or ends with an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StepLine {
    pub id: String,
    pub at: Timestamp,
    pub process: u32,
    pub step: AnyStep,
    pub outcome: Option<String>,
    /// The id of what it has made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A change ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ended {
    pub id: String,
    pub at: Timestamp,
    pub outcome: String,
    #[serde(default)]
    pub request_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Begun {
    /// The beginning of a change that nothing is said of yet but where, by whom and when.
    pub(super) fn new(id: &str, at: Moment, kind: &str, subject: &Subject, caller: &Caller) -> Self {
        let text = |it: &Option<std::sync::Arc<str>>| it.as_deref().map(str::to_owned);
        Self {
            id: id.to_owned(),
            at: at.0,
            process: std::process::id(),
            kind: kind.to_owned(),
            caller: text(&caller.arn),
            account: text(&caller.account),
            region: None,
            endpoint: None,
            environment: subject.name.to_string(),
            environment_id: subject.key.id.to_string(),
            application: subject.application.to_string(),
            route: String::new(),
            target_group: None,
            load_balancer: None,
            changes: Vec::new(),
            undoes: None,
            steps: Vec::new(),
            https: None,
        }
    }

    /// The beginning of this request.
    pub(super) fn of(request: &Request, id: &str, at: Moment, caller: &Caller) -> Self {
        Self {
            route: request.route().as_str().to_owned(),
            changes: request.changes(),
            undoes: request.undoes.as_deref().map(str::to_owned),
            ..Self::new(id, at, request.kind(), &request.subject, caller)
        }
    }
}

impl Begun {
    /// The beginning of a change of settings.
    pub(super) fn of_plan(plan: &Plan, id: &str, at: Moment, caller: &Caller) -> Self {
        Self {
            route: plan.route.as_str().to_owned(),
            target_group: plan.target_group.as_ref().map(|key| key.id.to_string()),
            load_balancer: plan.load_balancer.as_ref().map(|key| key.id.to_string()),
            changes: plan.changes(),
            undoes: plan.undoes.as_deref().map(str::to_owned),
            ..Self::new(id, at, plan.kind(), &plan.subject, caller)
        }
    }
}

impl Line {
    /// What it is a line of.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Begun(line) => &line.id,
            Self::Step(line) => &line.id,
            Self::Ended(line) => &line.id,
        }
    }
}
