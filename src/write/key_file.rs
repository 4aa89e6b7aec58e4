//! The key by which values that are never shown are hashed: random bytes in a file beside the journal, this user's alone.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::private_file;
use crate::change::HashKey;

/// How many bytes the key has.
const BYTES: usize = 32;

/// The file of the key.
#[derive(Clone, Debug)]
pub(super) struct KeyFile(PathBuf);

impl KeyFile {
    /// The file in this folder.
    pub(super) fn under(folder: &Path) -> Self {
        Self(folder.join("values.key"))
    }

    /// Reads the key. Blocks while the disk does.
    pub(super) fn read(&self) -> io::Result<HashKey> {
        let mut bytes = Vec::new();
        private_file::read(&self.0)?.take(BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() == BYTES {
            Ok(HashKey::new(&bytes))
        } else {
            Err(io::Error::new(ErrorKind::InvalidData, "it has not the length of a key: delete it"))
        }
    }

    /// Reads the key, and makes one if there is none. Blocks while the disk does.
    pub(super) fn read_or_create(&self) -> io::Result<HashKey> {
        match self.read() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            read => return read,
        }
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        // Another process may make one at the same moment: what comes first stays, and is whole.
        let new = self.0.with_extension(format!("{}.new", std::process::id()));
        self.0.parent().map_or(Ok(()), |folder| private_file::private_folder().create(folder))?;
        io::Write::write_all(&mut private_file::append(&new, true)?, &bytes)?;
        let linked = fs::hard_link(&new, &self.0);
        fs::remove_file(&new)?;
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => self.read(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::under(&folder.path().join("beanpole"));
        assert_eq!(file.read().unwrap_err().kind(), ErrorKind::NotFound);
        let key = file.read_or_create().unwrap();
        assert_eq!(file.read_or_create().unwrap(), key);
        assert_eq!(KeyFile::under(&folder.path().join("beanpole")).read().unwrap(), key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(file.0.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let other = KeyFile::under(&folder.path().join("other")).read_or_create().unwrap();
        assert_ne!(other, key);
        fs::write(&file.0, "short").unwrap();
        assert_eq!(file.read_or_create().unwrap_err().kind(), ErrorKind::InvalidData);
    }
}
