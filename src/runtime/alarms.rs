//! Reads the alarms of an environment, and the rule by which beanpole mutes them.

use std::sync::Arc;

use crate::aws::{Session, fetch, look};
use crate::model::{
    AlarmSubjects, Ask, Covers, Environment, EnvironmentAlarms, Fault, Inventory, Key, Moment, MuteRule, Seq, Source,
};

/// Reads what an environment's alarms may look at, then the alarms that do, and the rule of this name.
///
/// # Errors
/// When any of it cannot be read: alarms that are not known cannot be muted.
pub async fn read_alarms(
    session: &Session,
    environment: &Environment,
    rule: &str,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<EnvironmentAlarms, Arc<Fault>> {
    let subjects = subjects(session, environment, now).await?;
    let (mut alarms, covers) = look::alarms(session, now).await?;
    alarms.retain(|alarm| alarm.concerns(&subjects));
    alarms.sort_by(|one, other| one.name.cmp(&other.name));
    let rule = look::mute_rule(session, rule, now).await?.filter(MuteRule::is_in_force);
    let unread = if let Covers::Partial(fault) = covers { Some(fault) } else { None };
    Ok(EnvironmentAlarms { alarms, rule, unread })
}

async fn subjects(
    session: &Session,
    environment: &Environment,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<AlarmSubjects, Arc<Fault>> {
    let key = &environment.key;
    let mut inventory = Inventory::default();
    read(session, &mut inventory, Source::Resources(key.clone()), now).await?;
    let named = |inventory: &Inventory| inventory.resources.get(key).map(|it| it.auto_scaling_groups.clone());
    for name in named(&inventory).unwrap_or_default() {
        let group = Key::new(key.scope, name);
        read(session, &mut inventory, Source::AutoScalingGroup(group), now).await?;
    }
    let groups = || inventory.auto_scaling_groups.values();
    Ok(AlarmSubjects {
        environment: Arc::clone(&environment.name),
        load_balancers: inventory.resources.get(key).map(|it| it.load_balancers.clone()).unwrap_or_default(),
        target_groups: groups().flat_map(|group| &group.target_groups).map(|key| Arc::clone(&key.id)).collect(),
        instances: inventory.resources.get(key).map(|it| it.instances.clone()).unwrap_or_default(),
    })
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
