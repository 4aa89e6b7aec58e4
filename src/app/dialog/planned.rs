//! The confirmation of an edit: before and after, the route, what there is to know, the exact calls.

use super::confirm::{Confirm, Ground, Intent, call_lines, serves_line};
use crate::app::settings::Draft;
use crate::change::{Mistake, Plan, Route, Row};
use crate::config::Role;
use crate::model::clean;

type Line = (String, Role);

impl Confirm {
    /// A confirmation of a draft as it was planned; one that cannot be planned says why, and may be by another route.
    #[must_use]
    pub fn of_draft(ground: &Ground<'_>, draft: Draft, plan: Result<Plan, Mistake>) -> Self {
        let title = draft.title.clone();
        let routes = route_lines(&draft);
        let mut confirm = match plan {
            Ok(plan) => of_plan(ground, title, plan, routes),
            Err(mistake) => {
                let mut lines = vec![(clean(&mistake.to_string()).into_owned(), Role::Bad)];
                lines.extend(routes);
                Self::new(ground, title, lines, None, Vec::new(), false)
            }
        };
        confirm.draft = Some(draft);
        confirm
    }
}

fn of_plan(ground: &Ground<'_>, title: String, plan: Plan, routes: Vec<Line>) -> Confirm {
    let told = |words: &String| clean(words).into_owned();
    // Where not all has room, what matters most is what is seen first.
    let refusal = plan.refusal.as_ref().map(ToString::to_string);
    let mut lines: Vec<Line> = row_lines(&plan);
    lines.extend(refusal.iter().map(|why| (format!("Refused: {}.", told(why)), Role::Bad)));
    lines.extend(routes);
    let calls = plan.calls();
    let commands = calls.iter().map(|call| call.command(ground.place)).collect();
    if plan.is_empty() {
        lines.push(("It is so already: nothing would be called.".into(), Role::Dim));
    } else {
        lines.push((String::new(), Role::Text));
        lines.extend(plan.dangers.iter().map(|words| (format!("Dangerous: {}.", told(words)), Role::Warning)));
        lines.extend(plan.warnings.iter().map(|words| (format!("Note: {}.", told(words)), Role::Text)));
        lines.push(serves_line(&plan.serves));
        lines.extend(call_lines(&calls));
    }
    let is_dangerous = plan.is_dangerous();
    let intent = (refusal.is_none() && !plan.is_empty()).then(|| Intent::Change(Box::new(plan)));
    let is_asked = is_dangerous && intent.is_some();
    Confirm::new(ground, title, lines, intent, commands, is_asked)
}

/// Each value before and after; the option's where that is another story.
fn row_lines(plan: &Plan) -> Vec<Line> {
    let wide = plan.rows.iter().map(|row| row.key.len()).max().unwrap_or(0);
    plan.rows.iter().flat_map(|row| of_row(row, wide)).collect()
}

fn of_row(row: &Row, wide: usize) -> Vec<Line> {
    let value = |value: Option<&str>| match value {
        None => "unset".to_owned(),
        Some("") => "\"\"".to_owned(),
        Some(value) => clean(value).into_owned(),
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
fn route_lines(draft: &Draft) -> Vec<Line> {
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

/// What a route is called, and what it means.
#[must_use]
pub fn route_words(route: Route) -> (&'static str, &'static str) {
    match route {
        // How long an update takes is from experience, UNVERIFIED (domain 2.7); that nothing restarts is documented (2.8).
        Route::Beanstalk => ("through Beanstalk", "lasts; updates the environment: about a minute, no restart"),
        Route::Elb => ("directly", "at once; Beanstalk may put its own value back later"),
        Route::Both => ("both", "directly first, then through Beanstalk"),
    }
}
