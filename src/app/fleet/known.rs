//! What is known of a part of a row that takes an API call of its own.

use crate::model::FaultKind;

/// A value that takes an API call of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known<T> {
    /// It does not apply to this environment.
    #[default]
    Absent,
    /// Not read yet.
    Pending,
    /// Could not be read, and why.
    Failed(FaultKind),
    /// Read.
    Read(T),
}

impl<T> Known<T> {
    /// The value, if it was read.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        if let Self::Read(value) = self { Some(value) } else { None }
    }
}
