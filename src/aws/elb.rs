//! Elastic Load Balancing: load balancers, target groups, their attributes and tags, and the health of targets.
//!
//! Load balancers and target groups are always read as a whole region: a target group names its load balancer, so two
//! listings contain what would take a call for each load balancer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_elasticloadbalancingv2::types::{self as wire, TargetHealthDescription};

use super::call::Call;
use super::convert::{MOST_TEXT, key, moment, plain, text, texts};
use crate::model::{
    Answer, Attributes, Batch, Covers, Fault, FaultKind, HealthCheck, Key, LoadBalancer, LoadBalancerState, Scheme,
    ScopeId, Tagged, Target, TargetGroup, TargetState,
};

/// The most that a page holds (`DescribeLoadBalancers`, `PageSize`).
pub(super) const PAGE: i32 = 400;

pub(super) async fn load_balancers(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().elb, call.scope());
    let (items, covers) = call
        .pages(
            |token| client.describe_load_balancers().page_size(PAGE).set_marker(token).send(),
            |page| (page.load_balancers().iter().filter_map(|it| load_balancer(scope, it)).collect(), page.next_marker),
        )
        .await?;
    Ok(Batch { covers, answer: Answer::LoadBalancers(items) })
}

fn load_balancer(scope: ScopeId, it: &wire::LoadBalancer) -> Option<LoadBalancer> {
    let key: Key<LoadBalancer> = key(scope, it.load_balancer_arn(), "load balancer")?;
    Some(LoadBalancer {
        name: text(it.load_balancer_name()).unwrap_or_else(|| crate::model::load_balancer_name(&key.id).into()),
        dns_name: text(it.dns_name()),
        scheme: it.scheme().map(|scheme| Scheme::from_wire(scheme.as_str())),
        state: it.state().and_then(|state| state.code()).map(|code| LoadBalancerState::from_wire(code.as_str())),
        vpc: text(it.vpc_id()),
        zones: texts(it.availability_zones().iter().map(|zone| zone.zone_name())),
        security_groups: texts(it.security_groups().iter().map(|group| Some(group.as_str()))),
        created: moment(it.created_time()),
        key,
    })
}

pub(super) async fn target_groups(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().elb, call.scope());
    let (items, covers) = call
        .pages(
            |token| client.describe_target_groups().page_size(PAGE).set_marker(token).send(),
            |page| (page.target_groups().iter().filter_map(|it| target_group(scope, it)).collect(), page.next_marker),
        )
        .await?;
    Ok(Batch { covers, answer: Answer::TargetGroups(items) })
}

pub(super) fn target_group(scope: ScopeId, it: &wire::TargetGroup) -> Option<TargetGroup> {
    let key: Key<TargetGroup> = key(scope, it.target_group_arn(), "target group")?;
    // Each once: peers that are not AWS repeat one for every rule (moto does).
    let balancers: BTreeSet<_> =
        texts(it.load_balancer_arns().iter().map(|arn| Some(arn.as_str()))).into_iter().collect();
    Some(TargetGroup {
        name: text(it.target_group_name()).unwrap_or_else(|| crate::model::resource_name(&key.id).into()),
        protocol: text(it.protocol().map(|protocol| protocol.as_str())),
        port: it.port(),
        protocol_version: text(it.protocol_version()),
        target_control_port: it.target_control_port(),
        vpc: text(it.vpc_id()),
        target_type: text(it.target_type().map(|kind| kind.as_str())),
        load_balancers: balancers.into_iter().map(|arn| Key::new(scope, arn)).collect(),
        health_check: HealthCheck {
            protocol: text(it.health_check_protocol().map(|protocol| protocol.as_str())),
            port: text(it.health_check_port()),
            path: text(it.health_check_path()),
            interval: it.health_check_interval_seconds(),
            timeout: it.health_check_timeout_seconds(),
            healthy_threshold: it.healthy_threshold_count(),
            unhealthy_threshold: it.unhealthy_threshold_count(),
            matcher: it.matcher().and_then(|matcher| text(matcher.http_code()).or_else(|| text(matcher.grpc_code()))),
        },
        key,
    })
}

pub(super) async fn target_health(call: &mut Call<'_>, of: &Key<TargetGroup>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().elb;
    let answer = call.send(|| client.describe_target_health().target_group_arn(&*of.id).send()).await?;
    let targets = answer.target_health_descriptions().iter().filter_map(target).collect();
    Ok(Batch { covers: Covers::All, answer: Answer::TargetHealth(of.clone(), targets) })
}

fn target(it: &TargetHealthDescription) -> Option<Target> {
    let Some(id) = it.target().and_then(|target| text(target.id())) else {
        tracing::warn!("skipped a target without its id");
        return None;
    };
    let health = it.target_health();
    Some(Target {
        id,
        port: it.target().and_then(wire::TargetDescription::port),
        availability_zone: it.target().and_then(|target| text(target.availability_zone())),
        state: TargetState::from_wire(health.and_then(|it| it.state()).map(|state| state.as_str()).unwrap_or_default()),
        reason: health.and_then(|it| it.reason()).and_then(|reason| text(Some(reason.as_str()))),
        description: health.and_then(|it| text(it.description())),
    })
}

pub(super) async fn target_group_attributes(call: &mut Call<'_>, of: &Key<TargetGroup>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().elb;
    let answer = call.send(|| client.describe_target_group_attributes().target_group_arn(&*of.id).send()).await?;
    let attributes = attributes(call, answer.attributes().iter().map(|it| (it.key(), it.value())))?;
    Ok(Batch { covers: Covers::All, answer: Answer::TargetGroupAttributes(of.clone(), attributes) })
}

pub(super) async fn load_balancer_attributes(call: &mut Call<'_>, of: &Key<LoadBalancer>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().elb;
    let answer = call.send(|| client.describe_load_balancer_attributes().load_balancer_arn(&*of.id).send()).await?;
    let attributes = attributes(call, answer.attributes().iter().map(|it| (it.key(), it.value())))?;
    Ok(Batch { covers: Covers::All, answer: Answer::LoadBalancerAttributes(of.clone(), attributes) })
}

/// Reads the tags of up to twenty ARNs. One without tags is contained in the answer, without any; if one is gone, AWS
/// refuses the call as a whole.
pub(super) async fn tags(call: &mut Call<'_>, of: &[Arc<str>]) -> Result<Batch, Arc<Fault>> {
    let (client, scope) = (&call.clients().elb, call.scope());
    let asked: Vec<String> = of.iter().map(|arn| arn.to_string()).collect();
    let answer = call.send(|| client.describe_tags().set_resource_arns(Some(asked.clone())).send()).await?;
    let key = |arn: &Arc<str>| Key::new(scope, Arc::clone(arn));
    let mut found: BTreeMap<Key<Tagged>, Attributes> = of.iter().map(|arn| (key(arn), Attributes::new())).collect();
    for it in answer.tag_descriptions() {
        if let Some(arn) = text(it.resource_arn()) {
            found.insert(key(&arn), pairs(it.tags().iter().map(|tag| (tag.key(), tag.value()))));
        }
    }
    Ok(Batch { covers: Covers::Only, answer: Answer::Tags(found.into_iter().collect()) })
}

/// Attributes, each whole: it may be written back one day.
fn attributes<'a>(
    call: &Call<'_>,
    found: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)> + Clone,
) -> Result<Attributes, Arc<Fault>> {
    let is_long = |(_, value): &(Option<&str>, Option<&str>)| value.is_some_and(|value| value.len() > MOST_TEXT);
    match found.clone().find(is_long) {
        Some((key, _)) => {
            let message = format!("the value of {} has more than {MOST_TEXT} characters", plain(key));
            Err(call.fault(FaultKind::Other, message))
        }
        None => Ok(pairs(found)),
    }
}

/// Keys with their values; a key without a value has the empty one.
pub(super) fn pairs<'a>(pairs: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>) -> Attributes {
    pairs.filter_map(|(key, value)| Some((text(key)?, plain(value)))).collect()
}
