//! The folder below which files are written: never outside of it, never through a symbolic link, and never over a file that
//! differs unless that is forced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use crate::cli::failure::Failure;
use crate::export::ExportedFile;

/// A folder, which need not be there yet.
pub(super) struct Folder(PathBuf);

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileAction {
    /// It is not there yet.
    Create,
    /// It is there and differs, and is replaced.
    Replace,
    /// It is there as it would be written.
    Unchanged,
    /// It is there and differs, and stays.
    Exists,
}

/// A file, with what is there in its place.
pub(super) struct PlannedFile {
    pub file: ExportedFile,
    /// The text that is there.
    pub before: Option<String>,
    pub action: FileAction,
}

impl FileAction {
    /// Its name on the screen and in JSON.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Unchanged => "unchanged",
            Self::Exists => "exists",
        }
    }
}

impl Folder {
    /// The folder of this path.
    pub(super) fn new(path: &Path) -> Result<Self, Failure> {
        match fs::metadata(path) {
            Ok(found) if !found.is_dir() => Err(Failure::usage(format!("{} is no folder", path.display()))),
            Err(error) if error.kind() != ErrorKind::NotFound => Err(cannot("read", path, error)),
            _ => Ok(Self(path.to_owned())),
        }
    }

    /// Looks at what is in a file's place.
    pub(super) fn plan(&self, file: &ExportedFile, is_forced: bool) -> Result<PlannedFile, Failure> {
        let path = self.checked(&file.path)?;
        let before = match fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(cannot("read", &path, error)),
        };
        let action = match &before {
            None => FileAction::Create,
            Some(bytes) if *bytes == file.text.as_bytes() => FileAction::Unchanged,
            Some(_) if is_forced => FileAction::Replace,
            Some(_) => FileAction::Exists,
        };
        let before = before.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(PlannedFile { file: file.clone(), before, action })
    }

    /// Writes a file, if it is to be written.
    pub(super) fn write(&self, planned: &PlannedFile) -> Result<(), Failure> {
        if !matches!(planned.action, FileAction::Create | FileAction::Replace) {
            return Ok(());
        }
        if let Some(folder) = self.0.join(&planned.file.path).parent() {
            fs::create_dir_all(folder).map_err(|error| cannot("make", folder, error))?;
        }
        // What is there may have changed since it was planned.
        let path = self.checked(&planned.file.path)?;
        let written = if planned.action == FileAction::Create {
            create(&path, &planned.file)
        } else {
            replace(&path, &planned.file)
        };
        written.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Failure::refused(format!("{} was made meanwhile", path.display())),
            _ => cannot("write", &path, error),
        })
    }

    /// The path of a file, if nothing on the way to it leads out of the folder.
    fn checked(&self, relative: &str) -> Result<PathBuf, Failure> {
        let mut path = self.0.clone();
        let parts: Vec<_> = Path::new(relative).components().collect();
        for (at, part) in parts.iter().enumerate() {
            let Component::Normal(name) = part else {
                return Err(Failure::refused(format!("`{relative}` is not below the folder")));
            };
            path.push(name);
            let found = match fs::symlink_metadata(&path) {
                Ok(found) => found,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(cannot("read", &path, error)),
            };
            if found.is_symlink() {
                let what = format!("{} is a symbolic link, through which nothing is written", path.display());
                return Err(Failure::refused(what));
            }
            let is_last = at + 1 == parts.len();
            if if is_last { !found.is_file() } else { !found.is_dir() } {
                let kind = if is_last { "file" } else { "folder" };
                return Err(Failure::refused(format!("{} is there and is no {kind}", path.display())));
            }
        }
        Ok(path)
    }
}

fn cannot(verb: &str, path: &Path, error: io::Error) -> Failure {
    Failure::system(format!("cannot {verb} {}", path.display()), error)
}

/// Makes a file that is not there, in which case nothing is written.
fn create(path: &Path, file: &ExportedFile) -> io::Result<()> {
    let mut made = OpenOptions::new().write(true).create_new(true).open(path)?;
    made.write_all(file.text.as_bytes())?;
    allow(&made, file)
}

/// Puts a file in another's place at once, so that no half of it is ever there.
fn replace(path: &Path, file: &ExportedFile) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let mut made = OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let written = made
        .write_all(file.text.as_bytes())
        .and_then(|()| made.set_permissions(fs::metadata(path)?.permissions()))
        .and_then(|()| allow(&made, file))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Lets a script be run by everyone who may read it.
#[cfg(unix)]
fn allow(opened: &File, file: &ExportedFile) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if !file.is_executable {
        return Ok(());
    }
    let mut permissions = opened.metadata()?.permissions();
    let mode = permissions.mode();
    permissions.set_mode(mode | (mode & 0o444) >> 2);
    opened.set_permissions(permissions)
}

#[cfg(not(unix))]
fn allow(_: &File, _: &ExportedFile) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn planned(folder: &Folder, path: &str, text: &str, is_forced: bool) -> Result<FileAction, Failure> {
        let planned = folder.plan(&ExportedFile::new(path, text), is_forced)?;
        folder.write(&planned)?;
        Ok(planned.action)
    }

    #[test]
    fn a_file_that_differs_is_replaced_only_by_force() {
        let home = TempDir::new().unwrap();
        let folder = Folder::new(&home.path().join("project")).unwrap();
        let path = home.path().join("project/.platform/nginx/x.conf");
        for (text, is_forced, action, after) in [
            ("one", false, FileAction::Create, "one"),
            ("one", false, FileAction::Unchanged, "one"),
            ("two", false, FileAction::Exists, "one"),
            ("two", true, FileAction::Replace, "two"),
        ] {
            assert_eq!(planned(&folder, ".platform/nginx/x.conf", text, is_forced).unwrap(), action);
            assert_eq!(fs::read_to_string(&path).unwrap(), after);
        }
        let names = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(names, 1, "nothing else is left there");
    }

    #[test]
    fn nothing_is_written_outside_of_the_folder() {
        let home = TempDir::new().unwrap();
        let folder = Folder::new(home.path()).unwrap();
        for path in ["../x", "/etc/x", "a/../../x", "."] {
            assert!(planned(&folder, path, "x", true).is_err(), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_on_the_way_is_refused() {
        let (home, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let folder = Folder::new(home.path()).unwrap();
        fs::write(elsewhere.path().join("kept"), "kept").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), home.path().join("linked")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("kept"), home.path().join("file")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("missing"), home.path().join("dangling")).unwrap();
        for path in ["linked/x", "file", "dangling"] {
            let failure = planned(&folder, path, "x", true).unwrap_err();
            assert!(failure.to_string().contains("symbolic link"), "{failure}");
        }
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(elsewhere.path().join("kept")).unwrap(), "kept");
    }

    #[test]
    fn what_is_in_the_way_is_refused() {
        let home = TempDir::new().unwrap();
        let folder = Folder::new(home.path()).unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        fs::create_dir(home.path().join("folder")).unwrap();
        for path in ["file/x", "folder"] {
            assert!(
                planned(&folder, path, "x", true).unwrap_err().to_string().contains("is there and is no"),
                "{path}"
            );
        }
        assert!(Folder::new(&home.path().join("file")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_script_can_be_run_and_its_neighbours_cannot() {
        use std::os::unix::fs::PermissionsExt;
        let home = TempDir::new().unwrap();
        let folder = Folder::new(home.path()).unwrap();
        for (file, expected) in [(ExportedFile::script("a.sh", "x"), 0o100), (ExportedFile::new("a.conf", "x"), 0)] {
            let planned = folder.plan(&file, false).unwrap();
            folder.write(&planned).unwrap();
            let mode = fs::metadata(home.path().join(&file.path)).unwrap().permissions().mode();
            assert_eq!(mode & 0o100, expected, "{}", file.path);
        }
    }
}
