//! Every command line of the pages is run, against a simulated region, in the order in which a reader would type them.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::PAGES;
use crate::commands::run::{Ran, Region, beanpole, run};

/// What writes, and therefore would ask on a terminal.
const WRITES: &[&str] = &["set", "undo", "deploy", "abort", "restart", "replace", "scale", "resume", "rollback"];

/// The blocks of command lines on a page, without comments and prompts.
fn blocks(text: &str) -> Vec<Vec<&str>> {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0));
    blocks
        .map(|block| {
            let lines = block.lines().map(|line| line.split(" # ").next().unwrap_or_default().trim());
            lines.filter(|line| !line.is_empty()).collect()
        })
        .collect()
}

/// Returns the words of a line, as a shell splits them: quotes hold a word together.
fn words(line: &str) -> Vec<String> {
    let quoted = line.split('\'').enumerate();
    let words = quoted.flat_map(|(at, piece)| match at % 2 {
        1 => vec![piece.to_owned()],
        _ => piece.split_whitespace().map(str::to_owned).collect(),
    });
    // Variables in front select the region, which here is another place.
    words.skip_while(|word| word.split_once('=').is_some_and(|(name, _)| is_variable(name))).collect()
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
}

/// One of beanpole's command lines: its arguments. Nothing if it is of another program.
fn arguments(words: &[String]) -> Option<Vec<&str>> {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["beanpole", rest @ ..] | ["cargo", "run", "--", rest @ ..] => Some(rest.to_vec()),
        _ => None,
    }
}

/// Where the lines of one block are run: the regions of two scenarios, and one user.
struct Place {
    shop: Region,
    bad_deploy: Region,
    home: TempDir,
}

impl Place {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        // An application to deploy.
        let app = home.path().join("app");
        fs::create_dir(&app).unwrap();
        for name in ["package.json", "server.js"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/bundle");
            fs::copy(from.join(name), app.join(name)).unwrap();
        }
        Self { shop: Region::new("shop"), bad_deploy: Region::new("bad-deploy"), home }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let region = if arguments.contains(&"checkout-web-prod") { &self.bad_deploy } else { &self.shop };
        let mut command = beanpole();
        command.env("HOME", self.home.path()).env("AWS_ENDPOINT_URL", &region.address);
        command.current_dir(self.home.path()).args(arguments);
        run(command)
    }
}

/// The arguments with what a test needs: an answer to the question, an end to what follows, a picture for a terminal.
fn completed<'a>(given: &[&'a str]) -> Vec<&'a str> {
    let (mut arguments, command) = (given.to_vec(), given[0]);
    let has = |name: &str| given.contains(&name);
    if WRITES.contains(&command) && !has("--dry-run") {
        arguments.push("--yes");
        // An undo names no environment; its change was of this one.
        let named = given.get(1).filter(|word| !word.starts_with('-'));
        arguments.extend(["--confirm", named.unwrap_or(&"shop-chat-prod")]);
    }
    match command {
        "deploy" => arguments.extend(["--timeout", "0"]),
        "watch" => arguments.extend(["--timeout", "1s"]),
        "demo" if !has("--screenshot") => arguments.extend(["--screenshot", "screen.svg"]),
        _ => {}
    }
    arguments
}

#[test]
fn every_command_line_works() {
    let (mut count, mut failures) = (0, Vec::new());
    for (path, text) in PAGES {
        for block in blocks(text) {
            let place = Place::new();
            for line in block {
                let words = words(line);
                let Some(given) = arguments(&words) else {
                    of_another_program(path, line, &words);
                    continue;
                };
                count += 1;
                if let Err(problem) = run_line(&place, &given) {
                    failures.push(format!("{path}: {line}\n{problem}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count >= 30, "{count} command lines");
}

/// Runs a line; what is wrong if it does not end as it should.
fn run_line(place: &Place, given: &[&str]) -> Result<(), String> {
    let (ran, expected) = match given {
        // Without a terminal: that it works on one is held by the tests in a pseudo-terminal.
        [] => (place.run(&[]), 2),
        ["sim", options @ ..] => {
            // A port that is free, in place of the one on the page.
            let at = options.iter().position(|it| *it == "--listen").ok_or("sim without --listen")?;
            let served = Region::simulated_with(&[&options[..at], &options[at + 2..]].concat());
            (served.run(["ls"]), 0)
        }
        // What is wrong with it is critical.
        ["doctor", "shop-admin-prod"] => (place.run(given), 1),
        // The simulated region plays its load balancers where it answers for AWS.
        ["probe", name, options @ ..] => {
            let at = options.iter().position(|it| *it == "--connect-to").map_or(options, |at| &options[..at]);
            (place.run(&[&["probe", name][..], at, &["--connect-to", &place.shop.address]].concat()), 0)
        }
        // It is followed for a second only, and so has no good end.
        ["watch", ..] => (place.run(&completed(given)), 1),
        _ => (place.run(&completed(given)), 0),
    };
    let is_right = ran.status == Some(expected);
    is_right.then_some(()).ok_or_else(|| format!("{:?} for {expected}: {}{}", ran.status, ran.out, ran.err))
}

/// A command line of cargo or of a script: what it names is there.
fn of_another_program(path: &str, line: &str, words: &[String]) {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_there = match words.as_slice() {
        ["cargo", "test" | "build"] | ["cargo", "install", "--path", "."] => true,
        ["cargo", "test", "--test", "it", name, ..] => {
            let module = name.split("::").next().unwrap();
            fs::exists(root.join(format!("tests/it/{module}.rs"))).unwrap()
        }
        _ => false,
    };
    assert!(is_there, "{path}: no test knows what `{line}` is");
}

/// The inline ones too, in tables and sentences, as far as they can be checked without being run.
#[test]
fn every_command_that_is_named_exists() {
    let help = beanpole().arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let is_known = |name: &str| help.lines().any(|line| line.split_whitespace().next() == Some(name));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, text) in PAGES {
        for code in text.split('`').skip(1).step_by(2) {
            if let Some(name) = code.strip_prefix("beanpole ").and_then(|rest| rest.split_whitespace().next()) {
                assert!(is_known(name) || name == "COMMAND" || name.starts_with('-'), "{path}: `{code}`");
            }
            for (prefix, folder) in [("cargo test --test it ", "tests/it"), ("cargo bench --bench ", "benches")] {
                let Some(name) = code.strip_prefix(prefix).and_then(|rest| rest.split([' ', ':']).next()) else {
                    continue;
                };
                assert!(root.join(folder).join(name).with_extension("rs").exists(), "{path}: `{code}`");
            }
        }
    }
}
