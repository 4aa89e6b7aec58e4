//! The bundle of an application version: a zip, or a folder that is made one as `eb deploy` does; what is in it, and
//! whether Beanstalk could start it.

mod archive;
mod content;
mod error;
mod folder;
mod scratch;
mod starts;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

pub use content::{Content, MOST_OF_BUNDLE};
pub use error::BundleError;
pub use starts::{Startup, startup};

use crate::change::{BundleFile, hexadecimal};
use scratch::Scratch;

/// A bundle that is ready to be sent. What was packed for it is deleted with it.
#[derive(Debug)]
pub struct Bundle {
    /// The file.
    pub file: BundleFile,
    /// What is in it.
    pub content: Content,
    /// What is odd about it, in sentences.
    pub remarks: Vec<String>,
    _scratch: Option<Scratch>,
}

impl Bundle {
    /// Reads a zip, or packs a folder.
    ///
    /// # Errors
    /// When there is neither, it cannot be read, it is larger than Beanstalk takes, or nothing of use is in it.
    pub fn open(path: &Path) -> Result<Self, BundleError> {
        let kind = std::fs::metadata(path).map_err(|error| BundleError::unread(path, error))?;
        let (path, scratch, packed_remarks) = if kind.is_dir() {
            let scratch = Scratch::new().map_err(BundleError::Unwritten)?;
            let remarks = folder::pack(path, &scratch)?;
            (scratch.path().to_owned(), Some(scratch), remarks)
        } else {
            if kind.len() > MOST_OF_BUNDLE {
                return Err(BundleError::TooLarge { path: path.to_owned(), bytes: Some(kind.len()) });
            }
            // The write is recorded with it, and may be looked at from another folder.
            (std::path::absolute(path).map_err(|error| BundleError::unread(path, error))?, None, Vec::new())
        };
        let (content, remarks) = archive::read(&path)?;
        let file = measured(&path)?;
        let remarks = packed_remarks.into_iter().chain(remarks).collect();
        Ok(Self { file, content, remarks, _scratch: scratch })
    }
}

/// The size and the checksum of a file.
fn measured(path: &Path) -> Result<BundleFile, BundleError> {
    let unread = |error: io::Error| BundleError::unread(path, error);
    let text = path.to_str().ok_or_else(|| BundleError::Name(path.to_owned()))?;
    let mut file = File::open(path).map_err(unread)?;
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 64 << 10]);
    loop {
        let read = file.read(&mut piece).map_err(unread)?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
        bytes += read as u64;
    }
    Ok(BundleFile { path: text.into(), bytes, sha256: hexadecimal(&hash.finalize()).into() })
}

#[cfg(test)]
mod tests;
