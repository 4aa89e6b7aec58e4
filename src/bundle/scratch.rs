//! A file of our own that only this user can read, and that is deleted when it is not needed any more.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The file.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Creates one in the folder for such files.
    pub(super) fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("beanpole-{:016x}.zip", fastrand::u64(..)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Opens it for writing.
    pub(super) fn file(&self) -> io::Result<File> {
        OpenOptions::new().write(true).truncate(true).open(&self.0)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "a packed folder is not deleted");
        }
    }
}
