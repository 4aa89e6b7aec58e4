//! The direction of a step of HTTPS.

use serde::{Deserialize, Serialize};

/// The direction of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// HTTPS is set up.
    There,
    /// The steps are undone, in reverse order.
    Back,
}
