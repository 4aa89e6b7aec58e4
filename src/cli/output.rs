//! Results to standard output, everything else to standard error: the only place that prints.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::failure::{ExitStatus, Failure};
use crate::model::{clean, is_hostile};

/// Prints a failure: what, on what, and what to do.
pub fn failure(failure: &Failure) -> ExitCode {
    remark(&format!("beanpole: {failure}"));
    if let Some(hint) = &failure.hint {
        remark(hint);
    }
    ExitCode::from(failure.status as u8)
}

/// Prints clap's output: help and version to standard output, errors to standard error.
pub fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { ExitStatus::Usage as u8 } else { 0 })
}

/// Prints the text of a panic, once the terminal was restored.
pub fn panicked(text: Option<String>) -> ExitCode {
    remark("beanpole: this is a bug in beanpole, please report it");
    remark(&text.unwrap_or_else(|| "no text was kept".into()));
    ExitCode::from(101)
}

/// Whether a result met a pipe without a reader.
static UNREAD: AtomicBool = AtomicBool::new(false);

/// Returns whether standard output lost its reader: its pipe was closed.
pub fn is_unread() -> bool {
    UNREAD.load(Ordering::Relaxed)
}

/// Prints a result. A reader that has seen enough (`| head`) is no failure; a disk that is full is one.
pub fn result(text: &str) -> Result<(), Failure> {
    match write(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::system("standard output cannot be written", error))
        }
        Err(_) => {
            UNREAD.store(true, Ordering::Relaxed);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

#[cfg(not(test))]
fn write(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

#[cfg(not(test))]
fn write_remark(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

#[cfg(test)]
use tests::{write, write_remark};

/// Prints an answer as one object.
pub fn json(answer: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(answer).map_err(|error| Failure::system("no JSON can be made", error))?;
    result(&(escaped(&text) + "\n"))
}

/// Prints an answer, or an item of one, on a line of its own.
pub fn json_line(answer: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(answer).map_err(|error| Failure::system("no JSON can be made", error))?;
    result(&(escaped(&text) + "\n"))
}

/// The lines that [`json_line`] would print.
pub fn json_lines<T: Serialize>(items: impl Iterator<Item = T>) -> Result<String, Failure> {
    let mut lines = String::new();
    for item in items {
        let text = serde_json::to_string(&item).map_err(|error| Failure::system("no JSON can be made", error))?;
        lines.push_str(&escaped(&text));
        lines.push('\n');
    }
    Ok(lines)
}

/// Prints a piece of a running output; false if it has no reader any more.
pub fn stream(text: &str) -> Result<bool, Failure> {
    if text.is_empty() {
        return Ok(true);
    }
    match write(text) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            UNREAD.store(true, Ordering::Relaxed);
            Ok(false)
        }
        Err(error) => Err(Failure::system("standard output cannot be written", error)),
    }
}

/// Returns whether standard output may still have a reader: a pipe without one polls as an error.
#[cfg(unix)]
pub fn is_read() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let out = std::io::stdout();
    // Errors are always returned, whatever is polled for.
    let mut watched = [PollFd::new(&out, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let _ = poll(&mut watched, Some(&at_once));
    !watched[0].revents().contains(PollFlags::ERR)
}

/// Returns whether standard output may still have a reader, which is unknown here before something is written.
#[cfg(not(unix))]
pub fn is_read() -> bool {
    true
}

/// Returns the same JSON with control characters as `\u`. Those below the space are escaped already, except the line
/// feeds of the layout; all others are within strings.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || !is_hostile(character) {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = std::fmt::Write::write_fmt(&mut out, format_args!("\\u{unit:04x}"));
        }
    }
    out
}

/// Prints a remark, made safe for a terminal line by line; a missing reader is no failure.
pub fn remark(text: &str) {
    text.lines().for_each(|line| write_remark(&clean(line)));
}

/// Prints what an answer is waited for, and leaves the cursor behind it.
pub fn prompt(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{} ", clean(text));
    let _ = err.flush();
}

#[cfg(test)]
pub mod tests {
    use std::cell::RefCell;

    use super::*;

    thread_local! {
        /// What this thread printed, and what it remarked.
        static PRINTED: RefCell<(Vec<u8>, String)> = const { RefCell::new((Vec::new(), String::new())) };
    }

    /// What was printed on this thread since this was last called, and what was remarked.
    pub fn printed() -> (String, String) {
        let (out, err) = PRINTED.take();
        (String::from_utf8(out).unwrap(), err)
    }

    pub(super) fn write(text: &str) -> std::io::Result<()> {
        PRINTED.with_borrow_mut(|(out, _)| out.write_all(text.as_bytes()))
    }

    pub(super) fn write_remark(line: &str) {
        PRINTED.with_borrow_mut(|(_, err)| err.extend([line, "\n"]));
    }

    #[test]
    fn json_keeps_its_meaning_and_loses_what_commands_a_terminal() {
        let text = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{e0041}é\n";
        let json = escaped(&serde_json::to_string_pretty(&[text]).unwrap());
        assert!(json.chars().all(|character| character == '\n' || !is_hostile(character)), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
    }
}
