//! `set` and `undo`: their input, their output, and the exit statuses that scripts rely on.

use beanpole::sim::Faults;
use serde_json::{Value, json};

use super::run::assert_fields;
use super::stage::Stage;

const REPORT: &[&str] = &[
    "environment",
    "environment_id",
    "application",
    "target_group",
    "load_balancer",
    "kind",
    "route",
    "changes",
    "calls",
    "commands",
    "serves",
    "dangerous",
    "dangers",
    "warnings",
    "findings_added",
    "findings_removed",
    "refused",
    "id",
    "undoes",
    "outcome",
    "message",
    "conflicts",
    "observed",
    "request_ids",
    "watch",
    "errors",
];

const SCENARIO: &str = scenario!(
    "four environments",
    application!("shop", "v1", "v2"),
    environment!("web"),
    environment!("web-prod"),
    environment!("pair", process = [{ name = "default" }, { name = "chat", port = 8080, paths = ["/chat/*"] }]),
    environment!("busy"),
    target_group!("stranger", targets = 1),
    deploy!("busy", "v2", at = "0s"),
);

fn stage() -> Stage {
    Stage::written(SCENARIO)
}

#[test]
fn a_change_is_planned_made_logged_and_put_back() {
    let stage = stage();
    let set = ["set", "web", "stickiness.enabled=true", "--route", "elb"];
    let plan = stage.json(&[&set[..], &["--dry-run"]].concat(), 0);
    assert_fields(&plan, REPORT);
    assert_eq!((&plan["outcome"], &plan["id"], stage.writes()), (&json!("planned"), &Value::Null, 0));
    let change = json!({ "key": "stickiness.enabled", "before": "false", "after": "true" });
    assert_eq!(plan["changes"], json!([change]));
    let call = &plan["calls"][0];
    let attributes = json!([{ "Key": "stickiness.enabled", "Value": "true" }]);
    assert_eq!(call["operation"], "ModifyTargetGroupAttributes");
    assert_eq!((&call["service"], &call["parameters"]["Attributes"]), (&json!("elasticloadbalancing"), &attributes));
    let command = plan["commands"][0].as_str().unwrap();
    assert!(command.starts_with("aws elbv2 modify-target-group-attributes --target-group-arn arn:"), "{command}");
    assert!(command.contains("--attributes Key=stickiness.enabled,Value=true"), "{command}");
    assert_eq!(plan["serves"], json!({ "environments": ["web"], "unowned_target_groups": [] }));

    let done = stage.json(&[&set[..], &["--yes"]].concat(), 0);
    assert_fields(&done, REPORT);
    assert_eq!((&done["outcome"], &done["observed"]), (&json!("applied"), &json!({ "stickiness.enabled": "true" })));
    assert_eq!((&done["calls"], stage.writes(), done["request_ids"].as_array().unwrap().len()), (&plan["calls"], 1, 1));
    let again = stage.json(&[&set[..], &["--yes"]].concat(), 0);
    assert_eq!((&again["outcome"], &again["id"], stage.writes()), (&json!("unchanged"), &Value::Null, 1));

    let undone = stage.json(&["undo", "--yes"], 0);
    assert_fields(&undone, REPORT);
    assert_eq!((&undone["kind"], &undone["undoes"]), (&json!("undo"), &done["id"]));
    assert_eq!(undone["observed"], json!({ "stickiness.enabled": "false" }));
    let log = stage.run(&["log", "-o", "json"]).json();
    let items = log["items"].as_array().unwrap();
    assert_eq!((&items[0]["undoes"], &items[1]["undone_by"]), (&done["id"], &undone["id"]));
    assert_eq!((&items[1]["changes"], &items[1]["kind"]), (&json!([change]), &json!("set")));
    let table = stage.run(&["log"]).out;
    assert!(table.contains("stickiness.enabled: false -> true"), "{table}");
    assert!(stage.run(&["undo", "--yes"]).err.contains("there is no change to undo"));
    // What was put back can be made again, by its id.
    let id = undone["id"].as_str().unwrap();
    assert_eq!(stage.json(&["undo", id, "--yes"], 0)["observed"], json!({ "stickiness.enabled": "true" }));
}

#[test]
fn an_option_is_the_default_and_what_has_none_is_never_chosen_silently() {
    let stage = stage();
    let plan = stage.json(&["set", "web", "health_check.path=/healthz", "--dry-run"], 0);
    assert_eq!((&plan["route"], &plan["dangerous"]), (&json!("beanstalk"), &json!(true)));
    let option = &plan["changes"][0]["option"];
    assert_eq!(
        (&option["name"], &option["before"], &option["after"]),
        (&json!("HealthCheckPath"), &json!("/"), &json!("/healthz"))
    );
    for values in [
        &["load_balancing.algorithm.type=least_outstanding_requests"][..],
        &["health_check.path=/healthz", "health_check.port=8080"],
        &["idle_timeout.timeout_seconds=4000"],
    ] {
        let ran = stage.run(&[&["set", "web"], values, &["--yes"]].concat());
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(ran.err.contains(&format!("beanpole set web {} --route elb", values.join(" "))), "{}", ran.err);
    }
    let done = stage.run(&["set", "web", "idle_timeout.timeout_seconds=300", "--yes"]);
    assert_eq!(done.status, Some(0), "{}", done.err);
    assert!(done.out.contains("IdleTimeout: unset -> 300") && done.out.contains("beanpole undo 20"), "{}", done.out);
    let early = stage.run(&["undo", "--yes"]);
    assert_eq!(early.status, Some(7), "it is Updating: {}", early.err);
}

#[test]
fn what_is_wrong_with_a_key_or_a_value_is_usage() {
    let stage = stage();
    let cases: &[(&[&str], &str)] = &[
        (&["web", "stickyness.enabled=true"], "did you mean `stickiness.enabled`?"),
        (&["web", "listener:80:ssl_polic=x"], "did you mean `listener:80:ssl_policy`?"),
        (&["web", "stickiness.enabled"], "is not KEY=VALUE"),
        (&["web", "load_balancing.cross_zone.enabled=false"], "say tg:load_balancing"),
        (&["web", "ssl_policy=x"], "say listener:PORT:ssl_policy (ports: 80)"),
        (&["web", "listener:443:ssl_policy=x"], "there is no listener at port 443"),
        (&["web", "port=8080"], "another port replaces the target group"),
        (&["web", "scheme=internal"], "another scheme replaces the load balancer"),
        (&["web", "health_check.interval=301"], "it takes 5 to 300"),
        (&["web", "slow_start.duration_seconds=29"], "it takes 0, or 30 to 900"),
        (&["web", "health_check.matcher=101"], "status codes 200 to 499"),
        (&["web", "health_check.timeout=15"], "has to be smaller than health_check.interval"),
        (&["web", "stickiness.type=app_cookie", "--route", "elb"], "needs stickiness.app_cookie.cookie_name"),
        (&["web", "stickiness.enabled=true", "stickiness.enabled=false"], "is given twice"),
        (&["pair", "stickiness.enabled=true"], "several target groups"),
        (&["pair", "stickiness.enabled=true", "--target-group", "nobody"], "there is no target group `nobody`"),
        (&["wep", "stickiness.enabled=true"], "did you mean `web`?"),
    ];
    for (arguments, words) in cases {
        let ran = stage.run(&[&["set"], *arguments, &["--yes"]].concat());
        assert_eq!(ran.status, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(stage.run(&["set", "web", "stickiness.enabled=true"]).status, Some(2), "nobody to ask");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_beanpole_refuses_is_seven() {
    let stage = stage();
    let cases: &[(&[&str], &str)] = &[
        (&["set", "web", "stickiness.enabled=true", "--read-only"], "read-only"),
        (&["set", "busy", "stickiness.enabled=true"], "only while it is Ready"),
        (&["set", "web-prod", "health_check.path=/x"], "--confirm web-prod"),
        (
            &["set", "web", "deregistration_delay.timeout_seconds=9", "--target-group", "stranger", "--route", "elb"],
            "not proven",
        ),
        (&["undo"], "there is no change to undo"),
    ];
    for (arguments, words) in cases {
        let ran = stage.run(&[*arguments, &["--yes"]].concat());
        assert_eq!(ran.status, Some(7), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(stage.run(&["undo", "nonsense", "--yes"]).status, Some(2));
    assert_eq!(stage.writes(), 0);
    let safe = stage.run(&["set", "web-prod", "stickiness.enabled=true", "--yes", "--route", "elb"]);
    assert_eq!(safe.status, Some(0), "nothing dangerous about it: {}", safe.err);
    assert_eq!(stage.run(&["deploy", "web", "v2", "--yes", "--timeout", "0s"]).status, Some(0));
    let deploy = stage.run(&["log", "-o", "json"]).json()["items"][0]["id"].clone();
    let ran = stage.run(&["undo", deploy.as_str().unwrap(), "--yes"]);
    assert!(ran.status == Some(7) && ran.err.contains("a deploy is never undone"), "{}", ran.err);
}

#[test]
fn an_undo_of_what_someone_else_changed_since_is_six_and_writes_nothing() {
    let stage = stage();
    let set = |value: &str| stage.run(&["set", "web", value, "--route", "elb", "--yes"]);
    assert_eq!(set("deregistration_delay.timeout_seconds=60").status, Some(0));
    let first = stage.run(&["log", "-o", "json"]).json()["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(set("deregistration_delay.timeout_seconds=90").status, Some(0));
    let writes = stage.writes();
    let answer = stage.json(&["undo", &first, "--yes"], 6);
    assert_eq!((&answer["outcome"], stage.writes()), (&json!("conflict"), writes));
    let key = "deregistration_delay.timeout_seconds";
    assert_eq!(answer["conflicts"], json!([{ "key": key, "seen": "60", "live": "90", "wanted": "20" }]));
}

#[test]
fn half_of_it_is_eight() {
    let stage = stage();
    let world = stage.world();
    world.set_faults(Faults { deny: vec!["elasticbeanstalk:UpdateEnvironment".into()], ..Faults::none() });
    let answer = stage.json(&["set", "web", "stickiness.enabled=true", "--route", "both", "--yes"], 8);
    assert_eq!((&answer["outcome"], &answer["observed"]["stickiness.enabled"]), (&json!("partial"), &json!("true")));
    assert_eq!(answer["errors"][0]["kind"], "denied");
    let denied = stage.json(&["set", "web", "health_check.path=/x", "--yes"], 4);
    assert_eq!(denied["outcome"], "failed");
}
