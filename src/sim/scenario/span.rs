//! Stretches of time as scenarios write them: `45s`, `4m`, `1h30m`, `31d`, `150ms`, and `-26h` for what began earlier.
//!
//! Kept in milliseconds, the unit of scenario time.

use serde::de::{Deserialize, Deserializer, Error};
use std::time::Duration;

/// A stretch of time, in milliseconds; negative before the start of the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sim) struct Span(pub(in crate::sim) i64);

impl Span {
    pub(in crate::sim) const fn seconds(seconds: i64) -> Self {
        Self(seconds * 1000)
    }

    pub(in crate::sim) const fn days(days: i64) -> Self {
        Self::seconds(days * 86_400)
    }

    /// The stretch that a text means, or none.
    pub(in crate::sim) fn parse(text: &str) -> Option<Self> {
        let (sign, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        if rest.is_empty() {
            return None;
        }
        let mut total = 0_i64;
        while !rest.is_empty() {
            let digits = rest.find(|character: char| !character.is_ascii_digit())?;
            let count: i64 = rest[..digits].parse().ok()?;
            let units = rest[digits..].find(|character: char| character.is_ascii_digit());
            let end = units.map_or(rest.len(), |length| digits + length);
            total = total.checked_add(count.checked_mul(unit(&rest[digits..end])?)?)?;
            rest = &rest[end..];
        }
        Some(Self(sign * total))
    }

    pub(in crate::sim) fn duration(self) -> Duration {
        Duration::from_millis(u64::try_from(self.0).unwrap_or_default())
    }
}

fn unit(name: &str) -> Option<i64> {
    Some(match name {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    })
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("expected a time such as 45s, 4m or 31d"))
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn units_add_up() {
        assert_eq!(Span::parse("1h30m"), Some(Span::seconds(5400)));
        assert_eq!(Span::parse("-26h"), Some(Span::seconds(-26 * 3600)));
        assert_eq!(Span::parse("150ms"), Some(Span(150)));
    }

    #[test]
    fn a_number_needs_its_unit() {
        for text in ["", "-", "5", "5 m", "m", "5min", "1.5h"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
