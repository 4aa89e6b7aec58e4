//! `replace`: terminates an instance, for which the Auto Scaling group launches another.

use std::process::ExitCode;
use std::sync::Arc;

use super::desk::{Asking, Desk, at_desk};
use super::failure::Failure;
use super::reading::gather_more;
use super::settings::Settings;
use super::survey::unread;
use super::write_arguments::WriteArguments;
use crate::change::{Instances, Operation, Presence, Work, target_groups};
use crate::mistakes::did_you_mean;
use crate::model::{Environment, Key, Snapshot, Source, clean};
use crate::polling::Question;

const MEANING: &str =
    "The instance is drained and terminated, with what is on its disks; the Auto Scaling group launches another.";

/// Replaces this instance of this environment.
pub fn run(settings: &Settings, name: &str, instance: &str, arguments: &WriteArguments) -> Result<ExitCode, Failure> {
    at_desk(settings, name, arguments, async |desk: &Desk<'_>, environment: &Environment| {
        let reading = gather_more(desk.settings, &desk.session, |known| questions(known, environment)).await;
        let instances = Instances::known(&reading.known().inventory, &environment.key)
            .ok_or_else(|| unread(&reading, "instances"))?;
        let id = there(&instances, instance, environment)?;
        let name = &environment.name;
        let last_of = instances.last_of(&id, name);
        let asking = Asking {
            question: format!("replace {id} of {name} ({})", desk.whereabouts()),
            notes: vec![MEANING.to_owned()],
            ..Asking::default()
        };
        let results = [
            format!("{name}: {id} is being terminated, and another launched"),
            format!("how it goes: beanpole show {name}"),
        ];
        let work = Work::Replace { instance: id, last_of };
        desk.act(&Operation::of(environment, work), &asking, arguments, &results).await
    })
}

/// Returns the questions that decide whether an instance can be spared: its Auto Scaling groups, its targets' health.
fn questions(known: &Snapshot, environment: &Environment) -> Vec<Question> {
    let (inventory, key) = (&known.inventory, &environment.key);
    let mut sources = vec![Source::Resources(key.clone())];
    let names = inventory.resources.get(key).map(|it| it.auto_scaling_groups.as_slice()).unwrap_or_default();
    let keys = names.iter().map(|name| Key::new(key.scope, Arc::clone(name))).collect::<Vec<_>>();
    let groups: Vec<_> = keys.iter().filter_map(|key| inventory.auto_scaling_groups.get(key).cloned()).collect();
    sources.extend(keys.into_iter().map(Source::AutoScalingGroup));
    sources.extend(target_groups(&groups).into_iter().map(Source::TargetHealth));
    vec![Question::These(sources)]
}

/// The instance's id, if it is one of the environment's that stays.
fn there(instances: &Instances, id: &str, environment: &Environment) -> Result<Arc<str>, Failure> {
    let name = &environment.name;
    match instances.presence(id) {
        Presence::Stays => Ok(id.into()),
        Presence::Leaves => Err(Failure::refused(clean(&format!("{id} of {name} is being terminated already")))),
        Presence::Gone => {
            let ids: Vec<_> = instances.staying().map(|id| &**id).collect();
            let meant = did_you_mean(id, ids.iter().copied());
            let what = format!("{name} has no instance `{id}`{meant}");
            Err(Failure::usage(clean(&what)).hint(format!("it has: {}", clean(&ids.join(", ")))))
        }
    }
}
