//! What an answer changed that links environments: the inventory notes it, and linking follows it.

use std::sync::Arc;

use super::{AutoScalingGroup, Environment, Key, Listener, LoadBalancer, Tagged, TargetGroup};

/// An object of which something differs that links environments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Relink {
    /// An environment: its own facts, its resources, or its options.
    Environment(Key<Environment>),
    /// A load balancer, or its tags.
    LoadBalancer(Key<LoadBalancer>),
    /// A target group, or its tags.
    TargetGroup(Key<TargetGroup>),
    /// An Auto Scaling group.
    AutoScalingGroup(Key<AutoScalingGroup>),
    /// The listeners of a load balancer.
    Listeners(Key<LoadBalancer>),
    /// The rules of a listener.
    Rules(Key<Listener>),
}

impl Relink {
    /// The object that has these tags.
    pub(super) fn tagged(key: &Key<Tagged>) -> Self {
        if key.id.contains(":targetgroup/") {
            Self::TargetGroup(Key::new(key.scope, Arc::clone(&key.id)))
        } else {
            Self::LoadBalancer(Key::new(key.scope, Arc::clone(&key.id)))
        }
    }
}
