//! Option settings as `.ebextensions` files, which Beanstalk reads as YAML in the order of their names.

use std::fmt::Write;

use super::file::ExportedFile;
use super::options::ExportedOption;
use super::table::OptionGroup;

/// The files and what is in each.
const FILES: &[(&str, &[OptionGroup])] = &[
    (".ebextensions/10-load-balancer.config", &[OptionGroup::LoadBalancer, OptionGroup::Listener, OptionGroup::Rule]),
    (".ebextensions/20-processes.config", &[OptionGroup::Process]),
    (".ebextensions/30-deployments.config", &[OptionGroup::Deployment]),
];

/// The files of these options; one without options is left out.
#[must_use]
pub fn files(options: &[ExportedOption], header: &str) -> Vec<ExportedFile> {
    let of = |(path, groups): &(&str, &[OptionGroup])| {
        let options: Vec<_> = options.iter().filter(|option| groups.contains(&option.group)).collect();
        (!options.is_empty()).then(|| ExportedFile::new(*path, comment(header) + &option_settings(&options)))
    };
    FILES.iter().filter_map(of).collect()
}

/// A text as lines of a comment.
#[must_use]
pub fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect()
}

/// The section `option_settings`, a namespace once.
fn option_settings(options: &[&ExportedOption]) -> String {
    let mut text = String::from("option_settings:\n");
    let mut namespace = "";
    for option in options {
        if option.namespace != namespace {
            namespace = &option.namespace;
            let _ = writeln!(text, "  {}:", key(namespace));
        }
        let _ = writeln!(text, "    {}: {}", key(option.name), quoted(&option.value));
    }
    text
}

/// A key: plain where that is safe.
fn key(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || ":_.- ".contains(it);
    let is_safe = text.starts_with(|it: char| it.is_ascii_alphabetic()) && text.chars().all(is_plain);
    let has_end = text.contains(": ") || text.ends_with([':', ' ']);
    if is_safe && !has_end { text.to_owned() } else { quoted(text) }
}

/// A value in double quotes, so that it is text whatever it looks like: Beanstalk's values are all text.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(character),
            _ => {
                let _ = write!(out, "\\U{:08x}", u32::from(character));
            }
        }
    }
    out.push('"');
    out
}
