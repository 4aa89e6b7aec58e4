//! The user's configuration file while the dashboard runs: a silence is written into it, and it is read again.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::writes::WriteTasks;
use crate::app::screens::fleet::Column;
use crate::app::{Action, Message};
use crate::aws::{MOST_OF_SETTINGS, read_text};
use crate::config::{self, KnownNames, SilenceEdit, Silences};
use crate::diagnosis::checks;

impl WriteTasks {
    /// Makes a change of the silences in the configuration file, on a thread of its own.
    pub async fn silence(&self, edit: SilenceEdit) -> Message {
        let path = self.configuration.clone();
        let written = tokio::task::spawn_blocking(move || match path {
            Some(path) => written(&path, &edit),
            None => Err("there is no place for a configuration: no home directory is known".to_owned()),
        });
        Message::Silenced(written.await.unwrap_or_else(|error| Err(error.to_string())))
    }
}

/// Makes the change and returns all silences that the file has then.
///
/// # Errors
/// The file cannot be read, changed or written; in words.
fn written(path: &Path, edit: &SilenceEdit) -> Result<Silences, String> {
    let name = path.display().to_string().escape_debug().to_string();
    let cannot = |what: &str, why: &dyn std::fmt::Display| format!("the configuration {name} cannot be {what}: {why}");
    let place = place(path).map_err(|error| cannot("read", &error))?;
    let before = match &place {
        Some(place) => read_text(place, MOST_OF_SETTINGS).map_err(|error| cannot("read", &error))?,
        None => String::new(),
    };
    let after = edit.applied(&before).map_err(|error| cannot("changed", &error))?;
    let columns = Column::names();
    let checks: Vec<_> = checks().map(|check| check.id).collect();
    let known = KnownNames { actions: &Action::names(), columns: &columns, checks: &checks };
    let layer = config::parse(&name, &after, &known);
    let layer = layer.map_err(|error| cannot("used", &error.to_string().lines().next().unwrap_or_default()))?;
    let put = match &place {
        Some(place) => replace(place, &before, &after),
        None => create(path, &after),
    };
    put.map_err(|error| cannot("written", &error))?;
    Ok(config::defaults().over(layer).silence)
}

/// The file itself, behind any symbolic link; `None` if there is none yet.
fn place(path: &Path) -> io::Result<Option<PathBuf>> {
    match fs::canonicalize(path) {
        Ok(place) => Ok(Some(place)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_ok() => {
            Err(io::Error::new(error.kind(), "it is a symbolic link to nothing"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes the first configuration file, and the directories that it is in.
fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut made = OpenOptions::new().write(true).create_new(true).open(path)?;
    made.write_all(text.as_bytes())?;
    made.sync_all()
}

/// Puts the text in the place of the one that was read, at once and with its mode. A file that may not be written is left.
fn replace(path: &Path, before: &str, after: &str) -> io::Result<()> {
    OpenOptions::new().append(true).open(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let mut made = OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let put = made
        .write_all(after.as_bytes())
        .and_then(|()| made.set_permissions(fs::metadata(path)?.permissions()))
        .and_then(|()| made.sync_all())
        .and_then(|()| unchanged(path, before))
        .and_then(|()| fs::rename(&beside, path));
    if put.is_err() {
        let _ = fs::remove_file(&beside);
    }
    put
}

/// An editor may have saved it meanwhile.
fn unchanged(path: &Path, before: &str) -> io::Result<()> {
    if read_text(path, MOST_OF_SETTINGS)? == before {
        return Ok(());
    }
    Err(io::Error::other("it was changed by another program just now"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit() -> SilenceEdit {
        SilenceEdit::Add { check: "drift".into(), pattern: "shop".into(), reason: "known".into() }
    }

    const NEW: &str = "[silence.drift]\n\"shop\" = \"known\"\n";

    #[test]
    fn the_first_file_is_made_with_its_directory() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("beanpole/config.toml");
        let silences = written(&path, &edit()).unwrap();
        assert_eq!(silences.of("shop").into_iter().collect::<Vec<_>>(), [("drift", "known")]);
        assert_eq!(fs::read_to_string(&path).unwrap(), NEW);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_the_mode_stay_and_a_protected_file_is_left() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let home = tempfile::tempdir().unwrap();
        let (path, link) = (home.path().join("real.toml"), home.path().join("config.toml"));
        fs::write(&path, "# mine\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        written(&link, &edit()).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("# mine\n\n{NEW}"));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
        fs::remove_file(&path).unwrap();
        assert!(written(&link, &edit()).unwrap_err().ends_with("it is a symbolic link to nothing"));
    }

    #[test]
    fn what_cannot_be_used_is_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.toml");
        for (text, why) in
            [("utc = ", "cannot be changed: it is not valid TOML"), ("uct = true\n", "unknown key `uct`")]
        {
            fs::write(&path, text).unwrap();
            let refused = written(&path, &edit()).unwrap_err();
            assert!(refused.contains(why), "{refused}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert!(written(home.path(), &edit()).unwrap_err().contains("cannot be read"));
        fs::write(&path, "a").unwrap();
        assert!(replace(&path, "b", "c").unwrap_err().to_string().contains("another program"));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
