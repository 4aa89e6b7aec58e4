//! The arguments of `events`.

use std::time::Duration;

use clap::Args;

use super::since::span;

/// The arguments of `events`.
#[derive(Debug, Args)]
pub struct EventArguments {
    /// The environment's name, id or CNAME
    #[arg(required_unless_present = "all")]
    pub environment: Option<String>,
    /// The events of all environments
    #[arg(long, conflicts_with = "environment")]
    pub all: bool,
    /// Go on with what happens from now on, until Ctrl-C
    #[arg(short, long)]
    pub follow: bool,
    /// How far back to begin [default: 1h]
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub since: Option<Duration>,
    /// Only events as bad as this, or worse
    #[arg(long, value_name = "SEVERITY", value_enum, ignore_case = true)]
    pub severity: Option<SeverityName>,
}

/// The severities of events, from least to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum SeverityName {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

impl SeverityName {
    /// Returns Beanstalk's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }
}
