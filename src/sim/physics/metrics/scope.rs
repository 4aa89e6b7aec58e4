//! Whose numbers a series adds up.

use crate::sim::region::{Environment, LoadBalancer, TargetGroup};

/// Whose numbers are added up; the zone is the place of one in the region.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'a> {
    LoadBalancer(&'a LoadBalancer, Option<usize>),
    /// In front of it is the load balancer, if the dimensions name it.
    TargetGroup(&'a TargetGroup, Option<&'a LoadBalancer>, Option<usize>),
    /// A classic load balancer, which has no target groups.
    Environment(&'a Environment, Option<&'a LoadBalancer>, Option<usize>),
    Health(&'a Environment),
}
