//! The writes of EC2: security groups.

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};

use super::fields::Fields;
use super::{Call, Sent};
use crate::aws::convert::text;

/// Sends this operation; none if it is not one of these.
pub(super) async fn send(call: &mut Call<'_>, operation: &str, it: Fields<'_>) -> Option<Sent> {
    let client = &call.clients().ec2;
    let (group, permissions) = (|| it.text("GroupId"), || it.list("IpPermissions", permission));
    Some(match operation {
        "CreateSecurityGroup" => {
            let request = || client.create_security_group().set_group_name(it.text("GroupName"));
            let request = || request().set_description(it.text("Description")).set_vpc_id(it.text("VpcId"));
            call.create(|| request().send(), |answer| text(answer.group_id())).await
        }
        "DeleteSecurityGroup" => call.write(|| client.delete_security_group().set_group_id(group()).send()).await,
        "AuthorizeSecurityGroupIngress" => {
            let request = || client.authorize_security_group_ingress().set_group_id(group());
            call.write(|| request().set_ip_permissions(permissions()).send()).await
        }
        "RevokeSecurityGroupIngress" => {
            let request = || client.revoke_security_group_ingress().set_group_id(group());
            call.write(|| request().set_ip_permissions(permissions()).send()).await
        }
        _ => return None,
    })
}

fn permission(it: Fields<'_>) -> IpPermission {
    let ipv4 = |it: Fields<'_>| IpRange::builder().set_cidr_ip(it.text("CidrIp")).build();
    let ipv6 = |it: Fields<'_>| Ipv6Range::builder().set_cidr_ipv6(it.text("CidrIpv6")).build();
    let prefixes = |it: Fields<'_>| PrefixListId::builder().set_prefix_list_id(it.text("PrefixListId")).build();
    let pair = |it: Fields<'_>| {
        UserIdGroupPair::builder().set_group_id(it.text("GroupId")).set_user_id(it.text("UserId")).build()
    };
    IpPermission::builder()
        .set_ip_protocol(it.text("IpProtocol"))
        .set_from_port(it.number("FromPort"))
        .set_to_port(it.number("ToPort"))
        .set_ip_ranges(it.list("IpRanges", ipv4))
        .set_ipv6_ranges(it.list("Ipv6Ranges", ipv6))
        .set_prefix_list_ids(it.list("PrefixListIds", prefixes))
        .set_user_id_group_pairs(it.list("UserIdGroupPairs", pair))
        .build()
}
