//! The arguments of every command that writes.

use clap::Args;

/// The arguments of every command that writes.
#[derive(Clone, Debug, Args)]
pub struct WriteArguments {
    /// Say what would be called, and call nothing that writes
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// The environment's name, which production requires beside --yes
    #[arg(long, value_name = "ENV")]
    pub confirm: Option<String>,
}
