//! A check: what it looks for, in which data, from which threshold, and its sentence.

use std::fmt;

/// How bad a finding is; the worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingSeverity {
    /// Clients are harmed, or are about to be.
    Critical,
    /// It should be changed before it harms.
    Warning,
    /// It is worth knowing.
    Info,
}

impl FindingSeverity {
    /// All, the worst first.
    pub const ALL: [Self; 3] = [Self::Critical, Self::Warning, Self::Info];

    /// The word of the JSON answers and of the table of signs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// What checks are about. The first ones, in this order, make up the sentence of the Fleet's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The health that Beanstalk reports.
    Health,
    /// The health of targets.
    Targets,
    /// An update in progress.
    Update,
    /// What the instances run.
    Versions,
    /// Alarms of `CloudWatch`.
    Alarms,
    /// Live values and Beanstalk's options.
    Drift,
    /// What belongs to what.
    Linking,
    /// Requests and errors.
    Traffic,
    /// HTTPS.
    Https,
    /// Stickiness.
    Stickiness,
    /// Health checks.
    HealthCheck,
    /// Listeners and rules.
    Routing,
    /// Timeouts.
    Timeouts,
    /// The Auto Scaling group.
    AutoScaling,
    /// How versions are deployed.
    Deploys,
    /// What alarms look at.
    AlarmSettings,
}

impl Topic {
    /// Returns whether the Fleet's row shows what is found.
    #[must_use]
    pub fn is_in_row(self) -> bool {
        self <= Self::Linking
    }
}

/// From where on something is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// Days.
    Days(u64),
    /// Seconds.
    Seconds(u64),
    /// Percent.
    Percent(f64),
    /// A number of things.
    Count(u64),
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days} d"),
            Self::Seconds(seconds) => write!(f, "{seconds} s"),
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

/// When a check finds something, and how bad that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grade {
    /// How bad.
    pub severity: FindingSeverity,
    /// How far up it moves the environment's row, 0 is first; `None`: it alone is no reason to look.
    pub attention: Option<u8>,
    /// When; `{}` is the threshold.
    pub when: &'static str,
    /// The threshold, if it is a number.
    pub threshold: Option<Threshold>,
}

impl Grade {
    /// Returns a grade that needs no attention.
    #[must_use]
    pub const fn new(severity: FindingSeverity, when: &'static str) -> Self {
        Self { severity, attention: None, when, threshold: None }
    }

    /// Adds a threshold.
    #[must_use]
    pub const fn at(self, threshold: Threshold) -> Self {
        Self { threshold: Some(threshold), ..self }
    }

    /// As a reason to look, of this rank.
    #[must_use]
    pub const fn attention(self, rank: u8) -> Self {
        Self { attention: Some(rank), ..self }
    }

    /// When, with its threshold.
    #[must_use]
    pub fn condition(&self) -> String {
        match self.threshold {
            Some(threshold) => self.when.replace("{}", &threshold.to_string()),
            None => self.when.to_owned(),
        }
    }
}

/// A check, as the table has it.
#[derive(Debug, PartialEq)]
pub struct Check {
    /// Its name, which never changes.
    pub id: &'static str,
    /// What it is about.
    pub topic: Topic,
    /// The kinds of sources that it reads, as the table of sources names them.
    pub inputs: &'static [&'static str],
    /// When it finds something, the worst first.
    pub grades: &'static [Grade],
    /// The least data without which it is undecided.
    pub needs: &'static str,
    /// What is found, in general: a sentence.
    pub sentence: &'static str,
    /// Why that matters.
    pub explanation: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

impl Check {
    /// How bad its worst finding is.
    #[must_use]
    pub fn severity(&self) -> FindingSeverity {
        self.grades.iter().map(|grade| grade.severity).min().unwrap_or(FindingSeverity::Info)
    }

    /// Returns whether a finding may need attention.
    #[must_use]
    pub fn may_need_attention(&self) -> bool {
        self.grades.iter().any(|grade| grade.attention.is_some())
    }
}
