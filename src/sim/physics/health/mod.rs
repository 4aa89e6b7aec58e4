//! Enhanced and basic health, as Beanstalk concludes them from the targets.
//!
//! Evaluated every 10 s, so the time is rounded down to that. While a deploy runs, what it does to an instance comes
//! before what the load balancer thinks of it; failing requests show themselves at once all the same.
//!
//! The shares at which an environment turns Warning, Degraded or Severe are assumptions: Beanstalk's rules are not
//! published (UNVERIFIED).

mod conclusion;
mod failing;
mod instances;

pub use conclusion::environment;
pub use failing::Failing;
pub use instances::instances;

/// Milliseconds between two evaluations.
pub const STEP: i64 = 10_000;

/// The statuses of enhanced health, from good to bad as far as they can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
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
    pub fn word(self) -> &'static str {
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

    pub fn colour(self) -> &'static str {
        match self {
            Self::Ok | Self::Info => "Green",
            Self::Warning => "Yellow",
            Self::Degraded | Self::Severe => "Red",
            Self::Pending | Self::Unknown | Self::NoData | Self::Suspended => "Grey",
        }
    }

    /// The value of the metric `EnvironmentHealth`.
    pub fn number(self) -> f64 {
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

/// How long an action on an instance stays in its causes (milliseconds; an assumption).
const MENTIONED: i64 = 60_000;

/// The health of one instance.
#[derive(Clone, Debug)]
pub struct InstanceHealth {
    /// Its place in the pool.
    pub place: usize,
    pub status: Status,
    pub causes: Vec<String>,
    /// What the conclusion about the environment is drawn from.
    facts: Facts,
}

/// The other facts of an instance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Facts {
    service_state: ServiceState,
    /// It runs another version than it should.
    astray: bool,
    /// The command of its last deployment failed, and its agent reports that.
    failed: bool,
    server_errors: f64,
    client_errors: f64,
}

/// What an instance is there for at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ServiceState {
    InService,
    /// The load balancer takes it for unhealthy.
    Out,
    /// The deploy command runs.
    Executing,
    /// Starting, or taken out of service.
    #[default]
    Aside,
}

/// The health of an environment.
#[derive(Clone, Debug)]
pub struct EnvironmentHealth {
    pub status: Status,
    pub colour: &'static str,
    pub causes: Vec<String>,
    pub instances: Vec<InstanceHealth>,
}

impl EnvironmentHealth {
    pub fn count(&self, status: Status) -> usize {
        self.instances.iter().filter(|instance| instance.status == status).count()
    }
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn colours_follow_the_guide() {
        assert_eq!(Status::Info.colour(), "Green");
        assert_eq!(Status::Degraded.colour(), "Red");
        assert_eq!(Status::Suspended.colour(), "Grey");
    }
}
