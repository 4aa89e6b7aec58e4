//! Files of the user's own that record what happened: the log of changes, and the program's own log.
//!
//! Only a regular file is opened, never the target of a symbolic link: another user may have put it there. Opening one
//! does not block either, as opening a pipe would. A file that others could read is made private to its owner.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

use crate::aws::open_own;

/// Opens a file to append to it and to read it; with `create`, makes it if it is missing. Its mode is 0600 afterwards.
///
/// # Errors
/// When it is a symbolic link, no regular file, or its mode cannot be changed; and as opening fails.
pub fn append(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(create);
    let file = open(path, &mut options)?;
    make_private(&file)?;
    Ok(file)
}

/// Opens a file to read it. Its mode is 0600 afterwards, if it is ours to change.
///
/// # Errors
/// When it is a symbolic link or no regular file, and as opening fails.
pub fn read(path: &Path) -> io::Result<File> {
    let file = open(path, OpenOptions::new().read(true))?;
    let _ = make_private(&file);
    Ok(file)
}

/// Makes directories that only their owner may enter.
#[must_use]
pub fn private_folder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    open_own(options, path)
}

/// Makes a file its owner's alone.
#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o7777 == 0o600 {
        return Ok(());
    }
    permissions.set_mode(0o600);
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::io::ErrorKind;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_is_its_owners_alone_whether_it_is_new_or_was_open_to_all() {
        let folder = tempfile::tempdir().unwrap();
        let (new, old) = (folder.path().join("new"), folder.path().join("old"));
        std::fs::write(&old, "kept").unwrap();
        std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o666)).unwrap();
        append(&new, true).unwrap();
        append(&old, true).unwrap();
        assert_eq!((mode(&new), mode(&old)), (0o600, 0o600));
        assert_eq!(std::fs::read(&old).unwrap(), b"kept");
        std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o644)).unwrap();
        read(&old).unwrap();
        assert_eq!(mode(&old), 0o600);
    }

    #[test]
    fn what_is_no_regular_file_is_refused_at_once_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        std::fs::write(place("target"), "theirs").unwrap();
        symlink(place("target"), place("link")).unwrap();
        symlink(place("nowhere"), place("dangling")).unwrap();
        std::fs::create_dir(place("folder")).unwrap();
        mknodat(CWD, place("pipe"), FileType::Fifo, Mode::from(0o600), 0).unwrap();
        let table = [
            (place("link"), "symbolic link"),
            (place("dangling"), "symbolic link"),
            (place("folder"), "directory"),
            (place("pipe"), "not a regular file"),
            ("/dev/null".into(), "not a regular file"),
            ("/dev/zero".into(), "not a regular file"),
        ];
        for (path, words) in table {
            for error in [append(&path, true).unwrap_err(), read(&path).unwrap_err()] {
                assert!(error.to_string().contains(words), "{}: {error}", path.display());
            }
        }
        assert_eq!(std::fs::read(place("target")).unwrap(), b"theirs");
        assert!(!place("nowhere").exists());
    }

    #[test]
    fn what_is_missing_is_not_made_unless_it_is_to_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none");
        assert_eq!(append(&path, false).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(read(&path).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
