//! A lock file for each operation that is under way, so that of several beanpoles one alone carries it out.
//!
//! The lock is the operating system's, which releases it when its holder dies, however it dies. Where the file system
//! has no locks there are none: then only the process id in the journal shows whether it is still running.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::private_file;

/// The locks that this process holds, by the ids of the operations.
#[derive(Clone, Debug)]
pub(super) struct Locks {
    folder: PathBuf,
    held: Arc<Mutex<HashMap<String, Option<File>>>>,
}

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// This process, by now or as before.
    Us {
        /// Whether it held the lock already.
        already: bool,
    },
    /// Another, by what it wrote into the file.
    Another(String),
}

impl Locks {
    /// The locks in this folder.
    pub(super) fn under(folder: PathBuf) -> Self {
        Self { folder, held: Arc::default() }
    }

    fn path(&self, id: &str) -> PathBuf {
        // The journal may have been changed by another hand: an id leads nowhere else.
        let safe: String =
            id.chars().map(|it| if it.is_ascii_alphanumeric() || it == '-' { it } else { '_' }).collect();
        self.folder.join(format!("{safe}.lock"))
    }

    /// Takes the lock of an operation, unless another process holds it. Blocks while the disk does.
    pub(super) fn take(&self, id: &str) -> io::Result<Holder> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.contains_key(id) {
            return Ok(Holder::Us { already: true });
        }
        private_file::private_folder().create(&self.folder)?;
        let path = self.path(id);
        let mut file = private_file::append(&path, true)?;
        let file = match file.try_lock() {
            Ok(()) => {
                // For people, and for the message of a second beanpole.
                file.set_len(0)?;
                write!(file, "{}", std::process::id())?;
                Some(file)
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.take(32).read_to_string(&mut holder)?;
                return Ok(Holder::Another(holder));
            }
            Err(TryLockError::Error(error)) if is_unsupported(&error) => None,
            Err(TryLockError::Error(error)) => return Err(error),
        };
        held.insert(id.to_owned(), file);
        Ok(Holder::Us { already: false })
    }

    /// Whether a process holds the lock of an operation; none if there is no lock to be asked.
    pub(super) fn is_held(&self, id: &str) -> Option<bool> {
        if self.held.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id) {
            return Some(true);
        }
        let file = File::open(self.path(id)).ok()?;
        match file.try_lock_shared() {
            Ok(()) => Some(false),
            Err(TryLockError::WouldBlock) => Some(true),
            Err(TryLockError::Error(_)) => None,
        }
    }

    /// Gives the lock of an operation back.
    pub(super) fn release(&self, id: &str) {
        if self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(id).is_some() {
            // Gone before it is unlocked: who has it open already finds in the journal that all is over.
            let _ = std::fs::remove_file(self.path(id));
        }
    }
}

fn is_unsupported(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error()) {
        return true;
    }
    error.kind() == ErrorKind::Unsupported
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_until_it_is_given_back_or_dies() {
        let folder = tempfile::TempDir::new().unwrap();
        let locks = || Locks::under(folder.path().join("operations"));
        let (one, other) = (locks(), locks());
        assert_eq!(one.is_held("a"), None);
        assert_eq!(one.take("a").unwrap(), Holder::Us { already: false });
        assert_eq!(one.take("a").unwrap(), Holder::Us { already: true });
        assert_eq!(other.take("a").unwrap(), Holder::Another(std::process::id().to_string()));
        assert_eq!((one.is_held("a"), other.is_held("a")), (Some(true), Some(true)));
        assert_eq!(other.take("b").unwrap(), Holder::Us { already: false });
        one.release("a");
        assert_eq!(other.is_held("a"), None);
        assert_eq!(other.take("a").unwrap(), Holder::Us { already: false });
        // As when its process dies.
        drop(other);
        assert_eq!(one.is_held("a"), Some(false));
        assert_eq!(one.take("a").unwrap(), Holder::Us { already: false });
    }
}
