//! `DescribeListeners`, `DescribeListenerCertificates` and `DescribeRules`.
//!
//! Host and path conditions come back twice, as `Values` and in their own structure, as AWS sends them; a forward to
//! one target group names it twice too.

use super::parameters::{chosen, listener_not_found, load_balancer, page};
use crate::sim::physics::View;
use crate::sim::region::{Listener, LoadBalancer, On, Rule, RuleAction, Side};
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_listeners(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let given = chosen(form, &["ListenerArns"])?;
    let listeners: Vec<(&LoadBalancer, &Listener)> = match (form.text("LoadBalancerArn"), given.as_slice()) {
        (Some(arn), []) => {
            let balancer = load_balancer(view, arn)?;
            view.region.listeners_at(balancer, view.time()).map(|listener| (balancer, listener)).collect()
        }
        (None, [(_, arns)]) => {
            let find = |arn: &&str| living(view, arn);
            arns.iter().map(find).collect::<Result<_, _>>()?
        }
        (Some(_), _) => return Err(Refusal::validation("Specify either a load balancer or listeners, not both")),
        (None, _) => return Err(Refusal::validation("You must specify either listener ARNs or a load balancer ARN")),
    };
    let (range, next) = page(view, form, listeners.len())?;
    let mut xml = Xml::default();
    xml.members("Listeners", &listeners[range], |xml, (balancer, listener)| {
        describe(xml, view, balancer, listener);
    })
    .optional("NextMarker", next);
    Ok(xml)
}

/// The default certificate comes with the additional ones, which no other operation lists (API reference).
pub(super) fn describe_listener_certificates(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let (_, listener) = living(view, form.required("ListenerArn")?)?;
    let default = view.region.certificate_at(listener, view.time()).map(|arn| (arn, true));
    let additional = listener.additional_certificates.iter().map(|arn| (arn.clone(), false));
    let certificates: Vec<_> = default.into_iter().chain(additional).collect();
    let (range, next) = page(view, form, certificates.len())?;
    let mut xml = Xml::default();
    xml.members("Certificates", &certificates[range], |xml, (arn, is_default)| {
        xml.text("CertificateArn", arn).text("IsDefault", is_default);
    })
    .optional("NextMarker", next);
    Ok(xml)
}

/// A listener that is there.
pub(super) fn living<'a>(view: View<'a>, arn: &str) -> Result<(&'a LoadBalancer, &'a Listener), Refusal> {
    let found = view.region.listener(arn).filter(|(_, listener)| view.region.is_listening(listener, view.time()));
    found.ok_or_else(listener_not_found)
}

pub(super) fn describe(xml: &mut Xml, view: View<'_>, balancer: &LoadBalancer, listener: &Listener) {
    let place = view.region.listener_place(&listener.arn).unwrap_or_default();
    let overrides = |key| view.region.field_at(On::Listener(place.0, place.1), key, view.time());
    let made = |name| view.region.made_field(listener, name, view.time());
    let certificate = view.region.certificate_at(listener, view.time());
    let policy = overrides("policy").or_else(|| made("SSLPolicy")).or_else(|| listener.policy.clone());
    let policy = policy.filter(|_| certificate.is_some());
    xml.text("ListenerArn", &listener.arn)
        .text("LoadBalancerArn", &balancer.arn)
        .text("Port", listener.port)
        .text("Protocol", &listener.protocol);
    if let Some(certificate) = &certificate {
        xml.members("Certificates", [certificate], |xml, arn| {
            xml.text("CertificateArn", arn);
        });
    }
    xml.optional("SslPolicy", policy);
    if let Some(default) = listener.default_action(view.time()) {
        xml.members("DefaultActions", [default], |xml, action| describe_action(xml, view, action));
    }
    if listener.protocol == "HTTPS" {
        xml.within("MutualAuthentication", |xml| {
            xml.text("Mode", "off");
        });
    }
}

pub(super) fn describe_rules(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let given = chosen(form, &["RuleArns"])?;
    let rules: Vec<(&Listener, &Rule)> = match (form.text("ListenerArn"), given.as_slice()) {
        (Some(arn), []) => {
            let (_, listener) = living(view, arn)?;
            listener.rules.iter().map(|rule| (listener, rule)).collect()
        }
        (None, [(_, arns)]) => arns.iter().map(|arn| rule(view, arn)).collect::<Result<_, _>>()?,
        (Some(_), _) => return Err(Refusal::validation("Specify either a listener or rules, not both")),
        (None, _) => return Err(Refusal::validation("You must specify either listener ARN or rule ARNs")),
    };
    let (range, next) = page(view, form, rules.len())?;
    let mut xml = Xml::default();
    xml.members("Rules", &rules[range], |xml, (listener, rule)| describe_rule(xml, view, listener, rule))
        .optional("NextMarker", next);
    Ok(xml)
}

/// The ARN of a rule holds that of its listener.
pub(super) fn rule<'a>(view: View<'a>, arn: &str) -> Result<(&'a Listener, &'a Rule), Refusal> {
    let missing = || Refusal::bad_request("RuleNotFound", "One or more rules not found");
    let (parent, _) = arn.rsplit_once('/').ok_or_else(missing)?;
    let listener = parent.replacen(":listener-rule/", ":listener/", 1);
    let (_, listener) = living(view, &listener).map_err(|_| missing())?;
    listener.rules.iter().find(|rule| rule.arn == arn).map(|rule| (listener, rule)).ok_or_else(missing)
}

pub(super) fn describe_rule(xml: &mut Xml, view: View<'_>, listener: &Listener, rule: &Rule) {
    let default = listener.default_action(view.time()).filter(|_| rule.priority.is_none());
    let action = default.unwrap_or(&rule.action);
    let priority = rule.priority.map_or_else(|| "default".to_owned(), |priority| priority.to_string());
    let host = ("host-header", "HostHeaderConfig", &rule.hosts);
    let path = ("path-pattern", "PathPatternConfig", &rule.paths);
    let conditions = [host, path].into_iter().filter(|(_, _, values)| !values.is_empty());
    xml.text("RuleArn", &rule.arn)
        .text("Priority", priority)
        .members("Conditions", conditions, |xml, (field, config, values)| {
            xml.text("Field", field).member_texts("Values", values).within(config, |xml| {
                xml.member_texts("Values", values);
            });
        })
        .members("Actions", [action], |xml, action| describe_action(xml, view, action))
        .text("IsDefault", rule.priority.is_none());
}

fn describe_action(xml: &mut Xml, view: View<'_>, action: &RuleAction) {
    match action {
        RuleAction::Forward { to, sticky } => forward(xml, view, to, *sticky),
        RuleAction::RedirectToHttps(status) => {
            xml.text("Type", "redirect").text("Order", 1).within("RedirectConfig", |xml| {
                xml.text("Protocol", "HTTPS")
                    .text("Port", "443")
                    .text("Host", "#{host}")
                    .text("Path", "/#{path}")
                    .text("Query", "#{query}")
                    .text("StatusCode", format_args!("HTTP_{status}"));
            });
        }
        RuleAction::Fixed(status) => {
            xml.text("Type", "fixed-response").text("Order", 1).within("FixedResponseConfig", |xml| {
                xml.text("MessageBody", "Not found").text("StatusCode", status).text("ContentType", "text/plain");
            });
        }
    }
}

/// The target groups of a forward with their weights, while a traffic split has a part in them.
fn split(view: View<'_>, to: &[(usize, u32)]) -> Vec<(usize, u32)> {
    let (region, time) = (view.region, view.time());
    let mut shares = Vec::new();
    for (group, weight) in to {
        let twins = &region.target_groups[*group].twins;
        let environment = region.pools[region.target_groups[*group].pool].environment;
        let twin = twins.iter().find(|twin| region.target_groups[**twin].exists(time));
        let (Some(twin), Some(environment)) = (twin, environment) else {
            shares.push((*group, *weight));
            continue;
        };
        // The weight of a single target group does not matter, so its shares are given in percent.
        let whole = if to.len() == 1 { 100.0 } else { f64::from(*weight) };
        let part = |side| (whole * region.environments[environment].share(side, time)).round() as u32;
        shares.extend([(*group, part(Side::Main)), (*twin, part(Side::Twin))]);
    }
    shares
}

fn forward(xml: &mut Xml, view: View<'_>, to: &[(usize, u32)], sticky: Option<i64>) {
    let arn = |place: usize| &view.region.target_groups[place].arn;
    let to = &split(view, to)[..];
    xml.text("Type", "forward");
    if let [(only, _)] = to {
        xml.text("TargetGroupArn", arn(*only));
    }
    xml.text("Order", 1).within("ForwardConfig", |xml| {
        xml.members("TargetGroups", to, |xml, (group, weight)| {
            xml.text("TargetGroupArn", arn(*group)).text("Weight", weight);
        })
        .within("TargetGroupStickinessConfig", |xml| {
            xml.text("Enabled", sticky.is_some()).optional("DurationSeconds", sticky);
        });
    });
}
