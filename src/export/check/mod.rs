//! A project's own `.ebextensions` and `.platform`, checked without an environment: keys that do not exist, values out of
//! range or excluding each other, and files at a level where nothing reads them.

mod extensions;
mod known;
mod mistake;
mod nginx;
mod options;
mod places;
#[cfg(test)]
mod tests;

pub use mistake::{ProjectFile, ProjectMistake};

use crate::change::FiledOption;
use crate::model::ConfigurationSettings;

/// Returns the options that a project's files set, each with the value that counts: of the namespaces that the table has, and
/// so without environment properties.
#[must_use]
pub fn filed_options(files: &[ProjectFile]) -> Vec<FiledOption> {
    let (settings, _) = read(files);
    settings.effective().map(FiledOption::from).collect()
}

/// Returns which options of a project's files are not what they are in an environment, which may be because they were set
/// there through the API: that masks the files.
#[must_use]
pub fn masked(files: &[ProjectFile], environment: (&str, &ConfigurationSettings)) -> Vec<ProjectMistake> {
    let (settings, _) = read(files);
    settings.effective().filter_map(|option| option.masked_by(environment)).collect()
}

/// Returns what is wrong in a project's files, by file and line. Files that are neither Beanstalk's nor its platform's are
/// not looked at.
#[must_use]
pub fn check(files: &[ProjectFile]) -> Vec<ProjectMistake> {
    let (settings, mut mistakes) = read(files);
    mistakes.extend(places::check(files));
    mistakes.extend(settings.check());
    mistakes.sort();
    mistakes
}

/// Reads the files, each by itself.
fn read(files: &[ProjectFile]) -> (options::ProjectOptions, Vec<ProjectMistake>) {
    let (mut settings, mut mistakes) = (options::ProjectOptions::default(), Vec::new());
    let has_platform = files.iter().any(|file| file.path.starts_with(".platform/"));
    let mut files: Vec<_> = files.iter().collect();
    // Beanstalk reads them in this order, and a later value replaces an earlier one.
    files.sort_by(|one, other| one.path.cmp(&other.path));
    for file in files {
        let Some(text) = &file.text else { continue };
        if places::is_extension(&file.path) {
            extensions::check(&file.path, text, has_platform, &mut settings, &mut mistakes);
        } else if let Some(level) = places::nginx_level(&file.path) {
            mistakes.extend(nginx::check(&file.path, text, level));
        }
    }
    (settings, mistakes)
}
