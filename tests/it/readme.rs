//! The README says what is true: its tables are those of the program, its commands are those of `--help`.

use std::fmt::Write;
use std::process::Command;

use beanpole::app::ACTIONS;
use beanpole::app::fleet::COLUMNS;
use beanpole::change::OPERATIONS;
use beanpole::deploy::RULES;
use beanpole::model::{Key, Measure, ScopeId, Source};

const README: &str = include_str!("../../README.md");

/// The part of the README between two markers that name it.
fn part(name: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("<!-- {name} -->\n")).unwrap_or_else(|| panic!("README has no {name}"));
    rest.split_once("<!-- end -->").unwrap().0
}

#[test]
fn the_table_of_keys_is_the_table_of_actions() {
    let mut table = String::from("| keys | action | where | does |\n|---|---|---|---|\n");
    for facts in ACTIONS {
        let keys: Vec<_> = facts.keys.iter().map(|key| format!("`{key}`")).collect();
        let layers: Vec<_> = facts.layers.iter().map(|layer| layer.as_str()).collect();
        let _ = writeln!(table, "| {} | {} | {} | {} |", keys.join(" "), facts.name, layers.join(", "), facts.help);
    }
    assert_eq!(part("keys"), table, "write this into the README:\n{table}");
}

#[test]
fn the_table_of_columns_is_the_fleets() {
    let mut table = String::from("| column | shows |\n|---|---|\n");
    for facts in COLUMNS {
        let _ = writeln!(table, "| `{}` | {} |", facts.name, facts.help);
    }
    assert_eq!(part("columns"), table, "write this into the README:\n{table}");
}

#[test]
fn the_rules_of_a_verdict_are_those_of_the_program() {
    let mut table = String::from("| | what | counts when | needs |\n|---|---|---|---|\n");
    for rule in RULES {
        let (timing, threshold, sample) = (rule.timing.as_str(), rule.threshold(), rule.sample());
        let _ = writeln!(table, "| {timing} | {} | {threshold} | {sample} |", rule.what);
    }
    assert_eq!(part("rules"), table, "write this into the README:\n{table}");
}

#[test]
fn the_policy_allows_what_is_called_and_no_more() {
    let scope = ScopeId(0);
    let sources = [
        Source::Identity(scope),
        Source::Environments(scope),
        Source::LoadBalancers(scope),
        Source::TargetGroups(scope),
        Source::Events(scope),
        Source::Certificates(scope),
        Source::LoadBalancerTags(Key::new(scope, "")),
        Source::Resources(Key::new(scope, "")),
        Source::AutoScalingGroup(Key::new(scope, "")),
        Source::Listeners(Key::new(scope, "")),
        Source::Rules(Key::new(scope, "")),
        Source::TargetHealth(Key::new(scope, "")),
        Source::TargetGroupAttributes(Key::new(scope, "")),
        Source::LoadBalancerAttributes(Key::new(scope, "")),
        Source::Settings(Key::new(scope, "")),
        Source::EnvironmentHealth(Key::new(scope, "")),
        Source::InstancesHealth(Key::new(scope, "")),
        Source::Instance(Key::new(scope, "")),
        Source::Metrics(Key::new(scope, ""), Measure::Row),
    ];
    let mut wanted: Vec<_> = sources.iter().map(|it| format!("{}:{}", it.service().prefix(), it.operation())).collect();
    // Of `beanpole logs`, which are no sources.
    wanted.extend(beanpole::aws::LOG_OPERATIONS.map(|operation| format!("elasticbeanstalk:{operation}")));
    wanted.sort();
    assert_eq!(actions("policy"), wanted);
}

#[test]
fn the_policy_for_writing_allows_what_is_written_and_no_more() {
    let mut wanted: Vec<_> =
        OPERATIONS.iter().map(|(service, operation)| format!("{}:{operation}", service.prefix())).collect();
    // Read to find the version that is to be deployed.
    wanted.push("elasticbeanstalk:DescribeApplicationVersions".to_owned());
    // Read before an attribute of a listener is changed.
    wanted.push("elasticloadbalancing:DescribeListenerAttributes".to_owned());
    wanted.sort();
    assert_eq!(actions("policy for writing"), wanted);
}

/// The actions that a policy in the README allows.
fn actions(policy: &str) -> Vec<String> {
    let words = part(policy).split('"').filter(|word| word.contains(':') && !word.contains(' '));
    let mut actions: Vec<_> = words.map(str::to_owned).collect();
    actions.retain(|word| word.chars().next().is_some_and(char::is_alphabetic));
    actions.sort();
    actions
}

#[test]
fn the_commands_are_those_of_help() {
    let help = Command::new(env!("CARGO_BIN_EXE_beanpole")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let names: Vec<_> = list
        .lines()
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for name in names.iter().filter(|name| **name != "help") {
        assert!(README.contains(&format!("beanpole {name}")), "the README does not mention `beanpole {name}`");
    }
    assert!(names.len() >= 7, "{names:?}");
}
