//! The way back in the log: its steps are written one by one, each with a line before and a line after, so that another
//! process can go on with a way that was interrupted.

use std::sync::Arc;

use super::audit::{AuditLog, History};
use super::entry::Entry;
use super::gate::gate;
use super::line::{AnyStep, Begun, Ended, Line, StepLine};
use super::look_up::{AT_ONCE, AT_START, ended};
use super::perform::{Done, Writer, new_id};
use crate::aws::versions_of;
use crate::change::{
    Consent, LostWrite, Next, Outcome, Progress, Refusal, Request, Route, Sizes, Standing, Step, Subject, UNSENT,
    WayBack, Write, Written,
};
use crate::model::{EnvironmentStatus, Fault, FaultKind, Key, Moment, ScopeId, Service};

/// The word for it in the log.
const KIND: &str = "back";

/// A change that has begun and not ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// What the log tells of it.
    pub entry: Entry,
    /// Whether the process that was at it is still running; then it is most likely still at it.
    pub is_running: bool,
}

/// The changes in the log that have begun and not ended, the oldest first. Blocks while it reads.
///
/// # Errors
/// When the log is there and cannot be read.
pub fn unfinished(log: &AuditLog) -> std::io::Result<Vec<Unfinished>> {
    let History { entries, .. } = log.read()?;
    let open = entries.into_iter().filter(|entry| entry.outcome.is_none());
    Ok(open.map(|entry| Unfinished { is_running: is_running(entry.process), entry }).collect())
}

#[cfg(unix)]
fn is_running(process: u32) -> bool {
    let id = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    id.is_some_and(|id| matches!(rustix::process::test_kill_process(id), Ok(()) | Err(rustix::io::Errno::PERM)))
}

#[cfg(not(unix))]
fn is_running(process: u32) -> bool {
    process == std::process::id()
}

impl Entry {
    pub(super) fn subject(&self, scope: ScopeId) -> Subject {
        let key = Key::new(scope, self.environment_id.as_str());
        Subject { key, name: self.environment.as_str().into(), application: self.application.as_str().into() }
    }

    fn value(&self, before: bool) -> Option<Arc<str>> {
        let change = self.changes.first()?;
        let value = if before { &change.before } else { &change.after };
        value.as_deref().map(Into::into)
    }

    /// The way back that this is, as far as it went.
    #[must_use]
    pub fn way_back(&self, scope: ScopeId) -> Option<WayBack> {
        if self.kind != KIND {
            return None;
        }
        let mut way = WayBack::new(self.subject(scope), self.value(true), self.value(false)?);
        way.id = Some(self.id.as_str().into());
        for it in &self.steps {
            let progress = match (&it.outcome, it.begun) {
                (Some(word), _) => Progress::of(word),
                (None, Some(_)) => Progress::Begun,
                (None, None) => Progress::Waiting,
            };
            if let AnyStep::Back(step) = it.step {
                way.record(step, progress);
            }
        }
        Some(way)
    }

    /// From which version to which it went, if it deployed one.
    #[must_use]
    pub fn deployed(&self) -> Option<(Arc<str>, Arc<str>)> {
        let is_deploy = matches!(self.kind.as_str(), "deploy" | KIND);
        // What was refused or failed brought nothing.
        let was_taken = matches!(self.outcome.as_deref(), None | Some("applied" | "unknown"));
        (is_deploy && was_taken).then(|| Some((self.value(true)?, self.value(false)?))).flatten()
    }

    /// The request that was begun, if it is of a kind that can be looked up.
    fn request(&self, scope: ScopeId) -> Option<Request> {
        let (write, status) = match self.kind.as_str() {
            "deploy" => (Write::Deploy { version: self.value(false)? }, EnvironmentStatus::Ready),
            "abort" => (Write::Abort, EnvironmentStatus::Updating),
            "restart" => (Write::Restart, EnvironmentStatus::Ready),
            "replace" => (Write::Replace { instance: self.value(true)?, last_of: None }, EnvironmentStatus::Ready),
            "scale" => (self.sizes()?, EnvironmentStatus::Ready),
            _ => return None,
        };
        let abortable = write == Write::Abort;
        let is_deploy = matches!(write, Write::Deploy { .. });
        let version = if is_deploy { self.value(true) } else { None };
        let seen = Standing { status, version, abortable };
        Some(Request { subject: self.subject(scope), write, seen, undoes: None })
    }
}

impl Entry {
    /// The change of sizes that was begun.
    fn sizes(&self) -> Option<Write> {
        let size = |name: &str, before: bool| {
            let change = self.changes.iter().find(|change| change.key == name)?;
            let value = if before { &change.before } else { &change.after };
            value.as_deref()?.parse().ok()
        };
        let sizes = |before| Some(Sizes { min: size("MinSize", before)?, max: size("MaxSize", before)? });
        Some(Write::Scale { from: sizes(true)?, to: sizes(false)? })
    }
}

impl Writer<'_> {
    /// Records that a way back is set out on. Nothing is written yet.
    ///
    /// # Errors
    /// When it must not be, or cannot be recorded.
    pub async fn set_out(&self, mut way: WayBack, now: &Standing, consent: &Consent) -> Result<WayBack, Refusal> {
        let deploy = way.request(Step::Deploy, &Standing { status: EnvironmentStatus::Ready, ..now.clone() });
        if let Some(refusal) = gate(&deploy, consent) {
            return Err(refusal);
        }
        self.version_exists(&way).await?;
        let at = (self.now)();
        let id = new_id(at);
        let begun = Begun {
            route: Route::Beanstalk.as_str().to_owned(),
            changes: way.changes(),
            steps: vec![AnyStep::Back(Step::Abort), AnyStep::Back(Step::Deploy)],
            ..Begun::new(&id, at, KIND, &way.subject, self.caller)
        };
        self.begin(begun).await.map_err(|why| Refusal::NoAudit { why })?;
        way.id = Some(id.into());
        Ok(way)
    }

    /// Refuses a rollback to a version that is not there: the abort that comes first would leave the instances on different
    /// versions, and nothing to deploy to them.
    async fn version_exists(&self, way: &WayBack) -> Result<(), Refusal> {
        let (application, to) = (&way.subject.application, &way.to);
        let refused = |why: String| Err(Refusal::Unsuitable { why: why.into() });
        match versions_of(self.session, application, self.now).await {
            Ok(versions) if versions.iter().any(|it| it.label == *to) => Ok(()),
            Ok(_) => refused(format!("the application {application} no longer has the version {to}")),
            Err(fault) => {
                refused(format!("whether the version {to} is still there cannot be read: {}", fault.sentence()))
            }
        }
    }

    /// Does what is next on the way, with the environment standing like this: writes a step, or looks up one whose end was
    /// lost. `None` if there is nothing to do but wait, or it has ended; the end of the whole is recorded here.
    pub async fn advance(&self, way: &mut WayBack, now: &Standing, consent: &Consent) -> Option<Written> {
        let id = way.id.clone()?;
        let (step, end) = match way.next(now) {
            Next::Wait | Next::Arrived | Next::Stranded(..) => return None,
            Next::LookUp(step, request) => (step, self.find(&id, step, &request).await),
            Next::Write(step, request) => match gate(&request, consent) {
                Some(refusal) => return Some(self.refused(refusal)),
                None => (step, self.step(&id, step, &request).await),
            },
        };
        let (word, done) = match end {
            Ok(end) => end,
            Err(why) => return Some(self.refused(Refusal::NoAudit { why })),
        };
        way.record(step, Progress::of(word));
        if way.is_over() { Some(self.conclude(&id, done).await) } else { Some(self.written(Some(&id), done, None)) }
    }

    /// Writes a step, with a line before and a line after.
    async fn step(&self, id: &str, step: Step, request: &Request) -> Result<(&'static str, Done), Arc<str>> {
        self.log.append(&self.line(id, step, None)).await?;
        let done = Box::pin(self.carry_out(request)).await;
        let word = done.outcome.word();
        self.end_step(id, step, word, &done).await;
        Ok((word, done))
    }

    /// Looks for a step that was begun by somebody who did not live to record its end.
    async fn find(&self, id: &str, step: Step, request: &Request) -> Result<(&'static str, Done), Arc<str>> {
        let since = self.begun_at(id, step).await.unwrap_or_else(|| (self.now)());
        let Some(write) = LostWrite::of_request(request) else { return Ok(("unknown", unclear(request))) };
        let found = self.find_out(&request.subject, &Self::lost(write, since, None), AT_ONCE).await;
        let is_settled =
            found.is_whole && found.standing.as_ref().is_some_and(|it| it.status == EnvironmentStatus::Ready);
        let done = ended(found, &lost(request));
        let is_abortable = done.observed.as_ref().is_some_and(|standing| standing.abortable);
        let word = match done.outcome {
            Outcome::Failed(_) => UNSENT,
            // Whatever became of the old abort: there is an update now, and it is decided anew whether to abort it.
            Outcome::Unknown(_) if step == Step::Abort && is_abortable => UNSENT,
            // The version is not the one that was wanted, and no update is under way: it does not become so by waiting.
            Outcome::Unknown(_) if step == Step::Deploy && is_settled => "failed",
            _ => done.outcome.word(),
        };
        // To be looked for again; a line for each look would say nothing.
        if !matches!(Progress::of(word), Progress::Begun) {
            self.end_step(id, step, word, &done).await;
        }
        Ok((word, done))
    }

    /// A step that was written and whose line is missing is found again by looking it up, so that is no failure here.
    async fn end_step(&self, id: &str, step: Step, word: &str, done: &Done) {
        if let Err(why) = self.log.append(&self.line(id, step, Some((word, done)))).await {
            tracing::error!(why = &*why, "the end of a step is not in the log");
        }
    }

    fn line(&self, id: &str, step: Step, end: Option<(&str, &Done)>) -> Line {
        let requests = end.map(|(_, done)| done.request_ids.iter().map(ToString::to_string).collect());
        Line::Step(StepLine {
            id: id.to_owned(),
            at: (self.now)().0,
            process: std::process::id(),
            step: AnyStep::Back(step),
            made: None,
            outcome: end.map(|(word, _)| word.to_owned()),
            request_ids: requests.unwrap_or_default(),
            message: end.and_then(|(_, done)| done.outcome.reason()),
        })
    }

    async fn begun_at(&self, id: &str, step: Step) -> Option<Moment> {
        let log = self.log.clone();
        let history = tokio::task::spawn_blocking(move || log.read()).await.ok()?.ok()?;
        let entry = history.entries.into_iter().find(|entry| entry.id == id)?;
        entry.steps.iter().find(|it| it.step == AnyStep::Back(step)).and_then(|it| it.begun).map(Moment)
    }

    /// Finds out what became of a change that began and has no end in the log, and records it. `None` for one that is not
    /// a single write: a way back is gone on with by [`Writer::advance`].
    pub async fn settle(&self, entry: &Entry) -> Option<Written> {
        if let Some(past) = entry.past(self.session.scope) {
            return Some(self.settle_settings(entry, &past).await);
        }
        let request = entry.request(self.session.scope)?;
        let done = self.look_up(&request, Moment(entry.at), lost(&request), AT_START).await;
        Some(self.conclude(&entry.id, done).await)
    }

    /// Records that a way back is not gone on with.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn abandon(&self, way: &WayBack) -> Result<(), Arc<str>> {
        let Some(id) = way.id.as_deref() else { return Ok(()) };
        let outcome = if way.abort == Progress::Done { "partial" } else { "unchanged" };
        let (at, message) = ((self.now)().0, Some("it was not gone on with".to_owned()));
        let (id, outcome) = (id.to_owned(), outcome.to_owned());
        self.log.append(&Line::Ended(Ended { id, at, outcome, request_ids: Vec::new(), message })).await
    }
}

fn unclear(request: &Request) -> Done {
    Done::of(Outcome::Unknown(lost(request)), None)
}

/// What is said of a request whose answer nobody waited for.
fn lost(request: &Request) -> Arc<Fault> {
    let operation = request.call().operation();
    Arc::new(Fault {
        kind: FaultKind::Other,
        service: Service::Beanstalk,
        operation,
        code: None,
        message: "the program ended before an answer came".into(),
        details: None,
        request_id: None,
    })
}
