//! What an environment's load balancer has in common with others.

use std::sync::Arc;

use super::listening::with_rules;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Balancer, Key, RuleAction, Source, clean, serves};

const COMMON: Grade = Grade::new(FindingSeverity::Info, "another load balancer of the region has it too");
const UNREACHED: Grade = Grade::new(
    FindingSeverity::Info,
    "a listener of a shared load balancer without such a rule, beside one that has one",
);

pub static SHARED_SECURITY_GROUP: Check = Check {
    id: "shared-security-group",
    topic: Topic::Https,
    inputs: &["LoadBalancers"],
    grades: &[COMMON],
    needs: "the load balancers of the region",
    sentence: "The load balancer shares its security group with another one.",
    explanation: "A rule that is added or taken out for one of them opens or closes the other too.",
    advice: "Give each load balancer a security group of its own (aws:elbv2:loadbalancer SecurityGroups).",
};

pub static PORT_WITHOUT_RULE: Check = Check {
    id: "port-without-rule",
    topic: Topic::Routing,
    inputs: &["Listeners", "Rules"],
    grades: &[UNREACHED],
    needs: "the listeners of the shared load balancer, and their rules",
    sentence: "A port of the shared load balancer does not lead to the environment.",
    explanation: "Requests for the environment's name on that port reach another environment, or the default action. That is \
                  right where the port is another's.",
    advice: "Add the listener to the environment's options (aws:elbv2:listener:PORT with Rules), if clients use the port.",
};

pub fn shared_security_group(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(key) = inputs.load_balancer().filter(|_| inputs.link.balancer == Balancer::Application) else { return };
    let balancers = &inputs.inventory().load_balancers;
    let list = Source::LoadBalancers(inputs.snapshot.scope);
    let Some(own) = balancers.get(key) else { return run.doubted(inputs.reliability.doubt(&list)) };
    for group in &own.security_groups {
        let all = inputs.snapshot.topology.load_balancers_behind(&Key::new(key.scope, Arc::clone(group)));
        let others = all.iter().filter(|other| *other != key).filter_map(|other| balancers.get(other));
        if let Some(other) = others.min_by(|one, other| one.name.cmp(&other.name)) {
            let words = format!("its security group {} is also that of {}", clean(group), clean(&other.name));
            return run.found(COMMON, FindingSubject::LoadBalancer(key.clone()), words, Vec::new());
        }
    }
    run.doubted(inputs.reliability.doubt(&list));
}

pub fn port_without_rule(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if inputs.link.balancer != Balancer::ApplicationShared {
        return;
    }
    let listeners = with_rules(inputs, run);
    let leads_here = |listener| serves(inputs.inventory(), inputs.link, listener);
    if !listeners.iter().any(|(listener, _)| leads_here(listener) == Some(true)) {
        return;
    }
    for (listener, rules) in listeners {
        let redirects = |action: &RuleAction| matches!(action, RuleAction::Redirect { .. });
        let is_redirected = rules.iter().flat_map(|rule| &rule.actions).any(redirects);
        if let (Some(false), Some(port), false) = (leads_here(listener), listener.port, is_redirected) {
            let subject = FindingSubject::Listener(listener.key.clone());
            run.found(UNREACHED, subject, format!("no rule of port {port} leads to it"), Vec::new());
        }
    }
}
