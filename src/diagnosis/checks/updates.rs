//! An update in progress, and what it leaves behind.

use std::time::Duration;

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::{COMMAND_TIMEOUT, Inputs};
use crate::model::{EnvironmentStatus, Source, clean, runs_different};

/// What Beanstalk adds to the command timeout before it ends a command itself.
const ADDED: u64 = 240;
/// How long after an update what its instances run may still be what they ran before.
const SETTLED: u64 = 60;

const STUCK: Grade = Grade::new(
    FindingSeverity::Warning,
    "Updating for longer than the option Timeout (600 s while it is unset) and {} more",
)
.at(Threshold::Seconds(ADDED))
.attention(3);
const ABORTING: Grade = Grade::new(FindingSeverity::Warning, "the status is Aborting").attention(3);
const MIXED: Grade = Grade::new(
    FindingSeverity::Warning,
    "two versions or deployments on the instances, {} or more after the last update",
)
.at(Threshold::Seconds(SETTLED))
.attention(3);

pub static STUCK_UPDATE: Check = Check {
    id: "stuck-update",
    topic: Topic::Update,
    inputs: &["Environments", "Settings"],
    grades: &[STUCK],
    needs: "the moment at which the update began",
    sentence: "An update takes longer than its commands may.",
    explanation: "Beanstalk ends a command on an instance after its timeout; an update that takes longer waits for \
                  something else, such as instances that never become healthy or a stack that cannot be changed.",
    advice: "Read the events of the update; abort it if they say nothing new.",
};

pub static ABORTED_UPDATE: Check = Check {
    id: "aborted-update",
    topic: Topic::Update,
    inputs: &["Environments"],
    grades: &[ABORTING],
    needs: "a list of environments that is not too old",
    sentence: "An update is being aborted.",
    explanation: "Instances that were updated already keep the new version until they are rolled back, so that both \
                  versions answer.",
    advice: "Wait until the environment is Ready, then compare the versions of the instances.",
};

pub static MIXED_VERSIONS: Check = Check {
    id: "mixed-versions",
    topic: Topic::Versions,
    inputs: &["Environments", "InstancesHealth"],
    grades: &[MIXED],
    needs: "enhanced health of the instances, read while the environment is Ready",
    sentence: "The instances run different versions.",
    explanation: "A deployment that failed or was aborted, or an instance that was launched during one, leaves instances \
                  behind. Clients get one version or the other.",
    advice: "Deploy one version again to all instances.",
};

pub fn stuck_update(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let environment = inputs.environment;
    if environment.status != EnvironmentStatus::Updating {
        return run.doubted(inputs.health_doubt());
    }
    let Some(began) = environment.updated else {
        return run.undecided(Why::TooLittle("when the update began is not known"));
    };
    let longest = inputs.command_timeout().unwrap_or(COMMAND_TIMEOUT).saturating_add(Duration::from_secs(ADDED));
    if inputs.now().since(began) <= longest {
        return run.doubted(inputs.health_doubt());
    }
    let subject = FindingSubject::Environment(inputs.key().clone());
    run.found(STUCK, subject, "updating for longer than its command timeout".into(), Vec::new());
}

pub fn aborted_update(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if inputs.environment.status != EnvironmentStatus::Aborting {
        return run.doubted(inputs.health_doubt());
    }
    let words = "an update is being aborted: instances may run different versions";
    run.found(ABORTING, FindingSubject::Environment(inputs.key().clone()), words.into(), Vec::new());
}

/// It counts only if that was read long enough after the last update ended: while one is under way it is usual, and what it
/// replaced takes its time to go.
pub fn mixed_versions(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let environment = inputs.environment;
    if environment.status != EnvironmentStatus::Ready {
        return;
    }
    if !environment.has_enhanced_health() {
        return run.undecided(Why::TooLittle("basic health does not report what instances run"));
    }
    let source = Source::InstancesHealth(inputs.key().clone());
    let Some(at) = inputs.snapshot.reads.read_at(&source).filter(|_| inputs.reliability.doubt(&source).is_none())
    else {
        return run.doubted(inputs.reliability.doubt(&source));
    };
    // Without having seen the status change: the environment's last change is the end of its update, or comes later.
    let ended = inputs.inventory().status_since(inputs.key()).into_iter().chain(environment.updated).max();
    if ended.is_some_and(|ended| at <= ended.plus(Duration::from_secs(SETTLED))) {
        return run.undecided(Why::TooLittle("the last update ended just before the instances were read"));
    }
    let instances = inputs.inventory().instances_health.get(inputs.key());
    if instances.is_some_and(|instances| runs_different(instances)) {
        run.found(MIXED, FindingSubject::Environment(inputs.key().clone()), mixture(inputs), Vec::new());
    }
}

/// In which way the instances differ.
fn mixture(inputs: &Inputs<'_>) -> String {
    let instances = inputs.inventory().instances_health.get(inputs.key()).into_iter().flatten();
    let mut labels = instances.filter_map(|instance| instance.deployment.as_ref()?.version.as_ref());
    let one = labels.next().filter(|first| labels.all(|label| label == *first));
    match one {
        Some(label) => format!("its instances run {} by different deployments", clean(label)),
        None => "its instances run different versions".into(),
    }
}
