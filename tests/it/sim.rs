//! The simulated region, from outside: scenarios and their mistakes, pages, refusals, purity; in `sdk` under the real SDK,
//! in `served` behind a socket.
//!
//! Expected values are written out rather than computed, so that the region cannot agree with itself by mistake.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has to say so and stop")]

mod alarms;
mod as_aws;
mod deploys;
mod facts;
mod logs;
mod metrics;
mod reported;
mod sdk;
mod served;
mod settings;

use beanpole::sim::{Allowance, Faults, Policy, Request, Response, Scenario, World};
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Monday 23 November 2026, 14:00:00 UTC: scenario time 0 of every test.
const START: i64 = 1_795_442_400;

/// A world with a clock that the test turns, in milliseconds of scenario time.
struct Turned {
    world: World,
    clock: Arc<AtomicI64>,
}

impl Turned {
    fn new(scenario: &str) -> Self {
        Self::of(Scenario::embedded(scenario).unwrap_or_else(|error| panic!("{error}")))
    }

    fn written(text: &str) -> Self {
        Self::of(Scenario::from_toml("test", text).unwrap_or_else(|error| panic!("{error}")))
    }

    fn of(scenario: Scenario) -> Self {
        let clock = Arc::new(AtomicI64::new(0));
        let hands = Arc::clone(&clock);
        let now = move || Timestamp::from_millisecond(START * 1000 + hands.load(Ordering::SeqCst)).unwrap();
        Self { world: of_anybody(World::new(scenario, now)), clock }
    }

    fn at(&self, seconds: i64) -> &Self {
        self.clock.store(seconds * 1000, Ordering::SeqCst);
        self
    }

    /// A signed query, and the answer as text.
    fn ask(&self, service: &str, form: &str) -> String {
        text(&self.world.answer(&query(service, form)))
    }

    fn eb(&self, form: &str) -> String {
        self.ask("elasticbeanstalk", form)
    }

    fn elb(&self, form: &str) -> String {
        self.ask("elasticloadbalancing", form)
    }
}

/// Returns the same for a caller with all permissions: these tests call more than beanpole does.
fn of_anybody(world: World) -> World {
    world.set_faults(Faults { policy: Policy::everything(), ..world.faults() });
    world
}

fn query(service: &str, form: &str) -> Request {
    let credential = format!("AWS4-HMAC-SHA256 Credential=AKID/20261123/eu-west-1/{service}/aws4_request, Signature=0");
    Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        headers: vec![("Authorization".to_owned(), credential)],
        body: form.as_bytes().to_vec(),
    }
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

/// The contents of all elements of a name.
fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open).skip(1).filter_map(|rest| rest.split(&close).next()).collect()
}

fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    elements(xml, name).first().copied().unwrap_or_else(|| panic!("no {name} in {xml}"))
}

// ------------------------------------------------------------------------------------------------------- scenarios

#[test]
fn every_embedded_scenario_loads_and_says_what_it_is_about() {
    for entry in Scenario::catalogue() {
        let scenario = Scenario::embedded(entry.name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(scenario.description(), entry.about, "{}", entry.name);
    }
    assert_eq!(Scenario::names().len(), 20);
}

#[test]
fn an_unknown_scenario_is_answered_with_the_nearest() {
    let error = Scenario::embedded("shpo").unwrap_err().to_string();
    assert!(
        error.starts_with("no scenario is called `shpo`, did you mean `shop`?; there are shop, healthy"),
        "{error}"
    );
}

#[test]
fn all_mistakes_are_reported_with_their_places() {
    let text = r#"description = "mistakes"
seed = -1

[[load_balancer]]
key = "edge"

[[load_balancer.listener]]
port = 70000
default = { forward = "nowhere" }

[[environment]]
name = "web"
application = "shop"
helth = "enhanced"
instances = "two"
kind = "aplication"

[[environment.timeline]]
at = "soon"
targets = [3]
becomes = "failing"

[[environment]]
name = "web"
kind = "application_shared"
load_balancer = "egde"
"#;
    let error = Scenario::from_toml("shop", text).unwrap_err().to_string();
    let expected = [
        "shop.toml:2:8: -1 is out of range, expected 0 to 9223372036854775807",
        "shop.toml:8:8: 70000 is out of range, expected 1 to 65535",
        "shop.toml:9:23: there is no target group or environment `nowhere`",
        "shop.toml:14:1: unknown key `helth`, did you mean `health`?",
        "shop.toml:15:13: expected integer, found string",
        "shop.toml:16:8: `aplication` is not one of application, application_shared, network, classic, single, worker, did you mean `application`?",
        "shop.toml:19:6: `soon` is not a time such as \"45s\", \"4m\" or \"31d\"",
        "shop.toml:20:12: there are 2 targets, counted from 1",
        "shop.toml:23:1: `application` is missing",
        "shop.toml:24:8: `web` is defined twice",
        "shop.toml:26:17: there is no load balancer `egde`, did you mean `edge`?",
    ];
    assert_eq!(error.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn broken_toml_is_reported_and_the_rest_is_still_checked() {
    let error = Scenario::from_toml("x", "description = \"x\"\nseed = = 1\nsed = 2\n").unwrap_err().to_string();
    assert!(error.contains("x.toml:2:"), "{error}");
    assert!(error.contains("x.toml:3:1: unknown key `sed`, did you mean `seed`?"), "{error}");
}

// ----------------------------------------------------------------------------------------------------------- purity

#[test]
fn the_same_question_at_the_same_time_has_the_same_answer() {
    let turned = Turned::new("shop");
    turned.world.set_faults(Faults::none());
    let questions = ["DescribeEnvironments", "DescribeEvents"];
    let without_id = |xml: String| xml.replace(element(&xml, "ResponseMetadata"), "");
    for question in questions {
        let ask = |seconds| without_id(turned.at(seconds).eb(&format!("Action={question}&Version=2010-12-01")));
        let first = ask(100);
        assert_eq!(first, ask(100), "{question}");
        assert_ne!(first, ask(400), "{question}");
        // Going back is free: nothing was used up.
        assert_eq!(first, ask(100), "{question}");
    }
}

#[test]
fn two_worlds_of_one_scenario_are_the_same() {
    let ask = || Turned::new("fleet-200").eb("Action=DescribeEnvironments&Version=2010-12-01");
    assert_eq!(ask(), ask());
}

// ------------------------------------------------------------------------------------------------------------ pages

#[test]
fn pages_hold_everything_once() {
    let turned = Turned::new("fleet-200");
    turned.world.set_faults(Faults::none());
    let mut names = Vec::new();
    let mut token = String::new();
    loop {
        let page = turned.eb(&format!("Action=DescribeEnvironments&Version=2010-12-01&MaxRecords=60{token}"));
        names.extend(elements(&page, "EnvironmentName").into_iter().map(str::to_owned));
        match elements(&page, "NextToken").first() {
            Some(next) => token = format!("&NextToken={next}"),
            None => break,
        }
    }
    assert_eq!(names.len(), 200);
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 200);
}

#[test]
fn a_marker_belongs_to_its_question() {
    let turned = Turned::new("fleet-200");
    turned.world.set_faults(Faults::none());
    let page = turned.elb("Action=DescribeTargetGroups&Version=2015-12-01&PageSize=5");
    let marker = element(&page, "NextMarker").to_owned();
    let other = turned.elb(&format!("Action=DescribeLoadBalancers&Version=2015-12-01&PageSize=5&Marker={marker}"));
    assert_eq!(element(&other, "Code"), "ValidationError");
    let same = turned.elb(&format!("Action=DescribeTargetGroups&Version=2015-12-01&PageSize=7&Marker={marker}"));
    assert_eq!(elements(&same, "TargetGroupName").len(), 7);
}

#[test]
fn a_page_has_its_limits() {
    let turned = Turned::new("shop");
    let refused = turned.elb("Action=DescribeLoadBalancers&Version=2015-12-01&PageSize=401");
    assert_eq!(element(&refused, "Code"), "ValidationError");
    let tags: Vec<String> = (1..=21).map(|number| format!("&ResourceArns.member.{number}=arn:{number}")).collect();
    let tags = tags.concat();
    let refused = turned.elb(&format!("Action=DescribeTags&Version=2015-12-01{tags}"));
    assert_eq!(element(&refused, "Code"), "ValidationError");
    let refused = turned.ask("ec2", "Action=DescribeInstances&Version=2016-11-15&MaxResults=4");
    assert_eq!(element(&refused, "Code"), "InvalidParameterValue");
}

// --------------------------------------------------------------------------------------------------------- refusals

#[test]
fn a_burst_is_answered_and_then_the_rate() {
    let turned = Turned::new("shop");
    let ask = || turned.world.answer(&query("elasticbeanstalk", "Action=DescribeApplications&Version=2010-12-01"));
    let statuses: Vec<u16> = (0..17).map(|_| ask().status).collect();
    assert_eq!(statuses, [vec![200; 15], vec![400; 2]].concat());
    assert_eq!(element(&text(&ask()), "Code"), "Throttling");
    turned.at(1);
    assert_eq!([ask().status, ask().status, ask().status], [200, 200, 400]);
}

#[test]
fn each_protocol_has_its_own_way_to_throttle_and_to_deny() {
    let turned = Turned::new("shop");
    let busy = Allowance { rate: 0.0, burst: 1 };
    let names = ["ec2", "acm", "cloudwatch", "sts"];
    let throttle = names.into_iter().map(|name| (name.to_owned(), busy)).collect();
    turned.world.set_faults(Faults {
        throttle,
        deny: vec!["ec2:*".into(), "acm:*".into(), "cloudwatch:*".into()],
        ..Faults::none()
    });
    let ec2 = query("ec2", "Action=DescribeSubnets&Version=2016-11-15");
    let mut acm = query("acm", "{}");
    acm.headers.push(("X-Amz-Target".into(), "CertificateManager.ListCertificates".into()));
    let mut cloudwatch = query("monitoring", "\u{a0}");
    cloudwatch.body = vec![0xa0];
    cloudwatch.path = "/service/GraniteServiceVersion20100801/operation/DescribeAlarms".into();

    let (denied, throttled) = (turned.world.answer(&ec2), turned.world.answer(&ec2));
    assert_eq!((denied.status, element(&text(&denied), "Code")), (403, "UnauthorizedOperation"));
    assert_eq!((throttled.status, element(&text(&throttled), "Code")), (503, "RequestLimitExceeded"));

    let (denied, throttled) = (turned.world.answer(&acm), turned.world.answer(&acm));
    assert!(text(&denied).contains(r#""__type":"AccessDeniedException""#), "{}", text(&denied));
    assert!(text(&throttled).contains(r#""__type":"ThrottlingException""#), "{}", text(&throttled));

    let (denied, throttled) = (turned.world.answer(&cloudwatch), turned.world.answer(&cloudwatch));
    let holds =
        |response: &Response, part: &str| response.body.windows(part.len()).any(|bytes| bytes == part.as_bytes());
    assert!(denied.status == 403 && holds(&denied, "AccessDeniedException"));
    assert_eq!(throttled.header("x-amzn-query-error"), Some("Throttling;Sender"));
}

#[test]
fn what_is_denied_says_who_may_not_do_what() {
    let turned = Turned::new("denied");
    let refused = turned.elb("Action=DescribeTags&Version=2015-12-01&ResourceArns.member.1=arn:x");
    assert_eq!(element(&refused, "Code"), "AccessDenied");
    assert_eq!(
        element(&refused, "Message"),
        "User: arn:aws:sts::471108151234:assumed-role/prod-admin/demo is not authorized to perform: \
         elasticloadbalancing:DescribeTags on resource: arn:x because no identity-based policy allows the \
         elasticloadbalancing:DescribeTags action"
    );
    assert!(turned.elb("Action=DescribeTargetGroups&Version=2015-12-01").contains("<TargetGroups><member>"));
}

#[test]
fn everything_may_be_denied_but_asking_who_one_is() {
    let turned = Turned::new("denied-all");
    assert_eq!(element(&turned.eb("Action=DescribeEnvironments&Version=2010-12-01"), "Code"), "AccessDenied");
    let identity = turned.ask("sts", "Action=GetCallerIdentity&Version=2011-06-15");
    assert_eq!(element(&identity, "Account"), "471108151234");
}

#[test]
fn credentials_expire_and_are_renewed() {
    let turned = Turned::new("expired");
    let code = |seconds| {
        let answer = turned.at(seconds).ask("sts", "Action=GetCallerIdentity&Version=2011-06-15");
        elements(&answer, "Code").first().map(|code| (*code).to_owned())
    };
    assert_eq!(
        [code(29), code(30), code(149), code(150)],
        [None, Some("ExpiredToken".into()), Some("ExpiredToken".into()), None]
    );
}

#[test]
fn a_request_without_credentials_is_refused() {
    let turned = Turned::new("shop");
    let mut request = query("sts", "Action=GetCallerIdentity&Version=2011-06-15");
    request.headers.clear();
    let refused = turned.world.answer(&request);
    assert_eq!((refused.status, element(&text(&refused), "Code")), (403, "MissingAuthenticationToken"));
}

#[test]
fn an_unknown_operation_is_refused_and_logged() {
    let turned = Turned::new("shop");
    let refused = turned.elb("Action=DeleteLoadBalancer&Version=2015-12-01");
    assert_eq!(element(&refused, "Code"), "InvalidAction");
    let call = turned.world.calls().pop().unwrap();
    assert_eq!(
        (call.service.as_str(), call.operation.as_str(), call.status),
        ("elasticloadbalancing", "DeleteLoadBalancer", 400)
    );
    turned.world.clear_calls();
    assert_eq!(turned.world.calls(), []);
}

#[test]
fn tags_fail_as_a_whole() {
    let turned = Turned::new("shop");
    let groups = turned.elb("Action=DescribeTargetGroups&Version=2015-12-01");
    let arn = element(&groups, "TargetGroupArn");
    let gone = format!("{}0", &arn[..arn.len() - 1]);
    let refused = turned.elb(&format!(
        "Action=DescribeTags&Version=2015-12-01&ResourceArns.member.1={arn}&ResourceArns.member.2={gone}"
    ));
    assert_eq!(element(&refused, "Code"), "TargetGroupNotFound");
}

#[test]
fn a_classic_load_balancer_does_not_exist_for_elbv2() {
    let turned = Turned::new("shop");
    let resources = turned.eb("Action=DescribeEnvironmentResources&Version=2010-12-01&EnvironmentName=legacy-portal");
    let balancer = element(element(&resources, "LoadBalancers"), "Name");
    assert!(balancer.starts_with("awseb-e-"), "{balancer}");
    let refused = turned.elb(&format!("Action=DescribeLoadBalancers&Version=2015-12-01&Names.member.1={balancer}"));
    assert_eq!(element(&refused, "Code"), "LoadBalancerNotFound");
}

#[test]
fn basic_health_knows_no_details() {
    let turned = Turned::new("shop");
    let form = "Action=DescribeEnvironmentHealth&Version=2010-12-01&AttributeNames.member.1=All&EnvironmentName=";
    assert_eq!(element(&turned.eb(&format!("{form}legacy-portal")), "Code"), "InvalidRequestException");
    assert_eq!(element(&turned.eb(&format!("{form}shop-chat-prod")), "HealthStatus"), "Degraded");
    assert_eq!(element(&turned.eb(&format!("{form}nobody")), "Code"), "InvalidParameterValue");
}

// ---------------------------------------------------------------------------------------------------------- physics

#[test]
fn a_target_of_the_shop_fails_recovers_and_fails_again() {
    let turned = Turned::new("shop");
    turned.world.set_faults(Faults::none());
    let health = |seconds| {
        let environments = turned
            .at(seconds)
            .eb("Action=DescribeEnvironments&Version=2010-12-01&EnvironmentNames.member.1=shop-web-prod");
        element(&environments, "HealthStatus").to_owned()
    };
    let seen: Vec<String> = [30, 60, 200, 310, 900, 960].map(health).to_vec();
    assert_eq!(seen, ["Ok", "Degraded", "Degraded", "Ok", "Ok", "Degraded"]);
}

#[test]
fn events_follow_health_newest_first_within_their_window() {
    let turned = Turned::new("shop");
    turned.world.set_faults(Faults::none());
    turned.at(320);
    let ask = |more: &str| {
        turned.eb(&format!("Action=DescribeEvents&Version=2010-12-01&EnvironmentName=shop-web-prod{more}"))
    };
    let all = ask("");
    let messages = elements(&all, "Message");
    assert!(messages[0].starts_with("Environment health has transitioned from Degraded to Ok."), "{}", messages[0]);
    assert!(
        messages[1].starts_with("Environment health has transitioned from Warning to Degraded."),
        "{}",
        messages[1]
    );
    let dates = elements(&all, "EventDate");
    assert!(dates.is_sorted_by(|newer, older| newer >= older));
    let (newest, second) = (dates[0], dates[1]);
    assert_eq!(elements(&ask(&format!("&StartTime={newest}")), "Message").len(), 1);
    assert_eq!(elements(&ask(&format!("&StartTime={second}&EndTime={newest}")), "Message").len(), 1);
    assert!(elements(&ask("&Severity=WARN"), "Severity").iter().all(|severity| *severity == "WARN"));
}

#[test]
fn a_group_that_nothing_forwards_to_is_unused() {
    let turned = Turned::new("shop");
    let groups = turned.elb("Action=DescribeTargetGroups&Version=2015-12-01&Names.member.1=shop-web-blue");
    assert!(groups.contains("<LoadBalancerArns></LoadBalancerArns>"), "{groups}");
    let arn = element(&groups, "TargetGroupArn");
    let health = turned.elb(&format!("Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn={arn}"));
    assert_eq!(element(&health, "Reason"), "Target.NotInUse");
}

#[test]
fn what_someone_changed_by_hand_differs_from_the_option_settings() {
    let turned = Turned::written(scenario!(
        "drift",
        environment!(
            "web",
            process = [{ name = "default", live = { "stickiness.enabled" = "true", "health_check.path" = "/other" } }],
        ),
    ));
    let settings =
        turned.eb("Action=DescribeConfigurationSettings&Version=2010-12-01&ApplicationName=shop&EnvironmentName=web");
    assert!(settings.contains("<OptionName>StickinessEnabled</OptionName><Value>false</Value>"), "{settings}");
    assert!(settings.contains("<OptionName>MatcherHTTPCode</OptionName></member>"), "an unset option has no value");
    let groups = turned.elb("Action=DescribeTargetGroups&Version=2015-12-01");
    assert_eq!(element(&groups, "HealthCheckPath"), "/other");
    let arn = element(&groups, "TargetGroupArn");
    let attributes =
        turned.elb(&format!("Action=DescribeTargetGroupAttributes&Version=2015-12-01&TargetGroupArn={arn}"));
    assert!(attributes.contains("<Key>stickiness.enabled</Key><Value>true</Value>"), "{attributes}");
}

// ------------------------------------------------------------------------------------------------------- protocols

#[test]
fn cloudwatch_answers_in_whichever_protocol_it_is_asked() {
    let turned = Turned::new("shop");
    let xml =
        turned.ask("monitoring", "Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=legacy-portal-latency");
    assert_eq!(elements(&xml, "AlarmName"), ["legacy-portal-latency"]);
    let mut request = query("monitoring", r#"{"AlarmNames": ["legacy-portal-latency"]}"#);
    request.headers.push(("X-Amz-Target".into(), "GraniteServiceVersion20100801.DescribeAlarms".into()));
    let json = text(&turned.world.answer(&request));
    assert!(json.contains(r#""AlarmName":"legacy-portal-latency""#) && json.contains(r#""Threshold":2.0"#), "{json}");
    let refused = turned.ask("monitoring", "Action=GetMetricData&Version=2010-08-01");
    assert_eq!(element(&refused, "Code"), "MissingParameter");
}

#[test]
fn a_service_that_is_not_simulated_is_refused_in_its_own_protocol() {
    let turned = Turned::new("shop");
    assert_eq!(element(&turned.ask("iam", "Action=ListRoles&Version=2010-05-08"), "Code"), "InvalidAction");
    let mut request = query("tagging", "{}");
    request.headers.push(("X-Amz-Target".into(), "ResourceGroupsTaggingAPI_20170126.GetResources".into()));
    let refused = turned.world.answer(&request);
    assert!(refused.status == 400 && text(&refused).contains("UnknownOperationException"), "{}", text(&refused));
}
