//! Reads of the simulated region through the real SDK, on a paused clock: the results, their cost, and the
//! messages of faults.

mod download;
mod open;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use beanpole::aws::fetch;
use beanpole::model::{
    Answer, Ask, Covers, EnvironmentStatus, FaultKind, HealthStatus, Key, Moment, Names, ReadOutcome, RuleAction, Seq,
    Source, TargetState,
};
use beanpole::sim::{Broken, Faults, TransportFault, Unreachable, Window};
use tokio::time::Instant;

use crate::support::{SCOPE, Stage};

/// The demo, with which nothing is wrong.
fn shop() -> Stage {
    Stage::new("shop").without_faults()
}

/// The shop with these faults.
fn faulty(faults: Faults) -> Stage {
    let stage = Stage::new("shop");
    stage.world.set_faults(faults);
    stage
}

/// The same region, whose answers are changed on their way, to make what the simulated region never sends.
fn edited(stage: Stage, edit: impl Fn(u32, HttpResponse) -> HttpResponse + Send + Sync + 'static) -> Stage {
    let (edit, count) = (Arc::new(edit), Arc::<AtomicU32>::default());
    stage.between(move |request, inner| {
        let (answer, edit, count) = (inner.call(request), Arc::clone(&edit), Arc::clone(&count));
        HttpConnectorFuture::new(async move {
            let number = count.fetch_add(1, Ordering::Relaxed);
            Ok(edit(number, answer.await?))
        })
    })
}

/// An edit that replaces texts in the body.
fn replacing(pairs: &'static [(&'static str, &'static str)]) -> impl Fn(u32, HttpResponse) -> HttpResponse {
    move |_, answer| {
        let text = String::from_utf8(answer.body().bytes().unwrap().to_vec()).unwrap();
        let text = pairs.iter().fold(text, |text, (from, to)| text.replace(from, to));
        let mut changed = HttpResponse::new(answer.status(), SdkBody::from(text));
        *changed.headers_mut() = answer.headers().clone();
        changed
    }
}

fn fleet() -> Stage {
    let text = scenario!("a fleet", "seed = 1\n", section!("fleet", environments = 1000, shared_load_balancers = 3));
    Stage::written(text).without_faults()
}

macro_rules! answered {
    ($answer:expr, $variant:ident) => {
        match $answer {
            Answer::$variant(items) => items,
            other => panic!("{other:?}"),
        }
    };
    ($answer:expr, $variant:ident of) => {
        match $answer {
            Answer::$variant(_, items) => items,
            other => panic!("{other:?}"),
        }
    };
}

#[tokio::test(start_paused = true)]
async fn a_region_is_read_in_three_calls() {
    let stage = shop();
    let environments = answered!(stage.answer(Source::Environments(SCOPE)).await, Environments);
    let balancers = answered!(stage.answer(Source::LoadBalancers(SCOPE)).await, LoadBalancers);
    let groups = answered!(stage.answer(Source::TargetGroups(SCOPE)).await, TargetGroups);
    assert_eq!(stage.world.calls().len(), 3);
    assert!(environments.iter().all(|it| it.key.id.starts_with("e-") && it.created.is_some() && it.tier.is_some()));
    assert!(balancers.iter().all(|it| it.dns_name.is_some() && it.state.is_some() && !it.zones.is_empty()));
    let known: HashSet<_> = balancers.iter().map(|it| &it.key).collect();
    assert!(groups.iter().flat_map(|it| &it.load_balancers).all(|balancer| known.contains(balancer)));
    assert!(groups.iter().all(|it| it.health_check.interval.is_some() && it.health_check.protocol.is_some()));
}

#[tokio::test(start_paused = true)]
async fn an_environment_is_read_down_to_its_instances() {
    let stage = shop();
    let environments = answered!(stage.answer(Source::Environments(SCOPE)).await, Environments);
    let chat = environments.iter().find(|it| &*it.name == "shop-chat-prod").unwrap();
    let resources = answered!(stage.answer(Source::Resources(chat.key.clone())).await, Resources);
    assert!(resources.load_balancers[0].starts_with("arn:") && !resources.instances.is_empty());

    let names =
        resources.auto_scaling_groups.iter().map(|name| Source::AutoScalingGroup(Key::new(SCOPE, name.clone())));
    let groups = stage.outcome(names.collect()).await.result.unwrap();
    assert_eq!(groups.covers, Covers::Only);
    let groups = answered!(groups.answer, AutoScalingGroups);
    assert_eq!(groups[0].key.id, resources.auto_scaling_groups[0]);
    assert!(!groups[0].target_groups.is_empty() && groups[0].size.1 >= groups[0].size.0);

    let ids = resources.instances.iter().map(|id| Source::Instance(Key::new(SCOPE, id.clone())));
    let gone = Source::Instance(Key::new(SCOPE, "i-00000000000000000"));
    let instances = answered!(stage.outcome(ids.chain([gone]).collect()).await.result.unwrap().answer, Instances);
    assert_eq!(instances.len(), resources.instances.len());
    assert!(instances.iter().all(|it| it.environment_name.as_deref() == Some("shop-chat-prod")));

    let health = answered!(stage.answer(Source::EnvironmentHealth(chat.key.clone())).await, EnvironmentHealth);
    assert!(health.status.is_some() && health.colour.is_some() && health.metrics.is_some());
    let counted = health.instances.well + health.instances.ill + health.instances.unknown;
    assert_eq!(usize::try_from(counted).unwrap(), resources.instances.len());
    let each = answered!(stage.answer(Source::InstancesHealth(chat.key.clone())).await, InstancesHealth of);
    assert_eq!(each.len(), resources.instances.len());
    assert!(each.iter().all(|it| it.cpu_percent.is_none_or(|cpu| (0.0..=100.0).contains(&cpu))));
    assert!(each.iter().any(|it| it.cpu_percent.is_some() && it.deployment.is_some()));
}

#[tokio::test(start_paused = true)]
async fn listeners_rules_and_targets_are_read() {
    let stage = shop();
    let balancers = answered!(stage.answer(Source::LoadBalancers(SCOPE)).await, LoadBalancers);
    let chat = balancers.iter().find(|it| &*it.name == "awseb--AWSEB-08AE6A35595B").unwrap();
    let listeners = answered!(stage.answer(Source::Listeners(chat.key.clone())).await, Listeners of);
    let [plain, secure] = listeners.as_slice() else { panic!("{listeners:?}") };
    assert!(matches!(&plain.default_actions[..], [RuleAction::Redirect { protocol, .. }] if &**protocol == "HTTPS"));
    assert!(secure.is_secure() && secure.ssl_policy.is_some() && secure.certificates.len() == 1);

    let rules = answered!(stage.answer(Source::Rules(secure.key.clone())).await, Rules of);
    let rule = rules.iter().find(|rule| !rule.conditions.is_empty()).unwrap();
    assert_eq!(rule.conditions.len(), 1);
    assert_eq!(rule.conditions[0].values, [Arc::from("chat.shop.example")]);
    let [RuleAction::Forward { groups, group_stickiness }] = rule.actions.as_slice() else { panic!("{rule:?}") };
    assert_eq!(groups.iter().map(|it| it.weight).collect::<Vec<_>>(), [90, 10]);
    assert_eq!(*group_stickiness, Some(86_400));

    let group = groups[0].target_group.clone();
    let targets = answered!(stage.answer(Source::TargetHealth(group.clone())).await, TargetHealth of);
    assert!(targets.iter().all(|it| it.id.starts_with("i-") && it.port.is_some()));
    assert!(targets.iter().filter(|it| it.state != TargetState::Healthy).all(|it| it.reason.is_some()));
    let attributes = answered!(stage.answer(Source::TargetGroupAttributes(group)).await, TargetGroupAttributes of);
    assert!(attributes.contains_key("deregistration_delay.timeout_seconds"));
    let attributes =
        answered!(stage.answer(Source::LoadBalancerAttributes(chat.key.clone())).await, LoadBalancerAttributes of);
    assert_eq!(attributes.get("idle_timeout.timeout_seconds").map(|value| &**value), Some("300"));
}

#[tokio::test(start_paused = true)]
async fn who_we_are_what_happened_and_the_certificates_are_read() {
    let stage = shop();
    let identity = answered!(stage.answer(Source::Identity(SCOPE)).await, Identity);
    assert_eq!(identity.account.as_deref(), Some("471108151234"));
    let events = stage.batch(Source::Events(SCOPE)).await;
    assert_eq!(events.covers, Covers::Only);
    let events = answered!(events.answer, Events);
    assert!(events.is_sorted_by_key(|event| std::cmp::Reverse(event.at)));
    let certificates = answered!(stage.answer(Source::Certificates(SCOPE)).await, Certificates);
    let domains: HashSet<_> = certificates.iter().filter_map(|it| it.domain.as_deref()).collect();
    assert!(domains.contains("*.billing.example"), "its key is elliptic: {domains:?}");
    assert!(!domains.contains("new.shop.example"), "it is not issued: {domains:?}");
}

#[tokio::test(start_paused = true)]
async fn settings_are_asked_for_by_name() {
    let stage = shop();
    let environments = answered!(stage.answer(Source::Environments(SCOPE)).await, Environments);
    let chat = environments.iter().find(|it| &*it.name == "shop-chat-prod").unwrap();
    let source = Source::Settings(chat.key.clone());
    assert_eq!(stage.fault(source.clone()).await.kind, FaultKind::Invalid);
    let names =
        |environment: &str| Some(Names { application: chat.application.clone(), environment: environment.into() });
    let ask = |names| Ask { names, ..Ask::new(vec![source.clone()], Seq(1)) };
    let found = stage.ask(ask(names("shop-chat-prod"))).await.result.unwrap();
    let settings = answered!(found.answer, Settings);
    assert_eq!(settings.get("aws:elasticbeanstalk:environment", "LoadBalancerType"), Some("application"));
    assert_eq!(stage.ask(ask(names("gone"))).await.result.unwrap_err().kind, FaultKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn every_page_of_a_large_region_is_followed_and_counted() {
    let stage = fleet();
    let outcome = stage.outcome(vec![Source::LoadBalancers(SCOPE)]).await;
    let batch = outcome.result.unwrap();
    assert_eq!(batch.covers, Covers::All);
    let balancers = answered!(batch.answer, LoadBalancers);
    let distinct: HashSet<_> = balancers.iter().map(|it| &it.key).collect();
    assert_eq!(distinct.len(), balancers.len());
    assert!(balancers.len() > 400);
    assert_eq!(outcome.requests as usize, balancers.len().div_ceil(400));
    assert_eq!((outcome.seq, outcome.sources), (Seq(7), vec![Source::LoadBalancers(SCOPE)]));

    let outcome = stage.outcome(vec![Source::Environments(SCOPE)]).await;
    let environments = answered!(outcome.result.unwrap().answer, Environments);
    assert_eq!((environments.len(), outcome.requests), (1000, 1));
}

#[tokio::test(start_paused = true)]
async fn a_later_page_that_fails_leaves_what_came_before() {
    let stage = fleet();
    let internal = [("elasticloadbalancing:DescribeLoadBalancers".to_owned(), 2)].into();
    stage.world.set_faults(Faults { internal, ..Faults::none() });
    let outcome = stage.outcome(vec![Source::LoadBalancers(SCOPE)]).await;
    let batch = outcome.result.unwrap();
    let Covers::Partial(fault) = batch.covers else { panic!("{:?}", batch.covers) };
    assert_eq!((fault.kind, fault.code.as_deref()), (FaultKind::Other, Some("InternalFailure")));
    assert_eq!((answered!(batch.answer, LoadBalancers).len(), outcome.requests), (400, 2));
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_never_ends_is_ended() {
    let repeated = edited(fleet(), |_, answer| {
        let text = String::from_utf8(answer.body().bytes().unwrap().to_vec()).unwrap();
        let from = text.find("<NextMarker>").map_or(text.len(), |at| at + "<NextMarker>".len());
        let to = text.find("</NextMarker>").unwrap_or(text.len());
        HttpResponse::new(answer.status(), SdkBody::from(format!("{}again{}", &text[..from], &text[to..])))
    });
    let outcome = repeated.outcome(vec![Source::LoadBalancers(SCOPE)]).await;
    // The region itself refuses a token that it did not give, so that there is nothing after the second page.
    assert!(outcome.requests <= 3);
    assert!(matches!(outcome.result.unwrap().covers, Covers::Partial(_)));

    let page = |number: u32| {
        format!(
            "<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancers/><NextMarker>{number}</NextMarker>\
             </DescribeLoadBalancersResult></DescribeLoadBalancersResponse>"
        )
    };
    let endless = edited(shop(), move |number, _| HttpResponse::new(ok(), SdkBody::from(page(number))));
    let outcome = endless.outcome(vec![Source::LoadBalancers(SCOPE)]).await;
    assert_eq!(outcome.requests, 100);
    let Covers::Partial(fault) = outcome.result.unwrap().covers else { panic!() };
    assert!(fault.message.contains("100 pages"), "{}", fault.message);

    let circle = edited(shop(), move |number, _| HttpResponse::new(ok(), SdkBody::from(page(number % 3))));
    let outcome = circle.outcome(vec![Source::LoadBalancers(SCOPE)]).await;
    assert_eq!(outcome.requests, 4);
    let Covers::Partial(fault) = outcome.result.unwrap().covers else { panic!() };
    assert!(fault.message.contains("sent before"), "{}", fault.message);
}

fn ok() -> StatusCode {
    StatusCode::try_from(200).unwrap()
}

#[tokio::test(start_paused = true)]
async fn tags_are_there_for_each_arn_even_if_there_are_none() {
    let stage = shop();
    let balancers = answered!(stage.answer(Source::LoadBalancers(SCOPE)).await, LoadBalancers);
    let groups = answered!(stage.answer(Source::TargetGroups(SCOPE)).await, TargetGroups);
    let mut sources: Vec<_> = groups.iter().map(|it| Source::TargetGroupTags(it.key.clone())).take(10).collect();
    sources.extend(balancers.iter().map(|it| Source::LoadBalancerTags(it.key.clone())).take(10));
    let tags = answered!(stage.outcome(sources.clone()).await.result.unwrap().answer, Tags);
    assert_eq!(tags.len(), sources.len());
    assert!(tags.iter().any(|(_, tags)| tags.contains_key("elasticbeanstalk:environment-id")));

    let bare = edited(shop(), replacing(&[("<ResourceArn>", "<Other>"), ("</ResourceArn>", "</Other>")]));
    let tags = answered!(bare.outcome(sources.clone()).await.result.unwrap().answer, Tags);
    assert!(tags.len() == sources.len() && tags.iter().all(|(_, tags)| tags.is_empty()));

    let gone = "arn:aws:elasticloadbalancing:eu-west-1:471108151234:targetgroup/gone/0000000000000000";
    sources[0] = Source::TargetGroupTags(Key::new(SCOPE, gone));
    assert_eq!(stage.outcome(sources).await.result.unwrap_err().kind, FaultKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_throttle_is_reported_and_not_retried() {
    let stage = faulty(Faults::default());
    let mut last = None;
    for _ in 0..16 {
        last = Some(stage.outcome(vec![Source::Environments(SCOPE)]).await);
    }
    let last = last.unwrap();
    assert_eq!(last.requests, 1);
    let fault = last.result.unwrap_err();
    assert_eq!((fault.kind, fault.code.as_deref()), (FaultKind::Throttled, Some("Throttling")));
    assert_eq!(stage.world.calls().len(), 16);
    tokio::time::sleep(Duration::from_secs(2)).await;
    stage.batch(Source::Environments(SCOPE)).await;
}

/// One source of each protocol: query, ec2 query, JSON.
fn one_of_each_protocol() -> [Source; 3] {
    [Source::Environments(SCOPE), Source::Instance(Key::new(SCOPE, "i-0a1b2c3d")), Source::Certificates(SCOPE)]
}

#[tokio::test(start_paused = true)]
async fn expired_credentials_are_reported_in_every_protocol() {
    let stage = faulty(Faults { expired: vec![Window::default()], ..Faults::none() });
    for source in one_of_each_protocol() {
        let fault = stage.fault(source).await;
        assert_eq!(fault.kind, FaultKind::Expired);
        assert!(fault.request_id.is_some() && fault.message.contains("xpired"), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_denial_names_the_action_in_every_protocol() {
    let stage = faulty(Faults { deny: vec!["*".to_owned()], ..Faults::none() });
    let actions = ["elasticbeanstalk:DescribeEnvironments", "ec2:DescribeInstances", "acm:ListCertificates"];
    for (source, action) in one_of_each_protocol().into_iter().zip(actions) {
        let fault = stage.fault(source).await;
        assert_eq!(fault.kind, FaultKind::Denied);
        assert_eq!(fault.action(), action);
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_no_answers_are_faults_in_words() {
    for broken in [Broken::Html, Broken::Truncated, Broken::Empty, Broken::Json] {
        for source in [one_of_each_protocol().to_vec(), vec![Source::LoadBalancers(SCOPE)]].concat() {
            let action = format!("{}:{}", source.service().prefix(), source.operation());
            let stage = faulty(Faults { broken: [(action, broken)].into(), ..Faults::none() });
            let fault = stage.fault(source.clone()).await;
            assert_eq!(fault.kind, FaultKind::Other, "{broken:?} {fault:?}");
            assert!(fault.message.starts_with("the endpoint"), "{broken:?} {fault:?}");
            if broken == Broken::Html {
                assert!(
                    fault.message.contains("HTTP 200") && fault.message.contains("Sign in to the network"),
                    "{fault:?}"
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn words_that_are_new_are_kept_and_what_is_missing_is_absent() {
    let stage = edited(
        shop(),
        replacing(&[
            ("<Status>Ready</Status>", "<Status>Dancing</Status>"),
            ("<HealthStatus>Ok</HealthStatus>", "<HealthStatus>Jolly</HealthStatus>"),
            ("<Code>active</Code>", "<Code>asleep</Code>"),
            ("<CNAME>", "<Other>"),
            ("</CNAME>", "</Other>"),
            ("<EnvironmentName>shop-chat-prod</EnvironmentName>", ""),
            ("<State>healthy</State>", "<State>sleepy</State>"),
        ]),
    );
    let environments = answered!(stage.answer(Source::Environments(SCOPE)).await, Environments);
    assert!(environments.iter().any(|it| it.status == EnvironmentStatus::Other("Dancing".into())));
    assert!(environments.iter().any(|it| it.health_status == Some(HealthStatus::Other("Jolly".into()))));
    assert!(environments.iter().all(|it| it.cname.is_none()));
    assert!(environments.iter().any(|it| it.name == it.key.id), "the id stands in for a missing name");
    let balancers = answered!(stage.answer(Source::LoadBalancers(SCOPE)).await, LoadBalancers);
    assert!(balancers.iter().any(|it| it.state.as_ref().is_some_and(|state| state.as_str() == "asleep")));
}

#[tokio::test(start_paused = true)]
async fn an_item_without_its_id_is_skipped() {
    let stage = shop();
    let all = answered!(stage.answer(Source::TargetGroups(SCOPE)).await, TargetGroups).len();
    let stage = edited(stage, |_, answer| {
        let text = String::from_utf8(answer.body().bytes().unwrap().to_vec()).unwrap();
        let text = text.replacen("<TargetGroupArn>", "<Lost>", 1).replacen("</TargetGroupArn>", "</Lost>", 1);
        HttpResponse::new(answer.status(), SdkBody::from(text))
    });
    assert_eq!(answered!(stage.answer(Source::TargetGroups(SCOPE)).await, TargetGroups).len(), all - 1);
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_reached_is_named() {
    let cases = [
        (TransportFault::ConnectionRefused, "refused the connection"),
        (TransportFault::ConnectionReset, "the connection to"),
        (TransportFault::CutShort, "broke off"),
        // The SDK may give up on a stalled connection before its time is over.
        (TransportFault::Timeout, "answer"),
    ];
    for (how, words) in cases {
        let unreachable = vec![Unreachable { service: None, during: Window::default(), how }];
        let stage = faulty(Faults { unreachable, ..Faults::none() });
        let began = Instant::now();
        let fault = stage.fault(Source::TargetGroups(SCOPE)).await;
        assert_eq!(fault.kind, FaultKind::Network);
        assert!(fault.message.contains(words), "{}", fault.message);
        assert!(fault.message.contains("ELB's endpoint in eu-west-1"), "{}", fault.message);
        let patience = if how == TransportFault::Timeout { 15 } else { 0 };
        assert!(began.elapsed().as_secs() <= patience, "{:?}", began.elapsed());
    }
}

/// Reads environments by this machine's clock, whatever the region's shows.
async fn by_this_machine(stage: &Stage) -> ReadOutcome {
    fetch(&stage.session, Ask::new(vec![Source::Environments(SCOPE)], Seq(7)), || stage.clock.local()).await
}

#[tokio::test(start_paused = true)]
async fn a_refusal_for_a_wrong_clock_is_asked_again_once() {
    const SKEWED: &str = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired</Message>\
        </Error></ErrorResponse>";
    let refusal = || {
        let mut refusal = HttpResponse::new(StatusCode::try_from(403).unwrap(), SdkBody::from(SKEWED));
        refusal.headers_mut().insert("date", "Mon, 23 Nov 2026 09:50:00 GMT");
        refusal
    };
    let stage = edited(shop(), move |number, answer| if number == 0 { refusal() } else { answer });
    let outcome = by_this_machine(&stage).await;
    assert_eq!((outcome.requests, outcome.result.is_ok()), (2, true));

    let stage = edited(shop(), move |_, _| refusal());
    let outcome = by_this_machine(&stage).await;
    assert_eq!(outcome.requests, 2);
    let fault = outcome.result.unwrap_err();
    assert!(fault.message.contains("clock"), "{}", fault.message);
    assert_ne!(fault.kind, FaultKind::Expired);
}

#[tokio::test(start_paused = true)]
async fn a_read_is_small_enough_to_be_moved_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let stage = shop();
    let ask = Ask::new(vec![Source::Environments(SCOPE)], Seq(0));
    let read = fetch(&stage.session, ask, || Moment::EPOCH);
    is_send(&read);
    assert!(size_of_val(&read) < 16_384, "{}", size_of_val(&read));
}

#[tokio::test(start_paused = true)]
async fn asking_for_nothing_is_refused_without_a_call() {
    let stage = shop();
    let outcome = stage.outcome(Vec::new()).await;
    assert_eq!((outcome.requests, outcome.result.is_err()), (0, true));
}
