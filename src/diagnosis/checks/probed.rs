//! What the last probe from outside found, for as long as it counts. Without a probe nothing is said.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::stickiness::{Stickiness, stickiness_of};
use crate::model::{PROBE_COUNTS_FOR, ProbeFinding, ProbeRecord, ProbeSeverity, clean};

const NEEDS: &str = "a probe that reached the environment, at most an hour old";
const OLD: &str = "the last probe is more than an hour old";
const UNREACHED: &str = "the last probe reached nothing";

const BROKEN: Grade = Grade::new(FindingSeverity::Critical, "a probe found that it does not work");
const DOUBTFUL: Grade = Grade::new(FindingSeverity::Warning, "a probe found that clients will have trouble");

/// What a probe calls what it finds about `WebSockets`, their fallbacks and stickiness.
const OF_SOCKETS: &[&str] = &["affinity-lost", "fallback-breaks", "no-fallback", "not-sticky", "quiet-socket"];
/// What it finds about certificates.
const OF_CERTIFICATES: &[&str] = &["bad-certificate", "certificate-expires"];
/// What it finds about pages of other origins.
const OF_ORIGINS: &[&str] = &[
    "cookies-not-allowed",
    "credentials-with-any-origin",
    "cross-site-cookie-not-sent",
    "cross-site-cookie-over-http",
    "no-cross-site-cookie",
    "origin-not-allowed",
];

pub static PROBED_ANSWER: Check = Check {
    id: "probed-answer",
    topic: Topic::Traffic,
    inputs: &["Environments"],
    grades: &[BROKEN, DOUBTFUL],
    needs: NEEDS,
    sentence: "A request from outside was not answered as it should be.",
    explanation: "A probe sends a request the way that clients do, through the load balancer. Who made the answer says where \
                  to look: the load balancer, nginx on the instance, or the application.",
    advice: "See the probe for the answer and what to do; probe again after a change.",
};

pub static PROBED_SOCKETS: Check = Check {
    id: "probed-sockets",
    topic: Topic::Stickiness,
    inputs: &["Environments"],
    grades: &[BROKEN, DOUBTFUL],
    needs: NEEDS,
    sentence: "WebSockets, or the polling that they fall back to, do not work from outside.",
    explanation: "A WebSocket needs the Upgrade header on its whole way, and lives no longer than the shortest limit for a \
                  quiet connection. Polling needs each request of a session to reach the same target.",
    advice: "Switch stickiness on where polling breaks, raise the limit that cut a quiet socket, or let nginx forward the \
             upgrade; `beanpole export --recipe websocket` writes what makes it permanent.",
};

pub static PROBED_CERTIFICATE: Check = Check {
    id: "probed-certificate",
    topic: Topic::Https,
    inputs: &["Environments"],
    grades: &[BROKEN, DOUBTFUL],
    needs: NEEDS,
    sentence: "Clients do not accept the certificate that the load balancer presents.",
    explanation: "A probe sees the certificate that clients see, for the host name that they ask for.",
    advice: "Choose a certificate that covers the host name and is valid, in the guide to HTTPS.",
};

pub static PROBED_ORIGIN: Check = Check {
    id: "probed-origin",
    topic: Topic::Routing,
    inputs: &["Environments"],
    grades: &[BROKEN, DOUBTFUL],
    needs: NEEDS,
    sentence: "Pages of another origin do not reach the application, or lose their target.",
    explanation: "Browsers ask first, without a cookie, whether a page of another origin may send a request, and send the load \
                  balancer's cookie along only where the answers allow credentials.",
    advice: "Answer OPTIONS in the application, name the origin, and allow credentials.",
};

pub fn probed_answer(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    judge(inputs, run, |name| !is_of_sockets(name) && !OF_CERTIFICATES.contains(&name) && !OF_ORIGINS.contains(&name));
}

pub fn probed_sockets(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    judge(inputs, run, is_of_sockets);
}

pub fn probed_certificate(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    judge(inputs, run, |name| OF_CERTIFICATES.contains(&name));
}

pub fn probed_origin(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    judge(inputs, run, |name| OF_ORIGINS.contains(&name));
}

fn is_of_sockets(name: &str) -> bool {
    name.starts_with("websocket-") || name.starts_with("quiet-") || OF_SOCKETS.contains(&name)
}

/// Adds what the last probe found of these, if it counts still: the worst, and the others as evidence.
fn judge(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, is_of: impl Fn(&str) -> bool) {
    let Some(probe) = inputs.inventory().probes.get(inputs.key()) else { return };
    if probe.is_stale(inputs.now()) {
        return run.undecided(Why::TooLittle(OLD));
    }
    if probe.unreachable.is_some() {
        return run.undecided(Why::TooLittle(UNREACHED));
    }
    let found: Vec<_> =
        probe.findings.iter().filter(|it| it.severity != ProbeSeverity::Info && is_of(it.check)).collect();
    let Some(worst) = found.first() else { return };
    let grade = if worst.severity == ProbeSeverity::Critical { BROKEN } else { DOUBTFUL };
    let summary = format!("{} (probed {} ago)", clean(&worst.message), age(probe, inputs));
    let needs_stickiness = found.iter().any(|it| matches!(it.check, "fallback-breaks" | "not-sticky"));
    let fix = if needs_stickiness { stickiness(inputs) } else { None };
    let subject = FindingSubject::Environment(inputs.key().clone());
    run.found_whole(grade, subject, summary, (evidence(probe, &found), fix));
}

/// How long ago it was, in whole minutes, so that a finding does not differ with each second.
fn age(probe: &ProbeRecord, inputs: &Inputs<'_>) -> String {
    match inputs.now().since(probe.at).as_secs() / 60 {
        0 => "less than a minute".to_owned(),
        minutes => format!("{minutes} min"),
    }
}

fn evidence(probe: &ProbeRecord, found: &[&ProbeFinding]) -> Vec<String> {
    let mut lines =
        vec![format!("probe of {}; it counts for {} min", clean(&probe.url), PROBE_COUNTS_FOR.as_secs() / 60)];
    for (place, finding) in found.iter().enumerate() {
        if place > 0 {
            lines.push(clean(&finding.message).into_owned());
        }
        lines.extend(finding.evidence.iter().map(|line| clean(line).into_owned()));
        if !finding.fix.is_empty() {
            lines.push(format!("fix: {}", clean(&finding.fix)));
        }
    }
    lines
}

/// Stickiness, where a target group of its own has none.
fn stickiness(inputs: &Inputs<'_>) -> Option<Fix> {
    let attributes = &inputs.inventory().target_group_attributes;
    let is_off = |key| attributes.get(key).is_some_and(|it| stickiness_of(it) == Stickiness::Off);
    let group = inputs.proven().find(|group| is_off(&group.key))?;
    Some(Fix::of_group(&group.key, "stickiness.enabled", "true"))
}
