//! The log of changes: JSON lines in a file of the user's own, appended and flushed to the disk.
//!
//! Several beanpoles may write at once, so there is no state but the file: each line is one write in append mode. A line
//! that a crash cut off is closed by the next writer with a line feed, and skipped by readers. It is read from its end,
//! and not further back than [`MOST_READ`], so that a log of years costs no more than one of weeks.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::entry::{Entry, fold};
use super::freeze_file::FreezeFile;
use super::key_file::KeyFile;
use super::line::{JournalLine, KeptVerdict};
use super::lock::{Holder, Locks};
use super::private_file;
use crate::change::HashKey;
use crate::model::Moment;

/// How much of the log is read, from its end: some thousands of changes.
pub const MOST_READ: u64 = 4 << 20;

/// The log of changes.
#[derive(Clone, Debug)]
pub struct AuditLog {
    path: PathBuf,
    locks: Locks,
    freeze: FreezeFile,
    key: KeyFile,
}

/// What the log holds.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The changes, the oldest first.
    pub entries: Vec<Entry>,
    /// The verdicts of updates that were followed from this machine, the oldest first.
    pub verdicts: Vec<KeptVerdict>,
    /// The numbers of the lines that cannot be read, counted from the first that was.
    pub unreadable: Vec<usize>,
    /// How many bytes of older changes were not read.
    pub unread: u64,
}

impl AuditLog {
    /// The log in the user's directory for state (`$XDG_STATE_HOME`, `~/.local/state`).
    #[must_use]
    pub fn under(state: &Path) -> Self {
        let folder = state.join("beanpole");
        let (locks, freeze) = (Locks::under(folder.join("operations")), FreezeFile::under(&folder));
        Self { path: folder.join("changes.jsonl"), locks, freeze, key: KeyFile::under(&folder) }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The freeze of this user's machine, which is kept beside it.
    #[must_use]
    pub fn freeze(&self) -> &FreezeFile {
        &self.freeze
    }

    /// The key of hashes, if there is one that can be read.
    pub(super) async fn hash_key(&self) -> Option<HashKey> {
        let key = self.key.clone();
        tokio::task::spawn_blocking(move || key.read()).await.ok()?.ok()
    }

    /// The key of hashes, which is made if there is none.
    pub(super) async fn hash_key_or_new(&self) -> Result<HashKey, Arc<str>> {
        let key = self.key.clone();
        let failed = |why: &dyn std::fmt::Display| Arc::from(format!("the key of hidden values cannot be had: {why}"));
        let read = tokio::task::spawn_blocking(move || key.read_or_create()).await;
        read.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }

    /// Adds a line, which is on the disk when this returns.
    pub(super) async fn append(&self, line: &JournalLine) -> Result<(), Arc<str>> {
        let reported = |why: &dyn std::fmt::Display| Arc::from(format!("{}: {why}", self.path.display()));
        let text = serde_json::to_string(line).map_err(|error| reported(&error))?;
        let path = self.path.clone();
        // A home directory on a network may block: that must not delay other tasks here.
        let added = tokio::task::spawn_blocking(move || append(&path, &text)).await;
        added.map_err(|error| reported(&error))?.map_err(|error| reported(&error))
    }

    /// Holds the lock of an operation until it is released or this process ends; whether it was held already.
    pub(super) async fn hold(&self, id: &str) -> Result<bool, Arc<str>> {
        let (locks, id) = (self.locks.clone(), id.to_owned());
        let taken = tokio::task::spawn_blocking(move || locks.take(&id)).await;
        let failed = |why: &dyn std::fmt::Display| Arc::from(format!("its lock cannot be had: {why}"));
        match taken.map_err(|error| failed(&error))?.map_err(|error| failed(&error))? {
            Holder::Us { already } => Ok(already),
            Holder::Another(process) => Err(format!("is under way in another beanpole (process {process})").into()),
        }
    }

    /// Gives the lock of an operation back.
    pub(super) fn release(&self, id: &str) {
        self.locks.release(id);
    }

    /// Whether a process is at this operation, as far as can be known here.
    #[must_use]
    pub fn is_running(&self, entry: &Entry) -> bool {
        match self.locks.is_held(&entry.id) {
            Some(is_held) if !entry.process.is_elsewhere() => is_held,
            // Locks do not always reach from host to host, nor does anything else.
            _ if entry.process.is_elsewhere() => self.locks.is_held(&entry.id).unwrap_or(true),
            _ => entry.process.is_running(),
        }
    }

    /// What the journal holds of one operation, if it is among the newest.
    pub(super) async fn entry(&self, id: &str) -> Result<Option<Entry>, Arc<str>> {
        let log = self.clone();
        let failed = |why: &dyn std::fmt::Display| Arc::from(why.to_string());
        let read = tokio::task::spawn_blocking(move || log.read()).await;
        let history = read.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        Ok(history.entries.into_iter().find(|entry| entry.id == id))
    }

    /// When a step of an operation began.
    pub(super) async fn begun_at(&self, id: &str, place: usize) -> Option<Moment> {
        self.entry(id).await.ok()??.steps.get(place)?.begun.map(Moment)
    }

    /// Reads its newest part, up to 4 MiB. That there is no log yet is no error.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(&self) -> io::Result<History> {
        match private_file::read(&self.path) {
            Ok(file) => tail(file),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(History::default()),
            Err(error) => Err(error),
        }
    }

    /// Reads the lines of one change and of its undo, however old they are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read_change(&self, id: &str) -> io::Result<History> {
        let mut file = BufReader::new(private_file::read(&self.path)?);
        let (mut lines, mut line) = (Vec::new(), Vec::new());
        loop {
            line.clear();
            if file.by_ref().take(MOST_READ).read_until(b'\n', &mut line)? == 0 {
                return Ok(History { entries: fold(lines), ..History::default() });
            }
            // Ids are plain letters and digits, which JSON never escapes.
            if line.windows(id.len().max(1)).any(|part| part == id.as_bytes()) {
                lines.extend(serde_json::from_slice::<JournalLine>(&line));
            }
        }
    }
}

/// The last lines of a log.
fn tail(mut file: File) -> io::Result<History> {
    let length = file.metadata()?.len();
    let mut unread = length.saturating_sub(MOST_READ);
    file.seek(SeekFrom::Start(unread))?;
    let mut bytes = Vec::new();
    file.take(MOST_READ).read_to_end(&mut bytes)?;
    if unread > 0 {
        // The first line may be the end of one.
        let cut = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
        bytes.drain(..cut);
        unread += cut as u64;
    }
    let (mut lines, mut verdicts, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<JournalLine>(line) {
            Ok(JournalLine::UpdateVerdict(verdict)) => verdicts.push(*verdict),
            Ok(line) => lines.push(line),
            Err(_) => unreadable.push(number + 1),
        }
    }
    Ok(History { entries: fold(lines), verdicts, unreadable, unread })
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = open(path)?;
    let mut line = String::with_capacity(text.len() + 2);
    if is_cut(&mut file)? {
        line.push('\n');
    }
    line.push_str(text);
    line.push('\n');
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

fn open(path: &Path) -> io::Result<File> {
    match private_file::append(path, false) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        opened => return opened,
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    private_file::private_folder().create(folder)?;
    let file = private_file::append(path, true)?;
    // The file's name has to survive a crash, too.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(file)
}

/// Whether the last line lacks its end.
fn is_cut(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::line::EndedLine;

    fn ended(id: &str) -> JournalLine {
        let (outcome, request_ids) = ("applied".to_owned(), Vec::new());
        JournalLine::OperationEnded(EndedLine {
            id: id.to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
            outcome,
            request_ids,
            message: None,
        })
    }

    fn temporary(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("beanpole-audit-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    #[tokio::test]
    async fn a_line_that_was_cut_off_does_not_spoil_the_next() {
        let folder = temporary("cut");
        let log = AuditLog::under(&folder);
        log.append(&ended("a")).await.unwrap();
        let mut file = std::fs::OpenOptions::new().append(true).open(log.path()).unwrap();
        file.write_all(b"{\"line\":\"begun\",\"id\":\"b\",\"at\":\"20").unwrap();
        log.append(&ended("c")).await.unwrap();
        log.append(&ended("d")).await.unwrap();
        file.write_all(b"\xff\x00\n\n").unwrap();
        let text = std::fs::read(log.path()).unwrap();
        assert_eq!(text.split(|byte| *byte == b'\n').count(), 7);
        assert_eq!(log.read().unwrap().unreadable, [2, 5]);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = temporary("mode");
        let log = AuditLog::under(&folder);
        log.append(&ended("a")).await.unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(log.path()), 0o600);
        assert_eq!(mode(log.path().parent().unwrap()), 0o700);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn a_long_log_is_read_from_its_end() {
        let folder = temporary("long");
        let log = AuditLog::under(&folder);
        log.append(&ended("first")).await.unwrap();
        let filling = format!("{}\n", serde_json::to_string(&ended("filling")).unwrap());
        let mut file = std::fs::OpenOptions::new().append(true).open(log.path()).unwrap();
        file.write_all(filling.repeat(3 * MOST_READ as usize / filling.len()).as_bytes()).unwrap();
        file.write_all(b"no line of ours\n").unwrap();
        log.append(&ended("last")).await.unwrap();
        let history = log.read().unwrap();
        let length = log.path().metadata().unwrap().len();
        assert!(history.unread >= length - MOST_READ && history.unread < length - MOST_READ + 1_000);
        // Only that one: the line that the beginning cuts is not called unreadable.
        assert_eq!(history.unreadable.len(), 1);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn no_log_is_an_empty_one() {
        let history = AuditLog::under(Path::new("/nonexistent")).read().unwrap();
        assert!(history.entries.is_empty() && history.unreadable.is_empty() && history.unread == 0);
    }
}
