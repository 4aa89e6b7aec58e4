//! The writes of Elastic Load Balancing.

use aws_sdk_elasticloadbalancingv2::client::Client;
use aws_sdk_elasticloadbalancingv2::operation::modify_target_group::builders::ModifyTargetGroupFluentBuilder;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, Certificate, ForwardActionConfig, Listener, ListenerAttribute, LoadBalancerAttribute, Matcher,
    RedirectActionConfig, Rule, RuleCondition, TargetGroupAttribute, TargetGroupStickinessConfig, TargetGroupTuple,
};

use super::fields::Fields;
use super::{Call, Sent};
use crate::aws::convert::text;

/// Sends this operation; none if it is not one of these.
pub(super) async fn send(call: &mut Call<'_>, operation: &str, it: Fields<'_>) -> Option<Sent> {
    let client = &call.clients().elb;
    Some(match operation {
        "ModifyTargetGroup" => call.write(|| target_group(client, it).send()).await,
        "ModifyTargetGroupAttributes" => {
            let request = || client.modify_target_group_attributes().set_target_group_arn(it.text("TargetGroupArn"));
            call.write(|| request().set_attributes(it.list("Attributes", of_target_group)).send()).await
        }
        "ModifyLoadBalancerAttributes" => {
            let request = || client.modify_load_balancer_attributes().set_load_balancer_arn(it.text("LoadBalancerArn"));
            call.write(|| request().set_attributes(it.list("Attributes", of_load_balancer)).send()).await
        }
        "SetSecurityGroups" => {
            let request = || client.set_security_groups().set_load_balancer_arn(it.text("LoadBalancerArn"));
            call.write(|| request().set_security_groups(it.texts("SecurityGroups")).send()).await
        }
        _ => match Box::pin(of_listener(call, operation, it)).await {
            Some(sent) => sent,
            None => return Box::pin(of_rule(call, operation, it)).await,
        },
    })
}

async fn of_listener(call: &mut Call<'_>, operation: &str, it: Fields<'_>) -> Option<Sent> {
    let client = &call.clients().elb;
    let (arn, certificates) = (|| it.text("ListenerArn"), || it.list("Certificates", certificate));
    let (policy, actions) = (|| it.text("SslPolicy"), || it.list("DefaultActions", action));
    Some(match operation {
        "CreateListener" => {
            let request = || client.create_listener().set_load_balancer_arn(it.text("LoadBalancerArn"));
            let request = || request().set_protocol(it.word("Protocol")).set_port(it.number("Port"));
            let request = || request().set_ssl_policy(policy()).set_certificates(certificates());
            let made = |listener: &Listener| text(listener.listener_arn());
            call.create(
                || request().set_default_actions(actions()).send(),
                |answer| answer.listeners().first().and_then(made),
            )
            .await
        }
        "DeleteListener" => call.write(|| client.delete_listener().set_listener_arn(arn()).send()).await,
        "ModifyListener" => {
            let request = || client.modify_listener().set_listener_arn(arn()).set_ssl_policy(policy());
            let request = || request().set_certificates(certificates());
            call.write(|| request().set_default_actions(actions()).send()).await
        }
        "ModifyListenerAttributes" => {
            let request = || client.modify_listener_attributes().set_listener_arn(arn());
            call.write(|| request().set_attributes(it.list("Attributes", attribute_of_listener)).send()).await
        }
        _ => return None,
    })
}

async fn of_rule(call: &mut Call<'_>, operation: &str, it: Fields<'_>) -> Option<Sent> {
    let client = &call.clients().elb;
    let (arn, actions) = (|| it.text("RuleArn"), || it.list("Actions", action));
    Some(match operation {
        "CreateRule" => {
            let request = || client.create_rule().set_listener_arn(it.text("ListenerArn"));
            let request = || request().set_priority(it.number("Priority"));
            let request = || request().set_conditions(it.list("Conditions", condition));
            let made = |rule: &Rule| text(rule.rule_arn());
            call.create(|| request().set_actions(actions()).send(), |answer| answer.rules().first().and_then(made))
                .await
        }
        "ModifyRule" => call.write(|| client.modify_rule().set_rule_arn(arn()).set_actions(actions()).send()).await,
        "DeleteRule" => call.write(|| client.delete_rule().set_rule_arn(arn()).send()).await,
        _ => return None,
    })
}

fn target_group(client: &Client, it: Fields<'_>) -> ModifyTargetGroupFluentBuilder {
    let matcher = |it: Fields<'_>| Matcher::builder().set_http_code(it.text("HttpCode")).build();
    client
        .modify_target_group()
        .set_target_group_arn(it.text("TargetGroupArn"))
        .set_health_check_protocol(it.word("HealthCheckProtocol"))
        .set_health_check_port(it.text("HealthCheckPort"))
        .set_health_check_path(it.text("HealthCheckPath"))
        .set_health_check_interval_seconds(it.number("HealthCheckIntervalSeconds"))
        .set_health_check_timeout_seconds(it.number("HealthCheckTimeoutSeconds"))
        .set_healthy_threshold_count(it.number("HealthyThresholdCount"))
        .set_unhealthy_threshold_count(it.number("UnhealthyThresholdCount"))
        .set_matcher(it.structure("Matcher", matcher))
}

fn of_target_group(it: Fields<'_>) -> TargetGroupAttribute {
    TargetGroupAttribute::builder().set_key(it.text("Key")).set_value(it.text("Value")).build()
}

fn of_load_balancer(it: Fields<'_>) -> LoadBalancerAttribute {
    LoadBalancerAttribute::builder().set_key(it.text("Key")).set_value(it.text("Value")).build()
}

fn attribute_of_listener(it: Fields<'_>) -> ListenerAttribute {
    ListenerAttribute::builder().set_key(it.text("Key")).set_value(it.text("Value")).build()
}

fn certificate(it: Fields<'_>) -> Certificate {
    Certificate::builder().set_certificate_arn(it.text("CertificateArn")).build()
}

fn condition(it: Fields<'_>) -> RuleCondition {
    RuleCondition::builder().set_field(it.text("Field")).set_values(it.texts("Values")).build()
}

fn action(it: Fields<'_>) -> Action {
    Action::builder()
        .set_type(it.word("Type"))
        .set_target_group_arn(it.text("TargetGroupArn"))
        .set_forward_config(it.structure("ForwardConfig", forward))
        .set_redirect_config(it.structure("RedirectConfig", redirect))
        .build()
}

fn forward(it: Fields<'_>) -> ForwardActionConfig {
    let group = |it: Fields<'_>| {
        let group = TargetGroupTuple::builder().set_target_group_arn(it.text("TargetGroupArn"));
        group.set_weight(it.number("Weight")).build()
    };
    let stickiness = |it: Fields<'_>| {
        let config = TargetGroupStickinessConfig::builder().set_enabled(it.flag("Enabled"));
        config.set_duration_seconds(it.number("DurationSeconds")).build()
    };
    ForwardActionConfig::builder()
        .set_target_groups(it.list("TargetGroups", group))
        .set_target_group_stickiness_config(it.structure("TargetGroupStickinessConfig", stickiness))
        .build()
}

fn redirect(it: Fields<'_>) -> RedirectActionConfig {
    RedirectActionConfig::builder()
        .set_protocol(it.text("Protocol"))
        .set_port(it.text("Port"))
        .set_host(it.text("Host"))
        .set_path(it.text("Path"))
        .set_query(it.text("Query"))
        .set_status_code(it.word("StatusCode"))
        .build()
}
