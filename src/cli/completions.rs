//! `completions`: a script that completes the command line, for a shell; the names of environments too.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::arguments::Arguments;
use super::failure::Failure;
use super::output;

/// What lists the names of environments, in every shell.
const NAMES: &str = r#"beanpole ls -o jsonl 2>/dev/null | sed -n 's/.*"environment":"\([^"]*\)".*/\1/p'"#;

/// Prints the script.
pub fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "beanpole", &mut script);
    output::result(&with_environments(shell, &String::from_utf8_lossy(&script)))
}

/// Returns the commands that take the name of an environment.
fn takers() -> Vec<String> {
    let command = Arguments::command();
    let takes = |it: &&clap::Command| it.get_positionals().any(|argument| argument.get_id() == "environment");
    command.get_subcommands().filter(takes).map(|it| it.get_name().to_owned()).collect()
}

/// Returns the script with what completes the names of environments, for the shells that are common where AWS is.
fn with_environments(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Bash => bash(script),
        Shell::Zsh => zsh(script),
        Shell::Fish => {
            let takers = takers().join(" ");
            format!("{script}complete -c beanpole -n \"__fish_seen_subcommand_from {takers}\" -f -a \"({NAMES})\"\n")
        }
        _ => script.to_owned(),
    }
}

/// In bash each command has a list of its words.
fn bash(script: &str) -> String {
    let heads: Vec<_> = takers().iter().map(|name| format!("beanpole__subcmd__{})", name.replace('-', "__"))).collect();
    let mut lines = vec![format!("_beanpole_environments() {{\n    {NAMES}\n}}\n")];
    let mut is_taker = false;
    for line in script.lines() {
        let text = line.trim();
        if text.starts_with("beanpole__") && text.ends_with(')') {
            is_taker = heads.iter().any(|head| text == head);
        }
        let words = line.split_once("opts=\"").filter(|_| is_taker);
        lines.push(words.map_or_else(
            || line.to_owned(),
            |(before, words)| format!("{before}opts=\"$(_beanpole_environments) {words}"),
        ));
    }
    lines.join("\n") + "\n"
}

/// In zsh each argument names what completes it.
fn zsh(script: &str) -> String {
    let (head, rest) = script.split_once('\n').unwrap_or((script, ""));
    let helper =
        format!("_beanpole_environments() {{\n    local -a names=(${{(f)\"$({NAMES})\"}})\n    compadd -a names\n}}\n");
    let lines = rest.lines().map(|line| {
        let is_name = line.trim_start().trim_start_matches("':").trim_start_matches(':').starts_with("environment -- ");
        if is_name { line.replacen(":_default'", ":_beanpole_environments'", 1) } else { line.to_owned() }
    });
    format!("{head}\n\n{helper}{}\n", lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(shell: Shell) -> String {
        let mut script = Vec::new();
        generate(shell, &mut Arguments::command(), "beanpole", &mut script);
        with_environments(shell, &String::from_utf8(script).unwrap())
    }

    #[test]
    fn every_command_that_takes_an_environment_completes_its_name() {
        let takers = takers();
        assert!(takers.len() > 10 && takers.iter().any(|name| name == "show"), "{takers:?}");
        let bash = script(Shell::Bash);
        assert_eq!(bash.matches("opts=\"$(_beanpole_environments) ").count(), takers.len());
        let zsh = script(Shell::Zsh);
        assert!(zsh.starts_with("#compdef beanpole\n"), "{}", &zsh[..80]);
        assert_eq!(zsh.matches(":_beanpole_environments'").count(), takers.len());
        assert!(script(Shell::Fish).contains(" show "));
        assert!(!script(Shell::PowerShell).contains("ls -o jsonl"));
    }
}
