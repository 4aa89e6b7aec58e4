//! `CreateSecurityGroup`, `DeleteSecurityGroup`, and the rules of a group, in and out.
//!
//! As at EC2, a request for rules is taken as a whole or not at all.

use crate::sim::region::{Ingress, Peer, Region, SecurityGroup};
use crate::sim::services::operation::Moment;
use crate::sim::wire::envelope::Answer;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// The most rules of a group (the default quota).
const MOST_RULES: usize = 60;

pub(super) fn create_security_group(region: &mut Region, _: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["GroupName", "GroupDescription", "VpcId", "TagSpecification", "DryRun"])?;
    let name = required(form, "GroupName")?;
    let description = required(form, "GroupDescription")?;
    if form.text("VpcId").is_some_and(|vpc| vpc != region.vpc) {
        let message = format!("The vpc ID '{}' does not exist", form.text("VpcId").unwrap_or_default());
        return Err(Refusal::bad_request("InvalidVpcID.NotFound", message));
    }
    if name == "default" || name.starts_with("sg-") {
        return Err(Refusal::parameter(format!("Cannot use reserved security group name: {name}")));
    }
    if region.security_groups.iter().any(|group| !group.gone && group.name == name) {
        let message = format!("The security group '{name}' already exists for VPC '{}'", region.vpc);
        return Err(Refusal::bad_request("InvalidGroup.Duplicate", message));
    }
    let id = region.make_security_group(name, description);
    let mut xml = Xml::default();
    xml.text("return", true).text("groupId", id).within("tagSet", |_| ());
    Ok(Answer::Xml(xml))
}

pub(super) fn delete_security_group(region: &mut Region, _: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["GroupId", "GroupName", "DryRun"])?;
    let id = group_id(region, form)?;
    let is_used = region.load_balancers.iter().any(|balancer| balancer.security_groups.contains(&id));
    let names_it = |rule: &Ingress| rule.peer == Peer::Group(id.clone());
    let others = region.security_groups.iter().filter(|group| group.id != id && !group.gone);
    let is_named = others.into_iter().any(|group| group.ingress.iter().chain(&group.egress).any(names_it));
    let name = region.security_group(&id).map(|group| group.name.clone()).unwrap_or_default();
    if name == "default" {
        let message = format!("the specified group: \"{id}\" name: \"default\" cannot be deleted by a user");
        return Err(Refusal::bad_request("CannotDelete", message));
    }
    if is_used || is_named {
        return Err(Refusal::bad_request("DependencyViolation", format!("resource {id} has a dependent object")));
    }
    if let Some(group) = region.security_group_mut(&id) {
        group.gone = true;
    }
    let mut xml = Xml::default();
    xml.text("return", true).text("groupId", id);
    Ok(Answer::Xml(xml))
}

/// Which rules of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

impl Way {
    fn rules(self, group: &mut SecurityGroup) -> &mut Vec<Ingress> {
        match self {
            Self::In => &mut group.ingress,
            Self::Out => &mut group.egress,
        }
    }
}

pub(super) fn authorize_security_group_ingress(
    region: &mut Region,
    _: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    authorize(region, form, Way::In)
}

pub(super) fn authorize_security_group_egress(
    region: &mut Region,
    _: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    authorize(region, form, Way::Out)
}

fn authorize(region: &mut Region, form: &Form, way: Way) -> Result<Answer, Refusal> {
    form.only(&["GroupId", "IpPermissions", "TagSpecification", "DryRun"])?;
    let id = group_id(region, form)?;
    let rules = asked(region, form)?;
    let account = region.account.clone();
    let Some(group) = region.security_group_mut(&id) else { return Err(not_found(&id)) };
    let known = way.rules(group);
    if let Some(rule) = rules.iter().find(|rule| known.iter().any(|known| known.is_same(rule))) {
        let message = format!("the specified rule \"{}\" already exists", words(rule));
        return Err(Refusal::bad_request("InvalidPermission.Duplicate", message));
    }
    if known.len() + rules.len() > MOST_RULES {
        let message = "The maximum number of rules per security group has been reached.";
        return Err(Refusal::bad_request("RulesPerSecurityGroupLimitExceeded", message));
    }
    known.extend(rules.iter().cloned());
    let mut xml = Xml::default();
    xml.text("return", true).items("securityGroupRuleSet", &rules, |xml, rule| {
        describe(xml, &id, (&account, way), rule);
    });
    Ok(Answer::Xml(xml))
}

pub(super) fn revoke_security_group_ingress(
    region: &mut Region,
    _: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    revoke(region, form, Way::In)
}

pub(super) fn revoke_security_group_egress(region: &mut Region, _: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    revoke(region, form, Way::Out)
}

fn revoke(region: &mut Region, form: &Form, way: Way) -> Result<Answer, Refusal> {
    form.only(&["GroupId", "IpPermissions", "DryRun"])?;
    let id = group_id(region, form)?;
    let rules = asked(region, form)?;
    let Some(group) = region.security_group_mut(&id) else { return Err(not_found(&id)) };
    let known = way.rules(group);
    if let Some(rule) = rules.iter().find(|rule| !known.iter().any(|known| known.is_same(rule))) {
        let message = format!("The specified rule does not exist in this security group: {}", words(rule));
        return Err(Refusal::bad_request("InvalidPermission.NotFound", message));
    }
    known.retain(|known| !rules.iter().any(|rule| rule.is_same(known)));
    let mut xml = Xml::default();
    xml.text("return", true);
    Ok(Answer::Xml(xml))
}

fn required<'f>(form: &'f Form, name: &str) -> Result<&'f str, Refusal> {
    let message = || format!("The request must contain the parameter {name}");
    form.text(name).ok_or_else(|| Refusal::bad_request("MissingParameter", message()))
}

fn group_id(region: &Region, form: &Form) -> Result<String, Refusal> {
    let id = required(form, "GroupId")?;
    region.security_group(id).map(|group| group.id.clone()).ok_or_else(|| not_found(id))
}

fn not_found(id: &str) -> Refusal {
    Refusal::bad_request("InvalidGroup.NotFound", format!("The security group '{id}' does not exist"))
}

/// The rules that a request names, one for each peer.
fn asked(region: &Region, form: &Form) -> Result<Vec<Ingress>, Refusal> {
    let mut rules = Vec::new();
    for prefix in form.structures("IpPermissions") {
        let protocol = required(form, &format!("{prefix}.IpProtocol"))?.to_owned();
        let port = |name: &str| form.text(&format!("{prefix}.{name}")).and_then(|text| text.parse::<u16>().ok());
        let ports = if protocol == "-1" { None } else { port("FromPort").zip(port("ToPort")) };
        if protocol == "tcp" && ports.is_none_or(|(from, to)| from > to) {
            return Err(Refusal::parameter(
                "Invalid value for portRange. Must specify both from and to ports with TCP.",
            ));
        }
        for peer in peers(region, form, &prefix)? {
            rules.push(Ingress { protocol: protocol.clone(), ports, peer, since: i64::MIN });
        }
    }
    if rules.is_empty() {
        return Err(Refusal::bad_request(
            "MissingParameter",
            "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.",
        ));
    }
    Ok(rules)
}

fn peers(region: &Region, form: &Form, prefix: &str) -> Result<Vec<Peer>, Refusal> {
    let list = |name: &str, field: &str| -> Vec<String> {
        let entries = form.structures(&format!("{prefix}.{name}"));
        entries.iter().filter_map(|entry| form.text(&format!("{entry}.{field}"))).map(str::to_owned).collect()
    };
    let (ranges, groups) = (list("IpRanges", "CidrIp"), list("Groups", "GroupId"));
    if let Some(bad) = ranges.iter().find(|range| !is_range(range)) {
        return Err(Refusal::parameter(format!("CIDR block {bad} is malformed")));
    }
    if let Some(missing) = groups.iter().find(|id| region.security_group(id).is_none()) {
        return Err(not_found(missing));
    }
    let ranges = ranges.into_iter().map(Peer::Range);
    let ranges6 = list("Ipv6Ranges", "CidrIpv6").into_iter().map(Peer::Range6);
    let lists = list("PrefixListIds", "PrefixListId").into_iter().map(Peer::PrefixList);
    Ok(ranges.chain(ranges6).chain(lists).chain(groups.into_iter().map(Peer::Group)).collect())
}

fn is_range(text: &str) -> bool {
    let Some((base, length)) = text.split_once('/') else { return false };
    base.parse::<std::net::Ipv4Addr>().is_ok() && length.parse::<u8>().is_ok_and(|length| length <= 32)
}

fn words(rule: &Ingress) -> String {
    let (from, to) = rule.ports.unwrap_or_default();
    format!("peer: {}, {}, from port: {from}, to port: {to}, ALLOW", text(&rule.peer), rule.protocol.to_uppercase())
}

fn text(peer: &Peer) -> &str {
    match peer {
        Peer::Range(text) | Peer::Range6(text) | Peer::PrefixList(text) | Peer::Group(text) => text,
    }
}

fn describe(xml: &mut Xml, group: &str, (account, way): (&str, Way), rule: &Ingress) {
    xml.text("groupId", group)
        .text("groupOwnerId", account)
        .text("isEgress", way == Way::Out)
        .text("ipProtocol", &rule.protocol);
    if let Some((from, to)) = rule.ports {
        xml.text("fromPort", from).text("toPort", to);
    }
    match &rule.peer {
        Peer::Range(range) => xml.text("cidrIpv4", range),
        Peer::Range6(range) => xml.text("cidrIpv6", range),
        Peer::PrefixList(id) => xml.text("prefixListId", id),
        Peer::Group(id) => xml.within("referencedGroupInfo", |xml| {
            xml.text("groupId", id).text("userId", account);
        }),
    };
}
