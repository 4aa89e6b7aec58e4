//! From an environment to the files that make its settings permanent.
//!
//! Pure: a snapshot comes in, files and remarks go out; who calls it writes them. [`export`] takes the option settings that
//! the live values ask for ([`OptionExport`]), adds what recipes want, and writes them in a format.

pub mod check;
mod cloudformation;
mod ebextensions;
mod file;
mod nginx;
mod options;
mod platform;
mod recipes;
pub mod table;
mod terraform;
#[cfg(test)]
mod tests;

pub use file::ExportedFile;
pub use options::{ExportedOption, OptionExport};
pub use platform::{AmazonLinux, Platform, Proxy};
pub use recipes::{RECIPES, Recipe, RecipeRefusal};

use crate::change::PlanInputs;
use crate::model::clean;

/// How option settings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportFormat {
    /// As files of the project that Beanstalk reads.
    #[default]
    Ebextensions,
    /// For Terraform.
    Terraform,
    /// For `CloudFormation`.
    CloudFormation,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct ExportRequest {
    /// How option settings are written; the other files of recipes are the same in each.
    pub format: ExportFormat,
    /// Options that have their defaults too.
    pub all: bool,
    /// The recipes.
    pub recipes: Vec<Recipe>,
}

/// The files of an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// The files.
    pub files: Vec<ExportedFile>,
    /// Options whose present values may mask those of the files, as `namespace/option`.
    pub masked: Vec<String>,
    /// What is to be known about the files, in sentences without their full stops.
    pub notes: Vec<String>,
}

/// Returns the files; `None` until the environment's option settings are read.
///
/// # Errors
/// When a recipe does not fit the environment.
pub fn export(basis: &PlanInputs<'_>, request: &ExportRequest) -> Result<Option<Export>, RecipeRefusal> {
    let Some((settings, mut export)) = basis.settings().zip(OptionExport::new(basis, request.all)) else {
        return Ok(None);
    };
    let site = recipes::RecipeSite::new(basis, settings);
    let (mut files, mut needs) = (Vec::new(), nginx::NginxNeeds::default());
    for recipe in &request.recipes {
        let output = recipe.make(&site)?;
        export.merge(output.options);
        files.extend(output.files);
        export.notes.extend(output.notes);
        needs = needs.and(output.nginx);
    }
    files.extend(needs.file());
    let header = format!("Written by beanpole export from the environment {}.", clean(&basis.environment.name));
    match request.format {
        ExportFormat::Ebextensions => files.extend(ebextensions::files(&export.options, &header)),
        ExportFormat::Terraform => files.push(terraform::file(&export.options, &header)),
        ExportFormat::CloudFormation => {
            files.push(cloudformation::file(&export.options, basis.environment, &header));
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    // Terraform and CloudFormation set options through the API, which nothing masks.
    let is_file = request.format == ExportFormat::Ebextensions;
    let masked = if is_file { options::masked(settings, &export.options) } else { Vec::new() };
    Ok(Some(Export { files, masked, notes: export.notes }))
}
