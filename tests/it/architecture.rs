//! The architecture: imports point one way, files state their purpose and stay small, printing has its place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules of ours a module may import, itself apart. `cli` may import everything.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    (
        "runtime",
        &[
            "app",
            "ui",
            "aws",
            "write",
            "record",
            "probe",
            "polling",
            "diagnosis",
            "deploy",
            "change",
            "config",
            "model",
        ],
    ),
    ("write", &["aws", "change", "probe", "model"]),
    ("record", &["app", "model"]),
    ("ui", &["app", "probe", "polling", "diagnosis", "change", "deploy", "export", "config", "model"]),
    ("app", &["probe", "polling", "diagnosis", "change", "deploy", "export", "config", "model"]),
    ("polling", &["deploy", "change", "config", "model"]),
    ("diagnosis", &["deploy", "change", "model"]),
    ("deploy", &["change", "model"]),
    ("change", &["model"]),
    ("export", &["change", "model"]),
    ("bundle", &["change", "model"]),
    ("aws", &["change", "model"]),
    ("probe", &["model"]),
    ("model", &[]),
    ("config", &["mistakes"]),
    ("sim", &["mistakes"]),
    ("mistakes", &[]),
];

/// Crates from outside that only these files or modules may name.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("aws_sdk_", &["aws/"]),
    ("aws_config", &["aws/"]),
    ("aws_smithy", &["aws/", "sim/in_process.rs"]),
    ("aws_sigv4", &["aws/"]),
    ("zip::", &["bundle/"]),
    ("ignore::", &["bundle/"]),
    ("rustls_pki_types", &["aws/"]),
    ("hyper::", &["sim/serve.rs", "sim/front/client.rs", "probe/"]),
    ("hyper_util::", &["sim/serve.rs", "sim/front/client.rs", "probe/", "aws/presented_authority.rs"]),
    ("hyper_rustls", &["aws/presented_authority.rs"]),
    ("rustls::", &["probe/", "aws/presented_authority.rs"]),
    ("tokio_rustls", &["probe/"]),
    ("crossterm", &["runtime/"]),
    ("ratatui", &["runtime/", "ui/"]),
    (
        "tokio",
        &["runtime/", "aws/", "write/", "probe/", "sim/in_process.rs", "sim/serve.rs", "sim/front/client.rs", "cli/"],
    ),
    ("nucleo_matcher", &["app/", "cli/"]),
    ("tui_input", &["app/"]),
    ("clap", &["cli/"]),
];

/// What a pure module must not name: clocks, files, the network, the environment, printing.
const IMPURE: &[&str] =
    &["SystemTime", "Instant", "Timestamp::now", "std::fs", "std::env", "std::net::Tcp", "println!"];
const PURE: &[&str] =
    &["model", "change", "diagnosis", "deploy", "export", "config", "mistakes", "polling", "app", "ui"];

/// Lines of a file; more need a reason, which is to split it.
const LONGEST: usize = 420;

pub fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &Path, root: &Path, files: &mut BTreeMap<String, String>) {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, root, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    walk(&root, &root, &mut files);
    files
}

/// The code of a file: without comments, and without its unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn module(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn imports_point_one_way() {
    let files = sources();
    let modules: Vec<_> = MAY_IMPORT.iter().map(|(name, _)| *name).chain(["cli"]).collect();
    for (file, text) in &files {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module(file)) else { continue };
        for other in modules.iter().filter(|other| **other != module(file) && !allowed.contains(other)) {
            assert!(!code(text).contains(&format!("crate::{other}")), "{file} imports {other}");
        }
    }
    for file in files.keys().filter(|file| file.contains('/')) {
        assert!(modules.contains(&module(file)), "{file} is in no module of the table");
    }
}

#[test]
fn crates_from_outside_keep_to_their_rooms() {
    for (file, text) in sources() {
        for (name, rooms) in KEPT_TO {
            let allowed = rooms.iter().any(|room| file.starts_with(room));
            let names = code(&text).lines().any(|line| names_crate(line, name));
            assert!(allowed || !names, "{file} names {name}");
        }
    }
}

/// Returns whether a line names a crate, by a path or an import, and not a word that merely contains it.
fn names_crate(line: &str, name: &str) -> bool {
    let ends_in_colons = name.ends_with(':') || name.ends_with('_');
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        let starts =
            before.is_none_or(|before| !before.is_alphanumeric() && before != '_' && before != '"' && before != '`');
        starts && (ends_in_colons || after.starts_with("::") || after.starts_with('_'))
    })
}

#[test]
fn what_is_pure_stays_pure() {
    for (file, text) in sources() {
        if !PURE.contains(&module(&file)) {
            continue;
        }
        for name in IMPURE {
            assert!(!code(&text).contains(name), "{file} names {name}");
        }
    }
}

#[test]
fn only_cli_and_tests_know_that_a_region_can_be_simulated() {
    for (file, text) in sources() {
        if !matches!(module(&file), "cli" | "sim") {
            assert!(!code(&text).contains("crate::sim"), "{file} names the simulated region");
        }
    }
}

/// Writes from any other module would bypass the gate, the log and the second look.
#[test]
fn only_write_writes_to_aws() {
    for (file, text) in sources() {
        let code = code(&text);
        let names = code.contains("aws::apply") || code.split("aws::{").skip(1).any(|list| imports(list, "apply"));
        assert!(!names || module(&file) == "write", "{file} names aws::apply");
    }
}

/// What is probed, seen and found are values, which the screens read. Only what may do something opens connections.
#[test]
fn only_what_is_impure_speaks_to_load_balancers() {
    let names =
        ["over_network", "Dialer", "ProbeClient", "ProbeRequest", "ByteStream", "TlsTrust", "probe::run", "run"];
    for (file, text) in sources() {
        let code = code(&text);
        let lists: Vec<_> =
            code.split("probe::").skip(1).map(|list| list.split(';').next().unwrap_or_default()).collect();
        let speaks = names.iter().find(|name| lists.iter().any(|list| imports(list, name)));
        let may = matches!(module(&file), "probe" | "runtime" | "write" | "cli");
        assert!(may || speaks.is_none(), "{file} names probe::{}", speaks.unwrap());
    }
}

/// Whether a list of imports, up to its end, has this word.
fn imports(list: &str, word: &str) -> bool {
    let list = list.split('}').next().unwrap_or_default();
    list.split(|character: char| !character.is_alphanumeric() && character != '_').any(|it| it == word)
}

#[test]
fn every_file_says_what_it_is_for_and_has_one_subject() {
    for (file, text) in sources() {
        assert!(text.starts_with("//! "), "{file} does not open with what it is for");
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{file} has {lines} lines: does it still have one subject?");
    }
}

#[test]
fn printing_has_its_place() {
    for (file, text) in sources() {
        let prints = ["println!", "print!", "eprintln!", "dbg!"].iter().any(|word| code(&text).contains(word));
        assert!(!prints || file == "cli/output.rs", "{file} prints");
    }
}
