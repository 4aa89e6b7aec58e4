//! The arguments of `deploy`.

use std::path::PathBuf;

use clap::Args;

use super::follow_arguments::FollowArguments;
use super::write_arguments::WriteArguments;

/// The arguments of `deploy`.
#[derive(Clone, Debug, Args)]
pub struct DeployArguments {
    /// The environment's name, id or CNAME
    pub environment: String,
    /// The version's label
    #[arg(required_unless_present = "from")]
    pub version: Option<String>,
    /// Create the version first, from this zip or folder
    ///
    /// A folder is packed as `eb deploy` does, without what .ebignore names (.gitignore, if there is none). It is put
    /// into Beanstalk's bucket of the region, and becomes a version only when S3 has it whole.
    #[arg(long, value_name = "FILE|FOLDER", requires = "version", conflicts_with = "from")]
    pub bundle: Option<PathBuf>,
    /// The version that this environment of the same application runs, by its name, id or CNAME
    #[arg(long, value_name = "OTHER", conflicts_with = "version")]
    pub from: Option<String>,
    /// How the update is followed.
    #[command(flatten)]
    pub follow: FollowArguments,
    /// What every command that writes takes.
    #[command(flatten)]
    pub write: WriteArguments,
}
