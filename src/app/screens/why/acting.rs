//! What keys do on the why page.

use super::WhyView;
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::app::screens::environment::Tab;
use crate::app::screens::{EnvironmentView, Level, View};
use crate::app::state::State;
use crate::diagnosis::JournalChange;
use crate::model::Environment;
use crate::polling::Question;

impl WhyView {
    /// Opens the page of an environment, and looks in the log for what was changed from this machine.
    pub(in crate::app) fn open(state: &State, environment: &Environment) -> Response {
        let key = environment.key.clone();
        let read = Step::Effect(Effect::ReadJournal { environment: key.clone() });
        Response::open(Self::new(key, state.snapshot(), &state.freshness(), &state.setup.checks))
            .then(read)
            .then(Step::Plan)
    }

    /// Takes in what was changed from this machine.
    pub(in crate::app) fn set_journal(&mut self, journal: Vec<JournalChange>, state: &State) {
        self.journal = Some(journal);
        self.rebuild(state.snapshot(), &state.freshness(), &state.setup.checks);
    }
}

impl View for WhyView {
    fn layer(&self) -> Layer {
        Layer::Why
    }

    fn questions(&self) -> Vec<Question> {
        [Question::Checks, Question::Causes, Question::History, Question::Alarms]
            .map(|question| question(self.key.clone()))
            .into()
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        match action {
            Action::Open => {
                let findings = EnvironmentView::on(self.key.clone(), Tab::Findings);
                Some(Response::close(Level::Why).and(Response::open(findings)).then(Step::Rebuild).then(Step::Plan))
            }
            Action::Back | Action::Leave => Some(Response::close(Level::Why).then(Step::Plan)),
            _ => None,
        }
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }

    fn move_by(&mut self, rows: isize, _state: &State) -> Response {
        self.rows.scroll_by(rows);
        Response::none()
    }
}
