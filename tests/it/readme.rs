//! The README says what is true: its tables are those of the program, its commands are those of `--help`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use beanpole::app::ACTIONS;
use beanpole::app::fleet::COLUMNS;
use beanpole::change::AllowedOn;
use beanpole::change::writes::WRITES;
use beanpole::deploy::{CHANGE_RULES, RULES, Rule};
use beanpole::sim::Policy;

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
        let mut keys: Vec<_> = facts.keys.iter().map(|key| format!("`{key}`")).collect();
        if keys.is_empty() {
            // Found in the palette, by its name.
            keys.push(format!("`:{}`", facts.name));
        }
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
    for (name, rules) in [("rules", RULES), ("rules of changes", CHANGE_RULES)] {
        let table = table_of(rules);
        assert_eq!(part(name), table, "write this into the README:\n{table}");
    }
}

fn table_of(rules: &[Rule]) -> String {
    let mut table = String::from("| | what | counts when | needs |\n|---|---|---|---|\n");
    for rule in rules {
        let (timing, threshold, sample) = (rule.timing.as_str(), rule.threshold(), rule.sample());
        let _ = writeln!(table, "| {timing} | {} | {threshold} | {sample} |", rule.what);
    }
    table
}

#[test]
fn the_policies_are_those_that_the_simulated_region_enforces() {
    for (name, policy) in [
        ("policy", include_str!("../../assets/policies/read-only.json")),
        ("policy for writing", include_str!("../../assets/policies/read-write.json")),
    ] {
        assert_eq!(part(name), format!("```json\n{policy}```\n"), "{name}");
    }
}

/// What is read only in order to write.
const READS_FOR_WRITES: [&str; 3] = [
    "ec2:DescribeSecurityGroups",
    "elasticbeanstalk:DescribeApplicationVersions",
    "elasticloadbalancing:DescribeSSLPolicies",
];

/// The table of API writes is what the policy for writing allows, on what its rows say; the policy for reading allows none of
/// them: read-only stays read-only at AWS too.
#[test]
fn the_policy_for_writing_is_the_table_of_api_writes() {
    let on = |allowed_on| {
        let rows = WRITES.iter().filter(move |row| row.allowed_on == allowed_on);
        rows.map(|row| row.permission()).collect::<BTreeSet<_>>()
    };
    let mut everything = on(AllowedOn::Everything);
    everything.extend(READS_FOR_WRITES.map(str::to_owned));
    let document: serde_json::Value =
        serde_json::from_str(include_str!("../../assets/policies/read-write.json")).unwrap();
    for (sid, expected) in [
        ("BeanpoleWrites", everything),
        ("BeanpoleWritesToLoadBalancersOfBeanstalk", on(AllowedOn::BeanstalkLoadBalancers)),
    ] {
        let statements = document["Statement"].as_array().unwrap();
        let statement = statements.iter().find(|statement| statement["Sid"] == sid).unwrap();
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(
            statement["Action"],
            serde_json::json!(expected),
            "{sid}: write this into the policy: {expected:#?}"
        );
        assert_eq!(statement["Resource"] == "*", sid == "BeanpoleWrites");
    }
    let read = Policy::read_only();
    for row in WRITES {
        assert!(read.actions().all(|action| action != row.permission()), "{row:?}");
    }
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
