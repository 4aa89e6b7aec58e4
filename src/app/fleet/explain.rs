//! In one sentence: why a row is where it is.

use super::row::{Known, Row};
use crate::model::{EnvironmentStatus, Inventory, Moment, Target, TargetState, Topology, clean, counted, span_words};

/// Why this environment stands where it stands, worst news first; names of AWS's made safe to show.
#[must_use]
pub fn explain(row: &Row, inventory: &Inventory, topology: &Topology, now: Moment) -> String {
    let mut parts = Vec::new();
    if let Some(words) = targets(row, inventory, topology, now) {
        parts.push(words);
    }
    if let Some(health) = inventory.environment_health.get(&row.key)
        && let Some(cause) = health.causes.first()
    {
        parts.push(format!("Beanstalk: {}", clean(cause)));
    }
    if row.is_stuck(now) {
        parts.push("updating for longer than its command timeout".into());
    } else if row.status == EnvironmentStatus::Aborting {
        parts.push("an update is being aborted: instances may run different versions".into());
    } else if row.status != EnvironmentStatus::Ready {
        parts.push(row.status.as_str().to_lowercase());
    }
    if row.mixed_versions {
        parts.push("its instances run different versions".into());
    }
    if let Some(count) = row.drift.value().filter(|count| **count > 0) {
        let values = if *count == 1 { "1 live value is" } else { &format!("{count} live values are") };
        parts.push(format!("{values} not what Beanstalk's options say"));
    }
    if let Some(link) = topology.link(&row.key) {
        parts.extend(link.disagreements.iter().map(|words| clean(words).into_owned()));
    }
    if parts.is_empty() {
        parts.push(quiet(row));
    }
    parts.join(" · ")
}

fn targets(row: &Row, inventory: &Inventory, topology: &Topology, now: Moment) -> Option<String> {
    let counts = match &row.targets {
        Known::Read(counts) => counts,
        Known::Failed(kind) => return Some(format!("target health could not be read ({})", kind.word())),
        _ => return None,
    };
    let link = topology.link(&row.key)?;
    let mut failing: Vec<(&Target, Option<crate::model::Seen>)> = Vec::new();
    for group in &link.groups {
        for target in inventory.targets.get(&group.key).into_iter().flatten() {
            if target.state == TargetState::Unhealthy {
                failing.push((target, inventory.seen(&group.key, target)));
            }
        }
    }
    let Some((first, seen)) = failing.first() else {
        return match () {
            () if counts.total > 0 && counts.healthy == 0 && counts.initial == 0 => Some("no healthy target".into()),
            () if counts.unused > 0 => {
                Some(format!("{} of {}: no traffic", counts.unused, counted(counts.total, "target")))
            }
            () if counts.draining > 0 => Some(format!("{} draining", counts.draining)),
            () if counts.initial > 0 => Some(format!("{} in first health check", counts.initial)),
            () => None,
        };
    };
    let reason = first.reason_words().unwrap_or_else(|| "unhealthy".into());
    let since = seen.map_or(String::new(), |seen| {
        format!(" for {}{}", if seen.exact { "" } else { "≥" }, span_words(now.since(seen.at)))
    });
    let path = link
        .groups
        .iter()
        .find_map(|group| inventory.target_groups.get(&group.key)?.health_check.path.as_deref())
        .map_or(String::new(), |path| format!(" on {}", clean(path)));
    Some(match (counts.healthy, failing.len()) {
        (0, 1) => format!("no healthy target: {} {}{path}{since}", clean(&first.id), clean(&reason)),
        (0, many) => format!("no healthy target: {many} fail, the first {}{path}{since}", clean(&reason)),
        (_, 1) => format!("{} {}{path}{since}", clean(&first.id), clean(&reason)),
        (_, many) => format!("{many} targets fail, the first {}{path}{since}", clean(&reason)),
    })
}

fn quiet(row: &Row) -> String {
    let tier = match row.balancer {
        crate::model::Balancer::Worker => "takes its work from a queue; no load balancer",
        crate::model::Balancer::Single => "a single instance; no load balancer",
        crate::model::Balancer::Classic => "behind a Classic Load Balancer, which this view cannot look into",
        crate::model::Balancer::Network => "behind a Network Load Balancer: no stickiness cookies, no HTTP figures",
        crate::model::Balancer::Cluster => "runs on EKS, which is not supported",
        crate::model::Balancer::Unknown => "its load balancer is not known",
        _ => "nothing to report",
    };
    match &row.targets {
        Known::Read(counts) if row.balancer.is_application() => {
            format!("{} of {} healthy, {tier}", counts.healthy, counted(counts.total, "target"))
        }
        _ => tier.to_owned(),
    }
}
