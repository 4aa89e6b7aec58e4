//! The confirmations of everyday actions: a restart, the replacement of an instance, a change of capacity.

use super::inputs::ConfirmInputs;
use crate::app::message::ExternalCommand;
use crate::change::{InstanceLimits, of_scaling};
use crate::config::Role;
use crate::deploy::Rollout;
use crate::model::Key;

/// Describes what a restart does.
pub(super) fn restart_lines(inputs: &ConfirmInputs<'_>) -> Vec<(String, Role)> {
    vec![
        ("The application server is restarted on every instance; the instances stay.".into(), Role::Text),
        (at_once(inputs), Role::Warning),
    ]
}

/// Describes whether any instance serves meanwhile: restarts use the batches of deployments (Developer Guide).
fn at_once(inputs: &ConfirmInputs<'_>) -> String {
    let key = &inputs.environment.key;
    let Some(settings) = inputs.snapshot.inventory.settings.get(key) else {
        return "Whether all are restarted at once is not known: the settings are not read.".into();
    };
    let instances = inputs.snapshot.inventory.instances_health.get(key).map_or(0, Vec::len);
    match Rollout::of(settings).batches_of(instances as u32) {
        Some(batches) if batches > 1 => format!("In {batches} batches, as a deployment goes."),
        _ => "All of them at once: no instance serves requests for a few seconds; clients see errors.".into(),
    }
}

/// Describes a session on an instance.
pub(super) fn session_lines(external_command: &ExternalCommand) -> Vec<(String, Role)> {
    vec![
        ("The terminal is handed over to a shell on the instance, until it ends.".into(), Role::Text),
        ("What is done there is not in beanpole's log of changes.".into(), Role::Warning),
        (String::new(), Role::Text),
        (external_command.text(), Role::Dim),
    ]
}

/// Describes the replacement of an instance.
pub(super) fn replace_lines() -> Vec<(String, Role)> {
    vec![
        ("The instance is drained and terminated; the Auto Scaling group launches another.".into(), Role::Text),
        ("It does not come back: what is on its disks is lost, and so are its logs.".into(), Role::Warning),
        ("Until the new one is healthy, the others take its requests.".into(), Role::Text),
    ]
}

/// Describes the effect of other limits.
pub(super) fn scale_lines(inputs: &ConfirmInputs<'_>, from: InstanceLimits, to: InstanceLimits) -> Vec<(String, Role)> {
    let row = |name: &str, before: u32, after: u32| (format!("{name}   {before}  →  {after}"), Role::Title);
    let mut lines = vec![row("MinSize", from.min, to.min), row("MaxSize", from.max, to.max)];
    let inventory = &inputs.snapshot.inventory;
    let (key, scope) = (&inputs.environment.key, inputs.environment.key.scope);
    let names = inventory.resources.get(key).map(|it| it.auto_scaling_groups.as_slice()).unwrap_or_default();
    let groups = names.iter().filter_map(|name| inventory.auto_scaling_groups.get(&Key::new(scope, name.clone())));
    let Some(settings) = inventory.settings.get(key) else { return lines };
    let reported = of_scaling(settings, &groups.collect::<Vec<_>>(), to);
    lines.extend(reported.into_iter().map(|line| (line, Role::Warning)));
    lines
}
