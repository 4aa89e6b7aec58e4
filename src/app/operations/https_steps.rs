//! The steps of HTTPS as they end, and when the next one begins.

use super::{HttpsUnderWay, OperationInputs, Operations, RequestedUpdate, Writing};
use crate::app::message::{Effect, Order};
use crate::app::response::{Response, Step};
use crate::app::screens::HttpsProgress;
use crate::change::{EnvironmentState, Next, Operation, Written};
use crate::model::{Source, clean};

impl Operations {
    /// It began, or a step of it has ended.
    pub(super) fn https_went_on(&mut self, operation: Operation, written: Option<&Written>) -> Response {
        let key = operation.subject.key.clone();
        let mut response = Response::none();
        if let Some(written) = written.filter(|written| !written.outcome.is_done()) {
            let reason = written.outcome.reason().unwrap_or_default();
            response.push(Step::Report(format!("HTTPS of {}: {reason}", clean(&operation.subject.name))));
        }
        let is_update =
            written.is_some_and(|it| it.observed.as_ref().is_some_and(|it| it.status.as_str() == "Updating"));
        if let Some(written) = written.filter(|_| is_update) {
            let request_id = written.request_ids.last().cloned();
            self.deploys.asked.insert(key.clone(), RequestedUpdate::new(None, request_id, written.at));
        }
        let goes_on = self.https.under_way.as_ref().is_none_or(|it| it.goes_on || written.is_none());
        let goes_on = goes_on && !operation.has_finished();
        let since = written.map(|it| it.at);
        self.https.under_way = Some(HttpsUnderWay { operation, goes_on, since });
        response.push(Step::OpenIfFree(HttpsProgress.into()));
        response.then(Step::RereadSettings(key.clone())).then(Step::LookAt(key)).then(Step::Plan)
    }

    /// Goes on as soon as the environment was read after the last step, and its status lets it.
    pub(super) fn advance_https(&mut self, known: OperationInputs<'_>) -> Response {
        let snapshot = known.snapshot;
        let Some(it) = self.https.under_way.as_mut().filter(|it| it.goes_on) else { return Response::none() };
        let Some(environment) = snapshot.environment(&it.operation.subject.key) else { return Response::none() };
        let read_at = snapshot.reads.read_at(&Source::Environments(it.operation.subject.key.scope));
        if it.since.is_some_and(|since| read_at.is_none_or(|at| at <= since)) {
            return Response::none();
        }
        let state = EnvironmentState::from(environment);
        match it.operation.next(&state) {
            Next::Wait => Response::none(),
            Next::Finished | Next::Stopped(..) => {
                it.goes_on = false;
                Response::step(Step::Redraw)
            }
            Next::Do(_) | Next::LookUp(_) => {
                let operation = Box::new(it.operation.clone());
                let what = format!("HTTPS of {}", clean(&operation.subject.name));
                self.writing = Some(Writing::new(what, snapshot.moment));
                let confirmation = self.confirmation.clone().unwrap_or_default();
                Response::effect(Effect::Operate { operation, order: Order::Advance, state, confirmation })
            }
        }
    }
}
