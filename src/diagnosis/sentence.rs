//! In one sentence: why an environment's row is where it is.

use super::check::Topic;
use super::diagnose::diagnose_by;
use super::finding::Diagnosis;
use super::inputs::Inputs;
use super::values::health::{has_no_health, health_of};
use crate::model::{
    Balancer, Doubt, DoubtCause, EnvironmentStatus, Known, Measure, Moment, Source, TargetCounts, clean, span_words,
};

/// Returns why an environment is where it is in the list: its health first where that is bad, then its targets, then the
/// rest; names of AWS's made safe to show.
#[must_use]
pub fn row_sentence(inputs: &Inputs<'_>) -> String {
    let diagnosis = diagnose_by(inputs, |check| check.topic.is_in_row(), false);
    let found = |topic| diagnosis.findings.iter().find(|it| it.check.topic == topic).map(|it| it.summary.clone());
    let mut parts = Vec::new();
    parts.extend(health_of_past(inputs).or_else(|| found(Topic::Health)).or_else(|| no_health(inputs)));
    parts.extend(unknown_targets(inputs).or_else(|| found(Topic::Targets)).or_else(|| moving(inputs, &diagnosis)));
    parts.extend(cause(inputs));
    parts.extend(update(inputs, &diagnosis));
    parts.extend([Topic::Versions, Topic::Alarms, Topic::Drift, Topic::Linking].into_iter().filter_map(found));
    if parts.is_empty() {
        parts.push(quiet(inputs));
    }
    parts.extend(not_compared(inputs));
    parts.join(" · ")
}

/// The health that was read before, where it cannot be relied on.
fn health_of_past(inputs: &Inputs<'_>) -> Option<String> {
    let doubt = inputs.health_doubt()?;
    let status = clean(inputs.environment.status.as_str());
    let health = health_of(inputs.environment).0;
    Some(doubt_words(&format!("health was {}, status {status}", clean(&health)), &doubt, inputs.now()))
}

/// That Beanstalk does not know the health itself.
fn no_health(inputs: &Inputs<'_>) -> Option<String> {
    let environment = inputs.environment;
    let word = if environment.health_status.is_some() { "health" } else { "basic health" };
    let health = health_of(environment).0;
    has_no_health(environment).then(|| format!("{word} {}: Beanstalk has no health data", clean(&health)))
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

/// Returns why the targets are unknown now, and their last known state.
fn unknown_targets(inputs: &Inputs<'_>) -> Option<String> {
    if let Some(doubt) = inputs.targets_doubt().filter(|doubt| doubt.cause != DoubtCause::Unread) {
        return Some(match (inputs.targets(), doubt.cause) {
            (Known::Read(counts), _) => doubt_words(&counts.summary(), &doubt, inputs.now()),
            (_, DoubtCause::Unproven) if inputs.link.load_balancer.is_none() => "its load balancer is not known".into(),
            (_, DoubtCause::Unproven) => {
                "no target group is proven to be its own, so its targets are not counted".into()
            }
            _ => format!("its targets are not known: {}", doubt.reason()),
        });
    }
    match inputs.targets() {
        Known::Failed(kind) => Some(format!("target health could not be read ({})", kind.word())),
        Known::Pending => Some("reading its targets …".into()),
        Known::Read(_) | Known::Absent => None,
    }
}

/// What is usual of targets while they come and go.
fn moving(inputs: &Inputs<'_>, diagnosis: &Diagnosis) -> Option<String> {
    let counts: &TargetCounts = inputs.targets().value()?;
    match () {
        () if counts.expected == 0 && diagnosis.most_urgent().is_some() => Some("no target is registered".into()),
        () if counts.draining > 0 => Some(format!("{} draining", counts.draining)),
        () if counts.initial > 0 => Some(format!("{} in first health check", counts.initial)),
        () => None,
    }
}

/// Returns Beanstalk's cause, if it was read recently: an old cause may be over.
fn cause(inputs: &Inputs<'_>) -> Option<String> {
    let source = Source::EnvironmentHealth(inputs.key().clone());
    let is_recent = inputs.reliability.is_recent(&source);
    let health = inputs.inventory().environment_health.get(inputs.key()).filter(|_| is_recent)?;
    health.causes.first().map(|cause| format!("Beanstalk: {}", clean(cause)))
}

/// An update that is stuck or aborted, else the status if it is not Ready.
fn update(inputs: &Inputs<'_>, diagnosis: &Diagnosis) -> Option<String> {
    let found = diagnosis.findings.iter().find(|finding| finding.check.topic == Topic::Update);
    let status = &inputs.environment.status;
    match found {
        Some(finding) => Some(finding.summary.clone()),
        None => (*status != EnvironmentStatus::Ready).then(|| status.as_str().to_lowercase()),
    }
}

/// Returns what Beanstalk's options do not cover, and what could not be compared with them.
fn not_compared(inputs: &Inputs<'_>) -> Option<String> {
    let drift = inputs.drift().value()?;
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

/// Returns the sentence for an environment without any known problem.
fn quiet(inputs: &Inputs<'_>) -> String {
    let metrics = Source::Metrics(inputs.key().clone(), Measure::Row);
    let words = match inputs.link.balancer {
        Balancer::Worker => "takes its work from a queue; no load balancer",
        Balancer::Single => "a single instance; no load balancer",
        Balancer::Classic => "behind a Classic Load Balancer, which this view cannot look into",
        Balancer::Network => "behind a Network Load Balancer: no stickiness cookies, no HTTP figures",
        Balancer::Cluster => "runs on EKS, which is not supported",
        Balancer::Unknown => "its load balancer is not known",
        _ if inputs.targets_doubt().is_some() => "not all of it was read yet",
        _ if matches!(inputs.figures(), Known::Failed(_)) => "its requests and errors are not known",
        _ if inputs.snapshot.reads.fault(&metrics).is_some() => "newer requests and errors cannot be read",
        _ if is_unread(inputs) => "its stickiness, drift or HTTPS cannot be read just now",
        _ => "nothing to report",
    };
    match inputs.targets() {
        Known::Read(counts) if inputs.link.balancer.is_application() => format!("{}, {words}", counts.summary()),
        _ => words.to_owned(),
    }
}

/// Whether a cell of the row could not be read: then it is not known that there is nothing to report.
fn is_unread(inputs: &Inputs<'_>) -> bool {
    matches!(inputs.stickiness(), Known::Failed(_))
        || matches!(inputs.drift(), Known::Failed(_))
        || matches!(inputs.tls(), Known::Failed(_))
}
