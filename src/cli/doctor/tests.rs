//! `doctor` on simulated regions and the paused clock: its answers, its statuses, a baseline.

use std::collections::BTreeSet;
use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::Value;

use crate::cli::bounded::{BoundedFleet, ProcessEnd};
use crate::config::{self, KnownNames};
use crate::diagnosis::checks;
use crate::sim::{Faults, Scenario, Unreadability, Unreadable, Window};

fn region(scenario: &str) -> BoundedFleet {
    BoundedFleet::of(Scenario::embedded(scenario).unwrap())
}

fn status(ended: &ProcessEnd, status: u8) {
    assert_eq!(ended.status, format!("{:?}", ExitCode::from(status)), "{}\n{}", ended.out, ended.err);
}

fn json(ended: &ProcessEnd) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", ended.out, ended.err))
}

/// The critical findings and the warnings: environment and check.
fn bad(answer: &Value) -> Vec<String> {
    let findings = answer["findings"].as_array().unwrap().iter().filter(|it| it["severity"] != "info");
    let name = |it: &Value| format!("{} {}", it["environment"].as_str().unwrap(), it["check"].as_str().unwrap());
    findings.map(name).collect()
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    let ended = region("healthy").run("doctor", Faults::none());
    status(&ended, 0);
    let last = ended.out.lines().last().unwrap_or_default();
    assert!(last.starts_with("3 environments: ") && !last.contains("warning"), "{}", ended.out);
    let answer = json(&region("healthy").run("doctor -o json", Faults::none()));
    assert_eq!(answer["findings"], Value::Array(Vec::new()));
    assert_eq!(answer["errors"], Value::Array(Vec::new()));
}

#[test]
fn the_faults_of_the_demo_are_named_and_no_others() {
    let ended = region("shop").run("doctor -o json", Faults::none());
    status(&ended, 1);
    let answer = json(&ended);
    assert_eq!(
        bad(&answer),
        [
            "billing-api-prod http-not-redirected",
            "billing-web-prod http-not-redirected",
            "shop-admin-prod no-healthy-target",
            "shop-admin-prod environment-health",
            "shop-admin-prod server-errors",
            "shop-admin-prod alarm-raised",
            "shop-admin-prod no-https-listener",
            "shop-admin-prod deploy-without-spare",
            "shop-api-prod environment-health",
            "shop-api-prod old-tls-policy",
            "shop-api-prod http-not-redirected",
            "shop-api-prod drift",
            "shop-chat-prod environment-health",
            "shop-chat-prod failing-target",
            "shop-search-prod no-https-listener",
            "shop-ws-prod old-tls-policy",
            "shop-ws-prod websockets-without-stickiness",
        ]
    );
    for finding in answer["findings"].as_array().unwrap() {
        let text = |name: &str| finding[name].as_str().is_some_and(|text| !text.is_empty());
        assert!(["check", "severity", "environment", "environment_id", "subject", "message"].iter().all(|it| text(it)));
        assert!(finding["evidence"].is_array() && finding["fix"]["advice"].is_string(), "{finding}");
        assert_eq!((&finding["in_baseline"], &finding["silenced"]), (&Value::Null, &Value::Null));
    }
    for undecided in answer["undecided"].as_array().unwrap() {
        let text = |name: &str| undecided[name].as_str().is_some_and(|text| !text.is_empty());
        assert!(text("check") && text("environment") && text("reason"), "{undecided}");
    }
}

#[test]
fn one_environment_is_checked_alone_with_the_calls_that_it_needs() {
    let ended = region("shop").run("doctor shop-admin-prod -o json", Faults::none());
    status(&ended, 1);
    let answer = json(&ended);
    let environments: BTreeSet<_> =
        answer["findings"].as_array().unwrap().iter().map(|it| it["environment"].as_str().unwrap()).collect();
    assert_eq!(environments, BTreeSet::from(["shop-admin-prod"]));
    // Two of them read the targets of groups that no environment owns.
    assert!(ended.calls <= 29, "{} calls", ended.calls);
    let ended = region("shop").run("doctor shop-amdin-prod", Faults::none());
    status(&ended, 2);
    assert!(ended.err.contains("did you mean `shop-admin-prod`?"), "{}", ended.err);
}

#[test]
fn with_every_call_denied_it_is_undecided_and_not_fine() {
    for command in ["doctor -o json", "doctor alpha-web-prod -o json"] {
        let ended = region("healthy").run(command, Faults { deny: vec!["*".into()], ..Faults::none() });
        status(&ended, 4);
        let answer = json(&ended);
        assert_eq!(answer["findings"], Value::Null);
        assert_eq!(answer["undecided"].as_array().unwrap().len(), checks().count());
        assert!(answer["undecided"][0]["reason"].as_str().unwrap().contains("denied"), "{}", answer["undecided"][0]);
        assert!(!answer["errors"].as_array().unwrap().is_empty());
    }
}

/// One operation that cannot be called.
fn without(action: &str, how: Unreadability) -> Faults {
    let unreadable = Unreadable { action: action.into(), object: None, during: Window { from: 0, until: None }, how };
    Faults { unreadable: vec![unreadable], ..Faults::none() }
}

#[test]
fn what_cannot_be_read_makes_the_status_only_where_a_critical_check_needs_it() {
    let targets = "elasticloadbalancing:DescribeTargetHealth";
    for (action, how, expected) in [
        (targets, Unreadability::Denied, 4),
        (targets, Unreadability::Throttled, 5),
        (targets, Unreadability::Stalled, 5),
        (targets, Unreadability::Expired, 3),
        // The attributes of a load balancer are compared with options, and nothing else.
        ("elasticloadbalancing:DescribeLoadBalancerAttributes", Unreadability::Denied, 0),
    ] {
        let ended = region("healthy").run("doctor -o json", without(action, how));
        status(&ended, expected);
        let answer = json(&ended);
        assert_eq!(answer["findings"], Value::Array(Vec::new()), "{action}");
        assert!(!answer["errors"].as_array().unwrap().is_empty(), "{action}");
        assert!(!answer["undecided"].as_array().unwrap().is_empty(), "{action}");
        let strict = region("healthy").run("doctor --strict", without(action, how));
        status(&strict, if expected == 0 { 4 } else { expected });
    }
    // A critical finding is one, whatever else is not known.
    let ended = region("shop").run("doctor", without("acm:ListCertificates", Unreadability::Denied));
    status(&ended, 1);
}

#[test]
fn a_baseline_takes_what_it_has_out_of_the_status() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("baseline.json");
    let command = format!("doctor --baseline {} -o json", path.display());
    let whole = region("shop").run("doctor -o json", Faults::none());
    fs::write(&path, &whole.out).unwrap();
    let ended = region("shop").run(&command, Faults::none());
    status(&ended, 0);
    let answer = json(&ended);
    assert!(answer["findings"].as_array().unwrap().iter().all(|it| it["in_baseline"] == true));
    assert!(region("shop").run(&command.replace(" -o json", ""), Faults::none()).out.contains("in the baseline"));
    // One that is new, and one that was not as bad.
    for change in ["new", "worse"] {
        let mut earlier = json(&whole);
        let findings = earlier["findings"].as_array_mut().unwrap();
        match change {
            "new" => findings.retain(|it| it["check"] != "no-healthy-target"),
            _ => findings.iter_mut().for_each(|it| it["severity"] = "info".into()),
        }
        fs::write(&path, earlier.to_string()).unwrap();
        let ended = region("shop").run(&command, Faults::none());
        status(&ended, 1);
        let fresh = json(&ended)["findings"].as_array().unwrap().iter().filter(|it| it["in_baseline"] == false).count();
        assert!(fresh > 0, "{change}");
    }
    // What cannot be decided is not in a baseline.
    fs::write(&path, &whole.out).unwrap();
    status(
        &region("shop").run(&command, without("elasticloadbalancing:DescribeTargetHealth", Unreadability::Denied)),
        4,
    );
    fs::write(&path, "{").unwrap();
    status(&region("shop").run(&command, Faults::none()), 2);
    status(&region("shop").run("doctor --baseline /nowhere/at-all", Faults::none()), 2);
}

#[test]
fn lines_are_findings_then_what_is_undecided_and_the_errors_come_last() {
    let ended = region("shop").run("doctor -o jsonl", Faults::none());
    let lines: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, rest) = lines.split_last().unwrap();
    assert_eq!(*last, serde_json::json!({"errors": []}));
    let whole = json(&region("shop").run("doctor -o json", Faults::none()));
    for kind in ["finding", "undecided"] {
        let field = if kind == "finding" { "findings" } else { kind };
        let number = rest.iter().filter(|line| line["type"] == kind).count();
        assert_eq!(number, whole[field].as_array().unwrap().len());
    }
    let names: Vec<_> = rest.iter().map(|line| line["environment"].as_str().unwrap()).collect();
    assert!(names.is_sorted(), "by name: {names:?}");
}

#[test]
fn sixty_environments_take_a_few_minutes_and_that_is_said() {
    let ended = BoundedFleet::new(60).run("doctor", Faults { latency: Duration::from_millis(100), ..Faults::none() });
    let said = ended.err.lines().last().unwrap();
    assert!(said.starts_with(&format!("{} calls in 2m", ended.calls)), "{said}, and {} calls", ended.calls);
}

#[test]
fn the_command_of_a_fix_is_one_that_set_takes() {
    let answer = json(&region("shop").run("doctor -o json", Faults::none()));
    let commands: Vec<_> =
        answer["findings"].as_array().unwrap().iter().filter_map(|it| it["fix"]["command"].as_str()).collect();
    assert!(!commands.is_empty());
    for command in commands {
        let arguments = format!("{} --dry-run", command.strip_prefix("beanpole ").unwrap());
        status(&region("shop").run(&arguments, Faults::none()), 0);
    }
}

/// The demo with what is critical in it silenced.
fn silenced() -> BoundedFleet {
    let text = "[silence.no-healthy-target]\n\"shop-admin-*\" = \"being rebuilt\"\n[silence.environment-health]\n\"*\" = \
                \"known\"\n[silence.server-errors]\n\"shop-admin-prod\" = \"being rebuilt\"\n[silence.failing-target]\n\
                \"shop-c*\" = \"known\"\n[silence.alarm-raised]\n\"*\" = \"known\"\n";
    let names: Vec<_> = checks().map(|check| check.id).collect();
    let known = KnownNames { actions: &[], columns: &[], checks: &names };
    let layer = config::parse("test", text, &known).unwrap();
    let mut region = region("shop");
    region.config = config::defaults().over(layer);
    region
}

#[test]
fn what_is_silenced_is_counted_and_decides_nothing() {
    let ended = silenced().run("doctor -o json", Faults::none());
    status(&ended, 0);
    let answer = json(&ended);
    let named: Vec<_> = answer["silenced"].as_array().unwrap().iter().map(|it| &it["check"]).collect();
    assert_eq!(named.len(), 7, "{named:?}");
    assert!(answer["silenced"].as_array().unwrap().iter().all(|it| it["silenced"].is_string()));
    assert!(bad(&answer).iter().all(|it| !it.contains("no-healthy-target") && !it.contains("environment-health")));
    let text = silenced().run("doctor", Faults::none()).out;
    assert!(text.lines().last().unwrap().ends_with(", 7 silenced"), "{text}");
    let lines = silenced().run("doctor -o jsonl", Faults::none()).out;
    assert_eq!(lines.lines().filter(|line| line.contains("\"type\":\"silenced\"")).count(), 7);
    // The health is said all the same, and only the count of what was set aside.
    let page = silenced().run("why shop-admin-prod", Faults::none()).out;
    assert!(page.lines().next().unwrap().ends_with("4 silenced"), "{page}");
    assert!(!page.contains("[no-healthy-target]"), "{page}");
    for command in ["ls --full -o json", "show shop-admin-prod -o json"] {
        let answer = json(&silenced().run(command, Faults::none()));
        let all = answer["items"].as_array().cloned().unwrap_or_else(|| vec![answer.clone()]);
        let admin = all.iter().find(|it| it["environment"] == "shop-admin-prod").unwrap();
        assert_eq!(
            (&admin["attention"]["needed"], &admin["attention"]["silenced"]),
            (&false.into(), &3.into()),
            "{admin}"
        );
    }
}
