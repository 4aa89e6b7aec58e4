//! The calls of the steps, each as a value: what is shown beforehand is what is sent.

use std::sync::Arc;

use super::opening::HTTPS;
use super::setup::DefaultAction;
use crate::change::calls::ApiCall;
use crate::change::parameter::Parameter;
use crate::change::writes;
use crate::model::TrafficSource;

/// A call to the load balancer or to its security groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// A listener for HTTPS on port 443.
    CreateListener {
        /// The ARN of the load balancer.
        load_balancer: Arc<str>,
        /// The ARN of the certificate.
        certificate: Arc<str>,
        /// The TLS policy.
        policy: Arc<str>,
        /// What it does.
        action: DefaultAction,
    },
    /// A listener goes, by its ARN.
    DeleteListener(Arc<str>),
    /// A listener, by its ARN, does this from now on.
    SetAction(Arc<str>, DefaultAction),
    /// A rule of a listener that redirects every path to HTTPS.
    CreateRule {
        /// The ARN of the listener.
        listener: Arc<str>,
        /// The rule's priority.
        priority: u32,
        /// `HTTP_301` or `HTTP_302`.
        status: Arc<str>,
    },
    /// A rule, by its ARN, redirects with this status from now on.
    SetRule(Arc<str>, Arc<str>),
    /// A rule goes, by its ARN.
    DeleteRule(Arc<str>),
    /// A security group.
    CreateGroup {
        /// Its name.
        name: Arc<str>,
        /// Its purpose.
        description: Arc<str>,
        /// The VPC.
        vpc: Arc<str>,
    },
    /// A security group goes, by its id.
    DeleteGroup(Arc<str>),
    /// These reach port 443 through the group of this id.
    Authorize(Arc<str>, Vec<TrafficSource>),
    /// These do not any more.
    Revoke(Arc<str>, Vec<TrafficSource>),
    /// A load balancer, by its ARN, has these security groups and no other.
    SetGroups(Arc<str>, Vec<Arc<str>>),
}

impl Move {
    /// The call.
    #[must_use]
    pub fn call(&self) -> ApiCall {
        let text = |value: &Arc<str>| Parameter::text(&**value);
        match self {
            Self::CreateListener { load_balancer, certificate, policy, action } => {
                let parameters = vec![
                    ("LoadBalancerArn", text(load_balancer)),
                    ("Protocol", Parameter::text("HTTPS")),
                    ("Port", Parameter::Number(HTTPS)),
                    ("SslPolicy", text(policy)),
                    ("Certificates", Parameter::rows([[("CertificateArn", certificate.to_string())]])),
                    ("DefaultActions", action.parameter()),
                ];
                ApiCall::new(&writes::CREATE_LISTENER, parameters)
            }
            Self::DeleteListener(listener) => {
                ApiCall::new(&writes::DELETE_LISTENER, vec![("ListenerArn", text(listener))])
            }
            Self::SetAction(listener, action) => ApiCall::new(
                &writes::MODIFY_LISTENER,
                vec![("ListenerArn", text(listener)), ("DefaultActions", action.parameter())],
            ),
            Self::CreateRule { listener, priority, status } => {
                let path = vec![
                    ("Field", Parameter::text("path-pattern")),
                    ("Values", Parameter::List(vec![Parameter::text(EVERY_PATH)])),
                ];
                let parameters = vec![
                    ("ListenerArn", text(listener)),
                    ("Priority", Parameter::Number(i32::try_from(*priority).unwrap_or(i32::MAX))),
                    ("Conditions", Parameter::List(vec![Parameter::Structure(path)])),
                    ("Actions", redirecting(status)),
                ];
                ApiCall::new(&writes::CREATE_RULE, parameters)
            }
            Self::SetRule(rule, status) => {
                ApiCall::new(&writes::MODIFY_RULE, vec![("RuleArn", text(rule)), ("Actions", redirecting(status))])
            }
            Self::DeleteRule(rule) => ApiCall::new(&writes::DELETE_RULE, vec![("RuleArn", text(rule))]),
            Self::CreateGroup { name, description, vpc } => {
                let names = vec![("GroupName", text(name)), ("Description", text(description)), ("VpcId", text(vpc))];
                ApiCall::new(&writes::CREATE_SECURITY_GROUP, names)
            }
            Self::DeleteGroup(group) => ApiCall::new(&writes::DELETE_SECURITY_GROUP, vec![("GroupId", text(group))]),
            Self::Authorize(group, sources) => ApiCall::new(
                &writes::AUTHORIZE_SECURITY_GROUP_INGRESS,
                vec![("GroupId", text(group)), ("IpPermissions", permission(sources))],
            ),
            Self::Revoke(group, sources) => ApiCall::new(
                &writes::REVOKE_SECURITY_GROUP_INGRESS,
                vec![("GroupId", text(group)), ("IpPermissions", permission(sources))],
            ),
            Self::SetGroups(load_balancer, groups) => {
                let groups = Parameter::List(groups.iter().map(text).collect());
                ApiCall::new(
                    &writes::SET_SECURITY_GROUPS,
                    vec![("LoadBalancerArn", text(load_balancer)), ("SecurityGroups", groups)],
                )
            }
        }
    }
}

impl DefaultAction {
    fn parameter(&self) -> Parameter {
        let kind = |kind: &str| ("Type", Parameter::text(kind));
        let action = match self {
            Self::Forward { groups, stickiness: None } if groups.len() == 1 => {
                vec![kind("forward"), ("TargetGroupArn", Parameter::text(&*groups[0].0))]
            }
            Self::Forward { groups, stickiness } => {
                let group = |(arn, weight): &(Arc<str>, i32)| {
                    let fields =
                        vec![("TargetGroupArn", Parameter::text(&**arn)), ("Weight", Parameter::Number(*weight))];
                    Parameter::Structure(fields)
                };
                let mut config = vec![("TargetGroups", Parameter::List(groups.iter().map(group).collect()))];
                config.extend(stickiness.map(|seconds| {
                    let fields =
                        vec![("Enabled", Parameter::Flag(true)), ("DurationSeconds", Parameter::Number(seconds))];
                    ("TargetGroupStickinessConfig", Parameter::Structure(fields))
                }));
                vec![kind("forward"), ("ForwardConfig", Parameter::Structure(config))]
            }
            Self::Redirect { status } => return redirecting(status),
        };
        Parameter::List(vec![Parameter::Structure(action)])
    }
}

/// The list with the one action that redirects to HTTPS.
fn redirecting(status: &str) -> Parameter {
    let fields = REDIRECT.iter().map(|(name, value)| (*name, Parameter::text(*value)));
    let status = ("StatusCode", Parameter::text(status));
    let config = Parameter::Structure(fields.chain([status]).collect());
    Parameter::List(vec![Parameter::Structure(vec![("Type", Parameter::text("redirect")), ("RedirectConfig", config)])])
}

/// The condition of a rule that takes every request.
pub const EVERY_PATH: &str = "/*";

/// The target of a redirect: the same URL, over HTTPS.
pub const REDIRECT: [(&str, &str); 5] =
    [("Protocol", "HTTPS"), ("Port", "443"), ("Host", "#{host}"), ("Path", "/#{path}"), ("Query", "#{query}")];

/// One permission for port 443 with all its sources.
fn permission(sources: &[TrafficSource]) -> Parameter {
    let mut fields = vec![
        ("IpProtocol", Parameter::text("tcp")),
        ("FromPort", Parameter::Number(HTTPS)),
        ("ToPort", Parameter::Number(HTTPS)),
    ];
    for (list, field) in [
        ("IpRanges", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId"),
        ("UserIdGroupPairs", "GroupId"),
    ] {
        let rows: Vec<_> = sources.iter().filter(|source| source.place() == list).map(|it| it.row(field)).collect();
        if !rows.is_empty() {
            fields.push((list, Parameter::List(rows)));
        }
    }
    Parameter::List(vec![Parameter::Structure(fields)])
}

impl TrafficSource {
    /// Returns the list that contains the permission.
    fn place(&self) -> &'static str {
        match self {
            Self::Ipv4(_) => "IpRanges",
            Self::Ipv6(_) => "Ipv6Ranges",
            Self::PrefixList(_) => "PrefixListIds",
            Self::Group(..) => "UserIdGroupPairs",
        }
    }

    fn row(&self, field: &'static str) -> Parameter {
        let mut fields = match self {
            Self::Ipv4(text) | Self::Ipv6(text) | Self::PrefixList(text) | Self::Group(text, _) => {
                vec![(field, Parameter::text(&**text))]
            }
        };
        if let Self::Group(_, Some(owner)) = self {
            fields.push(("UserId", Parameter::text(&**owner)));
        }
        Parameter::Structure(fields)
    }
}
