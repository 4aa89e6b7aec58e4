//! What keys do in the picker of a profile or a region.

use tui_input::InputRequest;

use super::{ScopePart, ScopePicker};
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::model::Scope;

impl ScopePicker {
    /// Opens the picker; the profiles are read then, for the files may have changed.
    pub(in crate::app) fn open(part: ScopePart, state: &State) -> Response {
        match part {
            ScopePart::Profile => Response::open(Self::new(part, None)).then(Step::Effect(Effect::ReadProfiles)),
            ScopePart::Region => {
                let names = state.setup.regions.iter().map(|region| (*region).into()).collect();
                Response::open(Self::new(part, Some(names)))
            }
        }
    }

    fn choose(&self, state: &State) -> Response {
        let Some(name) = self.shown().get(self.rows.selected()).cloned() else { return Response::none() };
        let now = state.setup.scopes.get(state.setup.scope).cloned().unwrap_or_default();
        let scope = match self.part {
            ScopePart::Profile => Scope { profile: Some(name), region: None, ..now },
            ScopePart::Region => Scope { region: Some(name), ..now },
        };
        Response::close(Level::Dialog).then(Step::SwitchScope(scope))
    }
}

impl View for ScopePicker {
    fn layer(&self) -> Layer {
        Layer::Picker
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => return Some(self.choose(state)),
            Action::Back => return Some(Response::close(Level::Dialog)),
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
