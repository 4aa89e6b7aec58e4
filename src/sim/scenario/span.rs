//! Stretches of time as scenarios write them: `45s`, `4m`, `1h30m`, `31d`, `150ms`, and `-26h` for what began earlier.
//!
//! Kept in milliseconds, the unit of scenario time.

use crate::mistakes::{self, SpanMistake};
use serde::de::{Deserialize, Deserializer, Error};
use std::time::Duration;

/// A stretch of time, in milliseconds; negative before the start of the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub i64);

impl Span {
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds * 1000)
    }

    pub const fn days(days: i64) -> Self {
        Self::seconds(days * 86_400)
    }

    /// The stretch that a text means.
    pub fn parse(text: &str) -> Result<Self, SpanMistake> {
        i64::try_from(mistakes::span(text)?.as_millis()).map(Self).map_err(|_| SpanMistake::TooLong)
    }

    pub fn duration(self) -> Duration {
        Duration::from_millis(u64::try_from(self.0).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| D::Error::custom("expected a time such as 45s, 4m or 31d"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, SpanMistake};

    #[test]
    fn units_add_up() {
        assert_eq!(Span::parse("1h30m"), Ok(Span::seconds(5400)));
        assert_eq!(Span::parse("-26h"), Ok(Span::seconds(-26 * 3600)));
        assert_eq!(Span::parse("150ms"), Ok(Span(150)));
    }

    #[test]
    fn a_number_needs_its_unit() {
        for text in ["", "-", "5", "5 m", "m", "5min", "1.5h"] {
            assert_eq!(Span::parse(text), Err(SpanMistake::Unreadable), "{text}");
        }
    }
}
