//! The objects of the stage, by their keys.

use std::time::Duration;

use crate::model::{
    Certificate, Environment, HealthCheck, Key, Listener, LoadBalancer, Moment, RuleAction, ScopeId, TargetGroup,
    WeightedTargetGroup,
};

pub const SCOPE: ScopeId = ScopeId(0);
pub const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/awseb--AWSEB-1/50dc6c495c0c9188";
const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/awseb-AWSEB-1/73e2d6bc24d8a067";
const SECOND: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/awseb-chat-2/84f3e7cd35e9b178";
const LISTENER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/awseb--AWSEB-1/50dc6c495c0c9188";
pub const CERTIFICATE: &str = "arn:aws:acm:eu-west-1:1:certificate/a";
pub const PROCESS: &str = "aws:elasticbeanstalk:environment:process:default";

/// The moment of every test: far enough from the beginning of time that ages fit before it.
pub fn now() -> Moment {
    Moment::EPOCH.plus(Duration::from_secs(100 * 86_400))
}

pub fn ago(seconds: u64) -> Moment {
    now().minus(Duration::from_secs(seconds))
}

pub fn balancer() -> Key<LoadBalancer> {
    Key::new(SCOPE, BALANCER)
}

pub fn group() -> Key<TargetGroup> {
    Key::new(SCOPE, GROUP)
}

/// The second target group, which is there only on a stage with one.
pub fn second() -> Key<TargetGroup> {
    Key::new(SCOPE, SECOND)
}

pub fn listener(port: i32) -> Key<Listener> {
    Key::new(SCOPE, format!("{LISTENER}/{port:016}"))
}

pub fn environment() -> Key<Environment> {
    Key::new(SCOPE, "e-1")
}

pub fn certificate() -> Key<Certificate> {
    Key::new(SCOPE, CERTIFICATE)
}

pub fn group_of(key: &Key<TargetGroup>, port: i32) -> TargetGroup {
    TargetGroup {
        key: key.clone(),
        name: crate::model::resource_name(&key.id).into(),
        protocol: Some("HTTP".into()),
        port: Some(port),
        vpc: None,
        target_type: Some("instance".into()),
        load_balancers: vec![balancer()],
        protocol_version: None,
        target_control_port: None,
        health_check: HealthCheck {
            protocol: Some("HTTP".into()),
            path: Some("/".into()),
            port: Some("traffic-port".into()),
            interval: Some(15),
            timeout: Some(5),
            healthy_threshold: Some(3),
            unhealthy_threshold: Some(5),
            matcher: Some("200".into()),
        },
    }
}

pub fn forward(groups: &[(Key<TargetGroup>, i32)], group_stickiness: Option<i32>) -> RuleAction {
    let weighted =
        |(key, weight): &(Key<TargetGroup>, i32)| WeightedTargetGroup { target_group: key.clone(), weight: *weight };
    RuleAction::Forward { groups: groups.iter().map(weighted).collect(), group_stickiness }
}

/// A redirect to HTTPS.
pub fn to_https() -> RuleAction {
    let text = |text: &str| text.into();
    RuleAction::Redirect {
        protocol: text("HTTPS"),
        port: text("443"),
        host: text("#{host}"),
        path: text("/#{path}"),
        status: text("HTTP_301"),
    }
}
