//! `DescribeEvents`: newest first, of one environment or of the whole region.
//!
//! `StartTime` is inclusive and `EndTime` exclusive; a severity means that one or worse (API reference).

use super::parameters::page;
use crate::sim::physics::events::{self, Event, SEVERITIES};
use crate::sim::physics::{View, operation, timestamp};
use crate::sim::region::Environment;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;
use jiff::Timestamp;

pub(super) fn describe_events(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let from = form.time("StartTime")?.map_or(i64::MIN, Timestamp::as_millisecond);
    let until = form.time("EndTime")?.map_or(i64::MAX, Timestamp::as_millisecond);
    let least = severity(form)?;
    let (position, question, size) = page(view, form, 1000)?;
    // Later pages show the events as they were when the first one was requested.
    let view = View { now: position.as_of.min(view.now), ..view };
    let mut events: Vec<(Event, &Environment)> = Vec::new();
    for environment in view.region.environments.iter().filter(|environment| wanted(view, environment, form)) {
        let kept = events::of(view, environment, from).into_iter().filter(|event| {
            event.at < until
                && severity_rank(event.severity) >= least
                && form.text("RequestId").is_none_or(|wanted| event.request_id.as_deref() == Some(wanted))
        });
        events.extend(kept.map(|event| (event, environment)));
    }
    events.sort_by(|(one, at), (other, there)| (other, &there.name).cmp(&(one, &at.name)));
    let (range, next) = position.page(&question, events.len(), size);
    let mut xml = Xml::default();
    xml.members("Events", &events[range], |xml, (event, environment)| describe(xml, event, environment))
        .optional("NextToken", next);
    Ok(xml)
}

fn wanted(view: View<'_>, environment: &Environment, form: &Form) -> bool {
    let is = |name: &str, value: &str| form.text(name).is_none_or(|wanted| wanted == value);
    is("ApplicationName", &environment.application)
        && is("EnvironmentName", &environment.name)
        && is("EnvironmentId", &environment.id)
        && is("VersionLabel", operation::of(view, environment).version())
        && form.text("TemplateName").is_none()
        && form.text("PlatformArn").is_none_or(|arn| arn.contains(&environment.platform))
}

fn severity(form: &Form) -> Result<usize, Refusal> {
    let Some(text) = form.text("Severity") else { return Ok(0) };
    SEVERITIES.iter().position(|known| *known == text).ok_or_else(|| {
        Refusal::validation(format!(
            "1 validation error detected: Value '{text}' at 'severity' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
            SEVERITIES.join(", ")
        ))
    })
}

fn severity_rank(severity: &str) -> usize {
    SEVERITIES.iter().position(|known| *known == severity).unwrap_or_default()
}

fn describe(xml: &mut Xml, event: &Event, environment: &Environment) {
    xml.time("EventDate", timestamp(event.at))
        .text("Message", &event.message)
        .text("ApplicationName", &environment.application)
        .text("EnvironmentName", &environment.name)
        .optional("VersionLabel", event.version.as_ref())
        .optional("RequestId", event.request_id.as_ref())
        .text("Severity", event.severity);
}
