//! `--watch`: the impact of a change is reported, with an exit status, in time to undo it.

use std::time::{Duration, Instant};

use beanpole::sim::Faults;
use serde_json::{Value, json};

use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "an environment whose health check is quick",
    application!("shop"),
    environment!(
        "web", instances = 3, traffic = { peak = 60.0 }, scaling_health_check = "ELB",
        process = [{
            name = "default",
            health_check = { path = "/healthz", interval = "5s", timeout = "2s", healthy = 2, unhealthy = 2 },
        }],
    ),
);

/// Interval times threshold, and a poll; and some for the command to begin and end.
const IN_TIME: Duration = Duration::from_secs(5 * 2 + 10 + 10);

fn stage() -> Stage {
    Stage::written(SCENARIO)
}

const BREAK: [&str; 6] = ["set", "web", "health_check.path=/nonsense", "--route", "elb", "--yes"];

#[test]
fn a_health_check_that_fails_is_reported_in_time_and_undone_with_success() {
    let stage = stage();
    let began = Instant::now();
    let broken = stage.json(&[&BREAK[..], &["--watch"]].concat(), 1);
    assert!(began.elapsed() < IN_TIME, "{:?}", began.elapsed());
    let watch = &broken["watch"];
    assert_eq!((&broken["outcome"], &watch["verdict"]), (&json!("applied"), &json!("worse")));
    assert_eq!((&watch["healthy_before"], &watch["healthy_after"]), (&json!(3), &json!(0)));
    let text = watch["reasons"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("0 of 3 targets of ") && text.contains("are healthy, 3 before"), "{text}");
    assert!(text.ends_with("(Health checks failed with these codes: [404])"), "{text}");

    let put_back = stage.json(&["undo", "--watch", "25s", "--yes"], 0);
    let watch = &put_back["watch"];
    assert_eq!(
        (&watch["verdict"], &watch["final"], &watch["worse_since"]),
        (&json!("better"), &json!(true), &Value::Null)
    );
    assert_eq!((&watch["healthy_before"], &watch["healthy_after"]), (&json!(0), &json!(3)));
}

#[test]
fn in_words_it_says_how_to_put_it_back() {
    let stage = stage();
    let ran = stage.run(&[&BREAK[..], &["--watch"]].concat());
    assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("verdict  WORSE\n  0 of 3 targets of "), "{}", ran.out);
    let lines: Vec<_> = ran.err.lines().collect();
    assert!(lines[0].contains("web: health_check.path changed"), "{}", ran.err);
    assert!(ran.err.contains("beanpole: web is WORSE since health_check.path changed"), "{}", ran.err);
    let id = lines.last().unwrap().strip_prefix("to put it back: beanpole undo ").unwrap();
    assert!(ran.out.contains(&format!("beanpole undo {id}")), "{}{}", ran.out, ran.err);
}

#[test]
fn what_does_no_harm_ends_well_when_its_time_is_over() {
    let stage = stage();
    let harmless = ["set", "web", "health_check.path=/", "--route", "elb", "--watch", "12s", "--yes"];
    let watch = &stage.json(&harmless, 0)["watch"];
    assert_eq!(
        (&watch["final"], &watch["healthy_after"], &watch["worse_since"]),
        (&json!(true), &json!(3), &Value::Null)
    );
    assert_ne!(watch["verdict"], "worse");
}

#[test]
fn before_a_health_check_is_changed_the_auto_scaling_group_is_reported_of() {
    let stage = stage();
    let plan = stage.json(&[&BREAK[..], &["--dry-run"]].concat(), 0);
    assert_eq!(plan["watch"], Value::Null);
    let warnings = plan["warnings"].to_string();
    assert!(warnings.contains("a wrong health check terminates instances"), "{warnings}");
    let faults = Faults { deny: vec!["autoscaling:*".to_owned()], ..Faults::none() };
    stage.world().set_faults(faults);
    let ran = stage.run(&[&BREAK[..], &["--dry-run", "-o", "json"]].concat());
    let warnings = ran.json()["warnings"].to_string();
    assert!(warnings.contains("could not be read, so that it is not known"), "{warnings}");
}
