//! What keys do in the form.

use tui_input::InputRequest;

use super::{Form, FormLine};
use crate::app::action::{Action, Layer};
use crate::app::draft::Draft;
use crate::app::hit_map::Click;
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::change::{Route, needs_egress};
use crate::polling::Question;

impl Form {
    /// Checks what is typed against what is live now.
    pub(in crate::app) fn check_in(&mut self, state: &State) {
        if let Some(environment) = state.snapshot().inventory.environments.get(&self.environment) {
            self.check(&state.plan_inputs(environment));
        }
    }

    /// On to the confirmation, if it can be so.
    fn submit(&self, state: &State) -> Response {
        let environment = state.snapshot().inventory.environments.get(&self.environment);
        match environment.and_then(|environment| Draft::from_form(self, environment)) {
            Some(draft) => state.confirm_draft(draft),
            None if self.lines.iter().any(FormLine::is_changed) => {
                Response::notice("this cannot be yet: the line in red says why")
            }
            None => Response::notice("nothing is changed yet"),
        }
    }
}

impl View for Form {
    fn layer(&self) -> Layer {
        Layer::Form
    }

    fn questions(&self) -> Vec<Question> {
        let changes_port = self.lines.iter().any(|line| needs_egress(line.field.facts.key) && line.is_changed());
        changes_port.then(|| Question::Egress(self.environment.clone())).into_iter().collect()
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => return Some(self.submit(state)),
            Action::Back => return Some(Response::close(Level::Dialog).then(Step::Plan)),
            Action::PickDown | Action::NextField => self.move_to(1),
            Action::PickUp | Action::PreviousField => self.move_to(-1),
            _ => return None,
        }
        Some(Response::none())
    }

    fn edit(&mut self, request: InputRequest, state: &State) -> Response {
        self.handle(request);
        self.check_in(state);
        Response::none()
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }

    /// A click goes to a field, or chooses a route: those come after the fields.
    fn click(&mut self, place: (u16, u16), state: &State) -> Response {
        if let Some(Click::Line(at)) = state.terminal.hit_map.click_at(place) {
            let route = at.checked_sub(self.lines.len()).and_then(|at| Route::ALL.get(at));
            self.is_at_route = route.is_some();
            match route {
                Some(route) => self.route = *route,
                None => self.rows.select(at),
            }
            self.check_in(state);
        }
        Response::none()
    }

    /// The wheel changes nothing: the fields have the arrows.
    fn move_by(&mut self, _rows: isize, _state: &State) -> Response {
        Response::none()
    }
}
