//! A project's file, and what is wrong with it.

/// A file of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFile {
    /// Its path below the project's folder, with slashes.
    pub path: String,
    /// Its text; `None` if it is not text.
    pub text: Option<String>,
}

/// Something wrong in a project's files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProjectMistake {
    /// The file.
    pub path: String,
    /// The line, from 1; `None` if it is the file as a whole.
    pub line: Option<usize>,
    /// What is wrong, in a sentence without its full stop.
    pub message: String,
    /// A name that does not exist, and those that do.
    pub unknown: Option<(String, Vec<String>)>,
}

impl ProjectMistake {
    pub(super) fn new(path: &str, line: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: line.into(), message: message.into(), unknown: None }
    }

    /// A name that does not exist, whose nearest is to be suggested.
    pub(super) fn unknown(self, name: &str, known: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { unknown: Some((name.to_owned(), known.into_iter().map(Into::into).collect())), ..self }
    }
}
