//! Auto Scaling: the groups that hold the environments' instances, and the end of an instance that another follows.

use super::operation::{Change, Moment, Query};
use crate::sim::physics::members::{self, Presence};
use crate::sim::physics::traffic::Flow;
use crate::sim::physics::{View, noise, timestamp};
use crate::sim::region::{Balancer, Environment, Region, Temporary, Wanted, Write};
use crate::sim::wire::envelope::Answer;
use crate::sim::wire::form::Form;
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) const OPERATIONS: &[(&str, Query)] = &[
    ("DescribeAutoScalingGroups", describe_auto_scaling_groups),
    ("DescribeScheduledActions", describe_scheduled_actions),
];

pub(super) const CHANGES: &[(&str, Change)] =
    &[("TerminateInstanceInAutoScalingGroup", terminate_instance_in_auto_scaling_group)];

fn describe_auto_scaling_groups(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let names = form.list("AutoScalingGroupNames");
    // A name that is not there is left out; it is no error.
    let groups: Vec<Group<'_>> = view
        .region
        .environments
        .iter()
        .flat_map(|environment| Group::all(view, environment))
        .filter(|group| names.is_empty() || names.contains(&group.name))
        .filter(|group| tagged(group.environment, form))
        .collect();
    let size = form.whole("MaxRecords", 1, 100)?.unwrap_or(50);
    let question = form.question(&["NextToken", "MaxRecords"]);
    let position = Position::read(form.text("NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::bad_request("InvalidNextToken", "The NextToken value is not valid."))?;
    let (range, next) = position.page(&question, groups.len(), size);
    let mut xml = Xml::default();
    xml.members("AutoScalingGroups", &groups[range], |xml, group| describe(xml, view, group))
        .optional("NextToken", next);
    Ok(xml)
}

fn describe_scheduled_actions(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let (group, names) = (form.text("AutoScalingGroupName"), form.list("ScheduledActionNames"));
    let actions: Vec<(&str, &str)> = view
        .region
        .environments
        .iter()
        .filter(|environment| group.is_none_or(|name| name == environment.scaling_group))
        .flat_map(|it| it.scheduled_actions.iter().map(|name| (it.scaling_group.as_str(), name.as_str())))
        .filter(|(_, name)| names.is_empty() || names.contains(name))
        .collect();
    let size = form.whole("MaxRecords", 1, 100)?.unwrap_or(50);
    let question = form.question(&["NextToken", "MaxRecords"]);
    let position = Position::read(form.text("NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::bad_request("InvalidNextToken", "The NextToken value is not valid."))?;
    let (range, next) = position.page(&question, actions.len(), size);
    let mut xml = Xml::default();
    xml.members("ScheduledUpdateGroupActions", &actions[range], |xml, (group, name)| {
        xml.text("AutoScalingGroupName", group)
            .text("ScheduledActionName", name)
            .text("ScheduledActionARN", scheduled_action_arn(view, group, name))
            .text("Recurrence", "0 20 * * *")
            .text("MinSize", 1)
            .text("MaxSize", 1)
            .text("DesiredCapacity", 1);
    })
    .optional("NextToken", next);
    Ok(xml)
}

fn scheduled_action_arn(view: View<'_>, group: &str, name: &str) -> String {
    let (region, id) = (view.region, noise::uuid(view.region.seed, &format!("{group} {name}")));
    let (place, account) = (&region.name, &region.account);
    format!(
        "arn:aws:autoscaling:{place}:{account}:scheduledUpdateGroupAction:{id}:autoScalingGroupName/{group}:scheduledActionName/{name}"
    )
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

/// A group that exists now: an environment's own, or the temporary one of a deploy.
#[derive(Clone, Copy)]
struct Group<'a> {
    environment: &'a Environment,
    name: &'a str,
    temporary: Option<&'a Temporary>,
}

impl<'a> Group<'a> {
    fn all(view: View<'_>, environment: &'a Environment) -> impl Iterator<Item = Self> + use<'a> {
        let own = Self { environment, name: &environment.scaling_group, temporary: None };
        let temporary = environment.temporary(view.time());
        let other = temporary.map(|temporary| Self { environment, name: &temporary.name, temporary: Some(temporary) });
        std::iter::once(own).chain(other)
    }
}

fn describe(xml: &mut Xml, view: View<'_>, group: &Group<'_>) {
    let environment = group.environment;
    let instances = instances(view, group);
    let desired = instances.iter().filter(|(_, presence)| *presence != Presence::Leaving).count();
    let place = view.region.environment_place(&environment.id).unwrap_or_default();
    let size = |name| view.region.size_at(place, name, view.time());
    let least = if group.temporary.is_none() { size("MinSize") } else { 1 };
    xml.text("AutoScalingGroupName", group.name)
        .text("AutoScalingGroupARN", arn(view, group.name))
        .within("LaunchTemplate", |xml| launch_template(xml, view, environment))
        .text("MinSize", least)
        .text("MaxSize", size("MaxSize"))
        .text("DesiredCapacity", desired)
        .text("DefaultCooldown", 360);
    attached(xml, view, group);
    let created = group.temporary.map_or(environment.created + 60_000, |group| view.region.epoch + group.from);
    xml.text("HealthCheckType", &environment.scaling_health_check)
        .text("HealthCheckGracePeriod", environment.scaling_grace_seconds)
        .members("Instances", instances, |xml, (place, presence)| instance(xml, view, environment, place, presence))
        .time("CreatedTime", timestamp(created))
        .members("SuspendedProcesses", suspended(group), |xml, process| {
            xml.text("ProcessName", process)
                .text("SuspensionReason", format_args!("User suspended at {}", timestamp(suspended_at(view))));
        })
        .members("Tags", &environment.tags, |xml, (key, value)| {
            xml.text("ResourceId", group.name)
                .text("ResourceType", "auto-scaling-group")
                .text("Key", key)
                .text("Value", value)
                .text("PropagateAtLaunch", true);
        });
}

/// The processes that do not run; those of a deploy's temporary group do.
fn suspended<'a>(group: &Group<'a>) -> &'a [String] {
    if group.temporary.is_none() { &group.environment.suspended } else { &[] }
}

/// Returns the time of the suspension: an hour before the scenario begins.
fn suspended_at(view: View<'_>) -> i64 {
    view.region.epoch - 3_600_000
}

fn arn(view: View<'_>, name: &str) -> String {
    let region = view.region;
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
fn attached(xml: &mut Xml, view: View<'_>, group: &Group<'_>) {
    let (region, environment) = (view.region, group.environment);
    let split = group.temporary.is_some_and(|temporary| temporary.split);
    let balancer = environment.load_balancer.map(|place| &region.load_balancers[place]);
    let classic = balancer.filter(|balancer| balancer.kind == Balancer::Classic).map(|balancer| &balancer.name);
    let own = environment.processes.iter().map(|place| &region.target_groups[*place]);
    let groups: Vec<&String> = if split {
        let twins = own.flat_map(|group| &group.twins).map(|place| &region.target_groups[*place]);
        twins.filter(|twin| twin.exists(view.time())).map(|twin| &twin.arn).collect()
    } else {
        own.map(|group| &group.arn).collect()
    };
    let instances = &region.pools[environment.pool].instances;
    let zones = &region.zones[..instances.iter().map(|one| one.zone + 1).max().unwrap_or(1)];
    let subnets: Vec<&str> = zones.iter().map(|zone| zone.subnet.as_str()).collect();
    xml.member_texts("AvailabilityZones", zones.iter().map(|zone| &zone.name))
        .member_texts("LoadBalancerNames", classic)
        .member_texts("TargetGroupARNs", groups)
        .text("VPCZoneIdentifier", subnets.join(","));
}

fn instances(view: View<'_>, group: &Group<'_>) -> Vec<(usize, Presence)> {
    let time = view.time();
    let flow = Flow::of_pool(view, &view.region.pools[group.environment.pool]);
    let here = |place: &usize| members::temporary(&flow.pool.instances[*place], time) == group.temporary.is_some();
    let places = (0..flow.pool.instances.len()).filter(here);
    places
        .map(|place| (place, flow.presence(place, time)))
        .filter(|(_, presence)| *presence != Presence::Gone)
        .collect()
}

fn instance(xml: &mut Xml, view: View<'_>, environment: &Environment, place: usize, presence: Presence) {
    let pool = &view.region.pools[environment.pool];
    let instance = &pool.instances[place];
    let lifecycle = match presence {
        Presence::Launching => "Pending",
        Presence::Leaving => "Terminating",
        Presence::Here | Presence::Gone => "InService",
    };
    xml.text("InstanceId", &instance.id)
        .text("InstanceType", &pool.instance_type)
        .text("AvailabilityZone", &view.region.zones[instance.zone].name)
        .text("LifecycleState", lifecycle)
        // No instance is ever replaced here because of its health, whatever type of check the group uses.
        .text("HealthStatus", "Healthy")
        .text("ProtectedFromScaleIn", false);
}

/// Terminates only with a replacement: another size of the group would differ from the environment's options.
/// (Amazon EC2 Auto Scaling API; the texts of the refusals are seen in public transcripts, their wording is UNVERIFIED.)
fn terminate_instance_in_auto_scaling_group(
    region: &mut Region,
    moment: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    let id = form.text("InstanceId").unwrap_or_default();
    match form.text("ShouldDecrementDesiredCapacity") {
        Some("false") => {}
        Some("true") => {
            return Err(Refusal::validation("The simulated region replaces instances, and removes none."));
        }
        _ => return Err(Refusal::validation("ShouldDecrementDesiredCapacity must be true or false.")),
    }
    let view = View { region, now: moment.now };
    let unknown =
        || Refusal::validation(format!("Instance Id not found - No managed instance found for instance ID: {id}"));
    let (pool, place) = region.instance(id).ok_or_else(unknown)?;
    let owner = region.pools[pool].environment.ok_or_else(unknown)?;
    let presence = Flow::of_pool(view, &region.pools[pool]).presence(place, view.time());
    if presence == Presence::Gone {
        return Err(unknown());
    }
    let mut xml = Xml::default();
    activity(&mut xml, view, &region.environments[owner], (id, moment.request_id));
    if presence != Presence::Leaving {
        let what = Wanted::Replacement { instance: place };
        region.write(Write { at: moment.now - region.epoch, environment: owner, what });
    }
    Ok(Answer::Xml(xml))
}

fn activity(xml: &mut Xml, view: View<'_>, environment: &Environment, (instance, request_id): (&str, &str)) {
    let now = timestamp(view.now);
    let cause = format!("At {now} instance {instance} was taken out of service in response to a user request.");
    xml.within("Activity", |xml| {
        xml.text("ActivityId", noise::uuid(view.region.seed, request_id))
            .text("AutoScalingGroupName", &environment.scaling_group)
            .text("Description", format_args!("Terminating EC2 instance: {instance}"))
            .text("Cause", cause)
            .time("StartTime", now)
            .text("StatusCode", "InProgress")
            .text("Progress", 0)
            .text("Details", "{}");
    });
}
