//! The lines of the journal: an operation begins, a step of it begins or ends, an operation ends. Each is one JSON object.
//!
//! A line is never changed. A later event is a later line with the same id. Earlier builds wrote lines with other
//! tags, which are still read ([`earlier`](super::earlier)); they skip those of this build, because they know none of
//! its tags.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::earlier;
use super::process::WriterProcess;
use crate::aws::Session;
use crate::change::{Operation, UpdateRecord};
use crate::model::Moment;

/// The version of the lines: of what an [`Operation`] means in them.
const VERSION: u32 = 1;

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(super) enum JournalLine {
    Operation(Box<Begun>),
    OperationStep(StepLine),
    OperationEnded(EndedLine),
    /// Going on with an operation is refused, which leaves it as it is.
    OperationRefused(RefusedLine),
    /// An update was followed to its verdict. Builds before this one skip it.
    UpdateVerdict(Box<KeptVerdict>),
    /// A change begins, as earlier builds wrote it.
    #[serde(skip_serializing)]
    Begun(Box<earlier::EarlierBegun>),
    /// A step of a change, as earlier builds wrote it.
    #[serde(skip_serializing)]
    Step(earlier::EarlierStepLine),
    /// A change ends, as earlier builds wrote it.
    #[serde(skip_serializing)]
    Ended(EndedLine),
}

/// An operation begins; what it will do is recorded whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Begun {
    pub version: u32,
    pub id: String,
    pub at: Timestamp,
    /// The process that does it, by which another knows whether it is still at it.
    pub process: WriterProcess,
    pub caller: Option<String>,
    pub account: Option<String>,
    pub region: Option<String>,
    /// Where AWS answers, if not at its own endpoints: moto's changes are not AWS's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    pub operation: Operation,
}

/// A step begins, or ends with an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StepLine {
    pub id: String,
    pub at: Timestamp,
    pub process: WriterProcess,
    /// Its place among the steps, from 0.
    pub place: usize,
    /// Its name, for people.
    pub step: String,
    pub outcome: Option<String>,
    /// The id of what it has created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// An operation ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct EndedLine {
    pub id: String,
    pub at: Timestamp,
    pub outcome: String,
    #[serde(default)]
    pub request_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The verdict of an update that was followed from this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptVerdict {
    /// When it was kept.
    pub at: Timestamp,
    /// In which account.
    pub account: Option<String>,
    /// In which region.
    pub region: Option<String>,
    /// At which endpoint, if not AWS's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The update.
    pub update: UpdateRecord,
}

/// Beanpole refuses to go on with an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RefusedLine {
    pub id: String,
    pub at: Timestamp,
    pub message: String,
}

impl Begun {
    /// The beginning of an operation.
    pub(super) fn new(operation: &Operation, id: &str, at: Moment, caller: &Caller, session: &Session) -> Self {
        let text = |it: &Option<std::sync::Arc<str>>| it.as_deref().map(str::to_owned);
        Self {
            version: VERSION,
            id: id.to_owned(),
            at: at.0,
            process: WriterProcess::ours(),
            caller: text(&caller.arn),
            account: text(&caller.account),
            region: text(&session.region),
            endpoint: text(&session.endpoint),
            operation: operation.clone(),
        }
    }
}

impl JournalLine {
    /// What it is a line of.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Operation(line) => &line.id,
            Self::OperationStep(line) => &line.id,
            Self::Begun(line) => &line.id,
            Self::Step(line) => &line.id,
            Self::OperationEnded(line) | Self::Ended(line) => &line.id,
            Self::OperationRefused(line) => &line.id,
            // It is of an update, which need not be a change of ours.
            Self::UpdateVerdict(_) => "",
        }
    }
}
