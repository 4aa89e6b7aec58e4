//! The form for an option: its name and value, the options that match, and what Beanstalk says about the one that was typed.

use ratatui::layout::Rect;

use crate::app::screens::OptionForm;
use crate::app::{Click, Cut, State};
use crate::change::{replaced_by, takes};
use crate::config::Role;
use crate::model::{ChangeSeverity, clean, counted};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{dialog, draw_field};
use crate::ui::text::{cut, wrap};

/// How wide the dialog would like to be.
const WIDTH: u16 = 76;
/// What fields have to their left.
const LABEL: u16 = 8;
/// How many lines are below the fields.
const BELOW: usize = 8;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, form: &OptionForm) {
    let room = WIDTH.min(body.width.saturating_sub(4));
    let inside = dialog(canvas, body, &form.title, room, BELOW + 5);
    draw_fields(canvas, Rect { y: inside.y + 1, height: 2, ..inside }, form);
    let below = if form.is_at_value {
        about(state, form, usize::from(inside.width))
    } else {
        matching(state, form, usize::from(inside.width))
    };
    for ((line, role), y) in below.iter().take(BELOW).zip(inside.y + 4..inside.bottom().saturating_sub(1)) {
        canvas.text(inside.x, y, inside.width, line, *role);
    }
    let hint = canvas.keyed(if form.is_at_value {
        "{next-field} the option   {open} go on   {back} cancel"
    } else {
        "{pick-down} {pick-up} choose   {open} take it   {next-field} the value   {back} cancel"
    });
    canvas.text(inside.x, inside.bottom().saturating_sub(1), inside.width, &hint, Role::Dim);
}

fn draw_fields(canvas: &mut Canvas<'_>, area: Rect, form: &OptionForm) {
    let field = Rect { x: area.x + LABEL, width: area.width.saturating_sub(LABEL), height: 1, ..area };
    let value = form.value.0.value();
    let shown = if form.is_hidden() { "•".repeat(value.chars().count()) } else { value.to_owned() };
    let rows = [
        ("option", form.option.value().to_owned(), form.option.visual_cursor(), !form.is_at_value),
        ("value", shown, form.value.0.visual_cursor(), form.is_at_value),
    ];
    for ((label, text, cursor, has_keys), y) in rows.into_iter().zip(area.y..) {
        canvas.text(area.x, y, LABEL, label, Role::Dim);
        canvas.spot(Rect { y, height: 1, ..area }, Click::Line(usize::from(y - area.y)));
        let field = Rect { y, ..field };
        // The end of what is typed is what matters, where not all has room.
        let width = usize::from(field.width.saturating_sub(1));
        let skipped = text.chars().count().saturating_sub(width);
        let text: String = text.chars().skip(skipped).collect();
        if has_keys {
            draw_field(canvas, field, &text, cursor.saturating_sub(skipped));
        } else {
            canvas.text(field.x, field.y, field.width, &text, Role::Input);
        }
    }
}

/// The options that match what is typed, around the chosen one.
fn matching(state: &State, form: &OptionForm, room: usize) -> Vec<(String, Role)> {
    let matches = form.matches(state);
    if matches.is_empty() {
        return vec![("no option matches".to_owned(), Role::Dim)];
    }
    let shown = BELOW - 1;
    let first = form.chosen.saturating_sub(shown - 1);
    let mut lines: Vec<_> = matches
        .iter()
        .enumerate()
        .skip(first)
        .take(shown)
        .map(|(place, option)| {
            let path = option.path();
            let what = if path.is_property() { "   environment property" } else { "" };
            let text = format!("{path}{what}");
            let text = cut(&clean(&text), room, Cut::Middle, "…").into_owned();
            (text, if place == form.chosen { Role::Selected } else { Role::Text })
        })
        .collect();
    if matches.len() > shown {
        lines.push((format!("{} of {}", lines.len(), counted(matches.len() as u64, "option")), Role::Dim));
    }
    lines
}

/// What there is to know about the option that was typed.
fn about(state: &State, form: &OptionForm, room: usize) -> Vec<(String, Role)> {
    let Some(path) = form.path() else {
        return vec![("an option is a namespace, a colon and a name".to_owned(), Role::Warning)];
    };
    if let Some(why) = replaced_by(&path) {
        return vec![(format!("cannot be changed: {why}"), Role::Bad)];
    }
    let settings = state.snapshot().inventory.settings.get(&form.environment);
    let now = settings.and_then(|settings| settings.get(&path.namespace, &path.name));
    if path.is_property() {
        let now = if now.is_some() { "it has a value now" } else { "it has no value now" };
        let words = format!(
            "{now}. The value is never shown, logged or kept: this can neither be undone nor resumed. Beanstalk restarts the \
             application servers. An empty value removes the property."
        );
        return wrap(&words, room).into_iter().map(|line| (line, Role::Text)).collect();
    }
    let Some(option) = form.description(state) else {
        return vec![("the environment has no such option".to_owned(), Role::Warning)];
    };
    let value = |value: Option<&str>| value.map_or("unset".to_owned(), |value| clean(value).into_owned());
    let interrupts = match option.severity.as_ref() {
        Some(ChangeSeverity::NoInterruption) => "nothing (NoInterruption)".to_owned(),
        Some(ChangeSeverity::RestartApplicationServer) => {
            "the application servers (RestartApplicationServer)".to_owned()
        }
        Some(ChangeSeverity::RestartEnvironment) => "all instances: they are replaced (RestartEnvironment)".to_owned(),
        Some(other) => format!("not known ({})", clean(other.as_str())),
        None => "not known: Beanstalk does not say".to_owned(),
    };
    let facts = [
        format!("now        {}", value(now)),
        format!("default    {}", value(option.default.as_deref())),
        format!("takes      {}", clean(&takes(option))),
        format!("interrupts {interrupts}"),
        "an empty value removes it from the environment".to_owned(),
    ];
    let lines = facts.iter().flat_map(|fact| wrap(fact, room).into_iter().take(3));
    lines.map(|line| (line, Role::Text)).collect()
}
