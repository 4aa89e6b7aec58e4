//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A terminal dashboard for AWS Elastic Beanstalk environments behind Application Load Balancers.
///
/// Without a command: the dashboard, with the AWS profile and region of the shell.
#[derive(Debug, Parser)]
#[command(name = "beanpole", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub global: Global,
    /// Panic after the first frame: shows how the terminal is left.
    #[arg(long, hide = true, global = true)]
    pub panic: bool,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The profile of the shared AWS configuration [default: the shell's]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    pub profile: Option<String>,
    /// The AWS region [default: the profile's]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    pub region: Option<String>,
    /// Where AWS answers, if not at its own endpoints
    #[arg(long, global = true, value_name = "URL", help_heading = "Everywhere")]
    pub endpoint_url: Option<String>,
    /// Refuse every write
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub read_only: bool,
    /// The configuration file [default: beanpole/config.toml in the user's configuration directory]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub config: Option<PathBuf>,
    /// Write a log to this file
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub log_file: Option<String>,
    /// Show times in UTC
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub utc: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", value_parser = ["auto", "always", "never"], help_heading = "Everywhere")]
    pub color: Option<String>,
    /// How to print [default: table on a terminal and off it]
    #[arg(short, long, global = true, value_name = "FORMAT", value_enum, help_heading = "Everywhere")]
    pub output: Option<Format>,
    /// Make any fault a failure: the exit status tells it even where an answer was given
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub strict: bool,
}

/// How a command prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// One object.
    Json,
    /// One object a line, an item each.
    Jsonl,
}

/// What `ls` takes.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Add what costs a call for each object: target health, stickiness, HTTPS. At AWS's pace
    #[arg(long)]
    pub full: bool,
    /// Columns to print, from left to right
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Only what contains these words; !word leaves out
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// The column to sort by
    #[arg(long, value_name = "COLUMN")]
    pub sort: Option<String>,
}

/// What every command takes that writes.
#[derive(Debug, Args)]
pub struct WriteArguments {
    /// Say what would be called, and call nothing that writes
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// The environment's name once more, which production wants beside --yes
    #[arg(long, value_name = "ENV")]
    pub confirm: Option<String>,
}

/// What `set` takes.
#[derive(Debug, Args)]
pub struct SetArguments {
    /// The environment's name or id
    pub environment: String,
    /// What to set: an attribute as AWS spells it, health_check.path and its like, listener:443:ssl_policy; tg: or lb: in
    /// front where both have it
    #[arg(required = true, value_name = "KEY=VALUE")]
    pub values: Vec<String>,
    /// The target group, by name or ARN, where the environment has several
    #[arg(long, value_name = "NAME")]
    pub target_group: Option<String>,
    /// How: as an option of Beanstalk's (an update of the environment), at once on the load balancer, or both
    /// [default: beanstalk, where every key has an option]
    #[arg(long, value_name = "ROUTE", value_parser = ["beanstalk", "elb", "both"])]
    pub route: Option<String>,
    #[command(flatten)]
    pub write: WriteArguments,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The dashboard on an embedded, simulated region: no account, no network
    Demo {
        /// Which region is simulated
        #[arg(long, value_name = "NAME", default_value = "shop")]
        scenario: String,
    },
    /// Environments with their ALB and target groups, for the few calls that link the region
    Ls(ListArguments),
    /// What a name, id, address or ARN belongs to
    Find {
        /// Environment name or id, CNAME, ALB name, DNS name or ARN, listener ARN, target group name or ARN, instance id,
        /// private IP
        query: String,
    },
    /// The whole tree of one environment, with settings and health
    Show {
        /// The environment's name or id
        environment: String,
    },
    /// Deploy an application version to an environment
    Deploy {
        /// The environment's name or id
        environment: String,
        /// The version's label
        version: String,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Abort the update in progress
    Abort {
        /// The environment's name or id
        environment: String,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Change settings of a target group, a load balancer or a listener
    Set(SetArguments),
    /// Put back what a change of settings replaced
    Undo {
        /// The change, by its id in the log [default: the newest that is not undone]
        id: Option<String>,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// What was changed from this machine
    Log,
    /// Serve the simulated region to any AWS SDK or CLI
    Sim {
        /// Where to listen
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4599")]
        listen: SocketAddr,
        /// Which region is simulated
        #[arg(long, value_name = "NAME", default_value = "shop")]
        scenario: String,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}
