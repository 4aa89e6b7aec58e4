//! What belongs to what, and how that is known: the result of [`super::link`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::linking::{Filing, Index};
use super::{Environment, Key, LoadBalancer, Map, SecurityGroup, TargetGroup};

/// The kind of load balancer in front of an environment (the `balancer` of the JSON answers).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Balancer {
    /// An Application Load Balancer of its own.
    Application,
    /// An Application Load Balancer that others may use too.
    ApplicationShared,
    /// A Classic Load Balancer, which ELBv2 does not know.
    Classic,
    /// A Network Load Balancer.
    Network,
    /// A single instance, reached by its address.
    Single,
    /// The worker tier: a queue.
    Worker,
    /// The cluster tier (EKS), which is not supported.
    Cluster,
    /// Not known yet, or not to be known with these permissions.
    #[default]
    Unknown,
}

impl Balancer {
    /// The word of the JSON answers and of the screen.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::ApplicationShared => "application_shared",
            Self::Classic => "classic",
            Self::Network => "network",
            Self::Single => "single",
            Self::Worker => "worker",
            Self::Cluster => "cluster",
            Self::Unknown => "unknown",
        }
    }

    /// Returns whether an Application Load Balancer is in front of it.
    #[must_use]
    pub fn is_application(self) -> bool {
        matches!(self, Self::Application | Self::ApplicationShared)
    }
}

/// A reason to believe in a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// `DescribeEnvironmentResources` names the load balancer.
    Resources,
    /// The target group's own `elasticbeanstalk:environment-id` tag.
    TargetGroupTag,
    /// The environment's Auto Scaling group registers its instances with the target group.
    AutoScalingGroup,
    /// The load balancer's own `elasticbeanstalk:environment-id` tag.
    LoadBalancerTag,
    /// The environment's `EndpointURL` is the load balancer's DNS name.
    DnsName,
    /// A rule for the environment's CNAME forwards to the target group.
    HostRule,
    /// The target group is on the load balancer that is the environment's alone.
    OnlyEnvironment,
}

impl Evidence {
    /// All, strongest first.
    pub const ALL: [Self; 7] = [
        Self::TargetGroupTag,
        Self::Resources,
        Self::AutoScalingGroup,
        Self::LoadBalancerTag,
        Self::DnsName,
        Self::HostRule,
        Self::OnlyEnvironment,
    ];

    /// A word for a line of text and the JSON answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resources => "resources",
            Self::TargetGroupTag => "target_group_tag",
            Self::AutoScalingGroup => "auto_scaling_group",
            Self::LoadBalancerTag => "load_balancer_tag",
            Self::DnsName => "dns_name",
            Self::HostRule => "host_rule",
            Self::OnlyEnvironment => "only_environment",
        }
    }

    /// Whether it proves the link, or only proposes it.
    #[must_use]
    pub fn proves(self) -> bool {
        matches!(self, Self::Resources | Self::TargetGroupTag | Self::AutoScalingGroup | Self::LoadBalancerTag)
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// How sure a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// By a tag, by Beanstalk itself or by the Auto Scaling group.
    Proven,
    /// By a name or a rule only; shown with `~`. Good for reading, not for writing.
    Proposed,
}

impl Strength {
    /// The word of the JSON answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Proposed => "proposed",
        }
    }
}

/// All the evidence for one link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct EvidenceSet(u8);

impl EvidenceSet {
    /// Adds this piece.
    #[must_use]
    pub fn with(self, evidence: Evidence) -> Self {
        Self(self.0 | evidence.bit())
    }

    /// Whether this piece is in it.
    #[must_use]
    pub fn has(self, evidence: Evidence) -> bool {
        self.0 & evidence.bit() != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The pieces, strongest first.
    pub fn iter(self) -> impl Iterator<Item = Evidence> {
        Evidence::ALL.into_iter().filter(move |evidence| self.has(*evidence))
    }

    /// Proven if one piece proves.
    #[must_use]
    pub fn strength(self) -> Strength {
        if self.iter().any(Evidence::proves) { Strength::Proven } else { Strength::Proposed }
    }
}

/// A target group that is an environment's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedGroup {
    /// The target group.
    pub key: Key<TargetGroup>,
    /// How that is known.
    pub evidence: EvidenceSet,
}

/// The links of one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentLink {
    /// The kind.
    pub balancer: Balancer,
    /// Its load balancer, and how that is known.
    pub load_balancer: Option<(Key<LoadBalancer>, EvidenceSet)>,
    /// The name of its Classic Load Balancer.
    pub classic_name: Option<Arc<str>>,
    /// The target groups that only it owns, by name.
    pub groups: Vec<LinkedGroup>,
    /// Evidence that disagrees, in a sentence each.
    pub disagreements: Vec<String>,
}

/// All links of a scope, and what they are kept up to date by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    pub(super) links: Map<Key<Environment>, EnvironmentLink>,
    pub(super) users: Filing<Key<Environment>, Key<LoadBalancer>>,
    pub(super) owners: Filing<Key<Environment>, Key<TargetGroup>>,
    pub(super) groups: Map<Key<LoadBalancer>, Vec<Key<TargetGroup>>>,
    pub(super) unowned: BTreeSet<Key<LoadBalancer>>,
    pub(super) unowned_groups: BTreeMap<Key<LoadBalancer>, Vec<Key<TargetGroup>>>,
    pub(super) unsettled: BTreeSet<Key<Environment>>,
    pub(super) index: Index,
    pub(super) knows_balancers: bool,
}

impl Topology {
    /// The place of an environment.
    #[must_use]
    pub fn link(&self, environment: &Key<Environment>) -> Option<&EnvironmentLink> {
        self.links.get(environment)
    }

    /// The environments that a load balancer serves, as far as they are known, by id.
    #[must_use]
    pub fn environments_of(&self, load_balancer: &Key<LoadBalancer>) -> &[Key<Environment>] {
        self.users.under(load_balancer)
    }

    /// The load balancers that have a security group, by id.
    #[must_use]
    pub fn load_balancers_behind(&self, security_group: &Key<SecurityGroup>) -> &[Key<LoadBalancer>] {
        self.index.guarded_by.under(security_group)
    }

    /// The environment that a target group belongs to; the first by id, should evidence give it to several.
    #[must_use]
    pub fn owner_of(&self, target_group: &Key<TargetGroup>) -> Option<&Key<Environment>> {
        self.owners.under(target_group).first()
    }

    /// Returns all target groups that a load balancer uses, each owner's and unowned ones, by name.
    #[must_use]
    pub fn groups_on(&self, load_balancer: &Key<LoadBalancer>) -> &[Key<TargetGroup>] {
        self.groups.get(load_balancer).map_or(&[], Vec::as_slice)
    }

    /// Load balancers that no environment is known to use, by ARN.
    #[must_use]
    pub fn unowned(&self) -> &BTreeSet<Key<LoadBalancer>> {
        &self.unowned
    }

    /// Returns the target groups that a load balancer sends to and no environment is known to own, by load balancer and name.
    pub fn unowned_groups(&self) -> impl Iterator<Item = &Key<TargetGroup>> {
        self.unowned_groups.values().flatten()
    }

    /// Environments for which more evidence may be had: those on a shared load balancer, and those without a known one.
    #[must_use]
    pub fn unsettled(&self) -> &BTreeSet<Key<Environment>> {
        &self.unsettled
    }
}
