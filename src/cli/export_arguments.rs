//! The arguments of `export`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::write_arguments::WriteArguments;
use crate::export::{ExportFormat, RECIPES};

fn recipes() -> PossibleValuesParser {
    let value =
        |(_, name, about): &(_, &'static str, &'static str)| clap::builder::PossibleValue::new(*name).help(*about);
    PossibleValuesParser::new(RECIPES.iter().map(value).collect::<Vec<_>>())
}

/// How option settings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[expect(clippy::doc_markdown, reason = "it is the help, which has no markup")]
pub enum FileFormat {
    /// Files of the project that Beanstalk reads
    Ebextensions,
    /// A list for Terraform
    Terraform,
    /// A CloudFormation template
    Cloudformation,
}

impl From<FileFormat> for ExportFormat {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Ebextensions => Self::Ebextensions,
            FileFormat::Terraform => Self::Terraform,
            FileFormat::Cloudformation => Self::CloudFormation,
        }
    }
}

/// The arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The environment's name, id or CNAME
    #[arg(required_unless_present = "check")]
    pub environment: Option<String>,
    /// The folder of the project, below which all files are written
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Write nothing: name the mistakes in the .ebextensions and .platform of this project, and what masks them in ENVIRONMENT
    #[arg(long, value_name = "DIR", conflicts_with_all = ["dir", "recipes", "format", "all", "force", "release", "dry_run"])]
    pub check: Option<PathBuf>,
    /// Add the files of a recipe; may be given several times
    #[arg(long = "recipe", value_name = "NAME", value_delimiter = ',', value_parser = recipes())]
    pub recipes: Vec<String>,
    /// How the option settings are written
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "ebextensions")]
    pub format: FileFormat,
    /// Write options that have their defaults too
    #[arg(long)]
    pub all: bool,
    /// Replace files that are there and differ
    #[arg(long)]
    pub force: bool,
    /// Remove from the environment the options that the files in DIR set: what is set through the API masks them. Deploy them
    /// first
    #[arg(long, conflicts_with_all = ["recipes", "format", "all", "force"])]
    pub release: bool,
    #[command(flatten)]
    pub write: WriteArguments,
}
