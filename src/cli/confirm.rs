//! Asks on the terminal whether to write. Cancel is the default; production wants the environment's name.
//!
//! The question goes to standard error, as everything that is no result. Reading happens on a thread of its own, which a
//! signal leaves behind.

use std::io::{BufRead, IsTerminal};

use super::failure::Failure;
use super::output;
use super::write_arguments::WriteArguments;

/// Rejects a write that can neither be confirmed interactively nor was confirmed by a flag: a usage error, reported before
/// anything is read.
pub fn check(arguments: &WriteArguments) -> Result<(), Failure> {
    if arguments.yes || arguments.dry_run || std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage("there is no terminal to ask on").hint("give --yes to write without a question, or --dry-run"))
}

/// Asks; what was typed.
pub async fn ask(question: &str, wants: &str) -> Result<String, Failure> {
    output::remark(question);
    output::prompt(wants);
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    let line = read.await.map_err(|error| Failure::system("no answer can be read", error))?;
    let line = line.map_err(|error| Failure::system("no answer can be read", error))?;
    Ok(line.trim().to_owned())
}

/// Whether an answer is a yes.
pub fn is_yes(answer: &str) -> bool {
    matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes")
}
