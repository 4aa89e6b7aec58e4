//! Exchanges of CNAMEs that were sent from here: followed until both environments are seen with each other's CNAME.

use std::time::Duration;

use super::inputs::OperationInputs;
use crate::app::response::{Response, Step};
use crate::change::{CnameSwap, Operation, Subject, Work, Written};
use crate::model::{Environment, EnvironmentStatus, Moment, Source, clean};

/// How long an exchange is followed. It takes about half a minute (UNVERIFIED).
const PATIENCE: Duration = Duration::from_mins(10);

/// An exchange that is followed.
#[derive(Clone, Debug)]
pub struct FollowedSwap {
    own: Subject,
    swap: CnameSwap,
    since: Moment,
}

/// All exchanges that are followed.
#[derive(Clone, Debug, Default)]
pub struct Swaps(Vec<FollowedSwap>);

impl Swaps {
    /// Follows the exchange of an operation that AWS took, or may have taken.
    pub(super) fn follow(&mut self, operation: &Operation, written: &Written) -> Response {
        let Some(Work::Swap(swap)) = operation.steps.first().map(|step| &step.work) else { return Response::none() };
        let keys = [operation.subject.key.clone(), swap.other.key.clone()];
        if written.outcome.is_done() {
            self.0.push(FollowedSwap { own: operation.subject.clone(), swap: swap.clone(), since: written.at });
        }
        keys.into_iter().fold(Response::none(), |response, key| response.then(Step::LookAt(key)))
    }

    /// Says of each whose end is seen how it ended, and follows it no more.
    pub(super) fn advance(&mut self, known: OperationInputs<'_>) -> Response {
        let mut response = Response::none();
        self.0.retain(|it| match it.end(known) {
            Some(words) => {
                response.push(Step::Report(clean(&words).into_owned()));
                false
            }
            None => true,
        });
        response
    }
}

impl FollowedSwap {
    /// How it ended, once that is seen.
    fn end(&self, known: OperationInputs<'_>) -> Option<String> {
        let (snapshot, swap) = (known.snapshot, &self.swap);
        let (own, other) = (&self.own.name, &swap.other.name);
        let read = snapshot.reads.read_at(&Source::Environments(snapshot.scope))?;
        if self.own.key.scope != snapshot.scope || read < self.since {
            return None;
        }
        let found = |subject: &Subject| snapshot.environment(&subject.key);
        let (Some(one), Some(two)) = (found(&self.own), found(&swap.other)) else {
            return Some(format!("the exchange of CNAMEs is not followed any more: {own} or {other} is not listed"));
        };
        let is_ready = |it: &Environment| it.status == EnvironmentStatus::Ready;
        if is_ready(one) && is_ready(two) && swap.is_done(one, two) {
            let (first, second) = (&swap.other_cname, &swap.own_cname);
            return Some(format!("CNAMEs exchanged: {own} has {first}, {other} has {second}; DNS caches follow later"));
        }
        let state = |it: &Environment| {
            format!("{} is {} with {}", it.name, it.status.as_str(), it.cname.as_deref().unwrap_or("no CNAME"))
        };
        let is_late = snapshot.moment.since(self.since) > PATIENCE;
        is_late.then(|| format!("the CNAMEs are not seen exchanged: {}, {}", state(one), state(two)))
    }
}
