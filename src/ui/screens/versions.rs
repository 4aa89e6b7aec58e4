//! The picker of application versions.

use ratatui::layout::Rect;

use crate::app::screens::VersionPicker;
use crate::app::{HitMap, Pane, State};
use crate::config::Role;
use crate::model::{ApplicationVersion, clean, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, draw_field, select};
use crate::ui::split::split_top;
use crate::ui::text::{width, wrap};

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, picker: &VersionPicker, hits: &mut HitMap) {
    let shown = picker.shown(&state.snapshot().inventory);
    let lines = shown.as_ref().map_or(1, Vec::len).clamp(3, 16) + 2;
    let name = clean(&picker.name);
    let (title, why) = match &picker.rollback {
        Some(rollback) => (format!("Roll {name} back to which version"), Some(&rollback.why)),
        None => (format!("Deploy which version to {name}"), None),
    };
    let why = why.map_or(Vec::new(), |why| wrap(&format!("{why}: choose another."), 80));
    let inside = dialog(canvas, body, &title, 84, lines + why.len());
    let [above, inside] = split_top(inside, why.len() as u16);
    for (line, y) in why.iter().zip(above.y..above.bottom()) {
        canvas.text(above.x, y, above.width, line, Role::Warning);
    }
    let [field, rest] = split_top(inside, 2);
    let x = canvas.text(field.x, field.y, field.width, "/ ", Role::Key);
    draw_field(
        canvas,
        Rect { x, width: field.right().saturating_sub(x), height: 1, ..field },
        picker.input.value(),
        picker.input.visual_cursor(),
    );
    let Some(shown) = shown else {
        let fault = state.snapshot().reads.fault(&picker.source());
        let words = fault.map_or_else(|| "reading versions …".to_owned(), |fault| clean(&fault.advice()).into_owned());
        for (line, y) in wrap(&words, usize::from(rest.width)).iter().zip(rest.y..rest.bottom()) {
            canvas.text(rest.x, y, rest.width, line, Role::Dim);
        }
        return;
    };
    if shown.is_empty() {
        canvas.text(rest.x, rest.y, rest.width, "no version matches", Role::Dim);
    }
    let environment = state.snapshot().inventory.environments.get(&picker.environment);
    let running = environment.and_then(|it| it.version.as_ref());
    let label = shown.iter().map(|version| width(&clean(&version.label))).max().unwrap_or(0).min(36) as u16;
    for ((at, version), y) in shown.iter().enumerate().skip(picker.rows.scroll()).zip(rest.y..rest.bottom()) {
        let line = Rect { y, height: 1, ..rest };
        if at == picker.rows.selected() {
            select(canvas, line);
        }
        draw_version(canvas, line, state, version, label, running == Some(&version.label));
    }
    hits.add_counted(Pane::Dialog, area_of(rest), shown.len());
}

/// Draws a version in a line: its label, its age, and what is to be known of it.
pub fn draw_version(
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
