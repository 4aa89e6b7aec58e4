//! How long connections are held, and which are refused.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::model::{Source, clean, resource_name};

const DELAY: &str = "deregistration_delay.timeout_seconds";
/// AWS takes no longer delay.
const MOST_DELAY: u64 = 3600;

const LONGER: Grade = Grade::new(FindingSeverity::Warning, "longer than the option Timeout (600 s while it is unset)");
const OPTIMIZED: Grade = Grade::new(FindingSeverity::Info, "the target group has a target control port");

const NOT_HTTP1: Grade = Grade::new(FindingSeverity::Info, "the protocol version is HTTP2 or GRPC");

pub static LONG_DRAINING: Check = Check {
    id: "draining-longer-than-deploy",
    topic: Topic::Timeouts,
    inputs: &["Settings", "TargetGroups", "TargetGroupTags", "TargetGroupAttributes"],
    grades: &[LONGER],
    needs: "the option settings, and the attributes of the target groups",
    sentence: "Targets drain for longer than a command of a deployment may take.",
    explanation: "A rolling deployment takes the instances of a batch out of service and waits until they are drained. If \
                  that takes longer than the command timeout, the deployment fails while one connection stays open.",
    advice: "Lower deregistration_delay.timeout_seconds, or raise the option Timeout of aws:elasticbeanstalk:command.",
};

pub static TARGET_OPTIMIZER: Check = Check {
    id: "target-optimizer",
    topic: Topic::Timeouts,
    inputs: &["TargetGroups", "TargetGroupTags"],
    grades: &[OPTIMIZED],
    needs: "target groups that are proven to be the environment's",
    sentence: "A target group with target optimizer refuses websockets.",
    explanation: "A target group that was made with a TargetControlPort takes no upgrade to a websocket (ELB User Guide).",
    advice: "Use a target group without a target control port for processes that keep websockets.",
};

pub static PROTOCOL_VERSION: Check = Check {
    id: "protocol-version-without-websockets",
    topic: Topic::Timeouts,
    inputs: &["TargetGroups", "TargetGroupTags"],
    grades: &[NOT_HTTP1],
    needs: "target groups that are proven to be the environment's",
    sentence: "A target group of HTTP/2 or gRPC refuses websockets.",
    explanation: "An upgrade to a websocket is a part of HTTP/1.1: only target groups of the protocol version HTTP1 take it (ELB \
                  User Guide).",
    advice: "Use a process of HTTP1 for paths that keep websockets.",
};

pub fn protocol_version(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let groups = inputs.groups();
    if groups.is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    for group in groups {
        if let Some(version) = group.protocol_version.as_deref().filter(|it| matches!(*it, "HTTP2" | "GRPC")) {
            let words = format!("{} has the protocol version {version}, and refuses websockets", clean(&group.name));
            run.found(NOT_HTTP1, FindingSubject::TargetGroup(group.key.clone()), words, Vec::new());
        }
    }
}

pub fn long_draining(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() {
        return;
    }
    if inputs.proven().next().is_none() {
        return run.doubted(inputs.targets_doubt());
    }
    let Some(timeout) = inputs.command_timeout() else {
        return run.doubted(inputs.reliability.doubt(&Source::Settings(inputs.key().clone())));
    };
    for group in inputs.proven() {
        let Some(attributes) = inputs.inventory().target_group_attributes.get(&group.key) else {
            run.doubted(inputs.reliability.doubt(&Source::TargetGroupAttributes(group.key.clone())));
            continue;
        };
        let delay = attributes.get(DELAY).and_then(|value| value.parse::<u64>().ok());
        if let Some(delay) = delay.filter(|delay| *delay > timeout.as_secs()) {
            let name = resource_name(&group.key.id);
            let words = format!("{} drains for {delay} s, and a command may take {} s", clean(name), timeout.as_secs());
            let fix = Fix::of_group(&group.key, DELAY, &timeout.as_secs().min(MOST_DELAY).to_string());
            run.found_with_fix(LONGER, FindingSubject::TargetGroup(group.key.clone()), words, fix);
        }
    }
}

pub fn target_optimizer(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let groups = inputs.groups();
    if groups.is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    for group in groups.iter().filter(|group| group.target_control_port.is_some()) {
        let words = format!("{} has a target control port, and refuses websockets", clean(&group.name));
        run.found(OPTIMIZED, FindingSubject::TargetGroup(group.key.clone()), words, Vec::new());
    }
}
