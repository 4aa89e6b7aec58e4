//! Linking: how many calls and rounds it takes, and that an environment gets only its own target groups.

use std::collections::BTreeMap;
use std::time::Duration;

use beanpole::app::App;
use beanpole::model::{Balancer, Environment, EnvironmentStatus, Key, Strength, link};
use beanpole::polling::Question;
use beanpole::runtime::Gathered;

use beanpole::sim::Faults;

use crate::support::{Harness, Stage};

/// Reads what links the region, as `ls` does.
async fn linked(stage: &Stage) -> Gathered {
    stage.gather(|_| vec![Question::Linked]).await
}

fn calls(stage: &Stage) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for call in stage.world.calls() {
        *calls.entry(call.operation.clone()).or_default() += 1;
    }
    calls
}

#[tokio::test(start_paused = true)]
async fn a_region_of_200_is_linked_in_four_rounds_at_most() {
    let stage = Stage::new("fleet-200");
    let latency = Duration::from_millis(50);
    stage.world.set_faults(Faults { latency, ..stage.world.faults() });
    let began = stage.clock.now();
    let gathered = linked(&stage).await;
    let took = stage.clock.now().since(began);
    let rounds = took.as_millis() as f64 / latency.as_millis() as f64;
    println!("fleet-200: {rounds} rounds, calls {:?}", calls(&stage));
    assert!(rounds <= 4.0, "{rounds} rounds");
    assert_eq!(gathered.snapshot.inventory.environments.len(), 200);
    for environment in gathered.snapshot.inventory.environments.values() {
        let link = gathered.snapshot.topology.link(&environment.key).unwrap();
        assert_ne!(link.balancer, Balancer::Unknown, "{}", environment.name);
        if link.balancer.is_application() {
            assert!(link.load_balancer.is_some(), "{}", environment.name);
            assert!(!link.groups.is_empty(), "{} has no target group", environment.name);
        }
        if link.balancer == Balancer::ApplicationShared {
            assert!(link.groups.iter().all(|group| group.evidence.strength() == Strength::Proven));
        }
    }
    assert!(calls(&stage).get("DescribeEnvironments") == Some(&1));
}

#[tokio::test(start_paused = true)]
async fn the_dashboard_links_a_region_of_200_within_four_round_trips_and_its_budgets() {
    let stage = Stage::new("fleet-200");
    let latency = Duration::from_millis(50);
    stage.world.set_faults(Faults { latency, ..stage.world.faults() });
    let mut harness = Harness::on(stage);
    let is_linked = |app: &App| {
        let environments = &app.state.snapshot().inventory.environments;
        environments.len() == 200
            && environments.keys().all(|key| {
                app.state.snapshot().topology.link(key).is_some_and(|link| match link.balancer {
                    Balancer::Unknown => false,
                    Balancer::Application => link.load_balancer.is_some() && !link.groups.is_empty(),
                    Balancer::ApplicationShared => {
                        link.groups.iter().any(|group| group.evidence.strength() == Strength::Proven)
                    }
                    _ => true,
                })
            })
    };
    let took = harness.until(is_linked).await;
    let calls = calls(&harness.stage);
    println!("fleet-200 on the dashboard: linked after {took:?}, calls so far {calls:?}");
    assert!(took <= latency * 4 + Duration::from_millis(5), "{took:?}");
    // A minute later no service has got more calls than its budget allows, and none has throttled.
    harness.pass(60).await;
    let asked = |service| harness.stage.world.calls().iter().filter(|call| call.service == service).count();
    assert!(asked("elasticbeanstalk") <= 10 + 60, "{}", asked("elasticbeanstalk"));
    assert!(asked("elasticloadbalancing") <= 20 + 5 * 60, "{}", asked("elasticloadbalancing"));
    assert!(harness.stage.world.calls().iter().all(|call| call.status == 200));
}

#[tokio::test(start_paused = true)]
async fn environments_that_share_a_load_balancer_get_their_own_groups_only() {
    for denied in
        ["", "elasticloadbalancing:DescribeTags", "elasticbeanstalk:DescribeEnvironmentResources", "autoscaling:*"]
    {
        let stage = Stage::new("shop");
        let deny = if denied.is_empty() { Vec::new() } else { vec![denied.to_owned()] };
        stage.world.set_faults(Faults { deny, ..stage.world.faults() });
        let gathered = linked(&stage).await;
        let groups = |name: &str| {
            let environment = gathered.snapshot.inventory.environment_named(name).unwrap();
            let link = gathered.snapshot.topology.link(&environment.key).unwrap();
            assert_eq!(link.balancer, Balancer::ApplicationShared, "{name} without {denied}");
            link.groups.iter().map(|group| group.key.clone()).collect::<Vec<_>>()
        };
        let (web, api) = (groups("billing-web-prod"), groups("billing-api-prod"));
        assert_eq!((web.len(), api.len()), (1, 1), "without {denied}");
        assert_ne!(web, api, "without {denied}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminated_environment_owns_nothing_and_leaves_its_name_to_a_living_one() {
    let gathered = linked(&Stage::new("shop")).await;
    let mut inventory = gathered.snapshot.inventory;
    let alone = |key: &Key<Environment>| {
        gathered.snapshot.topology.link(key).is_some_and(|it| it.balancer == Balancer::Application)
    };
    let living = inventory.environments.values().find(|it| alone(&it.key)).unwrap().clone();
    let before = link(&inventory).link(&living.key).unwrap().clone();
    for id in ["e-aaaaaaaaaa", "e-zzzzzzzzzz"] {
        let ended = Environment {
            key: Key::new(living.key.scope, id),
            status: EnvironmentStatus::Terminated,
            ..living.clone()
        };
        inventory.environments.insert(ended.key.clone(), ended.clone());
        let topology = link(&inventory);
        let nothing = topology.link(&ended.key).unwrap();
        assert!(nothing.groups.is_empty() && nothing.load_balancer.is_none(), "{nothing:?}");
        assert_eq!(*topology.link(&living.key).unwrap(), before, "nor is anything shared with it");
        assert_eq!(inventory.environment_named(&living.name).unwrap().key, living.key);
        assert_eq!(inventory.living_environments_named(&living.name).len(), 1);
    }
}
