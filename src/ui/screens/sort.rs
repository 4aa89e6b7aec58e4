//! `s`: the Fleet's columns, to sort by.

use ratatui::layout::Rect;

use super::columns::draw_columns;
use crate::app::screens::SortPicker;
use crate::app::screens::fleet::Column;
use crate::app::{HitMap, State};
use crate::config::Mark;
use crate::ui::canvas::Canvas;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, picker: &SortPicker, hits: &mut HitMap) {
    let is_chosen = |column: Column| state.fleet.sort == column;
    draw_columns(canvas, body, ("Sort by", Mark::Chosen), &picker.rows, is_chosen, hits);
}
