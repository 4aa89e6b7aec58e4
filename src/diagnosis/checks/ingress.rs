//! Which sources may reach the load balancer.

use std::sync::Arc;

use super::listening::leading_here;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Key, Listener, LoadBalancer, SecurityGroup, Source};

const CLOSED: Grade =
    Grade::new(FindingSeverity::Critical, "no security group of the load balancer lets TCP in on its port");

pub static CLOSED_PORT: Check = Check {
    id: "listener-behind-closed-port",
    topic: Topic::Routing,
    inputs: &["LoadBalancers", "Listeners", "Rules", "SecurityGroup"],
    grades: &[CLOSED],
    needs: "the listeners and their rules, and the security groups of the load balancer",
    sentence: "A listener leads to the environment, and no security group lets anything in on its port.",
    explanation: "Clients of that port get no answer at all and run into a timeout. A listener that was made directly does not \
                  open its port.",
    advice: "Add an ingress rule for the port to a security group of the load balancer.",
};

pub fn closed_port(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(balancer) = inputs.load_balancer().and_then(|key| inputs.inventory().load_balancers.get(key)) else {
        return;
    };
    for listener in leading_here(inputs, run, |_| true) {
        one(inputs, run, balancer, listener);
    }
}

fn one(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, balancer: &LoadBalancer, listener: &Listener) {
    let Some(port) = listener.port else { return };
    let keys = balancer.security_groups.iter().map(|id| Key::new(balancer.key.scope, Arc::clone(id)));
    let mut unread = None;
    for key in keys {
        match inputs.inventory().security_groups.get(&key) {
            Some(group) if admits(group, port) => return,
            Some(_) => {}
            None => unread = Some(key),
        }
    }
    if let Some(key) = unread {
        return run.doubted(inputs.reliability.doubt(&Source::SecurityGroup(key)));
    }
    let words = format!("no security group lets anything in on port {port}");
    run.found(CLOSED, FindingSubject::Listener(listener.key.clone()), words, Vec::new());
}

fn admits(group: &SecurityGroup, port: i32) -> bool {
    group.ingress.iter().any(|rule| rule.admits(port))
}
