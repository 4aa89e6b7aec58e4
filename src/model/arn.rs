//! What an ARN contains: the kind of a load balancer, its name, and the parent of a rule.
//!
//! Shapes: `…:loadbalancer/{app|net|gwy}/<name>/<id>`, `…:targetgroup/<name>/<id>`,
//! `…:listener/app/<name>/<id>/<listener>`, `…:listener-rule/app/<name>/<id>/<listener>/<rule>`. The partition is
//! not checked, because it differs in China and `GovCloud`.

use std::sync::Arc;

/// The kind of a load balancer, from its ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BalancerKind {
    /// An Application Load Balancer (`loadbalancer/app/`).
    Application,
    /// A Network Load Balancer (`loadbalancer/net/`).
    Network,
    /// A Gateway Load Balancer (`loadbalancer/gwy/`).
    Gateway,
    /// A Classic Load Balancer: a plain name, or an ARN without a kind.
    Classic,
}

/// The kind of the load balancer that `DescribeEnvironmentResources` names: an ARN, or the plain name of a classic one.
#[must_use]
pub fn balancer_kind(name_or_arn: &str) -> BalancerKind {
    if !name_or_arn.starts_with("arn:") {
        return BalancerKind::Classic;
    }
    match resource(name_or_arn).split('/').nth(1) {
        Some("app") => BalancerKind::Application,
        Some("net") => BalancerKind::Network,
        Some("gwy") => BalancerKind::Gateway,
        _ => BalancerKind::Classic,
    }
}

/// The name in a load balancer's ARN, or the whole text if it is a plain name.
#[must_use]
pub fn load_balancer_name(name_or_arn: &str) -> &str {
    if !name_or_arn.starts_with("arn:") {
        return name_or_arn;
    }
    let mut parts = resource(name_or_arn).split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some("app" | "net" | "gwy"), Some(name)) | (Some(name), _) => name,
        _ => name_or_arn,
    }
}

/// The name in a target group's ARN, or the whole text if it has no such shape.
#[must_use]
pub fn resource_name(arn: &str) -> &str {
    resource(arn).split('/').nth(1).unwrap_or(arn)
}

/// The ARN of the listener that a rule belongs to.
#[must_use]
pub fn listener_of_rule(rule_arn: &str) -> Option<Arc<str>> {
    let (listener, _) = rule_arn.rsplit_once('/')?;
    listener.contains(":listener-rule/").then(|| listener.replacen(":listener-rule/", ":listener/", 1).into())
}

/// The ARN of the load balancer that a listener or a rule belongs to.
#[must_use]
pub fn load_balancer_of(listener_or_rule_arn: &str) -> Option<Arc<str>> {
    let listener = listener_of_rule(listener_or_rule_arn);
    let (load_balancer, _) = listener.as_deref().unwrap_or(listener_or_rule_arn).rsplit_once('/')?;
    load_balancer.contains(":listener/").then(|| load_balancer.replacen(":listener/", ":loadbalancer/", 1).into())
}

/// The region that an ARN names; `None` if it is no ARN, or names none.
#[must_use]
pub fn region_of(arn: &str) -> Option<&str> {
    let region = arn.starts_with("arn:").then(|| arn.split(':').nth(3))??;
    (!region.is_empty()).then_some(region)
}

/// What follows the account in an ARN, `targetgroup/awseb-AWSEB-1/73e2`; the whole text if it is no ARN.
#[must_use]
pub fn resource(arn: &str) -> &str {
    arn.starts_with("arn:").then(|| arn.splitn(6, ':').nth(5)).flatten().unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALB: &str = "arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:loadbalancer/app/awseb--AWSEB-owJo/50dc";

    #[test]
    fn kind_and_name_come_from_the_arn_in_any_partition() {
        assert_eq!(balancer_kind(ALB), BalancerKind::Application);
        assert_eq!(load_balancer_name(ALB), "awseb--AWSEB-owJo");
        assert_eq!(balancer_kind("awseb-e-q-AWSEBLoa-1EEPZ0K98BIF0"), BalancerKind::Classic);
        assert_eq!(balancer_kind("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/old"), BalancerKind::Classic);
        assert_eq!(load_balancer_name("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/old"), "old");
    }

    #[test]
    fn a_rule_names_its_listener() {
        let rule = "arn:aws:elasticloadbalancing:r:1:listener-rule/app/lb/50dc/f2f7/9683";
        assert_eq!(
            listener_of_rule(rule).as_deref(),
            Some("arn:aws:elasticloadbalancing:r:1:listener/app/lb/50dc/f2f7")
        );
        assert_eq!(listener_of_rule("nonsense"), None);
    }

    #[test]
    fn a_listener_and_a_rule_name_their_load_balancer() {
        let listener = "arn:aws:elasticloadbalancing:r:1:listener/app/lb/50dc/f2f7";
        let rule = "arn:aws:elasticloadbalancing:r:1:listener-rule/app/lb/50dc/f2f7/9683";
        let load_balancer = Some("arn:aws:elasticloadbalancing:r:1:loadbalancer/app/lb/50dc");
        assert_eq!(load_balancer_of(listener).as_deref(), load_balancer);
        assert_eq!(load_balancer_of(rule).as_deref(), load_balancer);
        assert_eq!(load_balancer_of(ALB), None);
        assert_eq!(region_of(listener), Some("r"));
        assert_eq!(region_of("r"), None);
    }
}
