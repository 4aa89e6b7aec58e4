//! Goes on with an operation of several steps to its end: between them the environment is read until its status lets the
//! next begin.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::reading::{Answered, Inquiry, Means, Reader, sleep_until};
use crate::aws::look;
use crate::change::{Confirmation, EnvironmentState, Next, Operation, Outcome, Refusal, Written};
use crate::model::{Environment, Fault, Service};
use crate::write::JournalWriter;

/// Between two looks at the environment.
const PAUSE: Duration = Duration::from_secs(5);

/// For how long an environment is waited for that does not become Ready.
const LONGEST: Duration = Duration::from_mins(30);

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
    let mut steps = Steps { writer, operation, confirmation, announce, written, due, until: due + LONGEST };
    Reader::new(means).until(&mut steps).await
}

/// The steps that are left.
struct Steps<'a, A> {
    writer: &'a JournalWriter<'a>,
    operation: &'a mut Operation,
    confirmation: &'a Confirmation,
    announce: A,
    /// What the last step wrote.
    written: Written,
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
        let standing = match read {
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
        match self.operation.next(&standing) {
            Next::Finished | Next::Stopped(..) => self.end(false),
            Next::Wait if is_late => self.end(true),
            Next::Wait => ControlFlow::Continue(()),
            Next::Do(place) | Next::LookUp(place) => self.advance(place, &standing).await,
        }
    }

    async fn advance(&mut self, place: usize, standing: &EnvironmentState) -> ControlFlow<Resumed> {
        (self.announce)(&self.operation.steps[place].work.to_string());
        let advance = Box::pin(self.writer.advance(self.operation, standing, self.confirmation));
        if let Some(written) = advance.await {
            self.written = written;
        }
        if matches!(self.written.outcome, Outcome::Refused(_)) && self.written.id.is_none() {
            return self.end(false);
        }
        self.until = Instant::now() + LONGEST;
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
