//! From the SDK's values to the model's. An empty text is no text: a query answer tells an absent value either way.

use std::sync::Arc;

use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::model::{Key, Moment, ScopeId};

/// The text, unless it is missing or empty.
pub(super) fn text(value: Option<&str>) -> Option<Arc<str>> {
    value.filter(|value| !value.is_empty()).map(Arc::from)
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

/// The key of an item, by the id that it cannot do without; says so in the log if it has none.
pub(super) fn key<T>(scope: ScopeId, id: Option<&str>, what: &'static str) -> Option<Key<T>> {
    let id = text(id);
    if id.is_none() {
        tracing::warn!(what, "skipped an item without its id");
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
        assert_eq!(texts([Some("a"), None, Some("")]), [Arc::from("a")]);
    }
}
