//! `completions`: a script that completes the command line, for a shell.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::arguments::Arguments;
use super::failure::Failure;
use super::output;

/// Prints the script.
pub fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "beanpole", &mut script);
    output::result(&String::from_utf8_lossy(&script))
}
