//! Instances that clients can reach without the load balancer.

use std::sync::Arc;

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Instance, Key, Source, clean};

const EXPOSED: Grade = Grade::new(
    FindingSeverity::Warning,
    "one with a public address, and a security group that admits 0.0.0.0/0 or ::/0 on the port of its target group",
);

pub static EXPOSED_INSTANCES: Check = Check {
    id: "instances-reachable-past-load-balancer",
    topic: Topic::Https,
    inputs: &["TargetHealth", "TargetGroupTags", "Instance", "SecurityGroup"],
    grades: &[EXPOSED],
    needs: "the targets, their instances and the security groups of those",
    sentence: "The internet can reach an instance past the load balancer.",
    explanation: "Such requests have no TLS, no sticky cookie and none of the load balancer's rules, and they are in none of its \
                  metrics. Beanstalk's own security group admits the load balancer alone; a rule or a group that was added \
                  admits more.",
    advice: "Take the rule out, or admit the security group of the load balancer in its place.",
};

pub fn exposed_instances(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() {
        return;
    }
    if inputs.proven().next().is_none() {
        return run.doubted(inputs.targets_doubt());
    }
    let mut exposed = Vec::new();
    for group in inputs.proven() {
        let Some(targets) = inputs.inventory().targets.get(&group.key) else {
            run.doubted(inputs.reliability.doubt(&Source::TargetHealth(group.key.clone())));
            continue;
        };
        for target in targets.iter().filter(|target| target.id.starts_with("i-")) {
            let Some(port) = target.port else { continue };
            let key: Key<Instance> = Key::new(group.key.scope, Arc::clone(&target.id));
            match inputs.inventory().instances.get(&key) {
                Some(instance) if admits_everybody(inputs, run, instance, port) => exposed.push((key, port)),
                Some(_) => {}
                None => run.doubted(inputs.reliability.doubt(&Source::Instance(key))),
            }
        }
    }
    exposed.sort();
    exposed.dedup_by(|one, other| one.0 == other.0);
    let Some((first, port)) = exposed.first() else { return };
    let more = if exposed.len() > 1 { format!(" and {} more", exposed.len() - 1) } else { String::new() };
    let words = format!("port {port} of {}{more} is open to the internet", clean(&first.id));
    run.found(EXPOSED, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}

/// Whether an instance has a public address, and one of its security groups admits the whole internet on a port.
fn admits_everybody(inputs: &Inputs<'_>, run: &mut CheckRun<'_>, instance: &Instance, port: i32) -> bool {
    if instance.public_ip.is_none() {
        return false;
    }
    for id in &instance.security_groups {
        let key = Key::new(instance.key.scope, Arc::clone(id));
        match inputs.inventory().security_groups.get(&key) {
            Some(group) if group.ingress.iter().any(|rule| rule.source.is_everybody() && rule.admits(port)) => {
                return true;
            }
            Some(_) => {}
            None => run.doubted(inputs.reliability.doubt(&Source::SecurityGroup(key))),
        }
    }
    false
}
