//! In one sentence: why a row is where it is.

use std::time::Duration;

use super::attention::{Attention, Reason, has_no_health, is_stuck, of_health};
use super::judgement::{command_timeout, is_proven};
use super::row::Row;
use crate::model::{
    Doubt, DoubtCause, Environment, EnvironmentEvent, EnvironmentStatus, HealthColour, HealthStatus, Inventory, Known,
    Measure, Moment, Reads, Snapshot, Source, TargetCounts, TargetState, Topology, clean, counted, span_words,
};
use crate::polling::Cadences;

/// What we did not see begin, and have seen for no longer than this, may have lasted for any time.
const SHORT: Duration = Duration::from_secs(60);

/// Why this environment is where it is in the list: its health first where that is bad, then its targets, then the rest;
/// names of AWS's made safe to show.
#[must_use]
pub fn explain(row: &Row, known: &Snapshot, cadences: &Cadences, now: Moment) -> String {
    let Snapshot { inventory, topology, .. } = known;
    let environment = inventory.environments.get(&row.key);
    let mut parts = Vec::new();
    parts.extend(environment.and_then(|environment| health(row, environment, inventory, now)));
    parts.extend(targets(row, inventory, topology, now));
    parts.extend(cause(row, known, cadences, now));
    if environment.is_some_and(|it| is_stuck(it, command_timeout(inventory, &it.key), now)) {
        parts.push("updating for longer than its command timeout".into());
    } else if row.status == EnvironmentStatus::Aborting {
        parts.push("an update is being aborted: instances may run different versions".into());
    } else if row.status != EnvironmentStatus::Ready {
        parts.push(row.status.as_str().to_lowercase());
    }
    if row.mixed_versions {
        parts.push(mixture(inventory, row));
    }
    if let Some(count) = row.drift.value().map(|drift| drift.values).filter(|count| *count > 0) {
        let values = if count == 1 { "1 live value is" } else { &format!("{count} live values are") };
        parts.push(format!("{values} not what Beanstalk's options say"));
    }
    if let Some(link) = topology.link(&row.key) {
        parts.extend(link.disagreements.iter().map(|words| clean(words).into_owned()));
    }
    if parts.is_empty() {
        parts.push(quiet(row, &known.reads));
    }
    parts.extend(not_compared(row));
    parts.join(" · ")
}

/// In which way the instances differ.
fn mixture(inventory: &Inventory, row: &Row) -> String {
    let instances = inventory.instances_health.get(&row.key).into_iter().flatten();
    let mut labels = instances.filter_map(|instance| instance.deployment.as_ref()?.version.as_ref());
    let one = labels.next().filter(|first| labels.all(|label| label == *first));
    match one {
        Some(label) => format!("its instances run {} by different deployments", clean(label)),
        None => "its instances run different versions".into(),
    }
}

/// What Beanstalk's options say nothing about, and what could not be compared with them.
fn not_compared(row: &Row) -> Option<String> {
    let drift = row.drift.value()?;
    let things = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(format!("{count} {many}")),
    };
    let outside =
        things(drift.outside, "1 direct change that it has no option for", "direct changes that it has no options for");
    let unknown = things(drift.unknown, "1 part that is unread or unclear", "parts that are unread or unclear");
    let parts: Vec<_> = outside.into_iter().chain(unknown).collect();
    (!parts.is_empty()).then(|| format!("not compared with Beanstalk: {}", parts.join(", ")))
}

/// The health, where it is bad, cannot be relied on, or is not known to Beanstalk itself.
fn health(row: &Row, environment: &Environment, inventory: &Inventory, now: Moment) -> Option<String> {
    if let Some(doubt) = &row.health_doubt {
        return Some(doubt_words(&format!("health was {}, {}", clean(&row.health), status_words(row)), doubt, now));
    }
    if let Some(reason) = of_health(environment) {
        let since = health_since(environment, inventory);
        let lasting = since.map_or(String::new(), |at| format!(" for {}", span_words(now.since(at))));
        let words = format!("{}{lasting}", clean(&row.health));
        return Some(match reason {
            Reason::Suspended => format!("{words}: Beanstalk has stopped monitoring it"),
            _ => words,
        });
    }
    let word = if environment.health_status.is_some() { "health" } else { "basic health" };
    has_no_health(environment).then(|| format!("{word} {}: Beanstalk has no health data", clean(&row.health)))
}

/// Since when the health is what it is, by the newest event about it; nothing if that brought another one.
fn health_since(environment: &Environment, inventory: &Inventory) -> Option<Moment> {
    let own = |event: &&EnvironmentEvent| event.environment.as_deref() == Some(&*environment.name);
    let (health, at) = inventory.events.iter().filter(own).find_map(|event| Some((event.health()?, event.at)))?;
    let word = health.replace(' ', "");
    let status = environment.health_status.as_ref().map(HealthStatus::as_str);
    let colour = environment.health.as_ref().map(HealthColour::as_str);
    let is_now = [status, colour].into_iter().flatten().any(|now| now.eq_ignore_ascii_case(&word));
    is_now.then_some(at)
}

fn status_words(row: &Row) -> String {
    format!("status {}", clean(row.status.as_str()))
}

/// What was known, how long ago, and why it is not known now.
fn doubt_words(what: &str, doubt: &Doubt, now: Moment) -> String {
    let age = doubt.read_at.map_or(String::new(), |at| format!(" {} ago", span_words(now.since(at))));
    let why = match doubt.cause {
        DoubtCause::Stale => format!("{} has not answered since", doubt.service.title()),
        _ => doubt.reason(),
    };
    format!("{what}{age}; not known now: {why}")
}

/// What Beanstalk says about it, if that was read lately: an old cause may be over.
fn cause(row: &Row, known: &Snapshot, cadences: &Cadences, now: Moment) -> Option<String> {
    let read_at = known.reads.read_at(&Source::EnvironmentHealth(row.key.clone()))?;
    let most: Duration = cadences.health.visible * 5;
    let health = known.inventory.environment_health.get(&row.key).filter(|_| now.since(read_at) <= most)?;
    health.causes.first().map(|cause| format!("Beanstalk: {}", clean(cause)))
}

fn targets(row: &Row, inventory: &Inventory, topology: &Topology, now: Moment) -> Option<String> {
    if let Some(doubt) = row.targets_doubt.as_ref().filter(|doubt| doubt.cause != DoubtCause::Unread) {
        return Some(unreliable(row, doubt, now));
    }
    let counts = match &row.targets {
        Known::Read(counts) => counts,
        Known::Failed(kind) => return Some(format!("target health could not be read ({})", kind.word())),
        Known::Pending => return Some("reading its targets …".into()),
        Known::Absent => return None,
    };
    let link = topology.link(&row.key)?;
    // Of the groups whose targets were counted.
    let counted_groups = || link.groups.iter().filter(|group| is_proven(group)).map(|group| &group.key);
    let of_group = |key| inventory.targets.get(key).into_iter().flatten().map(move |target| (key, target));
    let mut failing =
        counted_groups().flat_map(of_group).filter(|(_, target)| target.state == TargetState::Unhealthy).peekable();
    let Some((group, first)) = failing.peek().copied() else { return without_failing(counts, row) };
    let reason = first.reason_words().unwrap_or_else(|| "unhealthy".into());
    // How long we have looked says nothing about the fault.
    let told = inventory.seen(group, first).filter(|seen| seen.exact || now.since(seen.at) >= SHORT);
    let since = told.map_or(String::new(), |seen| {
        format!(" for {}{}", if seen.exact { "" } else { "≥" }, span_words(now.since(seen.at)))
    });
    let checked = inventory.target_groups.get(group).and_then(|group| group.health_check.path.as_deref());
    let path = checked.map_or(String::new(), |path| format!(" on {}", clean(path)));
    Some(match (counts.healthy, failing.count()) {
        (0, 1) => format!("no healthy target: {} {}{path}{since}", clean(&first.id), clean(&reason)),
        (0, many) => format!("no healthy target: {many} fail, the first {}{path}{since}", clean(&reason)),
        (_, 1) => format!("{} {}{path}{since}", clean(&first.id), clean(&reason)),
        (_, many) => format!("{many} targets fail, the first {}{path}{since}", clean(&reason)),
    })
}

/// What is to be said of targets of which none fails its health check.
fn without_failing(counts: &TargetCounts, row: &Row) -> Option<String> {
    match () {
        () if counts.expected == 0 && row.needs_attention() => Some("no target is registered".into()),
        () if counts.is_without_healthy() && counts.initial == 0 => Some("no healthy target".into()),
        () if counts.unused > 0 => {
            Some(format!("{} of {}: no traffic", counts.unused, counted(counts.expected, "target")))
        }
        () if counts.draining > 0 => Some(format!("{} draining", counts.draining)),
        () if counts.initial > 0 => Some(format!("{} in first health check", counts.initial)),
        () => None,
    }
}

/// What was known of the targets, and why that says nothing now.
fn unreliable(row: &Row, doubt: &Doubt, now: Moment) -> String {
    match (&row.targets, doubt.cause) {
        (Known::Read(counts), _) => doubt_words(&counts.summary(), doubt, now),
        (_, DoubtCause::Unproven) if row.load_balancer.is_none() => "its load balancer is not known".into(),
        (_, DoubtCause::Unproven) => "no target group is proven to be its own, so its targets are not counted".into(),
        _ => format!("its targets are not known: {}", doubt.reason()),
    }
}

/// Whether a cell of the row could not be read: then it is not known that there is nothing to report.
fn is_unread(row: &Row) -> bool {
    matches!(row.stickiness, Known::Failed(_))
        || matches!(row.drift, Known::Failed(_))
        || matches!(row.tls, Known::Failed(_))
}

/// What is to be said of an environment of which nothing bad is known.
fn quiet(row: &Row, reads: &Reads) -> String {
    let is_failing = |measure| reads.fault(&Source::Metrics(row.key.clone(), measure)).is_some();
    let tier = match row.balancer {
        crate::model::Balancer::Worker => "takes its work from a queue; no load balancer",
        crate::model::Balancer::Single => "a single instance; no load balancer",
        crate::model::Balancer::Classic => "behind a Classic Load Balancer, which this view cannot look into",
        crate::model::Balancer::Network => "behind a Network Load Balancer: no stickiness cookies, no HTTP figures",
        crate::model::Balancer::Cluster => "runs on EKS, which is not supported",
        crate::model::Balancer::Unknown => "its load balancer is not known",
        _ if matches!(row.attention, Attention::Unread) => "not all of it was read yet",
        _ if matches!(row.figures, Known::Failed(_)) => "its requests and errors are not known",
        _ if is_failing(Measure::Row) => "newer requests and errors cannot be read",
        _ if is_unread(row) => "its stickiness, drift or HTTPS cannot be read just now",
        _ => "nothing to report",
    };
    match &row.targets {
        Known::Read(counts) if row.balancer.is_application() => {
            format!("{}, {tier}", counts.summary())
        }
        _ => tier.to_owned(),
    }
}
