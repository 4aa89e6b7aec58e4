//! Security groups with their rules, and which TLS policies there are: what is read only when HTTPS is set up, or a port is
//! changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_ec2::types::{self as wire, Filter};
use aws_sdk_elasticloadbalancingv2::types::LoadBalancerTypeEnum;

use super::call::Call;
use super::convert::{key, text, texts};
use super::elb::pairs;
use crate::model::{Answer, Batch, Covers, Egress, Fault, Ingress, ScopeId, SecurityGroup, TlsPolicy, TrafficSource};

/// The most that a page holds (`DescribeSecurityGroups`, `DescribeInstances`: `MaxResults`; `DescribeSSLPolicies`:
/// `PageSize`).
const PAGE: i32 = 1000;
const POLICIES: i32 = 400;

/// The groups that one of these values of a filter finds: `group-id`, `group-name`. One that is gone is left out.
pub(super) async fn groups(
    call: &mut Call<'_>,
    filter: &str,
    values: &[Arc<str>],
) -> Result<Vec<SecurityGroup>, Arc<Fault>> {
    let (client, scope) = (&call.clients().ec2, call.scope());
    let wanted = filtered(filter, values);
    let request = |token| {
        client.describe_security_groups().filters(wanted.clone()).max_results(PAGE).set_next_token(token).send()
    };
    let listed = call
        .pages(request, |page| {
            (page.security_groups().iter().filter_map(|it| group(scope, it)).collect(), page.next_token)
        })
        .await?;
    whole(listed)
}

/// Reads the groups of these ids, for the inventory.
pub(super) async fn described(call: &mut Call<'_>, ids: &[Arc<str>]) -> Result<Batch, Arc<Fault>> {
    let groups = groups(call, "group-id", ids).await?;
    Ok(Batch { covers: Covers::Only, answer: Answer::SecurityGroups(groups) })
}

/// How many instances carry each of these groups; one that none carries is not there.
pub(super) async fn carriers(
    call: &mut Call<'_>,
    groups: &[Arc<str>],
) -> Result<BTreeMap<Arc<str>, usize>, Arc<Fault>> {
    let client = &call.clients().ec2;
    let wanted = filtered("instance.group-id", groups);
    let request =
        |token| client.describe_instances().filters(wanted.clone()).max_results(PAGE).set_next_token(token).send();
    let listed = call
        .pages(request, |page| {
            let instances = page.reservations().iter().flat_map(|it| it.instances());
            let carried = instances.flat_map(|it| it.security_groups()).filter_map(|it| text(it.group_id()));
            (carried.collect(), page.next_token)
        })
        .await?;
    let mut counts = BTreeMap::new();
    for id in whole::<Arc<str>>(listed)?.into_iter().filter(|id| groups.contains(id)) {
        *counts.entry(id).or_default() += 1;
    }
    Ok(counts)
}

/// The TLS policies that an application load balancer takes.
pub(super) async fn policies(call: &mut Call<'_>) -> Result<Vec<TlsPolicy>, Arc<Fault>> {
    let client = &call.clients().elb;
    let request = |marker| {
        let request = client.describe_ssl_policies().load_balancer_type(LoadBalancerTypeEnum::Application);
        request.page_size(POLICIES).set_marker(marker).send()
    };
    let policy = |it: &aws_sdk_elasticloadbalancingv2::types::SslPolicy| {
        let protocols = texts(it.ssl_protocols().iter().map(|protocol| Some(protocol.as_str())));
        Some(TlsPolicy { name: text(it.name())?, protocols })
    };
    let listed =
        call.pages(request, |page| (page.ssl_policies().iter().filter_map(policy).collect(), page.next_marker)).await?;
    whole(listed)
}

fn filtered(name: &str, values: &[Arc<str>]) -> Filter {
    Filter::builder().name(name).set_values(Some(values.iter().map(|value| value.to_string()).collect())).build()
}

/// Half a list would hide who else is concerned.
fn whole<T>((items, covers): (Vec<T>, Covers)) -> Result<Vec<T>, Arc<Fault>> {
    match covers {
        Covers::Partial(fault) => Err(fault),
        Covers::All | Covers::Only => Ok(items),
    }
}

fn group(scope: ScopeId, it: &wire::SecurityGroup) -> Option<SecurityGroup> {
    Some(SecurityGroup {
        key: key(scope, it.group_id(), "security group")?,
        name: text(it.group_name()).unwrap_or_default(),
        vpc: text(it.vpc_id()),
        tags: pairs(it.tags().iter().map(|tag| (tag.key(), tag.value()))),
        ingress: it.ip_permissions().iter().flat_map(ingress).collect(),
        egress: it.ip_permissions_egress().iter().flat_map(egress).collect(),
    })
}

/// A rule for each source of a permission.
fn ingress(it: &wire::IpPermission) -> Vec<Ingress> {
    let (protocol, ports) = (text(it.ip_protocol()).unwrap_or_default(), it.from_port().zip(it.to_port()));
    let rule = |source| Ingress { protocol: Arc::clone(&protocol), ports, source };
    peers(it).into_iter().map(rule).collect()
}

/// A rule for each destination of a permission.
fn egress(it: &wire::IpPermission) -> Vec<Egress> {
    let (protocol, ports) = (text(it.ip_protocol()).unwrap_or_default(), it.from_port().zip(it.to_port()));
    let rule = |destination| Egress { protocol: Arc::clone(&protocol), ports, destination };
    peers(it).into_iter().map(rule).collect()
}

/// Everything that a permission names.
fn peers(it: &wire::IpPermission) -> Vec<TrafficSource> {
    let own = it.ip_ranges().iter().filter_map(|range| Some(TrafficSource::Ipv4(text(range.cidr_ip())?)));
    let v6 = it.ipv6_ranges().iter().filter_map(|range| Some(TrafficSource::Ipv6(text(range.cidr_ipv6())?)));
    let lists =
        it.prefix_list_ids().iter().filter_map(|list| Some(TrafficSource::PrefixList(text(list.prefix_list_id())?)));
    let groups = it
        .user_id_group_pairs()
        .iter()
        .filter_map(|pair| Some(TrafficSource::Group(text(pair.group_id())?, text(pair.user_id()))));
    own.chain(v6).chain(lists).chain(groups).collect()
}
