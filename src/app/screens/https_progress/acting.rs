//! What keys do on the progress of HTTPS.

use super::HttpsProgress;
use crate::app::action::{Action, Layer};
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, View};
use crate::app::state::State;

impl View for HttpsProgress {
    fn layer(&self) -> Layer {
        Layer::Guide
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        match action {
            Action::Open => Some(Response::none()),
            Action::Back => {
                let closed = Response::close(Level::Dialog);
                Some(closed.then(Step::ForgetHttps { finished_only: true }).then(Step::Plan))
            }
            _ => None,
        }
    }
}
