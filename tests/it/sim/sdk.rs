//! The AWS SDK for Rust on the region in process: signed, serialised and parsed as against AWS, on a paused clock.

use super::START;
use aws_credential_types::Credentials;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use beanpole::sim::{Faults, Scenario, TransportFault, Unreachable, Window, World, in_process};
use jiff::{Timestamp, ToSpan};
use std::time::Duration;

/// A world whose clock is tokio's, which is paused in these tests.
pub(super) fn world(scenario: &str) -> World {
    world_of(Scenario::embedded(scenario).unwrap_or_else(|error| panic!("{error}")))
}

pub(super) fn world_of(scenario: Scenario) -> World {
    let began = tokio::time::Instant::now();
    let epoch = Timestamp::from_second(START).unwrap();
    let now = move || epoch + i64::try_from(began.elapsed().as_millis()).unwrap().milliseconds();
    super::of_anybody(World::new(scenario, now))
}

pub(super) fn config(world: &World) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(Credentials::new(
            "AKIDEXAMPLE",
            "secret",
            None,
            None,
            "test",
        )))
        .http_client(in_process::http_client(world.clone()))
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(TokioSleep::new()))
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(15)).build())
        .build()
}

#[tokio::test(start_paused = true)]
async fn the_sdk_reads_environments_and_load_balancers() {
    let region = world("shop");
    let config = config(&region);
    let beanstalk = aws_sdk_elasticbeanstalk::Client::new(&config);
    let answer = beanstalk.describe_environments().send().await.unwrap();
    let chat = answer.environments().iter().find(|one| one.environment_name() == Some("shop-chat-prod")).unwrap();
    assert_eq!(answer.environments().len(), 12);
    assert_eq!(chat.health().map(aws_sdk_elasticbeanstalk::types::EnvironmentHealth::as_str), Some("Red"));

    let balancing = aws_sdk_elasticloadbalancingv2::Client::new(&config);
    let balancers = balancing.describe_load_balancers().send().await.unwrap();
    let own = balancers
        .load_balancers()
        .iter()
        .find(|one| one.dns_name() == chat.endpoint_url())
        .and_then(|one| one.load_balancer_name());
    assert_eq!(own, Some("awseb--AWSEB-08AE6A35595B"));

    let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("471108151234"));
    let operations: Vec<String> = region.calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["DescribeEnvironments", "DescribeLoadBalancers", "GetCallerIdentity"]);
}

#[tokio::test(start_paused = true)]
async fn the_sdk_reads_targets_groups_and_instances() {
    let region = world("shop");
    let config = config(&region);
    let balancing = aws_sdk_elasticloadbalancingv2::Client::new(&config);
    let beanstalk = aws_sdk_elasticbeanstalk::Client::new(&config);
    let resources = beanstalk.describe_environment_resources().environment_name("shop-chat-prod").send().await.unwrap();
    let resources = resources.environment_resources().unwrap();
    let arn = resources.load_balancers()[0].name().unwrap();
    let groups = balancing.describe_target_groups().load_balancer_arn(arn).send().await.unwrap();
    assert_eq!(groups.target_groups().len(), 2);

    let scaling = aws_sdk_autoscaling::Client::new(&config);
    let name = resources.auto_scaling_groups()[0].name().unwrap();
    let scaled = scaling.describe_auto_scaling_groups().auto_scaling_group_names(name).send().await.unwrap();
    let proven = &scaled.auto_scaling_groups()[0].target_group_arns()[0];
    let health = balancing.describe_target_health().target_group_arn(proven).send().await.unwrap();
    let states: Vec<&str> = health
        .target_health_descriptions()
        .iter()
        .filter_map(|one| Some(one.target_health()?.state()?.as_str()))
        .collect();
    assert_eq!(states, ["unhealthy", "draining", "initial", "healthy", "healthy", "healthy", "healthy"]);

    let ec2 = aws_sdk_ec2::Client::new(&config);
    let id = health.target_health_descriptions()[0].target().unwrap().id().unwrap();
    let instances = ec2.describe_instances().instance_ids(id).send().await.unwrap();
    let instance = &instances.reservations()[0].instances()[0];
    assert!(instance.private_ip_address().unwrap().starts_with("10.0."));
    let missing = ec2.describe_instances().instance_ids("i-00000000000000000").send().await.unwrap_err();
    assert_eq!(code(&missing), Some("InvalidInstanceID.NotFound"));
}

#[tokio::test(start_paused = true)]
async fn the_sdk_reads_metrics_in_cbor() {
    use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat, ScanBy};
    let region = world("shop");
    let config = config(&region);
    let balancing = aws_sdk_elasticloadbalancingv2::Client::new(&config);
    let found = balancing.describe_load_balancers().names("awseb--AWSEB-08AE6A35595B").send().await.unwrap();
    let arn = found.load_balancers()[0].load_balancer_arn().unwrap();
    let value = arn.split_once(":loadbalancer/").unwrap().1;
    let ask = |id: &str, metric: &str, statistic: &str| {
        let dimension = Dimension::builder().name("LoadBalancer").value(value).build();
        let metric =
            Metric::builder().namespace("AWS/ApplicationELB").metric_name(metric).dimensions(dimension).build();
        let wanted = MetricStat::builder().metric(metric).period(60).stat(statistic).build();
        MetricDataQuery::builder().id(id).metric_stat(wanted).build()
    };
    let seconds = aws_smithy_types::DateTime::from_secs;
    let client = aws_sdk_cloudwatch::Client::new(&config);
    let data = client
        .get_metric_data()
        .metric_data_queries(ask("m0", "RequestCount", "Sum"))
        .metric_data_queries(ask("m1", "TargetResponseTime", "p99"))
        // A host count belongs to a target group: under this set of dimensions there is none.
        .metric_data_queries(ask("m2", "HealthyHostCount", "Average"))
        // Five minutes back, everything has been published for good.
        .start_time(seconds(START - 900))
        .end_time(seconds(START - 300))
        .scan_by(ScanBy::TimestampAscending)
        .send()
        .await
        .unwrap();
    let [requests, p99, hosts] = data.metric_data_results() else { panic!("{data:?}") };
    assert_eq!(requests.timestamps().len(), 10);
    assert_eq!(requests.timestamps()[0], seconds(START - 900));
    // Two in the afternoon: most of 128 requests a second at the chat, and 14 at the canary.
    assert!(requests.values().iter().all(|count| (5_000.0..9_000.0).contains(count)), "{:?}", requests.values());
    assert!(p99.values().iter().all(|seconds| (0.3..2.0).contains(seconds)), "{:?}", p99.values());
    assert_eq!(
        (hosts.values().len(), hosts.status_code().map(aws_sdk_cloudwatch::types::StatusCode::as_str)),
        (0, Some("Complete"))
    );

    let refused = client
        .get_metric_data()
        .metric_data_queries(ask("M0", "RequestCount", "Sum"))
        .start_time(seconds(START - 600))
        .end_time(seconds(START))
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&refused), Some("ValidationError"));
}

#[tokio::test(start_paused = true)]
async fn certificates_with_modern_keys_are_hidden_until_asked_for() {
    use aws_sdk_acm::types::{Filters, KeyAlgorithm};
    let region = world("shop");
    let client = aws_sdk_acm::Client::new(&config(&region));
    let domains = |answer: aws_sdk_acm::operation::list_certificates::ListCertificatesOutput| {
        let listed = answer.certificate_summary_list.unwrap_or_default();
        listed.into_iter().filter_map(|one| one.domain_name).collect::<Vec<_>>()
    };
    let without = domains(client.list_certificates().send().await.unwrap());
    assert!(!without.contains(&"*.billing.example".to_owned()), "{without:?}");
    let filter = Filters::builder().key_types(KeyAlgorithm::EcPrime256v1).build();
    assert_eq!(domains(client.list_certificates().includes(filter).send().await.unwrap()), ["*.billing.example"]);
}

#[tokio::test(start_paused = true)]
async fn faults_of_the_network_arrive_as_the_sdk_knows_them() {
    let region = world("healthy");
    let client = aws_sdk_sts::Client::new(&config(&region));
    let fail = |how| {
        let unreachable = vec![Unreachable { service: None, during: Window::default(), how }];
        region.set_faults(Faults { unreachable, ..Faults::none() });
        let call = client.get_caller_identity().send();
        async move { call.await.unwrap_err() }
    };
    let refused = fail(TransportFault::ConnectionRefused).await;
    assert!(matches!(&refused, SdkError::DispatchFailure(failure) if failure.is_io()), "{refused:?}");
    let reset = fail(TransportFault::ConnectionReset).await;
    assert!(matches!(&reset, SdkError::DispatchFailure(failure) if failure.is_io()), "{reset:?}");
    let cut = fail(TransportFault::CutShort).await;
    assert!(matches!(&cut, SdkError::ResponseError(_)), "status and headers had arrived: {cut:?}");
    let before = tokio::time::Instant::now();
    let timeout = fail(TransportFault::Timeout).await;
    assert!(matches!(&timeout, SdkError::TimeoutError(_)), "{timeout:?}");
    assert_eq!(before.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn latency_passes_on_the_paused_clock() {
    let region = world("healthy");
    region.set_faults(Faults { latency: Duration::from_secs(3), ..Faults::none() });
    let client = aws_sdk_sts::Client::new(&config(&region));
    let before = tokio::time::Instant::now();
    client.get_caller_identity().send().await.unwrap();
    assert_eq!(before.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn hostile_text_arrives_unharmed() {
    let region = world("hostile");
    let config = config(&region);
    let beanstalk = aws_sdk_elasticbeanstalk::Client::new(&config);
    let error = aws_sdk_elasticbeanstalk::types::EventSeverity::Error;
    let events = beanstalk.describe_events().severity(error).send().await.unwrap();
    assert_eq!(events.events()[0].message(), Some("\u{1b}[1;5;31mpwned\u{1b}[0m \u{202e}txet\u{202c} \u{9b}2J"));
    let environments = beanstalk.describe_environments().send().await.unwrap();
    assert_eq!(environments.environments()[0].version_label(), Some("v1\u{1b}[31mred\u{1b}[0m"));
    assert_eq!(environments.environments()[2].environment_name(), Some("環境-生産-本番環境"));

    let balancing = aws_sdk_elasticloadbalancingv2::Client::new(&config);
    let balancers = balancing.describe_load_balancers().send().await.unwrap();
    let odd = &balancers.load_balancers()[0];
    assert_eq!(odd.load_balancer_name(), Some("odd\u{1b}[2Jname"));
    let arn = odd.load_balancer_arn().unwrap();
    let tags = balancing.describe_tags().resource_arns(arn).send().await.unwrap();
    let blink = tags.tag_descriptions()[0].tags().iter().find(|tag| tag.key() == Some("team\u{1b}[5m")).unwrap();
    assert_eq!(blink.value(), Some("blink\u{9b}31m"));
    let listeners = balancing.describe_listeners().load_balancer_arn(arn).send().await.unwrap();
    let listener = listeners.listeners()[0].listener_arn().unwrap();
    let rules = balancing.describe_rules().listener_arn(listener).send().await.unwrap();
    assert_eq!(rules.rules()[0].conditions()[0].values(), ["\u{1b}[41m.example"]);
}

#[tokio::test(start_paused = true)]
async fn broken_bodies_break_the_parser_and_nothing_else() {
    let region = world("broken");
    let config = config(&region);
    let balancing = aws_sdk_elasticloadbalancingv2::Client::new(&config);
    let groups = balancing.describe_target_groups().send().await.unwrap();
    let arn = groups.target_groups()[0].target_group_arn().unwrap();
    let error = balancing.describe_tags().resource_arns(arn).send().await.unwrap_err();
    // A page of a proxy is an error of the service to the SDK, without a code and under status 200.
    assert_eq!((code(&error), error.raw_response().map(|raw| raw.status().as_u16())), (None, Some(200)));
    // The SDK takes half an answer for a whole one: it neither misses the closing tags nor the second target's state.
    let half = balancing.describe_target_health().target_group_arn(arn).send().await.unwrap();
    let states = half.target_health_descriptions().iter().filter(|one| one.target_health().is_some()).count();
    assert_eq!(states, 1, "{half:?}");
    // Every third call is an internal error of AWS's.
    let beanstalk = aws_sdk_elasticbeanstalk::Client::new(&config);
    let mut outcomes = Vec::new();
    for _ in 0..3 {
        outcomes.push(beanstalk.describe_environments().send().await.is_ok());
    }
    assert_eq!(outcomes, [true, true, false]);
}

pub(super) fn code<E, R>(error: &SdkError<E, R>) -> Option<&str>
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata,
{
    error.as_service_error().and_then(|error| error.code())
}
