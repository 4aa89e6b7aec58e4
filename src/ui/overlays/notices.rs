//! Messages that need no decision: something is being read, a different value is live, which target groups there are.

use ratatui::layout::Rect;

use super::frame::{area_of, dialog, select};
use crate::app::dialog::{Conflict, GroupPicker};
use crate::app::settings::DraftContent;
use crate::app::{HitMap, Pane, State};
use crate::config::Role;
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::text::{width, wrap};

/// Shows that something is being read first; `title` names the action that waits for it.
pub fn waiting(canvas: &mut Canvas<'_>, body: Rect, state: &State, title: &str) {
    let words = match () {
        () if state.paused.is_some() => {
            let key = state.key_name(crate::app::Action::Pause);
            format!("the screen is paused: {key} goes on, and reads what this needs")
        }
        () if !state.session().is_open() => {
            "there is no session with AWS just now; it goes on as soon as there is one".to_owned()
        }
        () => "reading what is live …".to_owned(),
    };
    let inside = dialog(canvas, body, title, 60, 3);
    canvas.text(inside.x, inside.y + 1, inside.width, &words, Role::Dim);
}

/// The target groups to choose among.
pub fn groups(canvas: &mut Canvas<'_>, body: Rect, picker: &GroupPicker, hits: &mut HitMap) {
    let title = format!("Which target group of {}", clean(&picker.name));
    let wide = picker.choices.iter().map(|(words, _)| width(words)).max().unwrap_or(0).max(40) as u16;
    let inside = dialog(canvas, body, &title, wide, picker.choices.len());
    hits.add(Pane::Dialog, area_of(inside));
    let shown = picker.choices.iter().enumerate().skip(picker.rows.scroll());
    for ((at, (words, _)), y) in shown.zip(inside.y..inside.bottom()) {
        if at == picker.rows.selected() {
            select(canvas, Rect { y, height: 1, ..inside });
        }
        canvas.text_over(inside.x, y, inside.width, words, Role::Text);
    }
}

/// Draws a conflict: the seen, the live and the wanted value.
pub fn conflict(canvas: &mut Canvas<'_>, body: Rect, conflict: &Conflict) {
    let mut lines = vec![
        ("Nothing was written: something else is live than what you saw.".to_owned(), Role::Warning),
        (String::new(), Role::Text),
    ];
    for it in &conflict.differences {
        lines.push((clean(&it.key).into_owned(), Role::Title));
        let wanted = it.wanted.as_deref();
        let values = [("you saw", Some(&*it.seen)), ("it is now", Some(&*it.live)), ("you wanted", wanted)];
        let values = values.into_iter().filter_map(|(name, value)| Some((name, value?)));
        lines.extend(values.map(|(name, value)| (format!("  {name:<11} {}", clean(value)), Role::Text)));
    }
    let is_undo = matches!(conflict.draft.what, DraftContent::Undo(_));
    let ending = if is_undo {
        "What was to be put back has been changed since, so it is left as it is. {open} or {back} closes."
    } else {
        "{open} looks at what is live now and asks again; {back} leaves it as it is."
    };
    lines.extend([(String::new(), Role::Text), (canvas.keyed(ending), Role::Dim)]);
    let room = 76.min(body.width.saturating_sub(4));
    let wrapped: Vec<_> = lines
        .iter()
        .flat_map(|(text, role)| wrap(text, usize::from(room)).into_iter().map(move |it| (it, *role)))
        .collect();
    let inside = dialog(canvas, body, "Conflict", room, wrapped.len());
    for ((line, role), y) in wrapped.iter().zip(inside.y..inside.bottom()) {
        canvas.text(inside.x, y, inside.width, line, *role);
    }
}
