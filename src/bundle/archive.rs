//! What is in a zip, by its directory; nothing is unpacked but `package.json`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::content::Content;
use super::error::BundleError;

/// The most that is read of `package.json`.
const MOST_OF_PACKAGE: u64 = 1 << 20;

/// Reads what is in it, and what is odd about that.
pub(super) fn read(path: &Path) -> Result<(Content, Vec<String>), BundleError> {
    let no_zip = |error: ZipError| match error {
        ZipError::Io(error) => BundleError::unread(path, error),
        other => BundleError::NoZip { path: path.to_owned(), why: other.to_string() },
    };
    let file = File::open(path).map_err(|error| BundleError::unread(path, error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(no_zip)?;
    let (mut content, mut remarks) = (Content::default(), Vec::new());
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).map_err(no_zip)?;
        let name = entry.name().map_err(no_zip)?.into_owned();
        if entry.encrypted() {
            return Err(BundleError::Encrypted(name));
        }
        if leads_out(&name) {
            return Err(BundleError::Outside(name));
        }
        if !entry.is_dir() {
            content.names.push(name);
        }
    }
    if content.names.is_empty() {
        return Err(BundleError::Empty(path.to_owned()));
    }
    if let Some(name) = content.names.iter().find(|name| name.contains('\\')) {
        remarks.push(format!(
            "{name} has backslashes in its name, as a zip made on Windows may: Linux does not take them for folders"
        ));
    }
    if content.names.iter().any(|name| name == "package.json") {
        let entry = archive.by_name("package.json").map_err(no_zip)?;
        let mut text = String::new();
        // One that cannot be read as text is nothing that npm reads either.
        content.package_json = entry.take(MOST_OF_PACKAGE).read_to_string(&mut text).ok().map(|_| text);
    }
    Ok((content, remarks))
}

/// Whether a name leads out of the folder that it is unpacked to.
fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..")
}
