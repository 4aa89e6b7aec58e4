//! How the load balancer asks targets whether they are healthy.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Source, TargetGroup, clean};

const IGNORED: Grade = Grade::new(FindingSeverity::Info, "no process is checked by the path of the option");
const TOO_LONG: Grade = Grade::new(FindingSeverity::Warning, "the timeout is not below the interval");
const OTHER_PROTOCOL: Grade =
    Grade::new(FindingSeverity::Warning, "HTTP on port 443, HTTPS on port 80, or a check that speaks the other one");

const GROUPS: &[&str] = &["TargetGroups", "TargetGroupTags"];
const NEEDS: &str = "target groups that are proven to be the environment's";

pub static IGNORED_URL: Check = Check {
    id: "ignored-health-check-url",
    topic: Topic::HealthCheck,
    inputs: &["Settings", "TargetGroups", "TargetGroupTags"],
    grades: &[IGNORED],
    needs: "the option settings, and the environment's target groups",
    sentence: "The option \"Application Healthcheck URL\" names a path that no target group is checked by.",
    explanation: "Behind an Application Load Balancer each process has its own HealthCheckPath, which its target group and \
                  enhanced health use. The URL of the application is ignored there.",
    advice: "Set HealthCheckPath of the process to that path, or remove the option.",
};

pub static LONG_TIMEOUT: Check = Check {
    id: "health-check-timeout",
    topic: Topic::HealthCheck,
    inputs: GROUPS,
    grades: &[TOO_LONG],
    needs: NEEDS,
    sentence: "A health check may take as long as the time between two of them.",
    explanation: "A slow answer is counted after the next check should have begun, so that a target is found unhealthy later \
                  than the interval and the threshold say.",
    advice: "Lower the timeout of the health check, or raise its interval.",
};

pub static CHECK_PROTOCOL: Check = Check {
    id: "health-check-protocol",
    topic: Topic::HealthCheck,
    inputs: GROUPS,
    grades: &[OTHER_PROTOCOL],
    needs: NEEDS,
    sentence: "A target group speaks another protocol than its port or its health check.",
    explanation: "A target that expects TLS answers plain HTTP with 400 or closes the connection, and the other way round \
                  the handshake fails.",
    advice: "Give the process the protocol that its port speaks; that replaces the target group.",
};

pub fn ignored_url(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() {
        return;
    }
    let Some(settings) = inputs.settings() else {
        return run.doubted(inputs.reliability.doubt(&Source::Settings(inputs.key().clone())));
    };
    let Some(url) = settings.get("aws:elasticbeanstalk:application", "Application Healthcheck URL") else { return };
    // It may have a protocol and a port before the path; without a path it is a TCP check.
    let Some(path) = url.find('/').map(|at| &url[at..]) else { return };
    let groups = inputs.groups();
    if groups.is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    let is_checked = |group: &&TargetGroup| group.health_check.path.as_deref() == Some(path);
    if !groups.iter().any(is_checked) {
        let words = format!("the health check URL {} is ignored: the target groups have their own paths", clean(path));
        run.found(IGNORED, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}

pub fn long_timeout(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    each(inputs, run, TOO_LONG, |group| {
        let (timeout, interval) = (group.health_check.timeout?, group.health_check.interval?);
        (timeout >= interval).then(|| format!("its health check waits {timeout} s and is sent every {interval} s"))
    });
}

pub fn check_protocol(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    each(inputs, run, OTHER_PROTOCOL, |group| {
        let (protocol, port) = (group.protocol.as_deref()?, group.port?);
        if matches!((protocol, port), ("HTTP", 443) | ("HTTPS", 80)) {
            return Some(format!("it speaks {protocol} on port {port}"));
        }
        let checked = group.health_check.protocol.as_deref()?;
        let is_same_port = matches!(group.health_check.port.as_deref(), None | Some("traffic-port"));
        let is_other = matches!((protocol, checked), ("HTTP", "HTTPS") | ("HTTPS", "HTTP"));
        (is_same_port && is_other)
            .then(|| format!("it speaks {protocol}, and its health check {checked} on the same port"))
    });
}

/// Adds what is wrong with each of the environment's target groups.
fn each(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, grade: Grade, wrong: impl Fn(&TargetGroup) -> Option<String>) {
    let groups = inputs.groups();
    if groups.is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    for group in groups {
        if let Some(words) = wrong(group) {
            let words = format!("{}: {}", clean(&group.name), clean(&words));
            run.found(grade, FindingSubject::TargetGroup(group.key.clone()), words, Vec::new());
        }
    }
}
