//! `DescribeInstances`: one reservation for each instance, as an Auto Scaling group launches them.

use super::parameters::{Filters, page};
use super::tags::tag_set;
use crate::sim::physics::members;
use crate::sim::physics::targets::State;
use crate::sim::physics::traffic::Flow;
use crate::sim::physics::{View, timestamp};
use crate::sim::region::{Instance, Pair, Pool};
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

const FILTERS: &[&str] = &[
    "instance-id",
    "instance-state-name",
    "instance-type",
    "private-ip-address",
    "availability-zone",
    "subnet-id",
    "vpc-id",
    "instance.group-id",
];

/// An instance with all requested details.
struct Found<'a> {
    pool: &'a Pool,
    instance: &'a Instance,
    /// The code and the name of its state.
    state: (u16, &'static str),
    tags: Vec<Pair>,
    group: String,
    group_name: String,
}

pub(super) fn describe_instances(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let ids = form.list("InstanceId");
    for id in &ids {
        if view.region.instance(id).is_none() {
            let malformed = !id.starts_with("i-") || !id[2..].bytes().all(|byte| byte.is_ascii_hexdigit());
            let (code, what) = if malformed {
                ("InvalidInstanceID.Malformed", format!("Invalid id: \"{id}\""))
            } else {
                ("InvalidInstanceID.NotFound", format!("The instance ID '{id}' does not exist"))
            };
            return Err(Refusal::bad_request(code, what));
        }
    }
    let filters = Filters::read(form, FILTERS)?;
    let pools = view.region.pools.iter();
    let instances: Vec<Found<'_>> = pools
        .flat_map(|pool| (0..pool.instances.len()).filter_map(move |place| found(view, pool, place)))
        .filter(|found| ids.is_empty() || ids.contains(&found.instance.id.as_str()))
        .filter(|found| filters.pass(&found.tags, |name| value(view, found, name)))
        .collect();
    let (range, next) = page(view, form, "InstanceId", instances.len())?;
    let mut xml = Xml::default();
    xml.items("reservationSet", &instances[range], |xml, found| {
        xml.text("reservationId", format_args!("r-{}", &found.instance.id[2..]))
            .text("ownerId", &view.region.account)
            .items("instancesSet", [found], |xml, found| describe(xml, view, found));
    })
    .optional("nextToken", next);
    Ok(xml)
}

/// An instance that exists at this time; one that will be launched later does not.
fn found<'a>(view: View<'a>, pool: &'a Pool, place: usize) -> Option<Found<'a>> {
    let region = view.region;
    let instance = &pool.instances[place];
    if instance.launched > view.now {
        return None;
    }
    let state = state(view, pool, place)?;
    let environment = pool.environment.map(|place| &region.environments[place]);
    let mut tags = environment
        .map_or_else(|| vec![("Name".to_owned(), pool.name.clone())], |environment| environment.tags.clone());
    let mut group = (format!("sg-0{}", &instance.id[3..]), "default".to_owned());
    if let Some(environment) = environment {
        let temporary = environment.temporary(view.time()).filter(|_| members::temporary(instance, view.time()));
        let scaling_group = temporary.map_or(&environment.scaling_group, |temporary| &temporary.name);
        tags.push(("aws:autoscaling:groupName".to_owned(), scaling_group.clone()));
        let known = region.security_group(&environment.instance_group);
        group = (environment.instance_group.clone(), known.map(|group| group.name.clone()).unwrap_or_default());
    }
    Some(Found { pool, instance, state, tags, group: group.0, group_name: group.1 })
}

/// Returns the state in EC2's words; `None` for an instance that is not listed.
fn state(view: View<'_>, pool: &Pool, place: usize) -> Option<(u16, &'static str)> {
    let instance = &pool.instances[place];
    if !instance.track.is_empty() {
        return members::ec2_state(pool, place, view.time());
    }
    let state = Flow::of_pool(view, pool).condition(place, view.time()).state;
    let running = state != State::Terminated && (state != State::Absent || instance.launched >= view.region.epoch);
    Some(if running { (16, "running") } else { (48, "terminated") })
}

fn value(view: View<'_>, found: &Found<'_>, filter: &str) -> Option<String> {
    let zone = &view.region.zones[found.instance.zone];
    Some(match filter {
        "instance-id" => found.instance.id.clone(),
        "instance-state-name" => found.state.1.to_owned(),
        "instance-type" => found.pool.instance_type.clone(),
        "private-ip-address" => found.instance.address.clone(),
        "availability-zone" => zone.name.clone(),
        "subnet-id" => zone.subnet.clone(),
        "vpc-id" => view.region.vpc.clone(),
        "instance.group-id" => found.group.clone(),
        _ => return None,
    })
}

/// One of the range that is for documents.
fn public_address(view: View<'_>, found: &Found<'_>) -> Option<String> {
    let environment = found.pool.environment.map(|place| &view.region.environments[place]);
    environment.filter(|it| it.public_addresses)?;
    Some(format!("203.0.113.{}", found.instance.entity % 254 + 1))
}

fn describe(xml: &mut Xml, view: View<'_>, found: &Found<'_>) {
    let instance = found.instance;
    let zone = &view.region.zones[instance.zone];
    let (code, name) = found.state;
    xml.text("instanceId", &instance.id)
        .text("imageId", "ami-0d8a1b2c3d4e5f607")
        .within("instanceState", |xml| {
            xml.text("code", code).text("name", name);
        })
        .text("instanceType", &found.pool.instance_type)
        .time("launchTime", timestamp(instance.launched))
        .within("placement", |xml| {
            xml.text("availabilityZone", &zone.name).text("tenancy", "default");
        })
        .within("monitoring", |xml| {
            xml.text("state", "disabled");
        })
        .text("subnetId", &zone.subnet)
        .text("vpcId", &view.region.vpc)
        .text("privateIpAddress", &instance.address)
        .optional("ipAddress", public_address(view, found))
        .items("groupSet", [found], |xml, found| {
            xml.text("groupId", &found.group).text("groupName", &found.group_name);
        })
        .text("architecture", "x86_64");
    tag_set(xml, &found.tags);
}
