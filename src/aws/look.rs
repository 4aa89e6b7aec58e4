//! Looks at one environment and what is its own: just before it is written to, just after, and when an answer was lost.
//!
//! Not part of [`fetch`](super::fetch()), whose answers are for the inventory and cover a whole region.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::call::Call;
use super::convert::date_time;
use super::session::Session;
use super::{alarms, beanstalk, elb, health, s3, security, versions};
use crate::change::SeenObject;
use crate::model::{
    Alarm, Answer, ApplicationVersion, Covers, Environment, EnvironmentEvent, Fault, FaultKind, InstanceHealth, Key,
    Moment, MuteRule, Names, ObjectLocation, OptionSets, SecurityGroup, TargetGroup, TlsPolicy, api_reads, counted,
};

/// More events than an update has in the minutes in which a lost answer is looked for.
const EVENTS: i32 = 1000;

/// The environment as it is now; `None` if there is none of this id.
///
/// # Errors
/// When the call fails.
pub async fn environment(
    session: &Session,
    key: &Key<Environment>,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Option<Environment>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_ENVIRONMENTS, now);
    let (client, scope) = (&call.clients().beanstalk, call.scope());
    let request = || client.describe_environments().environment_ids(&*key.id).include_deleted(false).send();
    let answer = call.send(request).await?;
    let found = answer.environments().iter().filter_map(|it| beanstalk::environment(scope, it));
    Ok(found.into_iter().find(|it| it.key == *key))
}

/// The environment's events between two instants of AWS's clock, newest first.
///
/// # Errors
/// When the call fails, or there are more events than one answer holds.
pub async fn events_between(
    session: &Session,
    key: &Key<Environment>,
    (from, until): (Moment, Moment),
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Vec<EnvironmentEvent>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_EVENTS, now);
    let client = &call.clients().beanstalk;
    let request = || {
        let request = client.describe_events().environment_id(&*key.id);
        request.start_time(date_time(from)).end_time(date_time(until)).max_records(EVENTS).send()
    };
    let answer = call.send(request).await?;
    if answer.events().len() >= EVENTS as usize {
        return Err(
            call.fault(FaultKind::Other, format!("there are more than {} in that time", counted(EVENTS, "event")))
        );
    }
    Ok(answer.events().iter().filter_map(beanstalk::event).collect())
}

/// The environment's options: those that are deployed, and those of an update in progress.
///
/// # Errors
/// When the call fails.
pub async fn option_sets(
    session: &Session,
    key: &Key<Environment>,
    names: &Names,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<OptionSets, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_CONFIGURATION_SETTINGS, now);
    beanstalk::option_sets(&mut call, key, names).await
}

/// Reads the health and the deployments of the environment's instances.
///
/// # Errors
/// When the call fails, or the environment has basic health.
pub async fn instances(
    session: &Session,
    key: &Key<Environment>,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Vec<InstanceHealth>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_INSTANCES_HEALTH, now);
    match health::instances(&mut call, key).await?.answer {
        Answer::InstancesHealth(_, instances) => Ok(instances),
        _ => Ok(Vec::new()),
    }
}

/// The version of an application that has this label; `None` if there is none.
///
/// # Errors
/// When the call fails.
pub async fn application_version(
    session: &Session,
    application: &str,
    label: &str,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Option<ApplicationVersion>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_APPLICATION_VERSIONS, now);
    versions::application_version(&mut call, application, label).await
}

/// The size and the checksum of an object in S3; `None` if there is none.
///
/// # Errors
/// When the call fails.
pub async fn object(
    session: &Session,
    at: &ObjectLocation,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Option<SeenObject>, Arc<Fault>> {
    s3::head_object(session, at, now).await
}

/// The target group as it is now.
///
/// # Errors
/// When the call fails, or there is none of this ARN.
pub async fn target_group(
    session: &Session,
    key: &Key<TargetGroup>,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Option<TargetGroup>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_TARGET_GROUPS, now);
    let (client, scope) = (&call.clients().elb, call.scope());
    let answer = call.send(|| client.describe_target_groups().target_group_arns(&*key.id).send()).await?;
    let found = answer.target_groups().iter().filter_map(|it| elb::target_group(scope, it));
    Ok(found.into_iter().find(|it| it.key == *key))
}

/// The security groups of these ids, and those of this name; those that are gone are left out.
///
/// # Errors
/// When a call fails.
pub async fn security_groups(
    session: &Session,
    ids: &[Arc<str>],
    name: &Arc<str>,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Vec<SecurityGroup>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_SECURITY_GROUPS, now);
    let mut found = security::groups(&mut call, "group-name", std::slice::from_ref(name)).await?;
    if !ids.is_empty() {
        found.extend(security::groups(&mut call, "group-id", ids).await?);
    }
    found.sort_by(|one, other| one.key.id.cmp(&other.key.id));
    found.dedup_by(|one, other| one.key == other.key);
    Ok(found)
}

/// How many instances carry each of these security groups.
///
/// # Errors
/// When the call fails.
pub async fn instances_carrying(
    session: &Session,
    groups: &[Arc<str>],
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<BTreeMap<Arc<str>, usize>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_INSTANCES, now);
    if groups.is_empty() { Ok(BTreeMap::new()) } else { security::carriers(&mut call, groups).await }
}

/// The TLS policies that an application load balancer takes.
///
/// # Errors
/// When the call fails.
pub async fn tls_policies(
    session: &Session,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Vec<TlsPolicy>, Arc<Fault>> {
    security::policies(&mut Call::read(session, &api_reads::DESCRIBE_SSL_POLICIES, now)).await
}

/// The alarms of the region.
///
/// # Errors
/// When the first page fails.
pub async fn alarms(
    session: &Session,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<(Vec<Alarm>, Covers), Arc<Fault>> {
    alarms::alarms(&mut Call::read(session, &api_reads::DESCRIBE_ALARMS, now), None).await
}

/// The alarms of these names that there are, at most 100.
///
/// # Errors
/// When the call fails.
pub async fn alarms_named(
    session: &Session,
    names: &[Arc<str>],
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Vec<Alarm>, Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::DESCRIBE_ALARMS, now);
    match alarms::named(&mut call, names).await? {
        (_, Covers::Partial(fault)) => Err(fault),
        (alarms, _) => Ok(alarms),
    }
}

/// The rules that mute alarms, or will, and whose names begin so.
///
/// # Errors
/// When the first page of the list fails, or a rule cannot be read.
pub async fn mute_rules(
    session: &Session,
    prefix: &str,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<(Vec<MuteRule>, Covers), Arc<Fault>> {
    let mut call = Call::read(session, &api_reads::LIST_ALARM_MUTE_RULES, now);
    let (names, covers) = alarms::mute_rule_names(&mut call).await?;
    let mut rules = Vec::new();
    for name in names.iter().filter(|name| name.starts_with(prefix)) {
        rules.extend(mute_rule(session, name, now).await?);
    }
    Ok((rules, covers))
}

/// The rule of this name; `None` if there is none.
///
/// # Errors
/// When the call fails.
pub async fn mute_rule(
    session: &Session,
    name: &str,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Option<MuteRule>, Arc<Fault>> {
    alarms::mute_rule(&mut Call::read(session, &api_reads::GET_ALARM_MUTE_RULE, now), name).await
}
