//! Reads a scenario from a file.

use std::path::Path;

use super::failure::Failure;
use crate::aws::{MOST_OF_SETTINGS, read_text};
use crate::sim::Scenario;

/// Whether `--scenario` means a file: a name that ends in `.toml` or contains a separator.
pub fn is_path(name: &str) -> bool {
    name.strip_suffix(".toml").is_some() || name.contains(std::path::is_separator)
}

/// Reads and checks the scenario in a file.
pub fn load(path: &str) -> Result<Scenario, Failure> {
    let text = read_text(Path::new(path), MOST_OF_SETTINGS).map_err(|error| {
        Failure::usage(format!("the scenario {} cannot be read: {}", path.escape_debug(), words(&error)))
    })?;
    let name = Path::new(path).file_stem().map_or_else(|| path.to_owned(), |stem| stem.to_string_lossy().into_owned());
    Scenario::from_file(&name, path, &text).map_err(|error| Failure::usage(error.to_string()))
}

/// Returns the system's message without its error number.
fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn a_path_has_a_separator_or_ends_in_toml() {
        let names = ["shop", "shop.toml", "./shop", "cases/shop", "/tmp/shop", "toml", "shop.tom"];
        assert_eq!(names.map(is_path), [false, true, true, true, true, false, false]);
    }
}
