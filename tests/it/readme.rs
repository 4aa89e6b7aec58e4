//! The README says what is true: its tables are those of the program, its commands are those of `--help`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use beanpole::app::ACTIONS;
use beanpole::app::fleet::COLUMNS;
use beanpole::change::AllowedOn;
use beanpole::change::writes::WRITES;
use beanpole::deploy::{CHANGE_RULES, RULES, Rule};
use beanpole::model::AllowedBy;
use beanpole::model::api_reads::READS;
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

const POLICIES: [(&str, &str, &str); 2] = [
    ("policy", "read-only.json", include_str!("../../assets/policies/read-only.json")),
    ("policy for writing", "read-write.json", include_str!("../../assets/policies/read-write.json")),
];

/// The simulated region enforces the files.
#[test]
fn the_policies_are_those_that_the_simulated_region_enforces() {
    for (name, _, policy) in POLICIES {
        assert_eq!(part(name), format!("```json\n{policy}```\n"), "{name}");
    }
}

/// The policies follow from the tables of reads and writes: nothing else says what beanpole needs.
#[test]
fn the_policies_are_the_tables_of_api_reads_and_writes() {
    let reads = statement("BeanpoleReads", AllowedOn::Everything, reads_of(AllowedBy::ReadOnly));
    let mut everywhere = writes_on(AllowedOn::Everything);
    everywhere.extend(reads_of(AllowedBy::ReadWrite));
    let writes = statement("BeanpoleWrites", AllowedOn::Everything, everywhere);
    let on = AllowedOn::BeanstalkLoadBalancers;
    let of_load_balancers = statement("BeanpoleWritesToLoadBalancersOfBeanstalk", on, writes_on(on));
    let derived = [document(std::slice::from_ref(&reads)), document(&[reads, writes, of_load_balancers])];
    for ((_, file, policy), derived) in POLICIES.into_iter().zip(derived) {
        assert_eq!(policy, derived, "write this into assets/policies/{file}:\n{derived}");
    }
}

/// Read-only stays read-only at AWS too.
#[test]
fn the_policy_for_reading_allows_no_write() {
    let read = Policy::read_only();
    for row in WRITES {
        assert!(read.actions().all(|action| action != row.permission()), "{row:?}");
    }
}

fn reads_of(policy: AllowedBy) -> BTreeSet<String> {
    READS.iter().filter(|read| read.allowed_by == policy).map(|read| read.permission()).collect()
}

fn writes_on(resources: AllowedOn) -> BTreeSet<String> {
    WRITES.iter().filter(|write| write.allowed_on == resources).map(|write| write.permission()).collect()
}

fn statement(sid: &str, on: AllowedOn, actions: BTreeSet<String>) -> String {
    let list = |items: Vec<String>| format!("[\n        {}\n      ]", items.join(",\n        "));
    let resource = match on.resources() {
        [one] => format!("{one:?}"),
        several => list(several.iter().map(|it| format!("{it:?}")).collect()),
    };
    let actions = list(actions.into_iter().map(|action| format!("{action:?}")).collect());
    let fields = [
        format!("\"Sid\": {sid:?}"),
        "\"Effect\": \"Allow\"".to_owned(),
        format!("\"Resource\": {resource}"),
        format!("\"Action\": {actions}"),
    ];
    format!("    {{\n      {}\n    }}", fields.join(",\n      "))
}

fn document(statements: &[String]) -> String {
    let statements = statements.join(",\n");
    format!("{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{statements}\n  ]\n}}\n")
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
