//! A load balancer, from `DescribeLoadBalancers`.

use std::sync::Arc;

use super::arn::{BalancerKind, balancer_kind};
use super::wire_enum::wire_enum;
use super::{Key, Moment};

wire_enum! {
    /// Who reaches it.
    Scheme {
        /// Reachable from the internet.
        InternetFacing = "internet-facing",
        /// Only the VPC.
        Internal = "internal",
    }
}

wire_enum! {
    /// `State.Code`.
    LoadBalancerState {
        /// Working.
        Active = "active",
        /// Being made.
        Provisioning = "provisioning",
        /// Working without the resources to scale.
        ActiveImpaired = "active_impaired",
        /// Could not be set up.
        Failed = "failed",
    }
}

/// An Application, Network or Gateway Load Balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancer {
    /// Its ARN.
    pub key: Key<LoadBalancer>,
    /// Its name.
    pub name: Arc<str>,
    /// Its DNS name, as AWS spells it; compare without case.
    pub dns_name: Option<Arc<str>>,
    /// Internet-facing or internal.
    pub scheme: Option<Scheme>,
    /// Its state.
    pub state: Option<LoadBalancerState>,
    /// Its VPC.
    pub vpc: Option<Arc<str>>,
    /// The zones it has nodes in.
    pub zones: Vec<Arc<str>>,
    /// Its security groups.
    pub security_groups: Vec<Arc<str>>,
    /// When it was created.
    pub created: Option<Moment>,
}

impl LoadBalancer {
    /// A load balancer of which nothing more is known.
    #[must_use]
    pub fn new(key: Key<LoadBalancer>, name: &str) -> Self {
        Self {
            key,
            name: name.into(),
            dns_name: None,
            scheme: None,
            state: None,
            vpc: None,
            zones: Vec::new(),
            security_groups: Vec::new(),
            created: None,
        }
    }

    /// Returns the kind that its ARN contains.
    #[must_use]
    pub fn kind(&self) -> BalancerKind {
        balancer_kind(&self.key.id)
    }

    /// Whether the name is of the form that Beanstalk gives to the ones it creates; a shared one is the user's own and
    /// has the user's name. Source: Beanstalk Developer Guide, shared load balancers.
    #[must_use]
    pub fn is_named_by_beanstalk(&self) -> bool {
        self.name.starts_with("awseb-")
    }
}
