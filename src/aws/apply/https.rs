//! The calls by which HTTPS is set up and taken back: a [`Move`] as the request that it is.

use std::sync::Arc;

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, Certificate, ForwardActionConfig, ProtocolEnum, RedirectActionConfig,
    RedirectActionStatusCodeEnum, RuleCondition, TargetGroupStickinessConfig, TargetGroupTuple,
};

use super::{Call, Sent, Session};
use crate::aws::convert::text;
use crate::change::https::{DefaultAction, EVERY_PATH, Move, REDIRECT};
use crate::model::{Moment, TrafficSource};

/// The port of HTTPS.
const PORT: i32 = 443;

/// Sends a move, once; with the id of what it has made, if it makes something.
pub async fn make(session: &Session, it: &Move, now: &(dyn Fn() -> Moment + Send + Sync)) -> (Sent, Option<Arc<str>>) {
    let call = it.call();
    let mut sender = Call::new(session, call.service, call.operation, now);
    let (elb, ec2) = (&sender.clients().elb, &sender.clients().ec2);
    let sent = match it {
        Move::CreateListener { load_balancer, certificate, policy, action } => {
            let (certificate, action) =
                (Certificate::builder().certificate_arn(&**certificate).build(), made_of(action));
            let request = || elb.create_listener().load_balancer_arn(&**load_balancer).ssl_policy(&**policy);
            let request = || request().protocol(ProtocolEnum::Https).port(PORT).certificates(certificate.clone());
            let taken = sender.write_and_take(|| request().default_actions(action.clone()).send()).await;
            return with_id(taken, |answer| {
                answer.listeners().first().and_then(|listener| text(listener.listener_arn()))
            });
        }
        Move::CreateRule { listener, priority, status } => {
            let (condition, action) = (every_path(), redirecting(status));
            let priority = i32::try_from(*priority).unwrap_or(i32::MAX);
            let request = || elb.create_rule().listener_arn(&**listener).priority(priority);
            let request = || request().conditions(condition.clone()).actions(action.clone());
            let taken = sender.write_and_take(|| request().send()).await;
            return with_id(taken, |answer| answer.rules().first().and_then(|rule| text(rule.rule_arn())));
        }
        Move::CreateGroup { name, description, vpc } => {
            let request = || ec2.create_security_group().group_name(&**name).description(&**description);
            let taken = sender.write_and_take(|| request().vpc_id(&**vpc).send()).await;
            return with_id(taken, |answer| text(answer.group_id()));
        }
        Move::DeleteListener(listener) => sender.write(|| elb.delete_listener().listener_arn(&**listener).send()).await,
        Move::SetAction(listener, action) => {
            let action = made_of(action);
            let request = || elb.modify_listener().listener_arn(&**listener).default_actions(action.clone());
            sender.write(|| request().send()).await
        }
        Move::SetRule(rule, status) => {
            let action = redirecting(status);
            sender.write(|| elb.modify_rule().rule_arn(&**rule).actions(action.clone()).send()).await
        }
        Move::DeleteRule(rule) => sender.write(|| elb.delete_rule().rule_arn(&**rule).send()).await,
        Move::DeleteGroup(group) => sender.write(|| ec2.delete_security_group().group_id(&**group).send()).await,
        Move::Authorize(group, sources) => {
            let permission = permission(sources);
            let request = || ec2.authorize_security_group_ingress().group_id(&**group);
            sender.write(|| request().ip_permissions(permission.clone()).send()).await
        }
        Move::Revoke(group, sources) => {
            let permission = permission(sources);
            let request = || ec2.revoke_security_group_ingress().group_id(&**group);
            sender.write(|| request().ip_permissions(permission.clone()).send()).await
        }
        Move::SetGroups(load_balancer, groups) => {
            let groups: Vec<_> = groups.iter().map(|group| group.to_string()).collect();
            let request = || elb.set_security_groups().load_balancer_arn(&**load_balancer);
            sender.write(|| request().set_security_groups(Some(groups.clone())).send()).await
        }
    };
    (sent, None)
}

fn with_id<T>(
    taken: Result<(T, Option<Arc<str>>), Sent>,
    id: impl Fn(&T) -> Option<Arc<str>>,
) -> (Sent, Option<Arc<str>>) {
    match taken {
        Ok((answer, request_id)) => (Sent::Accepted { request_id }, id(&answer)),
        Err(sent) => (sent, None),
    }
}

fn made_of(action: &DefaultAction) -> Action {
    match action {
        DefaultAction::Forward { groups, stickiness: None } if groups.len() == 1 => {
            Action::builder().r#type(ActionTypeEnum::Forward).target_group_arn(&*groups[0].0).build()
        }
        DefaultAction::Forward { groups, stickiness } => {
            let tuple = |(arn, weight): &(Arc<str>, i32)| {
                TargetGroupTuple::builder().target_group_arn(&**arn).weight(*weight).build()
            };
            let sticky = stickiness
                .map(|seconds| TargetGroupStickinessConfig::builder().enabled(true).duration_seconds(seconds).build());
            let config = ForwardActionConfig::builder()
                .set_target_groups(Some(groups.iter().map(tuple).collect()))
                .set_target_group_stickiness_config(sticky)
                .build();
            Action::builder().r#type(ActionTypeEnum::Forward).forward_config(config).build()
        }
        DefaultAction::Redirect { status } => redirecting(status),
    }
}

fn redirecting(status: &str) -> Action {
    let [(_, protocol), (_, port), (_, host), (_, path), (_, query)] = REDIRECT;
    let status = RedirectActionStatusCodeEnum::from(status);
    let config = RedirectActionConfig::builder().protocol(protocol).port(port).host(host).path(path).query(query);
    let config = config.status_code(status).build();
    Action::builder().r#type(ActionTypeEnum::Redirect).redirect_config(config).build()
}

fn every_path() -> RuleCondition {
    RuleCondition::builder().field("path-pattern").values(EVERY_PATH).build()
}

/// One permission for port 443 with all its sources.
fn permission(sources: &[TrafficSource]) -> IpPermission {
    let start = IpPermission::builder().ip_protocol("tcp").from_port(PORT).to_port(PORT);
    let built = sources.iter().fold(start, |permission, source| match source {
        TrafficSource::Ipv4(range) => permission.ip_ranges(IpRange::builder().cidr_ip(&**range).build()),
        TrafficSource::Ipv6(range) => permission.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(&**range).build()),
        TrafficSource::PrefixList(id) => {
            permission.prefix_list_ids(PrefixListId::builder().prefix_list_id(&**id).build())
        }
        TrafficSource::Group(id, owner) => {
            let pair = UserIdGroupPair::builder().group_id(&**id).set_user_id(owner.as_deref().map(str::to_owned));
            permission.user_id_group_pairs(pair.build())
        }
    });
    built.build()
}
