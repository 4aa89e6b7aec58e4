//! A rollback before it is confirmed: which version ran before, and whether it is still there to go back to.
//!
//! Nothing is aborted before that is known: an aborted deploy leaves the instances on different versions.

mod acting;

use crate::change::Operation;
use crate::deploy::RecordedDeploy;
use crate::model::{Environment, Key, Moment, Source};

/// A rollback that waits until it is known what it would go back to.
#[derive(Clone, Debug)]
pub struct RollbackCheck {
    /// The environment.
    pub environment: Key<Environment>,
    /// The title of the dialog.
    pub title: String,
    /// The source of the application's versions, which are read again.
    pub versions: Source,
    /// When they were last read before that.
    read: Option<Moment>,
    /// When reading them last failed before that.
    failed: Option<Moment>,
    /// One that was interrupted, and is to go on.
    operation: Option<Operation>,
    /// The deployments recorded in the log, newest first, once it was searched.
    recorded: Option<Vec<RecordedDeploy>>,
}
