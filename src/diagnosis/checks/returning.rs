//! Whether there is a version to go back to, and for how long.

use std::sync::Arc;

use crate::deploy::version_before;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Application, ApplicationVersion, Environment, Key, LifecycleRule, Source, clean, counted};

const EXPIRES: Grade = Grade::new(FindingSeverity::Info, "a lifecycle rule deletes it with the next version");
const GONE: Grade = Grade::new(FindingSeverity::Warning, "the events name it, and the application has it no more");

pub static NO_WAY_BACK: Check = Check {
    id: "previous-version-deleted",
    topic: Topic::Deploys,
    inputs: &["Environments", "Events", "Versions"],
    grades: &[GONE],
    needs: "the events, where they name a version that ran before, and the versions of the application",
    sentence: "The version to roll back to was deleted.",
    explanation: "If the next deployment does harm there is no version to return to at once. A lifecycle rule of the \
                  application, or an operator, deleted it.",
    advice: "Let the lifecycle rule keep more versions, and keep the source bundle of the version that ran before.",
};

pub static PREVIOUS_EXPIRES: Check = Check {
    id: "previous-version-expires",
    topic: Topic::Deploys,
    inputs: &["Environments", "Events", "Versions", "Applications"],
    grades: &[EXPIRES],
    needs: "the events, where they name a version that ran before, the versions of the application, and its lifecycle rules",
    sentence: "A lifecycle rule deletes the version to roll back to when the next version is created.",
    explanation: "Beanstalk applies the lifecycle rules of an application whenever a version is created, and leaves only the \
                  versions that an environment runs.",
    advice: "Let the lifecycle rule keep more versions, or keep them for longer.",
};

/// The version that ran before the environment's, which may be deleted, with the versions of the application.
struct PreviousVersion<'a> {
    application: Key<ApplicationVersion>,
    label: String,
    versions: &'a [ApplicationVersion],
}

/// Returns the version to go back to; `None` where none is known, with a doubt added if that may be for want of an answer.
fn previous_version<'a>(inputs: &Inputs<'a>, run: &mut CheckRun<'_>) -> Option<PreviousVersion<'a>> {
    inputs.environment.version.as_ref()?;
    let application = Key::new(inputs.key().scope, Arc::clone(&inputs.environment.application));
    let Some(versions) = inputs.inventory().versions.get(&application) else {
        run.doubted(inputs.reliability.doubt(&Source::Versions(application)));
        return None;
    };
    let events = inputs.inventory().events.iter();
    let Some(before) = version_before(inputs.environment, None, &[], events).0 else {
        run.doubted(inputs.reliability.doubt(&Source::Events(inputs.snapshot.scope)));
        return None;
    };
    Some(PreviousVersion { application, label: before.to_string(), versions })
}

pub fn no_way_back(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(PreviousVersion { label, versions, .. }) = previous_version(inputs, run) else { return };
    let Some(running) = &inputs.environment.version else { return };
    if !versions.is_empty() && !versions.iter().any(|version| *version.label == label) {
        let words = format!("{} ran before {}, and was deleted", clean(&label), clean(running));
        run.found(GONE, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}

pub fn previous_expires(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(PreviousVersion { application, label, versions }) = previous_version(inputs, run) else { return };
    let scope = inputs.snapshot.scope;
    let key: Key<Application> = Key::new(scope, Arc::clone(&application.id));
    let Some(rules) = inputs.inventory().applications.get(&key) else {
        return run.doubted(inputs.reliability.doubt(&Source::Applications(scope)));
    };
    // The newest is first. Another environment may run it, and then it stays.
    let Some(newer) = versions.iter().position(|version| *version.label == label) else { return };
    let is_run = |it: &Environment| {
        it.application == inputs.environment.application && it.version.as_deref() == Some(label.as_str())
    };
    if inputs.inventory().environments.values().any(|it| !it.is_terminated() && is_run(it)) {
        return;
    }
    let Some(rule) = rules.rule_that_deletes(versions[newer].created, newer as u64, inputs.now()) else { return };
    let rule = match rule {
        LifecycleRule::Count(kept) => format!("keeps {}", counted(kept, "version")),
        LifecycleRule::Days(days) => format!("keeps versions for {}", counted(days, "day")),
    };
    let words = format!("a lifecycle rule {rule}, and deletes {} when the next one is created", clean(&label));
    run.found(EXPIRES, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}
