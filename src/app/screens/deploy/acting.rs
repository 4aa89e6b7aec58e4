//! What keys do on the Deploy screen.

use super::{DeployView, questions_of_update};
use crate::app::action::{Action, Layer};
use crate::app::hit_map::Pane;
use crate::app::list::ListState;
use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::deploy::Watch;
use crate::polling::Question;

/// The report of an update, to a file.
fn save_report(watch: &Watch, state: &State) -> Response {
    let now = state.shown_at();
    let stamp = watch.started().0.strftime("%Y%m%dT%H%M%SZ");
    Response::effect(Effect::SaveReport {
        name: format!("{}-{stamp}", watch.environment().name),
        markdown: crate::deploy::markdown(watch, now),
        json: crate::deploy::record(watch, now).to_string(),
    })
}

impl View for DeployView {
    fn layer(&self) -> Layer {
        Layer::Deploy
    }

    /// A click on a lane selects it.
    fn click(&mut self, (x, y): (u16, u16), state: &State) -> Response {
        if let Some(line) = state.terminal.hit_map.line_at(Pane::Lanes, x, y) {
            self.lanes.select(self.lanes.scroll() + line);
        }
        Response::none()
    }

    fn questions(&self) -> Vec<Question> {
        questions_of_update(&self.key).into_iter().chain([Question::Versions(self.key.clone())]).collect()
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Back | Action::Leave => Some(Response::close(Level::Deploy).then(Step::Plan)),
            Action::Report => {
                let watch = state.operations.deploys.watches.get(&self.key);
                Some(watch.map_or_else(Response::none, |watch| save_report(watch, state)))
            }
            _ => None,
        }
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.lanes)
    }

    fn move_by(&mut self, rows: isize, _state: &State) -> Response {
        self.lanes.scroll_by(rows);
        Response::none()
    }
}
