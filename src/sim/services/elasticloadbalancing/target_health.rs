//! `DescribeTargetHealth`: the targets of one group, or those that are named.
//!
//! A target that is named and not registered is `unused`; one of a group that nothing forwards to is too.

use super::parameters::target_group;
use crate::sim::physics::View;
use crate::sim::physics::targets::{Answers, State};
use crate::sim::physics::traffic::Flow;
use crate::sim::region::TargetGroup;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// State, reason and description, as they go out.
type Words = (&'static str, Option<&'static str>, Option<String>);

pub(super) fn describe_target_health(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let group = target_group(view, form.required("TargetGroupArn")?)?;
    let flow = Flow::of_group(view, group);
    let checked: Option<u16> = group.in_force.at(view.time()).check.port.parse().ok();
    let include = form.list("Include");
    let shown = |what: &str| include.contains(&what) || include.contains(&"All");
    let mut targets = Vec::new();
    let asked = form.structures("Targets");
    if asked.is_empty() {
        let places = 0..flow.pool.instances.len();
        let states = places.map(|place| (place, flow.condition(place, view.time()).state));
        targets.extend(
            states
                .filter(|(_, state)| *state != State::Absent)
                .map(|(place, state)| (flow.pool.instances[place].id.clone(), group.port, words(group, state))),
        );
    }
    for prefix in asked {
        targets.push(named(view, form, &prefix, group, &flow)?);
    }
    let mut xml = Xml::default();
    xml.members("TargetHealthDescriptions", targets, |xml, (id, port, words)| {
        describe(xml, &id, port, checked.unwrap_or(port), &words);
        if shown("AnomalyDetection") {
            xml.within("AnomalyDetection", |xml| {
                xml.text("Result", "normal").text("MitigationInEffect", "no");
            });
        }
        xml.within("AdministrativeOverride", |xml| {
            xml.text("State", "no_override")
                .text("Reason", "AdministrativeOverride.NoOverride")
                .text("Description", "No override is currently active on target");
        });
    });
    Ok(xml)
}

fn named(
    view: View<'_>,
    form: &Form,
    prefix: &str,
    group: &TargetGroup,
    flow: &Flow<'_>,
) -> Result<(String, u16, Words), Refusal> {
    let id = form.required(&format!("{prefix}.Id"))?;
    let port = form.whole(&format!("{prefix}.Port"), 1, 65_535)?;
    let port = port.and_then(|port| u16::try_from(port).ok()).unwrap_or(group.port);
    let Some((pool, place)) = view.region.instance(id) else {
        let message = format!("The following targets are not in the target group VPC or do not exist: '{id}'");
        return Err(Refusal::bad_request("InvalidTarget", message));
    };
    let registered = pool == group.pool && port == group.port;
    let state = if registered { flow.condition(place, view.time()).state } else { State::Absent };
    Ok((id.to_owned(), port, words(group, state)))
}

fn words(group: &TargetGroup, state: State) -> Words {
    let said = |state, reason, text: &str| (state, Some(reason), Some(text.to_owned()));
    match state {
        State::Absent => said("unused", "Target.NotRegistered", "Target is not registered to the target group"),
        State::Terminated => said("unused", "Target.InvalidState", "Target is in the terminated state"),
        State::Draining => said("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"),
        _ if group.load_balancer.is_none() => said(
            "unused",
            "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer",
        ),
        State::OutOfZone => said(
            "unused",
            "Target.NotInUse",
            "Target is in an Availability Zone that is not enabled for the load balancer",
        ),
        State::Healthy => ("healthy", None, None),
        State::Registering => said("initial", "Elb.RegistrationInProgress", "Target registration is in progress"),
        State::Checking => said("initial", "Elb.InitialHealthChecking", "Initial health checks in progress"),
        State::Unhealthy(Answers::TimesOut) => said("unhealthy", "Target.Timeout", "Request timed out"),
        // Only an HTTP check looks at the code; over TCP nothing but a connection counts.
        State::Unhealthy(Answers::Code(code)) if group.check.matcher.is_some() => {
            let text = format!("Health checks failed with these codes: [{code}]");
            ("unhealthy", Some("Target.ResponseCodeMismatch"), Some(text))
        }
        State::Unhealthy(_) => said("unhealthy", "Target.FailedHealthChecks", "Health checks failed"),
    }
}

fn describe(xml: &mut Xml, id: &str, port: u16, checked: u16, (state, reason, description): &Words) {
    xml.within("Target", |xml| {
        xml.text("Id", id).text("Port", port);
    })
    .text("HealthCheckPort", checked)
    .within("TargetHealth", |xml| {
        xml.text("State", state).optional("Reason", *reason).optional("Description", description.as_ref());
    });
}
