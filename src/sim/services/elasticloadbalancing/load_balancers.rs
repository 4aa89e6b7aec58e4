//! `DescribeLoadBalancers`: by ARN, by name, or all of them.

use super::parameters::{chosen, load_balancer, page};
use crate::sim::physics::{View, timestamp};
use crate::sim::region::{Balancer, LoadBalancer};
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_load_balancers(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let given = chosen(form, &["LoadBalancerArns", "Names"])?;
    let balancers: Vec<&LoadBalancer> = match given.as_slice() {
        [] => view.region.load_balancers.iter().filter(|one| one.kind != Balancer::Classic).collect(),
        [(0, arns)] => arns.iter().map(|arn| load_balancer(view, arn)).collect::<Result<_, _>>()?,
        [(_, names)] => names.iter().map(|name| by_name(view, name)).collect::<Result<_, _>>()?,
        _ => {
            return Err(Refusal::validation("Load balancer names and load balancer ARNs cannot be specified together"));
        }
    };
    let (range, next) = page(view, form, balancers.len())?;
    let mut xml = Xml::default();
    xml.members("LoadBalancers", &balancers[range], |xml, balancer| describe(xml, view, balancer))
        .optional("NextMarker", next);
    Ok(xml)
}

fn by_name<'a>(view: View<'a>, name: &str) -> Result<&'a LoadBalancer, Refusal> {
    let found = view.region.load_balancers.iter().find(|one| one.name == name && one.kind != Balancer::Classic);
    found.ok_or_else(|| Refusal::bad_request("LoadBalancerNotFound", format!("Load balancers '[{name}]' not found")))
}

fn describe(xml: &mut Xml, view: View<'_>, balancer: &LoadBalancer) {
    xml.text("LoadBalancerArn", &balancer.arn)
        .text("DNSName", &balancer.dns_name)
        .text("CanonicalHostedZoneId", "Z32O12XQLNTSW2")
        .time("CreatedTime", timestamp(balancer.created))
        .text("LoadBalancerName", &balancer.name)
        .text("Scheme", &balancer.scheme)
        .text("VpcId", &view.region.vpc)
        .within("State", |xml| {
            xml.text("Code", &balancer.state);
        })
        .text("Type", if balancer.kind == Balancer::Network { "network" } else { "application" })
        .members("AvailabilityZones", &view.region.zones[..balancer.zones], |xml, zone| {
            xml.text("ZoneName", &zone.name).text("SubnetId", &zone.subnet).within("LoadBalancerAddresses", |_| ());
        })
        .member_texts("SecurityGroups", &balancer.security_groups)
        .text("IpAddressType", if balancer.dual_stack { "dualstack" } else { "ipv4" });
}
