//! States of AWS from public reports as scenarios (`tests/scenarios`): each shows the reported state, and a counter-case.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use beanpole::sim::{Faults, Policy, Scenario, TransportFault};

use super::{Turned, element, elements, query, text};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.toml"))).unwrap()
}

/// Returns a region in a reported state, without throttling.
fn reported(name: &str) -> Turned {
    let turned = Turned::written(&read(name));
    turned.world.set_faults(Faults { throttle: BTreeMap::new(), ..turned.world.faults() });
    turned
}

fn names() -> Vec<String> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let toml = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    toml.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// The members of a list that contain a text.
fn members<'a>(xml: &'a str, part: &str) -> Vec<&'a str> {
    xml.split("<member>").skip(1).filter(|member| member.contains(part)).collect()
}

impl Turned {
    fn events(&self, environment: &str) -> Vec<String> {
        let xml =
            self.eb(&format!("Action=DescribeEvents&Version=2010-12-01&EnvironmentName={environment}&MaxRecords=1000"));
        let mut messages: Vec<String> = elements(&xml, "Message").into_iter().map(str::to_owned).collect();
        messages.reverse();
        messages
    }

    fn health(&self, environment: &str) -> String {
        self.eb(&format!(
            "Action=DescribeEnvironmentHealth&Version=2010-12-01&EnvironmentName={environment}&AttributeNames.member.1=All"
        ))
    }

    /// Version label, deployment id and status of each instance.
    fn deployments(&self, environment: &str) -> Vec<[String; 3]> {
        let xml = self.eb(&format!(
            "Action=DescribeInstancesHealth&Version=2010-12-01&EnvironmentName={environment}&AttributeNames.member.1=Deployment"
        ));
        let of = |deployment: &&str| {
            ["VersionLabel", "DeploymentId", "Status"].map(|name| element(deployment, name).to_owned())
        };
        elements(&xml, "Deployment").iter().map(of).collect()
    }

    fn statuses(&self, environment: &str) -> Vec<String> {
        self.deployments(environment).into_iter().map(|[.., status]| status).collect()
    }

    fn status(&self, environment: &str) -> String {
        let xml = self.describe(environment);
        element(&xml, "Status").to_owned()
    }

    fn describe(&self, environment: &str) -> String {
        self.eb(&format!("Action=DescribeEnvironments&Version=2010-12-01&EnvironmentNames.member.1={environment}"))
    }

    /// The ids of an environment's instances.
    fn instances(&self, environment: &str) -> Vec<String> {
        let xml =
            self.eb(&format!("Action=DescribeEnvironmentResources&Version=2010-12-01&EnvironmentName={environment}"));
        elements(element(&xml, "Instances"), "Id").into_iter().map(str::to_owned).collect()
    }

    /// The target group of an environment, or one with the given name.
    fn target_group(&self, name: &str) -> String {
        let groups = self.elb("Action=DescribeTargetGroups&Version=2015-12-01");
        let by_name = members(&groups, &format!("<TargetGroupName>{name}<"));
        if let [group, ..] = by_name.as_slice() {
            return element(group, "TargetGroupArn").to_owned();
        }
        let groups = self.ask("autoscaling", "Action=DescribeAutoScalingGroups&Version=2011-01-01");
        let group = members(&groups, "<AutoScalingGroupName>").into_iter().find(|it| it.contains(name));
        // The list of target groups is in the part of the group that follows its name.
        let at = groups.find(group.unwrap()).unwrap();
        let arns = element(&groups[at..], "TargetGroupARNs");
        element(arns, "member").to_owned()
    }

    fn target_health(&self, group: &str) -> String {
        self.elb(&format!("Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn={group}"))
    }
}

#[test]
fn every_reported_state_is_built_and_answers_every_list() {
    let names = names();
    assert!(names.len() >= 12, "{names:?}");
    for name in &names {
        let turned = reported(name);
        turned.world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
        for at in [0, 45, 600, 7_200] {
            turned.at(at);
            let answers = [
                turned.eb("Action=DescribeEnvironments&Version=2010-12-01"),
                turned.eb("Action=DescribeApplicationVersions&Version=2010-12-01"),
                turned.eb("Action=DescribeEvents&Version=2010-12-01"),
                turned.elb("Action=DescribeLoadBalancers&Version=2015-12-01"),
                turned.elb("Action=DescribeTargetGroups&Version=2015-12-01"),
                turned.ask("autoscaling", "Action=DescribeAutoScalingGroups&Version=2011-01-01"),
                turned.ask("ec2", "Action=DescribeInstances&Version=2016-11-15"),
            ];
            for answer in answers {
                assert!(!answer.contains("<Error>"), "{name}: {answer}");
            }
        }
        let text = read(name);
        assert!(text.starts_with("# "), "{name} says which report it is of");
        assert!(!Scenario::from_toml(name, &text).unwrap().description().is_empty());
    }
}

#[test]
fn a_zone_that_the_load_balancer_lacks_leaves_its_targets_unused() {
    let turned = reported("lacking-zone");
    for (environment, unused) in [("lacking", 1), ("lacking-shared", 1), ("complete", 0)] {
        let group = turned.at(60).target_group(&id(&turned, environment));
        let health = turned.target_health(&group);
        let states = elements(&health, "State");
        let count = |wanted: &str| states.iter().filter(|state| **state == wanted).count();
        assert_eq!((count("unused"), count("healthy")), (unused, 3 - unused), "{environment}: {health}");
        let descriptions = elements(&health, "Description");
        let reported = descriptions
            .iter()
            .filter(|it| **it == "Target is in an Availability Zone that is not enabled for the load balancer");
        assert_eq!(reported.count(), unused, "{environment}");
        assert_eq!(elements(&health, "Reason").iter().filter(|it| **it == "Target.NotInUse").count(), unused);
    }
    // Another reason with the same code.
    let leftover = turned.target_health(&turned.target_group("leftover"));
    assert_eq!(
        element(&leftover, "Description"),
        "Target group is not configured to receive traffic from the load balancer"
    );
    let (lacking, complete) = (turned.health("lacking"), turned.health("complete"));
    assert_ne!(element(&lacking, "HealthStatus"), "Ok");
    assert_eq!(element(&complete, "HealthStatus"), "Ok");
}

/// The id of an environment.
fn id(turned: &Turned, environment: &str) -> String {
    element(&turned.describe(environment), "EnvironmentId").to_owned()
}

#[test]
fn suspended_processes_are_listed_and_do_not_run() {
    let turned = reported("lacking-zone");
    let group = |environment: &str| {
        let xml = turned.ask("autoscaling", "Action=DescribeAutoScalingGroups&Version=2011-01-01");
        let at = xml.find(&format!("{}-stack-AWSEBAutoScalingGroup", id(&turned, environment))).unwrap();
        let xml = xml[at..].to_owned();
        (xml[..xml.find("</AvailabilityZones>").unwrap()].to_owned(), xml[..xml.find("<Tags>").unwrap()].to_owned())
    };
    assert_eq!(elements(&group("suspended").1, "ProcessName"), ["Launch", "ReplaceUnhealthy", "AZRebalance"]);
    assert!(element(&group("suspended").1, "SuspensionReason").starts_with("User suspended at 2026-11-23T13:00:00"));
    assert!(elements(&group("complete").1, "ProcessName").is_empty());

    // What is terminated is not replaced while nothing is launched.
    let victim = turned.instances("suspended")[0].clone();
    turned.at(10).ask(
        "autoscaling",
        &format!(
            "Action=TerminateInstanceInAutoScalingGroup&Version=2011-01-01&InstanceId={victim}&ShouldDecrementDesiredCapacity=false"
        ),
    );
    assert_eq!(turned.at(300).instances("suspended").len(), 1);
    let victim = turned.at(0).instances("complete")[0].clone();
    turned.at(10).ask(
        "autoscaling",
        &format!(
            "Action=TerminateInstanceInAutoScalingGroup&Version=2011-01-01&InstanceId={victim}&ShouldDecrementDesiredCapacity=false"
        ),
    );
    assert_eq!(turned.at(300).instances("complete").len(), 3);
}

#[test]
fn a_version_can_be_gone_from_the_beginning_or_from_a_time_on() {
    let turned = reported("version-gone");
    let labels = |application: &str, at| {
        let form = format!("Action=DescribeApplicationVersions&Version=2010-12-01&ApplicationName={application}");
        let xml = turned.at(at).eb(&form);
        let mut labels: Vec<String> = elements(&xml, "VersionLabel").into_iter().map(str::to_owned).collect();
        labels.sort();
        labels
    };
    assert_eq!((labels("acme", 0), labels("acme", 60)), (vec!["kr_734".to_owned()], vec!["kr_734".to_owned()]));
    assert_eq!((labels("globex", 39).len(), labels("globex", 41).len()), (2, 1));
    assert_eq!(labels("initech", 600).len(), 2);
    // Instances run it all the same, but it cannot be deployed.
    let running = turned.at(30).deployments("acme-app");
    assert!(running.iter().any(|[label, ..]| label == "kr_733"), "{running:?}");
    let update = |environment: &str| {
        turned.eb(&format!(
            "Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName={environment}&VersionLabel=kr_733"
        ))
    };
    turned.at(7_200);
    for environment in ["acme-app", "globex-app"] {
        let refused = update(environment);
        assert_eq!(element(&refused, "Code"), "InvalidParameterValue");
        assert_eq!(element(&refused, "Message"), "No Application Version named 'kr_733' found.");
    }
    assert_eq!(element(&update("initech-app"), "Status"), "Updating");
}

#[test]
fn a_deploy_of_a_version_that_is_gone_is_a_mistake_of_the_scenario() {
    let text = "description = \"x\"\n[[application]]\nname = \"a\"\n[[application.version]]\nlabel = \"v2\"\ndeleted = \"5s\"\n\
                [[environment]]\nname = \"web\"\napplication = \"a\"\n[[deploy]]\nenvironment = \"web\"\nversion = \"v2\"\nat = \"5s\"\n";
    let error = Scenario::from_toml("x", text).unwrap_err().to_string();
    assert_eq!(error, "x.toml:12:11: `v2` is deleted before this deploy begins");
    assert!(Scenario::from_toml("x", &text.replace("at = \"5s\"", "at = \"4s\"")).is_ok());
}

#[test]
fn beanstalk_calls_a_deploy_a_success_although_commands_failed() {
    let turned = reported("silent-failure");
    turned.at(900);
    for environment in ["acme-web", "acme-quiet", "acme-api", "acme-good"] {
        assert_eq!(turned.status(environment), "Ready", "{environment}");
        let events = turned.events(environment);
        let last = events.iter().rev().find(|event| !event.starts_with("Environment health"));
        assert_eq!(last.unwrap(), "Environment update completed successfully.", "{environment}: {events:#?}");
    }
    let reported = turned.events("acme-web");
    let has = |part: &str| reported.iter().filter(|event| event.contains(part)).count();
    assert_eq!(has("Command failed on instance. Return code: 1"), 2, "{reported:#?}");
    assert_eq!(has("Instance deployment failed. For details, see 'eb-engine.log'."), 2);
    assert_eq!(has("Summary: [Successful: 0, Failed: 2]."), 1);

    // Only the status of the deployment shows the difference; it names the label that the instance was to get.
    let deployments = turned.deployments("acme-quiet");
    assert!(deployments.iter().all(|[label, ..]| label == "kr_735"), "{deployments:?}");
    let mut statuses = turned.statuses("acme-quiet");
    statuses.sort();
    assert_eq!(statuses, ["Deployed", "Deployed", "Failed"]);
    assert!(!turned.events("acme-quiet").iter().any(|event| event.contains("failed")), "nothing else tells of it");
    assert_eq!(element(&turned.health("acme-quiet"), "HealthStatus"), "Ok");

    // Counter-cases: the same label again has another deployment; an event about something else is no failure.
    let ids = |at| turned.at(at).deployments("acme-api").into_iter().map(|[_, id, _]| id).collect::<Vec<_>>();
    assert_ne!(ids(0), ids(900));
    assert_eq!(turned.statuses("acme-good"), ["Deployed", "Deployed"]);
    assert!(turned.events("acme-good").iter().any(|event| event.starts_with("Failed to retrieve tail log")));
}

#[test]
fn an_update_of_settings_replaces_the_instances_stays_in_place_or_is_rolled_back() {
    let turned = reported("settings-update");
    let before = turned.at(0).instances("mup-app");
    assert_eq!(turned.at(60).status("mup-app"), "Updating");
    let after = turned.at(900).instances("mup-app");
    assert_eq!((turned.status("mup-app"), after.len()), ("Ready".to_owned(), 3));
    assert!(!after.iter().any(|id| before.contains(id)), "{before:?} {after:?}");
    let events = turned.events("mup-app");
    let order = [
        "Updating environment mup-app's configuration settings.",
        "Created Auto Scaling launch configuration named: awseb-e-",
        "Auto Scaling group update progress: Temporarily setting autoscaling group MinSize and DesiredCapacity to 3.",
        "Auto Scaling group update progress: Rolling update initiated. Terminating 3 obsolete instance(s) in batches of 1, \
         while keeping at least 2 instance(s) in service. Waiting on resource signals with a timeout of PT30M when new \
         instances are added to the autoscaling group.",
        "Auto Scaling group update progress: New instance(s) added to autoscaling group - Waiting on 1 resource signal(s) \
         with a timeout of PT30M.",
        "Deleted Auto Scaling launch configuration named: awseb-e-",
        "Successfully deployed new configuration to environment.",
        "Environment update completed successfully.",
    ];
    assert_in_order(&events, &order);
    let began = events.iter().rposition(|event| event == "Environment update is starting.").unwrap();
    assert!(!events[began..].iter().any(|event| event.contains("New application version")), "no version is deployed");
    let healthy = turned.target_health(&turned.target_group(&id(&turned, "mup-app")));
    assert_eq!(elements(&healthy, "State").iter().filter(|state| **state == "healthy").count(), 3);
    assert!(turned.deployments("mup-app").iter().all(|[label, _, status]| label == "v1" && status == "Deployed"));

    // Counter-case: the load balancer alone.
    assert_eq!(turned.at(0).instances("mup-idle"), turned.at(900).instances("mup-idle"));

    let events = turned.at(900).events("mup-refused");
    assert_in_order(
        &events,
        &[
            "Updating environment mup-refused's configuration settings.",
            "Service:AmazonCloudFormation, Message:Stack named 'awseb-e-",
            "Updating load balancer named: arn:aws:elasticloadbalancing:",
            "Failed to deploy configuration.",
            "The environment was reverted to the previous configuration setting.",
        ],
    );
    assert!(
        events
            .iter()
            .any(|event| event.contains("'UPDATE_ROLLBACK_IN_PROGRESS'") && event.contains("[AWSEBV2LoadBalancer]"))
    );
    assert_eq!(turned.status("mup-refused"), "Ready");
}

/// Whether events that begin like these are there, in this order.
fn assert_in_order(events: &[String], expected: &[&str]) {
    let mut rest = events.iter();
    for start in expected {
        assert!(rest.any(|event| event.starts_with(start)), "no `{start}` in its place: {events:#?}");
    }
}

#[test]
fn instances_of_an_environment_are_targets_of_a_group_that_it_does_not_own() {
    let turned = reported("by-hand");
    let (group, instances) = (turned.target_group("portal-migrated"), turned.instances("portal-prod"));
    let targets = |group: &str| {
        let xml = turned.target_health(group);
        elements(&xml, "Id").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(targets(&group), instances[..2]);
    assert!(targets(&turned.target_group("reports")).iter().all(|id| !instances.contains(id)));
    let tags = turned.elb(&format!("Action=DescribeTags&Version=2015-12-01&ResourceArns.member.1={group}"));
    assert!(!tags.contains("elasticbeanstalk:"), "{tags}");
    // An instance that takes another one's place never comes to it.
    turned.at(10).ask(
        "autoscaling",
        &format!(
            "Action=TerminateInstanceInAutoScalingGroup&Version=2011-01-01&InstanceId={}&ShouldDecrementDesiredCapacity=false",
            instances[0]
        ),
    );
    turned.at(600);
    assert_eq!(turned.instances("portal-prod").len(), 3);
    assert_eq!(targets(&group), instances[1..2]);
}

#[test]
fn a_rule_can_be_missing_on_one_listener() {
    let turned = reported("shared-rules");
    let balancer = turned.elb("Action=DescribeLoadBalancers&Version=2015-12-01&Names.member.1=shared-edge");
    let arn = element(&balancer, "LoadBalancerArn");
    let listeners = turned.elb(&format!("Action=DescribeListeners&Version=2015-12-01&LoadBalancerArn={arn}"));
    let hosts = |port: u16| {
        let listener = members(&listeners, &format!("<Port>{port}<"))[0];
        let form = format!("Action=DescribeRules&Version=2015-12-01&ListenerArn={}", element(listener, "ListenerArn"));
        let rules = turned.elb(&form);
        (rules.contains("docs.edge.example"), rules.contains("wiki.edge.example"))
    };
    assert_eq!((hosts(80), hosts(443)), ((true, true), (false, true)));
}

#[test]
fn an_update_that_cannot_be_aborted_says_so() {
    let turned = reported("stuck-status");
    let abortable =
        |environment: &str| element(&turned.describe(environment), "AbortableOperationInProgress").to_owned();
    assert_eq!((abortable("stuck-updating"), abortable("busy-updating")), ("false".to_owned(), "true".to_owned()));
    assert_eq!(turned.status("stuck-updating"), "Updating");
    let refused = turned.eb("Action=AbortEnvironmentUpdate&Version=2010-12-01&EnvironmentName=stuck-updating");
    assert_eq!(element(&refused, "Code"), "InvalidParameterValue");
    assert_eq!(
        element(&refused, "Message"),
        "Environment named stuck-updating is in an invalid state for this operation. Must be pending deployment."
    );
}

#[test]
fn health_changes_when_the_scenario_says_so_and_events_tell_of_it() {
    let turned = reported("healths");
    let health = |at| element(&turned.at(at).health("changing"), "HealthStatus").to_owned();
    assert_eq!([health(20), health(40), health(100)], ["Ok", "Severe", "Ok"]);
    let events = turned.events("changing");
    assert_in_order(
        &events,
        &[
            "Environment health has transitioned from Ok to Severe. 100.0 % of the requests are failing with HTTP 5xx.",
            "Environment health has transitioned from Severe to Ok.",
        ],
    );
    let yellow = reported("still-yellow");
    let health = |environment: &str, at| element(&yellow.at(at).health(environment), "HealthStatus").to_owned();
    assert_eq!([health("acme-turns", 0), health("acme-turns", 300)], ["Ok", "Warning"]);
    assert_eq!([health("acme-yellow", 0), health("acme-yellow", 300)], ["Warning", "Warning"]);
    assert_eq!(health("acme-green", 300), "Ok");
}

#[test]
fn an_input_cannot_be_read_for_one_object_by_each_fault_and_from_a_time_on() {
    let turned = reported("unreadable");
    let target_health = |environment: &str| {
        let group = turned.target_group(&id(&turned, environment));
        turned.target_health(&group)
    };
    assert_eq!(element(&target_health("web"), "Code"), "AccessDenied");
    for readable in ["api", "docs"] {
        assert!(target_health(readable).contains("<State>healthy</State>"), "{readable}");
    }
    let settings = |environment: &str, at| {
        let form = format!(
            "Action=DescribeConfigurationSettings&Version=2010-12-01&ApplicationName=shop&EnvironmentName={environment}"
        );
        turned.at(at).world.answer(&query("elasticbeanstalk", &form)).status
    };
    assert_eq!([settings("api", 29), settings("api", 30), settings("docs", 30)], [200, 500, 200]);
    let instances = |environment: &str, at| {
        let form = format!("Action=DescribeInstancesHealth&Version=2010-12-01&EnvironmentName={environment}");
        text(&turned.at(at).world.answer(&query("elasticbeanstalk", &form)))
    };
    assert_eq!(element(&instances("api", 119), "Code"), "Throttling");
    assert!(!instances("api", 120).contains("<Error>") && !instances("web", 0).contains("<Error>"));
    let attributes = |environment: &str, at| {
        let group = turned.at(at).target_group(&id(&turned, environment));
        let form = format!("Action=DescribeTargetGroupAttributes&Version=2015-12-01&TargetGroupArn={group}");
        turned.world.answer(&query("elasticloadbalancing", &form)).fault
    };
    let stalls = [attributes("api", 59), attributes("api", 60), attributes("docs", 60), attributes("api", 180)];
    assert_eq!(stalls, [None, Some(TransportFault::Timeout), None, None]);
}

#[test]
fn a_region_has_its_limit_whatever_the_file_says() {
    let environment =
        |number| format!("[[environment]]\nname = \"web-{number}\"\napplication = \"shop\"\ninstances = 1000\n");
    let text = |count| format!("description = \"large\"\n{}", (0..count).map(environment).collect::<String>());
    let error = Scenario::from_toml("x", &text(102)).unwrap_err().to_string();
    assert_eq!(error, "x.toml:402:1: there are more than 100000 instances up to here");
    assert!(Scenario::from_toml("x", &text(100)).is_ok());
}

#[test]
fn mistakes_in_what_is_new_have_their_places_too() {
    let text = r#"description = "mistakes"
[[environment]]
name = "web"
id = "e-1"
application = "shop"
suspended_processes = ["Lunch"]
rules_missing_on = [8443]
load_balancer_zones = 2
kind = "single"
options = { "IdleTimeout" = "60" }

[[environment.health_change]]
at = "9999999d"
health_status = "Bad"

[[target_group]]
key = "copy"
instances_of = "web"
instances = [3]
targets = 2

[[target_group]]
key = "other"
instances = [1]

[[update]]
environment = "wbe"
at = "10s"
options = {}
aborted = "10s"

[[faults.unreadable]]
action = "elasticbeanstalk:DescribeTags"
object = "wbe"
how = "denid"
"#;
    let error = Scenario::from_toml("x", text).unwrap_err().to_string();
    let expected = [
        "x.toml:4:6: `e-1` is not an environment's id such as \"e-abcd123456\"",
        "x.toml:6:24: `Lunch` is not one of Launch, Terminate, AddToLoadBalancer, AlarmNotification, AZRebalance, HealthCheck, InstanceRefresh, ReplaceUnhealthy, ScheduledActions, did you mean `Launch`?",
        "x.toml:7:21: the load balancer has no listener on port 8443",
        "x.toml:8:23: only an environment with a load balancer of its own has `load_balancer_zones`",
        "x.toml:10:13: `IdleTimeout` is not an option such as \"aws:elasticbeanstalk:command/Timeout\"",
        "x.toml:13:6: `9999999d` is out of range, expected ten years at most",
        "x.toml:14:17: `Bad` is not one of NoData, Unknown, Pending, Ok, Info, Warning, Degraded, Severe, Suspended",
        "x.toml:19:14: there are 2 targets, counted from 1",
        "x.toml:20:11: `targets` cannot be combined with `instances_of`",
        "x.toml:24:13: `instances` needs `instances_of`",
        "x.toml:27:15: there is no environment `wbe`, did you mean `web`?",
        "x.toml:30:11: it can be aborted only after it began",
        "x.toml:34:10: there is no environment, load balancer or target group `wbe`, did you mean `web`?",
        "x.toml:35:7: `denid` is not one of denied, failing, throttled, expired, stalled, cut, did you mean `denied`?",
    ];
    assert_eq!(error.lines().collect::<Vec<_>>(), expected);
}
