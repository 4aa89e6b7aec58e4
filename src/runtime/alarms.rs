//! Reads the alarms of an environment, and the rule by which beanpole mutes them.

use std::sync::Arc;

use crate::aws::{Session, fetch, look};
use crate::change::is_classic;
use crate::model::{
    Alarm, AlarmSubjects, Answer, Ask, Batch, Covers, Environment, EnvironmentAlarms, Fault, Inventory, Key,
    LinkedGroup, Moment, MuteRule, Seq, Snapshot, Source, Strength, concerning,
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
    let (mut subjects, unnamed) = subjects(session, environment, now).await;
    let mut unlinked = unnamed.clone();
    if unnamed.is_some()
        && let Some(tagged) = by_tags(session, environment, now).await
    {
        subjects = AlarmSubjects { instances: std::mem::take(&mut subjects.instances), ..tagged };
        unlinked = None;
    }
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
    let (unlinked, unread) = (unlinked.or_else(|| cut.clone()), unnamed.or(cut).or(unruled));
    Ok(EnvironmentAlarms { alarms, subjects, classic, rule, unread, unlinked })
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

/// The load balancer and the target groups by their tags, where Beanstalk's own list cannot be read: that needs many
/// permissions. `None`: no target group is proven to be the environment's.
async fn by_tags(
    session: &Session,
    environment: &Environment,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Option<AlarmSubjects> {
    let scope = environment.key.scope;
    let mut snapshot = Snapshot::new(scope, now());
    let answer = Answer::Environments(vec![environment.clone()]);
    snapshot.apply_batch(Batch { covers: Covers::All, answer }, now());
    for source in [Source::LoadBalancers(scope), Source::TargetGroups(scope)] {
        snapshot.apply(fetch(session, Ask::new(vec![source], Seq::default()), now).await)?;
    }
    let groups: Vec<_> = snapshot.inventory.target_groups.keys().cloned().map(Source::TargetGroupTags).collect();
    for some in groups.chunks(groups.first()?.most_in_a_call()) {
        snapshot.apply(fetch(session, Ask::new(some.to_vec(), Seq::default()), now).await)?;
    }
    let link = snapshot.link(&environment.key)?;
    let is_proven = |group: &&LinkedGroup| group.evidence.strength() == Strength::Proven;
    let proven: Vec<_> = link.groups.iter().filter(is_proven).map(|group| Arc::clone(&group.key.id)).collect();
    let subjects = snapshot.alarm_subjects(environment);
    let is_linked = !proven.is_empty() && !subjects.load_balancers.is_empty();
    is_linked.then_some(AlarmSubjects { target_groups: proven, ..subjects })
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
