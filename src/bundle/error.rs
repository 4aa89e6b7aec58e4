//! Why something is no bundle.

use std::io;
use std::path::{Path, PathBuf};

use super::content::MOST_OF_BUNDLE;

/// Why something is no bundle that Beanstalk would take.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It is not there, or cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Unread {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// There is no place for what is packed.
    #[error("the folder cannot be packed: {0}")]
    Unwritten(io::Error),
    /// It is no zip, or a broken one.
    #[error("{} is no zip that can be read: {why}", path.display())]
    NoZip {
        /// The file.
        path: PathBuf,
        /// What the library says.
        why: String,
    },
    /// Nothing is in it.
    #[error("{} has no file in it", .0.display())]
    Empty(PathBuf),
    /// It is larger than Beanstalk takes.
    #[error("{} {}: Beanstalk takes bundles of up to {} MB", path.display(), size(*bytes), MOST_OF_BUNDLE >> 20)]
    TooLarge {
        /// The file or folder.
        path: PathBuf,
        /// Its size, if it was not packed.
        bytes: Option<u64>,
    },
    /// A file in it is encrypted.
    #[error("{0} in it is encrypted, and Beanstalk has no password")]
    Encrypted(String),
    /// A file in it would be unpacked outside of the application's folder.
    #[error("{0} in it leads out of the folder that it is unpacked to")]
    Outside(String),
    /// A name is not UTF-8.
    #[error("{} has a name that is not UTF-8, which not every unzip takes", .0.display())]
    Name(PathBuf),
}

impl BundleError {
    pub(super) fn unread(path: &Path, error: io::Error) -> Self {
        Self::Unread { path: path.to_owned(), error }
    }
}

fn size(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "becomes too large".to_owned(), |bytes| format!("has {} MB", bytes >> 20))
}
