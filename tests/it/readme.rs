//! The README and `docs/` are true: their tables are those of the program, their commands are those of `--help`, and
//! every command line in them is run.

mod command_lines;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use beanpole::app::ACTIONS;
use beanpole::app::screens::fleet::COLUMNS;
use beanpole::change::AllowedOn;
use beanpole::change::writes::WRITES;
use beanpole::deploy::{CHANGE_RULES, RULES, VerdictRule};
use beanpole::diagnosis::checks;
use beanpole::model::AllowedBy;
use beanpole::model::api_reads::READS;
use beanpole::sim::Policy;

/// The pages, by their paths.
const PAGES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../README.md")),
    ("CONTRIBUTING.md", include_str!("../../CONTRIBUTING.md")),
    ("docs/checks.md", include_str!("../../docs/checks.md")),
    ("docs/commands.md", include_str!("../../docs/commands.md")),
    ("docs/configuration.md", include_str!("../../docs/configuration.md")),
    ("docs/deploys.md", include_str!("../../docs/deploys.md")),
    ("docs/keys.md", include_str!("../../docs/keys.md")),
    ("docs/limits.md", include_str!("../../docs/limits.md")),
    ("docs/permissions.md", include_str!("../../docs/permissions.md")),
    ("docs/screens.md", include_str!("../../docs/screens.md")),
    ("docs/writing.md", include_str!("../../docs/writing.md")),
];

fn page(path: &str) -> &'static str {
    PAGES.iter().find(|(page, _)| *page == path).unwrap_or_else(|| panic!("there is no page {path}")).1
}

/// The part of a page between two markers that name it.
fn part(path: &str, name: &str) -> &'static str {
    let marker = format!("<!-- {name} -->\n");
    let (_, rest) = page(path).split_once(&marker).unwrap_or_else(|| panic!("{path} has no {name}"));
    rest.split_once("<!-- end -->").unwrap().0
}

/// Compares a part of a page with the program's table; `UPDATE_DOCS=1` writes it there.
fn hold(path: &str, name: &str, table: &str) {
    let old = part(path, name);
    if old != table && std::env::var_os("UPDATE_DOCS").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace(old, table)).unwrap();
        return;
    }
    assert!(old == table, "{path} is not what the program says; UPDATE_DOCS=1 writes this there:\n{table}");
}

#[test]
fn every_page_is_read_here_and_found_from_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in fs::read_dir(root.join("docs")).unwrap() {
        let path = format!("docs/{}", file.unwrap().file_name().into_string().unwrap());
        assert!(PAGES.iter().any(|(page, _)| *page == path), "{path} is read by no test");
        assert!(page("README.md").contains(&format!("]({path})")), "the README does not lead to {path}");
    }
}

/// What is between `](` and `)`, except web addresses.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    targets.filter(|target| !target.contains("://"))
}

/// The anchor that a heading has on GitHub.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    words.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it)).collect::<String>().replace(' ', "-")
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for (path, text) in PAGES {
        for link in links(text) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = root.join(path).parent().unwrap().join(file);
            let found = fs::read_to_string(&target).unwrap_or_else(|error| panic!("{path} links to {link}: {error}"));
            let has_it = found.lines().any(|line| line.starts_with('#') && anchor(line) == heading);
            assert!(heading.is_empty() || has_it, "{path} links to {link}, and there is no such heading");
            count += 1;
        }
    }
    assert!(count >= 20, "{count} links");
}

/// It shows and starts; everything else has its page.
#[test]
fn the_readme_is_short() {
    let lines = page("README.md").lines().count();
    assert!(lines <= 160, "the README has {lines} lines: move what is not needed to begin to docs/");
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
    hold("docs/keys.md", "keys", &table);
}

#[test]
fn the_table_of_columns_is_the_fleets() {
    let mut table = String::from("| column | shows |\n|---|---|\n");
    for facts in COLUMNS {
        let _ = writeln!(table, "| `{}` | {} |", facts.name, facts.help);
    }
    hold("docs/keys.md", "columns", &table);
}

#[test]
fn the_table_of_checks_is_the_programs() {
    let mut table = String::from("| check | finds | when |\n|---|---|---|\n");
    for check in checks() {
        let grade = |grade: &beanpole::diagnosis::Grade| {
            let attention = if grade.attention.is_some() { " (attention)" } else { "" };
            format!("{}{attention}: {}", grade.severity.as_str(), grade.condition())
        };
        let grades: Vec<_> = check.grades.iter().map(grade).collect();
        let _ = writeln!(table, "| `{}` | {} | {} |", check.id, check.sentence, grades.join("<br>"));
    }
    hold("docs/checks.md", "checks", &table);
}

#[test]
fn the_rules_of_a_verdict_are_those_of_the_program() {
    for (name, rules) in [("rules", RULES), ("rules of changes", CHANGE_RULES)] {
        let table = table_of(rules);
        hold("docs/deploys.md", name, &table);
    }
}

fn table_of(rules: &[VerdictRule]) -> String {
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
        hold("docs/permissions.md", name, &format!("```json\n{policy}```\n"));
    }
}

/// The policies follow from the tables of reads and writes: nothing else lists the permissions that beanpole needs.
#[test]
fn the_policies_are_the_tables_of_api_reads_and_writes() {
    let reads = statement("BeanpoleReads", AllowedOn::Everything, reads_of(AllowedBy::ReadOnly));
    let mut everywhere = writes_on(AllowedOn::Everything);
    everywhere.extend(reads_of(AllowedBy::ReadWrite));
    let writes = statement("BeanpoleWrites", AllowedOn::Everything, everywhere);
    let on = AllowedOn::BeanstalkLoadBalancers;
    let of_load_balancers = statement("BeanpoleWritesToLoadBalancersOfBeanstalk", on, writes_on(on));
    let on = AllowedOn::BeanstalkBuckets;
    let mut objects = writes_on(on);
    objects.extend(reads_of(AllowedBy::ReadWriteOfBuckets));
    let of_buckets = statement("BeanpoleWritesBundlesToBucketsOfBeanstalk", on, objects);
    let all = [reads.clone(), writes, of_load_balancers, of_buckets];
    let derived = [document(std::slice::from_ref(&reads)), document(&all)];
    for ((_, file, policy), derived) in POLICIES.into_iter().zip(derived) {
        if policy != derived && std::env::var_os("UPDATE_DOCS").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/policies").join(file);
            std::fs::write(path, derived).unwrap();
            continue;
        }
        assert!(policy == derived, "assets/policies/{file} lacks this; UPDATE_DOCS=1 writes it there:\n{derived}");
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
        let command = format!("`beanpole {name}");
        assert!(page("docs/commands.md").contains(&command), "docs/commands.md does not mention {command}`");
    }
    assert!(names.len() >= 7, "{names:?}");
}
