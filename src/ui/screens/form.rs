//! The form: a line for each setting, with what is live, what was typed, and what it may be.

use ratatui::layout::Rect;

use crate::app::screens::{Form, FormLine, route_words};
use crate::app::{Area, Click, Cut, HitMap, Pane};
use crate::change::Route;
use crate::config::{Mark, Role};
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, draw_field};
use crate::ui::text::{cut, width, wrap};

/// How wide the form would like to be.
const WIDTH: u16 = 96;
/// Where there is little room, so many fields are in sight before what a field may be has more than so many lines.
const LEAST_FIELDS: u16 = 3;
const LEAST_BELOW: u16 = 1;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, form: &Form, hits: &mut HitMap) {
    let room = WIDTH.min(body.width.saturating_sub(4));
    let below = below(form, usize::from(room));
    // The fields under the names of their objects, a line between, the routes, what is wrong.
    let headings = form.lines.chunk_by(|one, other| one.group == other.group).count();
    let wanted = headings + form.lines.len() + 1 + Route::ALL.len() + 1 + below.len() + 1;
    let inside = dialog(canvas, body, &form.title, room, wanted);
    let key = form.lines.iter().map(|line| width(&line.field.key)).max().unwrap_or(0) as u16;
    let key = key.min(inside.width / 2);
    // Where there is little room, what the field may be goes before the field does.
    let fixed = (Route::ALL.len() + 2) as u16;
    let least = inside.height.saturating_sub(fixed + headings as u16 + 1 + (below.len() as u16).min(LEAST_BELOW));
    let room_of_fields = inside.height.saturating_sub(fixed + headings as u16 + 1 + below.len() as u16);
    let shown = usize::from(room_of_fields.max(least.min(LEAST_FIELDS)).max(1)).min(form.lines.len());
    hits.add(Pane::Dialog, Area { height: shown as u16, ..area_of(inside) });
    let mut y = draw_fields(canvas, inside, form, (key, shown)) + 1;
    draw_routes(canvas, Rect { y, height: Route::ALL.len() as u16, ..inside }, form);
    y += Route::ALL.len() as u16 + 1;
    for ((line, role), y) in below.iter().zip(y..inside.bottom()) {
        canvas.text(inside.x, y, inside.width, line, *role);
    }
    // The arrows and the space bar change a value of a list; they are no actions, and cannot be rebound.
    let hint =
        canvas.keyed("{pick-up}{pick-down} field   ←→ or space choose   {open} on to the confirmation   {back} cancel");
    canvas.text(inside.x, inside.bottom().saturating_sub(1), inside.width, &hint, Role::Dim);
}

/// Draws the fields that have room under the names of their objects, and how many more there are; the row after the last.
fn draw_fields(canvas: &mut Canvas<'_>, area: Rect, form: &Form, (key, shown): (u16, usize)) -> u16 {
    let first = form.rows.scroll();
    let mut y = area.y;
    let mut group = None;
    for (at, line) in form.lines.iter().enumerate().skip(first).take(shown) {
        if group != Some(&line.group) {
            canvas.text(area.x, y, area.width, &line.group, Role::Heading);
            if group.is_none() && form.lines.len() > shown {
                let words = format!("{}-{} of {}", first + 1, first + shown, form.lines.len());
                let x = area.right().saturating_sub(width(&words) as u16);
                canvas.text(x, y, area.right() - x, &words, Role::Warning);
            }
            group = Some(&line.group);
            y += 1;
        }
        let is_here = at == form.rows.selected() && !form.is_at_route;
        draw_line(canvas, Rect { y, height: 1, ..area }, form, line, (key, is_here));
        canvas.spot(Rect { y, height: 1, ..area }, Click::Line(at));
        y += 1;
    }
    y
}

fn draw_line(canvas: &mut Canvas<'_>, area: Rect, form: &Form, line: &FormLine, (key, at): (u16, bool)) {
    let mistake = line.mistake(form.route);
    let role = match (&mistake, line.is_changed()) {
        (Some(_), _) => Role::Bad,
        (None, true) => Role::After,
        (None, false) => Role::Text,
    };
    let name = cut(&line.field.key, usize::from(key), Cut::Middle, canvas.mark(Mark::Cut)).into_owned();
    canvas.text(area.x, area.y, key, &name, if at { Role::Accent } else { Role::Text });
    let mut x = area.x + key + 2;
    if line.is_changed() {
        let before = clean(line.field.live.as_deref().unwrap_or_default()).into_owned();
        x = canvas.text(x, area.y, (area.right() - x) / 2, &before, Role::Before) + 1;
        x = canvas.text(x, area.y, 1, canvas.mark(Mark::Becomes), Role::Dim) + 1;
    }
    let mut field = Rect { x, width: area.right().saturating_sub(x), ..area };
    if let Some(span) = line.field.facts.span(line.value()) {
        let words = format!("({span})");
        let wide = width(&words) as u16;
        let after = (width(line.value()) as u16 + 2).min(field.width.saturating_sub(wide));
        canvas.text(x + after, area.y, wide, &words, Role::Dim);
        field.width = after.saturating_sub(1);
    }
    if at && line.is_choice() {
        let text = format!("‹ {} ›", line.value());
        canvas.text(field.x, field.y, field.width, &text, Role::Accent);
    } else if at {
        draw_field(canvas, field, line.value(), line.input.visual_cursor());
    } else {
        canvas.text(field.x, field.y, field.width, line.value(), role);
    }
}

fn draw_routes(canvas: &mut Canvas<'_>, area: Rect, form: &Form) {
    for ((place, route), y) in Route::ALL.into_iter().enumerate().zip(area.y..area.bottom()) {
        canvas.spot(Rect { y, height: 1, ..area }, Click::Line(form.lines.len() + place));
        let is_chosen = route == form.route;
        let (name, meaning) = route_words(route);
        let mark = if is_chosen { "(•)" } else { "( )" };
        let role = match (is_chosen, form.is_at_route) {
            (true, true) => Role::Accent,
            (true, false) => Role::Text,
            (false, _) => Role::Dim,
        };
        canvas.text(area.x, y, area.width, &format!("{mark} {name:<17}  {meaning}"), role);
    }
}

/// What the line with the cursor may be, and what is wrong with it all.
fn below(form: &Form, room: usize) -> Vec<(String, Role)> {
    let mut reported = Vec::new();
    if let Some(line) = form.line() {
        let facts = line.field.facts;
        reported.push((format!("{}: {}.", facts.about, facts.kind.allowed()), Role::Dim));
    }
    // What is wrong is seen first where not all has room.
    let wrong = form.lines.iter().filter_map(|line| Some(format!("{}: {}", line.field.key, line.mistake(form.route)?)));
    let wrong = wrong.chain(form.objection.clone());
    reported.splice(0..0, wrong.map(|words| (clean(&words).into_owned(), Role::Bad)));
    reported.into_iter().flat_map(|(text, role)| wrap(&text, room).into_iter().map(move |line| (line, role))).collect()
}
