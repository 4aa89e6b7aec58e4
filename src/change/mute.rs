//! Muting the actions of alarms for a time, by a rule that expires.
//!
//! A rule begins at a full minute, in UTC, and lasts whole minutes (`PT1M` to `P15D`). A rule that begins in the current
//! minute mutes at once; AWS's documentation does not say so (UNVERIFIED), other clients do it this way. It also gets an
//! expiry date, so that it is EXPIRED when its window is over.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::calls::ApiCall;
use super::parameter::Parameter;
use super::writes;
use crate::model::Moment;

/// The prefix of the names of beanpole's rules.
pub const MUTE_RULE_PREFIX: &str = "beanpole-";
/// The most alarms of one rule (API reference).
pub const MOST_MUTED: usize = 100;
/// The most minutes of one rule: 15 days (API reference).
pub const MOST_MINUTES: u32 = 15 * 24 * 60;

/// Alarms whose actions are to be muted. A rule of the same name is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// The name of the rule.
    pub rule: Arc<str>,
    /// Its purpose.
    pub description: Arc<str>,
    /// The names of the alarms, at most [`MOST_MUTED`].
    pub alarms: Vec<Arc<str>>,
    /// From when on. The rule begins with the minute that this is in.
    pub from: Moment,
    /// The duration in minutes, at most [`MOST_MINUTES`].
    pub minutes: u32,
}

impl Mute {
    /// Returns when the rule ends: at a full minute, never before the minutes are over.
    #[must_use]
    pub fn until(&self) -> Moment {
        let (from, seconds) = (self.from.0.as_second(), i64::from(self.minutes) * 60);
        Moment(Timestamp::from_second((from + seconds + 59).div_euclid(60) * 60).unwrap_or(Timestamp::MAX))
    }

    /// The call.
    #[must_use]
    pub fn call(&self) -> ApiCall {
        let (from, until) = (self.from.0.as_second().div_euclid(60), self.until().0.as_second().div_euclid(60));
        let minutes = (until - from).min(i64::from(MOST_MINUTES));
        let begins = Timestamp::from_second(from * 60).unwrap_or_default();
        let schedule = Parameter::Structure(vec![
            ("Expression", Parameter::Text(begins.strftime("at(%Y-%m-%dT%H:%M)").to_string())),
            ("Duration", Parameter::Text(format!("PT{minutes}M"))),
            ("Timezone", Parameter::text("UTC")),
        ]);
        let alarms = Parameter::List(self.alarms.iter().map(|name| Parameter::text(&**name)).collect());
        let parameters = vec![
            ("Name", Parameter::text(&*self.rule)),
            ("Description", Parameter::text(&*self.description)),
            ("Rule", Parameter::Structure(vec![("Schedule", schedule)])),
            ("MuteTargets", Parameter::Structure(vec![("AlarmNames", alarms)])),
            ("ExpireDate", Parameter::Text(self.until().0.to_string())),
        ];
        ApiCall::new(&writes::PUT_ALARM_MUTE_RULE, parameters)
    }
}

/// The call that ends muting by the rule of this name. AWS accepts it for a rule that is gone, too.
#[must_use]
pub fn unmute(rule: &str) -> ApiCall {
    ApiCall::new(&writes::DELETE_ALARM_MUTE_RULE, vec![("AlarmMuteRuleName", Parameter::text(rule))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_covers_the_whole_time_in_full_minutes() {
        for (from, minutes, at, duration, until) in [
            ("2026-11-27T14:32:40.5Z", 60, "at(2026-11-27T14:32)", "PT61M", "2026-11-27T15:33:00Z"),
            ("2026-11-27T14:32:00Z", 60, "at(2026-11-27T14:32)", "PT60M", "2026-11-27T15:32:00Z"),
            ("2026-11-27T23:59:59Z", 1, "at(2026-11-27T23:59)", "PT2M", "2026-11-28T00:01:00Z"),
            ("2026-11-27T14:00:01Z", MOST_MINUTES, "at(2026-11-27T14:00)", "PT21600M", "2026-12-12T14:01:00Z"),
        ] {
            let from = Moment(from.parse().unwrap());
            let alarms = vec!["web-5xx".into(), "web-hosts".into()];
            let mute = Mute { rule: "beanpole-e-1".into(), description: "a deploy".into(), alarms, from, minutes };
            assert_eq!(mute.call().check(), Ok(()));
            let call = serde_json::to_value(mute.call()).unwrap();
            let schedule = &call["parameters"]["Rule"]["Schedule"];
            assert_eq!((&schedule["Expression"], &schedule["Duration"]), (&at.into(), &duration.into()));
            assert_eq!(call["parameters"]["ExpireDate"], until);
        }
    }

    #[test]
    fn both_are_commands() {
        let from = Moment("2026-11-27T14:32:00Z".parse().unwrap());
        let alarms = vec!["web-5xx".into()];
        let mute = Mute { rule: "beanpole-e-1".into(), description: "deploy".into(), alarms, from, minutes: 60 };
        assert_eq!(
            mute.call().command(&[]),
            "aws cloudwatch put-alarm-mute-rule --name beanpole-e-1 --description deploy --rule \
             '{\"Schedule\":{\"Expression\":\"at(2026-11-27T14:32)\",\"Duration\":\"PT60M\",\"Timezone\":\"UTC\"}}' \
             --mute-targets '{\"AlarmNames\":[\"web-5xx\"]}' --expire-date 2026-11-27T15:32:00Z"
        );
        let call = unmute("beanpole-e-1");
        assert_eq!(call.command(&[]), "aws cloudwatch delete-alarm-mute-rule --alarm-mute-rule-name beanpole-e-1");
    }
}
