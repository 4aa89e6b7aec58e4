//! Deployments at every instant: all services report the same instances, whatever the scenario, the seed and the moment;
//! and what a scenario may contain about them.

use std::collections::BTreeSet;

use beanpole::sim::{Faults, Scenario};

use super::MIXED;
use crate::sim::{Turned, element, elements};

const SCENARIOS: [(&str, &str); 6] = [
    ("rolling", "orders-web-prod"),
    ("bad-deploy", "checkout-web-prod"),
    ("stuck-deploy", "parcel-web-prod"),
    ("immutable", "media-api-prod"),
    ("traffic-splitting", "search-web-prod"),
    ("mixed-versions", "ticket-web-prod"),
];

/// Instances as every service lists them, at one instant.
fn agree(turned: &Turned, name: &str) {
    let ids = |xml: &str, list: &str, id: &str| -> BTreeSet<String> {
        elements(xml, list).iter().flat_map(|inside| elements(inside, id)).map(str::to_owned).collect()
    };
    let eb = |action: &str, more: &str| {
        turned.eb(&format!("Action={action}&Version=2010-12-01&EnvironmentName={name}&{more}"))
    };
    let health = eb("DescribeInstancesHealth", "AttributeNames.member.1=All");
    let watched = ids(&health, "InstanceHealthList", "InstanceId");
    let resources = eb("DescribeEnvironmentResources", "");
    assert_eq!(watched, ids(&resources, "Instances", "Id"), "{name}");
    let mut scaled = BTreeSet::new();
    for group in elements(element(&resources, "AutoScalingGroups"), "Name") {
        let form = format!("AutoScalingGroupNames.member.1={group}");
        let found = turned.ask("autoscaling", &format!("Action=DescribeAutoScalingGroups&Version=2011-01-01&{form}"));
        scaled.extend(ids(&found, "Instances", "InstanceId"));
    }
    assert_eq!(watched, scaled, "{name}");
    let tag = format!("Filter.1.Name=tag:elasticbeanstalk:environment-name&Filter.1.Value.1={name}");
    let state = "Filter.2.Name=instance-state-name&Filter.2.Value.1=running&Filter.2.Value.2=pending";
    let machines = turned.ask("ec2", &format!("Action=DescribeInstances&Version=2016-11-15&{tag}&{state}"));
    assert_eq!(watched, elements(&machines, "instanceId").into_iter().map(str::to_owned).collect(), "{name}");
    let balancer = element(element(&resources, "LoadBalancers"), "Name");
    let groups = turned.elb(&format!("Action=DescribeTargetGroups&Version=2015-12-01&LoadBalancerArn={balancer}"));
    let mut healthy = 0;
    for arn in elements(&groups, "TargetGroupArn") {
        let targets = turned.elb(&format!("Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn={arn}"));
        let registered = ids(&targets, "Target", "Id");
        assert!(registered.is_subset(&watched), "{name}: {registered:?} of {watched:?}");
        healthy += targets.matches("<State>healthy</State>").count();
    }
    assert!(healthy > 0, "{name}: somebody always answers");
}

#[test]
fn at_every_instant_all_services_tell_of_the_same_instances() {
    for (scenario, name) in SCENARIOS {
        let written = Scenario::embedded(scenario).unwrap();
        for (scenario, step) in [(written.clone(), 5), (written.with_seed(7), 13)] {
            let turned = Turned::of(scenario);
            turned.world.set_faults(Faults::none());
            for seconds in (-120..1_000).step_by(step) {
                agree(turned.at(seconds), name);
            }
        }
    }
}

#[test]
fn whatever_the_chances_both_deploys_run_to_their_ends() {
    let ends = |scenario: &str, name: &str, seed: u64| {
        let turned = Turned::of(Scenario::embedded(scenario).unwrap().with_seed(seed));
        let form = format!("Action=DescribeEnvironments&Version=2010-12-01&EnvironmentNames.member.1={name}");
        let answer = turned.at(1_500).eb(&form);
        (element(&answer, "Status").to_owned(), element(&answer, "VersionLabel").to_owned())
    };
    for seed in 0..100 {
        assert_eq!(ends("rolling", "orders-web-prod", seed), ("Ready".into(), "v42".into()), "{seed}");
        assert_eq!(ends("bad-deploy", "checkout-web-prod", seed), ("Ready".into(), "v19".into()), "{seed}");
    }
}

#[test]
fn what_was_before_a_write_does_not_change_by_it() {
    let turned = Turned::new("shop");
    turned.world.set_faults(Faults::none());
    let ask = |seconds| {
        let xml = turned.at(seconds).eb("Action=DescribeEvents&Version=2010-12-01&EnvironmentName=shop-web-prod");
        xml.replace(element(&xml, "ResponseMetadata"), "")
    };
    let before = ask(100);
    let update = "Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName=shop-web-prod&VersionLabel=v104";
    assert_eq!(element(&turned.at(110).eb(update), "Status"), "Updating");
    let during = ask(160);
    assert_eq!(ask(100), before);
    let abort = "Action=AbortEnvironmentUpdate&Version=2010-12-01&EnvironmentName=shop-web-prod";
    assert!(!turned.at(170).eb(abort).contains("Error"));
    assert_eq!((ask(100), ask(160)), (before, during));
}

#[test]
fn mistakes_in_deploys_are_reported() {
    let text = r#"description = "mistakes"
[[application]]
name = "shop"
versions = ["v1", "v2"]
[[environment]]
name = "web"
application = "shop"
[[deploy]]
environment = "wep"
version = "v2"
at = "1m"
[[deploy]]
environment = "web"
version = "v3"
at = "1m"
aborted = "30s"
"#;
    let error = Scenario::from_toml("x", text).unwrap_err().to_string();
    let expected = [
        "x.toml:9:15: there is no environment `wep`, did you mean `web`?",
        "x.toml:14:11: its application has no version `v3`, did you mean `v1`?",
        "x.toml:16:11: it can be aborted only after it began",
    ];
    assert_eq!(error.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn while_the_application_is_replaced_all_at_once_requests_fail_for_seconds() {
    let turned = Turned::written(scenario!(
        "all at once",
        environment!(
            "web",
            instances = 3,
            traffic = { peak = 90.0 },
            options = { "aws:elasticbeanstalk:command/DeploymentPolicy" = "AllAtOnce" },
        ),
        deploy!("web", "v1", at = "10s"),
    ));
    turned.world.set_faults(Faults::none());
    let form = "Action=DescribeInstancesHealth&Version=2010-12-01&EnvironmentName=web&AttributeNames.member.1=All";
    let errors = |seconds| -> u32 {
        let health = turned.at(seconds).eb(form);
        elements(&health, "Status5xx").iter().map(|count| count.parse::<u32>().unwrap()).sum()
    };
    let tens: Vec<u32> = (0..12).map(|ten| errors(ten * 10 + 1)).collect();
    let total: u32 = tens.iter().sum();
    // Three instances are away for three or four seconds each, at thirty requests a second.
    assert!((100..500).contains(&total), "{tens:?}");
    assert!(tens[8..].iter().sum::<u32>() == 0 && tens[..2] == [0, 0], "{tens:?}");
}

#[test]
fn every_environment_of_the_shop_takes_every_version_and_every_abort() {
    let versions = [
        ("shop", ["v104", "v105"]),
        ("billing", ["2024.12", "2025.1"]),
        ("legacy", ["r413", "r414"]),
        ("partner", ["v6", "v7"]),
    ];
    let all = Turned::new("shop").eb("Action=DescribeEnvironments&Version=2010-12-01");
    let environments: Vec<(&str, &str)> =
        elements(&all, "EnvironmentName").into_iter().zip(elements(&all, "ApplicationName")).collect();
    let asked = |turned: &Turned, action: &str, name: &str, more: &str| {
        turned.eb(&format!("Action={action}&Version=2010-12-01&EnvironmentName={name}&{more}"))
    };
    for (number, (name, application)) in environments.iter().enumerate() {
        let (_, labels) = versions.iter().find(|(known, _)| known == application).unwrap();
        for (label, abort) in labels.iter().flat_map(|label| [None, Some(40), Some(150)].map(|abort| (label, abort))) {
            let turned = Turned::of(Scenario::embedded("shop").unwrap().with_seed(number as u64));
            turned.world.set_faults(Faults::none());
            let update = asked(turned.at(30), "UpdateEnvironment", name, &format!("VersionLabel={label}"));
            assert_eq!(element(&update, "Status"), "Updating", "{name} {label}");
            if let Some(abort) = abort {
                asked(turned.at(30 + abort), "AbortEnvironmentUpdate", name, "");
            }
            for seconds in (30..3_600).step_by(170) {
                let resources = asked(turned.at(seconds), "DescribeEnvironmentResources", name, "");
                assert!(!elements(&resources, "Id").is_empty(), "{name} {label}");
                let health = asked(&turned, "DescribeInstancesHealth", name, "AttributeNames.member.1=All");
                let enhanced = *name != "legacy-portal";
                assert_eq!(elements(&health, "InstanceHealthList").len(), usize::from(enhanced), "{name} {label}");
            }
            let last = asked(&turned, "DescribeEvents", name, "MaxRecords=30");
            assert!(last.contains("complete") || last.contains(MIXED) || abort.is_some(), "{name} {label}: {last}");
            let ready = asked(turned.at(4_000), "UpdateEnvironment", name, &format!("VersionLabel={}", labels[0]));
            assert_eq!(element(&ready, "Status"), "Updating", "{name} {label}");
        }
    }
}
