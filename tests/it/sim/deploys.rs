//! Deploys as they are seen from outside: each policy through the SDK on the paused clock, every instant of every
//! scenario, refusals, and writes that a fault meets.

use super::sdk::{code, config, world};
use super::{Turned, element, elements};
use aws_sdk_elasticbeanstalk::error::ProvideErrorMetadata;
use aws_sdk_elasticbeanstalk::operation::RequestId;
use aws_sdk_elasticbeanstalk::types::{EnvironmentHealthAttribute, EnvironmentStatus, InstancesHealthAttribute};
use aws_sdk_elasticloadbalancingv2::types::{ForwardActionConfig, TargetGroupTuple};
use beanpole::sim::{Faults, Scenario, TransportFault, Unreachable, Window, World};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The services on one region, and the environment that is watched.
struct Watch {
    region: World,
    name: &'static str,
    beanstalk: aws_sdk_elasticbeanstalk::Client,
    balancing: aws_sdk_elasticloadbalancingv2::Client,
    scaling: aws_sdk_autoscaling::Client,
}

/// What is seen at an instant.
#[derive(Debug, Default)]
struct Seen {
    status: String,
    label: String,
    abortable: bool,
    health: String,
    causes: Vec<String>,
    /// Versions and deployment states by instance.
    instances: BTreeMap<String, (String, String)>,
    /// Requests and 5xx answers of ten seconds.
    answers: (i32, i32),
    /// Target states by target group, the environment's own first.
    targets: Vec<BTreeMap<String, String>>,
    /// Weights of the target groups in the last listener's default action.
    weights: Vec<i32>,
    /// Instances by Auto Scaling group, the permanent one first.
    groups: Vec<BTreeSet<String>>,
}

impl Seen {
    fn targets_in(&self, state: &str) -> usize {
        self.targets.iter().flat_map(BTreeMap::values).filter(|known| *known == state).count()
    }

    fn running(&self, label: &str) -> usize {
        self.instances.values().filter(|(version, state)| version == label && state == "Deployed").count()
    }
}

impl Watch {
    fn new(scenario: &str, name: &'static str) -> Self {
        let region = world(scenario);
        region.set_faults(Faults::none());
        let config = config(&region);
        Self {
            name,
            beanstalk: aws_sdk_elasticbeanstalk::Client::new(&config),
            balancing: aws_sdk_elasticloadbalancingv2::Client::new(&config),
            scaling: aws_sdk_autoscaling::Client::new(&config),
            region,
        }
    }

    async fn update(&self, version: &str) -> String {
        let call = self.beanstalk.update_environment().environment_name(self.name).version_label(version);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status().map(EnvironmentStatus::as_str), Some("Updating"));
        assert_eq!(answer.version_label(), Some(version));
        answer.request_id().unwrap().to_owned()
    }

    async fn abort(&self) {
        self.beanstalk.abort_environment_update().environment_name(self.name).send().await.unwrap();
    }

    /// Looks every five seconds until the environment is ready, at most for a number of minutes.
    async fn until_ready(&self, minutes: usize) -> Vec<Seen> {
        let mut all = vec![self.look().await];
        while all.last().is_some_and(|seen| seen.status != "Ready") {
            assert!(all.len() <= minutes * 12, "still {:?}", all.last());
            tokio::time::sleep(Duration::from_secs(5)).await;
            all.push(self.look().await);
        }
        all
    }

    async fn look(&self) -> Seen {
        let mut seen = Seen::default();
        let found = self.beanstalk.describe_environments().environment_names(self.name).send().await.unwrap();
        let environment = &found.environments()[0];
        seen.status = environment.status().unwrap().as_str().to_owned();
        seen.label = environment.version_label().unwrap().to_owned();
        seen.abortable = environment.abortable_operation_in_progress().unwrap();
        let health = self
            .beanstalk
            .describe_environment_health()
            .environment_name(self.name)
            .attribute_names(EnvironmentHealthAttribute::All)
            .send()
            .await
            .unwrap();
        seen.health = health.health_status().unwrap().to_owned();
        seen.causes = health.causes().to_vec();
        self.look_at_instances(&mut seen).await;
        self.look_at_groups(&mut seen).await;
        seen
    }

    async fn look_at_instances(&self, seen: &mut Seen) {
        let all = InstancesHealthAttribute::All;
        let call = self.beanstalk.describe_instances_health().environment_name(self.name).attribute_names(all);
        for instance in call.send().await.unwrap().instance_health_list() {
            let word = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let deployment = instance.deployment().map(|one| (word(one.version_label()), word(one.status())));
            seen.instances.insert(word(instance.instance_id()), deployment.unwrap_or_default());
            let metrics = instance.application_metrics().unwrap();
            seen.answers.0 += metrics.request_count();
            seen.answers.1 += metrics.status_codes().unwrap().status5xx().unwrap_or_default();
        }
    }

    async fn look_at_groups(&self, seen: &mut Seen) {
        let call = self.beanstalk.describe_environment_resources().environment_name(self.name);
        let resources = call.send().await.unwrap().environment_resources.unwrap();
        for group in resources.auto_scaling_groups() {
            let call = self.scaling.describe_auto_scaling_groups().auto_scaling_group_names(group.name().unwrap());
            let found = call.send().await.unwrap();
            let ids = found.auto_scaling_groups()[0].instances().iter().filter_map(|one| one.instance_id());
            seen.groups.push(ids.map(str::to_owned).collect());
        }
        let balancer = resources.load_balancers()[0].name().unwrap();
        let groups = self.balancing.describe_target_groups().load_balancer_arn(balancer).send().await.unwrap();
        for group in groups.target_groups() {
            let arn = group.target_group_arn().unwrap();
            let tags = self.balancing.describe_tags().resource_arns(arn).send().await.unwrap();
            if tags.tag_descriptions()[0].tags()[0].value() != Some(self.name) {
                continue;
            }
            let health = self.balancing.describe_target_health().target_group_arn(arn).send().await.unwrap();
            let states = health.target_health_descriptions().iter().map(|one| {
                let state = one.target_health().and_then(|health| health.state()).unwrap();
                (one.target().and_then(|target| target.id()).unwrap().to_owned(), state.as_str().to_owned())
            });
            seen.targets.push(states.collect());
        }
        let listeners = self.balancing.describe_listeners().load_balancer_arn(balancer).send().await.unwrap();
        let forward = listeners.listeners().last().and_then(|one| one.default_actions()[0].forward_config().cloned());
        let shares = forward.iter().flat_map(ForwardActionConfig::target_groups);
        seen.weights = shares.filter_map(TargetGroupTuple::weight).collect();
    }

    /// The messages since the start, the oldest first.
    async fn events(&self, request: Option<&str>) -> Vec<String> {
        let start = aws_smithy_types::DateTime::from_secs(super::START - 3_600);
        let call = self.beanstalk.describe_events().environment_name(self.name).start_time(start);
        let answer = call.set_request_id(request.map(str::to_owned)).send().await.unwrap();
        answer.events().iter().rev().filter_map(|event| event.message().map(str::to_owned)).collect()
    }
}

/// All of these texts, in this order, with anything between them.
fn in_order(messages: &[String], texts: &[&str]) {
    let mut rest = messages.iter();
    for text in texts {
        assert!(rest.any(|message| message.contains(text)), "`{text}` is not in its place in {messages:#?}");
    }
}

const MIXED: &str = "During an aborted deployment, some instances may have deployed the new application version. To ensure \
    all instances are running the same version, re-deploy the appropriate application version.";

// --------------------------------------------------------------------------------------------------------- policies

#[tokio::test(start_paused = true)]
async fn a_rolling_deploy_goes_batch_by_batch_and_nobody_notices() {
    let watch = Watch::new("rolling", "orders-web-prod");
    assert_eq!(watch.look().await.status, "Ready");
    tokio::time::sleep(Duration::from_secs(21)).await;
    let all = watch.until_ready(12).await;
    let (last, during) = all.split_last().unwrap();
    assert!(during.iter().all(|seen| seen.status == "Updating" && seen.label == "v41" && seen.health == "Info"));
    assert!(during.iter().all(|seen| seen.targets_in("healthy") >= 4 && seen.targets_in("draining") <= 2));
    assert!(during.iter().any(|seen| seen.causes == ["Command is executing on 2 out of 6 instances"]));
    assert!(during.iter().any(|seen| seen.instances.values().any(|(_, state)| state == "In Progress")));
    let deployed: Vec<usize> = during.iter().map(|seen| seen.running("v42")).collect();
    assert!(deployed.is_sorted() && [0, 2, 4, 6].iter().all(|count| deployed.contains(count)), "{deployed:?}");
    assert_eq!((last.label.as_str(), last.running("v42")), ("v42", 6));
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(watch.look().await.health, "Ok");
    let (requests, errors) = all.iter().fold((0, 0), |sum, seen| (sum.0 + seen.answers.0, sum.1 + seen.answers.1));
    assert!(requests > 100_000 && errors * 1_000 < requests, "{errors} of {requests}");
    in_order(
        &watch.events(None).await,
        &[
            "Environment update is starting.",
            "Batch 1: Starting application deployment on instance(s) [i-",
            "Batch 1: De-registering instance(s) from the load balancer and waiting for them to go out of service.",
            "Batch 1: Starting application deployment command execution.",
            "Command execution completed on 2 of 6 instances in environment.",
            "Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.",
            "Batch 1: Completed application deployment.",
            "Batch 3: Completed application deployment.",
            "New application version was deployed to running EC2 instances.",
            "Environment update completed successfully.",
            "Environment health has transitioned from Info to Ok.",
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn a_bad_version_shows_in_the_second_batch_and_an_abort_leaves_two_versions() {
    let watch = Watch::new("bad-deploy", "checkout-web-prod");
    tokio::time::sleep(Duration::from_secs(200)).await;
    let calm = watch.look().await;
    assert_eq!((calm.health.as_str(), calm.running("v19"), calm.targets_in("healthy")), ("Info", 2, 6));
    let mut seen = calm;
    let mut waited = 0;
    while seen.health == "Info" {
        tokio::time::sleep(Duration::from_secs(5)).await;
        waited += i32::from(seen.running("v19") == 4) * 5;
        assert!(waited <= 40, "four instances run it and nobody has noticed: {seen:?}");
        seen = watch.look().await;
    }
    assert!(seen.causes.iter().any(|cause| cause.ends_with("of the requests are failing with HTTP 5xx.")), "{seen:?}");
    tokio::time::sleep(Duration::from_secs(30)).await;
    let seen = watch.look().await;
    assert!(seen.answers.1 * 10 > seen.answers.0, "{:?}", seen.answers);
    assert!(seen.abortable);

    watch.abort().await;
    let all = watch.until_ready(3).await;
    let (last, during) = all.split_last().unwrap();
    assert!(!during.is_empty() && during.iter().all(|seen| seen.status == "Aborting" && !seen.abortable));
    assert_eq!((last.label.as_str(), last.running("v19"), last.running("v18")), ("v18", 4, 2));
    assert_eq!(watch.events(None).await.iter().filter(|message| *message == MIXED).count(), 1);
    tokio::time::sleep(Duration::from_secs(15)).await;
    let left = watch.look().await;
    let incorrect =
        "Incorrect application version found on 4 out of 6 instances. Expected version \"v18\" (deployment ";
    assert!(left.causes.iter().any(|cause| cause.starts_with(incorrect)), "{:?}", left.causes);

    watch.update("v18").await;
    let healed = watch.until_ready(12).await.pop().unwrap();
    assert_eq!((healed.label.as_str(), healed.running("v18"), healed.targets_in("healthy")), ("v18", 6, 6));
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert_eq!(watch.look().await.health, "Ok");
}

#[tokio::test(start_paused = true)]
async fn a_version_that_never_passes_fails_when_the_timeout_is_over() {
    let watch = Watch::new("stuck-deploy", "parcel-web-prod");
    tokio::time::sleep(Duration::from_secs(400)).await;
    let stuck = watch.look().await;
    assert_eq!((stuck.status.as_str(), stuck.targets_in("unhealthy"), stuck.running("r82")), ("Updating", 1, 1));
    let last = watch.until_ready(10).await.pop().unwrap();
    assert_eq!((last.label.as_str(), last.running("r82"), last.running("r81")), ("r81", 1, 3));
    in_order(
        &watch.events(None).await,
        &[
            "Unsuccessful command execution on instance id(s) 'i-",
            MIXED,
            "Failed to deploy application.",
            "Update environment operation is complete, but with errors. For more information, see troubleshooting documentation.",
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn an_immutable_deploy_keeps_the_old_label_and_replaces_every_instance() {
    let watch = Watch::new("immutable", "media-api-prod");
    let before = watch.look().await;
    tokio::time::sleep(Duration::from_secs(21)).await;
    let all = watch.until_ready(12).await;
    let (last, during) = all.split_last().unwrap();
    assert!(
        during.iter().all(|seen| seen.label == "2.4" && seen.targets_in("healthy") >= 4 && seen.targets.len() == 1)
    );
    assert!(
        during.iter().any(|seen| seen.groups.len() == 2 && seen.groups[1].len() == 1),
        "the test instance is alone"
    );
    assert!(during.iter().any(|seen| seen.targets_in("healthy") == 8));
    assert!(
        during.iter().any(|seen| seen.targets_in("draining") == 4 && !seen.abortable),
        "the old ones drain at the end"
    );
    assert_eq!((last.label.as_str(), last.groups.len(), last.running("2.5")), ("2.5", 1, 4));
    assert!(last.instances.keys().all(|id| !before.instances.contains_key(id)));
    in_order(
        &watch.events(None).await,
        &[
            "Immutable deployment policy enabled. Launching one instance with the new settings to verify health.",
            "Created temporary auto scaling group awseb-e-",
            "Adding new instance(s) (i-",
            "Test instance passed health checks. Launching remaining new instances.",
            "Successfully launched all instances.",
            "Detached new instance(s) from temporary auto scaling group",
            "Attached new instance(s) to the permanent auto scaling group",
            "Deployment succeeded. Terminating old instances and temporary Auto Scaling group.",
            "Environment update completed successfully.",
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn an_immutable_deploy_that_is_aborted_leaves_nothing() {
    let watch = Watch::new("immutable", "media-api-prod");
    let before = watch.look().await;
    tokio::time::sleep(Duration::from_secs(350)).await;
    assert_eq!(watch.look().await.instances.len(), 8);
    watch.abort().await;
    let last = watch.until_ready(3).await.pop().unwrap();
    assert_eq!(last.instances.keys().collect::<Vec<_>>(), before.instances.keys().collect::<Vec<_>>());
    assert_eq!((last.label.as_str(), last.groups.len(), last.targets_in("healthy")), ("2.4", 1, 4));
}

#[tokio::test(start_paused = true)]
async fn a_traffic_split_shows_in_the_weights_of_two_target_groups() {
    let watch = Watch::new("traffic-splitting", "search-web-prod");
    tokio::time::sleep(Duration::from_secs(21)).await;
    let all = watch.until_ready(14).await;
    let (last, during) = all.split_last().unwrap();
    let split: Vec<&Seen> = during.iter().filter(|seen| seen.weights == [90, 10]).collect();
    assert!((58..=62).contains(&split.len()), "five minutes: {}", split.len());
    assert!(split.iter().all(|seen| seen.targets.iter().all(|group| group.len() == 3) && seen.groups.len() == 2));
    assert!(during.iter().any(|seen| seen.weights == [0, 100]));
    assert_eq!((last.weights.as_slice(), last.targets.len(), last.groups.len()), ([1].as_slice(), 1, 1));
    assert_eq!((last.label.as_str(), last.running("v9")), ("v9", 3));
}

#[tokio::test(start_paused = true)]
async fn all_at_once_fails_for_seconds_and_an_additional_batch_never_lacks_an_instance() {
    let admin = Watch::new("shop", "shop-admin-prod");
    admin.update("v104").await;
    let all = admin.until_ready(3).await;
    assert!(all.iter().all(|seen| seen.targets_in("draining") == 0 && seen.targets[0].len() == 2));
    assert_eq!(all.last().map(|seen| seen.running("v104")), Some(2));
    in_order(
        &admin.events(None).await,
        &[
            "Deploying new version to instance(s).",
            "Instance deployment completed successfully.",
            "Environment update completed successfully.",
        ],
    );

    let api = Watch::new("shop", "shop-api-prod");
    api.update("v104").await;
    // Somebody set a deregistration delay of five minutes by hand, and each batch waits for it.
    let all = api.until_ready(40).await;
    let (last, during) = all.split_last().unwrap();
    let while_rolling = during.iter().filter(|seen| seen.targets_in("draining") > 0 && seen.abortable);
    assert!(while_rolling.clone().count() > 5 && while_rolling.clone().all(|seen| seen.targets_in("healthy") >= 6));
    assert!(during.iter().any(|seen| seen.groups[0].len() == 8) && during.iter().all(|seen| seen.groups.len() == 1));
    assert_eq!((last.instances.len(), last.running("v104")), (6, 6));
}

#[tokio::test(start_paused = true)]
async fn what_fails_under_an_immutable_policy_is_reverted_and_what_does_not_install_says_so() {
    let watch = Watch::new("shop", "billing-api-prod");
    watch.update("2025.1").await;
    let last = watch.until_ready(25).await.pop().unwrap();
    assert_eq!((last.label.as_str(), last.running("2024.10"), last.groups.len()), ("2024.10", 2, 1));
    in_order(
        &watch.events(None).await,
        &[
            "Failed to deploy application.",
            "The environment was reverted to the previous configuration setting.",
            "Update environment operation is complete, but with errors.",
        ],
    );
    let legacy = World::clone(&watch.region);
    let client = aws_sdk_elasticbeanstalk::Client::new(&config(&legacy));
    client.update_environment().environment_name("legacy-portal").version_label("r414").send().await.unwrap();
    tokio::time::sleep(Duration::from_secs(300)).await;
    let events = client.describe_events().environment_name("legacy-portal").max_records(6).send().await.unwrap();
    let said = |text: &str| events.events().iter().any(|event| event.message().is_some_and(|one| one.contains(text)));
    assert!(said("Command failed on instance. Return code: 1") && said("Failed to deploy application."), "{events:?}");
}

// --------------------------------------------------------------------------------------------------------- refusals

#[tokio::test(start_paused = true)]
async fn what_cannot_be_done_is_refused_in_aws_words() {
    let watch = Watch::new("shop", "shop-web-prod");
    let update = || watch.beanstalk.update_environment();
    let told = |error: &dyn ProvideErrorMetadata| {
        (error.code().unwrap_or_default().to_owned(), error.message().unwrap_or_default().to_owned())
    };
    let parameter = |text: &str| ("InvalidParameterValue".to_owned(), text.to_owned());
    let error = update().environment_name("nobody").version_label("v104").send().await.unwrap_err();
    assert_eq!(told(&error), parameter("No Environment found for EnvironmentName = 'nobody'."));
    let error = update().environment_name("shop-web-prod").version_label("v9000").send().await.unwrap_err();
    assert_eq!(told(&error), parameter("No Application Version named 'v9000' found."));
    let both = update().environment_name("shop-web-prod").version_label("v104").template_name("blue");
    assert_eq!(code(&both.send().await.unwrap_err()), Some("InvalidParameterCombination"));
    let error = watch.beanstalk.abort_environment_update().environment_name("shop-web-prod").send().await.unwrap_err();
    assert_eq!(told(&error).0, "InvalidParameterValue");
    watch.update("v104").await;
    let error = update().environment_name("shop-web-prod").version_label("v104").send().await.unwrap_err();
    let text = "Environment named shop-web-prod is in an invalid state for this operation. Must be Ready.";
    assert_eq!(told(&error), parameter(text));
}

#[tokio::test(start_paused = true)]
async fn the_request_id_of_an_update_finds_its_events_and_no_others() {
    let watch = Watch::new("shop", "shop-web-prod");
    let first = watch.update("v101").await;
    watch.until_ready(15).await;
    let again = watch.events(Some(&first)).await;
    assert_eq!(again.first().map(String::as_str), Some("Environment update is starting."));
    assert_eq!(again.last().map(String::as_str), Some("Environment update completed successfully."));
    assert!(!again.iter().any(|message| message.starts_with("Environment health")), "{again:?}");
    let second = watch.update("v104").await;
    assert_ne!(first, second);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(watch.events(Some(&second)).await.len() < again.len());
    assert_eq!(watch.events(Some(&first)).await, again);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_denied_or_did_not_arrive_changes_nothing_and_one_whose_answer_is_lost_does() {
    let watch = Watch::new("shop", "shop-web-prod");
    let send = || watch.beanstalk.update_environment().environment_name("shop-web-prod").version_label("v104").send();
    let unreachable = |how| Faults {
        unreachable: vec![Unreachable { service: None, during: Window::default(), how }],
        ..Faults::none()
    };
    watch.region.set_faults(Faults { deny: vec!["elasticbeanstalk:UpdateEnvironment".into()], ..Faults::none() });
    assert_eq!(code(&send().await.unwrap_err()), Some("AccessDenied"));
    watch.region.set_faults(unreachable(TransportFault::ConnectionRefused));
    send().await.unwrap_err();
    watch.region.set_faults(Faults::none());
    assert_eq!(watch.look().await.status, "Ready");
    watch.region.set_faults(unreachable(TransportFault::ConnectionReset));
    send().await.unwrap_err();
    watch.region.set_faults(Faults::none());
    assert_eq!(watch.look().await.status, "Updating");
}

// ------------------------------------------------------------------------------------------------------ consistency

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
fn whatever_the_chances_the_good_deploy_succeeds_and_the_bad_one_does_not() {
    let ends = |scenario: &str, name: &str, seed: u64| {
        let turned = Turned::of(Scenario::embedded(scenario).unwrap().with_seed(seed));
        let form = format!("Action=DescribeEnvironments&Version=2010-12-01&EnvironmentNames.member.1={name}");
        let answer = turned.at(1_500).eb(&form);
        (element(&answer, "Status").to_owned(), element(&answer, "VersionLabel").to_owned())
    };
    for seed in 0..100 {
        assert_eq!(ends("rolling", "orders-web-prod", seed), ("Ready".into(), "v42".into()), "{seed}");
        assert_eq!(ends("bad-deploy", "checkout-web-prod", seed), ("Ready".into(), "v18".into()), "{seed}");
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
    let turned = Turned::written(
        r#"
description = "all at once"
[[environment]]
name = "web"
application = "shop"
instances = 3
traffic = { peak = 90.0 }
options = { "aws:elasticbeanstalk:command/DeploymentPolicy" = "AllAtOnce" }
[[deploy]]
environment = "web"
version = "v1"
at = "10s"
"#,
    );
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
