//! The walks through the code in ARCHITECTURE.md: each function is there, and names the next.

use std::fs;
use std::path::Path;

/// A step: the file below `src`, the function, and what it names.
#[derive(Debug)]
struct Step {
    file: String,
    function: String,
    names: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The walks, each of the steps that follow one another.
fn walks() -> Vec<Vec<Step>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let step = |line: &str| {
        let mut words = line.split('`').skip(1).step_by(2).map(str::to_owned);
        let step = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        Step { file: step.0, function: step.1, names: step.2 }
    };
    let mut walks = vec![Vec::new()];
    for line in text.lines() {
        match line.strip_prefix("- `") {
            Some(_) => walks.last_mut().unwrap().push(step(line)),
            None if line.is_empty() => {}
            None => walks.push(Vec::new()),
        }
    }
    walks.retain(|walk| !walk.is_empty());
    walks
}

/// The text of each function of this name in a file, from its name to the end of its body.
fn bodies(file: &str, function: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("src").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let lines: Vec<_> = text.lines().collect();
    let is_it = |line: &&str| {
        let rest = line.split_once(&format!("fn {function}")).map(|(_, rest)| rest);
        rest.is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    let starts = lines.iter().enumerate().filter(|(_, line)| is_it(line)).map(|(at, _)| at);
    starts
        .map(|at| {
            let indent = lines[at].len() - lines[at].trim_start().len();
            let end = format!("{}}}", " ".repeat(indent));
            let rest = lines[at..].iter().skip(1).take_while(|line| **line != end).copied();
            rest.collect::<Vec<_>>().join("\n")
        })
        .collect()
}

#[test]
fn each_step_names_the_next() {
    let walks = walks();
    assert!(walks.len() >= 2 && walks.iter().map(Vec::len).sum::<usize>() >= 20, "{walks:?}");
    for walk in &walks {
        for (place, step) in walk.iter().enumerate() {
            let bodies = bodies(&step.file, &step.function);
            assert!(!bodies.is_empty(), "{} has no function {}", step.file, step.function);
            let names = bodies.iter().any(|body| body.contains(&step.names));
            assert!(names, "{} {} does not name {}", step.file, step.function, step.names);
            let Some(next) = walk.get(place + 1) else { continue };
            // It calls the next one, or makes what the next one matches.
            let is_called = step.names.rsplit("::").next() == Some(&next.function);
            let matches = || self::bodies(&next.file, &next.function).iter().any(|body| body.contains(&step.names));
            assert!(is_called || matches(), "{} {} does not lead to {}", step.file, step.function, next.function);
        }
    }
}
