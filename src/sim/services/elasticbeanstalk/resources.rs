//! `DescribeEnvironmentResources`: what an environment consists of now.
//!
//! A load balancer's name is its whole ARN, but for a classic one, whose name is a name (seen in AWS's own client).

use super::parameters::named;
use crate::sim::physics::members::Presence;
use crate::sim::physics::traffic::Flow;
use crate::sim::physics::{View, noise};
use crate::sim::region::{Balancer, Environment};
use crate::sim::scenario::spec::Kind;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_environment_resources(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let environment = named(view, form)?;
    let region = view.region;
    let template = format!("lt-0{}", noise::hex(region.seed, &format!("template {}", environment.id), 16));
    let balancer = environment.load_balancer.map(|place| &region.load_balancers[place]);
    let name = balancer.map(|balancer| match balancer.kind {
        Balancer::Classic => balancer.name.as_str(),
        Balancer::Application | Balancer::Network => balancer.arn.as_str(),
    });
    let temporary = environment.temporary(view.time()).map(|temporary| &temporary.name);
    let scaling_groups = std::iter::once(&environment.scaling_group).chain(temporary);
    let mut xml = Xml::default();
    xml.within("EnvironmentResources", |xml| {
        xml.text("EnvironmentName", &environment.name)
            .members("AutoScalingGroups", scaling_groups, |xml, name| {
                xml.text("Name", name);
            })
            .members("Instances", running(view, environment), |xml, id| {
                xml.text("Id", id);
            })
            .within("LaunchConfigurations", |_| ())
            .members("LaunchTemplates", [template], |xml, id| {
                xml.text("Id", id);
            })
            .members("LoadBalancers", name, |xml, name| {
                xml.text("Name", name);
            })
            .within("Triggers", |_| ())
            .within("Queues", |xml| queues(xml, view, environment));
    });
    Ok(xml)
}

fn running<'a>(view: View<'a>, environment: &'a Environment) -> impl Iterator<Item = &'a str> {
    let flow = Flow::of_pool(view, &view.region.pools[environment.pool]);
    let instances = &flow.pool.instances;
    let runs = (0..instances.len()).filter(move |place| flow.presence(*place, view.time()) != Presence::Gone);
    runs.map(|place| instances[place].id.as_str())
}

fn queues(xml: &mut Xml, view: View<'_>, environment: &Environment) {
    if environment.kind != Kind::Worker {
        return;
    }
    let region = view.region;
    for kind in ["AWSEBWorkerQueue", "AWSEBWorkerDeadLetterQueue"] {
        let suffix = noise::letters(region.seed, &format!("{kind} {}", environment.id), 12);
        let name = format!("awseb-{}-stack-{kind}-1{suffix}", environment.id);
        xml.within("member", |xml| {
            xml.text("Name", kind)
                .text("URL", format_args!("https://sqs.{}.amazonaws.com/{}/{name}", region.name, region.account));
        });
    }
}
