//! From the SDK's values to the model's. An empty text is no text: the Query protocol may send an absent value so. And no
//! text is longer than a limit, because each is drawn, searched and kept many times.

use std::sync::Arc;

use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::model::{Key, Moment, ScopeId, shortened};

/// The most bytes of a text: what is longer is cut. AWS's own limits are far below it.
pub(super) const MOST_TEXT: usize = 16 << 10;
/// The most bytes of an id, which cannot be cut. An ARN has 2,048 at most.
const MOST_ID: usize = 2 << 10;

/// The text, unless it is missing or empty; a long one is cut.
pub(super) fn text(value: Option<&str>) -> Option<Arc<str>> {
    value.filter(|value| !value.is_empty()).map(|value| shortened(value, MOST_TEXT).into())
}

/// The text, or an empty one; a long one is cut.
pub(super) fn plain(value: Option<&str>) -> Arc<str> {
    text(value).unwrap_or_default()
}

/// All texts that are there and not empty.
pub(super) fn texts<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Vec<Arc<str>> {
    values.into_iter().filter_map(text).collect()
}

/// The instant, unless it is missing or outside of the years -9999 to 9999.
pub(super) fn moment(value: Option<&DateTime>) -> Option<Moment> {
    let value = value?;
    Timestamp::new(value.secs(), i32::try_from(value.subsec_nanos()).ok()?).ok().map(Moment)
}

/// The instant as the SDK takes it.
pub(super) fn date_time(moment: Moment) -> DateTime {
    DateTime::from_nanos(moment.0.as_nanosecond()).unwrap_or(DateTime::from_secs(0))
}

/// Returns the key of an item from its id, which is required; logs an item without one.
pub(super) fn key<T>(scope: ScopeId, id: Option<&str>, what: &'static str) -> Option<Key<T>> {
    let id = id.filter(|id| !id.is_empty() && id.len() <= MOST_ID);
    if id.is_none() {
        tracing::warn!(what, "skipped an item without its id, or with one that is too long");
    }
    Some(Key::new(scope, id?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_beyond_all_calendars_is_no_time() {
        assert_eq!(moment(Some(&DateTime::from_secs(0))), Some(Moment::EPOCH));
        assert_eq!(moment(Some(&DateTime::from_secs(i64::MAX))), None);
        assert_eq!(moment(None), None);
    }

    #[test]
    fn an_empty_id_is_none() {
        assert!(key::<()>(ScopeId(0), Some(""), "thing").is_none());
        assert!(key::<()>(ScopeId(0), Some(&"x".repeat(MOST_ID + 1)), "thing").is_none());
        assert_eq!(texts([Some("a"), None, Some("")]), [Arc::from("a")]);
    }
}
