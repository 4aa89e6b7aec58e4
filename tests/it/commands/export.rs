//! `export`: what it writes sets an environment as it was, overwrites nothing, and leaves the folder nowhere.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::run::{Ran, Region, assert_fields};
use super::stage::Stage;

/// An environment whose live values differ from its options, with a second process and a rule.
const CHANGED: &str = scenario!(
    "an environment that was changed directly",
    application!("shop", "v1"),
    certificate!("shop", "*.shop.example"),
    environment!(
        "web",
        certificate = "shop",
        attributes = { "idle_timeout.timeout_seconds" = "300" },
        options = {
            "aws:elasticbeanstalk:application:environment/ROOT_URL" = "https://CANARY.example",
        },
        process = [
            {
                name = "default", port = 80,
                live = {
                    "health_check.path" = "/healthz", "stickiness.enabled" = "true",
                    "stickiness.lb_cookie.duration_seconds" = "3600", "deregistration_delay.timeout_seconds" = "90",
                },
            },
            { name = "chat", port = 8080 },
        ],
    ),
);

/// An environment with a rule.
const RULED: &str = scenario!(
    "an environment with a rule",
    application!("shop", "v1"),
    load_balancer!(
        "front",
        listener = [{
            port = 80, default = { forward = "web/default" },
            rule = [{ priority = 10, paths = ["/chat/*"], action = { forward = "web/chat" } }],
        }],
    ),
    environment!(
        "web",
        load_balancer = "front",
        options = {
            "aws:elbv2:listener:default/Rules" = "chat",
            "aws:elbv2:listenerrule:chat/PathPatterns" = "/chat/*",
            "aws:elbv2:listenerrule:chat/Priority" = "5",
            "aws:elbv2:listenerrule:chat/Process" = "chat",
        },
        process = [{ name = "default", port = 80 }, { name = "chat", port = 8080 }],
    ),
);

fn export(region: &Region, folder: &Path, more: &[&str]) -> Ran {
    let folder = folder.to_str().unwrap();
    region.run(["export", "web", "--dir", folder].iter().chain(more))
}

/// The option settings of a folder's files, read as Beanstalk does: later names go over earlier ones.
fn options(folder: &Path) -> BTreeMap<String, String> {
    let mut paths: Vec<_> = fs::read_dir(folder.join(".ebextensions")).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    let mut options = BTreeMap::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let documents = Yaml::load_from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let Some(settings) = documents[0].as_mapping_get("option_settings") else { continue };
        for (namespace, values) in settings.as_mapping().unwrap() {
            for (name, value) in values.as_mapping().unwrap() {
                let key = format!("{}/{}", namespace.as_str().unwrap(), name.as_str().unwrap());
                options.insert(key, value.as_str().expect("a text").to_owned());
            }
        }
    }
    options
}

#[test]
fn an_environment_set_by_the_files_has_no_drift() {
    let region = Region::written(CHANGED);
    let drifted = region.json(&["show", "web"]);
    assert!(drifted["drift"].as_array().unwrap().len() >= 5, "{}", drifted["drift"]);
    let folder = TempDir::new().unwrap();
    let ran = export(&region, folder.path(), &[]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    let options = options(folder.path());
    let process = "aws:elasticbeanstalk:environment:process";
    for (key, value) in [
        ("aws:elbv2:loadbalancer/IdleTimeout".to_owned(), "300"),
        (format!("{process}:default/HealthCheckPath"), "/healthz"),
        (format!("{process}:default/StickinessLBCookieDuration"), "3600"),
        (format!("{process}:chat/Port"), "8080"),
        ("aws:elbv2:listener:443/Protocol".to_owned(), "HTTPS"),
        ("aws:elasticbeanstalk:command/DeploymentPolicy".to_owned(), "Rolling"),
    ] {
        assert_eq!(options.get(&key).map(String::as_str), Some(value), "{key} in {options:?}");
    }
    assert_set_by(CHANGED, &options);
}

#[test]
fn rules_are_written_with_the_listener_that_names_them() {
    let region = Region::written(RULED);
    let folder = TempDir::new().unwrap();
    let ran = export(&region, folder.path(), &[]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    let options = options(folder.path());
    for (key, value) in [
        ("aws:elbv2:listener:default/Rules", "chat"),
        ("aws:elbv2:listenerrule:chat/PathPatterns", "/chat/*"),
        ("aws:elbv2:listenerrule:chat/Priority", "5"),
        ("aws:elbv2:listenerrule:chat/Process", "chat"),
    ] {
        assert_eq!(options.get(key).map(String::as_str), Some(value), "{key} in {options:?}");
    }
    assert_set_by(RULED, &options);
}

/// The same environment with the options of the files instead of its own has no drift, and would be exported as the same.
fn assert_set_by(scenario: &str, options: &BTreeMap<String, String>) {
    let (before, rest) = scenario.split_once("options = {").unwrap();
    let (_, rest) = rest.split_once('}').unwrap();
    let mut table = String::new();
    options.iter().for_each(|(key, value)| {
        write!(table, " \"{key}\" = {},", serde_json::to_string(value).unwrap()).unwrap();
    });
    let set = Region::written(&format!("{before}options = {{{table} }}{rest}"));
    let shown = set.json(&["show", "web"]);
    assert_eq!(shown["drift"], json!([]));
    let again = TempDir::new().unwrap();
    assert_eq!(export(&set, again.path(), &[]).status, Some(0));
    assert_eq!(self::options(again.path()), *options);
}

#[test]
fn what_is_there_is_replaced_only_by_force() {
    let region = Region::written(CHANGED);
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(".ebextensions/20-processes.config");
    let dry = export(&region, folder.path(), &["--dry-run"]);
    assert_eq!(dry.status, Some(0), "{}", dry.err);
    assert!(dry.out.contains("+ option_settings:") && dry.out.contains("Nothing was written."), "{}", dry.out);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "a dry run writes nothing");
    assert_eq!(export(&region, folder.path(), &[]).status, Some(0));
    let written = fs::read_to_string(&file).unwrap();
    let same = export(&region, folder.path(), &[]);
    assert_eq!(same.status, Some(0), "{}", same.err);
    assert!(same.out.contains("unchanged .ebextensions/20-processes.config"), "{}", same.out);
    fs::write(&file, "# mine\n").unwrap();
    fs::remove_file(folder.path().join(".ebextensions/30-deployments.config")).unwrap();
    for format in ["table", "json"] {
        let refused = export(&region, folder.path(), &["-o", format]);
        assert_eq!(refused.status, Some(7), "{}{}", refused.out, refused.err);
        assert_eq!(fs::read_to_string(&file).unwrap(), "# mine\n");
        assert!(!fs::exists(folder.path().join(".ebextensions/30-deployments.config")).unwrap(), "all or nothing");
        let shows = if format == "table" { "- # mine" } else { "\"exists\"" };
        assert!(refused.out.contains(shows), "{}", refused.out);
    }
    assert_eq!(export(&region, folder.path(), &["--force"]).status, Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
}

#[test]
fn the_answer_names_files_masks_and_what_no_file_can_hold() {
    let region = Region::written(
        &CHANGED.replace("\"idle_timeout.timeout_seconds\" = \"300\"", "\"routing.http2.enabled\" = \"false\""),
    );
    let folder = TempDir::new().unwrap();
    let ran = export(&region, folder.path(), &["-o", "json"]);
    let answer = ran.json();
    assert_fields(&answer, &["files", "masked", "notes", "written", "errors"]);
    let paths: Vec<_> = answer["files"].as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap()).collect();
    let config = |name: &str| format!(".ebextensions/{name}.config");
    assert_eq!(paths, ["10-load-balancer", "20-processes", "30-deployments"].map(config));
    assert!(answer["files"].as_array().unwrap().iter().all(|it| it["action"] == "create"));
    let masked = answer["masked"].as_array().unwrap();
    assert!(masked.contains(&json!("aws:elasticbeanstalk:command/DeploymentPolicy")), "{masked:?}");
    assert!(!masked.contains(&json!("aws:elasticbeanstalk:environment:process:default/HealthCheckPath")), "{masked:?}");
    let has = |part: &str| answer["notes"].as_array().unwrap().iter().any(|it| it.as_str().unwrap().contains(part));
    assert!(has("routing.http2.enabled"), "{}", answer["notes"]);
    for file in paths {
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(!text.contains("CANARY"), "{text}");
    }
    let missing = region.run(["export", "wep", "--dir", folder.path().to_str().unwrap()]);
    assert_eq!(missing.status, Some(2));
    assert!(missing.err.contains("did you mean `web`?"), "{}", missing.err);
    let unknown = export(&region, folder.path(), &["--recipe", "websockets"]);
    assert_eq!(unknown.status, Some(2));
    assert!(unknown.err.contains("'websocket'"), "{}", unknown.err);
}

#[test]
fn without_the_option_settings_nothing_is_written() {
    let denied = section!("faults", deny = ["elasticbeanstalk:DescribeConfigurationSettings"]);
    let region = Region::written(&format!("{CHANGED}{denied}"));
    let folder = TempDir::new().unwrap();
    let ran = export(&region, folder.path(), &["-o", "json"]);
    assert_eq!(ran.status, Some(4), "{}{}", ran.out, ran.err);
    assert_eq!((&ran.json()["files"], &ran.json()["written"]), (&Value::Null, &json!(false)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// What was set through the API masks the files until it is removed: as a change that is shown, recorded and undone.
#[test]
fn what_the_files_set_is_taken_off_the_environment_and_can_be_put_back() {
    let stage = Stage::written(CHANGED);
    let folder = TempDir::new().unwrap();
    let folder = folder.path().to_str().unwrap();
    let done = |arguments: &[&str], status: i32| {
        let ran = stage.run(arguments);
        assert_eq!(ran.status, Some(status), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(!format!("{}{}", ran.out, ran.err).contains("CANARY"), "{}{}", ran.out, ran.err);
        stage.region.pass(900);
        format!("{}{}", ran.out, ran.err)
    };
    done(&["export", "web", "--dir", folder], 0);
    done(&["set", "web", "idle_timeout.timeout_seconds=120", "--yes"], 0);
    let masked = "IdleTimeout is `300` here and `120` in web";
    let checked = done(&["export", "web", "--check", folder], 1);
    assert!(checked.contains(masked), "{checked}");
    let planned = done(&["export", "web", "--dir", folder, "--release", "--dry-run"], 0);
    assert!(planned.contains("OptionsToRemove") && planned.contains("IdleTimeout"), "{planned}");
    assert!(planned.contains("deploy the files first"), "{planned}");
    let before = stage.writes();
    done(&["export", "web", "--dir", folder, "--release", "--yes"], 0);
    assert_eq!(stage.writes(), before + 1);
    let checked = done(&["export", "web", "--check", folder], 0);
    assert!(!checked.contains("IdleTimeout"), "{checked}");
    let log = stage.json(&["log"], 0);
    assert!(log.to_string().contains("idle_timeout.timeout_seconds"), "{log}");
    done(&["undo", "--yes"], 0);
    let checked = done(&["export", "web", "--check", folder], 1);
    assert!(checked.contains(masked), "{checked}");
    // A folder without options has nothing to release, and one environment that is not there is named.
    let empty = TempDir::new().unwrap();
    done(&["export", "web", "--dir", empty.path().to_str().unwrap(), "--release", "--yes"], 2);
    done(&["export", "wab", "--check", folder], 2);
}

/// Exported, deployed in a version, released, edited and deployed again: what the file says is live, and nothing drifts.
#[test]
fn files_that_were_exported_and_released_decide_what_is_live() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().to_str().unwrap();
    let ran = Region::written(CHANGED).run(["export", "web", "--dir", folder]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    let files = options(Path::new(folder));
    let (idle, delay) =
        ("aws:elbv2:loadbalancer/IdleTimeout", "aws:elasticbeanstalk:environment:process:default/DeregistrationDelay");
    let mut edited = files.clone();
    edited.insert(idle.to_owned(), "240".to_owned());
    edited.insert(delay.to_owned(), "45".to_owned());
    let mut text = CHANGED.to_owned();
    for (label, options) in [("v2", &files), ("v3", &edited)] {
        let table: Vec<_> = options.iter().map(|(key, value)| format!("\"{key}\" = {}", json!(value))).collect();
        write!(text, "\n[[application.version]]\nlabel = \"{label}\"\noptions = {{ {} }}\n", table.join(", ")).unwrap();
    }
    let stage = Stage::written(&text);
    let done = |arguments: &[&str], status: i32| {
        let ran = stage.run(arguments);
        assert_eq!(ran.status, Some(status), "{arguments:?}: {}{}", ran.out, ran.err);
        stage.region.pass(1800);
        format!("{}{}", ran.out, ran.err)
    };
    let live = || {
        let shown = stage.json(&["show", "web"], 0);
        let groups = shown["target_groups"].as_array().unwrap().clone();
        let group = groups.into_iter().find(|it| it["process"] == "default").unwrap();
        let idle = shown["load_balancer"]["attributes"]["idle_timeout.timeout_seconds"].clone();
        (idle, group["attributes"]["deregistration_delay.timeout_seconds"].clone(), shown["drift"].clone())
    };
    done(&["set", "web", "idle_timeout.timeout_seconds=120", "--yes"], 0);
    // What was set through the API masks the file; the rest of the file holds.
    done(&["deploy", "web", "v2", "--yes", "--timeout", "0"], 0);
    assert_eq!(live(), (json!("120"), json!("90"), json!([])));
    let checked = done(&["export", "web", "--check", folder], 1);
    assert!(checked.contains("IdleTimeout is `300` here and `120` in web"), "{checked}");
    done(&["export", "web", "--dir", folder, "--release", "--yes"], 0);
    assert_eq!(live(), (json!("300"), json!("90"), json!([])));
    done(&["export", "web", "--check", folder], 0);
    done(&["deploy", "web", "v3", "--yes", "--timeout", "0"], 0);
    assert_eq!(live(), (json!("240"), json!("45"), json!([])));
    // The version before has its own files again.
    done(&["deploy", "web", "v2", "--yes", "--timeout", "0"], 0);
    assert_eq!(live(), (json!("300"), json!("90"), json!([])));
}
