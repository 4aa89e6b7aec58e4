//! What the objects of a change serve, in its report.

use std::sync::Arc;

use serde::Serialize;

use crate::change::Serves;

/// What the objects serve.
#[derive(Debug, Serialize)]
pub struct Served {
    /// The environments.
    pub environments: Vec<Arc<str>>,
    /// The target groups that no environment owns.
    pub unowned_target_groups: Vec<Arc<str>>,
}

impl Served {
    /// Of what is an environment's own.
    pub fn one(environment: &Arc<str>) -> Self {
        Self { environments: vec![Arc::clone(environment)], unowned_target_groups: Vec::new() }
    }
}

impl From<&Serves> for Served {
    fn from(it: &Serves) -> Self {
        Self { environments: it.environments.clone(), unowned_target_groups: it.unowned.clone() }
    }
}
