//! The outcome of a step that was begun by a process that ended before recording it.

use super::engine::Done;
use super::entry::Entry;
use super::look_up::{AT_ONCE, AT_START, Found};
use super::writer::JournalWriter;
use crate::change::{
    ApiCall, ApiWrite, LookUp, LookUpAnswer, Operation, OperationError, Outcome, UNSENT, Work, Written,
};
use crate::model::{EnvironmentStatus, Moment};

impl JournalWriter<'_> {
    /// Finds out the outcome of an operation of one step that has no end in the journal, and records it. `None` for one of
    /// several steps, which [`JournalWriter::advance`] continues, and for one that another beanpole is running.
    pub async fn settle(&self, entry: &Entry) -> Option<Written> {
        let mut operation = entry.operation(self.session.scope).filter(|it| !it.kind.is_stepwise())?;
        // Without the key nothing of a hidden value can be compared, and its end stays unknown.
        if let Some(key) = self.log.hash_key().await.filter(|_| operation.options().is_some()) {
            operation.compare_by(&key);
        }
        self.log.hold(&entry.id).await.ok()?;
        let since = Moment(entry.at);
        let (mut findings, mut request_ids, mut observed) = (Vec::new(), Vec::new(), None);
        for sending in operation.sendings(0).iter().filter(|sending| !sending.is_question()) {
            let found = self.find(&operation, &sending.look_up, (since, None), AT_START).await;
            if let LookUpAnswer::Taken(id) = &found.finding {
                request_ids.extend(id.clone());
            }
            observed = found.state.or(observed);
            findings.push(found.finding);
        }
        let done = Done { request_ids, ..Done::of(judged(&operation, &findings), observed) };
        Some(self.conclude(&entry.id, done).await)
    }

    /// Looks for a step of several whose end was lost. It waits for its turn again if it was certainly not sent.
    pub(super) async fn look_for(&self, operation: &Operation, place: usize) -> Done {
        let id = operation.id.as_deref().unwrap_or_default();
        let since = self.log.begun_at(id, place).await.unwrap_or_else(|| (self.now)());
        let mut last = None;
        for look_up in look_ups(operation, place) {
            let found = self.find(operation, &look_up, (since, None), AT_ONCE).await;
            let is_settled = found.finding != LookUpAnswer::NotTaken;
            last = Some(found);
            if is_settled {
                break;
            }
        }
        last.map_or_else(|| Done::of(Outcome::Unknown(lost(operation)), None), |found| ended(operation, place, found))
    }
}

/// By what a step is found: what HTTPS makes is looked at before the update that makes it.
fn look_ups(operation: &Operation, place: usize) -> Vec<LookUp> {
    let made = match operation.steps[place].work {
        Work::Https { step, .. } => Some(LookUp::Https(step)),
        _ => None,
    };
    let sent = operation.sendings(place).into_iter().filter(|sending| !sending.is_question());
    let sent = sent.map(|sending| sending.look_up).filter(|look_up| Some(look_up) != made.as_ref());
    made.clone().into_iter().chain(sent).collect()
}

/// How a step of several ended, by what was found of it.
fn ended(operation: &Operation, place: usize, found: Found) -> Done {
    let Found { finding, state, is_whole, made } = found;
    let is_abortable = state.as_ref().is_some_and(|it| it.abortable);
    let is_settled = is_whole && state.as_ref().is_some_and(|it| it.status == EnvironmentStatus::Ready);
    let done = |outcome| Done { made, ..Done::of(outcome, state) };
    match (finding, &operation.steps[place].work) {
        (LookUpAnswer::Taken(id), _) => Done { request_ids: id.into_iter().collect(), ..done(Outcome::Applied) },
        (LookUpAnswer::NotTaken, _) => Done { word: Some(UNSENT), ..done(nothing_seen(operation)) },
        (LookUpAnswer::Otherwise(differences), _) => done(Outcome::Conflict(differences)),
        // Whatever the old abort's outcome: there is an update now, and the user decides again whether to abort it.
        (LookUpAnswer::Unknown, Work::Abort) if is_abortable => {
            Done { word: Some(UNSENT), ..done(Outcome::Unknown(lost(operation))) }
        }
        // No update is in progress, and what is shown is not what was wanted: it does not become so by waiting.
        (LookUpAnswer::Unknown, Work::Deploy { .. }) if is_settled => {
            Done { word: Some("failed"), ..done(Outcome::Unknown(lost(operation))) }
        }
        (LookUpAnswer::Unknown, Work::Https { .. }) if is_settled => {
            done(Outcome::Failed(OperationError::Overtaken(last_call(operation))))
        }
        (LookUpAnswer::Unknown, _) => done(Outcome::Unknown(lost(operation))),
    }
}

/// Returns the outcome of all calls of a step together.
fn judged(operation: &Operation, findings: &[LookUpAnswer]) -> Outcome {
    let is_taken = |finding: &LookUpAnswer| matches!(finding, LookUpAnswer::Taken(_));
    let is_unclear = |finding: &LookUpAnswer| matches!(finding, LookUpAnswer::Unknown | LookUpAnswer::Otherwise(_));
    match () {
        () if findings.iter().any(is_unclear) => Outcome::Unknown(lost(operation)),
        () if findings.iter().all(is_taken) => Outcome::Applied,
        () if !findings.iter().any(is_taken) => nothing_seen(operation),
        () => Outcome::Partial(lost(operation)),
    }
}

/// Why it is not known: the answer to the last call was not waited for.
fn lost(operation: &Operation) -> OperationError {
    OperationError::GaveUp(last_call(operation))
}

fn nothing_seen(operation: &Operation) -> Outcome {
    Outcome::Failed(OperationError::NothingSeen(Box::new(lost(operation))))
}

fn last_call(operation: &Operation) -> Option<&'static ApiWrite> {
    operation.calls().last().map(ApiCall::write)
}
