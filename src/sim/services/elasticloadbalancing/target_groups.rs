//! `DescribeTargetGroups`: of one load balancer, by ARN, by name, or all of them.

use super::parameters::{chosen, load_balancer, page, target_group};
use crate::sim::physics::View;
use crate::sim::region::TargetGroup;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_target_groups(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let given = chosen(form, &["TargetGroupArns", "Names"])?;
    let all = &view.region.target_groups;
    let groups: Vec<&TargetGroup> = match (form.text("LoadBalancerArn"), given.as_slice()) {
        (None, []) => all.iter().filter(|group| group.exists(view.time())).collect(),
        (Some(arn), []) => {
            let of_balancer = load_balancer(view, arn)?.target_groups.iter().map(|place| &all[*place]);
            of_balancer.filter(|group| group.exists(view.time())).collect()
        }
        (None, [(0, arns)]) => arns.iter().map(|arn| target_group(view, arn)).collect::<Result<_, _>>()?,
        (None, [(_, names)]) => names.iter().map(|name| by_name(view, name)).collect::<Result<_, _>>()?,
        _ => {
            let message = "Specify only one of load balancer ARN, target group names and target group ARNs";
            return Err(Refusal::validation(message));
        }
    };
    let (range, next) = page(view, form, groups.len())?;
    let mut xml = Xml::default();
    xml.members("TargetGroups", &groups[range], |xml, group| describe(xml, view, group)).optional("NextMarker", next);
    Ok(xml)
}

fn by_name<'a>(view: View<'a>, name: &str) -> Result<&'a TargetGroup, Refusal> {
    let found = view.region.target_groups.iter().find(|group| group.name == name && group.exists(view.time()));
    found.ok_or_else(|| Refusal::bad_request("TargetGroupNotFound", "One or more target groups not found"))
}

pub(super) fn describe(xml: &mut Xml, view: View<'_>, group: &TargetGroup) {
    let check = &group.in_force.at(view.time()).check;
    let http = check.matcher.is_some();
    let balancer = group.load_balancer.map(|place| &view.region.load_balancers[place].arn);
    xml.text("TargetGroupArn", &group.arn)
        .text("TargetGroupName", &group.name)
        .text("Protocol", &group.protocol)
        .text("Port", group.port)
        .text("VpcId", &view.region.vpc)
        .text("HealthCheckProtocol", &check.protocol)
        .text("HealthCheckPort", &check.port)
        .text("HealthCheckEnabled", true)
        .text("HealthCheckIntervalSeconds", check.interval / 1000)
        .text("HealthCheckTimeoutSeconds", check.timeout / 1000)
        .text("HealthyThresholdCount", check.healthy)
        .text("UnhealthyThresholdCount", check.unhealthy)
        .optional("HealthCheckPath", check.path.as_ref());
    if let Some(matcher) = &check.matcher {
        xml.within("Matcher", |xml| {
            xml.text("HttpCode", matcher);
        });
    }
    xml.member_texts("LoadBalancerArns", balancer)
        .text("TargetType", "instance")
        .optional("ProtocolVersion", http.then_some(&group.protocol_version))
        .text("IpAddressType", "ipv4");
}
