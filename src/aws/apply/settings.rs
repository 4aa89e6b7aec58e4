//! The writes of settings: a [`Modification`] as the request that it is.

use std::sync::Arc;

use aws_sdk_elasticbeanstalk::types::{
    ConfigurationOptionSetting, OptionSpecification, ValidationMessage, ValidationSeverity,
};
use aws_sdk_elasticloadbalancingv2::client::Client as Elb;
use aws_sdk_elasticloadbalancingv2::operation::modify_target_group::builders::ModifyTargetGroupFluentBuilder;
use aws_sdk_elasticloadbalancingv2::types::{
    Certificate, ListenerAttribute, LoadBalancerAttribute, Matcher, ProtocolEnum, TargetGroupAttribute,
};

use super::{Call, Sent, Session};
use crate::change::{Modification, OptionName};
use crate::model::{Fault, FaultKind, Moment, Service};

/// Sends a modification, once. One that writes nothing is not sent here.
pub async fn modify(session: &Session, modification: &Modification, now: &(dyn Fn() -> Moment + Send + Sync)) -> Sent {
    let call = modification.call();
    let mut sender = Call::new(session, call.service, call.operation, now);
    let elb = &sender.clients().elb;
    match modification {
        Modification::TargetGroupAttributes(arn, pairs) => {
            let attribute =
                |(key, value): &(&str, String)| TargetGroupAttribute::builder().key(*key).value(value).build();
            let attributes: Vec<_> = pairs.iter().map(attribute).collect();
            let request = || elb.modify_target_group_attributes().target_group_arn(&**arn);
            sender.write(|| request().set_attributes(Some(attributes.clone())).send()).await
        }
        Modification::TargetGroup(arn, pairs) => {
            sender.write(|| check(elb.modify_target_group().target_group_arn(&**arn), pairs).send()).await
        }
        Modification::LoadBalancerAttributes(arn, pairs) => {
            let attribute =
                |(key, value): &(&str, String)| LoadBalancerAttribute::builder().key(*key).value(value).build();
            let attributes: Vec<_> = pairs.iter().map(attribute).collect();
            let request = || elb.modify_load_balancer_attributes().load_balancer_arn(&**arn);
            sender.write(|| request().set_attributes(Some(attributes.clone())).send()).await
        }
        Modification::Listener(arn, pairs) => listener(&mut sender, elb, arn, pairs).await,
        Modification::ListenerAttributes(arn, pairs) => {
            let attribute = |(key, value): &(&str, String)| ListenerAttribute::builder().key(*key).value(value).build();
            let attributes: Vec<_> = pairs.iter().map(attribute).collect();
            let request = || elb.modify_listener_attributes().listener_arn(&**arn);
            sender.write(|| request().set_attributes(Some(attributes.clone())).send()).await
        }
        Modification::Update { environment, set, remove } => update(&mut sender, environment, set, remove).await,
        Modification::Validate { .. } => Sent::Refused(sender.fault(FaultKind::Invalid, "it writes nothing")),
    }
}

/// The fields of a health check, each in its own place of the request.
fn check(request: ModifyTargetGroupFluentBuilder, pairs: &[(&str, String)]) -> ModifyTargetGroupFluentBuilder {
    pairs.iter().fold(request, |request, (name, value)| {
        let number = || value.parse().ok();
        match *name {
            "HealthCheckPath" => request.health_check_path(value),
            "HealthCheckPort" => request.health_check_port(value),
            "HealthCheckProtocol" => request.health_check_protocol(ProtocolEnum::from(value.as_str())),
            "HealthCheckIntervalSeconds" => request.set_health_check_interval_seconds(number()),
            "HealthCheckTimeoutSeconds" => request.set_health_check_timeout_seconds(number()),
            "HealthyThresholdCount" => request.set_healthy_threshold_count(number()),
            "UnhealthyThresholdCount" => request.set_unhealthy_threshold_count(number()),
            "Matcher" => request.matcher(Matcher::builder().http_code(value).build()),
            _ => request,
        }
    })
}

async fn listener(sender: &mut Call<'_>, elb: &Elb, arn: &str, pairs: &[(&str, String)]) -> Sent {
    let request = || {
        pairs.iter().fold(elb.modify_listener().listener_arn(arn), |request, (name, value)| match *name {
            "SslPolicy" => request.ssl_policy(value),
            "Certificates" => request.certificates(Certificate::builder().certificate_arn(value).build()),
            _ => request,
        })
    };
    sender.write(|| request().send()).await
}

async fn update(sender: &mut Call<'_>, environment: &str, set: &[(OptionName, String)], remove: &[OptionName]) -> Sent {
    let client = &sender.clients().beanstalk;
    let name = |it: &OptionName| OptionSpecification::builder().namespace(&*it.namespace).option_name(it.name).build();
    let settings = (!set.is_empty()).then(|| values(set));
    let removed = (!remove.is_empty()).then(|| remove.iter().map(name).collect::<Vec<_>>());
    let request = || client.update_environment().environment_id(environment).set_option_settings(settings.clone());
    sender.write(|| request().set_options_to_remove(removed.clone()).send()).await
}

fn values(set: &[(OptionName, String)]) -> Vec<ConfigurationOptionSetting> {
    let value = |(it, value): &(OptionName, String)| {
        ConfigurationOptionSetting::builder().namespace(&*it.namespace).option_name(it.name).value(value).build()
    };
    set.iter().map(value).collect()
}

/// Whether Beanstalk would take these options. Changes nothing, so it is asked before anything is written.
///
/// # Errors
/// When it would not, in its own words, or the call fails.
pub async fn validate(
    session: &Session,
    application: &str,
    environment: &str,
    set: &[(OptionName, String)],
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<(), Arc<Fault>> {
    let mut call = Call::new(session, Service::Beanstalk, "ValidateConfigurationSettings", now);
    let client = &call.clients().beanstalk;
    let request = || {
        let request = client.validate_configuration_settings().application_name(application);
        request.environment_name(environment).set_option_settings(Some(values(set))).send()
    };
    let answer = call.send(request).await?;
    let is_error = |it: &&ValidationMessage| it.severity() == Some(&ValidationSeverity::Error);
    let errors: Vec<_> = answer.messages().iter().filter(is_error).map(told).collect();
    if errors.is_empty() { Ok(()) } else { Err(call.fault(FaultKind::Invalid, errors.join("; "))) }
}

fn told(it: &ValidationMessage) -> String {
    let option = it.option_name().map(|name| format!("{name}: ")).unwrap_or_default();
    format!("{option}{}", it.message().unwrap_or("no reason is given"))
}
