//! HTTPS: whether there is a listener, what it still takes, and what plain HTTP does.

use super::listening::leading_here;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::model::{Listener, Scheme, Service, clean};

const OPEN: Grade = Grade::new(FindingSeverity::Warning, "none on a load balancer that faces the internet");
const INTERNAL: Grade = Grade::new(FindingSeverity::Info, "none on an internal load balancer");
const OLD: Grade = Grade::new(FindingSeverity::Warning, "the policy takes TLS 1.0 or TLS 1.1");

pub static NO_HTTPS: Check = Check {
    id: "no-https-listener",
    topic: Topic::Https,
    inputs: &["LoadBalancers", "Listeners", "Rules"],
    grades: &[OPEN, INTERNAL],
    needs: "the listeners and their rules, and whether the load balancer faces the internet",
    sentence: "No HTTPS listener leads to the environment.",
    explanation: "Everybody on the way can read and change the requests. Browsers refuse secure cookies, and websockets from \
                  pages that came over HTTPS.",
    advice: "Set up HTTPS with a certificate of ACM.",
};

pub static OLD_TLS: Check = Check {
    id: "old-tls-policy",
    topic: Topic::Https,
    inputs: &["Listeners", "Rules"],
    grades: &[OLD],
    needs: "the listeners and their rules, and a policy whose name says what it takes",
    sentence: "An HTTPS listener takes TLS 1.0 or TLS 1.1.",
    explanation: "Both are given up (RFC 8996): clients of today do not need them, and attacks on them are known.",
    advice: "Choose a policy that begins with TLS 1.2, such as ELBSecurityPolicy-TLS13-1-2-2021-06.",
};

pub fn no_https(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(None) = run.known(Service::Elb, inputs.tls()) else { return };
    let Some(key) = inputs.load_balancer() else { return };
    let balancer = inputs.inventory().load_balancers.get(key);
    let grade = match balancer.and_then(|it| it.scheme.as_ref()) {
        Some(Scheme::Internal) => INTERNAL,
        Some(Scheme::InternetFacing) => OPEN,
        _ => return run.undecided(Why::TooLittle("whether the load balancer faces the internet is not known")),
    };
    let words = "no HTTPS listener leads to it";
    run.found(grade, FindingSubject::LoadBalancer(key.clone()), words.into(), Vec::new());
}

pub fn old_tls(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    for listener in leading_here(inputs, run, Listener::is_secure) {
        let policy = listener.ssl_policy.as_deref().unwrap_or_default();
        match takes_old_protocols(policy) {
            Some(true) => {
                let words = format!("the policy {} takes TLS 1.0 or 1.1", clean(policy));
                let key = format!("listener:{}:ssl_policy", listener.port.unwrap_or(443));
                let fix = Fix::of_balancer(&key, "ELBSecurityPolicy-TLS13-1-2-2021-06");
                run.found_with_fix(OLD, FindingSubject::Listener(listener.key.clone()), words, fix);
            }
            Some(false) => {}
            None => run.undecided(Why::TooLittle("the name of the policy does not say what it takes")),
        }
    }
}

/// Returns whether a policy accepts TLS 1.0 or 1.1, from its name: the lowest version is part of it, except in two of the
/// oldest (ELB User Guide, security policies).
fn takes_old_protocols(policy: &str) -> Option<bool> {
    let has = |words: &[&str]| words.iter().any(|word| policy.contains(word));
    match policy {
        "ELBSecurityPolicy-2016-08" | "ELBSecurityPolicy-FS-2018-06" => Some(true),
        _ if has(&["-1-0-", "-1-1-"]) => Some(true),
        _ if has(&["-1-2-", "-1-3-"]) => Some(false),
        _ => None,
    }
}
