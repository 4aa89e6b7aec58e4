//! How far back: `90s`, `30m`, `1h30m`, `2d`.

use std::time::Duration;

use crate::mistakes::{self, SpanMistake};

/// The longest span of time that means anything here: older than all that AWS keeps, longer than anything takes.
const LONGEST_DAYS: u64 = 3_650;

/// Reads a span of time, in whole seconds.
pub fn span(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let wrong =
        || format!("`{}` is no span of time: give one such as 90s, 30m, 1h30m or 2d", crate::model::clean(text));
    if text.contains("ms") {
        return Err(wrong());
    }
    let span = match mistakes::span(text) {
        Ok(span) => Duration::try_from(span).unwrap_or_default(),
        Err(SpanMistake::TooLong) => return Err(too_long(text)),
        Err(SpanMistake::Unreadable) => return Err(wrong()),
    };
    match span.as_secs() {
        0 => Err(wrong()),
        seconds if seconds > LONGEST_DAYS * 86_400 => Err(too_long(text)),
        _ => Ok(span),
    }
}

fn too_long(text: &str) -> String {
    format!("`{}` is longer than ten years: give at most {LONGEST_DAYS}d", crate::model::clean(text))
}

/// Reads a span of time that may be none: `0`.
pub fn span_or_none(text: &str) -> Result<Duration, String> {
    if matches!(text.trim(), "0" | "0s" | "0m") { Ok(Duration::ZERO) } else { span(text) }
}

/// Reads a number of seconds, or a span of time.
pub fn seconds(text: &str) -> Result<u64, String> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return span(&format!("{text}s")).map(|span| span.as_secs());
    }
    span(text).map(|span| span.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_in_their_units() {
        let seconds = |text| span(text).map(|span| span.as_secs());
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("1h30m"), Ok(5_400));
        assert_eq!(seconds("2d"), Ok(172_800));
        assert_eq!((super::seconds("300"), super::seconds("5m")), (Ok(300), Ok(300)));
        for wrong in
            ["", "0s", "1", "h", "1y", "-1h", "1.5h", "1 h", "1é", "3651d", "99999999999d", "9999999999999999d"]
        {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        for long in ["3651d", "99999999999d", "99999999999999999999d", "9999999999999999999999999s"] {
            assert!(seconds(long).is_err_and(|words| words.contains("at most 3650d")), "{long}");
        }
        assert_eq!(seconds("3650d"), Ok(315_360_000));
        assert!(super::seconds("99999999999").is_err_and(|words| words.contains("at most 3650d")));
    }
}
