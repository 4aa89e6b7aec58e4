//! The arguments of the commands that follow an update.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::failure::Failure;
use super::since::span_or_none;
use crate::runtime::command_words;

/// How an update is followed.
#[derive(Clone, Debug, Args)]
pub struct FollowArguments {
    /// How long it is followed at most, late figures included; after `deploy`, 0 does not follow it at all
    #[arg(long, value_name = "SPAN", value_parser = span_or_none, default_value = "30m")]
    pub timeout: Duration,
    /// How long after the last batch the verdict becomes final; three minutes of it are waited for late figures
    #[arg(long, value_name = "SPAN", value_parser = span_or_none, default_value = "6m")]
    pub settle: Duration,
    /// What to do when it is confirmed to be worse: say so, end with status 1 while it goes on, abort it, or roll back to
    /// the version before, once; that also if the update fails
    #[arg(long, value_name = "WHAT", value_enum, default_value = "report")]
    pub on_worse: OnWorse,
    /// Run this program when the verdict changes and when it is final, with a line of JSON on its standard input; blanks and
    /// quotes separate its arguments, and no shell is run. It is killed after ten seconds
    #[arg(long, value_name = "COMMAND")]
    pub notify: Option<String>,
    /// Write a report in Markdown to this file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

impl FollowArguments {
    /// Returns the words of the program that is run for verdicts; none if there is none.
    pub fn notified(&self) -> Result<Vec<String>, Failure> {
        let words = self.notify.as_deref().map_or(Ok(Vec::new()), command_words);
        words.map_err(|why| Failure::usage(format!("--notify cannot be run: {why}")))
    }

    /// An update is followed with the usual limits, and what it does is reported.
    pub fn reporting() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self { timeout: minutes(30), settle: minutes(6), on_worse: OnWorse::Report, notify: None, report: None }
    }
}

/// What to do when an update does harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum OnWorse {
    /// Say so.
    Report,
    /// Follow it no longer.
    Stop,
    /// Abort it.
    Abort,
    /// Deploy the version before again, once it is aborted or has ended; also when it failed.
    Rollback,
}
