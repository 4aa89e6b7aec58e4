//! `man`: the manual page, made of the same table as `--help`.

use std::fmt::Write;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};

use super::arguments::Arguments;
use super::failure::Failure;
use super::output;

/// Prints the page, in the language of `man`.
pub fn run() -> Result<(), Failure> {
    output::result(&page(&mut Arguments::command()))
}

/// Returns the page: the command, what holds for all its subcommands, then each of them.
fn page(command: &mut Command) -> String {
    command.build();
    let name = command.get_name().to_owned();
    let about = text(command.get_about());
    let mut page = format!(".TH {} 1 \"\" \"{name} {}\"\n", name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    let _ = write!(page, ".SH NAME\n{} \\- {}\n", plain(&name), line(&about));
    let _ = write!(page, ".SH SYNOPSIS\n.B {}\n[\\fIOPTIONS\\fR] [\\fICOMMAND\\fR]\n", plain(&name));
    let long = text(command.get_long_about().or(command.get_about()));
    let _ = write!(page, ".SH DESCRIPTION\n{}\n", paragraphs(&long));
    page.push_str(".SH OPTIONS\nThey hold for every command.\n");
    shown(command).for_each(|argument| option(&mut page, argument));
    page.push_str(".SH COMMANDS\n");
    for subcommand in command.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help") {
        one(&mut page, command, subcommand, &name);
    }
    page
}

/// Adds a subcommand, and those under it.
fn one(page: &mut String, root: &Command, command: &Command, path: &str) {
    let path = format!("{path} {}", command.get_name());
    let positions = command.get_positionals().map(|argument| {
        let (name, dots) = (value_name(argument), if argument.get_action().takes_values() { "" } else { "..." });
        if argument.is_required_set() { format!("{name}{dots}") } else { format!("[{name}{dots}]") }
    });
    let synopsis = [vec![path.clone()], positions.collect()].concat().join(" ");
    let _ = writeln!(page, ".SS {}", plain(&synopsis));
    page.push_str(&paragraphs(&text(command.get_long_about().or(command.get_about()))));
    page.push('\n');
    let is_own = |argument: &&Arg| !root.get_arguments().any(|other| other.get_id() == argument.get_id());
    shown(command).filter(is_own).for_each(|argument| option(page, argument));
    for under in command.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help") {
        one(page, root, under, &path);
    }
}

fn shown(command: &Command) -> impl Iterator<Item = &Arg> {
    let is_help = |argument: &Arg| matches!(argument.get_id().as_str(), "help" | "version");
    command.get_arguments().filter(move |argument| !argument.is_hide_set() && !is_help(argument))
}

fn option(page: &mut String, argument: &Arg) {
    let short = argument.get_short().map(|short| format!("\\-{short}"));
    let long = argument.get_long().map(|long| format!("\\-\\-{}", plain(long)));
    let names: Vec<_> = short.into_iter().chain(long).collect();
    let value = if argument.get_action().takes_values() {
        format!(" \\fI{}\\fR", plain(&value_name(argument)))
    } else {
        String::new()
    };
    let head =
        if names.is_empty() { value.trim_start().to_owned() } else { format!("\\fB{}\\fR{value}", names.join(", ")) };
    let _ = writeln!(page, ".TP\n{head}\n{}", paragraphs(&text(argument.get_long_help().or(argument.get_help()))));
}

fn value_name(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    names.first().map_or_else(|| argument.get_id().as_str().to_uppercase(), ToString::to_string)
}

fn text(styled: Option<&StyledStr>) -> String {
    styled.map(ToString::to_string).unwrap_or_default()
}

/// Text as it is printed: nothing in it is an instruction.
fn plain(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

fn line(text: &str) -> String {
    plain(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Paragraphs, which empty lines divide; a line that begins as an instruction does is protected.
fn paragraphs(text: &str) -> String {
    let paragraph = |text: &str| {
        let line = line(text);
        if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
    };
    text.split("\n\n").map(paragraph).collect::<Vec<_>>().join("\n.PP\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_command_and_no_line_that_is_an_instruction_by_chance() {
        let page = page(&mut Arguments::command());
        let command = Arguments::command();
        for subcommand in command.get_subcommands().filter(|it| !it.is_hide_set()) {
            assert!(
                page.contains(&format!("\n.SS beanpole {}", plain(subcommand.get_name()))),
                "{}",
                subcommand.get_name()
            );
        }
        let known = [".TH ", ".SH ", ".SS ", ".TP", ".PP", ".B "];
        let instructions = page.lines().filter(|line| line.starts_with(['.', '\'']));
        let strange: Vec<_> = instructions.filter(|line| !known.iter().any(|it| line.starts_with(it))).collect();
        assert_eq!(strange, [""; 0]);
        assert_eq!(paragraphs(".profile\n\na-b"), "\\&.profile\n.PP\na\\-b");
    }
}
