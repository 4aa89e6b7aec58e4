//! The one engine: every write goes through it, from the screen and from the commands alike.
//!
//! The order matters: gate, line, guards, calls, a look at the result, line. A caller that drops the future anywhere
//! leaves a line for everything that may have been sent. An operation of several steps runs one step at a time and
//! returns; waiting between them is up to the caller that polls.

use std::sync::Arc;

use super::backoff::Backoff;
use super::entry::Entry;
use super::guards::{Asked, GuardSeen};
use super::line::{Begun, EndedLine, JournalLine, KeptVerdict, StepLine};
use super::outside::ask_outside;
use super::writer::JournalWriter;
use crate::change::{
    Confirmation, EnvironmentState, FROZEN, LookUpVerdict, Next, Operation, OperationError, OperationKind, OptionEdits,
    Outcome, PASSED, Refusal, UNSENT, UpdateRecord, Written,
};
use crate::model::{Fault, Moment};

/// The result of a step, or of an operation of one step, before it is recorded.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Done {
    pub outcome: Outcome,
    /// The word of the step's line, where it is another than the outcome's.
    pub word: Option<&'static str>,
    /// A description, where that is not the outcome's reason.
    pub found: Option<Arc<str>>,
    /// The id of what it has created.
    pub made: Option<Arc<str>>,
    pub request_ids: Vec<Arc<str>>,
    pub observed: Option<EnvironmentState>,
    /// What was live afterwards, of settings.
    pub values: Vec<(String, Option<Arc<str>>)>,
    /// Why it could not be looked at afterwards.
    pub unseen: Option<Arc<Fault>>,
}

impl Done {
    pub(super) fn of(outcome: Outcome, observed: Option<EnvironmentState>) -> Self {
        let (request_ids, values) = (Vec::new(), Vec::new());
        Self { outcome, word: None, found: None, made: None, request_ids, observed, values, unseen: None }
    }

    pub(super) fn word(&self) -> &'static str {
        self.word.unwrap_or_else(|| self.outcome.word())
    }

    fn found(&self) -> Option<Arc<str>> {
        self.found.clone().or_else(|| self.outcome.reason().map(Into::into))
    }
}

impl JournalWriter<'_> {
    /// Carries an operation of one step out, once, and records it. One that would change nothing is no change.
    pub async fn perform(&self, operation: &Operation, confirmation: &Confirmation) -> Written {
        if let Some(refusal) = self.refusal(operation, confirmation).await {
            return self.record_refusal(operation, refusal).await;
        }
        if operation.is_idle() {
            return self.written(None, Done::of(Outcome::Unchanged, Some(operation.seen.clone())), None);
        }
        let mut operation = operation.clone();
        if let Err(refusal) = self.hash_hidden(&mut operation).await {
            return self.refused(refusal);
        }
        let id = match self.record_begin(&mut operation).await {
            Ok(id) => id,
            Err(refusal) => return self.refused(refusal),
        };
        let done = self.take(&mut operation, 0).await;
        self.conclude(&id, done).await
    }

    /// Hashes what is never shown, so that the journal can have it.
    async fn hash_hidden(&self, operation: &mut Operation) -> Result<(), Refusal> {
        if operation.options().is_some_and(OptionEdits::has_hidden) {
            let key = self.log.hash_key_or_new().await.map_err(|why| Refusal::NoAudit { why })?;
            operation.compare_by(&key);
        }
        Ok(())
    }

    /// Records that an operation of several steps begins. Nothing is written yet.
    ///
    /// # Errors
    /// When it must not begin, or cannot be recorded.
    pub async fn begin(&self, mut operation: Operation, confirmation: &Confirmation) -> Result<Operation, Refusal> {
        if let Some(refusal) = self.refusal(&operation, confirmation).await {
            self.record_refusal(&operation, refusal.clone()).await;
            return Err(refusal);
        }
        if let Some(guard) = operation.precondition()
            && let LookUpVerdict::Stop(Outcome::Refused(refusal)) =
                self.ask(&operation, 0, &guard, &mut Backoff::new()).await.verdict
        {
            return Err(refusal);
        }
        self.record_begin(&mut operation).await?;
        Ok(operation)
    }

    /// Does what is next, with the environment in this status: sends a step, or looks up one whose end was lost. `None` if
    /// there is nothing to do but wait or ask a person; the end of the whole is recorded here.
    pub async fn advance(
        &self,
        operation: &mut Operation,
        now: &EnvironmentState,
        confirmation: &Confirmation,
    ) -> Option<Written> {
        self.advance_or_wait(operation, now, confirmation, |_| false).await
    }

    /// The same for a caller that comes again: a step that was certainly not sent, for a reason that `passes` calls one of
    /// the moment, does not end the operation.
    pub async fn advance_or_wait(
        &self,
        operation: &mut Operation,
        now: &EnvironmentState,
        confirmation: &Confirmation,
        passes: impl Fn(&OperationError) -> bool,
    ) -> Option<Written> {
        let id = operation.id.clone()?;
        if matches!(operation.next(now), Next::Wait | Next::Stopped(..) | Next::Finished) {
            return None;
        }
        if let Err(refusal) = self.may_go_on(operation, confirmation).await {
            return Some(self.refused(refusal));
        }
        let (place, is_lost) = match operation.next(now) {
            Next::Do(place) => (place, false),
            // A request changes nothing: it is sent again.
            Next::LookUp(place) => (place, !operation.steps[place].work.is_probe()),
            Next::Wait | Next::Stopped(..) | Next::Finished => return None,
        };
        // What this step depends on was never shown: it is decided on the present state.
        operation.seen = now.clone();
        let done = if is_lost {
            self.look_for(operation, place).await
        } else {
            if let Err(why) = self.log.append(&self.step_line(operation, place, None)).await {
                return Some(self.refused(Refusal::NoAudit { why }));
            }
            let done = Box::pin(self.take(operation, place)).await;
            let is_passing = matches!(&done.outcome, Outcome::Failed(error) if passes(error));
            if is_passing { Done { word: Some(UNSENT), ..done } } else { done }
        };
        operation.record(place, done.word(), done.found(), done.made.clone());
        // A repeated look-up has no line for each look: it would add nothing.
        if !is_lost || done.word() != "unknown" {
            self.record_step(operation, place, &done).await;
        }
        let has_ended = if operation.kind.asks() { operation.has_finished() } else { operation.is_over() };
        Some(if has_ended { self.conclude(&id, done).await } else { self.written(Some(&id), done, None) })
    }

    /// Goes on from a probe that failed. The name is typed for it, and that is recorded.
    ///
    /// # Errors
    /// When the name was not typed, or it cannot be recorded.
    pub async fn pass(&self, operation: &mut Operation, confirmation: &Confirmation) -> Result<(), Refusal> {
        let Some(place) = operation.may_pass() else { return Ok(()) };
        self.take_over(operation).await?;
        let mut passed = operation.clone();
        passed.record(place, PASSED, None, None);
        if let Some(refusal) = self.refusal(&passed, confirmation).await {
            self.record_refusal_of(operation, &refusal).await;
            return Err(refusal);
        }
        let done = Done { word: Some(PASSED), ..Done::of(Outcome::Unchanged, None) };
        let line = self.step_line(&passed, place, Some(&done));
        self.log.append(&line).await.map_err(|why| Refusal::NoAudit { why })?;
        *operation = passed;
        Ok(())
    }

    /// Records the verdict of an update that was followed, also if another client began it.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn keep_verdict(&self, update: &UpdateRecord) -> Result<(), Arc<str>> {
        let text = |it: &Option<Arc<str>>| it.as_deref().map(str::to_owned);
        let kept = KeptVerdict {
            at: (self.now)().0,
            account: text(&self.caller.account),
            region: text(&self.session.region),
            endpoint: text(&self.session.endpoint),
            update: update.clone(),
        };
        self.log.append(&JournalLine::UpdateVerdict(Box::new(kept))).await
    }

    /// Records that it is abandoned.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn leave(&self, operation: &Operation) -> Result<(), Arc<str>> {
        let Some(id) = operation.id.as_deref() else { return Ok(()) };
        let has_written =
            operation.kind == OperationKind::HttpsBack || operation.steps.iter().any(crate::change::Step::is_ours);
        let outcome = if has_written { "partial" } else { "unchanged" }.to_owned();
        let (at, message) = ((self.now)().0, Some("it was not gone on with".to_owned()));
        let ended = EndedLine { id: id.to_owned(), at, outcome, request_ids: Vec::new(), message };
        self.log.append(&JournalLine::OperationEnded(ended)).await?;
        self.log.release(id);
        Ok(())
    }

    /// Runs guards, calls and the look of one step. Its line in the log is there already.
    async fn take(&self, operation: &mut Operation, place: usize) -> Done {
        if operation.steps[place].work.is_probe() {
            return self.probe(operation).await;
        }
        let mut backoff = Backoff::new();
        let mut seen = None;
        for guard in operation.guards(place) {
            let asked = self.ask(operation, place, &guard, &mut backoff).await;
            let done = match asked.verdict.clone() {
                LookUpVerdict::Pass => None,
                LookUpVerdict::Done(made) => Some(Done { made, ..asked.done(operation, Outcome::Unchanged) }),
                LookUpVerdict::Wait(refusal) => {
                    Some(Done { word: Some(UNSENT), ..asked.done(operation, Outcome::Refused(refusal)) })
                }
                LookUpVerdict::Stop(outcome) => Some(asked.done(operation, outcome)),
            };
            if let Some(done) = done {
                let observed = done.observed.clone().or_else(|| seen.as_ref().and_then(GuardSeen::state));
                return Done { observed, ..done };
            }
            asked.complete(operation, place);
            if !matches!(asked.seen, GuardSeen::Nothing) {
                seen = Some(asked.seen);
            }
        }
        if let Some(frozen) = self.frozen_before(operation, place).await {
            let observed = seen.as_ref().and_then(GuardSeen::state);
            let refused = Done::of(Outcome::Refused(Refusal::Frozen(frozen)), observed);
            return Done { word: Some(FROZEN), ..refused };
        }
        let sent = self.send_all(operation, place, seen.as_ref(), &mut backoff).await;
        self.observe(operation, sent).await
    }

    /// A client's request over HTTPS.
    async fn probe(&self, operation: &Operation) -> Done {
        let Some(setup) = &operation.setup else { return Done::of(Outcome::Unchanged, None) };
        match ask_outside(self.dialer, &setup.dns_name, &setup.host).await {
            Ok(probed) => {
                let found = probed.words(&setup.host, &setup.certificate).into();
                Done { found: Some(found), ..Done::of(Outcome::Applied, None) }
            }
            Err(unanswered) => {
                let words: Arc<str> = unanswered.words(&setup.host).into();
                Done {
                    found: Some(Arc::clone(&words)),
                    ..Done::of(Outcome::Failed(OperationError::Probe(words)), None)
                }
            }
        }
    }

    pub(super) async fn record_begin(&self, operation: &mut Operation) -> Result<Arc<str>, Refusal> {
        let at = (self.now)();
        let id: Arc<str> = new_id(at).into();
        let no_audit = |why| Refusal::NoAudit { why };
        self.log.hold(&id).await.map_err(no_audit)?;
        let begun = Begun::new(operation, &id, at, self.caller, self.session);
        if let Err(why) = self.log.append(&JournalLine::Operation(Box::new(begun))).await {
            self.log.release(&id);
            return Err(no_audit(why));
        }
        operation.id = Some(Arc::clone(&id));
        Ok(id)
    }

    /// Takes an operation over that another process may have begun: holds its lock, and reads how far it is by now. Whether
    /// this process was at it already.
    pub(super) async fn take_over(&self, operation: &mut Operation) -> Result<bool, Refusal> {
        let Some(id) = operation.id.clone() else { return Ok(true) };
        let refused = |why: String| Refusal::Unsuitable { why: why.into() };
        if self.log.hold(&id).await.map_err(|why| refused(format!("{} {id} {why}", operation.kind.as_str())))? {
            return Ok(true);
        }
        // It was another's until now: only the journal knows how far it came.
        let entry = self.log.entry(&id).await.map_err(|why| Refusal::NoAudit { why })?;
        match entry {
            Some(Entry { outcome: Some(outcome), .. }) => {
                self.log.release(&id);
                Err(refused(format!("another beanpole has ended {id} meanwhile: {outcome}")))
            }
            Some(entry) => {
                if let Some(known) = entry.operation(self.session.scope) {
                    operation.catch_up(known);
                }
                Ok(false)
            }
            None => Ok(false),
        }
    }

    /// Records how it ended.
    pub(super) async fn conclude(&self, id: &str, done: Done) -> Written {
        let at = (self.now)();
        let line = JournalLine::OperationEnded(EndedLine {
            id: id.to_owned(),
            at: at.0,
            outcome: done.outcome.word().to_owned(),
            request_ids: done.request_ids.iter().map(ToString::to_string).collect(),
            message: done.outcome.reason(),
        });
        let unrecorded = self.log.append(&line).await.err();
        self.log.release(id);
        Written { at, ..self.written(Some(id), done, unrecorded) }
    }

    /// A step that was sent and whose line is missing is found again by looking it up, so that is no failure here.
    async fn record_step(&self, operation: &Operation, place: usize, done: &Done) {
        if let Err(why) = self.log.append(&self.step_line(operation, place, Some(done))).await {
            tracing::error!(why = &*why, "the end of a step is not in the log");
        }
    }

    fn step_line(&self, operation: &Operation, place: usize, done: Option<&Done>) -> JournalLine {
        let ids = done.map(|done| done.request_ids.iter().map(ToString::to_string).collect());
        JournalLine::OperationStep(StepLine {
            id: operation.id.as_deref().unwrap_or_default().to_owned(),
            at: (self.now)().0,
            process: super::process::WriterProcess::ours(),
            place,
            step: operation.steps[place].work.name().to_owned(),
            outcome: done.map(|done| done.word().to_owned()),
            made: done.and_then(|done| done.made.as_deref()).map(str::to_owned),
            request_ids: ids.unwrap_or_default(),
            message: done.and_then(Done::found).map(|found| found.to_string()),
        })
    }

    pub(super) fn written(&self, id: Option<&str>, done: Done, unrecorded: Option<Arc<str>>) -> Written {
        let Done { outcome, request_ids, observed, values, unseen, .. } = done;
        let at = (self.now)();
        if let Some(why) = &unrecorded {
            tracing::error!(why = &**why, "the end of a change is not in the log");
        }
        Written { id: id.map(Into::into), at, outcome, request_ids, observed, values, unseen, unrecorded }
    }

    pub(super) fn refused(&self, refusal: Refusal) -> Written {
        self.written(None, Done::of(Outcome::Refused(refusal), None), None)
    }
}

impl Asked {
    fn done(&self, operation: &Operation, outcome: Outcome) -> Done {
        Done { values: self.seen.values(operation), ..Done::of(outcome, self.seen.state()) }
    }
}

/// An id that sorts by time, is easily typed, and that no other beanpole gives in the same second.
fn new_id(at: Moment) -> String {
    format!("{}-{:04x}", at.0.strftime("%Y%m%d-%H%M%S"), fastrand::u16(..))
}
