//! What the load balancer counted over a quarter of an hour: answers of its own, connections that failed, requests that lost
//! their target.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::stickiness::Stickiness;
use crate::diagnosis::values::traffic::CheckFigures;
use crate::model::Service;

/// So many in a quarter of an hour are no accident: a target that ends takes one or two requests with it.
const SEVERAL: u64 = 10;
/// With fewer requests a share is not significant.
const LEAST: f64 = 100.0;
/// The share of requests without a target of their own from which on clients do not keep the cookie.
const MANY: f64 = 20.0;

const BAD: Grade = Grade::new(FindingSeverity::Warning, "{} or more in 15 minutes").at(Threshold::Count(SEVERAL));
const ANY: Grade = Grade::new(FindingSeverity::Warning, "{} or more in 15 minutes").at(Threshold::Count(1));
const UNSTUCK: Grade = Grade::new(FindingSeverity::Warning, "{} of the requests or more, in 15 minutes, while sticky")
    .at(Threshold::Percent(MANY));

const INPUTS: &[&str] = &["LoadBalancers", "TargetGroups", "Metrics"];
const NEEDS: &str = "CloudWatch's counts of the last quarter of an hour, on a load balancer that is not shared";

pub static BAD_GATEWAY: Check = Check {
    id: "bad-gateway",
    topic: Topic::Timeouts,
    inputs: INPUTS,
    grades: &[BAD],
    needs: NEEDS,
    sentence: "The load balancer answers 502 itself.",
    explanation: "A target closed or reset the connection, or answered what is not HTTP. Two usual causes: the application's \
                  keep-alive timeout is shorter than the load balancer's idle timeout, so that it closes a connection just \
                  as a request comes; and instances that are ended before they are drained. Which it is, the access logs say.",
    advice: "Make the keep-alive of the server on the instances longer than idle_timeout.timeout_seconds; if it happens at \
             deployments, raise deregistration_delay.timeout_seconds.",
};

pub static GATEWAY_TIMEOUT: Check = Check {
    id: "gateway-timeout",
    topic: Topic::Timeouts,
    inputs: INPUTS,
    grades: &[BAD],
    needs: NEEDS,
    sentence: "The load balancer answers 504 itself.",
    explanation: "No connection to a target within ten seconds, or no answer within the idle timeout. A security group that \
                  drops packets does the first, an application that is too slow the second.",
    advice: "Compare p99 of TargetResponseTime with idle_timeout.timeout_seconds, and raise the timeout only if such answers \
             are meant to take so long.",
};

pub static REJECTED: Check = Check {
    id: "rejected-connections",
    topic: Topic::Traffic,
    inputs: INPUTS,
    grades: &[ANY],
    needs: NEEDS,
    sentence: "The load balancer refuses connections of clients.",
    explanation: "It has reached its largest number of connections. It grows with the load, but not at once.",
    advice: "If a peak is expected, reserve capacity for it (LCU reservation); else ask AWS.",
};

pub static CONNECTION_ERRORS: Check = Check {
    id: "target-connection-errors",
    topic: Topic::Targets,
    inputs: INPUTS,
    grades: &[BAD],
    needs: NEEDS,
    sentence: "Connections from the load balancer to targets fail.",
    explanation: "The proxy on an instance refuses them, because it does not run or has no connections left, or a security \
                  group drops them. Health checks are not counted.",
    advice: "Compare worker_connections of nginx with the connections open, then the security group of the instances.",
};

pub static NOT_STICKY: Check = Check {
    id: "cookie-not-kept",
    topic: Topic::Stickiness,
    inputs: &["LoadBalancers", "TargetGroups", "TargetGroupTags", "TargetGroupAttributes", "Metrics"],
    grades: &[UNSTUCK],
    needs: "100 requests in the last quarter of an hour, and the attributes of the target groups",
    sentence: "Stickiness is on, and many requests come without its cookie.",
    explanation: "Clients that do not send the cookie back get another target each time: native clients, requests of another \
                  origin without credentials, CORS preflights. Some are usual: each client's first request has no cookie.",
    advice: "Let the clients send cookies (withCredentials, a cookie jar), or keep the session outside the instance.",
};

pub static FAIL_OPEN: Check = Check {
    id: "fail-open",
    topic: Topic::Targets,
    inputs: INPUTS,
    grades: &[ANY],
    needs: NEEDS,
    sentence: "Requests were sent to targets of which none was healthy.",
    explanation: "Where no target of a group is healthy the load balancer sends requests to all of them. That some are \
                  answered hides that the health check fails.",
    advice: "Compare what the health check asks for with what the application answers.",
};

/// Returns the counts; nothing on a shared load balancer, whose counts are those of all that share it.
fn counts(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) -> Option<CheckFigures> {
    run.known(Service::CloudWatch, inputs.check_figures())
}

fn one(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, grade: Grade, of: fn(&CheckFigures) -> f64, what: &str) {
    let Some(count) = counts(inputs, run).map(|figures| of(&figures)) else { return };
    if matches!(grade.threshold, Some(Threshold::Count(least)) if count >= least as f64)
        && let Some(balancer) = inputs.load_balancer()
    {
        let words = format!("{count:.0} {what} in 15 minutes");
        run.found(grade, FindingSubject::LoadBalancer(balancer.clone()), words, Vec::new());
    }
}

pub fn bad_gateway(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    one(inputs, run, BAD, |it| it.bad_gateway, "answers 502 of the load balancer itself");
}

pub fn gateway_timeout(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    one(inputs, run, BAD, |it| it.timeouts, "answers 504 of the load balancer itself");
}

pub fn rejected(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    one(inputs, run, ANY, |it| it.rejected, "connections of clients refused");
}

pub fn connection_errors(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    one(inputs, run, BAD, |it| it.connection_errors, "connections to targets failed");
}

pub fn fail_open(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    one(inputs, run, ANY, |it| it.fail_open, "requests sent to targets of which none was healthy");
}

pub fn not_sticky(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(stickiness) = run.known(Service::Elb, inputs.stickiness()) else { return };
    if stickiness == Stickiness::Off {
        return;
    }
    let Some(figures) = counts(inputs, run) else { return };
    if figures.requests < LEAST {
        return run.undecided(Why::TooLittle("too few requests in the last quarter of an hour"));
    }
    let share = figures.not_sticky / figures.requests * 100.0;
    if share >= MANY {
        let words = format!("{share:.0} % of the requests come without the cookie of stickiness");
        run.found(UNSTUCK, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}
