//! What an operation is carried out with.

use super::audit::AuditLog;
use super::caller::Caller;
use crate::aws::{Session, UploadProgress};
use crate::model::Moment;
use crate::probe::Dialer;

/// What an operation is carried out with. What it does is in the files that use it: reading, guards, calls, looking up.
#[derive(Clone, Copy)]
pub struct JournalWriter<'a> {
    /// The session, with its credentials and region.
    pub session: &'a Session,
    /// Where it is recorded.
    pub log: &'a AuditLog,
    /// Who is recorded.
    pub caller: &'a Caller,
    /// The clock.
    pub now: &'a (dyn Fn() -> Moment + Send + Sync),
    /// What opens the connection of a request from outside.
    pub dialer: &'a Dialer,
    /// How far the upload of a file is, where that is shown.
    pub uploads: Option<&'a UploadProgress>,
}
