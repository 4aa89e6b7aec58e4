//! Linking: how many calls and rounds it takes, and that an environment gets its own target groups and nobody else's.

use std::collections::BTreeMap;
use std::time::Duration;

use beanpole::app::polling::{Cadences, Question, plans};
use beanpole::config;
use beanpole::model::{Balancer, Strength};
use beanpole::runtime::{Gathered, gather};

use crate::support::Region;

/// Reads what links the region, as `ls` does.
async fn linked(region: &Region) -> Gathered {
    let config = config::defaults();
    let questions = |_: &_, _: &_| vec![Question::Linked];
    gather(&region.session, region.clock, &plans(&config), &Cadences::new(&config), questions, |_| ()).await
}

fn calls(region: &Region) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for call in region.world.calls() {
        *calls.entry(call.operation.clone()).or_default() += 1;
    }
    calls
}

#[tokio::test(start_paused = true)]
async fn a_region_of_200_is_linked_in_two_rounds() {
    let region = Region::new("fleet-200");
    let latency = Duration::from_millis(50);
    let mut faults = region.world.faults();
    faults.latency = latency;
    region.world.set_faults(faults);
    let began = region.clock.now();
    let gathered = linked(&region).await;
    let took = region.clock.now().since(began);
    let rounds = took.as_millis() as f64 / latency.as_millis() as f64;
    println!("fleet-200: {rounds} rounds, calls {:?}", calls(&region));
    assert!(rounds <= 4.0, "{rounds} rounds");
    assert_eq!(gathered.inventory.environments.len(), 200);
    for environment in gathered.inventory.environments.values() {
        let link = gathered.topology.link(&environment.key).unwrap();
        assert_ne!(link.balancer, Balancer::Unknown, "{}", environment.name);
        if link.balancer.is_application() {
            assert!(link.load_balancer.is_some(), "{}", environment.name);
            assert!(!link.groups.is_empty(), "{} has no target group", environment.name);
        }
        if link.balancer == Balancer::ApplicationShared {
            assert!(link.groups.iter().all(|group| group.evidence.strength() == Strength::Proven));
        }
    }
    assert!(calls(&region).get("DescribeEnvironments") == Some(&1));
}

#[tokio::test(start_paused = true)]
async fn environments_that_share_a_load_balancer_get_their_own_groups_only() {
    for denied in
        ["", "elasticloadbalancing:DescribeTags", "elasticbeanstalk:DescribeEnvironmentResources", "autoscaling:*"]
    {
        let region = Region::new("shop");
        let mut faults = region.world.faults();
        faults.deny = if denied.is_empty() { Vec::new() } else { vec![denied.to_owned()] };
        region.world.set_faults(faults);
        let gathered = linked(&region).await;
        let groups = |name: &str| {
            let environment = gathered.inventory.environment_named(name).unwrap();
            let link = gathered.topology.link(&environment.key).unwrap();
            assert_eq!(link.balancer, Balancer::ApplicationShared, "{name} without {denied}");
            link.groups.iter().map(|group| group.key.clone()).collect::<Vec<_>>()
        };
        let (web, api) = (groups("billing-web-prod"), groups("billing-api-prod"));
        assert_eq!((web.len(), api.len()), (1, 1), "without {denied}");
        assert_ne!(web, api, "without {denied}");
    }
}
