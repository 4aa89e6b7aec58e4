//! The file that keeps a freeze, beside the journal: every process of this user reads it before it writes.
//!
//! A new one is written beside it and renamed, so that a reader finds the old one or the new one, never a part. What is
//! there and cannot be read counts as a freeze: that nothing is frozen has to be known.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::lock::{Holder, Locks};
use super::private_file;
use crate::change::{Freeze, Frozen};

/// The most that is read of it: its reason is a sentence.
const MOST: u64 = 64 << 10;

/// The name of the lock that a process holds while it replaces the file.
const LOCK: &str = "freeze";

/// The file of the freeze.
#[derive(Clone, Debug)]
pub struct FreezeFile {
    path: PathBuf,
    locks: Locks,
}

/// Why a freeze was not written.
#[derive(Debug, thiserror::Error)]
pub enum NotFrozen {
    /// Another freeze is in force that would end later.
    #[error("a freeze is in force that ends later")]
    EndsLater(Freeze),
    /// Another process is writing one.
    #[error("another beanpole is freezing or thawing (process {0})")]
    Busy(String),
    /// The file cannot be read or written.
    #[error("{path}: {error}", path = .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// What was lifted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lifted {
    /// There was none.
    Nothing,
    /// A freeze that was in force.
    Freeze(Freeze),
    /// One whose time was over.
    Expired(Freeze),
    /// A file that could not be read; why.
    Unreadable(Arc<str>),
}

impl FreezeFile {
    /// The file in this folder.
    pub(super) fn under(folder: &Path) -> Self {
        Self { path: folder.join("freeze.json"), locks: Locks::under(folder.join("operations")) }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns why writes are refused just now, if they are. Blocks while the disk does.
    #[must_use]
    pub fn frozen(&self) -> Option<Frozen> {
        match self.read() {
            Ok(freeze) => freeze.filter(|it| it.holds(Timestamp::now())).map(Frozen::By),
            Err(error) => Some(self.unreadable(&error)),
        }
    }

    /// The same, on a thread of its own: a home directory on a network may block.
    pub async fn frozen_now(&self) -> Option<Frozen> {
        let file = self.clone();
        let read = tokio::task::spawn_blocking(move || file.frozen()).await;
        read.unwrap_or_else(|error| Some(self.unreadable(&error)))
    }

    /// Freezes; returns the freeze that this one replaces, if one was in force.
    ///
    /// # Errors
    /// When a freeze is in force that ends later, and when the file cannot be read or replaced: what is there and is not
    /// understood is left to [`lift`](Self::lift).
    pub fn freeze(&self, freeze: &Freeze) -> Result<Option<Freeze>, NotFrozen> {
        self.alone(|| {
            let failed = |error| NotFrozen::File { path: self.path.clone(), error };
            let replaced = self.read().map_err(failed)?.filter(|it| it.holds(freeze.since));
            if let Some(other) = replaced.as_ref().filter(|other| freeze.ends_before(other)) {
                return Err(NotFrozen::EndsLater(other.clone()));
            }
            self.write(freeze).map_err(failed)?;
            Ok(replaced)
        })
    }

    /// Lifts the freeze, also one that cannot be read; what lies behind a symbolic link is left alone.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn lift(&self) -> Result<Lifted, NotFrozen> {
        self.alone(|| {
            let lifted = match self.read() {
                Ok(None) => return Ok(Lifted::Nothing),
                Ok(Some(freeze)) if freeze.holds(Timestamp::now()) => Lifted::Freeze(freeze),
                Ok(Some(freeze)) => Lifted::Expired(freeze),
                Err(error) => Lifted::Unreadable(error.to_string().into()),
            };
            let failed = |error| NotFrozen::File { path: self.path.clone(), error };
            fs::remove_file(&self.path).and_then(|()| self.sync_folder()).map_err(failed)?;
            Ok(lifted)
        })
    }

    /// Does this while no other process does.
    fn alone<T>(&self, does: impl FnOnce() -> Result<T, NotFrozen>) -> Result<T, NotFrozen> {
        match self.locks.take(LOCK) {
            Ok(Holder::Us { .. }) => {}
            Ok(Holder::Another(process)) => return Err(NotFrozen::Busy(process)),
            Err(error) => return Err(NotFrozen::File { path: self.path.clone(), error }),
        }
        let done = does();
        self.locks.release(LOCK);
        done
    }

    /// The freeze in the file, whether its time is over or not.
    fn read(&self) -> io::Result<Option<Freeze>> {
        let file = match private_file::read(&self.path) {
            Ok(file) => file,
            // Where its folder is none, there is no journal either, and so no write.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes)?;
        serde_json::from_slice(&bytes).map(Some).map_err(io::Error::from)
    }

    fn write(&self, freeze: &Freeze) -> io::Result<()> {
        let beside = self.path.with_extension(format!("{}.new", std::process::id()));
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private_file::append(&beside, true)?;
        file.write_all(&serde_json::to_vec(freeze)?)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        self.sync_folder()
    }

    /// The file's name has to survive a crash, too.
    fn sync_folder(&self) -> io::Result<()> {
        #[cfg(unix)]
        File::open(self.path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(())
    }

    fn unreadable(&self, error: &dyn std::fmt::Display) -> Frozen {
        Frozen::Unreadable { path: self.path.display().to_string().into(), why: error.to_string().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn freeze(until: Option<i64>) -> Freeze {
        let now = Timestamp::now();
        let until = until.map(|seconds| now + jiff::SignedDuration::from_secs(seconds));
        Freeze { since: now, until, reason: "release".into() }
    }

    fn file() -> (tempfile::TempDir, FreezeFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = FreezeFile::under(&folder.path().join("beanpole"));
        (folder, file)
    }

    #[test]
    fn what_is_frozen_is_frozen_until_it_is_lifted_or_its_time_is_over() {
        let (_folder, file) = file();
        assert_eq!(file.frozen(), None);
        let open = freeze(None);
        assert_eq!(file.freeze(&open).unwrap(), None);
        assert_eq!(file.frozen(), Some(Frozen::By(open.clone())));
        assert_eq!(file.lift().unwrap(), Lifted::Freeze(open));
        assert_eq!((file.frozen(), file.lift().unwrap()), (None, Lifted::Nothing));
        let over = freeze(Some(-1));
        file.freeze(&over).unwrap();
        assert_eq!(file.frozen(), None);
        assert_eq!(file.lift().unwrap(), Lifted::Expired(over));
    }

    #[test]
    fn one_that_ends_later_is_not_shortened() {
        let (_folder, file) = file();
        let (short, long) = (freeze(Some(60)), freeze(Some(3_600)));
        file.freeze(&short).unwrap();
        assert_eq!(file.freeze(&long).unwrap(), Some(short.clone()));
        assert!(matches!(file.freeze(&short), Err(NotFrozen::EndsLater(other)) if other == long));
        assert_eq!(file.frozen(), Some(Frozen::By(long)));
    }

    #[test]
    fn another_process_that_freezes_is_waited_for_by_nobody() {
        let (folder, file) = file();
        let other = FreezeFile::under(&folder.path().join("beanpole"));
        file.alone(|| {
            assert!(matches!(other.freeze(&freeze(None)), Err(NotFrozen::Busy(_))));
            assert!(matches!(other.lift(), Err(NotFrozen::Busy(_))));
            Ok(())
        })
        .unwrap();
        assert!(other.freeze(&freeze(None)).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_is_a_freeze_and_can_be_lifted() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        type Spoilt = (&'static str, fn(&Path));
        let spoil: [Spoilt; 4] = [
            ("not JSON", |path| fs::write(path, "{\"since\":\"2026").unwrap()),
            ("no reason", |path| fs::write(path, "{\"since\":\"2026-11-23T14:00:00Z\"}").unwrap()),
            ("empty", |path| fs::write(path, "").unwrap()),
            ("a link", |path| symlink(path.with_file_name("theirs"), path).unwrap()),
        ];
        for (what, spoil) in spoil {
            let (_folder, file) = file();
            file.freeze(&freeze(None)).unwrap();
            assert_eq!(file.path().metadata().unwrap().permissions().mode() & 0o777, 0o600);
            fs::remove_file(file.path()).unwrap();
            fs::write(file.path().with_file_name("theirs"), serde_json::to_vec(&freeze(None)).unwrap()).unwrap();
            spoil(file.path());
            let frozen = file.frozen();
            assert!(matches!(frozen, Some(Frozen::Unreadable { .. })), "{what}: {frozen:?}");
            assert!(matches!(file.freeze(&freeze(None)), Err(NotFrozen::File { .. })), "{what}");
            assert!(matches!(file.lift(), Ok(Lifted::Unreadable(_))), "{what}");
            assert_eq!(file.frozen(), None, "{what}");
            assert!(file.path().with_file_name("theirs").exists(), "{what}");
        }
    }

    #[test]
    fn what_a_process_that_was_killed_left_beside_it_is_no_freeze_and_in_nobodys_way() {
        let (_folder, file) = file();
        file.freeze(&freeze(None)).unwrap();
        file.lift().unwrap();
        fs::write(file.path().with_extension(format!("{}.new", std::process::id())), "{\"since\"").unwrap();
        assert_eq!(file.frozen(), None);
        assert!(file.freeze(&freeze(None)).is_ok());
    }
}
