//! The arguments of `alarms`.

use std::time::Duration;

use clap::Args;

use super::since::span;
use super::write_arguments::WriteArguments;

/// The arguments of `alarms`.
#[derive(Clone, Debug, Args)]
pub struct AlarmsArguments {
    /// The environment's name
    pub environment: String,
    /// Mute their actions for so long; AWS ends it by itself
    #[arg(long, value_name = "SPAN", value_parser = span, conflicts_with = "unmute")]
    pub mute: Option<Duration>,
    /// End muting now
    #[arg(long)]
    pub unmute: bool,
    /// Create the recommended alarms that are missing
    #[arg(long, conflicts_with_all = ["mute", "unmute"])]
    pub recommended: bool,
    /// Create the equivalent of each alarm on a Classic Load Balancer's metrics
    #[arg(long, conflicts_with_all = ["mute", "unmute", "recommended"])]
    pub translate: bool,
    /// What the alarms that are created do when they go to ALARM, for example the ARN of an SNS topic
    /// [default: what the other alarms of the environment do]
    #[arg(long, value_name = "ARN", value_parser = arn)]
    pub action: Option<String>,
    #[command(flatten)]
    pub write: WriteArguments,
}

/// An ARN, by its form.
fn arn(text: &str) -> Result<String, String> {
    let is_arn = text.starts_with("arn:") && text.split(':').count() >= 6;
    if is_arn { Ok(text.to_owned()) } else { Err("it is no ARN (arn:aws:sns:REGION:ACCOUNT:TOPIC)".to_owned()) }
}
