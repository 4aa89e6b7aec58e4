//! Reads a scenario from a file: everything that is not a plain file of text is refused before it is read.
//!
//! A FIFO or a device could be waited for for ever, so that the kind of the file is looked at first.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::failure::Failure;
use crate::sim::Scenario;

/// Bytes that a scenario may have.
const LIMIT: u64 = 1_000_000;

/// Whether `--scenario` means a file: a name that ends in `.toml` or contains a separator.
pub fn is_path(name: &str) -> bool {
    name.strip_suffix(".toml").is_some() || name.contains(std::path::is_separator)
}

/// Reads and checks the scenario in a file.
pub fn load(path: &str) -> Result<Scenario, Failure> {
    let text = read(Path::new(path))
        .map_err(|problem| Failure::usage(format!("the scenario {} cannot be read: {problem}", path.escape_debug())))?;
    let name = Path::new(path).file_stem().map_or_else(|| path.to_owned(), |stem| stem.to_string_lossy().into_owned());
    Scenario::from_file(&name, path, &text).map_err(|error| Failure::usage(error.to_string()))
}

fn read(path: &Path) -> Result<String, String> {
    let facts = std::fs::metadata(path).map_err(|error| words(&error))?;
    if facts.is_dir() {
        return Err("it is a directory".to_owned());
    }
    if !facts.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| words(&error))?;
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| words(&error))?;
    if bytes.len() as u64 > LIMIT {
        return Err(format!("it is larger than {} MB", LIMIT / 1_000_000));
    }
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to() + 1;
        format!("it is not UTF-8 text (byte {byte})")
    })
}

/// The system's words without its error number.
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
