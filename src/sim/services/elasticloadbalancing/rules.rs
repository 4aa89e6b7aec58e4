//! `CreateRule`, `ModifyRule` and `DeleteRule`: rules with host and path conditions. They are live at once.

use super::parameters::listener_not_found;
use super::{actions, listeners};
use crate::sim::physics::View;
use crate::sim::region::{Region, Rule};
use crate::sim::services::operation::Moment;
use crate::sim::wire::envelope::Answer;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// The most rules of a load balancer, the default ones not counted (quota).
const MOST_RULES: usize = 100;
/// The most values in all conditions of a rule (quota).
const MOST_VALUES: usize = 5;

pub(super) fn create_rule(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["ListenerArn", "Priority", "Conditions", "Actions", "Tags", "Transforms"])?;
    let view = View { region, now: moment.now };
    let arn = form.required("ListenerArn")?;
    let (balancer, listener) = listeners::living(view, arn)?;
    let priority = form
        .whole("Priority", 1, 50_000)?
        .ok_or_else(|| Refusal::validation("The parameter Priority must be provided."))? as u32;
    let (hosts, paths) = conditions(form)?;
    if hosts.is_empty() && paths.is_empty() {
        return Err(Refusal::validation("A condition must be specified"));
    }
    let action = actions::asked_as(view, form, "Actions")?
        .ok_or_else(|| Refusal::validation("The parameter Actions must be provided."))?;
    if listener.rules.iter().any(|rule| rule.priority == Some(priority)) {
        return Err(Refusal::bad_request("PriorityInUse", format!("Priority '{priority}' is currently in use")));
    }
    let rules = balancer.listeners.iter().flat_map(|it| &it.rules).filter(|rule| rule.priority.is_some()).count();
    if rules >= MOST_RULES {
        let message = format!("The maximum number of rules has been reached on load balancer '{}'", balancer.arn);
        return Err(Refusal::bad_request("TooManyRules", message));
    }
    let path = arn.split_once(":listener/").map_or("", |(_, path)| path).to_owned();
    let made = region.rule_arn(&path, &format!("{priority} made at {}", moment.now));
    let Some((balancer, place)) = region.listener_place(arn) else { return Err(listener_not_found()) };
    let rules = &mut region.load_balancers[balancer].listeners[place].rules;
    // The default rule stays the last one.
    let before =
        rules.iter().position(|rule| rule.priority.is_none_or(|other| other > priority)).unwrap_or(rules.len());
    rules.insert(before, Rule { arn: made.clone(), priority: Some(priority), hosts, paths, action });
    region.attach(balancer);
    described(region, moment, &made)
}

pub(super) fn modify_rule(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["RuleArn", "Conditions", "Actions", "Transforms", "ResetTransforms"])?;
    let view = View { region, now: moment.now };
    let arn = form.required("RuleArn")?.to_owned();
    changeable(view, &arn)?;
    let (hosts, paths) = conditions(form)?;
    let action = actions::asked_as(view, form, "Actions")?;
    let rule = region.load_balancers.iter_mut().flat_map(|it| &mut it.listeners).flat_map(|it| &mut it.rules);
    if let Some(rule) = rule.into_iter().find(|rule| rule.arn == arn) {
        if !hosts.is_empty() || !paths.is_empty() {
            (rule.hosts, rule.paths) = (hosts, paths);
        }
        rule.action = action.unwrap_or_else(|| rule.action.clone());
    }
    described(region, moment, &arn)
}

pub(super) fn delete_rule(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    form.only(&["RuleArn"])?;
    let arn = form.required("RuleArn")?.to_owned();
    changeable(View { region, now: moment.now }, &arn)?;
    region
        .load_balancers
        .iter_mut()
        .flat_map(|it| &mut it.listeners)
        .for_each(|it| it.rules.retain(|rule| rule.arn != arn));
    Ok(Answer::Xml(Xml::default()))
}

/// A rule that is there and is not the default one.
fn changeable(view: View<'_>, arn: &str) -> Result<(), Refusal> {
    let (_, rule) = listeners::rule(view, arn)?;
    let refused = || Refusal::bad_request("OperationNotPermitted", format!("Default rule '{arn}' cannot be modified"));
    rule.priority.map(|_| ()).ok_or_else(refused)
}

/// The hosts and the paths; other conditions are not simulated.
fn conditions(form: &Form) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let (mut hosts, mut paths) = (Vec::new(), Vec::new());
    for prefix in form.structures("Conditions") {
        let (list, config) = match form.required(&format!("{prefix}.Field"))? {
            "host-header" => (&mut hosts, "HostHeaderConfig"),
            "path-pattern" => (&mut paths, "PathPatternConfig"),
            other => return Err(Refusal::validation(format!("The simulated region has no rules for {other}"))),
        };
        let own = form.list(&format!("{prefix}.Values"));
        let nested = form.list(&format!("{prefix}.{config}.Values"));
        list.extend(own.into_iter().chain(nested).map(str::to_owned));
    }
    if hosts.len() + paths.len() > MOST_VALUES {
        return Err(Refusal::bad_request("TooManyConditionValues", "A rule can have up to 5 condition values"));
    }
    Ok((hosts, paths))
}

fn described(region: &Region, moment: Moment<'_>, arn: &str) -> Result<Answer, Refusal> {
    let view = View { region, now: moment.now };
    let (listener, rule) = listeners::rule(view, arn)?;
    let mut xml = Xml::default();
    xml.members("Rules", [rule], |xml, rule| listeners::describe_rule(xml, view, listener, rule));
    Ok(Answer::Xml(xml))
}
