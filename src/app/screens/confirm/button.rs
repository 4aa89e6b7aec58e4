//! What can have the focus in a confirmation.

/// The focused element of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// The field for what has to be typed.
    Name,
    /// Do nothing.
    Cancel,
    /// Write it.
    Apply,
}
