//! The names that AWS invents: ids, ARNs and DNS names, each from the seed and the thing's key.

use super::Region;
use crate::sim::physics::noise;

impl Region {
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.name, self.account)
    }

    /// `awseb--AWSEB-08AE6A35595B`, the form of 2024 and later (seen in the wild, not documented).
    pub(super) fn load_balancer_name(&self, environment: &str) -> String {
        format!("awseb--AWSEB-{}", noise::hex(self.seed, &format!("lb-name {environment}"), 12).to_uppercase())
    }

    pub(super) fn target_group_name(&self, key: &str) -> String {
        format!("awseb-AWSEB-{}", noise::letters(self.seed, &format!("tg-name {key}"), 12))
    }

    /// The sixteen hexadecimal digits at the end of an ARN.
    pub(super) fn tail(&self, kind: &str, key: &str) -> String {
        noise::hex(self.seed, &format!("{kind} {key}"), 16)
    }

    /// `i-0c41...`: seventeen hexadecimal digits, the first a zero.
    pub(super) fn resource_id(&self, prefix: &str, key: &str) -> String {
        format!("{prefix}-0{}", noise::hex(self.seed, &format!("{prefix} {key}"), 16))
    }

    pub(super) fn environment_id(&self, name: &str) -> String {
        let alphabet = b"abcdefghijkmnpqrstuvwxyz23456789";
        format!("e-{}", noise::symbols(self.seed, &format!("environment {name}"), 10, alphabet))
    }

    /// A resource of an environment's stack: `awseb-e-abc1234567-stack-AWSEBAutoScalingGroup-1ABCDEFGHIJKL`.
    pub(super) fn stack_name(&self, environment_id: &str, logical_id: &str) -> String {
        let suffix = noise::letters(self.seed, &format!("{environment_id} {logical_id}"), 12);
        format!("awseb-{environment_id}-stack-{logical_id}-1{suffix}")
    }

    pub(super) fn dns_name(&self, name: &str, scheme: &str) -> String {
        let number = 1_000_000_000 + noise::below(self.seed, &format!("dns {name}"), 1_100_000_000);
        let internal = if scheme == "internal" { "internal-" } else { "" };
        format!("{internal}{name}-{number}.{}.elb.amazonaws.com", self.name)
    }

    /// A number in 0..1 that belongs to a thing.
    pub(super) fn draw(&self, what: &str, key: &str) -> f64 {
        noise::unit(noise::hash(self.seed, &format!("{what} {key}")), 0, 0)
    }
}
