//! Elastic Beanstalk: environments, their events, their resources and their option settings.
//!
//! Environments are read without the deleted ones. An empty list is no proof that there are none: Beanstalk
//! leaves out what the caller's policy does not cover.

use std::sync::Arc;

use aws_sdk_elasticbeanstalk::types::{
    ConfigurationDeploymentStatus, ConfigurationSettingsDescription, EnvironmentDescription,
    EnvironmentResourceDescription, EventDescription,
};

use super::call::Call;
use super::convert::{MOST_TEXT, date_time, key, moment, plain, text, texts};
use super::health::health_status;
use crate::model::{
    Answer, Batch, ConfigurationSettings, Covers, Environment, EnvironmentEvent, EnvironmentResources,
    EnvironmentStatus, Fault, FaultKind, HealthColour, Key, Moment, Names, OptionSets, OptionSetting, ScopeId,
    Severity, Tier,
};

/// The most that a page of environments holds (`DescribeEnvironments`, `MaxRecords`).
const PAGE: i32 = 1000;
/// How many events one read brings: enough for what happens between two reads.
const EVENTS: i32 = 100;

pub(super) async fn environments(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().beanstalk, call.scope());
    let (items, covers) = call
        .pages(
            |token| {
                client.describe_environments().include_deleted(false).max_records(PAGE).set_next_token(token).send()
            },
            |page| (page.environments().iter().filter_map(|it| environment(scope, it)).collect(), page.next_token),
        )
        .await?;
    Ok(Batch { covers, answer: Answer::Environments(items) })
}

pub(super) fn environment(scope: ScopeId, it: &EnvironmentDescription) -> Option<Environment> {
    // Peers that are not AWS send environments without ids (moto does): their ARNs serve as well.
    let ids = [it.environment_id(), it.environment_arn(), it.environment_name()];
    let id = ids.into_iter().flatten().find(|id| !id.is_empty());
    let key: Key<Environment> = key(scope, id, "environment")?;
    Some(Environment {
        name: text(it.environment_name()).unwrap_or_else(|| Arc::clone(&key.id)),
        application: plain(it.application_name()),
        version: text(it.version_label()),
        platform: text(it.solution_stack_name()).or_else(|| text(it.platform_arn())),
        platform_arn: text(it.platform_arn()),
        endpoint_url: text(it.endpoint_url()),
        cname: text(it.cname()),
        created: moment(it.date_created()),
        updated: moment(it.date_updated()),
        status: EnvironmentStatus::from_wire(it.status().map(|status| status.as_str()).unwrap_or_default()),
        abortable: it.abortable_operation_in_progress().unwrap_or_default(),
        health: it.health().map(|health| HealthColour::from_wire(health.as_str())),
        health_status: it.health_status().map(|status| health_status(status.as_str())),
        tier: it.tier().and_then(|tier| tier.name()).map(Tier::from_wire),
        arn: text(it.environment_arn()),
        key,
    })
}

/// The newest events of all environments, or all those since an instant, that instant included.
pub(super) async fn events(call: &mut Call<'_>, since: Option<Moment>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().beanstalk;
    let since = since.map(date_time);
    let request = |token| {
        let request = client.describe_events().max_records(EVENTS);
        request.set_start_time(since).set_next_token(token).send()
    };
    if since.is_none() {
        let page = call.send(|| request(None)).await?;
        let events = page.events().iter().filter_map(event).collect();
        return Ok(Batch { covers: Covers::Only, answer: Answer::Events(events) });
    }
    let (events, covers) =
        call.pages(request, |page| (page.events().iter().filter_map(event).collect(), page.next_token)).await?;
    let covers = if covers == Covers::All { Covers::Only } else { covers };
    Ok(Batch { covers, answer: Answer::Events(events) })
}

/// The newest events of one environment: on a busy region they are not among the newest of all.
pub(super) async fn history(call: &mut Call<'_>, of: &Key<Environment>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().beanstalk;
    let request = || client.describe_events().environment_id(&*of.id).max_records(EVENTS).send();
    let page = call.send(request).await?;
    let events = page.events().iter().filter_map(event).collect();
    Ok(Batch { covers: Covers::Only, answer: Answer::Events(events) })
}

pub(super) fn event(it: &EventDescription) -> Option<EnvironmentEvent> {
    let Some(at) = moment(it.event_date()) else {
        tracing::warn!("skipped an event without a date");
        return None;
    };
    Some(EnvironmentEvent {
        at,
        severity: Severity::from_wire(it.severity().map(|severity| severity.as_str()).unwrap_or_default()),
        environment: text(it.environment_name()),
        application: text(it.application_name()),
        version: text(it.version_label()),
        message: plain(it.message()),
        request_id: text(it.request_id()),
    })
}

pub(super) async fn resources(call: &mut Call<'_>, of: &Key<Environment>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().beanstalk;
    let answer = call.send(|| client.describe_environment_resources().environment_id(&*of.id).send()).await?;
    let Some(found) = answer.environment_resources() else {
        return Err(call.fault(FaultKind::Other, "the answer names no resources, not even an empty list of them"));
    };
    Ok(Batch { covers: Covers::All, answer: Answer::Resources(environment_resources(of, found)) })
}

fn environment_resources(of: &Key<Environment>, it: &EnvironmentResourceDescription) -> EnvironmentResources {
    EnvironmentResources {
        environment: of.clone(),
        load_balancers: texts(it.load_balancers().iter().map(|it| it.name())),
        auto_scaling_groups: texts(it.auto_scaling_groups().iter().map(|it| it.name())),
        instances: texts(it.instances().iter().map(|it| it.id())),
        queues: texts(it.queues().iter().map(|it| it.name())),
        cluster: it.cluster().and_then(|cluster| text(cluster.cluster_arn())),
    }
}

/// The settings that are deployed. There may be a second set, a draft that is pending or has failed.
pub(super) async fn settings(
    call: &mut Call<'_>,
    of: &Key<Environment>,
    names: Option<&Names>,
) -> Result<Batch, Arc<Fault>> {
    let names = call.named(names)?;
    let client = &call.clients().beanstalk;
    let request = || {
        let request = client.describe_configuration_settings();
        request.application_name(&*names.application).environment_name(&*names.environment).send()
    };
    let answer = call.send(request).await?;
    let Some(set) = deployed(answer.configuration_settings()) else {
        return Err(call.fault(FaultKind::NotFound, format!("there are no settings of {}", names.environment)));
    };
    let settings = configuration(call, of, set)?;
    Ok(Batch { covers: Covers::All, answer: Answer::Settings(settings) })
}

/// Both sets: what is deployed, and what an update in progress is to deploy. A set that failed is neither.
pub(super) async fn option_sets(
    call: &mut Call<'_>,
    of: &Key<Environment>,
    names: &Names,
) -> Result<OptionSets, Arc<Fault>> {
    let client = &call.clients().beanstalk;
    let request = || {
        let request = client.describe_configuration_settings();
        request.application_name(&*names.application).environment_name(&*names.environment).send()
    };
    let answer = call.send(request).await?;
    let sets = answer.configuration_settings();
    let is_pending = |set: &&ConfigurationSettingsDescription| {
        set.deployment_status() == Some(&ConfigurationDeploymentStatus::Pending)
    };
    let is_deployed = |set: &&ConfigurationSettingsDescription| {
        matches!(set.deployment_status(), None | Some(ConfigurationDeploymentStatus::Deployed))
    };
    Ok(OptionSets {
        deployed: sets.iter().find(is_deployed).map(|set| configuration(call, of, set)).transpose()?,
        pending: sets.iter().find(is_pending).map(|set| configuration(call, of, set)).transpose()?,
    })
}

fn configuration(
    call: &Call<'_>,
    of: &Key<Environment>,
    set: &ConfigurationSettingsDescription,
) -> Result<ConfigurationSettings, Arc<Fault>> {
    let long = set.option_settings().iter().find(|it| it.value().is_some_and(|value| value.len() > MOST_TEXT));
    if let Some(it) = long {
        // What is written back one day must be whole.
        let (namespace, name) = (plain(it.namespace()), plain(it.option_name()));
        let message = format!("the value of {namespace} {name} has more than {MOST_TEXT} characters");
        return Err(call.fault(FaultKind::Other, message));
    }
    let options = set.option_settings().iter().filter_map(|it| {
        let (namespace, name) = (text(it.namespace())?, text(it.option_name())?);
        Some(OptionSetting { namespace, name, value: it.value().map(Into::into) })
    });
    Ok(ConfigurationSettings { environment: of.clone(), options: options.collect() })
}

fn deployed(sets: &[ConfigurationSettingsDescription]) -> Option<&ConfigurationSettingsDescription> {
    let is_deployed = |set: &&ConfigurationSettingsDescription| {
        set.deployment_status() == Some(&ConfigurationDeploymentStatus::Deployed)
    };
    sets.iter().find(is_deployed).or_else(|| sets.first())
}
