//! Runs a program that has the terminal for itself until it ends.
//!
//! It is in our process group, so that it owns the terminal; its Ctrl-C reaches us too, and is not meant for us.

use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::signals::{Signal, Signals};
use crate::app::ExternalCommand;

/// By how much a signal may come late.
const LATE: Duration = Duration::from_millis(50);

/// How it ended.
pub enum CommandEnd {
    /// The program has ended, or could not be run: then with the message.
    Over(Result<(), String>),
    /// We were asked to end ourselves.
    Signalled(Signal),
}

/// What an external command lacks, as a sentence.
pub fn missing(external_command: &ExternalCommand) -> Option<String> {
    let is_missing = |program: &&&str| {
        let mut command = Command::new(program);
        let quiet = command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    };
    external_command.needs.iter().find(is_missing).map(|program| not_installed(program))
}

fn not_installed(program: &str) -> String {
    format!("{program} is not installed, or not on the PATH")
}

/// Runs it. The terminal must have been given back.
pub async fn run(external_command: &ExternalCommand, signals: &mut Signals) -> CommandEnd {
    let Some((program, arguments)) = external_command.command.split_first() else { return CommandEnd::Over(Ok(())) };
    let child = match Command::new(program).args(arguments).spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return CommandEnd::Over(Err(not_installed(program))),
        Err(error) => return CommandEnd::Over(Err(format!("{program} cannot be run: {error}"))),
    };
    let (id, name) = (child.id(), program.clone());
    let mut waited = tokio::task::spawn_blocking(move || wait(child, &name));
    let ended = loop {
        tokio::select! {
            ended = &mut waited => break ended,
            signal = signals.next() => {
                if signal != Signal::Interrupt {
                    hang_up(id);
                    return CommandEnd::Signalled(signal);
                }
            }
        }
    };
    // The signal that ended the program may reach us a moment after its end.
    while let Ok(signal) = tokio::time::timeout(LATE, signals.next()).await {
        if signal != Signal::Interrupt {
            return CommandEnd::Signalled(signal);
        }
    }
    CommandEnd::Over(ended.unwrap_or_else(|error| Err(format!("{program} cannot be waited for: {error}"))))
}

/// Waits for the end. The output of a program that failed is left on the terminal until the user has read it.
fn wait(mut child: Child, program: &str) -> Result<(), String> {
    let status = child.wait().map_err(|error| format!("{program} cannot be waited for: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let reported = format!("{program} ended with {}", words(status));
    let mut out = io::stderr().lock();
    let _ = write!(out, "\r\nbeanpole: {reported}; press enter to go back ").and_then(|()| out.flush());
    let _ = io::stdin().read_line(&mut String::new());
    Err(reported)
}

fn words(status: ExitStatus) -> String {
    status.code().map_or_else(|| status.to_string(), |code| format!("status {code}"))
}

/// Ends the program because the terminal is gone.
#[cfg(unix)]
fn hang_up(id: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::HUP);
    }
}

#[cfg(not(unix))]
fn hang_up(_: u32) {}
