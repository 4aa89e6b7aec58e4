//! The form of a probe: its fields, and what would be sent.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::app::Click;
use crate::app::screens::{ProbeField, ProbeForm};
use crate::config::Role;
use crate::model::{clean, counted, span_words};
use crate::probe::ProbePlan;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{dialog, draw_field};
use crate::ui::text::wrap;

const WIDE: u16 = 92;
/// The column of the values.
const NAMES: u16 = 16;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, form: &ProbeForm) {
    let room = WIDE.min(body.width.saturating_sub(4));
    let below = below(form, usize::from(room));
    let fields = ProbeField::ALL.len();
    let inside = dialog(canvas, body, &form.title, room, fields + 1 + below.len() + 2);
    for (field, y) in ProbeField::ALL.into_iter().zip(inside.y..inside.bottom()) {
        let line = Rect { y, height: 1, ..inside };
        draw_line(canvas, line, form, field);
        canvas.spot(line, Click::Line(field as usize));
    }
    let first = inside.y + fields as u16 + 1;
    for ((line, role), y) in below.iter().zip(first..inside.bottom().saturating_sub(1)) {
        canvas.text(inside.x, y, inside.width, line, *role);
    }
    let hint = canvas.keyed("{next-field} next field   {open} probe now   {back} cancel");
    canvas.text(inside.x, inside.bottom().saturating_sub(1), inside.width, &hint, Role::Dim);
}

fn draw_line(canvas: &mut Canvas<'_>, area: Rect, form: &ProbeForm, field: ProbeField) {
    let (is_here, input) = (form.field() == field, &form.inputs[field as usize]);
    canvas.text(area.x, area.y, NAMES, field.name(), if is_here { Role::Accent } else { Role::Text });
    let place = Rect { x: area.x + NAMES, width: area.width.saturating_sub(NAMES), ..area };
    let is_wrong = matches!(&form.planned, Err((Some(wrong), _)) if *wrong == field);
    if is_here {
        draw_field(canvas, place, input.value(), input.visual_cursor());
    } else if input.value().is_empty() {
        canvas.text(place.x, place.y, place.width, field.when_empty().unwrap_or_default(), Role::Dim);
    } else {
        let role = if is_wrong { Role::Bad } else { Role::Input };
        canvas.text(place.x, place.y, place.width, input.value(), role);
    }
}

/// What the field is for, and what would be sent, or what is wrong.
fn below(form: &ProbeForm, room: usize) -> Vec<(String, Role)> {
    let field = form.field();
    let empty = field.when_empty().map(|words| format!(" Empty: {words}.")).unwrap_or_default();
    let mut lines = vec![(format!("{}{empty}", field.about()), Role::Dim), (String::new(), Role::Text)];
    match &form.planned {
        Ok(target) => lines.extend(sent(&target.plan).into_iter().map(|line| (line, Role::Text))),
        Err((field, why)) => {
            let field = field.map(|field| format!("{}: ", field.name())).unwrap_or_default();
            lines.push((format!("{field}{why}"), Role::Bad));
        }
    }
    let wrapped = lines.into_iter().flat_map(|(line, role)| {
        wrap(&clean(&line), room).into_iter().map(move |piece| (piece, role)).collect::<Vec<_>>()
    });
    wrapped.collect()
}

/// What is sent, where to, and what is not.
fn sent(plan: &ProbePlan) -> Vec<String> {
    let destination = &plan.destination;
    let at = if *destination.address == *plan.host {
        String::new()
    } else {
        format!(", connected to {}:{}", destination.address, destination.port)
    };
    let span = Duration::from_secs(plan.longest().as_secs().max(1));
    let requests = counted(plan.most_requests(), "request");
    vec![
        format!("Sends at most {requests}, about 4 a second, for {} at most, to {}{at}", span_words(span), plan.url()),
        "They come from this machine as User-Agent beanpole-probe, without your cookies or credentials, and the \
         application and its logs see them. Nothing in AWS is changed, so read-only mode allows it."
            .to_owned(),
    ]
}
