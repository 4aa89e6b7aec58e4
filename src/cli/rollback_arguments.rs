//! The arguments of `rollback`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::follow_arguments::{FollowArguments, OnWorse};
use super::since::span_or_none;
use super::write_arguments::WriteArguments;

/// The arguments of `rollback`.
#[derive(Clone, Debug, Args)]
pub struct RollbackArguments {
    /// The environment's name, id or CNAME
    pub environment: String,
    /// The version to go back to [default: the one that ran before, by the update in progress, the log or the events]
    #[arg(long, value_name = "LABEL")]
    pub to: Option<String>,
    /// How long the rollback's own update is followed at most, late figures included; 0 does not follow it at all
    #[arg(long, value_name = "SPAN", value_parser = span_or_none, default_value = "30m")]
    pub timeout: Duration,
    /// How long after the last batch the verdict becomes final; three minutes of it are waited for late figures
    #[arg(long, value_name = "SPAN", value_parser = span_or_none, default_value = "6m")]
    pub settle: Duration,
    /// Write a report in Markdown to this file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub write: WriteArguments,
}

impl RollbackArguments {
    /// How its update is followed. A rollback is never rolled back by itself.
    pub fn follow(&self) -> FollowArguments {
        let (timeout, settle, report) = (self.timeout, self.settle, self.report.clone());
        FollowArguments { timeout, settle, on_worse: OnWorse::Report, notify: None, report }
    }
}
