//! EC2's part: the instance behind a target.

use std::sync::Arc;

use super::{Key, Moment};

/// An instance (`DescribeInstances`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its id (`i-…`).
    pub key: Key<Instance>,
    /// Its private address in its subnet.
    pub private_ip: Option<Arc<str>>,
    /// Its public address, if it has one.
    pub public_ip: Option<Arc<str>>,
    /// The ids of its security groups (`sg-…`).
    pub security_groups: Vec<Arc<str>>,
    /// Its VPC.
    pub vpc: Option<Arc<str>>,
    /// Its zone.
    pub availability_zone: Option<Arc<str>>,
    /// Its type.
    pub instance_type: Option<Arc<str>>,
    /// When it was launched.
    pub launched_at: Option<Moment>,
    /// `running`, `stopped` …
    pub state: Option<Arc<str>>,
    /// The environment's name in the tag `elasticbeanstalk:environment-name`.
    pub environment_name: Option<Arc<str>>,
}
