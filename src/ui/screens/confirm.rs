//! The confirmation: what will happen, and the buttons.

use ratatui::layout::Rect;

use crate::app::screens::{Button, Confirm};
use crate::app::{Area, Click, HitMap, Pane};
use crate::config::{Mark, Role};
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, draw_field};
use crate::ui::text::{width, wrap};

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, confirm: &Confirm, hits: &mut HitMap) {
    let room = 84.min(body.width.saturating_sub(4));
    let lines: Vec<_> = confirm
        .lines
        .iter()
        .flat_map(|(text, role)| wrap(text, usize::from(room)).into_iter().map(move |line| (line, *role)))
        .collect();
    let name = if confirm.wanted.is_some() { 2 } else { 0 };
    let inside = dialog(canvas, body, &confirm.title, room, lines.len() + 2 + name);
    let text = Rect { height: inside.height.saturating_sub(2 + name as u16), ..inside };
    // The last row shows which part of a long text is on screen.
    let shown = if lines.len() > usize::from(text.height) { text.height.saturating_sub(1) } else { text.height };
    hits.add_counted(Pane::Dialog, Area { height: shown, ..area_of(text) }, lines.len());
    draw_text(canvas, text, &lines, confirm.text.scroll(), usize::from(shown));
    if let Some(wanted) = &confirm.wanted {
        let y = inside.bottom().saturating_sub(3);
        let why = if confirm.is_production { "production: " } else { "" };
        let label = format!("{why}type {} ", clean(wanted));
        let x = canvas.text(inside.x, y, inside.width, &label, Role::Warning);
        let field = Rect { x, y, width: inside.right().saturating_sub(x), height: 1 };
        canvas.spot(field, Click::Button(Button::Name));
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

/// The text; where it has no room, what is on screen of it and that there is more.
fn draw_text(canvas: &mut Canvas<'_>, area: Rect, lines: &[(String, Role)], first: usize, shown: usize) {
    for ((line, role), y) in lines.iter().skip(first).take(shown).zip(area.y..area.bottom()) {
        canvas.text(area.x, y, area.width, line, *role);
    }
    if lines.len() > shown {
        let last = (first + shown).min(lines.len());
        let words = format!(
            "lines {} to {last} of {}: {{scroll-down}} and {{scroll-up}} show the others",
            first + 1,
            lines.len()
        );
        let words = canvas.keyed(&words);
        canvas.text(area.x, area.bottom().saturating_sub(1), area.width, &words, Role::Warning);
    }
}

/// The buttons at the right, and what else a key does at the left.
fn draw_buttons(canvas: &mut Canvas<'_>, area: Rect, confirm: &Confirm) {
    let routes = confirm.draft.as_ref().is_some_and(|draft| draft.routes.len() > 1);
    let route = if routes { "{pick-down} route   " } else { "" };
    let copy = if confirm.commands.is_empty() { "" } else { "   {copy-command} copy as aws command" };
    let hint = canvas.keyed(&format!("{route}{{next-button}} next{copy}"));
    let (keep, deed) = confirm.button_words();
    let buttons = [(format!("[ {keep} ]"), Button::Cancel), (format!("[ {deed} ]"), Button::Apply)];
    let wide: usize = buttons.iter().map(|(text, _)| width(text) + 2).sum();
    let mut x = area.right().saturating_sub(wide as u16);
    canvas.text(area.x, area.y, x.saturating_sub(area.x + 1), &hint, Role::Dim);
    for (text, button) in buttons {
        let role = match (confirm.button == button, button) {
            (_, Button::Apply) if !confirm.can_apply() => Role::Dim,
            (true, _) => Role::Accent,
            (false, _) => Role::Text,
        };
        let end = canvas.text(x, area.y, area.right().saturating_sub(x), &text, role);
        canvas.spot(Rect { x, width: end - x, ..area }, Click::Button(button));
        if confirm.button == button {
            canvas.tint(Rect { x, width: end - x, ..area }, Role::Selected);
        }
        x = end + 2;
    }
}
