//! Files that a user names, opened and read so that they can neither block us nor fill the memory: opening a pipe waits
//! for the other end, and a device may have no end.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The most that a file of settings, profiles or certificates may hold.
pub const MOST_OF_SETTINGS: u64 = 4 << 20;

/// Opens a file that has to be a regular one. Opening never blocks, whatever the path leads to.
///
/// On Unix the options' own flags are replaced.
///
/// # Errors
/// When it cannot be opened, or is a directory, a pipe, a socket or a device.
pub fn open_regular(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    open(options, path, true)
}

/// The same for a file of the program's own; symbolic links are not followed, because another user may have
/// put them there.
///
/// # Errors
/// As [`open_regular`], and when it is a symbolic link.
pub fn open_own(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    if path.symlink_metadata().is_ok_and(|found| found.file_type().is_symlink()) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is a symbolic link, which is not followed here"));
    }
    open(options, path, false)
}

fn open(options: &mut OpenOptions, path: &Path, follow: bool) -> io::Result<File> {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        let flags = if follow { flags } else { flags | OFlags::NOFOLLOW };
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = follow;
    let file = options.open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(ErrorKind::InvalidInput, format!("it is {}, not a regular file", name(kind))))
}

/// Reads a regular file of at most `most` bytes. `/dev/null` counts as an empty one.
///
/// # Errors
/// When it cannot be opened or read, is no regular file, or is larger.
pub fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if path == Path::new("/dev/null") {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::new();
    let file = open_regular(OpenOptions::new().read(true), path)?;
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let what = format!("it is larger than {} MiB", most >> 20);
        return Err(io::Error::new(ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}

/// Reads a regular file of text of at most `most` bytes.
///
/// # Errors
/// When it cannot be opened or read, is no regular file, is larger, or is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read_regular(path, most)?).map_err(|error| {
        let byte = error.utf8_error().valid_up_to() + 1;
        io::Error::new(ErrorKind::InvalidData, format!("it is not UTF-8 text (byte {byte})"))
    })
}

/// Returns whether the path is a pipe, which a process may still write to.
pub(super) fn is_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        std::fs::metadata(path).is_ok_and(|facts| facts.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

#[cfg(unix)]
fn name(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if kind.is_dir() => "a directory",
        () if kind.is_fifo() => "a pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

#[cfg(not(unix))]
fn name(kind: FileType) -> &'static str {
    if kind.is_dir() { "a directory" } else { "something else" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_file_is_read_up_to_its_limit() {
        let path = std::env::temp_dir().join(format!("beanpole-files-{}", std::process::id()));
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read_regular(&path, 10).unwrap(), b"0123456789");
        assert_eq!(read_regular(&path, 9).unwrap_err().kind(), ErrorKind::FileTooLarge);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read_regular(&path, 10).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_named() {
        for (path, words) in [("/dev/zero", "a device"), ("/", "a directory")] {
            let error = read_regular(Path::new(path), 10).unwrap_err();
            assert_eq!(error.to_string(), format!("it is {words}, not a regular file"));
        }
        assert!(read_regular(Path::new("/dev/null"), 10).unwrap().is_empty());
    }
}
