//! HTTPS from its confirmation to its end, and what an earlier run left unfinished.

use std::sync::Arc;

use crate::app::message::{Effect, Order};
use crate::app::response::{Response, Step};
use crate::app::screens::Level;
use crate::change::{Confirmation, Operation, Refusal};
use crate::model::{Environment, Key, Moment};

/// The operation under way, and those that can be resumed.
#[derive(Clone, Debug, Default)]
pub struct Https {
    /// What is under way, or has just ended.
    pub under_way: Option<HttpsUnderWay>,
    /// What earlier runs left unfinished.
    pub offered: Vec<Operation>,
}

/// HTTPS that is set up or taken back.
#[derive(Clone, Debug)]
pub struct HttpsUnderWay {
    /// How far it is.
    pub operation: Operation,
    /// Whether it continues by itself; otherwise the user has to confirm.
    pub goes_on: bool,
    /// Answers from before this do not count: they may be older than the last step.
    pub since: Option<Moment>,
}

impl HttpsUnderWay {
    /// A confirmed operation as it begins, or continues.
    #[must_use]
    pub fn begun(operation: &Operation) -> Self {
        Self { operation: operation.clone(), goes_on: true, since: None }
    }
}

impl Https {
    /// Takes up what an earlier run left unfinished in an environment; it waits for the user.
    pub(in crate::app) fn take_up(&mut self, environment: &Key<Environment>) {
        if let Some(place) = self.offered.iter().position(|it| it.subject.key == *environment) {
            let operation = self.offered.remove(place);
            self.under_way = Some(HttpsUnderWay { operation, goes_on: false, since: None });
        }
    }

    /// Forgets what is shown; `finished_only`: if it has finished.
    pub(in crate::app) fn forget(&mut self, finished_only: bool) {
        if self.under_way.as_ref().is_some_and(|it| !finished_only || it.operation.has_finished()) {
            self.under_way = None;
        }
    }

    /// It stopped before its end, and waits for the user.
    #[must_use]
    pub fn stopped(&self) -> Option<&HttpsUnderWay> {
        self.under_way.as_ref().filter(|it| !it.goes_on && !it.operation.has_finished())
    }

    /// Returns the operation that stopped, with its failed steps to do again.
    #[must_use]
    pub fn retried(&self) -> Option<Operation> {
        let mut operation = self.stopped()?.operation.clone();
        operation.retry();
        Some(operation)
    }

    /// Returns the operation that undoes the steps done so far.
    #[must_use]
    pub fn undo(&self) -> Option<Operation> {
        self.under_way.as_ref().filter(|it| !it.goes_on).and_then(|it| it.operation.back())
    }

    /// Leaves it as it is: nothing more is done, and that is recorded.
    pub(in crate::app) fn leave(&self) -> Response {
        let Some(it) = self.stopped() else { return Response::none() };
        let operation = Box::new(it.operation.clone());
        let (state, confirmation) = (operation.seen.clone(), Confirmation::default());
        Response::close(Level::Dialog)
            .then(Step::ForgetHttps { finished_only: false })
            .then(Step::Effect(Effect::Operate { operation, order: Order::Leave, state, confirmation }))
    }

    /// Beanpole refused to begin it, or to go on with it.
    pub(super) fn refused(&mut self, what: &str, refusal: &Refusal) -> Response {
        let mut response = Response::none();
        if let Some(it) = &mut self.under_way {
            it.goes_on = false;
        }
        // What never began is nothing to go on with.
        if self.under_way.as_ref().is_some_and(|it| it.operation.id.is_none()) {
            self.under_way = None;
            response.push(Step::Close(Level::Dialog));
        }
        response.then(Step::Report(format!("{what}: {refusal}")))
    }
}

/// It is left; or why that could not be recorded.
pub(super) fn left(left: Result<(), Arc<str>>) -> Response {
    match left {
        Ok(()) => Response::notice("it is left as it is; the log keeps how far it came"),
        Err(why) => Response::report(format!("that it is left as it is could not be recorded: {why}")),
    }
}
