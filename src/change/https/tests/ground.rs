//! An environment with an Application Load Balancer of its own and a listener on port 80, of which a test changes a piece.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::change::Route;
use crate::change::https::{Candidate, Choice, HostNames, HttpsInputs, Origin, Redirecting, candidates};
use crate::model::{
    Answer, Attributes, Batch, Certificate, Condition, ConfigurationSettings, Covers, Environment, EnvironmentStatus,
    Fault, FaultKind, HealthCheck, Ingress, Key, Listener, LoadBalancer, Moment, OptionSetting, Priority, Rule,
    RuleAction, ScopeId, SecurityGroup, Service, Snapshot, TargetGroup, Tier, TlsPolicy, TrafficSource,
    WeightedTargetGroup,
};

pub const SCOPE: ScopeId = ScopeId(0);
pub const LOAD_BALANCER: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/awseb--AWSEB-1/50dc6c495c0c9188";
pub const HTTP: &str = "arn:listener/80";
pub const HTTPS: &str = "arn:listener/443";
pub const CERTIFICATE: &str = "arn:certificate/shop";
pub const POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// What is known.
pub struct Ground {
    pub environment: Environment,
    pub load_balancers: Vec<LoadBalancer>,
    pub listeners: Vec<Listener>,
    /// The rules of port 80; `None` while they are not read.
    pub rules: Option<Vec<Rule>>,
    pub options: Vec<(&'static str, &'static str, &'static str)>,
    pub groups: Vec<SecurityGroup>,
    pub instances: Result<BTreeMap<Arc<str>, usize>, Arc<Fault>>,
    pub target_groups: Vec<TargetGroup>,
    pub tags: Vec<(Arc<str>, Attributes)>,
}

impl Ground {
    pub fn new() -> Self {
        let tag = |id: &str| (Arc::from(id), own_tag("e-1"));
        Self {
            environment: environment("e-1"),
            load_balancers: vec![load_balancer("awseb--AWSEB-1", &["sg-1"])],
            listeners: vec![listener(80)],
            rules: Some(vec![rule(None, vec![], vec![forward("web")])]),
            options: Vec::new(),
            groups: vec![security_group("sg-1", vec![tcp(80, "0.0.0.0/0")])],
            instances: Ok(BTreeMap::new()),
            target_groups: vec![target_group("web")],
            tags: vec![tag(LOAD_BALANCER), tag(&arn("web"))],
        }
    }

    /// Returns a region with these rules on port 80 beside the default one.
    pub fn rules(rules: &[Rule]) -> Self {
        let mut ground = Self::new();
        ground.rules.iter_mut().for_each(|known| known.extend_from_slice(rules));
        ground
    }

    /// Port 80 does this by default.
    pub fn default_actions(mut self, actions: Vec<RuleAction>) -> Self {
        self.listeners[0].default_actions = actions;
        self
    }

    /// Another one, changed like this.
    pub fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut ground = Self::new();
        change(&mut ground);
        ground
    }

    pub fn site(&self) -> HttpsInputs {
        let mut snapshot = Snapshot::new(SCOPE, Moment::EPOCH);
        let mut put = |answer| drop(snapshot.apply_batch(Batch { covers: Covers::All, answer }, Moment::EPOCH));
        put(Answer::Environments(vec![self.environment.clone()]));
        put(Answer::LoadBalancers(self.load_balancers.clone()));
        put(Answer::TargetGroups(self.target_groups.clone()));
        let tags = self.tags.iter().map(|(arn, tags)| (Key::new(SCOPE, Arc::clone(arn)), tags.clone()));
        put(Answer::Tags(tags.collect()));
        put(Answer::Listeners(Key::new(SCOPE, LOAD_BALANCER), self.listeners.clone()));
        if let Some(rules) = &self.rules {
            put(Answer::Rules(Key::new(SCOPE, HTTP), rules.clone()));
        }
        let option = |(namespace, name, value): &(&str, &str, &str)| OptionSetting {
            namespace: (*namespace).into(),
            name: (*name).into(),
            value: Some((*value).into()),
        };
        let options = self.options.iter().map(option).collect();
        put(Answer::Settings(ConfigurationSettings { environment: self.environment.key.clone(), options }));
        HttpsInputs {
            snapshot,
            environment: self.environment.clone(),
            groups: self.groups.clone(),
            instances: self.instances.clone(),
            policies: Vec::new(),
            missing: None,
        }
    }
}

pub fn environment(id: &str) -> Environment {
    Environment {
        key: Key::new(SCOPE, id),
        name: "Shop".into(),
        application: "shop".into(),
        version: None,
        platform: None,
        platform_arn: None,
        endpoint_url: Some("awseb--AWSEB-1.elb.example".into()),
        cname: None,
        created: None,
        updated: None,
        status: EnvironmentStatus::Ready,
        abortable: false,
        health: None,
        health_status: None,
        tier: Some(Tier::Web),
        arn: None,
    }
}

pub fn own_tag(environment: &str) -> Attributes {
    Attributes::from([("elasticbeanstalk:environment-id".into(), environment.into())])
}

pub fn load_balancer(name: &str, groups: &[&str]) -> LoadBalancer {
    LoadBalancer {
        key: Key::new(SCOPE, LOAD_BALANCER.replace("awseb--AWSEB-1", name)),
        name: name.into(),
        dns_name: Some(format!("{name}.elb.example").into()),
        scheme: None,
        state: None,
        vpc: Some("vpc-1".into()),
        zones: Vec::new(),
        security_groups: groups.iter().map(|it| (*it).into()).collect(),
        created: None,
    }
}

pub fn arn(group: &str) -> String {
    format!("arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/{group}/0123456789abcdef")
}

pub fn target_group(name: &str) -> TargetGroup {
    TargetGroup {
        key: Key::new(SCOPE, arn(name)),
        name: name.into(),
        protocol: Some("HTTP".into()),
        port: Some(80),
        vpc: None,
        protocol_version: None,
        target_control_port: None,
        target_type: None,
        load_balancers: vec![Key::new(SCOPE, LOAD_BALANCER)],
        health_check: HealthCheck::default(),
    }
}

/// The listener of port 80 or 443, which forwards to `web`.
pub fn listener(port: i32) -> Listener {
    let is_secure = port == 443;
    Listener {
        key: Key::new(SCOPE, if is_secure { HTTPS } else { HTTP }),
        load_balancer: Key::new(SCOPE, LOAD_BALANCER),
        protocol: Some(if is_secure { "HTTPS" } else { "HTTP" }.into()),
        port: Some(port),
        ssl_policy: is_secure.then(|| POLICY.into()),
        certificates: if is_secure { vec![CERTIFICATE.into()] } else { Vec::new() },
        default_actions: vec![forward("web")],
    }
}

pub fn forward(group: &str) -> RuleAction {
    let to = WeightedTargetGroup { target_group: Key::new(SCOPE, arn(group)), weight: 1 };
    RuleAction::Forward { groups: vec![to], group_stickiness: None }
}

pub fn redirect(status: &str) -> RuleAction {
    let text = |text: &str| text.into();
    RuleAction::Redirect {
        protocol: text("HTTPS"),
        port: text("443"),
        host: text("#{host}"),
        path: text("/#{path}"),
        status: text(status),
    }
}

/// A rule of port 80; without a priority the default one.
pub fn rule(priority: Option<u32>, conditions: Vec<Condition>, actions: Vec<RuleAction>) -> Rule {
    Rule {
        key: Key::new(SCOPE, format!("arn:rule/{}", priority.unwrap_or(0))),
        listener: Key::new(SCOPE, HTTP),
        priority: priority.map_or(Priority::Default, Priority::Number),
        conditions,
        actions,
    }
}

pub fn condition(field: &str, values: &[&str]) -> Condition {
    Condition { field: field.into(), name: None, values: values.iter().map(|it| (*it).into()).collect() }
}

/// A rule that redirects every path with this status.
pub fn redirecting(priority: u32, status: &str) -> Rule {
    rule(Some(priority), vec![condition("path-pattern", &["/*"])], vec![redirect(status)])
}

/// A rule that forwards one path.
pub fn special(priority: u32) -> Rule {
    rule(Some(priority), vec![condition("path-pattern", &["/api"])], vec![forward("web")])
}

/// A security group with the environment's tag.
pub fn security_group(id: &str, ingress: Vec<Ingress>) -> SecurityGroup {
    let key = Key::new(SCOPE, id);
    SecurityGroup {
        key,
        name: format!("{id}-name").into(),
        vpc: Some("vpc-1".into()),
        tags: own_tag("e-1"),
        ingress,
        egress: Vec::new(),
    }
}

pub fn tcp(port: i32, range: &str) -> Ingress {
    Ingress { protocol: "tcp".into(), ports: Some((port, port)), source: v4(range) }
}

pub fn v4(range: &str) -> TrafficSource {
    TrafficSource::Ipv4(range.into())
}

pub fn fault() -> Arc<Fault> {
    Arc::new(Fault {
        kind: FaultKind::Denied,
        service: Service::Ec2,
        operation: "DescribeNetworkInterfaces",
        code: Some("UnauthorizedOperation".into()),
        message: "no".into(),
        details: None,
        request_id: None,
    })
}

pub fn certificate(names: &[&str]) -> Certificate {
    Certificate {
        key: Key::new(SCOPE, CERTIFICATE),
        domain: names.first().map(|it| (*it).into()),
        names: names.iter().map(|it| (*it).into()).collect(),
        has_more_names: false,
        key_algorithm: Some("RSA_2048".into()),
        status: Some("ISSUED".into()),
        not_after: Some(day(90)),
    }
}

/// Returns the moment so many days after the beginning.
pub fn day(days: u64) -> Moment {
    Moment::EPOCH.plus(std::time::Duration::from_hours(24 * days))
}

pub fn hosts(names: &[&str]) -> HostNames {
    HostNames { names: names.iter().map(|it| (*it).into()).collect(), origin: Origin::Configured }
}

/// This certificate, judged on the first day for these host names.
pub fn candidate(certificate: &Certificate, names: &[&str]) -> Candidate {
    candidates([certificate].into_iter(), &hosts(names), day(0)).remove(0)
}

/// Returns a certificate for `shop.example.com`, valid for 90 days, for a listener made on the load balancer.
pub fn choice(redirecting: Redirecting) -> Choice {
    Choice {
        certificate: candidate(&certificate(&["shop.example.com"]), &["shop.example.com"]),
        policy: TlsPolicy { name: POLICY.into(), protocols: vec!["TLSv1.2".into(), "TLSv1.3".into()] },
        redirecting,
        route: Route::Elb,
    }
}
