//! What is asked before something is written: the picker of versions, and the confirmation.

use ratatui::layout::Rect;

use super::{area_of, dialog, select};
use crate::app::dialog::{Button, Confirm, Dialog, Picker};
use crate::app::{Area, State};
use crate::config::{Mark, Role};
use crate::model::{ApplicationVersion, clean, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::split_top;
use crate::ui::text::{width, wrap};

/// Draws it; where the versions stand, if they are asked for.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, what: &Dialog) -> Option<Area> {
    match what {
        Dialog::Versions(picker) => Some(draw_picker(canvas, body, state, picker)),
        Dialog::Confirm(confirm) => {
            draw_confirm(canvas, body, confirm);
            None
        }
    }
}

fn draw_picker(canvas: &mut Canvas<'_>, body: Rect, state: &State, picker: &Picker) -> Area {
    let shown = picker.shown(&state.inventory);
    let lines = shown.as_ref().map_or(1, Vec::len).clamp(3, 16) + 2;
    let title = format!("Deploy which version to {}", clean(&picker.name));
    let inside = dialog(canvas, body, &title, 84, lines);
    let [field, rest] = split_top(inside, 2);
    let x = canvas.text(field.x, field.y, field.width, "/ ", Role::Key);
    draw_field(
        canvas,
        Rect { x, width: field.right().saturating_sub(x), height: 1, ..field },
        picker.input.value(),
        picker.input.visual_cursor(),
    );
    let Some(shown) = shown else {
        let fault = state.poller.ledger.fault(&picker.source());
        let words = fault.map_or_else(|| "reading versions …".to_owned(), |fault| clean(&fault.advice()).into_owned());
        for (line, y) in wrap(&words, usize::from(rest.width)).iter().zip(rest.y..rest.bottom()) {
            canvas.text(rest.x, y, rest.width, line, Role::Dim);
        }
        return area_of(rest);
    };
    if shown.is_empty() {
        canvas.text(rest.x, rest.y, rest.width, "no version matches", Role::Dim);
    }
    let environment = state.inventory.environments.get(&picker.environment);
    let running = environment.and_then(|it| it.version.as_ref());
    let label = shown.iter().map(|version| width(&clean(&version.label))).max().unwrap_or(0).min(36) as u16;
    for ((at, version), y) in shown.iter().enumerate().skip(picker.scroll).zip(rest.y..rest.bottom()) {
        let line = Rect { y, height: 1, ..rest };
        if at == picker.selected {
            select(canvas, line);
        }
        draw_version(canvas, line, state, version, label, running == Some(&version.label));
    }
    area_of(rest)
}

fn draw_version(
    canvas: &mut Canvas<'_>,
    line: Rect,
    state: &State,
    it: &ApplicationVersion,
    label: u16,
    running: bool,
) {
    let obstacle = ApplicationVersion::obstacle(it.status.as_ref());
    let role = if obstacle.is_some() { Role::Dim } else { Role::Text };
    canvas.text_over(line.x, line.y, label, &it.label, role);
    let x = line.x + label + 2;
    let age = it.created.map_or(String::new(), |at| format!("{:>6} ago", span_words(state.shown_at().since(at))));
    let x = canvas.text_over(x, line.y, line.right().saturating_sub(x), &age, Role::Dim) + 2;
    let status = it.status.as_ref().map(|status| status.as_str().to_lowercase()).filter(|_| obstacle.is_some());
    let words = match (running, status, it.description.as_deref()) {
        (true, ..) => "deployed now".to_owned(),
        (_, Some(status), _) => status,
        (_, None, Some(description)) => clean(description).into_owned(),
        _ => String::new(),
    };
    canvas.text_over(x, line.y, line.right().saturating_sub(x), &words, Role::Dim);
}

/// A field with its cursor.
fn draw_field(canvas: &mut Canvas<'_>, area: Rect, text: &str, cursor: usize) {
    canvas.text(area.x, area.y, area.width, text, Role::Input);
    let x = area.x + (cursor as u16).min(area.width.saturating_sub(1));
    canvas.tint(Rect { x, width: 1, ..area }, Role::Selected);
}

fn draw_confirm(canvas: &mut Canvas<'_>, body: Rect, confirm: &Confirm) {
    let room = 84.min(body.width.saturating_sub(4));
    let lines: Vec<_> = confirm
        .lines
        .iter()
        .flat_map(|(text, role)| wrap(text, usize::from(room)).into_iter().map(move |line| (line, *role)))
        .collect();
    let name = if confirm.wanted.is_some() { 2 } else { 0 };
    let inside = dialog(canvas, body, &confirm.title, room, lines.len() + 2 + name);
    for ((line, role), y) in lines.iter().zip(inside.y..inside.bottom()) {
        canvas.text(inside.x, y, inside.width, line, *role);
    }
    if let Some(wanted) = &confirm.wanted {
        let y = inside.bottom().saturating_sub(3);
        let label = format!("production: type {} ", clean(wanted));
        let x = canvas.text(inside.x, y, inside.width, &label, Role::Warning);
        let field = Rect { x, y, width: inside.right().saturating_sub(x), height: 1 };
        if confirm.button == Button::Name {
            draw_field(canvas, field, confirm.typed.value(), confirm.typed.visual_cursor());
        } else {
            canvas.text(field.x, field.y, field.width, confirm.typed.value(), Role::Input);
        }
        if confirm.is_named() {
            canvas.text(field.right().saturating_sub(1), y, 1, canvas.mark(Mark::Done), Role::Good);
        }
    }
    draw_buttons(canvas, Rect { y: inside.bottom().saturating_sub(1), height: 1, ..inside }, confirm);
}

/// The buttons at the right, and what else a key does at the left.
fn draw_buttons(canvas: &mut Canvas<'_>, area: Rect, confirm: &Confirm) {
    let hint = "tab next   w copy as aws command";
    let buttons = [("[ Cancel ]", Button::Cancel), ("[ Apply ]", Button::Apply)];
    let wide: usize = buttons.iter().map(|(text, _)| width(text) + 2).sum();
    let mut x = area.right().saturating_sub(wide as u16);
    canvas.text(area.x, area.y, x.saturating_sub(area.x + 1), hint, Role::Dim);
    for (text, button) in buttons {
        let role = match (confirm.button == button, button) {
            (true, _) => Role::Accent,
            (false, Button::Apply) if !confirm.is_named() => Role::Dim,
            (false, _) => Role::Text,
        };
        let end = canvas.text(x, area.y, area.right().saturating_sub(x), text, role);
        if confirm.button == button {
            canvas.tint(Rect { x, width: end - x, ..area }, Role::Selected);
        }
        x = end + 2;
    }
}
