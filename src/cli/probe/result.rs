//! What was probed, seen and found.

use crate::cli::reading::Reading;
use crate::model::ProbeFinding;
use crate::probe::{Observation, ProbeTarget};

/// What was probed, seen and found.
pub struct ProbeResult<'a> {
    /// What was probed.
    pub target: &'a ProbeTarget,
    /// What was seen.
    pub seen: &'a Observation,
    /// What follows from it.
    pub findings: &'a [ProbeFinding],
    /// What AWS says of the environment.
    pub reading: &'a Reading,
}
