//! What keys and clicks do in the list of columns.

use super::ColumnPicker;
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::fleet::{COLUMNS, FleetChange};
use crate::app::screens::view::select_or_close;
use crate::app::screens::{Level, View};
use crate::app::state::State;

impl View for ColumnPicker {
    fn layer(&self) -> Layer {
        Layer::List
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        match action {
            Action::Open | Action::Toggle => {
                let column = COLUMNS.get(self.rows.selected()).map(|facts| facts.column);
                Some(column.map_or_else(Response::none, |it| Response::step(Step::Arrange(FleetChange::Toggle(it)))))
            }
            Action::Back | Action::Leave => Some(Response::close(Level::List)),
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
