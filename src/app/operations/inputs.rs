//! What operations are decided on.

use crate::app::setup::DashboardSetup;
use crate::model::Snapshot;

/// What operations are decided on.
#[derive(Clone, Copy)]
pub struct OperationInputs<'a> {
    /// All that was read.
    pub snapshot: &'a Snapshot,
    /// What the user chose.
    pub setup: &'a DashboardSetup,
}
