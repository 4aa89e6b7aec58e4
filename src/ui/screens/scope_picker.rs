//! The picker of a profile or a region.

use ratatui::layout::Rect;

use crate::app::screens::{ScopePart, ScopePicker};
use crate::app::{HitMap, Pane, State};
use crate::config::{Mark, Role};
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, draw_field, select};
use crate::ui::split::split_top;

/// The most names that are shown at once.
const MOST: usize = 16;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, picker: &ScopePicker, hits: &mut HitMap) {
    let shown = picker.shown();
    let (title, what) = match picker.part {
        ScopePart::Profile => ("Switch to which profile", "profile"),
        ScopePart::Region => ("Switch to which region", "region"),
    };
    let lines = picker.names.as_ref().map_or(1, Vec::len).clamp(3, MOST) + 2;
    let inside = dialog(canvas, body, title, 52, lines);
    let [field, rest] = split_top(inside, 2);
    let x = canvas.text(field.x, field.y, field.width, "/ ", Role::Key);
    let field = Rect { x, width: field.right().saturating_sub(x), height: 1, ..field };
    draw_field(canvas, field, picker.input.value(), picker.input.visual_cursor());
    if picker.names.is_none() {
        canvas.text(rest.x, rest.y, rest.width, &format!("reading {what}s …"), Role::Dim);
        return;
    }
    if shown.is_empty() {
        let words = if picker.names.as_ref().is_some_and(Vec::is_empty) { "there is no" } else { "no such" };
        canvas.text(rest.x, rest.y, rest.width, &format!("{words} {what}"), Role::Dim);
    }
    let scope = state.setup.scopes.get(state.setup.scope);
    let present = match picker.part {
        ScopePart::Profile => scope.and_then(|scope| scope.profile.clone()),
        ScopePart::Region => state.session().facts.region.clone().or_else(|| scope.and_then(|it| it.region.clone())),
    };
    for ((at, name), y) in shown.iter().enumerate().skip(picker.rows.scroll()).zip(rest.y..rest.bottom()) {
        if at == picker.rows.selected() {
            select(canvas, Rect { y, height: 1, ..rest });
        }
        let mark = if present.as_ref() == Some(name) { canvas.mark(Mark::Chosen) } else { " " };
        canvas.text_over(rest.x, y, rest.width, &format!("{mark} {}", clean(name)), Role::Text);
    }
    hits.add_counted(Pane::Dialog, area_of(rest), shown.len());
}
