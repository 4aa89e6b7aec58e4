//! How long a fault has lasted, from Beanstalk's causes, and since when.
//!
//! The texts give whole units, rounded down: `Process default has been unhealthy for 4 minutes (...)`. From one reading to
//! the next the moment that follows from them moves by less than a unit; the earliest is nearest to the truth.

use std::time::Duration;

use super::{Instance, InstanceHealth, Key, Map, Moment};

/// The minimum duration of a fault, and the unit in which the cause gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lasting {
    span: Duration,
    unit: Duration,
}

impl Lasting {
    /// Parses a cause; `None` if it contains no duration. The duration of an operation is no fault's age.
    fn parse(cause: &str) -> Option<Self> {
        let (_, rest) = cause.split_once(" been ")?;
        let (_, rest) = rest.split_once(" for ")?;
        let mut words = rest.split_whitespace();
        let count: u32 = match words.next()? {
            "a" | "an" | "one" => 1,
            number => number.parse().ok()?,
        };
        let unit = words.next()?.trim_end_matches(|end: char| !end.is_ascii_alphabetic());
        let seconds = match unit.trim_end_matches('s') {
            "second" => 1,
            "minute" => 60,
            "hour" => 3600,
            "day" => 86_400,
            _ => return None,
        };
        let unit = Duration::from_secs(seconds);
        Some(Self { span: unit * count, unit })
    }
}

/// Since when instances are unhealthy, as Beanstalk reports it.
#[derive(Clone, Debug, Default)]
pub struct ReportedFaults(Map<Key<Instance>, Moment>);

impl ReportedFaults {
    /// Returns since when an instance is unhealthy at the least; `None` if Beanstalk does not report it.
    #[must_use]
    pub fn since(&self, instance: &Key<Instance>) -> Option<Moment> {
        self.0.get(instance).copied()
    }

    /// Applies a reading of instances at a moment.
    pub(super) fn note(&mut self, instances: &[InstanceHealth], at: Moment) {
        for instance in instances {
            let lasting = instance.causes.iter().filter_map(|cause| Lasting::parse(cause)).max_by_key(|it| it.span);
            let Some(lasting) = lasting else {
                self.0.remove(&instance.instance);
                continue;
            };
            let since = at.minus(lasting.span);
            // What began more than a unit later is another fault.
            let same = self.since(&instance.instance).filter(|known| since.since(*known) <= lasting.unit);
            self.0.insert(instance.instance.clone(), same.map_or(since, |known| known.min(since)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScopeId;

    fn seconds(cause: &str) -> Option<u64> {
        Lasting::parse(cause).map(|it| it.span.as_secs())
    }

    #[test]
    fn causes_that_say_how_long_and_causes_that_do_not() {
        let process =
            |span: &str| format!("Process default has been unhealthy for {span} (Target.ResponseCodeMismatch).");
        assert_eq!(seconds(&process("4 minutes")), Some(240));
        assert_eq!(seconds(&process("1 minute")), Some(60));
        assert_eq!(seconds(&process("an hour")), Some(3600));
        assert_eq!(seconds(&process("2 days")), Some(2 * 86_400));
        assert_eq!(seconds("Instance ELB health has not been available for 37 minutes."), Some(37 * 60));
        assert_eq!(seconds("ELB health is failing or not available for all instances."), None);
        assert_eq!(seconds("Performing application deployment (running for 3 seconds)"), None);
        assert_eq!(seconds("Application deployment completed 23 seconds ago and took 26 seconds"), None);
        assert_eq!(seconds("it has been unhealthy for ever"), None);
        assert_eq!(seconds(""), None);
    }

    fn instance(cause: Option<&str>) -> InstanceHealth {
        let causes = cause.into_iter().map(Into::into).collect();
        InstanceHealth { causes, ..InstanceHealth::new(Key::new(ScopeId(0), "i-1")) }
    }

    #[test]
    fn the_earliest_moment_of_one_fault_stays_and_another_fault_is_another_moment() {
        let key = Key::new(ScopeId(0), "i-1");
        let at = |seconds| Moment::EPOCH.plus(Duration::from_secs(seconds));
        let mut reported = ReportedFaults::default();
        let mut note = |second, cause: Option<&str>| {
            reported.note(&[instance(cause)], at(second));
            reported.since(&key)
        };
        assert_eq!(note(1000, Some("it has been unhealthy for 4 minutes")), Some(at(760)));
        // Reported ten seconds later, and then when the fifth minute is full.
        assert_eq!(note(1010, Some("it has been unhealthy for 4 minutes")), Some(at(760)));
        assert_eq!(note(1030, Some("it has been unhealthy for 5 minutes")), Some(at(730)));
        // It was healthy in between, unseen.
        assert_eq!(note(2000, Some("it has been unhealthy for 1 minute")), Some(at(1940)));
        assert_eq!(note(2010, None), None);
    }
}
