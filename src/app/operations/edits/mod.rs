//! What is awaited and watched after a change of settings, until it is live or lost.

mod arriving;
mod impact;
mod reverts;

pub use arriving::{Arrival, Arriving, Awaited};
pub use impact::ImpactWatches;
pub use reverts::{RevertCheck, Reverts};

use crate::app::response::{Response, Step};
use crate::change::Operation;
use crate::deploy::ImpactWatch;
use crate::model::{Environment, Key, Moment, Snapshot};

/// The changes that are followed.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// Values that were written, until they are live.
    pub arriving: Vec<Arriving>,
    /// Updates that Beanstalk reverted, and that were dealt with.
    pub reverts: Reverts,
    /// The impact of the changes that are watched.
    pub impacts: ImpactWatches,
}

impl Edits {
    /// Awaits confirmed values; nothing is shown as live before it was read.
    pub(super) fn await_values(&mut self, operation: &Operation, now: Moment) {
        self.forget(&operation.subject.key);
        self.arriving.push(Arriving::new(operation, now));
    }

    pub(super) fn forget(&mut self, environment: &Key<Environment>) {
        self.arriving.retain(|it| it.environment != *environment);
    }

    /// Applies what was read to what is awaited; what did not arrive is reported.
    pub(in crate::app) fn observe(&mut self, snapshot: &Snapshot) -> Response {
        let mut response = Response::none();
        for it in &mut self.arriving {
            let was_over = it.is_over();
            if it.observe(snapshot) {
                response.push(Step::Redraw);
            }
            if it.is_over() && !was_over {
                it.missing_words(&snapshot.inventory).into_iter().for_each(|words| response.push(Step::Report(words)));
            }
        }
        self.arriving.retain(|it| it.is_worth_telling(snapshot.moment));
        response.and(self.reverts.observe(snapshot))
    }

    /// Applies what was read to the changes whose impact is watched. A screen that shows one gets no notice that repeats it.
    pub(in crate::app) fn observe_impacts(
        &mut self,
        snapshot: &Snapshot,
        shown: Option<&Key<Environment>>,
    ) -> Response {
        let (any, reported) = self.impacts.observe(snapshot);
        let mut response = Response::none();
        for (environment, words) in reported {
            let is_worse = self.impacts.of(&environment).is_some_and(ImpactWatch::is_worse);
            let is_shown = is_worse && shown.is_none_or(|key| *key == environment);
            response.push(if is_shown { Step::Log(words) } else { Step::Report(words) });
        }
        if any { response.then(Step::Redraw).then(Step::Plan) } else { response }
    }
}
