//! What decides about the targets of a group, from one time until the next: its health check, how long targets drain, and
//! stickiness.

use super::answers::Answers;
use super::values::HealthCheck;

/// What is in force; milliseconds, but for what AWS counts in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub check: HealthCheck,
    /// How long a target drains.
    pub delay: i64,
    pub stickiness: Option<Stickiness>,
    /// The answer of a healthy application to a check.
    pub well: Answers,
    /// The check asks for another path than the one that the scenario's failures are about.
    pub elsewhere: bool,
}

/// Cookies lead clients back to the target that they know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stickiness {
    /// Since when; none: always.
    pub since: Option<i64>,
    /// Seconds after which a returning client is sent to any target.
    pub duration: i64,
    /// The application's own cookie decides.
    pub by_application: bool,
}

/// What is in force at any time of the scenario.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub first: Settings,
    /// What replaced it, the oldest first.
    pub later: Vec<(i64, Settings)>,
}

impl History {
    pub fn at(&self, time: i64) -> &Settings {
        let place = self.later.partition_point(|(from, _)| *from <= time);
        if place == 0 { &self.first } else { &self.later[place - 1].1 }
    }

    /// When something changed for the first time.
    pub fn first_change(&self) -> Option<i64> {
        self.later.first().map(|(from, _)| *from)
    }

    /// All that ever were in force, the first one first.
    pub fn all(&self) -> impl Iterator<Item = &Settings> {
        std::iter::once(&self.first).chain(self.later.iter().map(|(_, settings)| settings))
    }
}

impl Settings {
    /// Returns what is wrong with the answers of an application, from the check's view; `None`: it passes.
    pub fn verdict(&self, answers: Answers) -> Option<Answers> {
        let got = match (self.well, answers) {
            // The request is not received, or not understood.
            (Answers::TimesOut | Answers::Refuses, _) => self.well,
            (well, Answers::Well) => well,
            // Codes below 500 are the path's own; above, the whole application is down.
            (well, Answers::Code(..500)) if self.elsewhere => well,
            (_, Answers::Code(code)) if self.check.expects(code) => Answers::Well,
            (_, answers) => answers,
        };
        (got != Answers::Well).then_some(got)
    }
}
