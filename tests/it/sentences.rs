//! The program's sentences, as far as their source shows what will be wrong with them.

use std::fs;
use std::path::{Path, PathBuf};

/// Nouns after counts, which must not be written literally there: `counted` knows the singular too.
const PLURALS: &[&str] = &[
    "alarms",
    "answers",
    "attributes",
    "balancers",
    "batches",
    "bytes",
    "calls",
    "causes",
    "certificates",
    "changes",
    "checks",
    "connections",
    "days",
    "deployments",
    "environments",
    "errors",
    "events",
    "failures",
    "findings",
    "groups",
    "hosts",
    "hours",
    "instances",
    "items",
    "lines",
    "listeners",
    "matches",
    "minutes",
    "mistakes",
    "names",
    "options",
    "pages",
    "passes",
    "periods",
    "points",
    "problems",
    "regions",
    "requests",
    "rows",
    "rules",
    "seconds",
    "services",
    "settings",
    "steps",
    "tags",
    "targets",
    "times",
    "values",
    "versions",
    "weeks",
    "zones",
];

/// Counts that are never one, with the reason.
const NEVER_ONE: &[(&str, &str, &str)] = &[
    ("src/app/screens/confirm/instance_actions.rs", "{batches} batches", "only of more than one"),
    ("src/app/state/requests.rs", "{} settings", "only of several"),
    ("src/aws/call.rs", "{MOST_PAGES} pages", "a hundred"),
    ("src/aws/call.rs", "{pages} pages", "as many as are too many"),
    ("src/aws/events.rs", "{} events", "a thousand"),
    ("src/change/danger.rs", "{key} changes", "a verb"),
    ("src/change/outcome.rs", "{status} for hours", "a span"),
    ("src/change/scale.rs", "{MOST} instances", "ten thousand"),
    ("src/cli/find/mod.rs", "{} matches", "a verb"),
    ("src/cli/metrics/period.rs", "{points} points", "more than a thousand"),
    ("src/cli/metrics/period.rs", "{unit} seconds", "sixty at least"),
    ("src/cli/problem.rs", "{times} calls", "only of more than one"),
    ("src/cli/scale.rs", "{from} instances", "a range"),
    ("src/cli/simulated.rs", "{speed} times", "only of more than one"),
    ("src/diagnosis/checks/group.rs", "{name} judges instances", "a verb"),
    ("src/diagnosis/checks/redirects.rs", "{port} answers", "a verb"),
    ("src/deploy/impact/mod.rs", "{} settings", "only of several"),
    ("src/deploy/texts.rs", "{} instances", "AWS's own text"),
    ("src/export/recipes/worker_connections.rs", "{CONNECTIONS} connections", "thousands"),
    ("src/deploy/rules.rs", "{deviation} standard errors", "a threshold"),
    ("src/deploy/rules.rs", "{minutes} minutes", "thresholds of several minutes"),
    ("src/deploy/rules.rs", "{} points", "a threshold"),
    ("src/deploy/rules.rs", "{} requests", "a threshold"),
    ("src/deploy/settle.rs", "{groups} target groups", "more than are looked at"),
    ("src/diagnosis/checks/configuration.rs", "{values} live values", "one has a sentence of its own"),
    ("src/diagnosis/checks/routing.rs", "{port} matches", "a verb"),
    ("src/diagnosis/checks/scaling.rs", "{} zones", "a threshold, two"),
    ("src/diagnosis/checks/stickiness.rs", "{} groups", "a threshold, two"),
    ("src/diagnosis/checks/targets.rs", "{} healthy targets", "a threshold, none"),
    ("src/diagnosis/checks/targets.rs", "{count} targets", "one has a sentence of its own"),
    ("src/ui/screens/environment/charts.rs", "{} minutes", "five at least"),
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("sim") && !path.ends_with("tests") {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The placeholders of a line with the plural that follows each, an adjective between them at most.
fn counts(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("} ") {
        let Some(from) = line[..at].rfind('{') else { continue };
        let words: Vec<_> = line[at + 2..].split(|letter: char| !letter.is_ascii_alphabetic()).take(2).collect();
        let spaced = line[at + 2..].starts_with(&words.join(" "));
        let noun = words.iter().position(|word| PLURALS.contains(word)).filter(|place| *place == 0 || spaced);
        found.extend(noun.map(|noun| format!("{} {}", &line[from..=at], words[..=noun].join(" "))));
    }
    found
}

#[test]
fn a_count_and_its_noun_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let (mut wrong, mut used) = (Vec::new(), Vec::new());
    for path in &files {
        let file = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(path).unwrap();
        // A file of tests alone.
        if text.contains("#[test]") && !text.contains("#[cfg(test)]") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in
            code.lines().enumerate().filter(|(_, line)| line.contains('"') && !line.trim().starts_with("//"))
        {
            for count in counts(line) {
                match NEVER_ONE.iter().position(|(place, words, _)| *place == file && *words == count) {
                    Some(known) => used.push(known),
                    None => wrong.push(format!("{file}:{}: {count}", number + 1)),
                }
            }
        }
    }
    assert!(files.len() > 200, "{}", files.len());
    assert!(wrong.is_empty(), "write these with model::counted:\n{}", wrong.join("\n"));
    let unused: Vec<_> = (0..NEVER_ONE.len()).filter(|known| !used.contains(known)).map(|it| NEVER_ONE[it]).collect();
    assert!(unused.is_empty(), "these exceptions are not needed any more: {unused:?}");
}

#[test]
fn a_plural_behind_a_placeholder_is_found() {
    let table: &[(&str, &[&str])] = &[
        (r#"format!("{n} rules of others")"#, &["{n} rules"]),
        (r#"format!("{} of {total} targets healthy")"#, &["{total} targets"]),
        (r#"format!("{healthy:.0} healthy targets")"#, &["{healthy:.0} healthy targets"]),
        (r#"format!("{n} ms and {times}x")"#, &[]),
        (r#"format!("{name} changes")"#, &["{name} changes"]),
        (r#"counted(n, "rule") + " of others""#, &[]),
    ];
    for (line, found) in table {
        assert_eq!(counts(line), *found, "{line}");
    }
}
