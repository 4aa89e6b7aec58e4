//! `restart`, `replace` and `scale`: their output, and the exit statuses that scripts rely on.

use beanpole::sim::Faults;
use serde_json::json;

use super::run::run;
use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "what is done every day",
    application!("shop", "v1"),
    environment!(
        "web",
        instances = 4,
        max_instances = 6,
        options = { "aws:autoscaling:scheduledaction/MinSize" = "4" },
    ),
    environment!("web-prod", instances = 2),
    environment!("alone", instances = 1),
    environment!("single", kind = "single", instances = 1),
);

fn stage() -> Stage {
    Stage::written(SCENARIO)
}

impl Stage {
    fn instance(&self, environment: &str) -> String {
        let shown = self.json(&["show", environment], 0);
        let id = &shown["target_groups"][0]["targets"][0]["id"];
        id.as_str().unwrap_or_else(|| panic!("{shown}")).to_owned()
    }
}

#[test]
fn a_restart_is_sent_and_told() {
    let stage = stage();
    let plan = stage.json(&["restart", "web", "--dry-run"], 0);
    assert_eq!(
        (&plan["outcome"], &plan["kind"], &plan["dangerous"]),
        (&json!("planned"), &json!("restart"), &json!(false))
    );
    assert_eq!(plan["calls"][0]["operation"], "RestartAppServer");
    assert_eq!(stage.writes(), 0);
    let done = stage.run(&["restart", "web", "--yes"]);
    assert_eq!((done.status, done.out.as_str()), (Some(0), "web: the application servers are being restarted\n"));
    let again = stage.run(&["restart", "web", "--yes"]);
    assert_eq!(again.status, Some(7), "{}", again.err);
    assert!(again.err.contains("only while it is Ready"), "{}", again.err);
    assert_eq!(stage.json(&["log"], 0)["items"][0]["kind"], "restart");
}

#[test]
fn an_instance_is_replaced_unless_it_is_the_last_or_unowned() {
    let stage = stage();
    let id = stage.instance("web");
    let plan = stage.json(&["replace", "web", &id, "--dry-run"], 0);
    assert_eq!((&plan["outcome"], &plan["dangerous"]), (&json!("planned"), &json!(true)), "{plan}");
    let parameters = json!({ "InstanceId": id, "ShouldDecrementDesiredCapacity": false });
    assert_eq!(plan["calls"][0]["parameters"], parameters);
    assert_eq!(plan["changes"], json!([{ "key": "instance", "before": id, "after": null }]));
    let command = plan["commands"][0].as_str().unwrap();
    assert!(command.contains("--no-should-decrement-desired-capacity"), "{command}");

    let typo = format!("{}x", &id[..id.len() - 1]);
    let ran = stage.run(&["replace", "web", &typo, "--yes"]);
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains(&format!("did you mean `{id}`?")), "{}", ran.err);

    let last = stage.instance("alone");
    let ran = stage.run(&["replace", "alone", &last, "--yes"]);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    assert!(ran.err.contains("is the last healthy one of awseb-"), "{}", ran.err);
    let refused = stage.json(&["replace", "alone", &last, "--dry-run"], 7);
    assert_eq!((&refused["outcome"], refused["refused"].is_string()), (&json!("refused"), true), "{refused}");

    let production = stage.instance("web-prod");
    let ran = stage.run(&["replace", "web-prod", &production, "--yes"]);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    assert!(ran.err.contains("--confirm web-prod"), "{}", ran.err);
    assert_eq!(stage.writes(), 0);

    let done = stage.run(&["replace", "web", &id, "--yes"]);
    assert_eq!(done.status, Some(0), "{}", done.err);
    assert_eq!(done.out, format!("web: {id} is being terminated, and another launched\n"));
    let again = stage.run(&["replace", "web", &id, "--yes"]);
    assert_eq!(again.status, Some(7), "{}", again.err);
    assert!(again.err.contains("is being terminated already"), "{}", again.err);
    assert_eq!(stage.writes(), 1);
}

#[test]
fn sizes_are_set_with_what_follows_from_them() {
    let stage = stage();
    for (sizes, words) in [(["4", "3"], "MIN (4) is more than MAX (3)"), (["0", "3"], "1 to 10000"), (["1", "x"], "x")]
    {
        let ran = stage.run(&["scale", "web", sizes[0], sizes[1], "--yes"]);
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    assert_eq!(stage.region.calls(), [], "told before anything is asked");
    let plan = stage.json(&["scale", "web", "1", "3", "--dry-run"], 0);
    assert_eq!((&plan["outcome"], &plan["dangerous"]), (&json!("planned"), &json!(true)), "{plan}");
    let change = |key: &str, before: &str, after: &str| json!({ "key": key, "before": before, "after": after });
    assert_eq!(plan["changes"], json!([change("MinSize", "2", "1"), change("MaxSize", "6", "3")]));
    assert_eq!(
        plan["warnings"],
        json!([
            "at present 4 instances are wanted",
            "1 of them will be terminated",
            "scheduled actions of the environment set its sizes too, and will do so again"
        ])
    );
    let same = stage.run(&["scale", "web", "2", "6", "--yes"]);
    assert_eq!((same.status, same.out.as_str()), (Some(0), "web: it is so already, so nothing is called\n"));
    assert_eq!(stage.json(&["scale", "web", "2", "6", "--yes"], 0)["outcome"], "unchanged");
    let single = stage.run(&["scale", "single", "1", "2", "--yes"]);
    assert_eq!(single.status, Some(7), "{}", single.err);
    assert_eq!(stage.writes(), 0);
    let done = stage.run(&["scale", "web", "3", "8", "--yes"]);
    assert_eq!(done.status, Some(0), "{}", done.err);
    assert!(done.err.contains("to put it back: beanpole scale web 2 6"), "{}", done.err);
    // A lower maximum in production is dangerous, a higher one is not.
    let ran = stage.run(&["scale", "web-prod", "1", "1", "--yes"]);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    assert_eq!(stage.run(&["scale", "web-prod", "2", "6", "--yes"]).status, Some(0));
}

#[test]
fn what_cannot_be_read_is_reported_with_its_status_and_nothing_is_written() {
    let stage = stage();
    let id = stage.instance("web");
    let world = stage.world();
    for (action, command) in [
        ("elasticloadbalancing:DescribeTargetHealth", &["replace", "web", &id, "--yes"][..]),
        ("autoscaling:DescribeAutoScalingGroups", &["replace", "web", &id, "--yes"]),
        ("elasticbeanstalk:DescribeConfigurationSettings", &["scale", "web", "2", "7", "--yes"]),
    ] {
        world.set_faults(Faults { deny: vec![action.to_owned()], ..Faults::none() });
        let ran = stage.run(command);
        assert_eq!(ran.status, Some(4), "{command:?}: {}", ran.err);
        assert!(ran.err.contains(action), "{}", ran.err);
    }
    assert_eq!(stage.writes(), 0);
}

#[test]
fn read_only_refuses_each_of_them() {
    let stage = stage();
    let id = stage.instance("web");
    for command in [&["restart", "web"][..], &["replace", "web", &id], &["scale", "web", "2", "7"]] {
        let ran = stage.run(&[command, &["--yes", "--read-only"]].concat());
        assert_eq!(ran.status, Some(7), "{command:?}: {}", ran.err);
        assert!(ran.err.contains("read-only"), "{}", ran.err);
    }
    let log = stage.json(&["log"], 0);
    let refused: Vec<_> = log["items"].as_array().unwrap().iter().filter_map(|it| it["outcome"].as_str()).collect();
    assert_eq!((stage.writes(), refused), (0, vec!["refused"; 3]), "{log}");
}

#[test]
fn a_profile_that_is_read_only_refuses_them_and_another_does_not() {
    let stage = stage();
    let file = |name: &str, text: &str| {
        let path = stage.state.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let keys = "aws_access_key_id = a\naws_secret_access_key = b\n";
    let aws = file("aws", &format!("[profile safe]\n{keys}[profile free]\n{keys}"));
    let config = file("config.toml", "[profiles.safe]\nread_only = true\n");
    for (profile, status) in [("safe", 7), ("free", 0)] {
        let mut command = stage.command(&["restart", "web", "--yes", "--profile", profile]);
        command.env("AWS_CONFIG_FILE", &aws).arg("--config").arg(&config);
        let ran = run(command);
        assert_eq!((ran.status, stage.writes()), (Some(status), usize::from(status == 0)), "{profile}: {}", ran.err);
    }
}
