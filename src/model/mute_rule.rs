//! Rules that mute the actions of alarms.
//!
//! A muted alarm still changes its state; its actions (a notification, a scaling policy) are left out while the rule is
//! active. When muting ends while the alarm is in ALARM, its actions run then (API reference, `DeleteAlarmMuteRule`).

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo};

use super::moment::Moment;
use super::wire_enum::wire_enum;

/// An alarm mute rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MuteRule {
    /// Its name, which is unique in account and region.
    pub name: Arc<str>,
    /// The names of the alarms that it mutes. None: those of the whole account and region (UNVERIFIED, from a comment in
    /// AWS's examples for .NET).
    pub alarms: Option<Vec<Arc<str>>>,
    /// `at(2026-11-27T14:00)` or `cron(0 2 * * *)`.
    pub expression: Arc<str>,
    /// How long it mutes each time, in ISO 8601: `PT1H`.
    pub duration: Arc<str>,
    /// The time zone of the expression; none: UTC.
    pub time_zone: Option<Arc<str>>,
    /// When it ends for good, if it does.
    pub expires: Option<Moment>,
    /// What it does at the moment.
    pub status: MuteStatus,
}

wire_enum! {
    /// What a mute rule does at the moment.
    MuteStatus {
        /// It will mute.
        Scheduled = "SCHEDULED",
        /// It mutes.
        Active = "ACTIVE",
        /// It will not mute any more.
        Expired = "EXPIRED",
    }
}

impl MuteRule {
    /// Does it mute, or will it?
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.status != MuteStatus::Expired
    }

    /// Does it mute this alarm now?
    #[must_use]
    pub fn mutes(&self, alarm: &str) -> bool {
        let is_meant = |names: &Vec<Arc<str>>| names.iter().any(|name| **name == *alarm);
        self.status == MuteStatus::Active && self.alarms.as_ref().is_none_or(is_meant)
    }

    /// When it stops muting: the end of its window if that is the only one, or of the rule. `None`: it repeats, or its time
    /// zone is not UTC.
    #[must_use]
    pub fn until(&self) -> Option<Moment> {
        let end = self.end_of_window();
        end.into_iter().chain(self.expires).min()
    }

    fn end_of_window(&self) -> Option<Moment> {
        let at = self.expression.strip_prefix("at(")?.strip_suffix(')')?;
        if !matches!(self.time_zone.as_deref(), None | Some("UTC")) {
            return None;
        }
        let from = at.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        let lasts: SignedDuration =
            self.duration.parse::<Span>().ok()?.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
        from.checked_add(lasts).ok().map(Moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_mutes_until_its_window_or_its_time_is_over() {
        let rule = |expression: &str, time_zone: Option<&str>, expires: Option<&str>| MuteRule {
            name: "beanpole-e-1".into(),
            alarms: Some(vec!["web".into()]),
            expression: expression.into(),
            duration: "PT90M".into(),
            time_zone: time_zone.map(Into::into),
            expires: expires.map(|at| Moment(at.parse().unwrap())),
            status: MuteStatus::Active,
        };
        let until = |it: &MuteRule| it.until().map(|at| at.0.to_string());
        let table = [
            (rule("at(2026-11-27T14:00)", None, None), Some("2026-11-27T15:30:00Z")),
            (rule("at(2026-11-27T14:00)", Some("UTC"), Some("2026-11-27T15:00:00Z")), Some("2026-11-27T15:00:00Z")),
            (rule("at(2026-11-27T14:00)", Some("Asia/Tokyo"), None), None),
            (rule("cron(0 2 * * *)", None, None), None),
            (rule("cron(0 2 * * *)", None, Some("2026-11-28T00:00:00Z")), Some("2026-11-28T00:00:00Z")),
            (rule("at(tomorrow)", None, None), None),
        ];
        for (rule, expected) in &table {
            assert_eq!(until(rule).as_deref(), *expected, "{rule:?}");
            assert!(rule.mutes("web") && !rule.mutes("other"));
        }
        let everything = MuteRule { alarms: None, ..table[0].0.clone() };
        assert!(everything.mutes("other"));
        assert!(!MuteRule { status: MuteStatus::Scheduled, ..everything }.mutes("web"));
    }
}
