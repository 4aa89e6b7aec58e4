//! How versions are deployed, and what is known of the instances during an update.

use crate::deploy::{Policy, Rollout};
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::model::{ConfigurationSettings, InstanceHealth, Source, TargetCounts, Tier, counted};

const ALL: Grade = Grade::new(FindingSeverity::Warning, "one batch is all of two targets or more");
const MOST: Grade = Grade::new(FindingSeverity::Info, "fewer targets than two batches have");
const UNCHECKED: Grade = Grade::new(FindingSeverity::Warning, "IgnoreHealthCheck is true");
const APART: Grade =
    Grade::new(FindingSeverity::Warning, "RollingUpdateType is Immutable, and DeploymentPolicy is not");
const FAILED: Grade = Grade::new(FindingSeverity::Warning, "Failed on an instance, and the environment is Ready");
const BASIC: Grade = Grade::new(FindingSeverity::Info, "SystemType is not enhanced");

const COMMAND: &str = "aws:elasticbeanstalk:command";
const REPORTING: &str = "aws:elasticbeanstalk:healthreporting:system";

const SETTINGS: &[&str] = &["Settings"];
const NEEDS: &str = "the option settings";

pub static NO_SPARE: Check = Check {
    id: "deploy-without-spare",
    topic: Topic::Deploys,
    inputs: &["Settings", "TargetHealth"],
    grades: &[ALL, MOST],
    needs: "the option settings, and the number of targets",
    sentence: "A deployment takes all targets out of service at once, or most of them.",
    explanation: "While a batch is updated its instances serve no requests. If it is all of them, clients see errors and every \
                  websocket is cut at the same moment.",
    advice: "Deploy in smaller batches, with an additional batch, or immutably.",
};

pub static IGNORED_HEALTH: Check = Check {
    id: "deploy-ignores-health",
    topic: Topic::Deploys,
    inputs: SETTINGS,
    grades: &[UNCHECKED],
    needs: NEEDS,
    sentence: "Deployments do not wait until the instances are healthy.",
    explanation: "A version that does not answer is deployed to all instances, batch by batch, and counts as a success.",
    advice: "Set IgnoreHealthCheck of aws:elasticbeanstalk:command to false.",
};

pub static IMMUTABLE_CONFIGURATION: Check = Check {
    id: "immutable-configuration-alone",
    topic: Topic::Deploys,
    inputs: SETTINGS,
    grades: &[APART],
    needs: NEEDS,
    sentence: "Configuration is updated immutably, and versions are not.",
    explanation: "Beanstalk refuses an update of both together: it wants Immutable for both.",
    advice: "Set DeploymentPolicy to Immutable too, or RollingUpdateType to another value.",
};

pub static FAILED_DEPLOYMENT: Check = Check {
    id: "failed-deployment",
    topic: Topic::Deploys,
    inputs: &["Environments", "InstancesHealth"],
    grades: &[FAILED],
    needs: "enhanced health of the instances",
    sentence: "The last deployment failed on an instance.",
    explanation: "Beanstalk may call the environment Ready while an instance runs what was there before, or nothing.",
    advice: "Read the events of the deployment and the log of the instance, then deploy again.",
};

pub static BASIC_HEALTH: Check = Check {
    id: "basic-health",
    topic: Topic::Deploys,
    inputs: SETTINGS,
    grades: &[BASIC],
    needs: NEEDS,
    sentence: "The environment has basic health reporting.",
    explanation: "Basic health is a colour without causes: nothing is known of requests, instances and what they run.",
    advice: "Set SystemType of aws:elasticbeanstalk:healthreporting:system to enhanced.",
};

/// Returns the option settings; `None` with a doubt added if they were not read.
fn settings<'a>(inputs: &Inputs<'a>, run: &mut CheckRun<'_>) -> Option<&'a ConfigurationSettings> {
    let settings = inputs.settings();
    if settings.is_none() {
        run.doubted(inputs.reliability.doubt(&Source::Settings(inputs.key().clone())));
    }
    settings
}

pub fn no_spare(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(TargetCounts { expected, .. }) = inputs.targets().value().filter(|counts| counts.expected >= 2).copied()
    else {
        return run.doubted(inputs.targets_doubt());
    };
    let Some(settings) = settings(inputs, run) else { return };
    let rollout = Rollout::of(settings);
    if !matches!(rollout.policy, Policy::AllAtOnce | Policy::Rolling) {
        return;
    }
    let batch = rollout.batch_of(expected);
    let grade = match () {
        () if batch >= expected => ALL,
        () if batch * 2 > expected => MOST,
        () => return,
    };
    let of = counted(expected, "target");
    let words = format!("a deployment ({}) takes {batch} of {of} out of service at once", rollout.policy.as_str());
    let fix = option(COMMAND, "DeploymentPolicy", "RollingWithAdditionalBatch");
    run.found_with_fix(grade, FindingSubject::Environment(inputs.key().clone()), words, fix);
}

fn option(namespace: &'static str, name: &'static str, value: &'static str) -> Fix {
    Fix::Option { namespace, name, value }
}

pub fn ignored_health(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if settings(inputs, run).is_some_and(|settings| Rollout::of(settings).ignores_health) {
        let words = "deployments do not wait for healthy instances";
        let fix = option(COMMAND, "IgnoreHealthCheck", "false");
        run.found_with_fix(UNCHECKED, FindingSubject::Environment(inputs.key().clone()), words.into(), fix);
    }
}

pub fn immutable_configuration(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(settings) = settings(inputs, run) else { return };
    let kind = settings.get("aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateType");
    let policy = Rollout::of(settings).policy;
    if kind == Some("Immutable") && policy != Policy::Immutable {
        let words = format!("RollingUpdateType is Immutable, and DeploymentPolicy is {}", policy.as_str());
        let fix = option(COMMAND, "DeploymentPolicy", "Immutable");
        run.found_with_fix(APART, FindingSubject::Environment(inputs.key().clone()), words, fix);
    }
}

pub fn failed_deployment(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.environment.is_calm() {
        return;
    }
    let source = Source::InstancesHealth(inputs.key().clone());
    let Some(instances) = inputs.inventory().instances_health.get(inputs.key()) else {
        return run.doubted(inputs.reliability.doubt(&source));
    };
    let has_failed =
        |it: &&InstanceHealth| it.deployment.as_ref().is_some_and(|it| it.status.as_deref() == Some("Failed"));
    match instances.iter().filter(has_failed).count() {
        0 => run.doubted(inputs.reliability.doubt(&source)),
        failed => {
            let words = format!("the last deployment failed on {failed} of {}", counted(instances.len(), "instance"));
            run.found(FAILED, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
        }
    }
}

pub fn basic_health(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if inputs.environment.tier == Some(Tier::Cluster) {
        return;
    }
    let Some(settings) = settings(inputs, run) else { return };
    if settings.get(REPORTING, "SystemType") != Some("enhanced") {
        let words = "it has basic health reporting";
        let fix = option(REPORTING, "SystemType", "enhanced");
        run.found_with_fix(BASIC, FindingSubject::Environment(inputs.key().clone()), words.into(), fix);
    }
}
