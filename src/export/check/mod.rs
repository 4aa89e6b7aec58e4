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

/// Returns what is wrong in a project's files, by file and line. Files that are neither Beanstalk's nor its platform's are
/// not looked at.
#[must_use]
pub fn check(files: &[ProjectFile]) -> Vec<ProjectMistake> {
    let mut mistakes = places::check(files);
    let mut settings = options::ProjectOptions::default();
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
    mistakes.extend(settings.check());
    mistakes.sort();
    mistakes
}
