//! A freeze: no write from this user's machine until it is lifted or its time is over.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A freeze, as its file has it. Its times are those of this machine's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// Since when.
    pub since: Timestamp,
    /// When it ends by itself; until it is lifted, if there is no such time.
    pub until: Option<Timestamp>,
    /// Why, in the user's words.
    pub reason: Arc<str>,
}

/// Why every write is refused just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frozen {
    /// A freeze is in force.
    By(Freeze),
    /// Its file is there and cannot be read: that there is none is not known.
    Unreadable {
        /// The file.
        path: Arc<str>,
        /// Why it cannot be read.
        why: Arc<str>,
    },
}

impl Freeze {
    /// Returns whether it holds at this moment of this machine's clock.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Returns until when it holds, without its reason: `until 2026-11-23 16:00 +01:00`, `until it is lifted`.
    #[must_use]
    pub fn end(&self, zone: &TimeZone) -> String {
        match self.until {
            None => "until it is lifted".to_owned(),
            Some(until) => format!("until {}", until.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %:z")),
        }
    }

    /// Returns whether it ends before another does.
    #[must_use]
    pub fn ends_before(&self, other: &Self) -> bool {
        match (self.until, other.until) {
            (Some(ours), Some(theirs)) => ours < theirs,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

/// In UTC, because the journal keeps it.
impl fmt::Display for Frozen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::By(freeze) => {
                write!(f, "writes are frozen {}: {}; beanpole thaw lifts it", freeze.end(&TimeZone::UTC), freeze.reason)
            }
            Self::Unreadable { path, why } => write!(
                f,
                "whether writes are frozen is not known, so nothing is written: {path} cannot be read ({why}); beanpole \
                 thaw removes it"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn freeze(until: Option<&str>) -> Freeze {
        let until = until.map(|it| it.parse().unwrap());
        Freeze { since: Timestamp::UNIX_EPOCH, until, reason: "release weekend".into() }
    }

    #[test]
    fn it_ends_at_its_time_and_not_before() {
        let timed = freeze(Some("2026-11-23T16:00:00Z"));
        assert!(timed.holds("2026-11-23T15:59:59Z".parse().unwrap()));
        assert!(!timed.holds("2026-11-23T16:00:00Z".parse().unwrap()));
        assert!(freeze(None).holds("9999-01-01T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn one_without_an_end_ends_last() {
        let (early, late, open) =
            (freeze(Some("2026-11-23T16:00:00Z")), freeze(Some("2026-11-23T17:00:00Z")), freeze(None));
        assert!(early.ends_before(&late) && late.ends_before(&open));
        assert!(!late.ends_before(&early) && !early.ends_before(&early) && !open.ends_before(&open));
        assert!(!open.ends_before(&late));
    }

    #[test]
    fn the_sentence_names_end_reason_and_the_way_out() {
        let words = |frozen: Frozen| frozen.to_string();
        assert_eq!(
            words(Frozen::By(freeze(Some("2026-11-23T16:00:00Z")))),
            "writes are frozen until 2026-11-23 16:00 +00:00: release weekend; beanpole thaw lifts it"
        );
        assert_eq!(
            words(Frozen::By(freeze(None))),
            "writes are frozen until it is lifted: release weekend; beanpole thaw lifts it"
        );
        let unreadable = words(Frozen::Unreadable { path: "/s/freeze.json".into(), why: "it is a directory".into() });
        assert!(unreadable.contains("not known") && unreadable.contains("/s/freeze.json"), "{unreadable}");
    }
}
