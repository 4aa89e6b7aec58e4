//! HTTPS in the log: each step has a line before and a line after, so that another process can go on with it, or take it
//! back. Before a step everything is read again; what is so already is not written, and what somebody else has changed is
//! a conflict.

use std::sync::Arc;

use tokio::time::sleep;

use super::audit::History;
use super::entry::Entry;
use super::gate::gate_course;
use super::line::{AnyStep, Begun, Ended, Line, StepLine};
use super::look_up::{AT_ONCE, Found, LOOKS, Pauses, nothing_seen};
use super::patience::Patience;
use super::perform::{Done, Writer, new_id};
use super::site::Depth;
use crate::aws::apply::{Sent, send, validate};
use crate::aws::{ask_outside, look};
use crate::change::https::{Course, Direction, Look, Next, PASSED, Site, Step};
use crate::change::{Consent, Difference, Finding, Outcome, Refusal, Route, Standing, UNSENT, Written};
use crate::model::{Fault, FaultKind, Moment, ScopeId, Service};

/// What is said of an update that may have been ours.
const OVERTAKEN: &str = "an update of the environment has ended since, and the options are as before: either Beanstalk \
                         rolled this one back, or another client's ran in its place";

/// What became of a step.
struct End {
    word: &'static str,
    done: Done,
    /// What came of it, in words.
    found: Option<Arc<str>>,
    made: Option<Arc<str>>,
}

impl End {
    fn of(outcome: Outcome, site: Option<&Site>) -> Self {
        let observed = site.map(|site| Standing::from(&site.environment));
        Self {
            word: outcome.word(),
            found: outcome.reason().map(Into::into),
            done: Done::of(outcome, observed),
            made: None,
        }
    }

    fn with(self, made: Option<Arc<str>>, request_ids: Vec<Arc<str>>) -> Self {
        Self { made, done: Done { request_ids, ..self.done }, ..self }
    }
}

impl Entry {
    /// The course that this is, as far as it went.
    #[must_use]
    pub fn course(&self, scope: ScopeId) -> Option<Course> {
        let mut course = Course::new(self.subject(scope), self.https.clone()?);
        course.id = Some(self.id.as_str().into());
        if self.kind != course.kind() {
            course = self.backwards(course)?;
        }
        for it in &self.steps {
            let AnyStep::Https(step) = it.step else { continue };
            let made = it.made.as_deref().map(Into::into);
            match (&it.outcome, it.begun) {
                (Some(word), _) => course.record(step, word, None, made),
                (None, Some(_)) => course.record(step, "begun", None, made),
                (None, None) => {}
            }
        }
        Some(course)
    }

    /// The same taken back, by the steps that the log names.
    fn backwards(&self, mut course: Course) -> Option<Course> {
        course.direction = Direction::Back;
        course.undoes = self.undoes.as_deref().map(Into::into);
        let place = |step: Step| self.steps.iter().position(|it| it.step == AnyStep::Https(step));
        course.legs.retain(|leg| place(leg.step).is_some());
        course.legs.sort_by_key(|leg| place(leg.step));
        (self.kind == course.kind()).then_some(course)
    }
}

impl History {
    /// The newest setting up of HTTPS, of an environment if one is named by its id, that can be taken back; where:
    /// account, region and endpoint.
    #[must_use]
    pub fn newest_https_to_undo(
        &self,
        (account, region, endpoint): (Option<&str>, Option<&str>, Option<&str>),
        environment: Option<&str>,
    ) -> Option<&Entry> {
        let is_meant = |entry: &Entry| environment.is_none_or(|id| entry.environment_id == id);
        let is_here = |entry: &&Entry| entry.is_of(account, region, endpoint) && is_meant(entry);
        let is_open = |entry: &&Entry| entry.undone_by.is_none() && entry.outcome.is_some();
        let can_go_back = |entry: &&Entry| entry.course(ScopeId::default()).is_some_and(|it| it.back().is_some());
        self.entries.iter().rev().filter(is_here).filter(is_open).find(can_go_back)
    }
}

impl Writer<'_> {
    /// Records that HTTPS is going to be set up, or taken back. Nothing is written yet.
    ///
    /// # Errors
    /// When it must not be, or cannot be recorded.
    pub async fn set_out_https(&self, mut course: Course, consent: &Consent) -> Result<Course, Refusal> {
        if let Some(refusal) = gate_course(&course, consent) {
            return Err(refusal);
        }
        let at = (self.now)();
        let id = new_id(at);
        let begun = Begun {
            route: course.setup.route.as_str().to_owned(),
            load_balancer: Some(course.setup.load_balancer.to_string()),
            changes: course.changes(),
            undoes: course.undoes.as_deref().map(str::to_owned),
            steps: course.legs.iter().map(|leg| AnyStep::Https(leg.step)).collect(),
            https: Some(course.setup.clone()),
            ..Begun::new(&id, at, course.kind(), &course.subject, self.caller)
        };
        self.begin(begun).await.map_err(|why| Refusal::NoAudit { why })?;
        course.id = Some(id.into());
        Ok(course)
    }

    /// Does what is next, with the environment standing like this: a step, or a look for one whose end was lost. `None` if
    /// there is nothing to do but wait or ask; the end of the whole is recorded here.
    pub async fn advance_https(&self, course: &mut Course, now: &Standing, consent: &Consent) -> Option<Written> {
        let id = course.id.clone()?;
        let (step, is_lost) = match course.next(now) {
            Next::Do(step) => (step, false),
            Next::LookUp(step) => (step, true),
            Next::Wait | Next::Stopped(..) | Next::Arrived => return None,
        };
        if let Some(refusal) = gate_course(course, consent) {
            return Some(self.refused(refusal));
        }
        if !is_lost && let Err(why) = self.log.append(&self.step_line(&id, step, None)).await {
            return Some(self.refused(Refusal::NoAudit { why }));
        }
        let end = match step {
            Step::Probe => self.ask(course).await,
            _ if is_lost => self.find_step(course, &id, step).await,
            _ => self.take_step(course, step).await,
        };
        course.record(step, end.word, end.found.clone(), end.made.clone());
        // To be looked for again; a line for each look would say nothing.
        if !is_lost || end.word != "unknown" {
            self.end_https_step(&id, step, &end).await;
        }
        if course.has_arrived() {
            Some(self.conclude(&id, end.done).await)
        } else {
            Some(self.written(Some(&id), end.done, None))
        }
    }

    /// Goes on from a probe that failed. The name is typed for it, and that is recorded.
    ///
    /// # Errors
    /// When the name was not typed, or it cannot be recorded.
    pub async fn pass(&self, course: &mut Course, consent: &Consent) -> Result<(), Refusal> {
        let Some(id) = course.id.clone().filter(|_| course.may_pass()) else { return Ok(()) };
        let mut passed = course.clone();
        passed.record(Step::Probe, PASSED, None, None);
        if let Some(refusal) = gate_course(&passed, consent) {
            return Err(refusal);
        }
        let line = self.step_line(&id, Step::Probe, Some(&End { word: PASSED, ..End::of(Outcome::Unchanged, None) }));
        self.log.append(&line).await.map_err(|why| Refusal::NoAudit { why })?;
        *course = passed;
        Ok(())
    }

    /// Records that it is not gone on with.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn leave_https(&self, course: &Course) -> Result<(), Arc<str>> {
        let Some(id) = course.id.as_deref() else { return Ok(()) };
        let outcome =
            if course.back().is_some() || course.direction == Direction::Back { "partial" } else { "unchanged" };
        let (at, message) = ((self.now)().0, Some("it was not gone on with".to_owned()));
        let (id, outcome) = (id.to_owned(), outcome.to_owned());
        self.log.append(&Line::Ended(Ended { id, at, outcome, request_ids: Vec::new(), message })).await
    }

    /// Reads again, compares, writes and looks.
    async fn take_step(&self, course: &Course, step: Step) -> End {
        let site = match self.site(&course.subject, Depth::Step).await {
            Ok(Some(site)) => site,
            Ok(None) => return End::of(Outcome::Conflict(vec![Difference::new("environment", "there", "gone")]), None),
            Err(fault) => return End::of(Outcome::Failed(fault), None),
        };
        if let Some(outcome) = stopped(course, step, &site) {
            // It is waited for, and then tried again.
            let is_moving = matches!(outcome, Outcome::Refused(Refusal::NotReady { .. }));
            let end = End::of(outcome, Some(&site));
            return if is_moving { End { word: UNSENT, ..end } } else { end };
        }
        match course.look(step, &site) {
            Look::Conflict(differences) => End::of(Outcome::Conflict(differences), Some(&site)),
            Look::Done(made) => End::of(Outcome::Unchanged, Some(&site)).with(made, Vec::new()),
            Look::ToDo => self.send_step(&course.knowing(step, &site), step, &site).await,
        }
    }

    async fn send_step(&self, course: &Course, step: Step, site: &Site) -> End {
        let (mut patience, mut taken, mut made) = (Patience::new(), Vec::new(), None);
        for sending in course.sendings(step) {
            let since = (self.now)();
            let call = sending.call();
            if !call.write().changes {
                match patience.call(|| validate(self.session, &call, self.now)).await {
                    Ok(()) => continue,
                    Err(fault) => return End::of(Outcome::Failed(fault), Some(site)),
                }
            }
            match patience.call(|| send(self.session, &call, self.now)).await {
                Sent::Accepted { request_id, made: id } => {
                    taken.extend(request_id);
                    made = id;
                }
                Sent::Refused(fault) if is_there_already(&fault) => return End::of(Outcome::Unchanged, Some(site)),
                Sent::Refused(fault) => return End::of(Outcome::Failed(fault), Some(site)),
                Sent::Lost(fault) => return self.trace_step(course, step, since, &fault).await,
            }
        }
        let observed = look::environment(self.session, &course.subject.key, self.now).await.ok().flatten();
        let done = Done { observed: observed.as_ref().map(Standing::from), ..Done::of(Outcome::Applied, None) };
        End { word: "applied", found: None, done, made: None }.with(made, taken)
    }

    /// What became of a step whose answer was lost: an update is found by its options, everything else by itself.
    async fn trace_step(&self, course: &Course, step: Step, since: Moment, fault: &Arc<Fault>) -> End {
        if let Some(found) = self.find_update(course, step, since, fault.request_id.as_ref(), LOOKS).await {
            let outcome = match found.finding {
                Finding::Taken(_) => Outcome::Applied,
                Finding::NotTaken => Outcome::Failed(nothing_seen(fault)),
                Finding::Unknown => Outcome::Unknown(Arc::clone(fault)),
            };
            return End::of(outcome, None);
        }
        let (mut is_untouched, mut is_seen) = (true, false);
        for pause in LOOKS.sure() {
            sleep(*pause).await;
            is_seen = false;
            let Ok(Some(site)) = self.site(&course.subject, Depth::Step).await else { continue };
            match course.look(step, &site) {
                Look::Done(made) => return End::of(Outcome::Applied, Some(&site)).with(made, Vec::new()),
                look => is_untouched &= look == Look::ToDo,
            }
            is_seen = true;
        }
        let is_untouched = is_seen && is_untouched;
        let outcome =
            if is_untouched { Outcome::Failed(nothing_seen(fault)) } else { Outcome::Unknown(Arc::clone(fault)) };
        End::of(outcome, None)
    }

    /// What is to be seen of a step that is an update of the environment; none if it is none.
    async fn find_update(
        &self,
        course: &Course,
        step: Step,
        since: Moment,
        request_id: Option<&Arc<str>>,
        pauses: Pauses,
    ) -> Option<Found> {
        let lost = Self::lost(course.lost(step)?, since, request_id);
        Some(self.find_out(&course.subject, &lost, pauses).await)
    }

    /// Looks for a step that was begun by a process that did not live to record its end.
    async fn find_step(&self, course: &Course, id: &str, step: Step) -> End {
        let site = match self.site(&course.subject, Depth::Step).await {
            Ok(Some(site)) => site,
            Ok(None) => return End::of(Outcome::Unknown(lost()), None),
            Err(fault) => return End::of(Outcome::Unknown(fault), None),
        };
        let since = self.step_begun_at(id, step).await.unwrap_or_else(|| (self.now)());
        match course.look(step, &site) {
            Look::Done(made) => End::of(Outcome::Applied, Some(&site)).with(made, Vec::new()),
            Look::ToDo => {
                let found = self.find_update(course, step, since, None, AT_ONCE).await;
                match found.filter(|found| found.finding != Finding::NotTaken) {
                    Some(found) if !found.is_whole => End::of(Outcome::Unknown(lost()), Some(&site)),
                    // It is Ready, and the options are as before: whoever decides on it again may send it again.
                    Some(_) => End::of(Outcome::Failed(with_words(OVERTAKEN)), Some(&site)),
                    None => End { word: UNSENT, ..End::of(Outcome::Failed(nothing_seen(&lost())), Some(&site)) },
                }
            }
            Look::Conflict(differences) => End::of(Outcome::Conflict(differences), Some(&site)),
        }
    }

    async fn ask(&self, course: &Course) -> End {
        let setup = &course.setup;
        match ask_outside(self.session, &setup.dns_name, &setup.host).await {
            Ok(probed) => {
                let found = probed.words(&setup.host, &setup.certificate).into();
                End { found: Some(found), ..End::of(Outcome::Applied, None) }
            }
            Err(unanswered) => End::of(Outcome::Failed(with_words(&unanswered.words(&setup.host))), None).of_probe(),
        }
    }

    async fn end_https_step(&self, id: &str, step: Step, end: &End) {
        if let Err(why) = self.log.append(&self.step_line(id, step, Some(end))).await {
            tracing::error!(why = &*why, "the end of a step is not in the log");
        }
    }

    fn step_line(&self, id: &str, step: Step, end: Option<&End>) -> Line {
        let ids = end.map(|end| end.done.request_ids.iter().map(ToString::to_string).collect());
        Line::Step(StepLine {
            id: id.to_owned(),
            at: (self.now)().0,
            process: std::process::id(),
            step: AnyStep::Https(step),
            outcome: end.map(|end| end.word.to_owned()),
            made: end.and_then(|end| end.made.as_deref()).map(str::to_owned),
            request_ids: ids.unwrap_or_default(),
            message: end.and_then(|end| end.found.as_deref()).map(str::to_owned),
        })
    }

    async fn step_begun_at(&self, id: &str, step: Step) -> Option<Moment> {
        let log = self.log.clone();
        let history = tokio::task::spawn_blocking(move || log.read()).await.ok()?.ok()?;
        let entry = history.entries.into_iter().find(|entry| entry.id == id)?;
        entry.steps.iter().find(|it| it.step == AnyStep::Https(step)).and_then(|it| it.begun).map(Moment)
    }
}

impl End {
    /// Without the words around a fault: there was no call of AWS's.
    fn of_probe(self) -> Self {
        let found = match &self.done.outcome {
            Outcome::Failed(fault) => Some(Arc::clone(&fault.message)),
            _ => None,
        };
        Self { found, ..self }
    }
}

/// Why a step is not done, whatever is to be seen of it.
fn stopped(course: &Course, step: Step, site: &Site) -> Option<Outcome> {
    if let Some(refusal) = site.refusal() {
        let unread =
            site.missing.as_ref().filter(|_| matches!(refusal, Refusal::NotProven { .. } | Refusal::NotRead { .. }));
        return Some(unread.map_or(Outcome::Refused(refusal), |fault| Outcome::Failed(Arc::clone(fault))));
    }
    // Beanstalk may have taken an update and rolled it back.
    let is_after = course.direction == Direction::There && step != Step::Listener;
    match course.look(Step::Listener, site) {
        Look::Conflict(differences) if is_after => Some(Outcome::Conflict(differences)),
        Look::ToDo if is_after && course.setup.stage(Step::Listener).is_some() => {
            let what = if course.setup.route == Route::Beanstalk { "made by the update" } else { "there" };
            Some(Outcome::Conflict(vec![Difference::new("listener on port 443", what, "none")]))
        }
        _ => None,
    }
}

/// EC2 and ELB say so when what is asked for is there: that is what was wanted.
fn is_there_already(fault: &Fault) -> bool {
    fault.code.as_deref() == Some("InvalidPermission.Duplicate")
}

fn lost() -> Arc<Fault> {
    with_words("the program ended before an answer came")
}

fn with_words(words: &str) -> Arc<Fault> {
    Arc::new(Fault {
        kind: FaultKind::Other,
        service: Service::Elb,
        operation: "HTTPS",
        code: None,
        message: words.into(),
        details: None,
        request_id: None,
    })
}
