//! What keys and clicks do in the list of columns to sort by.

use super::SortPicker;
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::fleet::{COLUMNS, FleetChange};
use crate::app::screens::view::select_or_close;
use crate::app::screens::{Level, View};
use crate::app::state::State;

impl View for SortPicker {
    fn layer(&self) -> Layer {
        Layer::List
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        let close = Response::close(Level::List);
        match action {
            Action::Open => {
                let column = COLUMNS.get(self.rows.selected()).map(|facts| facts.column);
                let sort = column.map(|column| Response::step(Step::Arrange(FleetChange::Sort(column))));
                Some(close.and(sort.unwrap_or_default()))
            }
            Action::Back | Action::Leave => Some(close),
            _ => None,
        }
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }

    fn click(&mut self, place: (u16, u16), state: &State) -> Response {
        select_or_close(&mut self.rows, place, state)
    }
}
