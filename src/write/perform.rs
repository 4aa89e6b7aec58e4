//! A request from its confirmation to its end in the log.
//!
//! The order is the point: gate, line, read again, write, look, line. Whoever drops the future anywhere leaves a line for
//! everything that may have been sent.

use std::sync::Arc;

use super::audit::AuditLog;
use super::gate::gate;
use super::line::{Begun, Ended, Line};
use super::look_up::LOOKS;
use super::patience::Patience;
use crate::aws::apply::{Sent, send};
use crate::aws::{Session, look};
use crate::change::{Consent, Difference, Outcome, Refusal, Request, Standing, Written};
use crate::model::{Environment, Fault, Moment};

/// Who writes, as far as AWS has told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// As AWS calls him.
    pub arn: Option<Arc<str>>,
    /// His account.
    pub account: Option<Arc<str>>,
}

/// By what a request is carried out.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// With whose credentials, and where.
    pub session: &'a Session,
    /// Where it is recorded.
    pub log: &'a AuditLog,
    /// Who is recorded.
    pub caller: &'a Caller,
    /// The clock.
    pub now: &'a (dyn Fn() -> Moment + Send + Sync),
}

/// What became of a request, before it is recorded.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Done {
    pub outcome: Outcome,
    pub request_ids: Vec<Arc<str>>,
    pub observed: Option<Standing>,
    /// What was live afterwards, of settings.
    pub values: Vec<(String, Option<Arc<str>>)>,
    /// Why it could not be looked at afterwards.
    pub unseen: Option<Arc<Fault>>,
}

impl Done {
    pub(super) fn of(outcome: Outcome, observed: Option<Standing>) -> Self {
        Self { outcome, request_ids: Vec::new(), observed, values: Vec::new(), unseen: None }
    }

    /// AWS took it; what was seen afterwards, or why nothing was.
    fn applied(request_id: Option<Arc<str>>, observed: Result<Option<Standing>, Arc<Fault>>) -> Self {
        let (observed, unseen) = match observed {
            Ok(observed) => (observed, None),
            Err(fault) => (None, Some(fault)),
        };
        Self { request_ids: request_id.into_iter().collect(), unseen, ..Self::of(Outcome::Applied, observed) }
    }
}

impl Writer<'_> {
    /// Carries a request out, once, and records it.
    pub async fn perform(&self, request: &Request, consent: &Consent) -> Written {
        if let Some(refusal) = gate(request, consent) {
            return self.refused(refusal);
        }
        if request.is_idle() {
            return self.written(None, Done::of(Outcome::Unchanged, Some(request.seen.clone())), None);
        }
        let at = (self.now)();
        let id = new_id(at);
        let begun = Begun::of(request, &id, at, self.caller);
        if let Err(why) = self.begin(begun).await {
            return self.refused(Refusal::NoAudit { why });
        }
        let done = self.carry_out(request).await;
        self.conclude(&id, done).await
    }

    /// Records that something begins, where it does.
    pub(super) async fn begin(&self, begun: Begun) -> Result<(), Arc<str>> {
        let text = |it: &Option<Arc<str>>| it.as_deref().map(str::to_owned);
        let (region, endpoint) = (text(&self.session.region), text(&self.session.endpoint));
        self.log.append(&Line::Begun(Begun { region, endpoint, ..begun })).await
    }

    /// Records how it ended.
    pub(super) async fn conclude(&self, id: &str, done: Done) -> Written {
        let at = (self.now)();
        let line = Line::Ended(Ended {
            id: id.to_owned(),
            at: at.0,
            outcome: done.outcome.word().to_owned(),
            request_ids: done.request_ids.iter().map(ToString::to_string).collect(),
            message: done.outcome.reason(),
        });
        let unrecorded = self.log.append(&line).await.err();
        Written { at, ..self.written(Some(id), done, unrecorded) }
    }

    pub(super) fn written(&self, id: Option<&str>, done: Done, unrecorded: Option<Arc<str>>) -> Written {
        let Done { outcome, request_ids, observed, values, unseen } = done;
        let at = (self.now)();
        if let Some(why) = &unrecorded {
            tracing::error!(why = &**why, "the end of a change is not in the log");
        }
        Written { id: id.map(Into::into), at, outcome, request_ids, observed, values, unseen, unrecorded }
    }

    pub(super) fn refused(&self, refusal: Refusal) -> Written {
        self.written(None, Done::of(Outcome::Refused(refusal), None), None)
    }

    /// Reads again, compares, writes and looks. The line that tells of it is there already.
    pub(super) async fn carry_out(&self, request: &Request) -> Done {
        let mut patience = Patience::new();
        let environment = match patience.call(|| self.environment(request)).await {
            Ok(Some(environment)) => environment,
            Ok(None) => return Done::of(Outcome::Conflict(vec![gone(request)]), None),
            Err(fault) => return Done::of(Outcome::Failed(fault), None),
        };
        let standing = Standing::from(&environment);
        let differences = request.differences(&standing);
        if !differences.is_empty() {
            return Done::of(Outcome::Conflict(differences), Some(standing));
        }
        if let Some(refusal) = request.objection(&standing) {
            return Done::of(Outcome::Refused(refusal), Some(standing));
        }
        if let Err(outcome) = Box::pin(self.examine(request, &environment, &mut patience)).await {
            return Done::of(outcome, Some(standing));
        }
        self.write(request, &mut patience).await
    }

    async fn write(&self, request: &Request, patience: &mut Patience) -> Done {
        let since = (self.now)();
        let call = request.call();
        match patience.call(|| send(self.session, &call, self.now)).await {
            Sent::Accepted { request_id, .. } => Done::applied(request_id, self.standing(request).await),
            Sent::Refused(fault) if is_not_ready(&fault) => self.overtaken(request, fault).await,
            Sent::Refused(fault) => Done::of(Outcome::Failed(fault), None),
            Sent::Lost(fault) => self.look_up(request, since, fault, LOOKS).await,
        }
    }

    async fn environment(&self, request: &Request) -> Result<Option<Environment>, Arc<Fault>> {
        look::environment(self.session, &request.subject.key, self.now).await
    }

    async fn standing(&self, request: &Request) -> Result<Option<Standing>, Arc<Fault>> {
        Ok(self.environment(request).await?.map(|environment| Standing::from(&environment)))
    }

    /// Somebody else began something between our look and our write.
    async fn overtaken(&self, request: &Request, fault: Arc<Fault>) -> Done {
        let Ok(Some(standing)) = self.standing(request).await else { return Done::of(Outcome::Failed(fault), None) };
        let differences = request.differences(&standing);
        let outcome = if differences.is_empty() { Outcome::Failed(fault) } else { Outcome::Conflict(differences) };
        Done::of(outcome, Some(standing))
    }
}

/// An id that sorts by time, is easily typed, and that no other beanpole gives in the same second.
pub(super) fn new_id(at: Moment) -> String {
    format!("{}-{:04x}", at.0.strftime("%Y%m%d-%H%M%S"), fastrand::u16(..))
}

fn gone(request: &Request) -> Difference {
    Difference::new("environment", request.subject.name.clone(), "gone")
}

/// Beanstalk has no code of its own for it (`InvalidParameterValue`).
pub(super) fn is_not_ready(fault: &Fault) -> bool {
    fault.message.contains("invalid state for this operation")
}

/// The fault with something more to say.
pub(super) fn with(fault: &Fault, words: &str) -> Arc<Fault> {
    Arc::new(Fault { message: format!("{}; {words}", fault.message).into(), ..fault.clone() })
}
