//! Where the load balancer may send requests to, and whose security groups it uses.

use std::sync::Arc;

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Key, LoadBalancer, SecurityGroup, Source, TargetGroup, clean};

const NO_WAY: Grade =
    Grade::new(FindingSeverity::Critical, "no security group of the load balancer lets TCP out to the port");
const DEFAULT: Grade = Grade::new(FindingSeverity::Warning, "a security group of the name default");

const INPUTS: &[&str] = &["LoadBalancers", "TargetGroups", "TargetGroupTags", "SecurityGroup"];

pub static CLOSED_EGRESS: Check = Check {
    id: "no-way-to-targets",
    topic: Topic::HealthCheck,
    inputs: INPUTS,
    grades: &[NO_WAY],
    needs: "the security groups of the load balancer, and target groups that are proven to be the environment's",
    sentence: "No security group lets the load balancer reach the port of its targets or of their health check.",
    explanation: "Health checks time out, and so do requests. A health check that was moved to another port directly does \
                  not open that port.",
    advice: "Add an egress rule for the port to a security group of the load balancer.",
};

pub static DEFAULT_GROUP: Check = Check {
    id: "default-security-group",
    topic: Topic::Routing,
    inputs: &["LoadBalancers", "SecurityGroup"],
    grades: &[DEFAULT],
    needs: "the security groups of the load balancer",
    sentence: "The load balancer uses the default security group of its VPC.",
    explanation: "Whatever else is in that group may reach it, and a rule that is opened for something else in the VPC opens \
                  the load balancer too.",
    advice: "Give the load balancer a security group of its own (SecurityGroups of aws:elbv2:loadbalancer).",
};

/// The security groups of a load balancer; `None` with a doubt added if one of them was not read.
fn groups<'a>(inputs: &Inputs<'a>, run: &mut CheckRun<'_>) -> Option<(&'a LoadBalancer, Vec<&'a SecurityGroup>)> {
    let balancer = inputs.load_balancer().and_then(|key| inputs.inventory().load_balancers.get(key))?;
    let mut groups = Vec::new();
    for id in &balancer.security_groups {
        let key = Key::new(balancer.key.scope, Arc::clone(id));
        let Some(group) = inputs.inventory().security_groups.get(&key) else {
            run.doubted(inputs.reliability.doubt(&Source::SecurityGroup(key)));
            return None;
        };
        groups.push(group);
    }
    (!groups.is_empty()).then_some((balancer, groups))
}

pub fn closed_egress(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some((_, groups)) = groups(inputs, run) else { return };
    let reaches = |port: i32| groups.iter().any(|group| group.egress.iter().any(|rule| rule.admits(port)));
    let own = inputs.groups();
    if own.is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    for group in own {
        for (port, what) in ports(group).into_iter().filter(|(port, _)| !reaches(*port)).take(1) {
            let words = format!(
                "no security group lets the load balancer out to port {port}, {what} of {}",
                clean(&group.name)
            );
            run.found(NO_WAY, FindingSubject::TargetGroup(group.key.clone()), words, Vec::new());
        }
    }
}

/// The ports of a target group: that of its targets, and that of its health check if it is another one.
fn ports(group: &TargetGroup) -> Vec<(i32, &'static str)> {
    let checked = group.health_check.port.as_deref().and_then(|port| port.parse().ok());
    let traffic = group.port.map(|port| (port, "the port"));
    traffic.into_iter().chain(checked.map(|port| (port, "the port of the health check"))).collect()
}

pub fn default_group(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some((balancer, groups)) = groups(inputs, run) else { return };
    if groups.iter().any(|group| &*group.name == "default") {
        let words = "it uses the default security group of its VPC";
        run.found(DEFAULT, FindingSubject::LoadBalancer(balancer.key.clone()), words.into(), Vec::new());
    }
}
