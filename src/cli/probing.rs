//! `probe` on the simulated region, over pipes and on the paused clock: what it says of environments that are well and of
//! those that are not, its exit statuses, and that its page fits 80 columns.

use serde_json::{Value, json};

use super::bounded::{BoundedFleet, ProcessEnd};
use crate::sim::{Faults, Policy};

const MARKED: &str = "--marker header:x-instance";

/// A region with the environment `web` on a load balancer of its own.
#[derive(Clone, Copy)]
struct WebScenario {
    idle: u32,
    listener: &'static str,
    scheme: &'static str,
    environment: &'static str,
    process: &'static str,
}

const WEB: WebScenario = WebScenario {
    idle: 300,
    listener: "port = 80",
    scheme: "internet-facing",
    environment: "websocket = \"/ws\"",
    process: "",
};
const STICKY: WebScenario = WebScenario { process: "stickiness = \"1d\"", ..WEB };
const CHAT: WebScenario = WebScenario { environment: "websocket = \"/socket.io/\"", ..WEB };

impl WebScenario {
    fn fleet(self) -> BoundedFleet {
        let Self { idle, listener, scheme, environment, process } = self;
        BoundedFleet::of_text(&format!(
            r#"
description = "one environment to probe"
seed = 13
[[application]]
name = "web"
versions = ["v1"]
[[certificate]]
key = "good"
domain = "web.example.com"
[[certificate]]
key = "old"
domain = "web.example.com"
expires = "-1d"
[[load_balancer]]
key = "web"
name = "awseb--AWSEB-0A0B0C0D0E0F"
scheme = "{scheme}"
attributes = {{ "idle_timeout.timeout_seconds" = "{idle}" }}
[[load_balancer.listener]]
{listener}
default = {{ forward = "web/default" }}
[[environment]]
name = "web"
application = "web"
instances = 2
load_balancer = "web"
{environment}
[[environment.process]]
name = "default"
{process}
[[environment]]
name = "jobs"
application = "web"
kind = "worker"
"#
        ))
    }

    /// The answer and its status, of a table too, which must fit.
    fn probe(self, more: &str) -> (Value, u8) {
        self.probe_with(more, Faults::none())
    }

    fn probe_with(self, more: &str, faults: Faults) -> (Value, u8) {
        let fleet = self.fleet();
        let command = format!("probe ENV {more}");
        let page = fleet.run(command.trim(), faults.clone());
        for line in page.out.lines() {
            assert!(line.chars().count() <= 80, "{line}\n{}", page.out);
        }
        let ended = fleet.run(format!("{} -o json", command.trim()).as_str(), faults);
        assert_eq!(status(&page), status(&ended), "{}{}", page.out, ended.out);
        (serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{}{}", ended.out, ended.err)), status(&ended))
    }
}

fn status(ended: &ProcessEnd) -> u8 {
    (0..=u8::MAX).find(|code| ended.status == format!("{:?}", std::process::ExitCode::from(*code))).unwrap()
}

/// The findings, as `severity check`.
fn findings(answer: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = answer["findings"].as_array().unwrap();
    findings.iter().map(|it| format!("{} {}", text(&it["severity"]), text(&it["check"]))).collect()
}

#[test]
fn an_environment_that_is_well_has_every_field() {
    let (answer, status) = STICKY.probe(MARKED);
    assert_eq!((status, findings(&answer)), (0, vec![]), "{answer:#}");
    assert_eq!(answer["host"], "web.eu-west-1.elasticbeanstalk.com");
    assert_eq!(answer["url"], "http://web.eu-west-1.elasticbeanstalk.com/");
    // One request, ten with the newest cookie after one that sets it, ten without; the other paths are not there.
    assert_eq!(answer["statuses"], json!({"101": 1, "200": 22, "404": answer["statuses"]["404"]}));
    assert_eq!(answer["cookies"], json!(["AWSALB", "AWSALBCORS"]));
    assert_eq!((&answer["affinity"], &answer["targets_seen"]), (&json!(true), &json!(2)));
    let websocket = json!({
        "path": "/ws", "status": 101, "upgraded": true, "echoed": true,
        "idle_seconds": null, "cut_by": null, "failure": null
    });
    assert_eq!(answer["websocket"], websocket);
    for (field, expected) in [("fallback", Value::Null), ("tls", Value::Null), ("errors", json!([]))] {
        assert_eq!(answer[field], expected, "{field}");
    }
}

#[test]
fn without_a_marker_affinity_is_not_proven() {
    let (answer, status) = STICKY.probe("--requests 2");
    assert_eq!((status, &answer["affinity"], &answer["targets_seen"]), (0, &Value::Null, &Value::Null));
    assert_eq!(answer["affinity_reason"], "cannot be proven from outside without a marker");
}

#[test]
fn without_stickiness_a_client_goes_round() {
    let (answer, status) = WEB.probe(MARKED);
    assert_eq!((status, &answer["affinity"], &answer["cookies"]), (0, &json!(false), &json!([])));
    assert_eq!(findings(&answer), ["warning not-sticky"]);
}

#[test]
fn who_cuts_a_quiet_socket_is_found_by_the_time() {
    let without_nginx = WebScenario {
        environment: "websocket = \"/ws\"\noptions = { \"aws:elasticbeanstalk:environment:proxy/ProxyServer\" = \"none\" }",
        ..WEB
    };
    let cases = [
        (WEB, "nginx", 60.0),
        (WebScenario { idle: 20, ..WEB }, "load_balancer", 20.0),
        (WebScenario { idle: 60, ..WEB }, "either", 60.0),
        (WebScenario { idle: 61, ..WEB }, "either", 60.0),
        (WebScenario { idle: 120, ..without_nginx }, "load_balancer", 120.0),
    ];
    for (web, who, seconds) in cases {
        let (answer, status) = web.probe("--requests 0 --websocket /ws --idle 10m");
        let websocket = &answer["websocket"];
        assert_eq!((&websocket["cut_by"], &websocket["idle_seconds"]), (&json!(who), &json!(seconds)), "{answer:#}");
        assert_eq!((status, findings(&answer)), (1, vec!["critical quiet-socket-cut".to_owned()]));
    }
    let (answer, status) = WEB.probe("--requests 0 --websocket /ws --idle 59s");
    assert_eq!((status, &answer["websocket"]["cut_by"]), (0, &Value::Null));
    let (answer, status) = STICKY.with(CHAT.environment).probe("--requests 0 --idle 5m");
    assert_eq!(
        (status, findings(&answer)),
        (0, vec!["info kept-alive".to_owned(), "info fallback-needs-cookies".to_owned()])
    );
}

#[test]
fn polling_breaks_without_stickiness_and_not_with_it() {
    let (answer, status) = CHAT.probe("--requests 0");
    let fallback = &answer["fallback"];
    assert_eq!(
        (status, &fallback["transport"], &fallback["sessions"]),
        (1, &json!("socketio"), &json!(2)),
        "{answer:#}"
    );
    assert!(fallback["broken"].as_u64().unwrap() > 0, "{fallback}");
    assert_eq!(fallback["failure"], "HTTP 400: Session ID unknown");
    assert!(findings(&answer).contains(&"critical fallback-breaks".to_owned()));
    let (answer, status) = STICKY.with(CHAT.environment).probe("--requests 0");
    let fallback = &answer["fallback"];
    assert_eq!((status, &fallback["broken"], &fallback["continued"]), (0, &json!(0), &json!(12)), "{answer:#}");
    assert!(fallback["broken_without_cookie"].as_u64().unwrap() > 0, "{fallback}");
    let (answer, status) = WEB.probe("--requests 0 --fallback sockjs");
    assert_eq!((status, findings(&answer)), (1, vec!["critical no-fallback".to_owned()]), "{answer:#}");
}

#[test]
fn nginx_of_the_first_platforms_drops_the_upgrade() {
    for (path, status) in [("/ws", 426), ("/socket.io/", 400)] {
        let environment = match path {
            "/ws" => "websocket = \"/ws\"\nplatform = \"64bit Amazon Linux 2018.03 v4.17.0 running Node.js\"",
            _ => "websocket = \"/socket.io/\"\nplatform = \"64bit Amazon Linux 2018.03 v4.17.0 running Node.js\"",
        };
        let (answer, code) = STICKY.with(environment).probe("--requests 0");
        assert_eq!((code, &answer["websocket"]["status"]), (1, &json!(status)), "{answer:#}");
        assert!(findings(&answer).contains(&"critical websocket-upgrade-lost".to_owned()), "{answer:#}");
    }
    let (answer, code) = WEB.with("").probe("--requests 0");
    assert_eq!((code, findings(&answer)), (0, vec!["info no-websocket".to_owned()]));
    let (answer, code) = WEB.with("").probe("--requests 0 --websocket /ws");
    assert_eq!((code, findings(&answer)), (1, vec!["critical websocket-not-there".to_owned()]));
}

#[test]
fn each_failure_of_the_targets_is_told_by_who_answers() {
    let cases = [
        ("becomes = \"failing\"\ncode = 502", "502", "nginx", "critical application-down"),
        ("becomes = \"failing\"\ncode = 500", "500", "application", "critical application-error"),
        ("becomes = \"refusing\"", "502", "load_balancer", "critical target-closed"),
        ("becomes = \"timing-out\"", "504", "load_balancer", "critical target-timeout"),
        ("becomes = \"terminated\"", "503", "load_balancer", "critical no-targets"),
    ];
    for (becomes, code, by, finding) in cases {
        let environment: &'static str =
            format!("[[environment.timeline]]\nat = \"-1h\"\ntargets = [1, 2]\n{becomes}").leak();
        let web = WebScenario { environment: "", process: environment, ..WEB };
        let (answer, status) = web.probe("--requests 0");
        assert_eq!((status, &answer["answered_by"]), (1, &json!(by)), "{becomes}: {answer:#}");
        assert!(answer["statuses"][code].as_u64().is_some_and(|times| times > 0), "{becomes}: {answer:#}");
        assert!(findings(&answer).contains(&finding.to_owned()), "{becomes}: {answer:#}");
    }
}

#[test]
fn the_certificate_is_that_of_the_listener() {
    let secure = WebScenario { listener: "port = 443\ncertificate = \"good\"", ..STICKY };
    let (answer, status) = secure.probe("--requests 0 --host web.example.com");
    assert_eq!((status, findings(&answer)), (0, vec![]), "{answer:#}");
    assert_eq!(answer["url"], "https://web.example.com/");
    assert_eq!(answer["tls"]["names"], json!(["web.example.com"]));
    assert!(answer["address"].as_str().unwrap().ends_with(".elb.amazonaws.com:443"), "{answer:#}");
    let (answer, status) = secure.probe("--requests 0");
    assert_eq!((status, findings(&answer)), (0, vec!["info certificate-of-another-name".to_owned()]));
    let (answer, status) = secure.probe("--requests 0 --host other.example.com");
    assert_eq!((status, &answer["tls"]["problems"]), (1, &json!(["wrong_name"])));
    let old = WebScenario { listener: "port = 443\ncertificate = \"old\"", ..STICKY };
    let (answer, status) = old.probe("--requests 0 --host web.example.com");
    assert_eq!((status, &answer["tls"]["problems"]), (1, &json!(["expired"])));
    assert_eq!(findings(&answer), ["critical bad-certificate"]);
}

#[test]
fn another_origin_is_refused_by_an_application_that_knows_none() {
    let (answer, status) = STICKY.probe("--requests 0 --origin https://other.example");
    let expected = ["critical origin-not-allowed", "warning cross-site-cookie-over-http"].map(str::to_owned).to_vec();
    assert_eq!((status, findings(&answer)), (1, expected), "{answer:#}");
    assert_eq!(answer["origin"]["cross_site_cookie"]["same_site"], "None");
}

#[test]
fn what_cannot_be_reached_is_undecided_or_named() {
    let internal = WebScenario { scheme: "internal", ..WEB };
    let (answer, status) = internal.probe("");
    assert_eq!((status, &answer["findings"]), (5, &Value::Null), "{answer:#}");
    assert_eq!(answer["undecided"][0]["reason"], "the load balancer is internal: no connection within 10 s");
    let ended = internal.fleet().run("probe ENV", Faults::none());
    assert!(ended.err.contains("undecided: http://") && ended.err.contains("is internal"), "{}", ended.err);
    let (answer, status) = WEB.probe("--connect-to nowhere.example.com");
    assert_eq!((status, &answer["undecided"]), (5, &json!([])), "{answer:#}");
    assert_eq!(answer["errors"][0]["kind"], "network");
}

#[test]
fn what_is_no_environment_with_an_address_is_a_mistake_of_usage() {
    let fleet = WEB.fleet();
    let ended = fleet.run("probe jobs", Faults::none());
    assert_eq!(status(&ended), 2, "{}", ended.err);
    assert!(ended.err.contains("jobs has no address"), "{}", ended.err);
    let ended = fleet.run("probe wab", Faults::none());
    assert!(status(&ended) == 2 && ended.err.contains("did you mean `web`"), "{}", ended.err);
}

#[test]
fn what_aws_does_not_say_is_among_the_errors_and_no_guess() {
    let deny = ["elasticloadbalancing:DescribeLoadBalancerAttributes"].map(str::to_owned).to_vec();
    let faults = Faults { deny, policy: Policy::everything(), ..Faults::none() };
    let (answer, status) = WEB.probe_with("--requests 0 --websocket /ws --idle 2m", faults);
    assert_eq!((status, &answer["websocket"]["cut_by"]), (1, &json!("unknown")), "{answer:#}");
    assert_eq!(answer["errors"][0]["kind"], "denied");
    assert!(answer["findings"][0]["message"].as_str().unwrap().contains("could not be read"), "{answer:#}");
}

impl WebScenario {
    const fn with(self, environment: &'static str) -> Self {
        Self { environment, ..self }
    }
}
