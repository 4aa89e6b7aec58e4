//! The Targets tab: a row for each target, with its state in ELB, Beanstalk and EC2.

use std::fmt::Write;
use std::sync::Arc;

use crate::app::columns::{NOTHING, columns, last_if_none, write_option};
use crate::model::{
    ApplicationMetrics, HealthStatus, Instance, InstanceHealth, Inventory, Key, Moment, Seen, Target, TargetGroup,
    TargetState, span_words,
};

/// One target.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRow {
    /// The group it is registered with.
    pub group: Key<TargetGroup>,
    /// The displayed name of the group.
    pub group_title: Arc<str>,
    /// The target as ELB returns it.
    pub target: Target,
    /// Since when it is in its state, and whether that is exact.
    pub seen: Option<Seen>,
    /// For how many seconds a draining target may still finish requests, by its group's attribute.
    pub draining_at_most: Option<u64>,
    /// The instance as EC2 returns it.
    pub instance: Option<Instance>,
    /// The instance's health as Beanstalk returns it; absent with basic health.
    pub health: Option<InstanceHealth>,
}

/// The targets of these groups, worst first.
#[must_use]
pub fn target_rows(
    inventory: &Inventory,
    environment: &Key<crate::model::Environment>,
    groups: &[(Key<TargetGroup>, Arc<str>)],
) -> Vec<TargetRow> {
    let healths = inventory.instances_health.get(environment).map_or(&[][..], Vec::as_slice);
    let mut rows: Vec<_> = groups
        .iter()
        .flat_map(|(group, title)| {
            let targets = inventory.targets.get(group).into_iter().flatten();
            targets.map(move |target| (group, title, target))
        })
        .map(|(group, title, target)| TargetRow {
            group: group.clone(),
            group_title: Arc::clone(title),
            seen: inventory.seen(group, target),
            draining_at_most: draining_at_most(inventory, group),
            instance: inventory.instances.get(&Key::new(group.scope, Arc::clone(&target.id))).cloned(),
            health: healths.iter().find(|health| health.instance.id == target.id).cloned(),
            target: target.clone(),
        })
        .collect();
    rows.sort_by(|one, other| {
        let by = |row: &TargetRow| {
            (badness(&row.target, row.health.as_ref()), Arc::clone(&row.group_title), Arc::clone(&row.target.id))
        };
        by(one).cmp(&by(other))
    });
    rows
}

/// The targets of a group, the worst first; equals stay in AWS's order.
#[must_use]
pub fn worst_first<'a>(
    inventory: &'a Inventory,
    environment: &Key<crate::model::Environment>,
    group: &Key<TargetGroup>,
) -> Vec<&'a Target> {
    let healths = inventory.instances_health.get(environment).map_or(&[][..], Vec::as_slice);
    let mut targets: Vec<_> = inventory.targets.get(group).into_iter().flatten().collect();
    targets.sort_by_key(|target| badness(target, healths.iter().find(|health| health.instance.id == target.id)));
    targets
}

/// Returns how bad a target is, the worst first: by the load balancer's state, and by Beanstalk's health where that is
/// worse. A healthy target comes first too if Beanstalk calls its instance degraded.
fn badness(target: &Target, health: Option<&InstanceHealth>) -> (u8, u8) {
    let unavailable = TargetState::Unavailable.rank() * 4;
    let health = match health.and_then(|health| health.status.as_ref()) {
        Some(HealthStatus::Severe) => unavailable + 1,
        Some(HealthStatus::Degraded) => unavailable + 2,
        Some(HealthStatus::Warning) => unavailable + 3,
        _ => u8::MAX,
    };
    ((target.state.rank() * 4).min(health), health)
}

fn draining_at_most(inventory: &Inventory, group: &Key<TargetGroup>) -> Option<u64> {
    inventory.target_group_attributes.get(group)?.get("deregistration_delay.timeout_seconds")?.parse().ok()
}

columns! {
    /// A column of the Targets tab.
    TargetColumn TARGET_COLUMNS of TargetRow;
    Id "target" "TARGET" (12, 21) Left Middle 0 "the target's id"
        |row, _, out| out.push_str(&row.target.id), |a, b| a.target.id.cmp(&b.target.id);
    State "state" "STATE" (11, 20) Left Never 0 "what the load balancer says"
        |row, _, out| out.push_str(row.target.state.as_str()), |a, b| a.target.state.rank().cmp(&b.target.state.rank());
    Since "since" "SINCE" (7, 7) Right Never 1 "how long it has been so; ≥ where we did not see it change, ≤ what is left of draining"
        since, |a, b| last_if_none(a.seen.map(|it| it.at).as_ref(), b.seen.map(|it| it.at).as_ref());
    Reason "reason" "REASON" (12, 26) Left Never 2 "why, in plain words"
        |row, _, out| out.push_str(&row.target.reason_words().unwrap_or_default()), |a, b| a.target.reason.cmp(&b.target.reason);
    Health "beanstalk" "BEANSTALK" (9, 10) Left Never 3 "what Beanstalk says of the instance; – with basic health"
        |row, _, out| write_option(out, row.health.as_ref().and_then(|it| it.status.as_ref()).map(HealthStatus::as_str)),
        |a, b| a.health.as_ref().map(|it| it.causes.len()).cmp(&b.health.as_ref().map(|it| it.causes.len()));
    Version "version" "VERSION" (8, 16) Left Middle 4 "the version that runs on it, and the number of its deployment"
        version, |a, b| a.health.as_ref().and_then(|it| it.deployment.as_ref()?.id).cmp(&b.health.as_ref().and_then(|it| it.deployment.as_ref()?.id));
    Requests "requests" "REQ/S" (6, 6) Right Never 5 "requests a second over the last ten"
        |row, _, out| figure(out, row.metrics().map(ApplicationMetrics::requests_per_second), ""),
        |a, b| rate(a).total_cmp(&rate(b));
    Errors "5xx" "5XX" (5, 6) Right Never 6 "the share of requests answered with 5xx"
        errors, |a, b| rate(a).total_cmp(&rate(b));
    P99 "p99" "P99" (6, 6) Right Never 7 "how long the slowest hundredth takes; * below 100 requests"
        p99, |a, b| rate(a).total_cmp(&rate(b));
    Cpu "cpu" "CPU" (4, 4) Right Never 8 "the processor's share that is busy"
        |row, _, out| figure(out, row.health.as_ref().and_then(|it| it.cpu_percent), "%"), |a, b| rate(a).total_cmp(&rate(b));
    Load "load" "LOAD" (5, 5) Right Never 11 "the load over one minute"
        load, |a, b| rate(a).total_cmp(&rate(b));
    Zone "az" "AZ" (4, 10) Right Never 9 "its availability zone"
        |row, _, out| write_option(out, row.zone().map(short_zone)), |a, b| a.zone().cmp(&b.zone());
    Address "ip" "IP" (11, 15) Left Never 10 "its private address"
        |row, _, out| write_option(out, row.instance.as_ref().and_then(|it| it.private_ip.as_deref())),
        |a, b| last_if_none(a.instance.as_ref().and_then(|it| it.private_ip.as_ref()), b.instance.as_ref().and_then(|it| it.private_ip.as_ref()));
    Port "port" "PORT" (5, 5) Right Never 12 "the port it listens on"
        |row, _, out| { let _ = row.target.port.map(|port| write!(out, "{port}")); }, |a, b| a.target.port.cmp(&b.target.port);
    Type "type" "TYPE" (9, 12) Left Never 13 "its instance type"
        |row, _, out| write_option(out, row.instance_type()), |a, b| a.instance_type().cmp(&b.instance_type());
    Group "group" "GROUP" (8, 16) Left Middle 14 "the target group"
        |row, _, out| out.push_str(&row.group_title), |a, b| a.group_title.cmp(&b.group_title);
}

impl TargetRow {
    /// Returns the measurements of the proxy on the instance.
    #[must_use]
    pub fn metrics(&self) -> Option<&ApplicationMetrics> {
        self.health.as_ref()?.metrics.as_ref()
    }

    /// The zone, from whichever source has it.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        let of_instance = || self.instance.as_ref()?.availability_zone.as_deref();
        let of_health = || self.health.as_ref()?.availability_zone.as_deref();
        self.target.availability_zone.as_deref().or_else(of_instance).or_else(of_health)
    }

    /// The instance type, from whichever source has it.
    #[must_use]
    pub fn instance_type(&self) -> Option<&str> {
        let of_health = || self.health.as_ref()?.instance_type.as_deref();
        self.instance.as_ref().and_then(|it| it.instance_type.as_deref()).or_else(of_health)
    }

    /// Returns when it was launched, from whichever source has it.
    #[must_use]
    pub fn launched_at(&self) -> Option<Moment> {
        let of_health = || self.health.as_ref()?.launched_at;
        self.instance.as_ref().and_then(|it| it.launched_at).or_else(of_health)
    }
}

/// `eu-west-1b` is `1b` in a column: the region is in the header.
fn short_zone(zone: &str) -> &str {
    zone.rsplit('-').next().unwrap_or(zone)
}

fn since(row: &TargetRow, now: Moment, out: &mut String) {
    let Some(seen) = row.seen else { return out.push_str(NOTHING) };
    let so_far = now.since(seen.at);
    if row.target.state == TargetState::Draining {
        // The API does not return when draining began (UNVERIFIED that it never does), so this is an upper bound.
        if let Some(most) = row.draining_at_most {
            let left = std::time::Duration::from_secs(most).saturating_sub(so_far);
            let _ = write!(out, "≤{}", span_words(left));
            return;
        }
    }
    // A healthy target that we did not see change has been healthy since its launch at the longest, and since our first
    // look at the least.
    let _ = write!(out, "{}{}", if seen.exact { "" } else { "≥" }, span_words(so_far));
}

fn version(row: &TargetRow, _: Moment, out: &mut String) {
    let Some(deployment) = row.health.as_ref().and_then(|it| it.deployment.as_ref()) else {
        return out.push_str(NOTHING);
    };
    write_option(out, deployment.version.as_deref());
    if let Some(id) = deployment.id {
        let _ = write!(out, " #{id}");
    }
}

fn figure(out: &mut String, value: Option<f64>, unit: &str) {
    match value {
        None => out.push_str(NOTHING),
        Some(value) if value < 9.95 && unit.is_empty() => {
            let _ = write!(out, "{value:.1}");
        }
        Some(value) => {
            let _ = write!(out, "{value:.0}{unit}");
        }
    }
}

fn rate(row: &TargetRow) -> f64 {
    row.metrics().map_or(-1.0, ApplicationMetrics::requests_per_second)
}

fn errors(row: &TargetRow, _: Moment, out: &mut String) {
    let share = row.metrics().and_then(|metrics| {
        let errors = metrics.status_codes?.status_5xx;
        (metrics.request_count > 0).then(|| f64::from(errors) * 100.0 / f64::from(metrics.request_count))
    });
    match share {
        None => out.push_str(NOTHING),
        Some(share) if share >= 99.95 => out.push_str("100%"),
        Some(share) => {
            let _ = write!(out, "{share:.1}%");
        }
    }
}

fn p99(row: &TargetRow, _: Moment, out: &mut String) {
    let Some((metrics, p99)) = row.metrics().and_then(|metrics| Some((metrics, metrics.latency.p99?))) else {
        return out.push_str(NOTHING);
    };
    let few = if metrics.request_count < 100 { "*" } else { "" };
    let _ = if p99 < 0.9995 { write!(out, "{:.0}ms{few}", p99 * 1000.0) } else { write!(out, "{p99:.1}s{few}") };
}

fn load(row: &TargetRow, _: Moment, out: &mut String) {
    match row.health.as_ref().and_then(|it| it.load) {
        None => out.push_str(NOTHING),
        Some(load) => {
            let _ = write!(out, "{load:.2}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Environment, ScopeId};

    fn target(id: &str, state: TargetState) -> Target {
        Target { id: id.into(), port: None, availability_zone: None, state, reason: None, description: None }
    }

    fn health(id: &str, status: HealthStatus) -> InstanceHealth {
        InstanceHealth { status: Some(status), ..InstanceHealth::new(Key::new(ScopeId(0), id)) }
    }

    #[test]
    fn unhealthy_and_degraded_instances_come_first() {
        let environment: Key<Environment> = Key::new(ScopeId(0), "e-1");
        let group: Key<TargetGroup> = Key::new(ScopeId(0), "group");
        let states = [
            ("i-a", TargetState::Healthy, HealthStatus::Ok),
            ("i-b", TargetState::Healthy, HealthStatus::Warning),
            ("i-c", TargetState::Draining, HealthStatus::Ok),
            ("i-d", TargetState::Healthy, HealthStatus::Severe),
            ("i-e", TargetState::Unhealthy, HealthStatus::Info),
            ("i-f", TargetState::Healthy, HealthStatus::Degraded),
            ("i-g", TargetState::Unhealthy, HealthStatus::Degraded),
            ("i-h", TargetState::Initial, HealthStatus::Pending),
            ("i-i", TargetState::Unused, HealthStatus::NoData),
        ];
        let mut inventory = Inventory::default();
        let targets = states.iter().map(|(id, state, _)| target(id, state.clone())).collect();
        inventory.targets.insert(group.clone(), targets);
        let healths = states.iter().map(|(id, _, status)| health(id, status.clone())).collect();
        inventory.instances_health.insert(environment.clone(), healths);
        let rows = target_rows(&inventory, &environment, &[(group, "web".into())]);
        let order: Vec<_> = rows.iter().map(|row| &*row.target.id).collect();
        assert_eq!(order, ["i-g", "i-e", "i-d", "i-f", "i-b", "i-i", "i-c", "i-h", "i-a"]);
    }
}
