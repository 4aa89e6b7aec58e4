//! The dialog of a silence: what was found, the reason, in which environments, and the lines that go into the configuration.

use ratatui::layout::Rect;

use crate::app::screens::{SilenceForm, SilencePurpose};
use crate::app::{Click, Cut, State};
use crate::config::Role;
use crate::model::{clean, counted};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{dialog, draw_field};
use crate::ui::text::{cut, wrap};

/// How wide the dialog would like to be.
const WIDTH: u16 = 76;
/// What fields have to their left.
const LABEL: u16 = 12;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, form: &SilenceForm) {
    let room = WIDTH.min(body.width.saturating_sub(4));
    let summary = wrap(&form.summary, usize::from(room));
    let below = below(state, form, usize::from(room));
    let inside = dialog(canvas, body, &form.title(), room, summary.len() + 4 + below.len() + 2);
    let mut y = inside.y;
    for line in &summary {
        canvas.text(inside.x, y, inside.width, line, Role::Text);
        y += 1;
    }
    draw_fields(canvas, Rect { y: y + 1, height: 2, ..inside }, form);
    y += 4;
    for ((line, role), y) in below.iter().zip(y..inside.bottom().saturating_sub(1)) {
        canvas.text(inside.x, y, inside.width, line, *role);
    }
    let hint = canvas.keyed(match &form.purpose {
        _ if form.is_written => "being written …",
        SilencePurpose::Begin { is_at_reach: true, .. } => {
            "←→ or space choose   {next-field} the reason   {open} write   {back} cancel"
        }
        SilencePurpose::Begin { .. } => "{next-field} where   {open} write   {back} cancel",
        SilencePurpose::End { .. } => "{open} take it out   {back} cancel",
    });
    canvas.text(inside.x, inside.bottom().saturating_sub(1), inside.width, &hint, Role::Dim);
}

fn draw_fields(canvas: &mut Canvas<'_>, area: Rect, form: &SilenceForm) {
    let field = Rect { x: area.x + LABEL, width: area.width.saturating_sub(LABEL), height: 1, ..area };
    canvas.text(area.x, area.y, LABEL, "reason", Role::Dim);
    for at in 0..2 {
        canvas.spot(Rect { y: area.y + at, height: 1, ..area }, Click::Line(usize::from(at)));
    }
    match &form.purpose {
        SilencePurpose::Begin { reason, is_everywhere, is_at_reach } => {
            if *is_at_reach || form.is_written {
                canvas.text(field.x, field.y, field.width, reason.value(), Role::Input);
            } else {
                draw_field(canvas, field, reason.value(), reason.visual_cursor());
            }
            let chosen = if *is_everywhere { "all environments".to_owned() } else { clean(&form.name).into_owned() };
            let (text, role) =
                if *is_at_reach { (format!("‹ {chosen} ›"), Role::Accent) } else { (chosen, Role::Text) };
            canvas.text(area.x, area.y + 1, LABEL, "in", Role::Dim);
            canvas.text(field.x, field.y + 1, field.width, &text, role);
        }
        SilencePurpose::End { reason, pattern, others } => {
            canvas.text(field.x, field.y, field.width, &clean(reason), Role::Text);
            canvas.text(area.x, area.y + 1, LABEL, "in", Role::Dim);
            let more = match others {
                0 => String::new(),
                _ => format!("   (and {} more that it covers)", counted(*others as u64, "environment")),
            };
            canvas.text(field.x, field.y + 1, field.width, &format!("{}{more}", clean(pattern)), Role::Text);
        }
    }
}

/// Where it is written and the lines of it, or what is missing; then why it could not be written.
fn below(state: &State, form: &SilenceForm, room: usize) -> Vec<(String, Role)> {
    let place = state.setup.configuration.as_deref().unwrap_or("the configuration");
    let (verb, role) = match form.purpose {
        SilencePurpose::Begin { .. } => ("Adds to", Role::After),
        SilencePurpose::End { .. } => ("Takes out of", Role::Before),
    };
    let mut lines = match form.planned() {
        Ok(edit) => {
            let text = edit.to_string();
            let shown = text.lines().map(|line| (clean(line).into_owned(), role));
            std::iter::once((format!("{verb} {}:", clean(place)), Role::Dim)).chain(shown).collect()
        }
        Err(why) => vec![(why.to_owned(), Role::Warning)],
    };
    let short = |(line, role): (String, Role)| (cut(&line, room, Cut::Middle, "…").into_owned(), role);
    lines = lines.into_iter().map(short).collect();
    lines.resize(lines.len().max(3), (String::new(), Role::Text));
    let failure = form.failure.iter().flat_map(|why| wrap(why, room)).map(|line| (line, Role::Bad));
    lines.into_iter().chain(failure).collect()
}
