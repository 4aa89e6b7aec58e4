//! The action that a request wants for a listener or a rule: a forward, or a redirect to HTTPS. Others are not simulated.

use super::parameters::target_group;
use crate::sim::physics::View;
use crate::sim::region::RuleAction;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;

/// The action; none if the request has none.
pub(super) fn asked(view: View<'_>, form: &Form) -> Result<Option<RuleAction>, Refusal> {
    asked_as(view, form, "DefaultActions")
}

/// The action in a list of this name: a listener's `DefaultActions`, a rule's `Actions`.
pub(super) fn asked_as(view: View<'_>, form: &Form, list: &str) -> Result<Option<RuleAction>, Refusal> {
    let actions = form.structures(list);
    let prefix = match actions.as_slice() {
        [] => return Ok(None),
        [one] => one,
        _ => return Err(unsimulated("more than one action")),
    };
    match form.required(&format!("{prefix}.Type"))? {
        "forward" => forward(view, form, prefix).map(Some),
        "redirect" => redirect(form, &format!("{prefix}.RedirectConfig")).map(Some),
        other => Err(unsimulated(other)),
    }
}

fn unsimulated(what: &str) -> Refusal {
    Refusal::validation(format!("The simulated region has no listeners that do this: {what}"))
}

fn forward(view: View<'_>, form: &Form, prefix: &str) -> Result<RuleAction, Refusal> {
    let group = |arn: &str| {
        target_group(view, arn)?;
        Ok(view.region.target_group(arn).unwrap_or_default())
    };
    let config = format!("{prefix}.ForwardConfig");
    let mut to = Vec::new();
    for tuple in form.structures(&format!("{config}.TargetGroups")) {
        let weight = form.whole(&format!("{tuple}.Weight"), 0, 999)?.unwrap_or(1) as u32;
        to.push((group(form.required(&format!("{tuple}.TargetGroupArn"))?)?, weight));
    }
    if to.is_empty() {
        to.push((group(form.required(&format!("{prefix}.TargetGroupArn"))?)?, 1));
    }
    let sticky = format!("{config}.TargetGroupStickinessConfig");
    let seconds = form.whole(&format!("{sticky}.DurationSeconds"), 1, 604_800)?.map(|seconds| seconds as i64);
    Ok(RuleAction::Forward { to, sticky: seconds.filter(|_| form.flag(&format!("{sticky}.Enabled"))) })
}

fn redirect(form: &Form, config: &str) -> Result<RuleAction, Refusal> {
    let value = |name: &str, default: &'static str| form.text(&format!("{config}.{name}")).unwrap_or(default);
    let place = [
        value("Protocol", "#{protocol}"),
        value("Port", "#{port}"),
        value("Host", "#{host}"),
        value("Path", "/#{path}"),
        value("Query", "#{query}"),
    ];
    if place != ["HTTPS", "443", "#{host}", "/#{path}", "#{query}"] {
        return Err(unsimulated("a redirect that leads elsewhere"));
    }
    match form.required(&format!("{config}.StatusCode"))? {
        "HTTP_301" => Ok(RuleAction::RedirectToHttps(301)),
        "HTTP_302" => Ok(RuleAction::RedirectToHttps(302)),
        other => Err(Refusal::validation(format!("'{other}' is not a valid status code of a redirect"))),
    }
}
