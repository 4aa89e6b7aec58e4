//! How far the setup of HTTPS is, or its undoing.

mod acting;

/// The progress; the operation itself goes on whether it is shown or not, see
/// [`Https`](crate::app::operations::Https).
#[derive(Clone, Copy, Debug)]
pub struct HttpsProgress;
