//! Reads the alarms of an environment, and the rule by which beanpole mutes them.

use std::sync::Arc;

use crate::aws::{Session, fetch, look};
use crate::change::is_classic;
use crate::model::{
    Alarm, AlarmSubjects, Ask, Covers, Environment, EnvironmentAlarms, Fault, Inventory, Key, Moment, MuteRule, Seq,
    Source, concerning,
};

/// Reads what an environment's alarms may look at, then the alarms that do, and the rule of this name.
///
/// # Errors
/// When the alarms cannot be read at all. Other faults are in the answer: alarms that are not all known are not muted.
pub async fn read_alarms(
    session: &Session,
    environment: &Environment,
    rule: &str,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<EnvironmentAlarms, Arc<Fault>> {
    let (alarms, covers) = look::alarms(session, now).await?;
    let (subjects, unnamed) = subjects(session, environment, now).await;
    let (classic, alarms) = {
        let ours = concerning(alarms.iter(), &subjects);
        let is_ours = |alarm: &Alarm| ours.iter().any(|it| it.key == alarm.key);
        let classic = alarms.iter().filter(|alarm| is_classic(alarm) && !is_ours(alarm)).cloned().collect();
        (classic, ours.into_iter().cloned().collect())
    };
    let (rule, unruled) = match look::mute_rule(session, rule, now).await {
        Ok(rule) => (rule.filter(MuteRule::is_in_force), None),
        Err(fault) => (None, Some(fault)),
    };
    let cut = if let Covers::Partial(fault) = covers { Some(fault) } else { None };
    Ok(EnvironmentAlarms { alarms, subjects, classic, rule, unread: unnamed.or(cut).or(unruled) })
}

/// What an environment's alarms may look at, and why not all of it is known: then at least its name is.
async fn subjects(
    session: &Session,
    environment: &Environment,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> (AlarmSubjects, Option<Arc<Fault>>) {
    let key = &environment.key;
    let mut inventory = Inventory::default();
    let mut unread = read(session, &mut inventory, Source::Resources(key.clone()), now).await.err();
    let named = inventory.resources.get(key).cloned();
    for name in named.iter().flat_map(|it| &it.auto_scaling_groups) {
        let group = Key::new(key.scope, Arc::clone(name));
        unread = read(session, &mut inventory, Source::AutoScalingGroup(group), now).await.err().or(unread);
    }
    let groups = inventory.auto_scaling_groups.values().flat_map(|group| &group.target_groups);
    let target_groups = groups.map(|key| Arc::clone(&key.id)).collect();
    let (load_balancers, instances) = named.map(|it| (it.load_balancers, it.instances)).unwrap_or_default();
    let environment = Arc::clone(&environment.name);
    (AlarmSubjects { environment, load_balancers, target_groups, instances }, unread)
}

async fn read(
    session: &Session,
    inventory: &mut Inventory,
    source: Source,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<(), Arc<Fault>> {
    let ask = Ask::new(vec![source], Seq::default());
    let batch = fetch(session, ask, now).await.result?;
    inventory.replace(batch, now());
    Ok(())
}
