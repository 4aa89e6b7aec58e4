//! Linking, over random regions of which random pieces are known: what is proven is true, and nothing is anybody else's.

use std::collections::{BTreeMap, HashMap};

use beanpole::model::{
    Answer, Attributes, AutoScalingGroup, Batch, Covers, Environment, EnvironmentResources, EnvironmentStatus,
    HealthCheck, Inventory, Key, LoadBalancer, Moment, ScopeId, Strength, TargetGroup, Tier, link,
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

/// What is known of the truth.
fn inventory(truths: &[Truth], foreign: usize) -> Inventory {
    let mut inventory = Inventory::default();
    let environments = truths.iter().enumerate().map(|(at, truth)| environment(at, truth)).collect();
    put(&mut inventory, Answer::Environments(environments));
    put(&mut inventory, Answer::LoadBalancers((0..4).map(load_balancer).collect()));
    let mut groups = Vec::new();
    for (at, truth) in truths.iter().enumerate() {
        groups.extend((0..truth.groups).map(|of| target_group(group(at, of), balancer(truth.load_balancer))));
    }
    // Somebody hung a group of their own on the first load balancer; it has no tag of Beanstalk's.
    groups.extend((0..foreign).map(|of| target_group(group(999, of), balancer(0))));
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
        put(inventory, Answer::Tags(groups().map(|group| (group.id, tag.clone())).collect()));
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
            }]),
        );
    }
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
        foreign in 0..3_usize,
    ) {
        let inventory = inventory(&truths, foreign);
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
        // On a load balancer that several are known to use, nobody gets a group by being alone there.
        prop_assert!(owners.values().all(|owners| *owners == 1), "{owners:?}");
    }

    #[test]
    fn linking_the_same_twice_gives_the_same(truths in proptest::collection::vec(truth(), 1..8)) {
        let inventory = inventory(&truths, 1);
        prop_assert_eq!(link(&inventory), link(&inventory.clone()));
    }
}
