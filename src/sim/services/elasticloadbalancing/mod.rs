//! Elastic Load Balancing v2 (2015-12-01): reads, and writes of settings. Classic load balancers do not exist for this API.

mod actions;
mod attributes;
mod creating;
mod listeners;
mod load_balancers;
mod modify;
mod parameters;
mod policies;
mod ranges;
mod rules;
mod tags;
mod target_groups;
mod target_health;

use super::operation::{Change, Query};

pub(super) const OPERATIONS: &[(&str, Query)] = &[
    ("DescribeListenerAttributes", attributes::describe_listener_attributes),
    ("DescribeListenerCertificates", listeners::describe_listener_certificates),
    ("DescribeListeners", listeners::describe_listeners),
    ("DescribeLoadBalancerAttributes", attributes::describe_load_balancer_attributes),
    ("DescribeLoadBalancers", load_balancers::describe_load_balancers),
    ("DescribeRules", listeners::describe_rules),
    ("DescribeSSLPolicies", policies::describe_ssl_policies),
    ("DescribeTags", tags::describe_tags),
    ("DescribeTargetGroupAttributes", attributes::describe_target_group_attributes),
    ("DescribeTargetGroups", target_groups::describe_target_groups),
    ("DescribeTargetHealth", target_health::describe_target_health),
];

pub(super) const CHANGES: &[(&str, Change)] = &[
    ("CreateListener", creating::create_listener),
    ("CreateRule", rules::create_rule),
    ("DeleteListener", creating::delete_listener),
    ("DeleteRule", rules::delete_rule),
    ("ModifyListener", modify::modify_listener),
    ("ModifyListenerAttributes", modify::modify_listener_attributes),
    ("ModifyLoadBalancerAttributes", modify::modify_load_balancer_attributes),
    ("ModifyRule", rules::modify_rule),
    ("ModifyTargetGroup", modify::modify_target_group),
    ("ModifyTargetGroupAttributes", modify::modify_target_group_attributes),
    ("SetSecurityGroups", creating::set_security_groups),
];
