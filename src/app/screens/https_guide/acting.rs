//! What keys do in the guide to HTTPS.

use std::sync::Arc;

use super::{Choosing, GuidePage, GuideStage, HttpsGuide};
use crate::app::action::{Action, Layer};
use crate::app::hit_map::Pane;
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::confirm::Confirm;
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::change::https::HttpsInputs;
use crate::model::{Environment, Fault};

impl HttpsGuide {
    /// The guide for an environment, which reads what there is.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        let (environment, name) = (environment.key.clone(), Arc::clone(&environment.name));
        Self { environment, name, stage: GuideStage::Reading }
    }

    /// Whether it still reads.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        matches!(self.stage, GuideStage::Reading)
    }

    /// Takes in what the proposal is made from; `None` if the environment is gone.
    pub fn set_inputs(&mut self, inputs: Result<Option<Box<HttpsInputs>>, Arc<Fault>>, state: &State) {
        let configured = state.setup.checks.hostnames_of(&self.name);
        self.stage = match inputs {
            Ok(Some(inputs)) => {
                let refused = inputs.refusal().map(|refusal| refusal.to_string());
                let choosing = Choosing::new(*inputs, configured, state.now);
                let obstacle = refused.or_else(|| choosing.obstacle().map(str::to_owned));
                obstacle.map_or_else(|| GuideStage::Choosing(Box::new(choosing)), GuideStage::Ended)
            }
            Ok(None) => GuideStage::Ended("the environment is gone".to_owned()),
            Err(fault) => GuideStage::Ended(fault.sentence()),
        };
    }

    /// To the next page, and from the last one to the confirmation.
    fn choose(&mut self, state: &State) -> Response {
        let choosing = match &mut self.stage {
            GuideStage::Choosing(choosing) => choosing,
            GuideStage::Reading => return Response::none(),
            GuideStage::Ended(_) => return Response::close(Level::Dialog),
        };
        if choosing.page == GuidePage::Review
            && let Some(proposal) = choosing.proposal.clone()
        {
            return state.confirm_of(&self.environment, |inputs| Confirm::of_proposal(inputs, proposal));
        }
        choosing.choose().err().map_or_else(Response::none, Response::notice)
    }
}

impl View for HttpsGuide {
    fn layer(&self) -> Layer {
        Layer::Guide
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => Some(self.choose(state)),
            Action::Back if self.turn_back() => Some(Response::none()),
            Action::Back => Some(Response::close(Level::Dialog).then(Step::Plan)),
            _ => None,
        }
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        if let GuideStage::Choosing(choosing) = &mut self.stage { Some(choosing.rows_mut()) } else { None }
    }

    /// What a page says is read; only what it asks is chosen.
    fn click(&mut self, (x, y): (u16, u16), state: &State) -> Response {
        let GuideStage::Choosing(choosing) = &mut self.stage else { return Response::none() };
        let line = state.terminal.hit_map.line_at(Pane::Dialog, x, y).filter(|_| choosing.page != GuidePage::Review);
        let rows = choosing.rows_mut();
        if let Some(line) = line.filter(|line| rows.scroll() + line < rows.length()) {
            rows.select(rows.scroll() + line);
        }
        Response::none()
    }

    fn move_by(&mut self, rows: isize, _state: &State) -> Response {
        if let GuideStage::Choosing(choosing) = &mut self.stage {
            choosing.move_by(rows);
        }
        Response::none()
    }
}
