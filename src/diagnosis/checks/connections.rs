//! How many connections are open, against what nginx on the instances takes.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Service, counted};

/// The share of the limit from which on a peak, or an instance less, may reach it.
const NEAR: f64 = 50.0;

const CLOSE: Grade = Grade::new(
    FindingSeverity::Warning,
    "{} or more of the connections that the configuration gives an instance (sockets.worker_connections)",
)
.at(Threshold::Percent(NEAR));

pub static CONNECTIONS_NEAR_LIMIT: Check = Check {
    id: "connections-near-limit",
    topic: Topic::Traffic,
    inputs: &["LoadBalancers", "TargetGroups", "TargetHealth", "Metrics"],
    grades: &[CLOSE],
    needs: "CloudWatch's ActiveConnectionCount of the last quarter of an hour on a load balancer that is not shared, the number \
            of healthy targets, and how many connections an instance takes (sockets.worker_connections)",
    sentence: "The instances have nearly as many connections as nginx takes.",
    explanation: "A WebSocket takes two connections of nginx: the load balancer's and the application's. ActiveConnectionCount \
                  counts two for it as well: the client's and the one to the target. Clients that keep connections without a \
                  WebSocket count there and not on the instance. When nginx has no connections left it refuses new ones, and the \
                  load balancer answers 502.",
    advice: "Raise worker_connections (`beanpole export --recipe worker-connections`), or add instances; then say in the \
             configuration how many connections an instance takes now: those of a worker, 1024 by default, times the number \
             of workers, which is that of its processors.",
};

pub fn connections_near_limit(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(limit) = inputs.declared().worker_connections else { return };
    let Some(figures) = run.known(Service::CloudWatch, inputs.check_figures()) else { return };
    let Some(targets) = run.known(Service::Elb, inputs.targets()) else { return };
    let (Some(balancer), healthy @ 1..) = (inputs.load_balancer(), targets.healthy) else { return };
    let each = figures.connections / f64::from(healthy);
    if each < f64::from(limit) * NEAR / 100.0 {
        return;
    }
    let open = counted(format!("{each:.0}"), "connection");
    let words = format!("{open} for each of {}, and nginx takes {limit}", counted(healthy, "healthy target"));
    run.found(CLOSE, FindingSubject::LoadBalancer(balancer.clone()), words, Vec::new());
}
