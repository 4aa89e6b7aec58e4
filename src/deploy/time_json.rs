//! Times as scripts read them.

use serde::ser::{Serialize, Serializer};

use crate::model::Moment;

/// A time for scripts: RFC 3339 in UTC, to the millisecond, as AWS writes it.
pub(super) fn time(at: Moment) -> String {
    let whole = jiff::Timestamp::from_millisecond(at.0.as_millisecond()).unwrap_or(at.0);
    format!("{whole:.3}")
}

/// The same for a time that may be missing.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
pub(super) fn maybe_time<S: Serializer>(at: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(time).serialize(serializer)
}
