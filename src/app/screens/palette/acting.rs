//! What keys do in the palette.

use tui_input::InputRequest;

use super::{Palette, palette_rows};
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, View};
use crate::app::state::State;

impl Palette {
    /// Does what is selected, as its key would.
    fn choose(&self, state: &State) -> Response {
        let rows = palette_rows(self, state);
        match rows.get(self.rows.selected()) {
            Some((facts, Ok(()))) => Response::close(Level::Dialog).then(Step::Perform(self.layer, facts.action)),
            Some((_, Err(reason))) => Response::notice(reason.to_string()),
            None => Response::notice("no action on this screen has a name like that"),
        }
    }
}

impl View for Palette {
    fn layer(&self) -> Layer {
        Layer::Palette
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => return Some(self.choose(state)),
            Action::Back => return Some(Response::close(Level::Dialog).then(Step::Plan)),
            Action::PickDown => self.rows.move_by(1),
            Action::PickUp => self.rows.move_by(-1),
            _ => return None,
        }
        Some(Response::none())
    }

    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        self.input.handle(request);
        self.rows.select(0);
        Response::none()
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }
}
