//! A folder as a zip: as `eb deploy` packs it, without what `.ebignore` names, or `.gitignore` where there is none.
//!
//! The same content makes the same zip: the files are in the order of their names, under one date, and only whether a
//! file is a program is kept of its permissions.

use std::fs::File;
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Component, Path};

use ignore::{DirEntry, WalkBuilder};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::content::MOST_OF_BUNDLE;
use super::error::BundleError;
use super::scratch::Scratch;

/// What no bundle needs: version control, and the EB CLI's own settings.
const NEVER: &[&str] = &[".git", ".svn", ".hg", ".elasticbeanstalk", ".ebignore"];

/// Packs a folder; returns what is odd about it.
pub(super) fn pack(folder: &Path, into: &Scratch) -> Result<Vec<String>, BundleError> {
    let file = into.file().map_err(BundleError::Unwritten)?;
    let mut zip = ZipWriter::new(Limited { file, at: 0 });
    let (mut remarks, mut files) = (Vec::new(), 0);
    for entry in walk(folder) {
        let entry = entry.map_err(|error| unread(folder, error))?;
        let (path, kind) = (entry.path(), entry.file_type());
        if kind.is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        let name = name_in(folder, path)?;
        match kind {
            Some(kind) if kind.is_symlink() => add_link(&mut zip, &name, path, &mut remarks)?,
            Some(kind) if kind.is_file() => add_file(&mut zip, &name, path, folder)?,
            _ => {
                remarks.push(format!("{name} is neither a file nor a link, and is left out"));
                continue;
            }
        }
        files += 1;
    }
    if files == 0 {
        return Err(BundleError::Empty(folder.to_owned()));
    }
    zip.finish().map_err(|error| failed(folder, error.into()))?;
    Ok(remarks)
}

/// The entries of a folder in the order of their names.
fn walk(folder: &Path) -> ignore::Walk {
    let has_own = folder.join(".ebignore").is_file();
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).follow_links(false).sort_by_file_name(Ord::cmp);
    if has_own {
        walk.add_custom_ignore_filename(".ebignore");
    } else {
        walk.git_ignore(true).require_git(false);
    }
    walk.filter_entry(is_wanted).build()
}

fn is_wanted(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    // What an editor keeps of the file before.
    let is_backup = name.ends_with('~') && entry.file_type().is_some_and(|kind| kind.is_file());
    entry.depth() == 0 || !(NEVER.contains(&&*name) || is_backup)
}

/// The name of a file in the zip.
fn name_in(folder: &Path, path: &Path) -> Result<String, BundleError> {
    let within = path.strip_prefix(folder).unwrap_or(path);
    let part = |part: Component<'_>| part.as_os_str().to_str().map(str::to_owned);
    let parts: Option<Vec<_>> = within.components().map(part).collect();
    parts.map(|parts| parts.join("/")).ok_or_else(|| BundleError::Name(path.to_owned()))
}

fn add_file(zip: &mut ZipWriter<Limited>, name: &str, path: &Path, folder: &Path) -> Result<(), BundleError> {
    let mut file = File::open(path).map_err(|error| BundleError::unread(path, error))?;
    let metadata = file.metadata().map_err(|error| BundleError::unread(path, error))?;
    let options = options().unix_permissions(if is_program(&metadata) { 0o755 } else { 0o644 });
    zip.start_file(name, options).map_err(|error| failed(folder, error.into()))?;
    io::copy(&mut file, zip).map(drop).map_err(|error| failed(folder, error))
}

/// A link is kept as one.
fn add_link(
    zip: &mut ZipWriter<Limited>,
    name: &str,
    path: &Path,
    remarks: &mut Vec<String>,
) -> Result<(), BundleError> {
    let target = std::fs::read_link(path).map_err(|error| BundleError::unread(path, error))?;
    let target = target.to_str().ok_or_else(|| BundleError::Name(path.to_owned()))?;
    if !path.exists() || Path::new(target).is_absolute() {
        remarks.push(format!("the link {name} leads to {target}, which may not be there on the instances"));
    }
    zip.add_symlink(name, target, options()).map_err(|error| failed(path, error.into()))
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default())
}

#[cfg(unix)]
fn is_program(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0
}

#[cfg(not(unix))]
fn is_program(_: &std::fs::Metadata) -> bool {
    false
}

fn unread(folder: &Path, error: ignore::Error) -> BundleError {
    let text = error.to_string();
    BundleError::unread(folder, error.into_io_error().unwrap_or_else(|| io::Error::other(text)))
}

fn failed(folder: &Path, error: io::Error) -> BundleError {
    match error.kind() {
        ErrorKind::FileTooLarge => BundleError::TooLarge { path: folder.to_owned(), bytes: None },
        _ => BundleError::Unwritten(error),
    }
}

/// A file that does not become larger than Beanstalk takes.
#[derive(Debug)]
struct Limited {
    file: File,
    at: u64,
}

impl Write for Limited {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.at + piece.len() as u64 > MOST_OF_BUNDLE {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let written = self.file.write(piece)?;
        self.at += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Limited {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}
