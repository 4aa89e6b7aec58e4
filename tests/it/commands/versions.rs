//! `versions`: what an application has, and which environments run it; `find` by a label.

use serde_json::{Value, json};

use super::run::assert_fields;
use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "two applications with a label in common, and a version that was deleted while it runs",
    table!("application", name = "shop"),
    table!("application.version", label = "v1", deleted = "-1h"),
    table!("application.version", label = "v2"),
    table!("application.version", label = "v3"),
    application!("other", "v2"),
    environment!("web", version = "v2"),
    environment!("api", version = "v2"),
    environment!("old", version = "v1"),
    environment!("else", application = "other", version = "v2"),
);

fn items(answer: &Value) -> Vec<(&str, &Value)> {
    answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["version"].as_str().unwrap(), &it["environments"]))
        .collect()
}

#[test]
fn each_version_names_the_environments_of_its_application_that_run_it() {
    let stage = Stage::written(SCENARIO);
    let answer = stage.json(&["versions", "web"], 0);
    assert_fields(&answer, &["items", "errors"]);
    assert_fields(&answer["items"][0], &["version", "created", "status", "description", "environments"]);
    let found = items(&answer);
    let (listed, deleted) = found.split_at(2);
    let environments = |label: &str| listed.iter().find(|(version, _)| *version == label).unwrap().1;
    assert_eq!((environments("v2"), environments("v3")), (&json!(["api", "web"]), &json!([])), "{answer}");
    // It runs, and can no longer be deployed: it has no time and no status.
    assert_eq!(deleted, [("v1", &json!(["old"]))]);
    assert_eq!((&answer["items"][2]["created"], &answer["items"][2]["status"]), (&Value::Null, &Value::Null));
    let newest_first: Vec<_> =
        answer["items"].as_array().unwrap().iter().filter_map(|it| it["created"].as_str()).collect();
    assert!(newest_first.is_sorted_by(|one, other| one >= other) && newest_first.len() == 2, "{newest_first:?}");
    let table = stage.run(&["versions", "web", "--utc"]);
    assert!(table.out.starts_with("VERSION  CREATED"), "{}", table.out);
    assert!(
        table.out.lines().any(|line| line.starts_with("v1 ") && line.ends_with("  deleted    old")),
        "{}",
        table.out
    );
    assert!(table.out.lines().any(|line| line.starts_with("v2 ") && line.ends_with("  api, web")), "{}", table.out);
}

#[test]
fn the_same_label_of_another_application_is_another_version() {
    let stage = Stage::written(SCENARIO);
    assert_eq!(items(&stage.json(&["versions", "else"], 0)), [("v2", &json!(["else"]))]);
    let missing = stage.run(&["versions", "wep"]);
    assert_eq!(missing.status, Some(2), "{}", missing.err);
    assert!(missing.err.contains("`web`"), "{}", missing.err);
}

#[test]
fn versions_that_cannot_be_read_are_null_and_never_an_empty_list() {
    let stage = Stage::written(SCENARIO);
    let deny = vec!["elasticbeanstalk:DescribeApplicationVersions".to_owned()];
    stage.world().set_faults(beanpole::sim::Faults { deny, ..beanpole::sim::Faults::none() });
    let answer = stage.json(&["versions", "web"], 4);
    assert_eq!((&answer["items"], &answer["errors"][0]["kind"]), (&Value::Null, &json!("denied")), "{answer}");
}

#[test]
fn a_label_is_found_where_it_runs() {
    let stage = Stage::written(SCENARIO);
    let answer = stage.json(&["find", "v2"], 0);
    let found: Vec<_> =
        answer["items"].as_array().unwrap().iter().map(|it| (&it["matched"], &it["environment"])).collect();
    let version = json!("version");
    let expected = [json!("api"), json!("else"), json!("web")];
    assert_eq!(found, expected.iter().map(|name| (&version, name)).collect::<Vec<_>>(), "{answer}");
    assert_eq!(stage.run(&["find", "v3"]).status, Some(1), "no environment runs it");
}
