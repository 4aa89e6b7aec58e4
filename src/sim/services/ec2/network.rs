//! `DescribeSecurityGroups` and `DescribeSubnets`.

use super::parameters::{Filters, page};
use super::tags::tag_set;
use crate::sim::physics::View;
use crate::sim::region::{Ingress, Peer, SecurityGroup, Zone};
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_security_groups(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let region = view.region;
    let ids = form.list("GroupId");
    let names = form.list("GroupName");
    if let Some(missing) = ids.iter().find(|id| region.security_group(id).is_none()) {
        let message = format!("The security group '{missing}' does not exist");
        return Err(Refusal::bad_request("InvalidGroup.NotFound", message));
    }
    let filters = Filters::read(form, &["group-id", "group-name", "vpc-id", "description"])?;
    let groups: Vec<&SecurityGroup> = region
        .security_groups
        .iter()
        .filter(|group| !group.gone)
        .filter(|group| ids.is_empty() || ids.contains(&group.id.as_str()))
        .filter(|group| names.is_empty() || names.contains(&group.name.as_str()))
        .filter(|group| {
            filters.pass(&group.tags, |name| {
                Some(match name {
                    "group-id" => group.id.clone(),
                    "group-name" => group.name.clone(),
                    "vpc-id" => region.vpc.clone(),
                    "description" => group.description.clone(),
                    _ => return None,
                })
            })
        })
        .collect();
    let (range, next) = page(view, form, "GroupId", groups.len())?;
    let mut xml = Xml::default();
    xml.items("securityGroupInfo", &groups[range], |xml, group| security_group(xml, view, group))
        .optional("nextToken", next);
    Ok(xml)
}

fn security_group(xml: &mut Xml, view: View<'_>, group: &SecurityGroup) {
    let account = &view.region.account;
    xml.text("ownerId", account)
        .text("groupId", &group.id)
        .text("groupName", &group.name)
        .text("groupDescription", &group.description)
        .text("vpcId", &view.region.vpc)
        .items("ipPermissions", permissions(&group.ingress, view.time()), |xml, rules: Vec<&Ingress>| {
            permission(xml, account, &rules);
        })
        .items("ipPermissionsEgress", permissions(&group.egress, view.time()), |xml, rules: Vec<&Ingress>| {
            permission(xml, account, &rules);
        });
    tag_set(xml, &group.tags);
}

/// The rules that are there, those of the same ports together, as EC2 lists them.
fn permissions(rules: &[Ingress], time: i64) -> Vec<Vec<&Ingress>> {
    let mut permissions: Vec<Vec<&Ingress>> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.since <= time) {
        let same = |known: &&mut Vec<&Ingress>| known[0].protocol == rule.protocol && known[0].ports == rule.ports;
        match permissions.iter_mut().find(same) {
            Some(known) => known.push(rule),
            None => permissions.push(vec![rule]),
        }
    }
    permissions
}

fn permission(xml: &mut Xml, account: &str, rules: &[&Ingress]) {
    let pick =
        |peer: fn(&Peer) -> Option<&String>| rules.iter().filter_map(|rule| peer(&rule.peer)).collect::<Vec<_>>();
    xml.text("ipProtocol", &rules[0].protocol);
    if let Some((from, to)) = rules[0].ports {
        xml.text("fromPort", from).text("toPort", to);
    }
    xml.items("groups", pick(|peer| if let Peer::Group(id) = peer { Some(id) } else { None }), |xml, id| {
        xml.text("groupId", id).text("userId", account);
    })
    .items("ipRanges", pick(|peer| if let Peer::Range(range) = peer { Some(range) } else { None }), |xml, range| {
        xml.text("cidrIp", range);
    })
    .items("ipv6Ranges", pick(|peer| if let Peer::Range6(range) = peer { Some(range) } else { None }), |xml, range| {
        xml.text("cidrIpv6", range);
    })
    .items(
        "prefixListIds",
        pick(|peer| if let Peer::PrefixList(id) = peer { Some(id) } else { None }),
        |xml, id| {
            xml.text("prefixListId", id);
        },
    );
}

pub(super) fn describe_subnets(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let region = view.region;
    let ids = form.list("SubnetId");
    if let Some(missing) = ids.iter().find(|id| !region.zones.iter().any(|zone| zone.subnet == **id)) {
        let message = format!("The subnet ID '{missing}' does not exist");
        return Err(Refusal::bad_request("InvalidSubnetID.NotFound", message));
    }
    let filters = Filters::read(form, &["subnet-id", "vpc-id", "availability-zone", "state"])?;
    let subnets: Vec<&Zone> = region
        .zones
        .iter()
        .filter(|zone| ids.is_empty() || ids.contains(&zone.subnet.as_str()))
        .filter(|zone| {
            filters.pass(&[], |name| {
                Some(match name {
                    "subnet-id" => zone.subnet.clone(),
                    "vpc-id" => region.vpc.clone(),
                    "availability-zone" => zone.name.clone(),
                    "state" => "available".to_owned(),
                    _ => return None,
                })
            })
        })
        .collect();
    let (range, next) = page(view, form, "SubnetId", subnets.len())?;
    let mut xml = Xml::default();
    xml.items("subnetSet", &subnets[range], |xml, zone| {
        xml.text("subnetId", &zone.subnet)
            .text("state", "available")
            .text("vpcId", &region.vpc)
            .text("cidrBlock", &zone.cidr)
            .text("availableIpAddressCount", 8_000)
            .text("availabilityZone", &zone.name)
            .text("availabilityZoneId", &zone.id)
            .text("ownerId", &region.account)
            .text("defaultForAz", false)
            .text("mapPublicIpOnLaunch", true)
            .within("tagSet", |_| ());
    })
    .optional("nextToken", next);
    Ok(xml)
}
