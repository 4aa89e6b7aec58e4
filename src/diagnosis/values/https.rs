//! The HTTPS listener that leads to an environment.

use std::sync::Arc;

use super::missing::missing;
use crate::model::{EnvironmentLink, Key, Known, Listener, Moment, Snapshot, Source, serves};

/// The HTTPS side of a load balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The first secure port.
    pub port: i32,
    /// When its certificate stops being valid, if that is known.
    pub not_after: Option<Moment>,
}

/// Returns the first HTTPS listener that leads to an environment; nothing in it if none does.
pub fn tls(snapshot: &Snapshot, link: &EnvironmentLink) -> Known<Option<Tls>> {
    let Some((load_balancer, _)) = link.load_balancer.as_ref().filter(|_| link.balancer.is_application()) else {
        return Known::Absent;
    };
    let Some(listeners) = snapshot.inventory.listeners.get(load_balancer) else {
        return missing(snapshot, &Source::Listeners(load_balancer.clone()));
    };
    let secure = || listeners.iter().filter(|listener| listener.is_secure());
    let serves = |listener: &&Listener| serves(&snapshot.inventory, link, listener);
    if let Some(listener) = secure().find(|listener| serves(listener) == Some(true)) {
        return Known::Read(Some(presented(snapshot, listener)));
    }
    match secure().find(|listener| serves(listener).is_none()) {
        None => Known::Read(None),
        Some(_) if link.groups.is_empty() => Known::Absent,
        Some(listener) => missing(snapshot, &Source::Rules(listener.key.clone())),
    }
}

fn presented(snapshot: &Snapshot, listener: &Listener) -> Tls {
    let not_after =
        |arn| snapshot.inventory.certificates.get(&Key::new(listener.key.scope, Arc::clone(arn)))?.not_after;
    Tls { port: listener.port.unwrap_or(443), not_after: listener.certificates.first().and_then(not_after) }
}
