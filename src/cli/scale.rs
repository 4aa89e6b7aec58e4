//! `scale`: how many instances an environment may have.

use std::process::ExitCode;
use std::sync::Arc;

use super::desk::{Asking, Desk, at_desk};
use super::failure::Failure;
use super::reading::gather_more;
use super::settings::Settings;
use super::survey::unread;
use super::write_arguments::WriteArguments;
use crate::change::{InstanceLimits, Operation, Work, of_scaling, unscalable};
use crate::model::{AutoScalingGroup, ConfigurationSettings, Environment, Key, Snapshot, Source, clean};
use crate::polling::Question;

/// Sets the least and the most instances of this environment.
pub fn run(
    settings: &Settings,
    name: &str,
    (min, max): (i64, i64),
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let to = InstanceLimits::new(min, max).map_err(Failure::usage)?;
    at_desk(settings, name, arguments, async |desk: &Desk<'_>, environment: &Environment| {
        let reading = gather_more(desk.settings, &desk.session, |known| questions(known, environment)).await;
        let known = reading.known();
        let options = known.inventory.settings.get(&environment.key).ok_or_else(|| unread(&reading, "settings"))?;
        let sizes = (InstanceLimits::of(options), to);
        change_sizes(desk, (environment, options), &groups(known, environment), sizes, arguments).await
    })
}

/// Changes the sizes of an environment with these options and Auto Scaling groups from those to these.
pub async fn change_sizes(
    desk: &Desk<'_>,
    (environment, options): (&Environment, &ConfigurationSettings),
    groups: &[&AutoScalingGroup],
    (from, to): (InstanceLimits, InstanceLimits),
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let name = &environment.name;
    if let Some(refusal) = unscalable(options) {
        return Err(Failure::refused(clean(&format!("scale {name}: {refusal}"))));
    }
    let asking = Asking {
        question: format!("scale {name} ({}) from {from} instances to {to}", desk.whereabouts()),
        notes: of_scaling(options, groups, to),
        ..Asking::default()
    };
    let results = [
        format!("{name}: Beanstalk sets the sizes of the Auto Scaling group, from {from} to {to}"),
        format!("to put it back: beanpole scale {name} {} {}", from.min, from.max),
    ];
    let operation = Operation::of(environment, Work::Scale { from, to });
    desk.act(&operation, &asking, arguments, &results).await
}

fn questions(known: &Snapshot, environment: &Environment) -> Vec<Question> {
    let key = &environment.key;
    // Settings are read by the environment's name, which is read with the environment.
    if !known.inventory.environments.contains_key(key) {
        return vec![Question::These(vec![Source::Environments(known.scope)])];
    }
    let mut sources = vec![Source::Settings(key.clone()), Source::Resources(key.clone())];
    sources.extend(scaling_groups(known, environment).into_iter().map(Source::AutoScalingGroup));
    vec![Question::These(sources)]
}

fn scaling_groups(known: &Snapshot, environment: &Environment) -> Vec<Key<AutoScalingGroup>> {
    let resources = known.inventory.resources.get(&environment.key);
    let names = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
    names.map(|name| Key::new(environment.key.scope, Arc::clone(name))).collect()
}

/// Returns the Auto Scaling groups of an environment, as far as they could be read.
pub fn groups<'a>(known: &'a Snapshot, environment: &Environment) -> Vec<&'a AutoScalingGroup> {
    let keys = scaling_groups(known, environment);
    keys.iter().filter_map(|key| known.inventory.auto_scaling_groups.get(key)).collect()
}
