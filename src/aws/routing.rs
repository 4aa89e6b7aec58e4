//! Listeners, their certificates and rules: which request goes to which target group.
//!
//! AWS sends a host or path condition twice, in the old field and in the new one; a single target group too. The new
//! ones count.

use std::sync::Arc;

use aws_sdk_elasticloadbalancingv2::types::{self as wire, ActionTypeEnum, RuleCondition};

use super::call::Call;
use super::convert::{key, plain, text, texts};
use super::elb::{PAGE, pairs};
use crate::model::{
    Answer, Batch, Certificate, Condition, Covers, Fault, Key, Listener, LoadBalancer, Priority, Rule, RuleAction,
    ScopeId, WeightedTargetGroup,
};

pub(super) async fn listeners(call: &mut Call<'_>, of: &Key<LoadBalancer>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().elb;
    let (items, covers) = call
        .pages(
            |token| client.describe_listeners().load_balancer_arn(&*of.id).page_size(PAGE).set_marker(token).send(),
            |page| (page.listeners().iter().filter_map(|it| listener(of, it)).collect(), page.next_marker),
        )
        .await?;
    Ok(Batch { covers, answer: Answer::Listeners(of.clone(), items) })
}

fn listener(of: &Key<LoadBalancer>, it: &wire::Listener) -> Option<Listener> {
    Some(Listener {
        key: key(of.scope, it.listener_arn(), "listener")?,
        load_balancer: of.clone(),
        protocol: text(it.protocol().map(|protocol| protocol.as_str())),
        port: it.port(),
        ssl_policy: text(it.ssl_policy()),
        certificates: texts(it.certificates().iter().map(|it| it.certificate_arn())),
        default_actions: actions(of.scope, it.default_actions()),
    })
}

pub(super) async fn listener_attributes(call: &mut Call<'_>, of: &Key<Listener>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().elb;
    let answer = call.send(|| client.describe_listener_attributes().listener_arn(&*of.id).send()).await?;
    let attributes = pairs(answer.attributes().iter().map(|it| (it.key(), it.value())));
    Ok(Batch { covers: Covers::All, answer: Answer::ListenerAttributes(of.clone(), attributes) })
}

/// The certificates beside the default one, which comes with the listener; if it is in the list too, it comes twice.
pub(super) async fn listener_certificates(call: &mut Call<'_>, of: &Key<Listener>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().elb;
    let request = || client.describe_listener_certificates().listener_arn(&*of.id).page_size(PAGE);
    let additional = |page: &[wire::Certificate]| -> Vec<Key<Certificate>> {
        let additional = page.iter().filter(|it| it.is_default() != Some(true));
        additional.filter_map(|it| Some(Key::new(of.scope, text(it.certificate_arn())?))).collect()
    };
    let (items, covers) = call
        .pages(|token| request().set_marker(token).send(), |page| (additional(page.certificates()), page.next_marker))
        .await?;
    Ok(Batch { covers, answer: Answer::ListenerCertificates(of.clone(), items) })
}

pub(super) async fn rules(call: &mut Call<'_>, of: &Key<Listener>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().elb;
    let (items, covers) = call
        .pages(
            |token| client.describe_rules().listener_arn(&*of.id).page_size(PAGE).set_marker(token).send(),
            |page| (page.rules().iter().filter_map(|it| rule(of, it)).collect(), page.next_marker),
        )
        .await?;
    Ok(Batch { covers, answer: Answer::Rules(of.clone(), items) })
}

fn rule(of: &Key<Listener>, it: &wire::Rule) -> Option<Rule> {
    Some(Rule {
        key: key(of.scope, it.rule_arn(), "rule")?,
        listener: of.clone(),
        priority: Priority::from_wire(it.priority().unwrap_or("default")),
        conditions: it.conditions().iter().filter_map(condition).collect(),
        actions: actions(of.scope, it.actions()),
    })
}

fn condition(it: &RuleCondition) -> Option<Condition> {
    Some(Condition {
        field: text(it.field())?,
        name: it.http_header_config().and_then(|it| text(it.http_header_name())),
        values: values(it),
    })
}

fn values(it: &RuleCondition) -> Vec<Arc<str>> {
    let (literals, patterns): (&[String], &[String]) = if let Some(it) = it.host_header_config() {
        (it.values(), it.regex_values())
    } else if let Some(it) = it.path_pattern_config() {
        (it.values(), it.regex_values())
    } else if let Some(it) = it.http_header_config() {
        (it.values(), it.regex_values())
    } else if let Some(it) = it.http_request_method_config() {
        (it.values(), &[])
    } else if let Some(it) = it.source_ip_config() {
        (it.values(), &[])
    } else if let Some(it) = it.query_string_config() {
        return it.values().iter().map(query_value).collect();
    } else {
        (it.values(), it.regex_values())
    };
    let mut values = texts(literals.iter().map(|value| Some(value.as_str())));
    // A regular expression is shown between slashes, to distinguish it from a text with wildcards.
    values.extend(patterns.iter().map(|pattern| plain(Some(&format!("/{pattern}/")))));
    values
}

fn query_value(it: &wire::QueryStringKeyValuePair) -> Arc<str> {
    let value = it.value().unwrap_or_default();
    it.key()
        .filter(|key| !key.is_empty())
        .map_or_else(|| plain(Some(value)), |key| plain(Some(&format!("{key}={value}"))))
}

fn actions(scope: ScopeId, actions: &[wire::Action]) -> Vec<RuleAction> {
    let mut actions: Vec<_> = actions.iter().collect();
    actions.sort_by_key(|it| it.order());
    actions.into_iter().map(|it| action(scope, it)).collect()
}

fn action(scope: ScopeId, it: &wire::Action) -> RuleAction {
    match (it.r#type(), it.redirect_config(), it.fixed_response_config()) {
        (Some(ActionTypeEnum::Forward), ..) => forward(scope, it),
        (Some(ActionTypeEnum::Redirect), Some(config), _) => redirect(config),
        (Some(ActionTypeEnum::FixedResponse), _, Some(config)) => {
            RuleAction::FixedResponse { status: plain(config.status_code()) }
        }
        (kind, ..) => RuleAction::Other(plain(kind.map(|kind| kind.as_str()))),
    }
}

fn forward(scope: ScopeId, it: &wire::Action) -> RuleAction {
    let config = it.forward_config();
    let weighted = |arn: Option<&str>, weight: Option<i32>| {
        Some(WeightedTargetGroup { target_group: Key::new(scope, text(arn)?), weight: weight.unwrap_or(1) })
    };
    let tuples = config.map(|config| config.target_groups()).unwrap_or_default();
    let mut groups: Vec<_> = tuples.iter().filter_map(|it| weighted(it.target_group_arn(), it.weight())).collect();
    if groups.is_empty() {
        groups.extend(weighted(it.target_group_arn(), None));
    }
    let stickiness = config.and_then(|config| config.target_group_stickiness_config());
    let group_stickiness = stickiness.filter(|it| it.enabled() == Some(true)).and_then(|it| it.duration_seconds());
    RuleAction::Forward { groups, group_stickiness }
}

/// What a redirect does not name stays as it was in the request (`RedirectActionConfig`).
fn redirect(it: &wire::RedirectActionConfig) -> RuleAction {
    RuleAction::Redirect {
        protocol: plain(Some(it.protocol().unwrap_or("#{protocol}"))),
        port: plain(Some(it.port().unwrap_or("#{port}"))),
        host: plain(Some(it.host().unwrap_or("#{host}"))),
        path: plain(Some(it.path().unwrap_or("/#{path}"))),
        status: plain(it.status_code().map(|status| status.as_str())),
    }
}
