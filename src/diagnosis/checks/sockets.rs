//! Websockets: whether their fallback finds its target, and what cuts them.

use super::listening::with_rules;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::sockets::{SocketEvidence, socket_evidence};
use crate::diagnosis::values::stickiness::Stickiness;
use crate::model::{Service, Source, clean, resource_name};

/// With fewer targets every request reaches the same one.
const SEVERAL: u64 = 2;
/// How long sockets should have to end by themselves.
const SHORT: u64 = 30;
/// How long nginx on an instance waits for a byte, unless it is configured otherwise (`proxy_read_timeout`).
const NGINX: u64 = 60;
const IDLE: &str = "idle_timeout.timeout_seconds";
const DELAY: &str = "deregistration_delay.timeout_seconds";

const UNSTUCK: Grade = Grade::new(
    FindingSeverity::Warning,
    "off, with two targets or more, and a rule or the configuration shows websockets",
);
const GUESSED: Grade =
    Grade::new(FindingSeverity::Info, "the same, where only the environment's name suggests websockets");
const HASTY: Grade = Grade::new(FindingSeverity::Info, "shorter than {}, and websockets are shown as above")
    .at(Threshold::Seconds(SHORT));
const CUT: Grade = Grade::new(
    FindingSeverity::Warning,
    "the load balancer's idle timeout is not above the configured interval of pings",
);
const CUT_BY_NGINX: Grade =
    Grade::new(FindingSeverity::Info, "the interval of pings is {} or longer, as long as nginx waits by default")
        .at(Threshold::Seconds(NGINX));

pub static FALLBACK_WITHOUT_STICKINESS: Check = Check {
    id: "websockets-without-stickiness",
    topic: Topic::Stickiness,
    inputs: &["Listeners", "Rules", "TargetGroups", "TargetGroupAttributes", "TargetHealth"],
    grades: &[UNSTUCK, GUESSED],
    needs: "the rules, the attributes of the target groups, and the number of targets",
    sentence: "Stickiness is off where clients of websockets may fall back to polling.",
    explanation: "A websocket stays with its target. Where it cannot be opened, socket.io and SockJS fall back to several \
                  requests that must reach the same target, and fail without the cookie: 400 \"Session ID unknown\", or 404.",
    advice: "Switch stickiness on, or keep the sessions of the fallback outside the instances.",
};

pub static SHORT_DRAINING: Check = Check {
    id: "draining-cuts-websockets",
    topic: Topic::Timeouts,
    inputs: &["Listeners", "Rules", "TargetGroupAttributes"],
    grades: &[HASTY],
    needs: "the attributes of the target groups, and what shows websockets: a rule, or the configuration",
    sentence: "Draining ends before websockets can.",
    explanation: "When a target is deregistered its sockets stay open until the delay is over, then they are all cut at the \
                  same moment: at each deployment, and whenever an instance is removed. Beanstalk sets 20 s.",
    advice: "Raise deregistration_delay.timeout_seconds, and let the application close its sockets when it is told to stop.",
};

pub static IDLE_SOCKETS: Check = Check {
    id: "idle-timeout-cuts-websockets",
    topic: Topic::Timeouts,
    inputs: &["LoadBalancerAttributes", "Listeners", "Rules"],
    grades: &[CUT, CUT_BY_NGINX],
    needs: "the load balancer's attributes, and the interval of pings in the configuration (sockets.ping)",
    sentence: "A quiet websocket is cut before its next ping.",
    explanation: "The load balancer closes a connection on which no byte passed within its idle timeout, and nginx on the \
                  instance after proxy_read_timeout, which is 60 s by default. The shorter of both limits counts.",
    advice: "Ping more often than both limits, or raise idle_timeout.timeout_seconds and nginx's proxy_read_timeout.",
};

/// What shows websockets; what may show it and was not read is undecided.
fn evidence(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) -> Option<SocketEvidence> {
    let found = socket_evidence(inputs);
    if !found.as_ref().is_some_and(SocketEvidence::is_sure) {
        with_rules(inputs, run);
    }
    found
}

pub fn fallback_without_stickiness(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() {
        return;
    }
    let Some(found) = evidence(inputs, run) else { return };
    let Some(Stickiness::Off) = run.known(Service::Elb, inputs.stickiness()) else { return };
    let Some(counts) = inputs.targets().value() else { return run.doubted(inputs.targets_doubt()) };
    if u64::from(counts.expected) < SEVERAL {
        return;
    }
    let grade = if found.is_sure() { UNSTUCK } else { GUESSED };
    let words = format!("stickiness is off, and clients may fall back from websockets: {}", found.words());
    run.found(grade, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}

pub fn short_draining(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() {
        return;
    }
    let Some(found) = evidence(inputs, run).filter(SocketEvidence::is_sure) else { return };
    for group in inputs.proven() {
        let Some(attributes) = inputs.inventory().target_group_attributes.get(&group.key) else {
            run.doubted(inputs.reliability.doubt(&Source::TargetGroupAttributes(group.key.clone())));
            continue;
        };
        let delay = attributes.get(DELAY).and_then(|value| value.parse::<u64>().ok());
        if let Some(delay) = delay.filter(|delay| *delay < SHORT) {
            let name = resource_name(&group.key.id);
            let words = format!("{} cuts sockets {delay} s after a target leaves: {}", clean(name), found.words());
            let fix = Fix::of_group(&group.key, DELAY, "120");
            run.found_with_fix(HASTY, FindingSubject::TargetGroup(group.key.clone()), words, fix);
        }
    }
}

pub fn idle_sockets(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(key) = inputs.load_balancer() else { return };
    let Some(ping) = inputs.declared().ping else {
        if evidence(inputs, run).is_some() {
            run.undecided(Why::TooLittle("the configuration does not say how often its websockets are pinged"));
        }
        return;
    };
    let Some(attributes) = inputs.inventory().load_balancer_attributes.get(key) else {
        return run.doubted(inputs.reliability.doubt(&Source::LoadBalancerAttributes(key.clone())));
    };
    let Some(idle) = attributes.get(IDLE).and_then(|value| value.parse::<u64>().ok()) else {
        return run.undecided(Why::TooLittle("the idle timeout of the load balancer is not known"));
    };
    let (ping, subject) = (ping.as_secs(), FindingSubject::LoadBalancer(key.clone()));
    if idle <= ping {
        let words = format!("quiet websockets are cut after {idle} s, and pinged every {ping} s");
        run.found_with_fix(CUT, subject, words, Fix::of_balancer(IDLE, &(ping * 2).min(4000).to_string()));
    } else if ping >= NGINX {
        let words = format!("websockets are pinged every {ping} s, and nginx waits {NGINX} s unless it is configured");
        run.found(CUT_BY_NGINX, subject, words, Vec::new());
    }
}
