//! The confirmation of an edit: before and after, the route, what there is to know, the exact calls.

use super::inputs::{ConfirmInputs, ConfirmLine};
use super::{Confirm, Intent, call_lines, serves_line};
use crate::app::draft::Draft;
use crate::change::settings::find;
use crate::change::{ChangeRow, Operation, Plan, PlanInputs, PlanMistake, Route};
use crate::config::Role;
use crate::model::clean;

/// The message for a plan that would write nothing.
const NO_CHANGE: &str = "It is so already: nothing would be called";

impl Confirm {
    /// Returns the confirmation of a planned draft; one that cannot be planned shows why, and whether another route can.
    #[must_use]
    pub fn of_draft(inputs: &ConfirmInputs<'_>, draft: Draft, plan: Result<Plan, PlanMistake>) -> Self {
        let title = draft.title.clone();
        let basis = PlanInputs { snapshot: inputs.snapshot, environment: inputs.environment };
        let routes = route_lines(&draft);
        let mut confirm = match plan {
            Ok(plan) => {
                let way = if plan.refusal.is_some() { open_route(&draft, &basis) } else { None };
                of_plan(inputs, title, &plan, (way.map(|(route, _)| way_line(route)), routes))
            }
            Err(mistake) => {
                let why = clean(&mistake.to_string()).into_owned();
                let way = open_route(&draft, &basis);
                let mut lines = way.as_ref().map(|(_, plan)| row_lines(plan)).unwrap_or_default();
                lines.push((format!("Refused: {why}."), Role::Bad));
                lines.extend(way.map(|(route, _)| way_line(route)));
                lines.extend(routes);
                let confirm = Self::new(inputs, title, lines, None, Vec::new(), false);
                Self { obstacle: Some(why), ..confirm }
            }
        };
        confirm.draft = Some(draft);
        confirm
    }
}

/// Another route by which the draft could be carried out now, and its plan.
fn open_route(draft: &Draft, basis: &PlanInputs<'_>) -> Option<(Route, Plan)> {
    let others = draft.routes.iter().copied().filter(|route| *route != draft.route);
    let planned = others.filter_map(|route| Some((route, Draft { route, ..draft.clone() }.plan(basis).ok()?)));
    planned.into_iter().find(|(_, plan)| plan.refusal.is_none() && !plan.is_empty())
}

fn way_line(route: Route) -> ConfirmLine {
    (format!("The route \u{201c}{}\u{201d} can do it now: choose it below.", route_words(route).0), Role::Text)
}

fn of_plan(
    inputs: &ConfirmInputs<'_>,
    title: String,
    plan: &Plan,
    (way, routes): (Option<ConfirmLine>, Vec<ConfirmLine>),
) -> Confirm {
    let reported = |words: &String| clean(words).into_owned();
    // Where not all has room, what matters most is what is seen first.
    let refusal = plan.refusal.as_ref().map(ToString::to_string);
    let mut lines: Vec<ConfirmLine> = row_lines(plan);
    lines.extend(refusal.iter().map(|why| (format!("Refused: {}.", reported(why)), Role::Bad)));
    lines.extend(way);
    lines.extend(routes);
    let calls = plan.calls();
    let commands = calls.iter().map(|call| call.command(inputs.place)).collect();
    if plan.is_empty() {
        lines.push((format!("{NO_CHANGE}."), Role::Dim));
    } else {
        lines.push((String::new(), Role::Text));
        lines.extend(plan.dangers.iter().map(|words| (format!("Dangerous: {}.", reported(words)), Role::Warning)));
        lines.extend(plan.warnings.iter().map(|words| (format!("Note: {}.", reported(words)), Role::Text)));
        lines.push(serves_line(&plan.serves));
        lines.extend(call_lines(&calls));
    }
    let is_dangerous = plan.is_dangerous();
    let intent = (refusal.is_none() && !plan.is_empty()).then(|| Intent::Operate(Box::new(Operation::from(plan))));
    let is_asked = is_dangerous && intent.is_some();
    let idle = intent.is_none().then(|| NO_CHANGE.to_owned());
    let obstacle = refusal.map(|why| clean(&why).into_owned()).or(idle);
    Confirm { obstacle, ..Confirm::new(inputs, title, lines, intent, commands, is_asked) }
}

/// Each value before and after; the option's where that is another story.
fn row_lines(plan: &Plan) -> Vec<ConfirmLine> {
    let wide = plan.rows.iter().map(|row| row.key.len()).max().unwrap_or(0);
    plan.rows.iter().flat_map(|row| of_row(row, wide)).collect()
}

fn of_row(row: &ChangeRow, wide: usize) -> Vec<ConfirmLine> {
    let facts = find(&row.key).ok().map(|named| named.facts);
    let value = |value: Option<&str>| match value {
        None => "unset".to_owned(),
        Some("") => "\"\"".to_owned(),
        Some(value) => {
            let span = facts.and_then(|facts| facts.span(value)).map(|span| format!(" ({span})"));
            clean(value).into_owned() + &span.unwrap_or_default()
        }
    };
    let (seen, wanted) = (value(row.seen.as_deref()), value(row.wanted.as_deref()));
    let change = if seen == wanted { format!("{seen}, as it is") } else { format!("{seen}  →  {wanted}") };
    let mut lines = vec![(format!("{:<wide$}  {change}", row.key), Role::Title)];
    if let Some(option) = &row.option {
        let (before, after) = (value(option.seen.as_deref()), value(option.wanted.as_deref()));
        if (&before, &after) != (&seen, &wanted) {
            lines.push((
                format!("{:<wide$}  {before}  →  {after}", format!("  option {}", option.option.name)),
                Role::Text,
            ));
        }
    }
    lines
}

/// The routes, and what each means; nothing where there is no choice.
fn route_lines(draft: &Draft) -> Vec<ConfirmLine> {
    if draft.routes.len() < 2 {
        return Vec::new();
    }
    let line = |route: &Route| {
        let is_chosen = *route == draft.route;
        let mark = if is_chosen { "(•)" } else { "( )" };
        let (name, meaning) = route_words(*route);
        (format!("{mark} {name:<17}  {meaning}"), if is_chosen { Role::Text } else { Role::Dim })
    };
    let heading = [(String::new(), Role::Text)];
    heading.into_iter().chain(draft.routes.iter().map(line)).collect()
}

/// Returns the name of a route, and its meaning.
#[must_use]
pub fn route_words(route: Route) -> (&'static str, &'static str) {
    match route {
        // How long an update takes is from experience, UNVERIFIED (domain 2.7); that nothing restarts is documented (2.8).
        Route::Beanstalk => ("through Beanstalk", "lasts; updates the environment: about a minute, no restart"),
        Route::Elb => ("directly", "at once; Beanstalk may put its own value back later"),
        Route::Both => ("both", "directly first, then through Beanstalk"),
    }
}
