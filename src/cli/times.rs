//! Times as commands print them: for people and for scripts.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::settings::Settings;
use crate::model::Moment;

/// A time for people: local with its offset, or in UTC.
pub fn time_words(settings: &Settings, at: Moment) -> String {
    let (zone, format) = if settings.config.utc {
        (TimeZone::UTC, "%Y-%m-%d %H:%M:%S Z")
    } else {
        (TimeZone::system(), "%Y-%m-%d %H:%M:%S %:z")
    };
    at.0.to_zoned(zone).strftime(format).to_string()
}

/// A time for scripts: RFC 3339 in UTC, to the millisecond, as AWS writes it.
pub fn time_json(at: Moment) -> String {
    let whole = Timestamp::from_millisecond(at.0.as_millisecond()).unwrap_or(at.0);
    format!("{whole:.3}")
}
