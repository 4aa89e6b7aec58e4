//! Goes on with an operation of several steps to its end: between them the environment is read until its status lets the
//! next begin.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::reading::{Answered, Inquiry, Means, Reader, sleep_until};
use crate::aws::look;
use crate::change::{
    Confirmation, EnvironmentState, Next, Operation, OperationError, OperationKind, Outcome, Refusal, StepProgress,
    Written,
};
use crate::deploy::Watch;
use crate::model::{Environment, Fault, Service};
use crate::write::JournalWriter;

/// Between two looks at the environment.
const PAUSE: Duration = Duration::from_secs(5);

/// For how long an environment is waited for that does not become Ready.
const LONGEST: Duration = Duration::from_mins(30);

/// How long a version is looked for that cannot be read at present, before a rollback begins.
const READING: Duration = Duration::from_mins(5);

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Resumed {
    /// What the last step wrote; nothing, if there was nothing to write.
    pub written: Written,
    /// Whether it stopped because the environment did not become Ready in time.
    pub is_late: bool,
}

/// Continues until everything is done, or the user has to decide; `announce` gets a short description before each step.
pub async fn resume(
    writer: &JournalWriter<'_>,
    means: Means<'_>,
    operation: &mut Operation,
    confirmation: &Confirmation,
    announce: impl FnMut(&str),
) -> Resumed {
    let written = Written::nothing(Outcome::Unchanged, (writer.now)());
    let due = Instant::now();
    let is_unsent = false;
    let mut steps = Steps { writer, operation, confirmation, announce, written, is_unsent, due, until: due + LONGEST };
    Reader::new(means).until(&mut steps).await
}

/// Carries a rollback out that has not begun: begins it, and continues to its end. Nothing is aborted before it is certain
/// that its version exists; what cannot be read at present is read again for some minutes.
pub async fn roll_back(
    writer: &JournalWriter<'_>,
    means: Means<'_>,
    operation: &mut Operation,
    confirmation: &Confirmation,
    mut announce: impl FnMut(&Arc<str>, &str),
) -> Resumed {
    let until = Instant::now() + READING;
    loop {
        match writer.begin(operation.clone(), confirmation).await {
            Ok(begun) => {
                *operation = begun;
                let id = operation.id.clone().unwrap_or_else(|| "".into());
                announce(&id, "begun");
                return resume(writer, means, operation, confirmation, |step| announce(&id, step)).await;
            }
            Err(Refusal::Unread { .. }) if Instant::now() < until => sleep(PAUSE).await,
            Err(refusal) => {
                let written = Written::nothing(Outcome::Refused(refusal), (writer.now)());
                return Resumed { written, is_late: false };
            }
        }
    }
}

/// Returns the watch of what a rollback has deployed, which judges nothing else; `None` if nothing was to be deployed.
#[must_use]
pub fn rollback_watch(environment: &Environment, operation: &Operation, written: &Written) -> Option<Watch> {
    let (from, to) = operation.versions().filter(|_| written.outcome == Outcome::Applied)?;
    let mut environment = environment.clone();
    if let Some(observed) = &written.observed {
        environment.status = observed.status.clone();
        environment.version.clone_from(&observed.version);
    }
    let removed = from.cloned().unwrap_or_else(|| "?".into());
    let request_id = written.request_ids.first().cloned();
    Some(Watch::begin(&environment, Some(Arc::clone(to)), request_id, written.at).rolling_back(removed))
}

/// The steps that are left.
struct Steps<'a, A> {
    writer: &'a JournalWriter<'a>,
    operation: &'a mut Operation,
    confirmation: &'a Confirmation,
    announce: A,
    /// What the last step wrote.
    written: Written,
    /// Whether the last step was certainly not sent and is tried again.
    is_unsent: bool,
    /// When the environment is read next.
    due: Instant,
    /// When waiting for the environment ends.
    until: Instant,
}

impl<A: FnMut(&str)> Inquiry for Steps<'_, A> {
    type End = Resumed;
    type Found = Result<Option<Environment>, Arc<Fault>>;

    async fn judge(
        &mut self,
        reader: &mut Reader<Self::Found>,
        answered: Option<Answered<Self::Found>>,
    ) -> ControlFlow<Resumed> {
        if let Some(Answered::Own(read)) = answered {
            let flow = self.take(read).await;
            self.due = Instant::now() + PAUSE;
            return flow;
        }
        if reader.is_idle() && Instant::now() >= self.due {
            let (session, clock, key) = (reader.session.clone(), reader.clock, self.operation.subject.key.clone());
            reader.call(
                Some(Service::Beanstalk),
                async move { look::environment(&session, &key, &|| clock.now()).await },
            );
        }
        ControlFlow::Continue(())
    }

    fn longest_sleep(&self) -> Duration {
        sleep_until(self.due)
    }
}

impl<A: FnMut(&str)> Steps<'_, A> {
    /// Does the next step, if the environment lets it begin.
    async fn take(&mut self, read: Result<Option<Environment>, Arc<Fault>>) -> ControlFlow<Resumed> {
        let is_late = Instant::now() >= self.until;
        let state = match read {
            Ok(Some(environment)) => EnvironmentState::from(&environment),
            Ok(None) => {
                let refusal = Refusal::Unsuitable { why: "the environment is gone".into() };
                return self.end_without(Outcome::Refused(refusal));
            }
            Err(fault) if is_late || fault.lacks_credentials() => {
                return self.end_without(Outcome::Failed(fault.into()));
            }
            Err(_) => return ControlFlow::Continue(()),
        };
        match self.operation.next(&state) {
            Next::Finished | Next::Stopped(..) => self.end(false),
            Next::Wait if is_late => self.end(true),
            Next::Do(_) if is_late && self.is_unsent => self.end(true),
            Next::Wait => ControlFlow::Continue(()),
            Next::Do(place) | Next::LookUp(place) => self.advance(place, &state).await,
        }
    }

    async fn advance(&mut self, place: usize, state: &EnvironmentState) -> ControlFlow<Resumed> {
        if !self.is_unsent {
            (self.announce)(&self.operation.steps[place].work.to_string());
        }
        // Half of a rollback is worse than a late one: what AWS refuses only at present is sent again.
        let is_rollback = self.operation.kind == OperationKind::Rollback;
        let passes = |error: &OperationError| is_rollback && error.passes();
        let advance = self.writer.advance_or_wait(self.operation, state, self.confirmation, passes);
        if let Some(written) = Box::pin(advance).await {
            self.written = written;
        }
        self.is_unsent = self.operation.steps.get(place).is_some_and(|step| step.progress == StepProgress::Waiting);
        if matches!(self.written.outcome, Outcome::Refused(_)) && self.written.id.is_none() {
            return self.end(false);
        }
        if !self.is_unsent {
            self.until = Instant::now() + LONGEST;
        }
        ControlFlow::Continue(())
    }

    fn end(&self, is_late: bool) -> ControlFlow<Resumed> {
        ControlFlow::Break(Resumed { written: self.written.clone(), is_late })
    }

    /// Ends without a step: nothing was written by it.
    fn end_without(&self, outcome: Outcome) -> ControlFlow<Resumed> {
        let written = Written::nothing(outcome, (self.writer.now)());
        ControlFlow::Break(Resumed { written, is_late: false })
    }
}
