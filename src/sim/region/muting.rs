//! Rules that mute alarms, and when they do.

use super::mute_windows::MuteWindows;

#[derive(Debug)]
pub struct MuteRule {
    pub name: String,
    pub arn: String,
    pub description: Option<String>,
    /// As they were given.
    pub expression: String,
    pub duration: String,
    pub zone: Option<String>,
    /// What they mean.
    pub windows: MuteWindows,
    /// The names of the alarms; none: all (a comment in AWS's examples for .NET, otherwise UNVERIFIED).
    pub targets: Option<Vec<String>>,
    pub start: Option<i64>,
    pub expire: Option<i64>,
    pub updated: i64,
}

impl MuteRule {
    /// EXPIRED is documented for a rule whose expiry date has passed; that it also applies once the only window is over is
    /// UNVERIFIED.
    pub fn status(&self, now: i64) -> &'static str {
        let is_over = self.expire.is_some_and(|expire| expire <= now) || self.windows.are_over(now);
        let has_begun = self.start.is_none_or(|start| start <= now);
        match () {
            () if is_over => "EXPIRED",
            () if has_begun && self.windows.contain(now) => "ACTIVE",
            () => "SCHEDULED",
        }
    }

    pub fn targets_alarm(&self, alarm: &str) -> bool {
        self.targets.as_ref().is_none_or(|targets| targets.iter().any(|target| target == alarm))
    }
}
