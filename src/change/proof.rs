//! Whether an object is the environment's own, surely enough to write to it.
//!
//! A target group: by its own tag, or because the environment's Auto Scaling group registers its instances with it. That
//! it hangs on the environment's load balancer proves nothing: somebody may have attached it by hand. A load balancer,
//! and its listeners: Beanstalk names it, and it is not one that others may use.

use std::sync::Arc;

use super::field::{Basis, Object};
use super::outcome::Refusal;
use crate::model::{ConfigurationSettings, Key, LoadBalancer, TargetGroup, load_balancer_name, resource_name};

const ENVIRONMENT_ID_TAG: &str = "elasticbeanstalk:environment-id";
const SHARED_COUNT_TAG: &str = "elasticbeanstalk:shared-elb-environment-count";

/// Whether the object is proven to be the environment's.
///
/// # Errors
/// When it is not, or what would prove it was not read.
pub(super) fn proof(basis: &Basis<'_>, object: &Object) -> Result<(), Refusal> {
    let doubt = match object {
        Object::TargetGroup(key) => of_group(basis, key),
        Object::LoadBalancer(key) | Object::Listener(_, key, _) => of_balancer(basis, key),
    };
    let own = match object {
        Object::TargetGroup(key) => resource_name(&key.id),
        Object::LoadBalancer(key) | Object::Listener(_, key, _) => load_balancer_name(&key.id),
    };
    let (object, name) = (Arc::from(own), &basis.environment.name);
    doubt.map_or(Ok(()), |why| Err(Refusal::NotProven { object, environment: Arc::clone(name), why: why.into() }))
}

/// Why it may be somebody else's.
fn of_group(basis: &Basis<'_>, key: &Key<TargetGroup>) -> Option<&'static str> {
    let Some(group) = basis.inventory.target_groups.get(key) else { return Some("it is not there any more") };
    if !matches!(group.protocol.as_deref(), Some("HTTP" | "HTTPS")) {
        return Some("it is not behind an application load balancer");
    }
    match tag(basis, &key.id) {
        Some(true) => None,
        Some(false) => Some("its tag names another environment"),
        None if is_scaled(basis, key) => None,
        None => Some("neither its tag nor the Auto Scaling group of the environment says so"),
    }
}

/// Whether the object's tag names this environment; `None` without one.
fn tag(basis: &Basis<'_>, arn: &Arc<str>) -> Option<bool> {
    let id = basis.inventory.tags.get(arn)?.get(ENVIRONMENT_ID_TAG)?;
    Some(*id == basis.environment.key.id)
}

fn is_scaled(basis: &Basis<'_>, key: &Key<TargetGroup>) -> bool {
    let inventory = basis.inventory;
    let resources = inventory.resources.get(&basis.environment.key);
    let names = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
    let groups = names.filter_map(|name| inventory.auto_scaling_groups.get(&Key::new(key.scope, Arc::clone(name))));
    groups.flat_map(|it| &it.target_groups).any(|it| it == key)
}

fn of_balancer(basis: &Basis<'_>, key: &Key<LoadBalancer>) -> Option<&'static str> {
    let inventory = basis.inventory;
    let own_tag = tag(basis, &key.id);
    let resources = inventory.resources.get(&basis.environment.key);
    let is_named = resources.is_some_and(|it| it.load_balancers.contains(&key.id));
    let is_counted = inventory.tags.get(&key.id).is_some_and(|tags| tags.contains_key(SHARED_COUNT_TAG));
    let is_shared = basis.settings().and_then(ConfigurationSettings::load_balancer_is_shared);
    let users = basis.topology.environments_of(key);
    if is_counted || is_shared == Some(true) || users.iter().any(|user| *user != basis.environment.key) {
        return Some("others may use it too");
    }
    match (own_tag, is_named, is_shared) {
        (Some(false), ..) => Some("its tag names another environment"),
        (Some(true), ..) | (None, true, Some(false)) => None,
        (None, false, _) => Some("Beanstalk does not name it among the resources of the environment"),
        (None, true, _) => {
            Some("neither a tag nor the option LoadBalancerIsShared says that it is the environment's alone")
        }
    }
}
