//! `C`: the Fleet's columns, to show or to hide.

use ratatui::layout::Rect;

use crate::app::screens::ColumnPicker;
use crate::app::screens::fleet::{COLUMNS, Column};
use crate::app::{HitMap, ListState, Pane, State};
use crate::config::{Mark, Role};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, select};

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, picker: &ColumnPicker, hits: &mut HitMap) {
    let is_shown = |column: Column| state.fleet.columns.contains(&column);
    draw_columns(canvas, body, ("Columns", Mark::Done), &picker.rows, is_shown, hits);
}

/// Draws all columns of the Fleet with what they mean; this mark is before those that are chosen.
pub fn draw_columns(
    canvas: &mut Canvas<'_>,
    body: Rect,
    (title, mark): (&str, Mark),
    rows: &ListState,
    is_chosen: impl Fn(Column) -> bool,
    hits: &mut HitMap,
) {
    let inside = dialog(canvas, body, title, 76, COLUMNS.len());
    let lines = COLUMNS.iter().enumerate().skip(rows.scroll());
    for ((at, facts), y) in lines.zip(inside.y..inside.bottom()) {
        if at == rows.selected() {
            select(canvas, Rect { y, height: 1, ..inside });
        }
        let chosen = is_chosen(facts.column);
        canvas.text_over(inside.x, y, 1, if chosen { canvas.mark(mark) } else { " " }, Role::Accent);
        canvas.text_over(inside.x + 2, y, 12, facts.name, if chosen { Role::Text } else { Role::Dim });
        canvas.text_over(inside.x + 15, y, inside.width.saturating_sub(15), facts.help, Role::Dim);
    }
    hits.add_counted(Pane::List, area_of(inside), COLUMNS.len());
}
