//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use super::alarms_arguments::AlarmsArguments;
use super::demo_arguments::DemoArguments;
use super::deploy_arguments::DeployArguments;
use super::doctor_arguments::DoctorArguments;
use super::event_arguments::EventArguments;
use super::export_arguments::ExportArguments;
use super::follow_arguments::FollowArguments;
use super::probe_arguments::ProbeArguments;
use super::rollback_arguments::RollbackArguments;
use super::since::{seconds, span, span_or_none};
use super::write_arguments::WriteArguments;
use crate::probe::{ConnectTo, parse_connect_to};

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

/// The arguments of every command.
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
    /// Make any fault a failure: the exit status says it even where an answer was given
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

/// The arguments of `ls`.
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

/// The arguments of `metrics`.
#[derive(Debug, Args)]
pub struct MetricArguments {
    /// The environment's name, id or CNAME
    pub environment: String,
    /// How far back to begin, at most 455d [default: 1h]
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub since: Option<Duration>,
    /// The length of a period, in seconds or as 5m [default: one that gives at most 720 periods]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub period: Option<u64>,
}

/// The arguments of `watch`.
#[derive(Debug, Args)]
pub struct WatchArguments {
    /// The environment's name, id or CNAME
    pub environment: String,
    #[command(flatten)]
    pub follow: FollowArguments,
    #[command(flatten)]
    pub write: WriteArguments,
}

/// The arguments of `logs`.
#[derive(Debug, Args)]
pub struct LogArguments {
    /// The environment's name, id or CNAME
    pub environment: String,
    /// Only this instance, by id
    pub instance: Option<String>,
}

/// Whether what a change does is watched.
#[derive(Clone, Copy, Debug, Args)]
pub struct ImpactArguments {
    /// Watch what it does for so long, and end with status 1 as soon as it got worse
    /// [default: twice as long as the health check takes to notice anything, five minutes at least]
    #[arg(long, value_name = "SPAN", value_parser = span_or_as_needed, num_args = 0..=1, default_missing_value = AS_NEEDED)]
    pub watch: Option<For>,
}

/// For how long a change is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// As long as its health check needs.
    AsNeeded,
    /// For this long.
    So(Duration),
}

const AS_NEEDED: &str = "as-needed";

fn span_or_as_needed(text: &str) -> Result<For, String> {
    if text == AS_NEEDED { Ok(For::AsNeeded) } else { span(text).map(For::So) }
}

/// The arguments of `set`.
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "it is the help, which has no markup")]
pub struct SetArguments {
    /// The environment's name, id or CNAME
    pub environment: String,
    /// What to set: an attribute as AWS spells it, health_check.path and its like, listener:443:ssl_policy; tg: or lb: in
    /// front where both have it; or any option of Beanstalk's as NAMESPACE:OPTION=VALUE. The value of an environment
    /// property is never given here: NAMESPACE:NAME= asks for it
    #[arg(required_unless_present = "unset", value_name = "KEY=VALUE")]
    pub values: Vec<String>,
    /// An option of Beanstalk's that is removed from the environment, so that its default or a file's value counts again
    #[arg(long, value_name = "NAMESPACE:OPTION")]
    pub unset: Vec<String>,
    /// The file that has the value of the one environment property, without its last line feed; - is standard input
    #[arg(long, value_name = "FILE")]
    pub value_file: Option<PathBuf>,
    /// The target group, by name or ARN, where the environment has several
    #[arg(long, value_name = "NAME")]
    pub target_group: Option<String>,
    /// How: as an option of Beanstalk's (an update of the environment), at once on the load balancer, or both
    /// [default: beanstalk, where every key has an option]
    #[arg(long, value_name = "ROUTE", value_parser = ["beanstalk", "elb", "both"])]
    pub route: Option<String>,
    #[command(flatten)]
    pub impact: ImpactArguments,
    #[command(flatten)]
    pub write: WriteArguments,
}

/// The arguments of `swap`.
#[derive(Debug, Args)]
pub struct SwapArguments {
    /// The one environment's name, id or CNAME
    pub a: String,
    /// The other's
    pub b: String,
    /// How long both are watched at most, until the CNAMEs are exchanged and both are Ready; 0 does not watch them
    #[arg(long, value_name = "SPAN", value_parser = span_or_none, default_value = "10m")]
    pub timeout: Duration,
    /// Send no request to the two names once they are exchanged
    #[arg(long)]
    pub no_probe: bool,
    /// Where to connect to for these requests, in place of what DNS says
    #[arg(long, value_name = "ADDR", value_parser = parse_connect_to, conflicts_with = "no_probe")]
    pub connect_to: Option<ConnectTo>,
    #[command(flatten)]
    pub write: WriteArguments,
}

/// The subcommands of `config`.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigCommand {
    /// The path of the configuration file, which need not be there
    Path,
    /// Every setting that is in force, and where it comes from
    Show,
    /// All mistakes of the configuration file, with line and column
    Check,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The dashboard on an embedded, simulated region: no account, no network
    Demo(DemoArguments),
    /// Environments with their ALB and target groups, for the few calls that link the region
    Ls(ListArguments),
    /// What a name, id, address or ARN belongs to
    Find {
        /// Environment name or id, CNAME, ALB name, DNS name or ARN, listener ARN, a rule's host, certificate name or ARN,
        /// target group name or ARN, instance id, private IP, version label
        query: String,
    },
    /// The whole tree of one environment, with settings and health
    Show {
        /// The environment's name, id or CNAME
        environment: String,
    },
    /// The figures of an environment's ALB and of its own target groups
    ///
    /// Reads every CloudWatch metric of them, which costs about a tenth of a cent. Values of the last three minutes
    /// may still change; in the table it is ~.
    Metrics(MetricArguments),
    /// The events of an environment, or of all, oldest first
    Events(EventArguments),
    /// The tail of the instances' logs, from Beanstalk
    ///
    /// Each instance uploads a file, which Beanstalk deletes after a quarter of an hour. It needs
    /// elasticbeanstalk:RequestEnvironmentInfo and takes some seconds; instances silent after a minute are named.
    Logs(LogArguments),
    /// Deploy an application version to an environment
    Deploy(DeployArguments),
    /// The versions of an environment's application, and where each runs
    Versions {
        /// The environment's name, id or CNAME
        environment: String,
    },
    /// Follow the update in progress, or the next one, to its verdict
    Watch(WatchArguments),
    /// Abort the update in progress
    Abort {
        /// The environment's name, id or CNAME
        environment: String,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Deploy the version that ran before again; an update in progress is aborted first
    Rollback(RollbackArguments),
    /// Restart the application servers of an environment
    Restart {
        /// The environment's name, id or CNAME
        environment: String,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Terminate an instance, for which another is launched
    ///
    /// Refused if it is the last healthy one.
    Replace {
        /// The environment's name, id or CNAME
        environment: String,
        /// The instance's id
        instance: String,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Set how many instances an environment may have
    Scale {
        /// The environment's name, id or CNAME
        environment: String,
        /// The least, 1 to 10000
        #[arg(allow_negative_numbers = true)]
        min: i64,
        /// The most, 1 to 10000
        #[arg(allow_negative_numbers = true)]
        max: i64,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// Exchange the CNAMEs of two environments
    ///
    /// Shows both side by side first. Both have to be Ready and of one application. Clients keep the old environment as long as
    /// their DNS caches do; what deploys by an environment's name still deploys to that environment. A second swap is the way
    /// back.
    Swap(SwapArguments),
    /// Change settings of a target group, a load balancer or a listener
    Set(SetArguments),
    /// Put back what a change of settings replaced
    Undo {
        /// The change, by its id in the log [default: the newest that is not undone]
        id: Option<String>,
        #[command(flatten)]
        impact: ImpactArguments,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// CloudWatch alarms of an environment; mutes or creates them
    Alarms(AlarmsArguments),
    /// What a client sees through the load balancer
    ///
    /// Sends a few requests a second to the environment, which appear in its logs, and nothing of yours with them.
    Probe(ProbeArguments),
    /// Go on with an operation that was interrupted
    Resume {
        /// The operation, by its id in the log
        id: String,
        #[command(flatten)]
        write: WriteArguments,
    },
    /// What is wrong, or worth knowing: the findings of all checks
    ///
    /// Reads what the checks need once, at AWS's pace, and prints each environment as soon as it is known. Status 1 if a
    /// finding is critical; 3, 4 or 5 if a critical check could not be decided because something could not be read.
    Doctor(DoctorArguments),
    /// Why an environment is as it is: its most likely cause first, on one page
    Why {
        /// The environment's name, id or CNAME
        environment: String,
    },
    /// Files that make the live settings permanent: option settings, and recipes
    ///
    /// Shows what each file changes and writes it below the folder. A file that is there and differs is replaced only with
    /// --force. Values of environment properties are in no file.
    Export(ExportArguments),
    /// What a check means, or a status that a load balancer answers; all checks
    Explain {
        /// The check, by its name, or a status like 502
        check: Option<String>,
    },
    /// Refuse every write from this user's machine until it is lifted
    ///
    /// Every beanpole of this user obeys: the dashboards that are open, and commands before and after they asked. An
    /// operation that is under way completes its steps; one that was interrupted is not resumed.
    Freeze {
        /// How long it holds [default: until beanpole thaw]
        #[arg(long, value_name = "SPAN", value_parser = span)]
        until: Option<Duration>,
        /// Why; it is shown to everybody whom it stops
        #[arg(required = true, value_name = "REASON")]
        reason: Vec<String>,
    },
    /// Lift the freeze
    Thaw,
    /// In what two environments differ: options, and what is live
    ///
    /// Names and ids of their own are left out, and so is the version; values of environment properties are compared and not
    /// shown. Status 1 if they differ.
    Diff {
        /// The one environment's name, id or CNAME
        a: String,
        /// The other's
        b: String,
    },
    /// What happened to an environment: deploys, settings, own changes, alarms and verdicts
    ///
    /// The newest first, as far back as Beanstalk keeps events (six weeks) and the log on this machine goes. Who did something is
    /// known only of what was done from here.
    History {
        /// The environment's name, id or CNAME
        environment: String,
    },
    /// What was changed from this machine
    Log,
    /// Serve the simulated region to any AWS SDK or CLI
    Sim {
        /// Where to listen
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4599")]
        listen: SocketAddr,
        /// Which region is simulated: a scenario's name, or a file (a path, or a name that ends in .toml)
        #[arg(long, value_name = "NAME|FILE", default_value = "shop")]
        scenario: String,
        /// How many times as fast the region's clock runs, 1 to 1000
        #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
        speed: u32,
    },
    /// Where the settings are, which are in force, and whether the file has mistakes
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the manual page, for `man`
    Man,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}
