//! Enhanced and basic health, as Beanstalk concludes them from the targets.
//!
//! Evaluated every 10 s, so the time is rounded down to that. The shares at which an environment turns Warning,
//! Degraded or Severe are assumptions: Beanstalk's rules are not published (UNVERIFIED).

use super::View;
use super::targets::{Answers, Condition, DEFAULT_CHECK, Front, State, condition};
use crate::sim::region::Environment;
use crate::sim::scenario::spec::Kind;

/// Milliseconds between two evaluations.
pub(in crate::sim) const STEP: i64 = 10_000;

/// Enhanced health's words, from good to bad as far as they can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sim) enum Status {
    Ok,
    Info,
    Pending,
    Unknown,
    NoData,
    Warning,
    Degraded,
    Severe,
    Suspended,
}

impl Status {
    pub(in crate::sim) fn word(self) -> &'static str {
        match self {
            Self::Ok => "Ok",
            Self::Info => "Info",
            Self::Pending => "Pending",
            Self::Unknown => "Unknown",
            Self::NoData => "NoData",
            Self::Warning => "Warning",
            Self::Degraded => "Degraded",
            Self::Severe => "Severe",
            Self::Suspended => "Suspended",
        }
    }

    pub(in crate::sim) fn colour(self) -> &'static str {
        match self {
            Self::Ok | Self::Info => "Green",
            Self::Warning => "Yellow",
            Self::Degraded | Self::Severe => "Red",
            Self::Pending | Self::Unknown | Self::NoData | Self::Suspended => "Grey",
        }
    }

    /// The value of the metric `EnvironmentHealth`.
    pub(in crate::sim) fn number(self) -> f64 {
        match self {
            Self::Ok => 0.0,
            Self::Info => 1.0,
            Self::Pending | Self::Unknown => 5.0,
            Self::NoData | Self::Suspended => 10.0,
            Self::Warning => 15.0,
            Self::Degraded => 20.0,
            Self::Severe => 25.0,
        }
    }

    fn named(word: &str) -> Option<Self> {
        let all = [
            Self::Ok,
            Self::Info,
            Self::Pending,
            Self::Unknown,
            Self::NoData,
            Self::Warning,
            Self::Degraded,
            Self::Severe,
            Self::Suspended,
        ];
        all.into_iter().find(|status| status.word() == word)
    }
}

/// The health of one instance.
#[derive(Clone, Debug)]
pub(in crate::sim) struct InstanceHealth {
    /// Its place in the pool.
    pub(in crate::sim) place: usize,
    pub(in crate::sim) status: Status,
    pub(in crate::sim) causes: Vec<String>,
}

/// The health of an environment.
#[derive(Clone, Debug)]
pub(in crate::sim) struct EnvironmentHealth {
    pub(in crate::sim) status: Status,
    pub(in crate::sim) colour: &'static str,
    pub(in crate::sim) causes: Vec<String>,
    pub(in crate::sim) instances: Vec<InstanceHealth>,
}

impl EnvironmentHealth {
    pub(in crate::sim) fn count(&self, status: Status) -> usize {
        self.instances.iter().filter(|instance| instance.status == status).count()
    }
}

/// The instances that Beanstalk watches now: those that are neither gone nor going.
pub(in crate::sim) fn instances(view: View<'_>, environment: &Environment) -> Vec<InstanceHealth> {
    let pool = &view.region.pools[environment.pool];
    let time = view.time().div_euclid(STEP) * STEP;
    (0..pool.instances.len())
        .filter_map(|place| {
            let (process, worst) = worst(view, environment, place, time);
            let (status, causes) = match worst.state {
                State::Absent | State::Terminated => return None,
                State::Unhealthy(answers) => (Status::Severe, vec![out_of_service(process, answers, &worst, time)]),
                State::Registering | State::Checking => (Status::Pending, vec![starting(&worst, time)]),
                State::Healthy | State::Draining => suspect(worst.answers),
            };
            Some(InstanceHealth { place, status, causes })
        })
        .collect()
}

/// An instance is in every target group of its environment; the worst one counts.
fn worst<'a>(view: View<'a>, environment: &Environment, place: usize, time: i64) -> (&'a str, Condition) {
    let pool = &view.region.pools[environment.pool];
    let rank = |condition: &Condition| match condition.state {
        State::Unhealthy(_) => 4,
        State::Registering | State::Checking => 3,
        _ if condition.answers != Answers::Well => 2,
        _ => 1,
    };
    environment
        .processes
        .iter()
        .map(|group| &view.region.target_groups[*group])
        .map(|group| (group.process.as_str(), condition(pool, group.into(), place, time)))
        .max_by_key(|(_, condition)| rank(condition))
        .unwrap_or_else(|| ("", condition(pool, Front { check: &DEFAULT_CHECK, delay: 20_000 }, place, time)))
}

fn out_of_service(process: &str, answers: Answers, condition: &Condition, time: i64) -> String {
    let reason = match answers {
        Answers::TimesOut => "Target.Timeout",
        Answers::Refuses => "Target.FailedHealthChecks",
        Answers::Code(_) | Answers::Well => "Target.ResponseCodeMismatch",
    };
    if process.is_empty() {
        return "Following services are not running: web.".to_owned();
    }
    let lasting = lasting(time - condition.since.unwrap_or(time));
    format!("Process {process} has been unhealthy for {lasting} ({reason}).")
}

/// `4 minutes`, `1 hour`: the largest whole unit.
fn lasting(milliseconds: i64) -> String {
    let minutes = (milliseconds / 60_000).max(1);
    let (count, unit) = match minutes {
        1440.. => (minutes / 1440, "day"),
        60.. => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn starting(condition: &Condition, time: i64) -> String {
    let seconds = (time - condition.since.unwrap_or(time)) / 1000;
    format!("Performing initialization (running for {seconds} seconds).")
}

/// In service as far as the load balancer knows, but failing requests.
fn suspect(answers: Answers) -> (Status, Vec<String>) {
    match answers {
        Answers::Code(500..) => {
            (Status::Warning, vec!["100.0 % of the requests are failing with HTTP 5xx.".to_owned()])
        }
        Answers::TimesOut => (Status::Warning, vec!["100.0 % of the requests are failing with HTTP 504.".to_owned()]),
        Answers::Refuses => (Status::Warning, vec!["100.0 % of the requests are failing with HTTP 502.".to_owned()]),
        Answers::Code(_) | Answers::Well => (Status::Ok, Vec::new()),
    }
}

/// What Beanstalk concludes about the environment.
pub(in crate::sim) fn environment(view: View<'_>, environment: &Environment) -> EnvironmentHealth {
    let instances = instances(view, environment);
    let (mut status, mut causes) = conclude(environment, &instances);
    if let Some(dictated) = environment.health_status.as_deref().and_then(Status::named) {
        status = dictated;
        causes.clear();
    }
    causes.extend(environment.causes.iter().cloned());
    let colour = if environment.enhanced { status.colour() } else { basic_colour(environment, &instances) };
    EnvironmentHealth { status, colour, causes, instances }
}

fn conclude(environment: &Environment, instances: &[InstanceHealth]) -> (Status, Vec<String>) {
    let total = instances.len();
    let count = |status| instances.iter().filter(|instance| instance.status == status).count();
    let (severe, warning, pending) = (count(Status::Severe), count(Status::Warning), count(Status::Pending));
    let balanced = environment.kind != Kind::Single && environment.kind != Kind::Worker;
    let of = |number: usize| {
        if number == total { "all instances".to_owned() } else { format!("{number} out of {total} instances") }
    };
    let impaired = |number| match balanced {
        true => vec![format!("ELB processes are not healthy on {}.", of(number))],
        false => vec![format!("Impaired services on {}.", of(number))],
    };
    match environment.status.as_str() {
        _ if total == 0 => (Status::NoData, vec!["None of the instances are sending data.".to_owned()]),
        "Launching" => (Status::Pending, Vec::new()),
        _ if severe == total && balanced => {
            let mut causes = impaired(severe);
            causes.push("ELB health is failing or not available for all instances.".to_owned());
            (Status::Severe, causes)
        }
        _ if severe * 2 >= total && severe > 0 => (Status::Severe, impaired(severe)),
        _ if severe * 100 >= total * 12 && severe > 0 => (Status::Degraded, impaired(severe)),
        _ if severe > 0 => (Status::Warning, impaired(severe)),
        _ if warning > 0 => {
            let share = warning as f64 * 100.0 / total as f64;
            (Status::Warning, vec![format!("{share:.1} % of the requests are failing with HTTP 5xx.")])
        }
        _ if pending > 0 => (Status::Info, vec![format!("Performing initialization on {}.", of(pending))]),
        "Updating" | "Aborting" => (Status::Info, vec![format!("Command is executing on {}.", of(total))]),
        _ => (Status::Ok, Vec::new()),
    }
}

/// Basic health knows only whether instances pass the load balancer's check.
fn basic_colour(environment: &Environment, instances: &[InstanceHealth]) -> &'static str {
    let failing = instances.iter().filter(|instance| instance.status == Status::Severe).count();
    match failing {
        _ if environment.status != "Ready" => "Grey",
        0 if instances.is_empty() => "Red",
        0 => "Green",
        _ if failing == instances.len() || failing >= 3 => "Red",
        _ => "Yellow",
    }
}

#[cfg(test)]
mod tests {
    use super::{Status, lasting};

    #[test]
    fn durations_are_told_in_their_largest_unit() {
        assert_eq!(lasting(20_000), "1 minute");
        assert_eq!(lasting(250_000), "4 minutes");
        assert_eq!(lasting(26 * 3_600_000), "1 day");
    }

    #[test]
    fn colours_follow_the_guide() {
        assert_eq!(Status::Info.colour(), "Green");
        assert_eq!(Status::Degraded.colour(), "Red");
        assert_eq!(Status::Suspended.colour(), "Grey");
    }
}
