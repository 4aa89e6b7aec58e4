//! The version that a rollback goes back to: the one that ran before the one that runs, or is being deployed.

use std::sync::Arc;

use super::phase::UpdateKind;
use super::watch::Watch;
use crate::model::{Environment, EnvironmentEvent};

/// A deployment recorded in our own log: from which version to which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedDeploy {
    /// The version that ran before it.
    pub before: Arc<str>,
    /// The version that it deployed.
    pub after: Arc<str>,
}

/// The ends of an update that left its version nowhere, or not everywhere.
const FAILURES: &[&str] =
    &["Failed to deploy application", "Update environment operation is complete, but with errors"];
/// The ends of an update after which its version runs.
const SUCCESSES: &[&str] = &[
    "New application version was deployed to running EC2 instances",
    "Environment update completed successfully",
    "Successfully launched environment",
];

/// Returns the version before the one that runs or is being deployed, and the latter: as the update that is followed has
/// them, else as our own log has them (`recorded`, newest first), else as the environment's events name them (newest
/// first). A version whose deployment failed never ran, so that the events must not name it for that alone.
pub fn version_before<'a>(
    environment: &Environment,
    watch: Option<&Watch>,
    recorded: &[RecordedDeploy],
    events: impl Iterator<Item = &'a EnvironmentEvent> + Clone,
) -> (Option<Arc<str>>, Option<Arc<str>>) {
    let watch = watch.filter(|it| !matches!(it.kind(), UpdateKind::Settings | UpdateKind::Platform));
    let versions = watch.map(Watch::versions);
    // While it is unknown which version is being deployed, the listed version is the previous one.
    if let Some(it) = versions.filter(|it| it.requested.is_none() && watch.is_some_and(|it| it.ended().is_none())) {
        return (it.before.clone(), None);
    }
    let running = versions.and_then(|it| it.requested.clone()).or_else(|| environment.version.clone());
    let is_other = |version: &Arc<str>| running.as_ref() != Some(version);
    let followed = versions.and_then(|it| it.before.clone()).filter(is_other);
    let written = || {
        let last = recorded.iter().find(|it| Some(&it.after) == running.as_ref() && it.before != it.after);
        last.map(|it| Arc::clone(&it.before))
    };
    let own = events.filter(|it| it.environment.as_ref() == Some(&environment.name));
    let named = || {
        let labels = own.clone().filter_map(|it| it.version.clone());
        labels.filter(is_other).find(|label| !has_only_failed(label, &own))
    };
    (followed.or_else(written).or_else(named), running)
}

/// Whether the events show that the deployment of a version failed, and none that it succeeded.
fn has_only_failed<'a>(label: &Arc<str>, events: &(impl Iterator<Item = &'a EnvironmentEvent> + Clone)) -> bool {
    let any = |ends: &[&str]| {
        let mut own = events.clone().filter(|it| it.version.as_ref() == Some(label));
        own.any(|it| it.is_revert() || ends.iter().any(|end| it.message.contains(end)))
    };
    let has_succeeded = events
        .clone()
        .any(|it| it.version.as_ref() == Some(label) && SUCCESSES.iter().any(|end| it.message.contains(end)));
    any(FAILURES) && !has_succeeded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EnvironmentStatus, Key, Moment, ScopeId};

    fn environment(version: &str) -> Environment {
        let key = Key::new(ScopeId(0), "e-1");
        let version = Some(version.into());
        Environment { version, ..Environment::new(key, "web", "shop", EnvironmentStatus::Ready) }
    }

    fn event(of: &str, version: Option<&str>, message: &str) -> EnvironmentEvent {
        EnvironmentEvent {
            environment: Some(of.into()),
            version: version.map(Into::into),
            ..EnvironmentEvent::new(Moment::EPOCH, message)
        }
    }

    fn before(recorded: &[(&str, &str)], events: &[EnvironmentEvent]) -> Option<String> {
        let recorded: Vec<_> = recorded
            .iter()
            .map(|(before, after)| RecordedDeploy { before: (*before).into(), after: (*after).into() })
            .collect();
        let (before, running) = version_before(&environment("v3"), None, &recorded, events.iter());
        assert_eq!(running.as_deref(), Some("v3"));
        before.map(|it| it.to_string())
    }

    #[test]
    fn our_own_log_goes_before_the_events_and_only_the_deploy_of_what_runs_counts() {
        let events = [event("web", Some("v2"), "Environment update completed successfully.")];
        assert_eq!(before(&[("v1", "v3")], &events).as_deref(), Some("v1"));
        assert_eq!(before(&[("v2", "v4"), ("v1", "v3"), ("v0", "v3")], &[]).as_deref(), Some("v1"));
        assert_eq!(before(&[("v2", "v4"), ("v3", "v3")], &[]), None);
        assert_eq!(before(&[("v2", "v4")], &events).as_deref(), Some("v2"));
    }

    #[test]
    fn events_name_it_only_if_they_are_its_own_and_it_may_have_run() {
        let starting = "Environment update is starting.";
        assert_eq!(before(&[], &[event("api", Some("v2"), starting), event("web", None, starting)]), None);
        assert_eq!(
            before(&[], &[event("web", Some("v3"), starting), event("web", Some("v2"), starting)]),
            Some("v2".into())
        );
        // v4 was deployed in between, and Beanstalk took it back.
        let failed = [
            event("web", Some("v4"), "The environment was reverted to the previous configuration setting."),
            event("web", Some("v4"), "Failed to deploy application."),
            event("web", Some("v4"), starting),
            event("web", Some("v2"), starting),
        ];
        assert_eq!(before(&[], &failed).as_deref(), Some("v2"));
        assert_eq!(before(&[], &failed[..3]), None);
        let again =
            [failed.as_slice(), &[event("web", Some("v4"), "Environment update completed successfully.")]].concat();
        assert_eq!(before(&[], &again).as_deref(), Some("v4"), "it ran once");
    }
}
