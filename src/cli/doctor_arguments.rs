//! The arguments of `doctor`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// The environment's name, id or CNAME [default: every environment of the region]
    pub environment: Option<String>,
    /// The output of an earlier `doctor -o json`: findings that are in it do not make the status 1
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}
