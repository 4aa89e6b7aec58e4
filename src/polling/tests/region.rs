//! A small region; each test chooses what is known: `web` has an ALB of its own, `shop` and `chat` share one, `tcp` is
//! behind an NLB, of `lone` nothing is known, and `jobs` is a worker. ALBs have zones `a` and `b`.

use std::sync::Arc;
use std::time::Duration;

use super::{at, fault};
use crate::config;
use crate::model::{
    Answer, Attributes, Batch, Covers, Environment, EnvironmentResources, EnvironmentStatus, FaultKind, HealthCheck,
    HealthStatus, Key, Listener, LoadBalancer, Moment, RuleAction, ScopeId, Snapshot, Source, Target, TargetGroup,
    TargetState, Tier, WeightedTargetGroup,
};
use crate::polling::{Cadences, Question, Want, wants};

pub const SCOPE: ScopeId = ScopeId(0);

/// The snapshot of the region.
pub struct Region {
    pub snapshot: Snapshot,
    pub cadences: Cadences,
}

pub fn environment(name: &str) -> Environment {
    let balancer = match name {
        "web" => Some("awseb-web"),
        "shop" | "chat" => Some("common"),
        "tcp" => Some("net"),
        _ => None,
    };
    Environment {
        key: key(name),
        name: name.into(),
        application: format!("{name}-app").into(),
        version: None,
        platform: None,
        platform_arn: None,
        endpoint_url: balancer.map(|it| format!("{it}.elb.example").into()),
        cname: None,
        created: None,
        updated: None,
        status: EnvironmentStatus::Ready,
        abortable: false,
        health: None,
        health_status: Some(HealthStatus::Ok),
        tier: Some(if name == "jobs" { Tier::Worker } else { Tier::Web }),
        arn: None,
    }
}

/// The key of the environment of this name.
pub fn key(name: &str) -> Key<Environment> {
    Key::new(SCOPE, format!("e-{name}"))
}

pub fn balancer(name: &str) -> Key<LoadBalancer> {
    let kind = if name == "net" { "net" } else { "app" };
    Key::new(SCOPE, format!("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/{kind}/{name}/0123456789abcdef"))
}

pub fn group(name: &str) -> Key<TargetGroup> {
    Key::new(SCOPE, format!("arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/{name}/0123456789abcdef"))
}

pub fn listener(port: i32) -> Key<Listener> {
    Key::new(SCOPE, format!("listener/{port}"))
}

fn load_balancer(name: &str) -> LoadBalancer {
    LoadBalancer {
        key: balancer(name),
        name: name.into(),
        dns_name: Some(format!("{name}.elb.example").into()),
        scheme: None,
        state: None,
        vpc: None,
        zones: vec!["a".into(), "b".into()],
        security_groups: Vec::new(),
        created: None,
    }
}

fn target_group(name: &str, on: &str) -> TargetGroup {
    TargetGroup {
        key: group(name),
        name: name.into(),
        protocol: None,
        port: Some(80),
        vpc: None,
        protocol_version: None,
        target_control_port: None,
        target_type: None,
        load_balancers: vec![balancer(on)],
        health_check: HealthCheck::default(),
    }
}

impl Region {
    /// Nothing was read.
    pub fn unread() -> Self {
        Self { snapshot: Snapshot::new(SCOPE, at(0)), cadences: Cadences::new(&config::defaults()) }
    }

    /// The lists on which everything else hangs were read.
    pub fn listed() -> Self {
        let mut region = Self::unread();
        region.environments(["web", "shop", "chat", "tcp", "lone", "jobs"].map(environment));
        region.put(Answer::LoadBalancers(["awseb-web", "common", "net"].map(load_balancer).into()));
        let groups = [("web-1", "awseb-web"), ("shop-1", "common"), ("chat-1", "common"), ("tcp-1", "net")];
        region.put(Answer::TargetGroups(groups.map(|(name, on)| target_group(name, on)).into()));
        for source in [Source::Environments(SCOPE), Source::LoadBalancers(SCOPE), Source::TargetGroups(SCOPE)] {
            region.read(&source);
        }
        region
    }

    /// The same, and each target group has the tag of its environment.
    pub fn tagged() -> Self {
        let mut region = Self::listed();
        for name in ["web", "shop", "chat", "tcp"] {
            region.tag(&format!("{name}-1"), Some(name));
        }
        region
    }

    pub fn environments(&mut self, environments: impl Into<Vec<Environment>>) {
        self.put(Answer::Environments(environments.into()));
    }

    pub fn put(&mut self, answer: Answer) {
        self.snapshot.apply_batch(Batch { covers: Covers::Only, answer }, at(0));
    }

    /// This source was read with success.
    pub fn read(&mut self, source: &Source) {
        self.snapshot.reads.answered(source, at(0));
    }

    /// This source failed.
    pub fn fail(&mut self, source: &Source, kind: FaultKind) {
        self.snapshot.reads.failed(source, at(0), &fault(kind));
    }

    /// The tags of a target group were read; they name this environment, or none.
    pub fn tag(&mut self, name: &str, environment: Option<&str>) {
        let tag = |it: &str| (Arc::from("elasticbeanstalk:environment-id"), key(it).id);
        self.put(Answer::Tags(vec![(group(name).tagged(), environment.map(tag).into_iter().collect::<Attributes>())]));
        self.read(&Source::TargetGroupTags(group(name)));
    }

    /// Beanstalk names this Auto Scaling group for an environment.
    pub fn resources(&mut self, environment: &str, scaling: &str) {
        self.put(Answer::Resources(EnvironmentResources {
            environment: key(environment),
            load_balancers: Vec::new(),
            auto_scaling_groups: vec![scaling.into()],
            instances: Vec::new(),
            queues: Vec::new(),
            cluster: None,
        }));
    }

    /// A load balancer has these listeners: protocol, port, and the target group to which each forwards.
    pub fn listeners(&mut self, on: &str, listeners: &[(&str, i32, &str)]) {
        let listener = |(protocol, port, to): &(&str, i32, &str)| Listener {
            key: listener(*port),
            load_balancer: balancer(on),
            protocol: Some((*protocol).into()),
            port: Some(*port),
            ssl_policy: None,
            certificates: Vec::new(),
            default_actions: vec![RuleAction::Forward {
                groups: vec![WeightedTargetGroup { target_group: group(to), weight: 1 }],
                group_stickiness: None,
            }],
        };
        self.put(Answer::Listeners(balancer(on), listeners.iter().map(listener).collect()));
    }

    /// A target group has these targets.
    pub fn targets(&mut self, of: &str, ids: &[&str]) {
        let target = |id: &&str| Target {
            id: Arc::from(*id),
            port: Some(80),
            availability_zone: None,
            state: TargetState::Healthy,
            reason: None,
            description: None,
        };
        self.put(Answer::TargetHealth(group(of), ids.iter().map(target).collect()));
    }

    pub fn wants(&self, question: Question) -> Vec<Want> {
        wants(&self.snapshot, &self.cadences, &[question])
    }

    /// Returns what is read to answer a question: operation and subject of each, its cadence, and `hidden` if it is not
    /// on screen.
    pub fn plan(&self, question: Question) -> Vec<String> {
        self.wants(question).iter().map(line).collect()
    }
}

pub fn line(want: &Want) -> String {
    let subject = want.source.subject().map_or("", |id| {
        let parts: Vec<_> = id.split('/').collect();
        if id.starts_with("arn:") && parts.len() > 1 { parts[parts.len() - 2] } else { id }
    });
    let hidden = if want.visible { "" } else { " hidden" };
    let operation = want.source.operation().trim_start_matches("Describe");
    let series = if want.cost > 0 { format!(" {} series", want.cost) } else { String::new() };
    format!("{operation} {subject} {}s{hidden}{series}", want.cadence.as_secs()).replace("  ", " ")
}

/// So many seconds.
pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The minute of this number, since the region's beginning.
pub fn minute(number: u64) -> Moment {
    at(number * 60)
}

/// The region in this state.
pub fn with(mut region: Region, then: impl FnOnce(&mut Region)) -> Region {
    then(&mut region);
    region
}

/// Plans in which the order of a map shows.
pub fn check_set(state: &str, region: &Region, question: &Question, expected: &[&str]) {
    let mut plan = region.plan(question.clone());
    let mut expected: Vec<_> = expected.iter().map(|it| (*it).to_owned()).collect();
    plan.sort();
    expected.sort();
    assert_eq!(plan, expected, "{state}: {question:?}");
}
