//! The state of a value that needs a separate API call: read, failed, still to come, or not applicable.

use super::FaultKind;

/// A value that takes an API call of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known<T> {
    /// There is nothing to read: it does not apply.
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
