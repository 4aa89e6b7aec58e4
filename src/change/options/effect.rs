//! What a change of options does to the environment, in sentences for its confirmation.

use super::OptionEdits;
use crate::model::{ChangeSeverity, ConfigurationSettings};

const ROLLING: &str = "aws:autoscaling:updatepolicy:rollingupdate";
const COMMAND: &str = "aws:elasticbeanstalk:command";

/// Returns what the change interrupts by Beanstalk's own account, and what there is to know about its values: a sentence
/// each, without its full stop. The worst comes first.
#[must_use]
pub fn effects(edits: &OptionEdits, settings: Option<&ConfigurationSettings>) -> Vec<String> {
    let written: Vec<_> = edits.written().collect();
    if written.is_empty() {
        return Vec::new();
    }
    let has = |severity: &ChangeSeverity| written.iter().any(|edit| edit.severity.as_ref() == Some(severity));
    let is_unknown = written.iter().any(|edit| matches!(edit.severity, None | Some(ChangeSeverity::Other(_))));
    let mut effects = Vec::new();
    if has(&ChangeSeverity::RestartEnvironment) {
        effects.push(format!("Beanstalk replaces instances (RestartEnvironment): {}", replacement(settings)));
    }
    if has(&ChangeSeverity::RestartApplicationServer) {
        effects.push(format!(
            "Beanstalk restarts the application servers (RestartApplicationServer): {}",
            restart(settings)
        ));
    }
    if is_unknown {
        effects.push("what this interrupts is not known: Beanstalk does not say (ChangeSeverity)".to_owned());
    }
    if effects.is_empty() {
        effects.push("Beanstalk changes it without an interruption (NoInterruption)".to_owned());
    }
    if written.iter().any(|edit| edit.wanted.is_some()) {
        effects.push("a value that is set so goes before .ebextensions until it is removed".to_owned());
    }
    if edits.has_hidden() {
        effects.push(
            "the values of properties are not kept: this can neither be undone nor be resumed by beanpole".to_owned(),
        );
    }
    effects
}

/// How instances are replaced, by the options of rolling updates.
fn replacement(settings: Option<&ConfigurationSettings>) -> String {
    let Some(settings) = settings else { return "in which batches is not known".to_owned() };
    if settings.get(ROLLING, "RollingUpdateType") == Some("Immutable") {
        return "new instances come first, the old ones leave at the end".to_owned();
    }
    if settings.get(ROLLING, "RollingUpdateEnabled") != Some("true") {
        return "rolling updates are off, so that all may be replaced at once, and no instance serves requests meanwhile"
            .to_owned();
    }
    settings
        .get(ROLLING, "MaxBatchSize")
        .map_or_else(|| "in batches".to_owned(), |size| format!("in batches of at most {size}"))
}

/// How application servers are restarted, by the options of deployments.
fn restart(settings: Option<&ConfigurationSettings>) -> String {
    let policy = settings.and_then(|settings| settings.get(COMMAND, "DeploymentPolicy"));
    match policy {
        Some("Rolling" | "RollingWithAdditionalBatch") => "in the batches of a deployment".to_owned(),
        _ if settings.is_none() => "in which batches is not known".to_owned(),
        _ => "on all instances at once, so that no instance serves requests for a few seconds".to_owned(),
    }
}
