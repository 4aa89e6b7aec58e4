//! Results to standard output, everything else to standard error: the only place that prints.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is where printing is done")]

use std::fs::OpenOptions;
use std::process::ExitCode;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::failure::{Failure, Status};

/// Prints a failure: what, on what, and what to do.
pub fn failure(failure: &Failure) -> ExitCode {
    eprintln!("beanpole: {failure}");
    if let Some(hint) = &failure.hint {
        eprintln!("{hint}");
    }
    ExitCode::from(failure.status as u8)
}

/// Prints what clap has to say: help and version to standard output, mistakes to standard error.
pub fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { Status::Usage as u8 } else { 0 })
}

/// Prints the text of a panic, once the terminal was given back.
pub fn panicked(text: Option<String>) -> ExitCode {
    eprintln!("beanpole: this is a bug in beanpole, please report it");
    eprintln!("{}", text.unwrap_or_else(|| "no text was kept".into()));
    ExitCode::from(101)
}

/// Prints a result.
pub fn result(text: &str) {
    use std::io::Write;
    // A reader that has seen enough (`| head`) is no failure.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Prints a remark.
pub fn remark(text: &str) {
    eprintln!("{text}");
}

/// Writes the log to a file, if one is named. What is logged is set by `BEANPOLE_LOG`, as `beanpole=debug`.
pub fn log_to(path: Option<&str>) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file = file.map_err(|error| Failure {
        status: Status::Usage,
        ..Failure::system(format!("the log file {path} cannot be written"), error)
    })?;
    let filter = EnvFilter::try_from_env("BEANPOLE_LOG").unwrap_or_else(|_| EnvFilter::new("beanpole=info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Mutex::new(file)).try_init();
    Ok(())
}
