//! `why` on simulated regions and the paused clock: the planted cause is the headline, and the page fits 80x24.

use serde_json::Value;

use crate::cli::bounded::BoundedFleet;
use crate::sim::{Faults, Scenario};
use crate::ui::width;

/// A region with one environment, `web-prod`, to which a case adds what is wrong.
fn region(environment: &str, rest: &str) -> BoundedFleet {
    let text = format!(
        r#"description = "one environment, and what is wrong with it"
seed = 5
[[certificate]]
key = "site"
domain = "*.web.example"
expires = "240d"
[[application]]
name = "web"
versions = ["v1", "v2"]
[[application.version]]
label = "v3"
health_code = 502
[[environment]]
name = "web-prod"
application = "web"
version = "v2"
deployed = "3d"
instances = 4
zones = 2
certificate = "site"
policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
redirect = true
{environment}
[[environment.process]]
name = "default"
health_check = {{ path = "/healthz", interval = "10s", matcher = "200" }}
{rest}"#
    );
    BoundedFleet::of(Scenario::from_toml("case", &text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

const ROLLING: &str = r#"options = { "aws:elasticbeanstalk:command/DeploymentPolicy" = "Rolling", "aws:elasticbeanstalk:command/BatchSizeType" = "Fixed", "aws:elasticbeanstalk:command/BatchSize" = "1" }
"#;
const TRAFFIC: &str = "traffic = { peak = 60.0, median = \"40ms\" }\n";

/// What is wrong: of the environment, behind its process, and the headline after the health.
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "all answer 502",
        "",
        "[[environment.timeline]]\nat = \"-9m\"\ntargets = [1, 2, 3, 4]\nbecomes = \"failing\"\ncode = 502\n",
        "Severe",
        "no healthy target: 4 fail, the first answers 502 on /healthz",
    ),
    (
        "one answers 404",
        "",
        "[[environment.timeline]]\nat = \"-9m\"\ntargets = [2]\nbecomes = \"failing\"\ncode = 404\n",
        "Degraded",
        "answers 404 on /healthz",
    ),
    (
        "one redirects",
        "",
        "[[environment.timeline]]\nat = \"-9m\"\ntargets = [2]\nbecomes = \"failing\"\ncode = 302\n",
        "Degraded",
        "the health check of /healthz is answered with a redirect (302)",
    ),
    (
        "one is too slow",
        "",
        "[[environment.timeline]]\nat = \"-9m\"\ntargets = [1]\nbecomes = \"timing-out\"\n",
        "Degraded",
        "check timed out on /healthz",
    ),
    (
        "nothing listens",
        "",
        "[[environment.timeline]]\nat = \"-9m\"\ntargets = [1]\nbecomes = \"refusing\"\n",
        "Degraded",
        "connection failed on /healthz",
    ),
    (
        "the application fails",
        "traffic = { peak = 60.0, median = \"40ms\", server_errors = 0.4 }\n",
        "",
        "",
        "of the requests get a 5xx",
    ),
    ("a zone is off", "load_balancer_zones = 1\n", "", "Severe", "2 of 4 targets: no traffic"),
    ("not watched any more", "health_status = \"Suspended\"\n", "", "Suspended", "no check explains it"),
    (
        "only Beanstalk knows",
        "health_status = \"Degraded\"\ncauses = [\"83 % of CPU is in use.\"]\n",
        "",
        "Degraded",
        "Beanstalk says: 83 % of CPU is in use",
    ),
    (
        "an abort left two versions",
        ROLLING,
        "[[deploy]]\nenvironment = \"web-prod\"\nversion = \"v1\"\nat = \"-30m\"\naborted = \"-29m\"\n",
        "",
        "its instances run different versions",
    ),
    (
        "a deploy that never becomes healthy",
        ROLLING,
        "[[deploy]]\nenvironment = \"web-prod\"\nversion = \"v3\"\nat = \"-5m\"\n",
        "",
        "answers 502 on /healthz",
    ),
];

#[test]
fn the_planted_cause_is_the_headline_and_health_comes_first() {
    let mut wrong = Vec::new();
    for (what, environment, rest, health, cause) in CASES {
        let traffic = if environment.contains("traffic") { "" } else { TRAFFIC };
        let ended = region(&format!("{traffic}{environment}"), rest).run("why web-prod -o json", Faults::none());
        let answer: Value = serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{what}: {}", ended.err));
        let headline = answer["headline"].as_str().unwrap();
        let (first, second) = headline.split_once(" · ").unwrap();
        if !(first.starts_with(health) && second.contains(cause)) {
            wrong.push(format!("{what}: {headline}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_fits_whatever_was_found() {
    let mut pages = Vec::new();
    for (what, environment, rest, ..) in CASES {
        let traffic = if environment.contains("traffic") { "" } else { TRAFFIC };
        pages.push((*what, region(&format!("{traffic}{environment}"), rest).run("why web-prod", Faults::none())));
    }
    for (scenario, name) in [("shop", "shop-admin-prod"), ("shop", "shop-api-prod"), ("hostile", "escape-prod")] {
        let region = BoundedFleet::of(Scenario::embedded(scenario).unwrap());
        pages.push((name, region.run(&format!("why {name}"), Faults::none())));
    }
    for (what, ended) in pages {
        let lines: Vec<_> = ended.out.lines().collect();
        assert!((3..=24).contains(&lines.len()), "{what}: {} lines\n{}", lines.len(), ended.out);
        assert!(lines.iter().all(|line| width(line) <= 80), "{what}:\n{}", ended.out);
        assert!(!ended.out.contains(|it: char| it.is_control() && it != '\n'), "{what}: {:?}", ended.out);
    }
}

#[test]
fn the_answer_is_the_contracts() {
    let ended =
        BoundedFleet::of(Scenario::embedded("shop").unwrap()).run("why shop-admin-prod -o json", Faults::none());
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    for field in ["findings", "targets", "causes", "alarms", "changes", "actions", "errors"] {
        assert!(answer[field].is_array(), "{field}: {answer}");
    }
    assert_eq!(answer["environment"], "shop-admin-prod");
    assert_eq!(answer["findings"][0]["check"], "no-healthy-target");
    assert_eq!(answer["alarms"][0]["name"], "shop-admin-prod-no-healthy-host");
    assert_eq!(answer["targets"][0]["reason"], "Target.ResponseCodeMismatch");
    let change = &answer["changes"][0];
    assert_eq!((&change["kind"], &change["by"]), (&"deploy".into(), &Value::Null));
    assert!(change["at"].is_string() && change["what"].is_string(), "{change}");
    let ended = BoundedFleet::of(Scenario::embedded("shop").unwrap()).run("why shop-admin-porod", Faults::none());
    assert!(ended.status.contains('2') && ended.err.contains("did you mean"), "{}{}", ended.status, ended.err);
}

#[test]
fn with_every_call_denied_there_is_no_page() {
    let denied = Faults { deny: vec!["*".into()], ..Faults::none() };
    let ended = BoundedFleet::of(Scenario::embedded("shop").unwrap()).run("why shop-admin-prod -o json", denied);
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(answer["headline"], Value::Null);
    assert!(!answer["errors"].as_array().unwrap().is_empty());
    assert!(ended.status.contains('4'), "{}", ended.status);
}
