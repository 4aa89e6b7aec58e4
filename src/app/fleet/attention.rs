//! Who needs attention: one rule, over values alone. What cannot be relied on is never fine, and what was bad when it
//! was last seen stays so.

use std::time::Duration;

use crate::model::{
    Doubt, DoubtCause, Environment, EnvironmentStatus, HealthColour, HealthStatus, Moment, Service, TargetCounts,
};

/// How long a command may take on an instance, unless the environment's option `Timeout` says otherwise.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(600);
/// What Beanstalk adds to the command timeout before it ends a command itself.
const ADDED: Duration = Duration::from_secs(240);

/// Whether an environment needs somebody to look at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attention {
    /// It does, the worst reason first.
    Needs(Reason),
    /// It may: something by which that is judged cannot be relied on.
    Unknown(Doubt),
    /// Something by which that is judged was not read yet, and is going to be.
    #[default]
    Unread,
    /// It does not.
    Fine,
}

/// Why an environment needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No target of it is healthy.
    NoHealthyTarget,
    /// Its health is Severe.
    Severe,
    /// Beanstalk has stopped monitoring it.
    Suspended,
    /// Its basic health is Red.
    Red,
    /// Its health is Degraded.
    Degraded,
    /// A target fails its health check.
    UnhealthyTarget,
    /// Its health is Warning.
    Warning,
    /// Its basic health is Yellow.
    Yellow,
    /// A target gets no traffic.
    UnusedTarget,
    /// An update is being aborted.
    Aborting,
    /// An update takes longer than it may.
    Stuck,
    /// Its instances run different versions, and no update is in progress.
    MixedVersions,
}

impl Reason {
    /// How bad that is; 0 is worst.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::NoHealthyTarget | Self::Severe => 0,
            Self::Suspended | Self::Red => 1,
            Self::Degraded | Self::UnhealthyTarget => 2,
            Self::Warning | Self::Yellow | Self::UnusedTarget | Self::Aborting | Self::Stuck | Self::MixedVersions => 3,
        }
    }

    /// Whether the reason is the health that Beanstalk reports.
    #[must_use]
    pub fn is_health(self) -> bool {
        matches!(self, Self::Severe | Self::Suspended | Self::Red | Self::Degraded | Self::Warning | Self::Yellow)
    }
}

/// What the attention of an environment is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Vitals<'a> {
    /// The environment, as it was last listed.
    pub environment: &'a Environment,
    /// Its targets, as they were last read; none where it has none of a load balancer's, or they were never read.
    pub targets: Option<TargetCounts>,
    /// Whether its instances were last seen with different versions.
    pub mixed_versions: bool,
    /// Its option `Timeout`, if its settings were read.
    pub command_timeout: Option<Duration>,
    /// Why one of these cannot be relied on.
    pub doubt: Option<Doubt>,
}

/// Whether an environment needs attention.
#[must_use]
pub fn attention(vitals: &Vitals<'_>, now: Moment) -> Attention {
    if let Some(reason) = worst(vitals, now) {
        return Attention::Needs(reason);
    }
    match vitals.doubt {
        Some(Doubt { cause: DoubtCause::Unread, .. }) => Attention::Unread,
        Some(doubt) => Attention::Unknown(doubt),
        None if has_no_health(vitals.environment) => {
            Attention::Unknown(Doubt { service: Service::Beanstalk, cause: DoubtCause::NoData, read_at: None })
        }
        None => Attention::Fine,
    }
}

/// The worst reason, by what was last read.
fn worst(vitals: &Vitals<'_>, now: Moment) -> Option<Reason> {
    let environment = vitals.environment;
    let reasons = [
        vitals.targets.and_then(|counts| of_targets(&counts, &environment.status)),
        of_health(environment),
        (environment.status == EnvironmentStatus::Aborting).then_some(Reason::Aborting),
        is_stuck(environment, vitals.command_timeout, now).then_some(Reason::Stuck),
        (vitals.mixed_versions && environment.status == EnvironmentStatus::Ready).then_some(Reason::MixedVersions),
    ];
    reasons.into_iter().flatten().min_by_key(|reason| reason.rank())
}

fn of_targets(counts: &TargetCounts, status: &EnvironmentStatus) -> Option<Reason> {
    // An environment that is being made or unmade has none for a while.
    let has_none = counts.expected + counts.draining == 0 && *status == EnvironmentStatus::Ready;
    match () {
        () if has_none || counts.is_without_healthy() => Some(Reason::NoHealthyTarget),
        () if counts.has_unhealthy() => Some(Reason::UnhealthyTarget),
        () if counts.unused > 0 => Some(Reason::UnusedTarget),
        () => None,
    }
}

/// The reason that Beanstalk's health is. Enhanced health decides where it has data; basic health has only a colour.
#[must_use]
pub fn of_health(environment: &Environment) -> Option<Reason> {
    match &environment.health_status {
        Some(HealthStatus::Severe) => Some(Reason::Severe),
        Some(HealthStatus::Suspended) => Some(Reason::Suspended),
        Some(HealthStatus::Degraded) => Some(Reason::Degraded),
        Some(HealthStatus::Warning) => Some(Reason::Warning),
        None | Some(HealthStatus::NoData) => match environment.health {
            Some(HealthColour::Red) => Some(Reason::Red),
            Some(HealthColour::Yellow) => Some(Reason::Yellow),
            _ => None,
        },
        Some(_) => None,
    }
}

/// Whether Beanstalk itself does not know the health. While something is being done to the environment, Grey is usual.
#[must_use]
pub fn has_no_health(environment: &Environment) -> bool {
    let is_idle = environment.status == EnvironmentStatus::Ready;
    is_idle
        && match &environment.health_status {
            Some(HealthStatus::Unknown | HealthStatus::Other(_)) => true,
            None | Some(HealthStatus::NoData) => {
                !matches!(environment.health, Some(HealthColour::Green | HealthColour::Yellow | HealthColour::Red))
            }
            Some(_) => false,
        }
}

/// Whether it is updating for longer than a command may take.
#[must_use]
pub fn is_stuck(environment: &Environment, command_timeout: Option<Duration>, now: Moment) -> bool {
    let since = environment.updated.filter(|_| environment.status == EnvironmentStatus::Updating);
    let longest = command_timeout.unwrap_or(COMMAND_TIMEOUT).saturating_add(ADDED);
    since.is_some_and(|at| now.since(at) > longest)
}

/// How many environments need attention, of how many that is not known, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many need it.
    pub needs: usize,
    /// How many may need it.
    pub unknown: usize,
    /// How many were not read yet.
    pub unread: usize,
    /// Why it is not known, the most frequent reason first.
    pub reasons: Vec<(String, usize)>,
}

impl Summary {
    /// Adds another environment.
    pub fn add(&mut self, attention: &Attention) {
        match attention {
            Attention::Needs(_) => self.needs += 1,
            Attention::Unread => self.unread += 1,
            Attention::Fine => {}
            Attention::Unknown(doubt) => {
                self.unknown += 1;
                let reason = doubt.reason();
                match self.reasons.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, count)) => *count += 1,
                    None => self.reasons.push((reason, 1)),
                }
            }
        }
    }

    /// Puts the most frequent reason first.
    pub fn sort(&mut self) {
        self.reasons.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    }

    /// Whether no environment needs attention or may need it.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.needs + self.unknown + self.unread == 0
    }

    /// Those that need attention, in words; nothing if none does.
    #[must_use]
    pub fn need_words(&self) -> String {
        match self.needs {
            0 => String::new(),
            1 => "1 needs attention".into(),
            needs => format!("{needs} need attention"),
        }
    }

    /// Those of which it is not known, in words, with as many reasons as asked for; nothing if there are none.
    #[must_use]
    pub fn unknown_words(&self, reasons: usize) -> String {
        let mut words = String::new();
        if self.unknown > 0 {
            let shown: Vec<_> = self.reasons.iter().take(reasons).map(|(reason, _)| reason.as_str()).collect();
            let more = if self.reasons.len() > reasons && reasons > 0 { ", …" } else { "" };
            words = match reasons {
                0 => format!("{} unknown", self.unknown),
                _ => format!("{} unknown ({}{more})", self.unknown, shown.join(", ")),
            };
        }
        if self.unread > 0 {
            let gap = if words.is_empty() { "" } else { ", " };
            words = format!("{words}{gap}{} not read yet", self.unread);
        }
        words
    }
}

#[cfg(test)]
mod tests;
