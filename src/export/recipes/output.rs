//! What a recipe makes: options, files and needs of nginx.

use crate::export::file::ExportedFile;
use crate::export::nginx::NginxNeeds;
use crate::export::options::ExportedOption;

/// What a recipe makes.
#[derive(Debug, Default)]
pub struct RecipeOutput {
    /// Options, which replace those of the environment.
    pub options: Vec<ExportedOption>,
    /// Files.
    pub files: Vec<ExportedFile>,
    /// What it wants of nginx.
    pub nginx: NginxNeeds,
    /// What is to be known, in sentences without their full stops.
    pub notes: Vec<String>,
}
