//! An environment with an Application Load Balancer of its own, one target group and two listeners.

use std::sync::Arc;

use crate::change::{Plan, PlanInputs, PlanMistake, Route, plan, resolve};
use crate::model::{
    Answer, Attributes, AutoScalingGroup, Batch, ConfigurationSettings, Covers, Environment, EnvironmentResources,
    EnvironmentStatus, HealthCheck, Key, Listener, LoadBalancer, Moment, OptionSetting, ScopeId, Snapshot, TargetGroup,
    Tier,
};

const SCOPE: ScopeId = ScopeId(0);
const LOAD_BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/awseb--AWSEB-1/50dc6c495c0c9188";
const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/awseb-AWSEB-1/73e2d6bc24d8a067";
const LISTENER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/awseb--AWSEB-1/50dc6c495c0c9188";
pub const PROCESS: &str = "aws:elasticbeanstalk:environment:process:default";

/// What is known, of which a test may change a piece.
#[derive(Clone)]
pub struct Stage {
    pub environment: Environment,
    pub attributes: Vec<(&'static str, &'static str)>,
    pub balancer_attributes: Vec<(&'static str, &'static str)>,
    pub health_check: HealthCheck,
    pub ssl_policy: &'static str,
    pub options: Vec<(&'static str, &'static str, Option<&'static str>)>,
    pub health_check_type: Option<&'static str>,
    /// Another environment's load balancer is this one, too.
    pub is_shared: bool,
}

impl Stage {
    pub fn new() -> Self {
        Self {
            environment: environment("e-1", "web"),
            attributes: vec![
                ("deregistration_delay.timeout_seconds", "20"),
                ("stickiness.enabled", "true"),
                ("stickiness.type", "lb_cookie"),
                ("stickiness.lb_cookie.duration_seconds", "86400"),
                ("stickiness.app_cookie.cookie_name", ""),
                ("stickiness.app_cookie.duration_seconds", "86400"),
                ("load_balancing.algorithm.type", "round_robin"),
                ("slow_start.duration_seconds", "0"),
            ],
            balancer_attributes: vec![
                ("idle_timeout.timeout_seconds", "60"),
                ("deletion_protection.enabled", "false"),
                ("access_logs.s3.enabled", "false"),
            ],
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
            ssl_policy: "ELBSecurityPolicy-2016-08",
            options: vec![
                (PROCESS, "DeregistrationDelay", Some("20")),
                (PROCESS, "StickinessEnabled", Some("true")),
                (PROCESS, "StickinessLBCookieDuration", Some("86400")),
                (PROCESS, "HealthCheckPath", Some("/")),
                (PROCESS, "HealthCheckInterval", None),
                (PROCESS, "Port", Some("80")),
                (PROCESS, "Protocol", Some("HTTP")),
                ("aws:elbv2:loadbalancer", "IdleTimeout", None),
                ("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", Some("false")),
            ],
            health_check_type: Some("EC2"),
            is_shared: false,
        }
    }

    /// Sets another live value of the target group.
    pub fn live(mut self, key: &'static str, value: &'static str) -> Self {
        self.attributes.retain(|(known, _)| *known != key);
        self.attributes.push((key, value));
        self
    }

    /// Sets another value of an option.
    pub fn option(mut self, namespace: &'static str, name: &'static str, value: Option<&'static str>) -> Self {
        self.options.retain(|(known, option, _)| (*known, *option) != (namespace, name));
        self.options.push((namespace, name, value));
        self
    }

    pub fn status(mut self, status: EnvironmentStatus) -> Self {
        self.environment.status = status;
        self
    }

    /// Returns what was read, and its links.
    fn read(&self) -> Snapshot {
        let mut snapshot = Snapshot::new(self.environment.key.scope, Moment::EPOCH);
        let mut put = |answer| drop(snapshot.apply_batch(Batch { covers: Covers::All, answer }, Moment::EPOCH));
        let mut environments = vec![self.environment.clone()];
        environments.extend(self.is_shared.then(|| environment("e-2", "other")));
        put(Answer::Environments(environments));
        put(Answer::LoadBalancers(vec![load_balancer()]));
        put(Answer::TargetGroups(vec![self.group()]));
        let tag = |id: &str| Attributes::from([("elasticbeanstalk:environment-id".into(), Arc::from(id))]);
        put(Answer::Tags(vec![(self.group().key.tagged(), tag("e-1")), (load_balancer().key.tagged(), tag("e-1"))]));
        put(Answer::Resources(EnvironmentResources {
            environment: self.environment.key.clone(),
            load_balancers: vec![LOAD_BALANCER.into()],
            auto_scaling_groups: vec!["asg-1".into()],
            instances: Vec::new(),
            queues: Vec::new(),
            cluster: None,
        }));
        put(Answer::AutoScalingGroups(vec![self.scaling()]));
        put(Answer::Listeners(load_balancer().key, [80, 443].map(|port| self.listener(port)).to_vec()));
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        put(Answer::TargetGroupAttributes(self.group().key, map(&self.attributes)));
        put(Answer::LoadBalancerAttributes(load_balancer().key, map(&self.balancer_attributes)));
        let option = |(namespace, name, value): &(&str, &str, Option<&str>)| OptionSetting {
            namespace: (*namespace).into(),
            name: (*name).into(),
            value: value.map(Into::into),
        };
        let options = self.options.iter().map(option).collect();
        put(Answer::Settings(ConfigurationSettings { environment: self.environment.key.clone(), options }));
        snapshot
    }

    /// Does something with what is known.
    pub fn with<T>(&self, then: impl FnOnce(&PlanInputs<'_>) -> T) -> T {
        let snapshot = self.read();
        let environment = snapshot.environment(&self.environment.key).unwrap();
        then(&PlanInputs { snapshot: &snapshot, environment })
    }

    pub fn plan(&self, wishes: &[(&str, &str)], route: Option<Route>) -> Result<Plan, PlanMistake> {
        let wishes: Vec<_> = wishes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        self.with(|basis| resolve(basis, &wishes, None).and_then(|change| plan(basis, &change, route)))
    }

    pub fn group(&self) -> TargetGroup {
        TargetGroup {
            key: Key::new(SCOPE, GROUP),
            name: "awseb-AWSEB-1".into(),
            protocol: Some("HTTP".into()),
            port: Some(80),
            vpc: None,
            target_type: Some("instance".into()),
            load_balancers: vec![load_balancer().key],
            protocol_version: None,
            target_control_port: None,
            health_check: self.health_check.clone(),
        }
    }

    fn scaling(&self) -> AutoScalingGroup {
        AutoScalingGroup {
            key: Key::new(SCOPE, "asg-1"),
            target_groups: vec![self.group().key],
            health_check_type: self.health_check_type.map(Into::into),
            classic_names: Vec::new(),
            size: (1, 4, 2),
            instances: Vec::new(),
            leaving: Vec::new(),
            suspended: Vec::new(),
            grace_seconds: None,
        }
    }

    fn listener(&self, port: i32) -> Listener {
        let is_secure = port == 443;
        Listener {
            key: Key::new(SCOPE, format!("{LISTENER}/{port:016}")),
            load_balancer: load_balancer().key,
            protocol: Some(if is_secure { "HTTPS" } else { "HTTP" }.into()),
            port: Some(port),
            ssl_policy: is_secure.then(|| self.ssl_policy.into()),
            certificates: if is_secure { vec!["arn:aws:acm:eu-west-1:1:certificate/a".into()] } else { Vec::new() },
            default_actions: Vec::new(),
        }
    }
}

pub fn load_balancer() -> LoadBalancer {
    let key = Key::new(SCOPE, LOAD_BALANCER);
    LoadBalancer { dns_name: Some("lb.example".into()), ..LoadBalancer::new(key, "awseb--AWSEB-1") }
}

fn environment(id: &str, name: &str) -> Environment {
    Environment {
        version: Some("v1".into()),
        endpoint_url: Some("lb.example".into()),
        tier: Some(Tier::Web),
        ..Environment::new(Key::new(SCOPE, id), name, "shop", EnvironmentStatus::Ready)
    }
}
