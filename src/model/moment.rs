//! The only time in the model: an instant that arrives with each message. Nothing in here reads a clock.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An instant in UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment(pub Timestamp);

impl Moment {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(Timestamp::UNIX_EPOCH);

    /// How long after `earlier` this is; nothing if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::try_from(self.0.duration_since(earlier.0)).unwrap_or_default()
    }

    /// This much later; stops at the end of time.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.checked_add(duration).unwrap_or(Timestamp::MAX))
    }

    /// This much earlier; stops at the beginning of time.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.checked_sub(duration).unwrap_or(Timestamp::MIN))
    }
}

/// In UTC, to the second: `2026-11-27T15:33:00Z`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%SZ"))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A span in at most two units and six characters, which jiff's printer cannot do: `0s`, `42s`, `3m12s`, `4h05m`, `3d04h`.
#[must_use]
pub fn span_words(span: Duration) -> String {
    let seconds = span.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match () {
        () if seconds < 60 => format!("{seconds}s"),
        () if minutes < 60 => format!("{minutes}m{:02}s", seconds % 60),
        () if hours < 24 => format!("{hours}h{:02}m", minutes % 60),
        () if days < 100 => format!("{days}d{:02}h", hours % 24),
        () => format!("{days}d"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short_and_line_up() {
        let words = |seconds| span_words(Duration::from_secs(seconds));
        assert_eq!(words(0), "0s");
        assert_eq!(words(59), "59s");
        assert_eq!(words(192), "3m12s");
        assert_eq!(words(4 * 3600 + 300), "4h05m");
        assert_eq!(words(3 * 86_400 + 4 * 3600), "3d04h");
        assert_eq!(words(412 * 86_400), "412d");
        // Each unit from its first second on.
        assert_eq!([60, 3_600, 86_400, 8_640_000].map(words), ["1m00s", "1h00m", "1d00h", "100d"]);
        assert_eq!([3_599, 86_399, 8_639_999].map(words), ["59m59s", "23h59m", "99d23h"]);
    }

    #[test]
    fn a_clock_that_went_back_gives_no_negative_age() {
        let now = Moment::EPOCH.plus(Duration::from_secs(10));
        assert_eq!(Moment::EPOCH.since(now), Duration::ZERO);
        assert_eq!(now.since(Moment::EPOCH), Duration::from_secs(10));
    }
}
