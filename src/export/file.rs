//! A file that is exported: its path below the folder, and its text.

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its path below the folder, with slashes.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Whether it is a script to run.
    pub is_executable: bool,
}

impl ExportedFile {
    /// A file that is read and not run.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), is_executable: false }
    }

    /// A file that is run.
    #[must_use]
    pub fn script(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { is_executable: true, ..Self::new(path, text) }
    }
}
