//! Runs the user's program for what is worth knowing: an argument list without a shell, a line of JSON on its standard input.
//!
//! A program that takes longer than its limit is killed, and so is one that still runs when this process ends.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::task::JoinSet;

use crate::aws::post_json;
use crate::config::NotifySettings;

/// How long the program may take.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The program, and its runs that have not ended.
#[derive(Debug, Default)]
pub struct Notifier {
    command: Vec<String>,
    running: JoinSet<Result<(), String>>,
}

impl Notifier {
    /// A program with its arguments; an empty list runs nothing.
    #[must_use]
    pub fn new(command: Vec<String>) -> Self {
        Self { command, running: JoinSet::new() }
    }

    /// Runs the program with this line on its standard input. It is not waited for here.
    pub fn send(&mut self, line: String) {
        if !self.command.is_empty() {
            self.running.spawn(run(self.command.clone(), line));
        }
    }

    /// Waits for the runs that have not ended, each until its limit; returns why runs failed.
    pub async fn finish(&mut self) -> Vec<String> {
        let mut failures = Vec::new();
        while let Some(ended) = self.running.join_next().await {
            failures.extend(ended.map_err(|error| error.to_string()).and_then(|ended| ended).err());
        }
        failures
    }
}

/// Runs a program with this line on its standard input, to its end.
///
/// # Errors
/// In a sentence, if it cannot be run, fails, or takes longer than its limit.
async fn run(command: Vec<String>, line: String) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let mut command = Command::new(program);
    // What it prints is not ours: standard output has results only.
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| format!("{program} cannot be run: {error}"))?;
    let mut input = child.stdin.take();
    let whole = async {
        if let Some(input) = &mut input {
            // A program may end without reading: its status counts.
            let _ = input.write_all(line.as_bytes()).await;
        }
        drop(input);
        child.wait().await
    };
    match tokio::time::timeout(LIMIT, whole).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("{program} failed ({status})")),
        Ok(Err(error)) => Err(format!("{program} cannot be waited for: {error}")),
        Err(_) => Err(format!("{program} took longer than {} s and was killed", LIMIT.as_secs())),
    }
}

/// Sends a notification of the dashboard to the program and to the URL that the configuration names, as a line of JSON;
/// returns why that failed, a sentence each.
pub(super) async fn send_notification(
    notify: &NotifySettings,
    ca_bundle: Option<&Path>,
    notification: &Map<String, Value>,
) -> Vec<String> {
    let line = serde_json::to_string(notification).unwrap_or_default() + "\n";
    let program = async {
        let Some(command) = &notify.command else { return Ok(()) };
        run(command_words(command)?, line.clone()).await
    };
    let hook = async {
        let Some(url) = &notify.url else { return Ok(()) };
        post_json(ca_bundle, url, line.clone()).await
    };
    let (program, hook) = tokio::join!(program, hook);
    let failures = [program, hook].into_iter().filter_map(Result::err);
    failures.map(|why| format!("a notification failed: {why}")).collect()
}

/// Splits a command into its words, as a shell does with quotes, backslashes and blanks, and with nothing else: no shell is
/// run.
///
/// # Errors
/// If a quote is not closed, or there is no word.
pub fn command_words(text: &str) -> Result<Vec<String>, String> {
    let words = shlex::split(text).ok_or("a quote is not closed")?;
    if words.is_empty() { Err("it names no program".to_owned()) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_words_and_quotes_and_no_shell() {
        let words = |text: &str| command_words(text).map(|words| words.join("|"));
        assert_eq!(words("notify-send  beanpole"), Ok("notify-send|beanpole".to_owned()));
        assert_eq!(words("sh -c 'cat > \"a b\"'"), Ok("sh|-c|cat > \"a b\"".to_owned()));
        assert_eq!(words("a \"\" $HOME"), Ok("a||$HOME".to_owned()));
        assert_eq!(words("a b\\ c"), Ok("a|b c".to_owned()));
        assert_eq!(words("a 'b"), Err("a quote is not closed".to_owned()));
        assert_eq!(words(" "), Err("it names no program".to_owned()));
    }

    #[tokio::test]
    async fn a_program_gets_the_line_and_what_failed_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("got");
        let command = |text: &str| command_words(text).unwrap();
        let mut notifier = Notifier::new(command(&format!("sh -c 'cat > {}'", file.display())));
        notifier.send("{\"type\":\"verdict\"}\n".to_owned());
        assert_eq!(notifier.finish().await, [""; 0]);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\"type\":\"verdict\"}\n");
        let mut failing = Notifier::new(command("sh -c 'exit 3'"));
        failing.send(String::new());
        assert_eq!(failing.finish().await, ["sh failed (exit status: 3)"]);
        let mut missing = Notifier::new(command("/nowhere/program"));
        missing.send(String::new());
        assert!(missing.finish().await[0].starts_with("/nowhere/program cannot be run: "));
        let mut none = Notifier::default();
        none.send(String::new());
        assert_eq!(none.finish().await, [""; 0]);
    }

    #[tokio::test]
    async fn one_that_takes_too_long_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("process");
        let script = format!("sh -c 'echo $$ > {}; exec sleep 600'", file.display());
        let mut notifier = Notifier::new(command_words(&script).unwrap());
        notifier.send(String::new());
        let written = || std::fs::read_to_string(&file).ok().filter(|text| text.ends_with('\n'));
        while written().is_none() {
            tokio::task::yield_now().await;
        }
        tokio::time::pause();
        assert_eq!(notifier.finish().await, ["sh took longer than 10 s and was killed"]);
    }
}
