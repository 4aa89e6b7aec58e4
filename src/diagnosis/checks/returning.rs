//! Whether there is a version to go back to.

use std::sync::Arc;

use crate::deploy::version_before;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Key, Source, clean};

const GONE: Grade = Grade::new(FindingSeverity::Warning, "the events name it, and the application has it no more");

pub static NO_WAY_BACK: Check = Check {
    id: "previous-version-deleted",
    topic: Topic::Deploys,
    inputs: &["Environments", "Events", "Versions"],
    grades: &[GONE],
    needs: "the events, where they name a version that ran before, and the versions of the application",
    sentence: "The version to roll back to was deleted.",
    explanation: "If the next deployment does harm there is no version to return to at once. A lifecycle rule of the \
                  application, or somebody, deleted it.",
    advice: "Let the lifecycle rule keep more versions, and keep the source bundle of the version that ran before.",
};

pub fn no_way_back(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(running) = &inputs.environment.version else { return };
    let application = Key::new(inputs.key().scope, Arc::clone(&inputs.environment.application));
    let Some(versions) = inputs.inventory().versions.get(&application) else {
        return run.doubted(inputs.reliability.doubt(&Source::Versions(application)));
    };
    let events = inputs.inventory().events.iter();
    let Some(before) = version_before(inputs.environment, None, &[], events).0 else {
        return run.doubted(inputs.reliability.doubt(&Source::Events(inputs.snapshot.scope)));
    };
    if !versions.is_empty() && !versions.iter().any(|version| version.label == before) {
        let words = format!("{} ran before {}, and was deleted", clean(&before), clean(running));
        run.found(GONE, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}
