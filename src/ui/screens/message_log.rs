//! `!`: what went wrong, newest first; the selected entry whole, with its request id and what to do.

use ratatui::layout::Rect;

use crate::app::screens::MessageLog;
use crate::app::{HitMap, Pane, State};
use crate::config::Role;
use crate::model::clean;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, select};
use crate::ui::split::{split_bottom, split_top};
use crate::ui::text::wrap;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &MessageLog, hits: &mut HitMap) {
    let inside = dialog(canvas, body, "Log", body.width, usize::from(body.height));
    let newest = || state.messages.log.iter().rev();
    let room = usize::from(inside.width);
    let whole = newest().nth(list.rows.selected()).map_or_else(Vec::new, |entry| {
        let mut lines = wrap(&entry.text, room);
        if let Some(fault) = &entry.fault {
            lines.extend(wrap(&fault.advice(), room));
            lines.extend(fault.request_id.iter().map(|id| format!("request id {id}")));
            lines.extend(fault.details.iter().flat_map(|details| wrap(&clean(details), room)));
        }
        lines
    });
    let below = (whole.len() as u16 + 1).min(inside.height.saturating_sub(3));
    let [lines, detail] = split_bottom(inside, below);
    if state.messages.log.is_empty() {
        canvas.text(lines.x, lines.y, lines.width, "nothing went wrong so far", Role::Dim);
    }
    for ((at, entry), y) in newest().enumerate().skip(list.rows.scroll()).zip(lines.y..lines.bottom()) {
        if at == list.rows.selected() {
            select(canvas, Rect { y, height: 1, ..lines });
        }
        let time = entry.at.0.to_zoned(state.setup.time_zone.clone()).strftime("%H:%M:%S").to_string();
        let x = canvas.text_over(lines.x, y, lines.width, &time, Role::Dim) + 2;
        canvas.text_over(x, y, lines.right().saturating_sub(x), &entry.text, Role::Text);
    }
    let [_, detail] = split_top(detail, 1);
    for (line, y) in whole.iter().zip(detail.y..detail.bottom()) {
        canvas.text(detail.x, y, detail.width, line, Role::Text);
    }
    hits.add_counted(Pane::List, area_of(lines), state.messages.log.len());
}
