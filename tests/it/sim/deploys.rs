//! Deploys as they are seen from outside: each policy through the SDK on the paused clock, refusals, and writes that a
//! fault meets; every instant of every scenario in `instants`.

mod instants;
mod stage;

use stage::{Seen, Watch, in_order};

use super::sdk::{code, config};
use aws_sdk_elasticbeanstalk::error::ProvideErrorMetadata;
use beanpole::sim::{Faults, Scenario, TransportFault, Unreachable, Window, World};
use std::time::Duration;

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
    // With health checks the second batch is waited for.
    let text = include_str!("../../../assets/scenarios/bad-deploy.toml");
    let checked = text.replace("\"aws:elasticbeanstalk:command/IgnoreHealthCheck\" = \"true\"\n", "");
    let watch = Watch::of(Scenario::from_toml("bad-deploy", &checked).unwrap(), "checkout-web-prod");
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
    // A deregistration delay of five minutes was set by hand, and each batch waits for it.
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
    let reported = |error: &dyn ProvideErrorMetadata| {
        (error.code().unwrap_or_default().to_owned(), error.message().unwrap_or_default().to_owned())
    };
    let parameter = |text: &str| ("InvalidParameterValue".to_owned(), text.to_owned());
    let error = update().environment_name("nobody").version_label("v104").send().await.unwrap_err();
    assert_eq!(reported(&error), parameter("No Environment found for EnvironmentName = 'nobody'."));
    let error = update().environment_name("shop-web-prod").version_label("v9000").send().await.unwrap_err();
    assert_eq!(reported(&error), parameter("No Application Version named 'v9000' found."));
    let both = update().environment_name("shop-web-prod").version_label("v104").template_name("blue");
    assert_eq!(code(&both.send().await.unwrap_err()), Some("InvalidParameterCombination"));
    let error = watch.beanstalk.abort_environment_update().environment_name("shop-web-prod").send().await.unwrap_err();
    assert_eq!(reported(&error).0, "InvalidParameterValue");
    watch.update("v104").await;
    let error = update().environment_name("shop-web-prod").version_label("v104").send().await.unwrap_err();
    let text = "Environment named shop-web-prod is in an invalid state for this operation. Must be Ready.";
    assert_eq!(reported(&error), parameter(text));
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
