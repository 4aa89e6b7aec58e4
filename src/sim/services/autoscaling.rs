//! Auto Scaling: the groups that hold the environments' instances.

use super::Query;
use crate::sim::physics::targets::State;
use crate::sim::physics::traffic::Flow;
use crate::sim::physics::{View, events, noise, timestamp};
use crate::sim::region::{Balancer, Environment};
use crate::sim::wire::form::Form;
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) const OPERATIONS: &[(&str, Query)] = &[("DescribeAutoScalingGroups", describe_auto_scaling_groups)];

fn describe_auto_scaling_groups(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let names = form.list("AutoScalingGroupNames");
    // A name that is not there is left out; it is no error.
    let groups: Vec<&Environment> = view
        .region
        .environments
        .iter()
        .filter(|environment| names.is_empty() || names.contains(&environment.scaling_group.as_str()))
        .filter(|environment| tagged(environment, form))
        .collect();
    let size = form.whole("MaxRecords", 1, 100)?.unwrap_or(50);
    let question = form.question(&["NextToken", "MaxRecords"]);
    let position = Position::read(form.text("NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::bad_request("InvalidNextToken", "The NextToken value is not valid."))?;
    let (range, next) = position.page(&question, groups.len(), size);
    let mut xml = Xml::default();
    xml.members("AutoScalingGroups", &groups[range], |xml, environment| describe(xml, view, environment))
        .optional("NextToken", next);
    Ok(xml)
}

/// `Filters` with names `tag:<key>`, `tag-key` and `tag-value`.
fn tagged(environment: &Environment, form: &Form) -> bool {
    form.structures("Filters").into_iter().all(|prefix| {
        let name = form.text(&format!("{prefix}.Name")).unwrap_or_default();
        let values = form.list(&format!("{prefix}.Values"));
        environment.tags.iter().any(|(key, value)| match name.strip_prefix("tag:") {
            Some(wanted) => wanted == key && values.contains(&value.as_str()),
            None if name == "tag-key" => values.contains(&key.as_str()),
            None => name == "tag-value" && values.contains(&value.as_str()),
        })
    })
}

fn describe(xml: &mut Xml, view: View<'_>, environment: &Environment) {
    let instances = instances(view, environment);
    let least = environment.options.iter().find(|option| option.name == "MinSize");
    xml.text("AutoScalingGroupName", &environment.scaling_group)
        .text("AutoScalingGroupARN", arn(view, environment))
        .within("LaunchTemplate", |xml| launch_template(xml, view, environment))
        .text("MinSize", least.and_then(|option| option.value.as_deref()).unwrap_or("1"))
        .text("MaxSize", environment.max_instances)
        .text("DesiredCapacity", instances.len())
        .text("DefaultCooldown", 360);
    attached(xml, view, environment);
    xml.text("HealthCheckType", "EC2")
        .text("HealthCheckGracePeriod", 0)
        .members("Instances", instances, |xml, (place, state)| instance(xml, view, environment, place, state))
        .time("CreatedTime", timestamp(environment.created + 60_000))
        .within("SuspendedProcesses", |_| ())
        .members("Tags", &environment.tags, |xml, (key, value)| {
            xml.text("ResourceId", &environment.scaling_group)
                .text("ResourceType", "auto-scaling-group")
                .text("Key", key)
                .text("Value", value)
                .text("PropagateAtLaunch", true);
        });
}

fn arn(view: View<'_>, environment: &Environment) -> String {
    let (region, name) = (view.region, &environment.scaling_group);
    let id = noise::uuid(region.seed, name);
    format!("arn:aws:autoscaling:{}:{}:autoScalingGroup:{id}:autoScalingGroupName/{name}", region.name, region.account)
}

fn launch_template(xml: &mut Xml, view: View<'_>, environment: &Environment) {
    let template = noise::hex(view.region.seed, &format!("template {}", environment.id), 16);
    xml.text("LaunchTemplateId", format_args!("lt-0{template}"))
        .text("LaunchTemplateName", format_args!("{}-template", environment.scaling_group))
        .text("Version", 1);
}

/// Where its instances are, and what they are registered with.
fn attached(xml: &mut Xml, view: View<'_>, environment: &Environment) {
    let region = view.region;
    let balancer = environment.load_balancer.map(|place| &region.load_balancers[place]);
    let classic = balancer.filter(|balancer| balancer.kind == Balancer::Classic).map(|balancer| &balancer.name);
    let groups = environment.processes.iter().map(|place| &region.target_groups[*place].arn);
    let instances = &region.pools[environment.pool].instances;
    let zones = &region.zones[..instances.iter().map(|one| one.zone + 1).max().unwrap_or(1)];
    let subnets: Vec<&str> = zones.iter().map(|zone| zone.subnet.as_str()).collect();
    xml.member_texts("AvailabilityZones", zones.iter().map(|zone| &zone.name))
        .member_texts("LoadBalancerNames", classic)
        .member_texts("TargetGroupARNs", groups)
        .text("VPCZoneIdentifier", subnets.join(","));
}

fn instances(view: View<'_>, environment: &Environment) -> Vec<(usize, State)> {
    let flow = Flow::of_pool(view, &view.region.pools[environment.pool]);
    let states = (0..flow.pool.instances.len()).map(|place| (place, flow.condition(place, view.time()).state));
    states.filter(|(_, state)| events::instance_runs(*state)).collect()
}

fn instance(xml: &mut Xml, view: View<'_>, environment: &Environment, place: usize, state: State) {
    let pool = &view.region.pools[environment.pool];
    let instance = &pool.instances[place];
    let lifecycle = match state {
        State::Registering => "Pending",
        State::Draining => "Terminating",
        _ => "InService",
    };
    xml.text("InstanceId", &instance.id)
        .text("InstanceType", &pool.instance_type)
        .text("AvailabilityZone", &view.region.zones[instance.zone].name)
        .text("LifecycleState", lifecycle)
        // The group looks at EC2's checks only, so what the load balancer thinks does not matter.
        .text("HealthStatus", "Healthy")
        .text("ProtectedFromScaleIn", false);
}
