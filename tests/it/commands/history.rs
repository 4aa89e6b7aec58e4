//! `history`: one time axis of Beanstalk's events, our own journal and the verdicts that were kept.

use beanpole::sim::{Faults, Scenario};
use serde_json::Value;
use tempfile::TempDir;

use super::run::Region;
use super::stage::Stage;

/// A rolling deploy that is nearly over.
fn stage() -> Stage {
    let text = include_str!("../../../assets/scenarios/rolling.toml").replace("at = \"20s\"", "at = \"-9m15s\"");
    let region = Region::of(Scenario::from_toml("rolling", &text).unwrap());
    region.world.as_ref().unwrap().set_faults(Faults::none());
    Stage { region, state: TempDir::new().unwrap() }
}

fn of_kind<'a>(items: &'a [Value], kind: &str) -> Vec<&'a Value> {
    items.iter().filter(|item| item["kind"] == kind).collect()
}

#[test]
fn deploys_verdicts_and_our_own_changes_are_on_one_axis() {
    const NAME: &str = "orders-web-prod";
    let stage = stage();
    let watched = stage.run(&["watch", NAME, "--settle", "0", "-o", "jsonl"]);
    assert_eq!(watched.status, Some(0), "{}{}", watched.out, watched.err);
    let restart = stage.run(&["restart", NAME, "--yes"]);
    assert_eq!(restart.status, Some(0), "{}", restart.err);
    let answer = stage.json(&["history", NAME], 0);
    let items = answer["items"].as_array().unwrap();
    let [verdict] = of_kind(items, "verdict")[..] else { panic!("{answer}") };
    assert_eq!(verdict["outcome"], "same", "{verdict}");
    let deploys = of_kind(items, "deploy");
    let followed = deploys.iter().find(|it| it["seconds"] == verdict["seconds"]).unwrap_or_else(|| panic!("{answer}"));
    assert_eq!((&followed["outcome"], &followed["by"]), (&"succeeded".into(), &Value::Null), "not from this machine");
    assert!(followed["seconds"].as_u64().unwrap() > 60, "{followed}");
    let own = items.iter().find(|item| item["what"].as_str().unwrap().contains("(restart)")).unwrap();
    assert_eq!(own["kind"], "operation", "{own}");
    assert!(own["by"].as_str().unwrap().starts_with("arn:aws:") && own["id"].is_string(), "{own}");
    let times: Vec<_> = items.iter().filter_map(|item| item["at"].as_str()).collect();
    assert!(times.is_sorted_by(|one, other| one >= other), "the newest first: {times:?}");

    let table = stage.run(&["history", NAME]);
    assert!(table.out.starts_with("TIME") && table.out.contains("verdict"), "{}", table.out);
    assert!(table.err.contains("orders-web-prod: The last 2 deploys took"), "{}", table.err);
    // The plan of the next deploy says the same.
    let plan = stage.json(&["deploy", NAME, "v41", "--dry-run"], 7);
    assert_eq!(plan["plan"]["took_seconds"].as_array().unwrap().len(), 2, "{plan}");
    let again = stage.json(&["log"], 0);
    assert_eq!(again["items"].as_array().unwrap().len(), 1, "a verdict is no change: {again}");

    let deny = vec!["elasticbeanstalk:DescribeEvents".to_owned()];
    stage.world().set_faults(Faults { deny, ..Faults::none() });
    let blind = stage.run(&["history", NAME, "-o", "json"]);
    assert_eq!(blind.status, Some(0), "our own part of it is an answer: {}", blind.err);
    let blind = blind.json();
    assert_eq!(of_kind(blind["items"].as_array().unwrap(), "verdict").len(), 1, "{blind}");
    assert!(blind["errors"].to_string().contains("DescribeEvents"), "{blind}");
    assert_eq!(stage.run(&["history", "nobody"]).status, Some(2));
}
