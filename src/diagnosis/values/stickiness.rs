//! Whether clients stay with their target.

use super::counting::{proof, proven};
use super::missing::missing;
use crate::model::{Attributes, Environment, EnvironmentLink, Key, Known, Snapshot, Source};

/// Whether clients stay with their target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stickiness {
    /// No group is sticky.
    Off,
    /// All are, by the load balancer's cookie, for this many seconds at the most.
    LoadBalancerCookie(u64),
    /// All are, by the application's cookie.
    ApplicationCookie,
    /// Some are.
    Mixed,
}

/// Returns the stickiness in a target group's attributes.
#[must_use]
pub fn stickiness_of(attributes: &Attributes) -> Stickiness {
    let get = |key: &str| attributes.get(key).map(|value| &**value);
    if get("stickiness.enabled") != Some("true") {
        return Stickiness::Off;
    }
    if get("stickiness.type") == Some("app_cookie") {
        return Stickiness::ApplicationCookie;
    }
    let seconds = get("stickiness.lb_cookie.duration_seconds").and_then(|value| value.parse().ok());
    Stickiness::LoadBalancerCookie(seconds.unwrap_or(86_400))
}

/// Returns the stickiness of an environment's target groups.
pub fn stickiness(snapshot: &Snapshot, environment: &Key<Environment>, link: &EnvironmentLink) -> Known<Stickiness> {
    if link.groups.is_empty() || !link.balancer.is_application() {
        return Known::Absent;
    }
    let mut all: Option<Stickiness> = None;
    for group in proven(link) {
        let Some(attributes) = snapshot.inventory.target_group_attributes.get(&group.key) else {
            return missing(snapshot, &Source::TargetGroupAttributes(group.key.clone()));
        };
        let one = stickiness_of(attributes);
        all = Some(all.map_or(one, |all| if all == one { all } else { Stickiness::Mixed }));
    }
    all.map_or_else(|| proof(snapshot, environment, link), Known::Read)
}
