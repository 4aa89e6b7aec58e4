//! The writes of settings: `ModifyTargetGroup`, `ModifyListener`, and the attributes of each thing.
//!
//! They are live at once. A request that is refused changes nothing.

use super::attributes::{attributes, of_listener, of_load_balancer, of_target_group};
use super::ranges::{check_attributes, check_field, check_together};
use super::{actions, listeners, policies, target_groups};
use crate::sim::physics::View;
use crate::sim::region::{On, Override, Pair, Region};
use crate::sim::services::operation::Moment;
use crate::sim::wire::envelope::Answer;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// Fields of a target group's health check: the parameter, and the key of its override.
const CHECK: &[(&str, &str)] = &[
    ("HealthCheckProtocol", "health_check.protocol"),
    ("HealthCheckPort", "health_check.port"),
    ("HealthCheckPath", "health_check.path"),
    ("HealthCheckIntervalSeconds", "health_check.interval"),
    ("HealthCheckTimeoutSeconds", "health_check.timeout"),
    ("HealthyThresholdCount", "health_check.healthy_threshold"),
    ("UnhealthyThresholdCount", "health_check.unhealthy_threshold"),
    ("Matcher.HttpCode", "health_check.matcher"),
];

pub(super) fn modify_target_group_attributes(
    region: &mut Region,
    moment: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    let on = of_target_group(View { region, now: moment.now }, form)?;
    let (known, asked) = (region.attributes_at(on, moment.now - region.epoch), asked(form)?);
    check_attributes(&known, &asked, "Target group")?;
    check_together(&laid_over(known, &asked))?;
    Ok(lay_attributes(region, moment, on, asked))
}

pub(super) fn modify_load_balancer_attributes(
    region: &mut Region,
    moment: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    let on = of_load_balancer(View { region, now: moment.now }, form)?;
    let (known, asked) = (region.attributes_at(on, moment.now - region.epoch), asked(form)?);
    if asked.len() > 20 {
        return Err(Refusal::validation("At most 20 attributes can be specified"));
    }
    check_attributes(&known, &asked, "Load balancer")?;
    Ok(lay_attributes(region, moment, on, asked))
}

pub(super) fn modify_listener_attributes(
    region: &mut Region,
    moment: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    let on = of_listener(View { region, now: moment.now }, form)?;
    let (known, asked) = (region.attributes_at(on, moment.now - region.epoch), asked(form)?);
    check_attributes(&known, &asked, "Listener")?;
    Ok(lay_attributes(region, moment, on, asked))
}

fn asked(form: &Form) -> Result<Vec<Pair>, Refusal> {
    let value = |prefix: &str, name: &str| form.text(&format!("{prefix}.{name}")).unwrap_or_default().to_owned();
    let asked: Vec<Pair> =
        form.structures("Attributes").iter().map(|prefix| (value(prefix, "Key"), value(prefix, "Value"))).collect();
    if asked.is_empty() {
        return Err(Refusal::validation("The parameter Attributes must be provided."));
    }
    let twice = asked.iter().enumerate().find(|(at, (key, _))| asked[..*at].iter().any(|(before, _)| before == key));
    match twice {
        // That it is refused was observed; the text is UNVERIFIED.
        Some((_, (key, _))) => Err(Refusal::validation(format!("Attribute key '{key}' is specified more than once"))),
        None => Ok(asked),
    }
}

fn laid_over(mut known: Vec<Pair>, asked: &[Pair]) -> Vec<Pair> {
    for (key, value) in &mut known {
        if let Some((_, new)) = asked.iter().find(|(name, _)| name == key) {
            value.clone_from(new);
        }
    }
    known
}

fn lay_attributes(region: &mut Region, moment: Moment<'_>, on: On, asked: Vec<Pair>) -> Answer {
    let at = moment.now - region.epoch;
    region.set_overrides(on, asked.into_iter().map(|(key, value)| Override { at, on, key, value }));
    Answer::Xml(attributes(View { region, now: moment.now }, on))
}

pub(super) fn modify_target_group(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    let view = View { region, now: moment.now };
    let on = of_target_group(view, form)?;
    let On::Group(place) = on else { return Err(Refusal::validation("It is no target group")) };
    let check = &region.target_groups[place].in_force.at(view.time()).check;
    let mut overrides = Vec::new();
    for (parameter, key) in CHECK {
        if let Some(value) = form.text(parameter) {
            check_field(parameter, value)?;
            overrides.push(Override { at: view.time(), on, key: (*key).to_owned(), value: value.to_owned() });
        }
    }
    let seconds = |name: &str, live: i64| form.text(name).and_then(|it| it.parse().ok()).unwrap_or(live / 1000);
    if seconds("HealthCheckTimeoutSeconds", check.timeout) >= seconds("HealthCheckIntervalSeconds", check.interval) {
        return Err(Refusal::validation("Health check interval must be greater than the timeout."));
    }
    region.set_overrides(on, overrides);
    let view = View { region, now: moment.now };
    let mut xml = Xml::default();
    let group = &view.region.target_groups[place];
    xml.members("TargetGroups", [group], |xml, group| target_groups::describe(xml, view, group));
    Ok(Answer::Xml(xml))
}

pub(super) fn modify_listener(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["ListenerArn", "Port", "Protocol", "SslPolicy", "Certificates", "DefaultActions"])?;
    let view = View { region, now: moment.now };
    let on = of_listener(view, form)?;
    let On::Listener(balancer, place) = on else { return Err(Refusal::validation("It is no listener")) };
    let asked =
        [("certificate", form.text("Certificates.member.1.CertificateArn")), ("policy", form.text("SslPolicy"))];
    let listener = &region.load_balancers[balancer].listeners[place];
    if listener.protocol != "HTTPS" && asked.iter().any(|(_, value)| value.is_some()) {
        let message = "A certificate cannot be specified for HTTP listeners";
        return Err(Refusal::bad_request("InvalidConfigurationRequest", message));
    }
    if asked[0].1.is_some_and(|arn| !region.certificates.iter().any(|it| it.arn == arn)) {
        return Err(Refusal::bad_request("CertificateNotFound", "Certificate not found"));
    }
    if asked[1].1.is_some_and(|policy| !policies::is_known(policy)) {
        return Err(Refusal::bad_request("SSLPolicyNotFound", "SSL policy not found"));
    }
    let action = actions::asked(view, form)?;
    let at = view.time();
    if let Some(action) = action {
        region.load_balancers[balancer].listeners[place].defaults.push((at, action));
    }
    for (key, value) in asked {
        if let Some(value) = value {
            region.set_overrides(on, [Override { at, on, key: key.to_owned(), value: value.to_owned() }]);
        }
    }
    let view = View { region, now: moment.now };
    let balancer = &view.region.load_balancers[balancer];
    let mut xml = Xml::default();
    xml.members("Listeners", [&balancer.listeners[place]], |xml, it| listeners::describe(xml, view, balancer, it));
    Ok(Answer::Xml(xml))
}
