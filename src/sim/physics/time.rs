//! Times as the wire has them.

use jiff::Timestamp;

/// A time for the wire; what no calendar holds becomes the Unix epoch.
pub fn timestamp(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
