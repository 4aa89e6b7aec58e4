//! Links by every kind of evidence, and what an environment is for which no load balancer is found.

use std::sync::Arc;

use crate::model::{
    Answer, Attributes, AutoScalingGroup, Balancer, Batch, Condition, Covers, Environment, EnvironmentResources,
    EnvironmentStatus, Evidence, HealthCheck, Inventory, Key, Listener, LoadBalancer, Priority, Rule, RuleAction,
    ScopeId, TargetGroup, Tier, Topology, WeightedTargetGroup, link,
};

use super::inventory::{at, environment};

pub(super) const SCOPE: ScopeId = ScopeId(0);

/// The snapshot of a region with one environment, `a`, and others beside it.
#[derive(Default)]
pub(super) struct Region {
    pub inventory: Inventory,
}

pub(super) fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:elasticloadbalancing:eu-west-1:1:{kind}/{name}/0123456789abcdef")
}

pub(super) fn balancer(name: &str) -> Key<LoadBalancer> {
    Key::new(SCOPE, arn("loadbalancer/app", name))
}

pub(super) fn group(name: &str) -> Key<TargetGroup> {
    Key::new(SCOPE, arn("targetgroup", name))
}

impl Region {
    fn put(mut self, answer: Answer) -> Self {
        self.inventory.replace(Batch { covers: Covers::Only, answer }, at(0));
        self
    }

    pub fn environment(self, environment: Environment) -> Self {
        self.put(Answer::Environments(vec![environment]))
    }

    pub fn balancer(self, key: Key<LoadBalancer>, name: &str) -> Self {
        self.put(Answer::LoadBalancers(vec![LoadBalancer {
            key,
            name: name.into(),
            dns_name: Some(format!("{name}.elb.example").into()),
            scheme: None,
            state: None,
            vpc: None,
            zones: Vec::new(),
            security_groups: Vec::new(),
            created: None,
        }]))
    }

    pub fn group(self, name: &str, on: &str) -> Self {
        self.put(Answer::TargetGroups(vec![TargetGroup {
            key: group(name),
            name: name.into(),
            protocol: None,
            port: None,
            vpc: None,
            protocol_version: None,
            target_control_port: None,
            target_type: None,
            load_balancers: vec![balancer(on)],
            health_check: HealthCheck::default(),
        }]))
    }

    fn tags(self, arn: &Arc<str>, tags: &[(&str, &str)]) -> Self {
        let tags = tags.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect::<Attributes>();
        self.put(Answer::Tags(vec![(Key::new(SCOPE, Arc::clone(arn)), tags)]))
    }

    fn tagged(self, arn: &Arc<str>, environment: &str) -> Self {
        self.tags(arn, &[("elasticbeanstalk:environment-id", environment)])
    }

    fn resources(self, change: impl FnOnce(&mut EnvironmentResources)) -> Self {
        let mut resources = EnvironmentResources {
            environment: Key::new(SCOPE, "e-a"),
            load_balancers: Vec::new(),
            auto_scaling_groups: Vec::new(),
            instances: Vec::new(),
            queues: Vec::new(),
            cluster: None,
        };
        change(&mut resources);
        self.put(Answer::Resources(resources))
    }

    fn scaled(self, groups: &[&str]) -> Self {
        let named = self.resources(|it| it.auto_scaling_groups = vec!["asg".into()]);
        named.put(Answer::AutoScalingGroups(vec![AutoScalingGroup {
            key: Key::new(SCOPE, "asg"),
            target_groups: groups.iter().map(|name| group(name)).collect(),
            classic_names: Vec::new(),
            health_check_type: None,
            size: (1, 1, 1),
            instances: Vec::new(),
            leaving: Vec::new(),
            suspended: Vec::new(),
            grace_seconds: Some(300),
        }]))
    }

    fn link(&self) -> Topology {
        link(&self.inventory)
    }

    /// The target groups of [`Region::short`] alone.
    fn groups(&self) -> String {
        self.short().split_once(", ").map(|(_, groups)| groups.to_owned()).unwrap_or_default()
    }

    /// The kind of `a`, its load balancer and its target groups, each with its evidence, in short.
    fn short(&self) -> String {
        let topology = self.link();
        let link = topology.link(&Key::new(SCOPE, "e-a")).unwrap();
        let name = |id: &str| id.split('/').rev().nth(1).unwrap_or(id).to_owned();
        let words = |set: crate::model::EvidenceSet| set.iter().map(Evidence::as_str).collect::<Vec<_>>().join("+");
        let balancer = link.load_balancer.as_ref().map(|(key, by)| format!(" {} by {}", name(&key.id), words(*by)));
        let groups = link.groups.iter().map(|it| format!(", {} by {}", name(&it.key.id), words(it.evidence)));
        format!("{}{}{}", link.balancer.as_str(), balancer.unwrap_or_default(), groups.collect::<String>())
    }
}

/// Returns `a` with an endpoint that is not evidence.
fn bare() -> Environment {
    Environment { endpoint_url: None, cname: Some("A.example".into()), ..environment("a") }
}

fn with_endpoint(endpoint: &str) -> Environment {
    Environment { endpoint_url: Some(endpoint.into()), ..bare() }
}

#[test]
fn an_environment_without_a_load_balancer_is_what_its_tier_its_endpoint_or_its_resources_say() {
    let classic = "awseb-e-x-AWSEBLoa-1-2.eu-west-1.elb.amazonaws.com";
    let of_tier = |tier| Region::default().environment(Environment { tier: Some(tier), ..bare() });
    let known = |region: Region| region.balancer(balancer("other"), "other");
    let with = |change: fn(&mut EnvironmentResources)| Region::default().environment(bare()).resources(change);
    let network = Key::new(SCOPE, arn("loadbalancer/net", "nlb"));
    let gateway = Key::new(SCOPE, arn("loadbalancer/gwy", "gwy"));
    for (state, region, expected) in vec![
        ("nothing is known", Region::default().environment(bare()), "unknown"),
        ("a worker", of_tier(Tier::Worker), "worker"),
        ("a cluster", of_tier(Tier::Cluster), "cluster"),
        ("a web server", of_tier(Tier::Web), "unknown"),
        ("an address", Region::default().environment(with_endpoint("10.0.0.1")), "single"),
        ("a cluster by its resources", with(|it| it.cluster = Some("c".into())), "cluster"),
        ("a queue", with(|it| it.queues = vec!["q".into()]), "worker"),
        ("an instance and no balancer", with(|it| it.instances = vec!["i-1".into()]), "single"),
        ("no instance", with(|_| {}), "unknown"),
        ("a classic one by name", with(|it| it.load_balancers = vec!["awseb-classic".into()]), "classic"),
        (
            "a classic one's DNS name, before the list is read",
            Region::default().environment(with_endpoint(classic)),
            "unknown",
        ),
        (
            "a classic one's DNS name that is not listed",
            known(Region::default().environment(with_endpoint(classic))),
            "classic",
        ),
        ("another DNS name", known(Region::default().environment(with_endpoint("x.elb.amazonaws.com"))), "unknown"),
        ("that name elsewhere", known(Region::default().environment(with_endpoint("x-awsebloa-.example"))), "unknown"),
        (
            "an NLB",
            Region::default().environment(with_endpoint("nlb.elb.example")).balancer(network, "nlb"),
            "network nlb by dns_name",
        ),
        (
            "a gateway",
            Region::default().environment(with_endpoint("gwy.elb.example")).balancer(gateway, "gwy"),
            "unknown gwy by dns_name",
        ),
    ] {
        assert_eq!(region.short(), expected, "{state}");
    }
    let classic = with(|it| it.load_balancers = vec!["awseb-classic".into()]).link();
    assert_eq!(classic.link(&Key::new(SCOPE, "e-a")).unwrap().classic_name.as_deref(), Some("awseb-classic"));
}

#[test]
fn a_load_balancer_is_found_by_each_kind_of_evidence() {
    let lb = || Region::default().environment(bare()).balancer(balancer("awseb-1"), "awseb-1").group("g", "awseb-1");
    for (state, region, expected) in [
        ("nothing", lb(), "unknown"),
        (
            "resources",
            lb().resources(|it| it.load_balancers = vec![balancer("awseb-1").id]),
            "application awseb-1 by resources, g by only_environment",
        ),
        (
            "its tag",
            lb().tagged(&balancer("awseb-1").id, "e-a"),
            "application awseb-1 by load_balancer_tag, g by only_environment",
        ),
        ("another's tag", lb().tagged(&balancer("awseb-1").id, "e-b"), "unknown"),
        (
            "a group's tag",
            lb().tagged(&group("g").id, "e-a"),
            "application awseb-1 by target_group_tag, g by target_group_tag+only_environment",
        ),
        (
            "an Auto Scaling group",
            lb().scaled(&["g"]),
            "application awseb-1 by auto_scaling_group, g by auto_scaling_group+only_environment",
        ),
        (
            "its endpoint, in another case",
            lb().environment(with_endpoint("AWSEB-1.elb.example")),
            "application awseb-1 by dns_name, g by only_environment",
        ),
        (
            "terminated",
            lb().environment(Environment {
                status: EnvironmentStatus::Terminated,
                ..with_endpoint("awseb-1.elb.example")
            }),
            "unknown",
        ),
    ] {
        assert_eq!(region.short(), expected, "{state}");
    }
}

#[test]
fn groups_that_are_evidently_not_its_own_are_left_out() {
    let lb = || {
        let region = Region::default().environment(with_endpoint("awseb-1.elb.example"));
        region.balancer(balancer("awseb-1"), "awseb-1").group("g", "awseb-1").group("h", "awseb-1")
    };
    for (state, region, groups) in [
        ("no tags are known", lb(), "g by only_environment, h by only_environment"),
        ("one is another's", lb().tagged(&group("h").id, "e-b"), "g by only_environment"),
        (
            "one is its own, of the other nothing is known",
            lb().tagged(&group("g").id, "e-a"),
            "g by target_group_tag+only_environment, h by only_environment",
        ),
        (
            "one is its own, the other has no tag",
            lb().tagged(&group("g").id, "e-a").tags(&group("h").id, &[]),
            "g by target_group_tag+only_environment",
        ),
        (
            "neither has a tag",
            lb().tags(&group("g").id, &[]).tags(&group("h").id, &[]),
            "g by only_environment, h by only_environment",
        ),
    ] {
        assert_eq!(region.groups(), groups, "{state}");
    }
    let disagreeing = lb().tagged(&group("h").id, "e-b").scaled(&["h"]);
    let topology = disagreeing.link();
    let link = topology.link(&Key::new(SCOPE, "e-a")).unwrap();
    assert_eq!(
        link.disagreements,
        ["a: target group h is used by its Auto Scaling group, but tagged with e-b"],
        "{}",
        disagreeing.short()
    );
}

/// `a` and `b` on one load balancer, with rules for host names that forward to these groups.
fn shared(rules: &[(&str, &str, &str)]) -> Region {
    let listener: Key<Listener> = Key::new(SCOPE, "listener");
    let rule = |(place, (field, value, to)): (usize, &(&str, &str, &str))| Rule {
        key: Key::new(SCOPE, format!("rule/{place}")),
        listener: listener.clone(),
        priority: Priority::Number(place as u32 + 1),
        conditions: vec![Condition {
            field: (*field).into(),
            name: None,
            values: vec!["x.example".into(), (*value).into()],
        }],
        actions: vec![RuleAction::Forward {
            groups: vec![WeightedTargetGroup { target_group: group(to), weight: 1 }],
            group_stickiness: None,
        }],
    };
    let of_listener = Listener {
        key: listener.clone(),
        load_balancer: balancer("common"),
        protocol: None,
        port: Some(80),
        ssl_policy: None,
        certificates: Vec::new(),
        default_actions: Vec::new(),
    };
    let second = Environment { endpoint_url: Some("common.elb.example".into()), ..environment("b") };
    let region = Region::default().environment(with_endpoint("common.elb.example")).environment(second);
    let region = region.balancer(balancer("common"), "common").group("g", "common").group("h", "common");
    let region = region.put(Answer::Listeners(balancer("common"), vec![of_listener]));
    region.put(Answer::Rules(listener.clone(), rules.iter().enumerate().map(rule).collect()))
}

#[test]
fn on_a_shared_load_balancer_a_rule_for_the_cname_proposes_a_group() {
    for (state, region, groups) in [
        ("no rule", shared(&[]), ""),
        ("for its CNAME", shared(&[("host-header", "a.EXAMPLE", "g")]), "g by host_rule"),
        ("for another", shared(&[("host-header", "b.example", "g")]), ""),
        ("for a path", shared(&[("path-pattern", "a.example", "g")]), ""),
        ("to another's group", shared(&[("host-header", "a.example", "g")]).tagged(&group("g").id, "e-b"), ""),
        (
            "to its own",
            shared(&[("host-header", "a.example", "g")]).tagged(&group("g").id, "e-a"),
            "g by target_group_tag+host_rule",
        ),
        ("to a group that is not known", shared(&[("host-header", "a.example", "gone")]), ""),
    ] {
        let short = region.short();
        assert!(short.starts_with("application_shared common by"), "{state}: {short}");
        assert_eq!(region.groups(), groups, "{state}");
    }
}

#[test]
fn a_load_balancer_that_others_may_use_is_shared() {
    let lb = |name: &str| {
        let region = Region::default().environment(with_endpoint(&format!("{name}.elb.example")));
        region.balancer(balancer(name), name).group("g", name)
    };
    let counted = [("elasticbeanstalk:shared-elb-environment-count", "1")];
    for (state, region, balancer) in [
        ("named by Beanstalk", lb("awseb-1"), Balancer::Application),
        ("named by hand", lb("mine"), Balancer::ApplicationShared),
        ("named by hand, with its tag", lb("mine").tagged(&balancer("mine").id, "e-a"), Balancer::Application),
        ("with a count", lb("awseb-1").tags(&balancer("awseb-1").id, &counted), Balancer::ApplicationShared),
    ] {
        let topology = region.link();
        assert_eq!(topology.link(&Key::new(SCOPE, "e-a")).map(|it| it.balancer), Some(balancer), "{state}");
    }
}

#[test]
fn what_hangs_where_and_what_nobody_uses() {
    let region = shared(&[]).tagged(&group("h").id, "e-b");
    let region = region.balancer(balancer("z-unused"), "z-unused").balancer(balancer("a-unused"), "a-unused");
    let topology = region.group("lost", "elsewhere").link();
    assert_eq!(topology.groups_on(&balancer("common")), [group("g"), group("h")]);
    assert_eq!(topology.groups_on(&balancer("a-unused")), []);
    let users = topology.environments_of(&balancer("common"));
    assert_eq!(users, [Key::new(SCOPE, "e-a"), Key::new(SCOPE, "e-b")]);
    assert_eq!(topology.owner_of(&group("h")), Some(&Key::new(SCOPE, "e-b")));
    assert_eq!(topology.owner_of(&group("g")), None);
    let unowned: Vec<_> = topology.unowned().iter().cloned().collect();
    assert_eq!(unowned, [balancer("a-unused"), balancer("z-unused")]);
}
