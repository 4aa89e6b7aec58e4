//! Linking, over random regions of which random pieces are known: what is proven is true, and nothing has a wrong owner.

use std::collections::{BTreeMap, HashMap};

use beanpole::model::{
    Answer, Attributes, AutoScalingGroup, Batch, Condition, ConfigurationSettings, Covers, Environment,
    EnvironmentResources, EnvironmentStatus, HealthCheck, Inventory, Key, Listener, LoadBalancer, Moment,
    OptionSetting, Priority, Rule, RuleAction, ScopeId, Snapshot, Strength, TargetGroup, Tier, WeightedTargetGroup,
    link,
};
use proptest::prelude::*;

const SCOPE: ScopeId = ScopeId(0);

/// An environment of the truth: on which load balancer it is, how many groups it has, and which evidence is known.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each piece of evidence is known by itself or is not")]
struct Truth {
    load_balancer: usize,
    groups: usize,
    tagged: bool,
    resources: bool,
    scaled: bool,
    endpoint: bool,
}

fn truth() -> impl Strategy<Value = Truth> {
    (0..4_usize, 1..4_usize, any::<[bool; 4]>()).prop_map(|(load_balancer, groups, known)| {
        let [tagged, resources, scaled, endpoint] = known;
        Truth { load_balancer, groups, tagged, resources, scaled, endpoint }
    })
}

fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:elasticloadbalancing:eu-west-1:1:{kind}/{name}/0123456789abcdef")
}

fn balancer(at: usize) -> Key<LoadBalancer> {
    Key::new(SCOPE, arn("loadbalancer/app", &format!("awseb--AWSEB-{at}")))
}

fn group(environment: usize, at: usize) -> Key<TargetGroup> {
    Key::new(SCOPE, arn("targetgroup", &format!("awseb-AWSEB-{environment}-{at}")))
}

fn put(inventory: &mut Inventory, answer: Answer) {
    inventory.replace(Batch { covers: Covers::All, answer }, Moment::EPOCH);
}

/// Returns the inventory that follows from the truth.
fn inventory(truths: &[Truth], unowned: usize) -> Inventory {
    let mut inventory = Inventory::default();
    let environments = truths.iter().enumerate().map(|(at, truth)| environment(at, truth)).collect();
    put(&mut inventory, Answer::Environments(environments));
    put(&mut inventory, Answer::LoadBalancers((0..4).map(load_balancer).collect()));
    let mut groups = Vec::new();
    for (at, truth) in truths.iter().enumerate() {
        groups.extend((0..truth.groups).map(|of| target_group(group(at, of), balancer(truth.load_balancer))));
    }
    // A foreign group is attached to the first load balancer; it has no tag of Beanstalk's.
    groups.extend((0..unowned).map(|of| target_group(group(999, of), balancer(0))));
    put(&mut inventory, Answer::TargetGroups(groups));
    for (at, truth) in truths.iter().enumerate() {
        evidence(&mut inventory, at, truth);
    }
    inventory
}

fn evidence(inventory: &mut Inventory, at: usize, truth: &Truth) {
    let groups = || (0..truth.groups).map(|of| group(at, of));
    if truth.tagged {
        let tag: Attributes = BTreeMap::from([("elasticbeanstalk:environment-id".into(), id(at).into())]);
        put(inventory, Answer::Tags(groups().map(|group| (group.tagged(), tag.clone())).collect()));
    }
    if truth.resources || truth.scaled {
        put(
            inventory,
            Answer::Resources(EnvironmentResources {
                environment: Key::new(SCOPE, id(at)),
                load_balancers: if truth.resources { vec![balancer(truth.load_balancer).id] } else { Vec::new() },
                auto_scaling_groups: vec![format!("asg-{at}").into()],
                instances: Vec::new(),
                queues: Vec::new(),
                cluster: None,
            }),
        );
    }
    if truth.scaled {
        put(
            inventory,
            Answer::AutoScalingGroups(vec![AutoScalingGroup {
                key: Key::new(SCOPE, format!("asg-{at}")),
                target_groups: groups().collect(),
                classic_names: Vec::new(),
                health_check_type: None,
                size: (1, 1, 1),
                instances: Vec::new(),
                leaving: Vec::new(),
                suspended: Vec::new(),
                grace_seconds: None,
            }]),
        );
    }
}

/// One answer about a region: its kind, whether it is complete, and the truth that it contains.
#[derive(Clone, Debug)]
struct Step {
    kind: usize,
    covers_all: bool,
    truths: Vec<Truth>,
}

fn step() -> impl Strategy<Value = Step> {
    (0..10_usize, any::<bool>(), proptest::collection::vec(truth(), 0..6)).prop_map(|(kind, covers_all, truths)| Step {
        kind,
        covers_all,
        truths,
    })
}

impl Step {
    fn answers(&self) -> Vec<Answer> {
        let all = || self.truths.iter().enumerate();
        let groups = |at: usize, truth: &Truth| (0..truth.groups).map(move |of| group(at, of)).collect::<Vec<_>>();
        let tag = |at: usize, known: bool| {
            let tag = ("elasticbeanstalk:environment-id".into(), id(at).into());
            known.then_some(tag).into_iter().collect::<Attributes>()
        };
        match self.kind {
            0 => vec![Answer::Environments(all().map(|(at, truth)| named(at, truth)).collect())],
            1 => vec![Answer::LoadBalancers(all().map(|(_, truth)| load_balancer(truth.load_balancer)).collect())],
            2 => {
                let of = |(at, truth): (usize, &Truth)| {
                    let balancer = truth.load_balancer;
                    groups(at, truth).into_iter().map(move |key| target_group(key, self::balancer(balancer)))
                };
                vec![Answer::TargetGroups(all().flat_map(of).collect())]
            }
            3 => {
                let of = |(at, truth): (usize, &Truth)| {
                    let (keys, tags) = (groups(at, truth), tag(at, truth.tagged));
                    keys.into_iter().map(move |key| (key.tagged(), tags.clone()))
                };
                vec![Answer::Tags(all().flat_map(of).collect())]
            }
            4 => {
                let of = |(at, truth): (usize, &Truth)| (balancer(truth.load_balancer).tagged(), tag(at, truth.tagged));
                vec![Answer::Tags(all().map(of).collect())]
            }
            5 => all().map(|(at, truth)| Answer::Resources(resources(at, truth))).collect(),
            6 => vec![Answer::AutoScalingGroups(all().map(|(at, truth)| scaling(at, groups(at, truth))).collect())],
            7 => all().map(|(at, truth)| shared(at, truth.tagged)).collect(),
            8 => {
                let balancers = all().map(|(at, truth)| (balancer(truth.load_balancer), listener(at, truth)));
                balancers.map(|(balancer, listener)| Answer::Listeners(balancer, vec![listener])).collect()
            }
            _ => all()
                .map(|(at, truth)| Answer::Rules(Key::new(SCOPE, format!("listener/{at}")), rules(at, truth)))
                .collect(),
        }
    }
}

/// An environment that may be terminated, with a host name of its own.
fn named(at: usize, truth: &Truth) -> Environment {
    let status = if truth.scaled && truth.resources { EnvironmentStatus::Terminated } else { EnvironmentStatus::Ready };
    Environment { status, cname: Some(format!("env-{at}.example").into()), ..environment(at, truth) }
}

fn resources(at: usize, truth: &Truth) -> EnvironmentResources {
    EnvironmentResources {
        environment: Key::new(SCOPE, id(at)),
        load_balancers: if truth.resources { vec![balancer(truth.load_balancer).id] } else { Vec::new() },
        auto_scaling_groups: if truth.scaled { vec![format!("asg-{at}").into()] } else { Vec::new() },
        instances: Vec::new(),
        queues: Vec::new(),
        cluster: None,
    }
}

fn scaling(at: usize, target_groups: Vec<Key<TargetGroup>>) -> AutoScalingGroup {
    AutoScalingGroup {
        key: Key::new(SCOPE, format!("asg-{at}")),
        target_groups,
        classic_names: Vec::new(),
        health_check_type: None,
        size: (1, 1, 1),
        instances: Vec::new(),
        leaving: Vec::new(),
        suspended: Vec::new(),
        grace_seconds: None,
    }
}

/// Returns the options of an environment, with whether its load balancer is shared.
fn shared(at: usize, is_shared: bool) -> Answer {
    let option = OptionSetting {
        namespace: "aws:elasticbeanstalk:environment".into(),
        name: "LoadBalancerIsShared".into(),
        value: Some(is_shared.to_string().into()),
    };
    Answer::Settings(ConfigurationSettings { environment: Key::new(SCOPE, id(at)), options: vec![option].into() })
}

fn listener(at: usize, truth: &Truth) -> Listener {
    Listener {
        key: Key::new(SCOPE, format!("listener/{at}")),
        load_balancer: balancer(truth.load_balancer),
        protocol: None,
        port: Some(80 + at as i32),
        ssl_policy: None,
        certificates: Vec::new(),
        default_actions: Vec::new(),
    }
}

/// A rule for each group: requests for the environment's host name are forwarded to it.
fn rules(at: usize, truth: &Truth) -> Vec<Rule> {
    let rule = |of: usize| Rule {
        key: Key::new(SCOPE, format!("rule/{at}/{of}")),
        listener: Key::new(SCOPE, format!("listener/{at}")),
        priority: Priority::Number(of as u32 + 1),
        conditions: vec![Condition {
            field: "host-header".into(),
            name: None,
            values: vec![format!("env-{at}.example").into()],
        }],
        actions: vec![RuleAction::Forward {
            groups: vec![WeightedTargetGroup { target_group: group(at, of), weight: 1 }],
            group_stickiness: None,
        }],
    };
    (0..truth.groups).map(rule).collect()
}

fn id(at: usize) -> String {
    format!("e-{at}")
}

fn environment(at: usize, truth: &Truth) -> Environment {
    Environment {
        endpoint_url: truth.endpoint.then(|| format!("LB-{}.eu-west-1.elb.amazonaws.com", truth.load_balancer).into()),
        tier: Some(Tier::Web),
        ..Environment::new(Key::new(SCOPE, id(at)), &format!("env-{at}"), "shop", EnvironmentStatus::Ready)
    }
}

fn load_balancer(at: usize) -> LoadBalancer {
    LoadBalancer {
        dns_name: Some(format!("lb-{at}.eu-west-1.elb.amazonaws.com").into()),
        ..LoadBalancer::new(balancer(at), &format!("awseb--AWSEB-{at}"))
    }
}

fn target_group(key: Key<TargetGroup>, load_balancer: Key<LoadBalancer>) -> TargetGroup {
    TargetGroup {
        name: key.id.clone(),
        key,
        protocol: None,
        port: Some(80),
        vpc: None,
        protocol_version: None,
        target_control_port: None,
        target_type: None,
        load_balancers: vec![load_balancer],
        health_check: HealthCheck::default(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_proven_is_true_and_no_group_has_two_owners(
        truths in proptest::collection::vec(truth(), 1..8),
        unowned in 0..3_usize,
    ) {
        let inventory = inventory(&truths, unowned);
        let topology = link(&inventory);
        let mut owners: HashMap<_, usize> = HashMap::new();
        for (at, truth) in truths.iter().enumerate() {
            let link = topology.link(&Key::new(SCOPE, id(at))).unwrap();
            for linked in &link.groups {
                let own = (0..truth.groups).any(|of| group(at, of) == linked.key);
                if linked.evidence.strength() == Strength::Proven {
                    prop_assert!(own, "{} is proven and not env-{at}'s", linked.key.id);
                }
                *owners.entry(linked.key.clone()).or_default() += 1;
            }
            // What is known for certain is linked.
            if truth.tagged || truth.scaled {
                prop_assert!((0..truth.groups).all(|of| link.groups.iter().any(|it| it.key == group(at, of))));
            }
            if let Some((load_balancer, _)) = &link.load_balancer {
                prop_assert_eq!(load_balancer, &balancer(truth.load_balancer));
            } else {
                prop_assert!(!truth.endpoint && !truth.tagged && !truth.resources);
            }
        }
        // On a load balancer that several are known to use, being alone there does not make an environment the owner.
        prop_assert!(owners.values().all(|owners| *owners == 1), "{owners:?}");
    }

    /// In every order of answers, the links that are kept up to date equal those of linking everything again.
    #[test]
    fn what_is_linked_again_is_what_linking_everything_gives(steps in proptest::collection::vec(step(), 1..30)) {
        let mut snapshot = Snapshot::new(SCOPE, Moment::EPOCH);
        for (number, step) in steps.iter().enumerate() {
            let covers = if step.covers_all { Covers::All } else { Covers::Only };
            for answer in step.answers() {
                snapshot.apply_batch(Batch { covers: covers.clone(), answer }, Moment::EPOCH);
            }
            prop_assert_eq!(&snapshot.topology, &link(&snapshot.inventory), "after step {}", number);
        }
    }

    #[test]
    fn linking_the_same_twice_gives_the_same(truths in proptest::collection::vec(truth(), 1..8)) {
        let inventory = inventory(&truths, 1);
        prop_assert_eq!(link(&inventory), link(&inventory.clone()));
    }
}
