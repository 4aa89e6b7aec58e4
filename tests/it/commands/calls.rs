//! How many calls a command makes: all callers share the account's request limits.

use std::time::Duration;

use beanpole::model::Source;
use beanpole::polling::Question;
use beanpole::sim::{Allowance, Faults};

use super::run::Region;

/// The calls of one run, `operation number` each.
fn calls(region: &Region, arguments: &[&str]) -> Vec<String> {
    region.world.as_ref().unwrap().clear_calls();
    region.run(arguments);
    region.calls().into_iter().map(|(name, times)| format!("{name} {times}")).collect()
}

#[test]
fn a_dedicated_region_is_listed_in_three_calls_and_nobody_asks_who_we_are() {
    let region = Region::new("healthy");
    let three = ["DescribeEnvironments 1", "DescribeLoadBalancers 1", "DescribeTargetGroups 1"];
    assert_eq!(calls(&region, &["ls"]), three);
    let four = ["DescribeEnvironments 1", "DescribeListeners 1", "DescribeLoadBalancers 1", "DescribeTargetGroups 1"];
    assert_eq!(calls(&region, &["find", "alpha-web-prod"]), four);
}

#[test]
fn a_shared_load_balancer_costs_a_second_round_and_nothing_more() {
    let region = Region::new("shop");
    let tags = ["DescribeEnvironments 1", "DescribeLoadBalancers 1", "DescribeTags 1", "DescribeTargetGroups 1"];
    assert_eq!(calls(&region, &["ls"]), tags);
    let with_listeners = [tags[0], "DescribeListeners 1", tags[1], tags[2], tags[3]];
    for query in ["shop-chat-prod", "chat"] {
        assert_eq!(calls(&region, &["find", query]), with_listeners, "{query}");
    }
    // The rules show which of them lead to which environment.
    let with_rules = [tags[0], "DescribeListeners 1", tags[1], "DescribeRules 2", tags[2], tags[3]];
    assert_eq!(calls(&region, &["find", "shared-edge"]), with_rules);
}

#[test]
fn a_full_listing_makes_a_call_for_each_object_and_reads_settings_only_where_they_are_shown() {
    let region = Region::new("healthy");
    let mut objects = vec![
        "DescribeAlarms 1",
        "DescribeEnvironments 1",
        "DescribeListeners 2",
        "DescribeLoadBalancers 1",
        "DescribeTags 1",
        "DescribeTargetGroupAttributes 2",
        "DescribeTargetGroups 1",
        "DescribeTargetHealth 2",
        "ListCertificates 1",
    ];
    assert_eq!(calls(&region, &["ls", "--full"]), objects);
    objects.insert(1, "DescribeConfigurationSettings 2");
    assert_eq!(calls(&region, &["ls", "--full", "-o", "json"]), objects);
}

#[test]
fn one_environment_is_shown_for_what_hangs_on_it() {
    let region = Region::new("healthy");
    let expected = [
        "DescribeAlarms 1",
        "DescribeAutoScalingGroups 1",
        "DescribeConfigurationSettings 1",
        "DescribeEnvironmentHealth 1",
        "DescribeEnvironmentResources 1",
        "DescribeEnvironments 1",
        "DescribeInstances 1",
        "DescribeInstancesHealth 1",
        "DescribeListeners 1",
        "DescribeLoadBalancerAttributes 1",
        "DescribeLoadBalancers 1",
        "DescribeRules 2",
        "DescribeTags 1",
        "DescribeTargetGroupAttributes 1",
        "DescribeTargetGroups 1",
        "DescribeTargetHealth 1",
        "ListCertificates 1",
    ];
    assert_eq!(calls(&region, &["show", "alpha-web-prod"]), expected);
}

#[tokio::test(start_paused = true)]
async fn a_command_gives_up_on_a_region_that_only_throttles() {
    let stage = crate::support::Stage::new("healthy");
    let closed = Allowance { rate: 0.0, burst: 0 };
    let throttle = ["elasticbeanstalk", "elasticloadbalancing"].map(|service| (service.to_owned(), closed));
    stage.world.set_faults(Faults { throttle: throttle.into(), ..Faults::none() });
    let began = stage.clock.now();
    let gathered = stage.gather(|_| vec![Question::Linked]).await;
    let took = stage.clock.now().since(began);
    assert!(took < Duration::from_mins(4), "{took:?}");
    let source = Source::Environments(stage.session.scope);
    assert!(gathered.snapshot.reads.fault(&source).is_some());
    assert!(stage.world.calls().len() < 60, "{}", stage.world.calls().len());
}
