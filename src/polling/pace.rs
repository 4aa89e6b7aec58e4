//! How much is asked for, and how often: the two parts of a configuration that reading goes by.

use super::{Cadences, Plans, plans};
use crate::config::Config;

/// What each service may be asked for, and how old each reading may become.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// What each service may be asked for.
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
