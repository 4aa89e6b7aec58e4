//! What keys do in the palette.

use tui_input::InputRequest;

use super::{NOTHING_FOUND, Palette, PaletteRow, palette_rows};
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::environment::Tab;
use crate::app::screens::fleet::FleetChange;
use crate::app::screens::{EnvironmentView, Level, View};
use crate::app::state::State;
use crate::model::{Environment, Key};

impl Palette {
    /// Does what is selected, as its key would.
    fn choose(&self, state: &State) -> Response {
        let rows = palette_rows(self, state);
        match rows.get(self.rows.selected()) {
            Some(PaletteRow::Action(facts, Ok(()))) => {
                Response::close(Level::Dialog).then(Step::Perform(self.layer, facts.action))
            }
            Some(PaletteRow::Action(_, Err(reason))) => Response::notice(reason.to_string()),
            Some(PaletteRow::Environment(key, _)) => open_environment(key),
            None => Response::notice(NOTHING_FOUND),
        }
    }
}

/// Opens an environment in place of what is open, and selects it in the Fleet.
fn open_environment(key: &Key<Environment>) -> Response {
    let opened = [Level::Deploy, Level::Why, Level::Probe, Level::Logs, Level::Dialog];
    let closed = opened.into_iter().fold(Response::none(), |response, level| response.then(Step::Close(level)));
    closed
        .then(Step::Arrange(FleetChange::Select(key.clone())))
        .and(Response::open(EnvironmentView::on(key.clone(), Tab::default())))
        .then(Step::Rebuild)
        .then(Step::Plan)
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
