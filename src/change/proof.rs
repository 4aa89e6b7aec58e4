//! Whether an object is the environment's own, reliably enough to write to it.
//!
//! A target group: by its own tag, or because the environment's Auto Scaling group registers its instances with it. That
//! it is attached to the environment's load balancer proves nothing: that may have been done by hand. A load balancer,
//! and its listeners: Beanstalk names it, and it is not one that others may use.

use std::sync::Arc;

use super::field::{Object, PlanInputs};
use super::outcome::Refusal;
use crate::model::{
    ApiRead, ConfigurationSettings, Key, LoadBalancer, TargetGroup, api_reads, load_balancer_name, resource_name,
};

const ENVIRONMENT_ID_TAG: &str = "elasticbeanstalk:environment-id";
const SHARED_COUNT_TAG: &str = "elasticbeanstalk:shared-elb-environment-count";

/// Why an object may belong to something else.
enum ProofDoubt {
    /// What was read proves it, or does not contradict it.
    Why(&'static str),
    /// This could not be read; it is read by this operation.
    Unread(&'static str, &'static ApiRead),
}

const TAGS_OF_GROUP: ProofDoubt = ProofDoubt::Unread("the target group's tags", &api_reads::DESCRIBE_TAGS);
const TAGS_OF_BALANCER: ProofDoubt = ProofDoubt::Unread("the load balancer's tags", &api_reads::DESCRIBE_TAGS);
const RESOURCES: ProofDoubt =
    ProofDoubt::Unread("the environment's resources", &api_reads::DESCRIBE_ENVIRONMENT_RESOURCES);
const SCALING_GROUPS: ProofDoubt =
    ProofDoubt::Unread("the environment's Auto Scaling group", &api_reads::DESCRIBE_AUTO_SCALING_GROUPS);
const OPTIONS: ProofDoubt =
    ProofDoubt::Unread("the environment's options", &api_reads::DESCRIBE_CONFIGURATION_SETTINGS);

/// Whether the object is proven to be the environment's.
///
/// # Errors
/// When it is not, or what would prove it was not read.
pub(super) fn proof(basis: &PlanInputs<'_>, object: &Object) -> Result<(), Refusal> {
    let doubt = match object {
        Object::TargetGroup(key) => of_group(basis, key),
        Object::LoadBalancer(key) | Object::Listener(_, key, _) => of_balancer(basis, key),
    };
    let own = match object {
        Object::TargetGroup(key) => resource_name(&key.id),
        Object::LoadBalancer(key) | Object::Listener(_, key, _) => load_balancer_name(&key.id),
    };
    let (object, environment) = (Arc::from(own), Arc::clone(&basis.environment.name));
    match doubt {
        None => Ok(()),
        Some(ProofDoubt::Why(why)) => Err(Refusal::NotProven { object, environment, why: why.into() }),
        Some(ProofDoubt::Unread(what, read)) => {
            Err(Refusal::NotRead { object, environment, what: what.into(), operation: read.operation })
        }
    }
}

/// Why it may be another's.
fn of_group(basis: &PlanInputs<'_>, key: &Key<TargetGroup>) -> Option<ProofDoubt> {
    let Some(group) = basis.snapshot.inventory.target_groups.get(key) else {
        return Some(ProofDoubt::Why("it is not there any more"));
    };
    if !matches!(group.protocol.as_deref(), Some("HTTP" | "HTTPS")) {
        return Some(ProofDoubt::Why("it is not behind an application load balancer"));
    }
    match tag(basis, key) {
        Some(true) => None,
        Some(false) => Some(ProofDoubt::Why("its tag names another environment")),
        None if is_scaled(basis, key) => None,
        None if basis.snapshot.inventory.tags_of(key).is_none() => Some(TAGS_OF_GROUP),
        None => Some(unscaled(basis)),
    }
}

/// Neither the object's tag nor any Auto Scaling group that was read shows who owns it.
fn unscaled(basis: &PlanInputs<'_>) -> ProofDoubt {
    let Some(resources) = basis.snapshot.inventory.resources.get(&basis.environment.key) else { return RESOURCES };
    let scope = basis.environment.key.scope;
    let is_read =
        |name: &Arc<str>| basis.snapshot.inventory.auto_scaling_groups.contains_key(&Key::new(scope, Arc::clone(name)));
    if !resources.auto_scaling_groups.iter().all(is_read) {
        return SCALING_GROUPS;
    }
    ProofDoubt::Why("neither its tag nor the Auto Scaling group of the environment says so")
}

/// Whether the object's tag names this environment; `None` without one.
fn tag<T>(basis: &PlanInputs<'_>, key: &Key<T>) -> Option<bool> {
    let id = basis.snapshot.inventory.tags_of(key)?.get(ENVIRONMENT_ID_TAG)?;
    Some(*id == basis.environment.key.id)
}

fn is_scaled(basis: &PlanInputs<'_>, key: &Key<TargetGroup>) -> bool {
    let inventory = &basis.snapshot.inventory;
    let resources = inventory.resources.get(&basis.environment.key);
    let names = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
    let groups = names.filter_map(|name| inventory.auto_scaling_groups.get(&Key::new(key.scope, Arc::clone(name))));
    groups.flat_map(|it| &it.target_groups).any(|it| it == key)
}

fn of_balancer(basis: &PlanInputs<'_>, key: &Key<LoadBalancer>) -> Option<ProofDoubt> {
    let inventory = &basis.snapshot.inventory;
    let own_tag = tag(basis, key);
    let resources = inventory.resources.get(&basis.environment.key);
    let is_named = resources.is_some_and(|it| it.load_balancers.contains(&key.id));
    let tags = inventory.tags_of(key);
    let is_counted = tags.is_some_and(|tags| tags.contains_key(SHARED_COUNT_TAG));
    let is_shared = basis.settings().and_then(ConfigurationSettings::load_balancer_is_shared);
    let users = basis.snapshot.topology.environments_of(key);
    if is_counted || is_shared == Some(true) || users.iter().any(|user| *user != basis.environment.key) {
        return Some(ProofDoubt::Why("others may use it too"));
    }
    match (own_tag, is_named, is_shared) {
        (Some(false), ..) => Some(ProofDoubt::Why("its tag names another environment")),
        (Some(true), ..) | (None, true, Some(false)) => None,
        _ if tags.is_none() => Some(TAGS_OF_BALANCER),
        (None, false, _) if resources.is_none() => Some(RESOURCES),
        (None, false, _) => Some(ProofDoubt::Why("Beanstalk does not name it among the resources of the environment")),
        (None, true, _) if basis.settings().is_none() => Some(OPTIONS),
        (None, true, _) => Some(ProofDoubt::Why(
            "neither a tag nor the option LoadBalancerIsShared says that it is the environment's alone",
        )),
    }
}
