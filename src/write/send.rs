//! Sends the calls of a step in their order, each once; the first that fails ends it, and what was written before it makes
//! the outcome a part. Then looks at what is so now.

use std::sync::Arc;

use super::backoff::Backoff;
use super::engine::Done;
use super::guards::GuardSeen;
use super::look_up::{Found, LOOKS};
use super::reading::ReadScope;
use super::writer::JournalWriter;
use crate::aws::apply::{Sent, send, validate};
use crate::aws::look;
use crate::change::{
    EnvironmentState, Guard, HangsOn, LookUpAnswer, Operation, OperationError, Outcome, Sending, Work,
};
use crate::model::{Environment, Fault, FaultKind};

/// The outcome of one call.
pub(super) enum Fate {
    Taken {
        request_id: Option<Arc<str>>,
        made: Option<Arc<str>>,
    },
    /// The requested state existed already.
    Unchanged,
    NotTaken(OperationError),
    Unknown(OperationError),
}

/// The outcome of all of them.
pub(super) struct Sends {
    pub outcome: Outcome,
    request_ids: Vec<Arc<str>>,
    made: Option<Arc<str>>,
    /// The environment, where it was looked at to find out.
    state: Option<EnvironmentState>,
}

impl Sends {
    pub(super) fn of(outcome: Outcome) -> Self {
        Self { outcome, request_ids: Vec::new(), made: None, state: None }
    }

    pub(super) fn taken(request_ids: Vec<Arc<str>>, made: Option<Arc<str>>) -> Self {
        Self { request_ids, made, ..Self::of(Outcome::Applied) }
    }
}

impl JournalWriter<'_> {
    /// Sends the calls of a step.
    pub(super) async fn send_all(
        &self,
        operation: &Operation,
        place: usize,
        seen: Option<&GuardSeen>,
        backoff: &mut Backoff,
    ) -> Sends {
        if let Work::CreateVersion(version) = &operation.steps[place].work {
            return Box::pin(self.send_version(operation, version, backoff)).await;
        }
        let mut sends = Sends::of(Outcome::Applied);
        let mut is_partial = false;
        for sending in operation.sendings(place) {
            if sending.is_question() {
                let asked = backoff.call(|| validate(self.session, &sending.call, self.now)).await;
                if let Err(fault) = asked {
                    return Sends {
                        outcome: Outcome::Failed(fault.into()),
                        state: seen.and_then(GuardSeen::state),
                        ..sends
                    };
                }
                continue;
            }
            match self.send_one(operation, &sending, backoff, &mut sends.state).await {
                Fate::Taken { request_id, made } => {
                    sends.request_ids.extend(request_id);
                    sends.made = made.or(sends.made);
                    is_partial = true;
                }
                Fate::Unchanged => return Sends { outcome: Outcome::Unchanged, ..sends },
                Fate::Unknown(error) => return Sends { outcome: Outcome::Unknown(error), ..sends },
                Fate::NotTaken(error) if is_partial => return Sends { outcome: Outcome::Partial(error), ..sends },
                Fate::NotTaken(error) => {
                    let outcome = self.failed(operation, place, error, &mut sends.state).await;
                    return Sends { outcome, ..sends };
                }
            }
        }
        sends
    }

    pub(super) async fn send_one(
        &self,
        operation: &Operation,
        sending: &Sending,
        backoff: &mut Backoff,
        state: &mut Option<EnvironmentState>,
    ) -> Fate {
        let since = (self.now)();
        match backoff.call(|| send(self.session, &sending.call, self.now)).await {
            Sent::Accepted { request_id, made } => Fate::Taken { request_id, made },
            Sent::Refused(fault) if is_there_already(&fault) => Fate::Unchanged,
            Sent::Refused(fault) => Fate::NotTaken(fault.into()),
            Sent::Lost(fault) => {
                let request_id = fault.request_id.as_ref();
                let found = self.find(operation, &sending.look_up, (since, request_id), LOOKS).await;
                state.clone_from(&found.state);
                fate(found, fault)
            }
        }
    }

    /// Another client may have begun an update between our look and our call.
    async fn failed(
        &self,
        operation: &Operation,
        place: usize,
        error: OperationError,
        state: &mut Option<EnvironmentState>,
    ) -> Outcome {
        if !error.fault().is_some_and(|fault| is_not_ready(fault)) {
            return Outcome::Failed(error);
        }
        let Ok(Some(environment)) = self.environment(operation).await else { return Outcome::Failed(error) };
        let now = EnvironmentState::from(&environment);
        let hangs_on = operation.steps[place].work.guards().iter().find_map(|guard| match guard {
            Guard::AsSeen(hangs_on) => Some(*hangs_on),
            _ => None,
        });
        let differences = hangs_on.unwrap_or(HangsOn::Status).differences(&operation.seen, &now);
        *state = Some(now);
        if differences.is_empty() { Outcome::Failed(error) } else { Outcome::Conflict(differences) }
    }

    /// Looks at the state after the calls. It is worth reporting, but if it cannot be read that is no failure.
    pub(super) async fn observe(&self, operation: &Operation, sends: Sends) -> Done {
        let Sends { outcome, request_ids, made, state } = sends;
        let done = Done { made, request_ids, ..Done::of(outcome, state) };
        if let Some(rows) = operation.rows() {
            let scope = ReadScope::of(operation, rows);
            return match Box::pin(self.read_again(&scope, &mut Backoff::new())).await {
                Ok(Some(fresh)) => {
                    let (observed, values) =
                        (Some(EnvironmentState::from(&fresh.environment)), rows.observe(&fresh.basis()));
                    Done { observed, values, ..done }
                }
                Ok(None) => done,
                Err(fault) => Done { unseen: Some(fault), ..done },
            };
        }
        if done.outcome != Outcome::Applied {
            return done;
        }
        let done = match operation.options() {
            None => done,
            Some(edits) => match self.options_of(&operation.subject, &mut Backoff::new()).await {
                Ok(settings) => Done { values: settings.map(|it| edits.observe(&it)).unwrap_or_default(), ..done },
                Err(fault) => Done { unseen: Some(fault), ..done },
            },
        };
        if done.observed.is_some() {
            return done;
        }
        match self.environment(operation).await {
            Ok(environment) => Done { observed: environment.as_ref().map(EnvironmentState::from), ..done },
            Err(fault) => Done { unseen: Some(fault), ..done },
        }
    }

    pub(super) async fn environment(&self, operation: &Operation) -> Result<Option<Environment>, Arc<Fault>> {
        look::environment(self.session, &operation.subject.key, self.now).await
    }
}

/// Returns the outcome of a call whose answer was lost, from its look-up.
pub(super) fn fate(found: Found, fault: Arc<Fault>) -> Fate {
    match found.finding {
        LookUpAnswer::Taken(request_id) => {
            Fate::Taken { request_id: request_id.or_else(|| fault.request_id.clone()), made: found.made }
        }
        LookUpAnswer::NotTaken => Fate::NotTaken(OperationError::NothingSeen(Box::new(fault.into()))),
        // It had the right state when it was sent: later changes by another client prove nothing about it.
        LookUpAnswer::Otherwise(_) | LookUpAnswer::Unknown => Fate::Unknown(fault.into()),
    }
}

/// Beanstalk has no code of its own for it (`InvalidParameterValue`).
fn is_not_ready(fault: &Fault) -> bool {
    fault.message.contains("invalid state for this operation")
}

/// Returns whether AWS refused because the requested state exists already: that is a success.
fn is_there_already(fault: &Fault) -> bool {
    let is_gone = fault.operation == "DeleteAlarms" && fault.kind == FaultKind::NotFound;
    is_gone || fault.code.as_deref() == Some("InvalidPermission.Duplicate")
}
