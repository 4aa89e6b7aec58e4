//! Alarms of `CloudWatch`: what each was put with, and the states that it has had.

use super::alarm_rule::AlarmRule;
use super::metric_math::Expression;
use super::values::Pair;
use std::sync::Mutex;

#[derive(Debug)]
pub struct Alarm {
    pub name: String,
    pub arn: String,
    pub description: Option<String>,
    pub watches: Watches,
    pub actions_enabled: bool,
    /// ARNs, for the states OK, ALARM and `INSUFFICIENT_DATA`.
    pub actions: [Vec<String>; 3],
    /// When it was put last.
    pub configured: i64,
    /// When it was created or updated, and which of both.
    pub edits: Vec<(i64, &'static str)>,
    /// False: the scenario dictates its state.
    pub follows: bool,
    /// What has been evaluated; a function of everything else, kept so that no minute is evaluated twice.
    pub past: Mutex<AlarmPast>,
}

/// What an alarm looks at.
#[derive(Clone, Debug)]
pub enum Watches {
    Metric(AlarmMetric, Evaluation),
    /// Queries, of which one is returned.
    Math(Vec<AlarmQuery>, Evaluation),
    /// Other alarms, by a rule and its text.
    Composite(AlarmRule, String),
}

#[derive(Clone, Debug)]
pub struct AlarmMetric {
    pub namespace: String,
    pub name: String,
    pub dimensions: Vec<Pair>,
    /// `Sum`, `p99`.
    pub statistic: String,
    /// Seconds.
    pub period: i64,
    pub unit: Option<String>,
}

#[derive(Clone, Debug)]
pub struct AlarmQuery {
    pub id: String,
    pub label: Option<String>,
    pub returned: bool,
    pub queried: Queried,
}

#[derive(Clone, Debug)]
pub enum Queried {
    Metric(AlarmMetric),
    Expression(String, Expression),
}

/// When it is in ALARM.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub periods: usize,
    /// How many of them must breach; none: all.
    pub datapoints: Option<usize>,
    pub threshold: f64,
    pub comparison: Comparison,
    /// `missing`, `ignore`, `breaching`, `notBreaching`; none: the first.
    pub missing: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// States, each from a time on, the oldest first; evaluated up to a minute.
#[derive(Clone, Debug, Default)]
pub struct AlarmPast {
    pub until: i64,
    pub changes: Vec<AlarmChange>,
}

#[derive(Clone, Debug)]
pub struct AlarmChange {
    pub at: i64,
    pub state: &'static str,
    pub reason: String,
}

pub const ALARM_STATES: [&str; 3] = ["OK", "ALARM", "INSUFFICIENT_DATA"];

impl Comparison {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Greater, "GreaterThanThreshold", "greater than"),
        (Self::GreaterOrEqual, "GreaterThanOrEqualToThreshold", "greater than or equal to"),
        (Self::Less, "LessThanThreshold", "less than"),
        (Self::LessOrEqual, "LessThanOrEqualToThreshold", "less than or equal to"),
    ];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name, _)| *name == text).map(|(it, _, _)| it)
    }

    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, _, _)| *it == self).map_or("", |(_, name, _)| name)
    }

    pub fn words(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, _, _)| *it == self).map_or("", |(_, _, words)| words)
    }

    pub fn breaches(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Greater => value > threshold,
            Self::GreaterOrEqual => value >= threshold,
            Self::Less => value < threshold,
            Self::LessOrEqual => value <= threshold,
        }
    }
}

impl Evaluation {
    pub fn least(&self) -> usize {
        self.datapoints.unwrap_or(self.periods)
    }
}

impl Alarm {
    pub fn is_composite(&self) -> bool {
        matches!(self.watches, Watches::Composite(..))
    }

    /// `MetricAlarm` or `CompositeAlarm`.
    pub fn kind(&self) -> &'static str {
        if self.is_composite() { "CompositeAlarm" } else { "MetricAlarm" }
    }

    /// Its actions on entering a state.
    pub fn actions_of(&self, state: &str) -> &[String] {
        let place = ALARM_STATES.iter().position(|it| *it == state);
        place.map_or(&[], |place| self.actions[place].as_slice())
    }
}

/// The state's name as it is kept, if it is one.
pub fn alarm_state(text: &str) -> Option<&'static str> {
    ALARM_STATES.into_iter().find(|state| *state == text)
}
