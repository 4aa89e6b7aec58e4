//! The direction of a step of HTTPS.

use serde::{Deserialize, Serialize};

/// Which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// HTTPS is set up.
    There,
    /// What was done is taken back, in reverse order.
    Back,
}
