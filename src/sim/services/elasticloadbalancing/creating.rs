//! `CreateListener`, `DeleteListener` and `SetSecurityGroups`. They are live at once.

use super::parameters::load_balancer;
use super::{actions, listeners, policies};
use crate::sim::physics::View;
use crate::sim::region::{Listener, NewListener, Region, RuleAction};
use crate::sim::services::operation::Moment;
use crate::sim::wire::envelope::Answer;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// What the API takes when a request names none.
const DEFAULT_POLICY: &str = "ELBSecurityPolicy-2016-08";

pub(super) fn create_listener(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["LoadBalancerArn", "Protocol", "Port", "SslPolicy", "Certificates", "DefaultActions", "Tags"])?;
    let view = View { region, now: moment.now };
    let arn = form.required("LoadBalancerArn")?;
    load_balancer(view, arn)?;
    let new = asked(view, form)?;
    let (balancer, time) = (view.region.load_balancer(arn).unwrap_or_default(), view.time());
    let living = |it: &&Listener| it.port == new.port && view.region.is_listening(it, time);
    let known = view.region.load_balancers[balancer].listeners.iter().position(|it| living(&it));
    let place = match known {
        // A request for a listener that exists returns it: the call is idempotent.
        Some(place) if is_same(&view.region.load_balancers[balancer].listeners[place], &new, time) => place,
        Some(_) => {
            let message = "A listener already exists on this port for this load balancer";
            return Err(Refusal::bad_request("DuplicateListener", message));
        }
        None => region.make_listener(balancer, new, time..i64::MAX, None),
    };
    let view = View { region, now: moment.now };
    let balancer = &view.region.load_balancers[balancer];
    let mut xml = Xml::default();
    xml.members("Listeners", [&balancer.listeners[place]], |xml, it| listeners::describe(xml, view, balancer, it));
    Ok(Answer::Xml(xml))
}

fn asked(view: View<'_>, form: &Form) -> Result<NewListener, Refusal> {
    let protocol = form.required("Protocol")?;
    let port =
        form.whole("Port", 1, 65_535)?.ok_or_else(|| Refusal::validation("The parameter Port must be provided."))?;
    let action = actions::asked(view, form)?
        .ok_or_else(|| Refusal::validation("The parameter DefaultActions must be provided."))?;
    let certificates = form.structures("Certificates");
    let certificate = certificates.first().and_then(|prefix| form.text(&format!("{prefix}.CertificateArn")));
    let policy = form.text("SslPolicy");
    match (protocol, certificate) {
        ("HTTPS", None) => {
            // The text is UNVERIFIED.
            return Err(Refusal::validation("A certificate must be specified for HTTPS listeners"));
        }
        ("HTTPS", Some(arn)) if !view.region.certificates.iter().any(|it| it.arn == arn && it.status == "ISSUED") => {
            let message = format!("Certificate ARN '{arn}' is not valid");
            return Err(Refusal::bad_request("CertificateNotFound", message));
        }
        ("HTTP", Some(_)) => {
            let message = "A certificate cannot be specified for HTTP listeners";
            return Err(Refusal::bad_request("InvalidConfigurationRequest", message));
        }
        ("HTTP" | "HTTPS", _) => {}
        (other, _) => {
            let message = format!("Listener protocol '{other}' is not supported with a load balancer of this type");
            return Err(Refusal::bad_request("UnsupportedProtocol", message));
        }
    }
    if policy.is_some_and(|policy| !policies::is_known(policy)) {
        return Err(Refusal::bad_request("SSLPolicyNotFound", "SSL policy not found"));
    }
    Ok(NewListener {
        port: port as u16,
        protocol: protocol.to_owned(),
        certificate: certificate.map(str::to_owned),
        policy: certificate.map(|_| policy.unwrap_or(DEFAULT_POLICY).to_owned()),
        action,
    })
}

fn is_same(listener: &Listener, new: &NewListener, time: i64) -> bool {
    let action = match (listener.default_action(time), &new.action) {
        (Some(RuleAction::Forward { to, sticky }), RuleAction::Forward { to: wanted, sticky: stuck }) => {
            to == wanted && sticky == stuck
        }
        (Some(RuleAction::RedirectToHttps(status)), RuleAction::RedirectToHttps(wanted)) => status == wanted,
        _ => false,
    };
    action
        && (&listener.protocol, &listener.certificate, &listener.policy)
            == (&new.protocol, &new.certificate, &new.policy)
}

pub(super) fn delete_listener(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["ListenerArn"])?;
    let view = View { region, now: moment.now };
    let arn = form.required("ListenerArn")?;
    listeners::living(view, arn)?;
    let time = view.time();
    if let Some((balancer, place)) = region.listener_place(arn) {
        let listener = &mut region.load_balancers[balancer].listeners[place];
        listener.lives = listener.lives.start..time;
    }
    Ok(Answer::Xml(Xml::default()))
}

pub(super) fn set_security_groups(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["LoadBalancerArn", "SecurityGroups", "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"])?;
    let arn = form.required("LoadBalancerArn")?;
    load_balancer(View { region, now: moment.now }, arn)?;
    let groups: Vec<String> = form.list("SecurityGroups").into_iter().map(str::to_owned).collect();
    if groups.is_empty() {
        return Err(Refusal::validation("The parameter SecurityGroups must be provided."));
    }
    if let Some(missing) = groups.iter().find(|id| region.security_group(id).is_none()) {
        let message = format!("The security group '{missing}' does not exist");
        return Err(Refusal::bad_request("InvalidSecurityGroup", message));
    }
    let mut xml = Xml::default();
    xml.member_texts("SecurityGroupIds", &groups);
    let place = region.load_balancer(arn).unwrap_or_default();
    region.load_balancers[place].security_groups = groups;
    Ok(Answer::Xml(xml))
}
