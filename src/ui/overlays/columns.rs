//! `C` and `s`: the Fleet's columns, to show, to hide, or to sort by.

use ratatui::layout::Rect;

use super::frame::{area_of, dialog, select};
use crate::app::fleet::COLUMNS;
use crate::app::{Area, List, Overlay, State};
use crate::config::{Mark, Role};
use crate::ui::canvas::Canvas;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &List) -> Area {
    let sorting = list.overlay == Overlay::Sort;
    let inside = dialog(canvas, body, if sorting { "Sort by" } else { "Columns" }, 76, COLUMNS.len());
    let lines = COLUMNS.iter().enumerate().skip(list.rows.scroll());
    for ((at, facts), y) in lines.zip(inside.y..inside.bottom()) {
        if at == list.rows.selected() {
            select(canvas, Rect { y, height: 1, ..inside });
        }
        let chosen =
            if sorting { state.fleet.sort == facts.column } else { state.fleet.columns.contains(&facts.column) };
        let mark = if chosen { canvas.mark(if sorting { Mark::Chosen } else { Mark::Done }) } else { " " };
        canvas.text_over(inside.x, y, 1, mark, Role::Accent);
        canvas.text_over(inside.x + 2, y, 12, facts.name, if chosen { Role::Text } else { Role::Dim });
        canvas.text_over(inside.x + 15, y, inside.width.saturating_sub(15), facts.help, Role::Dim);
    }
    area_of(inside)
}
