//! Where things are found by the names that requests use.

use std::collections::HashMap;

/// Where things are found by the names that requests use.
#[derive(Debug, Default)]
pub struct Index {
    pub load_balancers: HashMap<String, usize>,
    pub target_groups: HashMap<String, usize>,
    /// Listener and rule ARNs: (load balancer, listener, rule; none for the listener itself or its default rule).
    pub listeners: HashMap<String, (usize, usize)>,
    /// By id, and by the name that AWS lists.
    pub environments: HashMap<String, usize>,
    /// By the name that the scenario uses.
    pub environment_keys: HashMap<String, usize>,
    pub instances: HashMap<String, (usize, usize)>,
    pub security_groups: HashMap<String, usize>,
}
