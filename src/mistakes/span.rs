//! A span of time as people write it: whole numbers with units, the largest first: `90s`, `1h30m`, `2d`.
//!
//! jiff parses it. It accepts more than that (`1.5 hours`, `PT1H`, `1h ago`), which is refused before: files
//! of ours and scripts have one notation.

use jiff::{SignedDuration, Span, SpanRelativeTo};

/// Why a text is no span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanMistake {
    /// It is written in another way.
    Unreadable,
    /// It is longer than any time that can be meant.
    TooLong,
}

/// More digits than this are no number of 64 bits.
const MOST_DIGITS: usize = 18;

/// Reads a span of time, with units from `w` to `ms`, and a `-` before one that lies behind.
///
/// # Errors
/// If it is none, or longer than some ten thousand years.
pub fn span(text: &str) -> Result<SignedDuration, SpanMistake> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let is_ours = |byte: u8| byte.is_ascii_digit() || b"wdhms".contains(&byte);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit()) || !unsigned.bytes().all(is_ours) {
        return Err(SpanMistake::Unreadable);
    }
    if unsigned.split(|character: char| !character.is_ascii_digit()).any(|digits| digits.len() > MOST_DIGITS) {
        return Err(SpanMistake::TooLong);
    }
    let mistake = |error: &jiff::Error| if error.is_range() { SpanMistake::TooLong } else { SpanMistake::Unreadable };
    let span: Span = text.parse().map_err(|error| mistake(&error))?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| SpanMistake::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_in_their_units() {
        let milliseconds = |text| span(text).map(|span| span.as_millis());
        for (text, read) in [
            ("90s", 90_000),
            ("1h30m", 5_400_000),
            ("2d", 172_800_000),
            ("1w", 604_800_000),
            ("-26h", -93_600_000),
            ("150ms", 150),
            ("0s", 0),
        ] {
            assert_eq!(milliseconds(text), Ok(read), "{text}");
        }
        for text in ["", "-", "5", "h", "1y", "1.5h", "5 m", "5min", "1é", "PT1H", "--1h", "1h-30m", "30m1h", "1m1m"] {
            assert_eq!(milliseconds(text), Err(SpanMistake::Unreadable), "{text}");
        }
        for text in ["99999999999d", "99999999999999999999d", "9999999999999999999999999s"] {
            assert_eq!(milliseconds(text), Err(SpanMistake::TooLong), "{text}");
        }
    }
}
