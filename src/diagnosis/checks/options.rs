//! What the option settings alone say.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::model::{ConfigurationSettings, Key, Source, Tier, clean};

const UNMANAGED: Grade = Grade::new(FindingSeverity::Info, "ManagedActionsEnabled is not true");
const UNDEFINED: Grade = Grade::new(FindingSeverity::Warning, "a listener names a rule that no option defines");
const GONE: Grade = Grade::new(FindingSeverity::Warning, "the application has no version of its label");

const MANAGED: &str = "aws:elasticbeanstalk:managedactions";
const LISTENER: &str = "aws:elbv2:listener:";
const RULE: &str = "aws:elbv2:listenerrule:";

pub static UNMANAGED_PLATFORM: Check = Check {
    id: "managed-updates-off",
    topic: Topic::Deploys,
    inputs: &["Settings"],
    grades: &[UNMANAGED],
    needs: "the option settings",
    sentence: "Managed platform updates are off.",
    explanation: "The platform gets its security updates only when an operator updates it by hand, and support for an old version \
                  ends.",
    advice: "Switch ManagedActionsEnabled on, with a weekly window (PreferredStartTime) and the level minor or patch.",
};

pub static UNDEFINED_RULE: Check = Check {
    id: "undefined-listener-rule",
    topic: Topic::Routing,
    inputs: &["Settings"],
    grades: &[UNDEFINED],
    needs: "the option settings",
    sentence: "A listener's option names a rule that no option defines.",
    explanation: "Beanstalk refuses the next update of the environment's configuration, or makes no rule: requests that it \
                  was meant for go to the default process.",
    advice: "Define the rule in aws:elbv2:listenerrule:NAME, or take its name out of the listener's Rules.",
};

pub static VERSION_GONE: Check = Check {
    id: "running-version-deleted",
    topic: Topic::Deploys,
    inputs: &["Environments", "Versions"],
    grades: &[GONE],
    needs: "the versions of the application",
    sentence: "The version that the environment runs was deleted.",
    explanation: "If its source bundle was deleted too, an instance that is launched now gets no application: scaling and \
                  replacements fail. A lifecycle rule of the application may have done it.",
    advice: "Deploy a version that is still there, and let the lifecycle rule keep more versions.",
};

fn settings<'a>(inputs: &Inputs<'a>, run: &mut CheckRun<'_>) -> Option<&'a ConfigurationSettings> {
    let settings = inputs.settings();
    if settings.is_none() {
        run.doubted(inputs.reliability.doubt(&Source::Settings(inputs.key().clone())));
    }
    settings
}

pub fn unmanaged_platform(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if inputs.environment.tier == Some(Tier::Cluster) {
        return;
    }
    let Some(settings) = settings(inputs, run) else { return };
    if settings.get(MANAGED, "ManagedActionsEnabled") != Some("true") {
        let fix = Fix::Option { namespace: MANAGED, name: "ManagedActionsEnabled", value: "true" };
        let subject = FindingSubject::Environment(inputs.key().clone());
        run.found_with_fix(UNMANAGED, subject, "managed platform updates are off".into(), fix);
    }
}

pub fn undefined_rule(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(settings) = settings(inputs, run) else { return };
    let defined = settings.options.below(RULE).iter().filter_map(|option| option.namespace.strip_prefix(RULE));
    let defined: BTreeSet<&str> = defined.collect();
    let lists = settings.options.below(LISTENER).iter().filter(|it| &*it.name == "Rules");
    let named = lists.filter_map(|option| option.value.as_deref()).flat_map(|value| value.split(','));
    // The rule of this name is always there: it is the default action.
    let missing: BTreeSet<&str> =
        named.map(str::trim).filter(|name| !name.is_empty() && *name != "default" && !defined.contains(name)).collect();
    if let Some(first) = missing.first() {
        let more = if missing.len() > 1 { format!(" and {} more", missing.len() - 1) } else { String::new() };
        let words = format!("a listener names the rule {}{more}, which no option defines", clean(first));
        run.found(UNDEFINED, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}

pub fn version_gone(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(label) = &inputs.environment.version else { return };
    let application = Key::new(inputs.key().scope, Arc::clone(&inputs.environment.application));
    let source = Source::Versions(application.clone());
    let Some(versions) = inputs.inventory().versions.get(&application) else {
        return run.doubted(inputs.reliability.doubt(&source));
    };
    if versions.is_empty() {
        return run.undecided(Why::TooLittle("the application has no version at all"));
    }
    if !versions.iter().any(|version| version.label == *label) {
        let words = format!("it runs {}, which the application has no more", clean(label));
        run.found(GONE, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}
