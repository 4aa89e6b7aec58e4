//! EC2 (2016-11-15): instances, security groups and subnets.

mod groups;
mod instances;
mod network;
mod parameters;
mod tags;

use super::operation::{Change, Query};

pub(super) const OPERATIONS: &[(&str, Query)] = &[
    ("DescribeInstances", instances::describe_instances),
    ("DescribeSecurityGroups", network::describe_security_groups),
    ("DescribeSubnets", network::describe_subnets),
];

pub(super) const CHANGES: &[(&str, Change)] = &[
    ("AuthorizeSecurityGroupEgress", groups::authorize_security_group_egress),
    ("AuthorizeSecurityGroupIngress", groups::authorize_security_group_ingress),
    ("CreateSecurityGroup", groups::create_security_group),
    ("DeleteSecurityGroup", groups::delete_security_group),
    ("RevokeSecurityGroupEgress", groups::revoke_security_group_egress),
    ("RevokeSecurityGroupIngress", groups::revoke_security_group_ingress),
];
