//! Which environments a failed or aborted update may have left with several versions, by the events that are known:
//! reading their instances proves it; Beanstalk's health does not always show it.

use super::event::read;
use super::sign::VerdictSign;
use crate::model::{EnvironmentEvent, Set};
use std::sync::Arc;

/// Returns the environments whose last update failed or was aborted, according to these events, newest first.
#[must_use]
pub fn badly_updated(events: &[EnvironmentEvent]) -> Set<Arc<str>> {
    let (mut bad, mut decided): (Set<Arc<str>>, Set<Arc<str>>) = (Set::default(), Set::default());
    for event in events {
        let Some(name) = event.environment.as_ref().filter(|name| !decided.contains(*name)) else { continue };
        let Some(reading) = read(event) else { continue };
        // What went before the beginning of the last update is of another one.
        let is_bad = reading.sign.is_failure() || matches!(reading.sign, VerdictSign::Aborting | VerdictSign::Aborted);
        if is_bad {
            bad.insert(Arc::clone(name));
        }
        if is_bad || reading.sign == VerdictSign::Starting {
            decided.insert(Arc::clone(name));
        }
    }
    bad
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Moment, Severity};
    use std::time::Duration;

    const START: &str = "Environment update is starting.";
    const DONE: &str = "Environment update completed successfully.";

    /// Whether an environment with these events, oldest first, counts as badly updated.
    fn is_bad(messages: &[&str]) -> bool {
        let event = |(second, message): (u64, &&str)| EnvironmentEvent {
            at: Moment::EPOCH.plus(Duration::from_secs(second)),
            severity: Severity::Info,
            environment: Some("web".into()),
            application: None,
            version: None,
            message: (*message).into(),
            request_id: None,
        };
        let mut events: Vec<_> = (0..).zip(messages).map(event).collect();
        events.reverse();
        badly_updated(&events).contains("web")
    }

    #[test]
    fn the_last_update_counts() {
        let aborted = "During an aborted deployment, some instances may have deployed the new application version. To \
                       ensure all instances are running the same version, re-deploy the appropriate application version.";
        for (messages, expected) in [
            (&[START, DONE][..], false),
            (&[START, "Failed to deploy application."], true),
            (&[START, "abortEnvironmentUpdate is starting.", aborted], true),
            (&[START, "Instance deployment failed. For details, see 'eb-engine.log'.", DONE], true),
            (&[START, aborted, START, DONE], false),
            // It may still succeed.
            (&[START, aborted, START], false),
            (&[aborted], true),
            (&["Environment health has transitioned from Ok to Warning."], false),
            (&[], false),
        ] {
            assert_eq!(is_bad(messages), expected, "{messages:?}");
        }
    }
}
