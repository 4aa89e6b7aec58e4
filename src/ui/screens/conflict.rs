//! A conflict: the seen, the live and the wanted value.

use ratatui::layout::Rect;

use crate::app::DraftContent;
use crate::app::screens::Conflict;
use crate::config::Role;
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::dialog;
use crate::ui::text::wrap;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, conflict: &Conflict) {
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
