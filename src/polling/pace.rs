//! How much is read, and how often: the two parts of the configuration that reading follows.

use super::{Cadences, Plans, plans};
use crate::config::Config;

/// The rates of each service, and how old each reading may become.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The rates of each service.
    pub plans: Plans,
    /// How old each kind may become.
    pub cadences: Cadences,
}

impl Pace {
    /// The pace that a configuration gives.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self { plans: plans(config), cadences: Cadences::new(config) }
    }
}
