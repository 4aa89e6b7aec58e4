//! What the journal keeps of an update that was followed to its verdict, and of a rollback: the word, its reasons and its
//! figures.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Moment;

/// An update with its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateRecord {
    /// The environment's name.
    pub environment: Arc<str>,
    /// The environment's id.
    pub environment_id: Arc<str>,
    /// What was updated: `deploy`, `settings`, `platform` or `unknown`.
    pub kind: Arc<str>,
    /// The version before.
    pub from: Option<Arc<str>>,
    /// The version that was deployed.
    pub to: Option<Arc<str>>,
    /// The version that it removes, if it is a rollback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removes: Option<Arc<str>>,
    /// The request that began it, if an event names it.
    pub request_id: Option<Arc<str>>,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; none if that was not seen.
    pub ended: Option<Timestamp>,
    /// The verdict's word.
    pub verdict: Arc<str>,
    /// Why, the strongest reason first.
    pub reasons: Vec<Arc<str>>,
    /// The ten minutes before.
    pub before: RecordedFigures,
    /// With what it changed.
    pub after: RecordedFigures,
}

/// The figures of a verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedFigures {
    /// How many minutes had figures.
    pub minutes: u32,
    /// Requests; none without a minute.
    pub requests: Option<f64>,
    /// Answers 5xx of targets, in percent of the requests.
    pub target_5xx_percent: Option<f64>,
    /// Answers 5xx of the load balancer, in percent of the requests.
    pub elb_5xx_percent: Option<f64>,
    /// The median of the minutes' 99th percentiles, in seconds.
    pub p99_seconds: Option<f64>,
}

/// A rollback that was made from this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRollback {
    /// When it began.
    pub at: Moment,
    /// The version that it removed.
    pub from: Arc<str>,
    /// The version that it deployed.
    pub to: Arc<str>,
}

impl UpdateRecord {
    /// How long it took; none if its end was not seen.
    #[must_use]
    pub fn took(&self) -> Option<Duration> {
        self.ended.map(|ended| Moment(ended).since(Moment(self.began)))
    }

    /// Whether a version was deployed.
    #[must_use]
    pub fn is_deploy(&self) -> bool {
        &*self.kind == "deploy"
    }
}
