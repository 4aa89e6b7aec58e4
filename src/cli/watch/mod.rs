//! `watch`: follows the update in progress, or the next one, to its verdict; `deploy` continues with it after sending.
//!
//! Whatever ends the command, the update continues, and a line says so.

mod event_report;
mod notification;
mod roll_back;
pub mod summary;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::time::Instant;

use self::event_report::EventReport;
use self::notification::VerdictNotifier;
use self::summary::summary;
use super::answer::finish;
use super::arguments::{Format, WatchArguments};
use super::desk::{Carried, Desk, Limit, at_desk_within};
use super::failure::{ExitStatus, Failure, advice};
use super::follow_arguments::{FollowArguments, OnWorse};
use super::output;
use super::problem::Problem;
use super::reading::reopen;
use super::report::Report;
use super::reverted::report_direct_changes;
use super::settings::Settings;
use super::write_arguments::WriteArguments;
use crate::change::{Operation, Work};
use crate::deploy::{Happened, Happening, HarmResponse, Verdict, Watch, markdown, record};
use crate::model::{Environment, EnvironmentEvent, EnvironmentStatus, Fault, clean};
use crate::runtime::{Following, Means, UpdateEnd, follow_update_in_trouble};

/// Follows the update of the environment of this name or id.
pub fn run(settings: &Settings, arguments: &WatchArguments) -> Result<ExitCode, Failure> {
    // Only an abort and a rollback write: without them nothing needs to be confirmed.
    let writes = matches!(arguments.follow.on_worse, OnWorse::Abort | OnWorse::Rollback);
    let asks = WriteArguments { yes: arguments.write.yes || !writes, ..arguments.write.clone() };
    let (name, within) = (&arguments.environment, arguments.follow.timeout);
    let began = Instant::now();
    let lacking = |errors: Vec<Problem>| unlisted(settings, &errors);
    let limit = Limit { within, lacking: &lacking };
    let ended = at_desk_within(settings, name, &asks, limit, async |desk: &Desk<'_>, environment: &Environment| {
        let follow = FollowArguments { timeout: within.saturating_sub(began.elapsed()), ..arguments.follow.clone() };
        let attendance = Attendance { desk, environment, follow: &follow, write: &asks, undone: None, change: None };
        attendance.check()?;
        if environment.status == EnvironmentStatus::Ready {
            let words = format!("beanpole: no update of {} is under way: waiting for the next one", environment.name);
            output::remark(&clean(&words));
        }
        Box::pin(attendance.attend(None)).await
    });
    ended.map_err(|failure| goes_on(failure, &arguments.environment))
}

/// Reports that nothing could be followed because the environments could not be listed, as the final line.
pub fn unlisted(settings: &Settings, errors: &[Problem]) -> Result<ExitCode, Failure> {
    tell_unreadable(settings, errors, "the environments could not be listed")?;
    Ok(finish(settings, errors, false))
}

fn tell_unreadable(settings: &Settings, errors: &[Problem], words: &str) -> Result<(), Failure> {
    let happened = Happened { at: settings.clock.now(), what: Happening::Verdict(Verdict::unreadable(words)) };
    match settings.format {
        Format::Table => Ok(()),
        Format::Json => output::json(&with_errors(&happened, errors)?),
        Format::Jsonl => output::json_line(&with_errors(&happened, errors)?),
    }
}

/// A signal ends the command and not the update.
pub fn goes_on(failure: Failure, name: &str) -> Failure {
    match failure.status {
        ExitStatus::Interrupted | ExitStatus::Terminated | ExitStatus::HungUp => {
            let again = format!("beanpole watch {name} follows it again, beanpole abort {name} stops it");
            failure.hint(clean(&format!("an update that has begun goes on: {again}")))
        }
        _ => failure,
    }
}

/// An update that is attended to, and what for.
pub struct Attendance<'a> {
    /// Where calls are made from.
    pub desk: &'a Desk<'a>,
    /// Whose update.
    pub environment: &'a Environment,
    /// How long, and what to do if it does harm.
    pub follow: &'a FollowArguments,
    /// The confirmation given beforehand.
    pub write: &'a WriteArguments,
    /// The verdict of the update that this one rolls back.
    pub undone: Option<Happened>,
    /// The change that it is the update of, if the answer is that of the change.
    pub change: Option<&'a Report>,
}

impl Attendance<'_> {
    /// Reports at once what would be refused in the middle of it.
    pub fn check(&self) -> Result<(), Failure> {
        let what = match self.follow.on_worse {
            OnWorse::Report | OnWorse::Stop => None,
            OnWorse::Abort => Some("aborted"),
            OnWorse::Rollback => Some("rolled back"),
        };
        if let Some(what) = what
            && let Some(refusal) = self.desk.refusal_of_abort(self.environment, self.write)
        {
            return Err(Failure::refused(clean(&format!("the update could not be {what}: {refusal}"))));
        }
        self.follow.notified()?;
        match &self.follow.report {
            Some(path) if path.exists() => Err(Failure::refused(format!("there is a file {} already", path.display()))),
            _ => Ok(()),
        }
    }

    /// Follows it to its verdict. `watch` is the update that was begun; else the one under way, or the next.
    pub async fn attend(&self, watch: Option<Watch>) -> Result<ExitCode, Failure> {
        let notifier = VerdictNotifier::new(self.desk, self.follow.notified()?);
        let mut teller = EventReport::new(self.desk.settings, self.follow.on_worse, notifier);
        let ended = self.attend_with(watch, &mut teller).await;
        for why in teller.notified().await {
            output::remark(&clean(&format!("beanpole: --notify: {why}")));
        }
        ended
    }

    async fn attend_with(&self, mut watch: Option<Watch>, teller: &mut EventReport<'_>) -> Result<ExitCode, Failure> {
        let began = Instant::now();
        loop {
            let following = Following {
                environment: self.environment.key.clone(),
                watch: watch.take(),
                settle: self.follow.settle,
                timeout: self.follow.timeout.saturating_sub(began.elapsed()),
            };
            let (ended, errors) = Box::pin(self.followed(following, teller)).await;
            let failure = teller.failure();
            if let UpdateEnd::Over(bad) = &ended
                && let HarmResponse::RollBack { from, to } = self.calls_for(bad)
            {
                let status = Box::pin(self.roll_back(bad, (from, to), &errors, teller)).await;
                return failure.map_or(status, Err);
            }
            if let Some(failure) = failure {
                return Err(failure);
            }
            match ended {
                UpdateEnd::Unreadable(fault) => {
                    let words = format!("it could not be followed to its end: {}", fault.sentence());
                    self.unreadable(&errors, &words)?;
                    return Err(Failure::fault(&fault));
                }
                UpdateEnd::NothingBegan => return self.nothing_began(&errors),
                UpdateEnd::Over(_) if teller.is_unheard() => return Ok(ExitCode::SUCCESS),
                UpdateEnd::Over(bad) if self.is_to_be_aborted(&bad, teller) => {
                    self.abort(&bad).await?;
                    watch = Some(bad);
                }
                UpdateEnd::Over(watch) => {
                    self.desk.keep_verdict(&watch).await;
                    if let HarmResponse::LeftToPerson(why) = self.calls_for(&watch) {
                        output::remark(&clean(&format!("beanpole: it is not rolled back by itself: {why}")));
                    }
                    let is_reverted = watch.events().any(EnvironmentEvent::is_revert);
                    let status = self.over(watch, &errors, teller)?;
                    if is_reverted {
                        report_direct_changes(self.desk, self.environment).await;
                    }
                    return Ok(status);
                }
            }
        }
    }

    async fn followed(&self, following: Following, teller: &mut EventReport<'_>) -> (UpdateEnd, Vec<Problem>) {
        let pace = self.desk.settings.pace();
        let means = Means { session: &self.desk.session, clock: self.desk.settings.clock, pace: &pace };
        let reopen = async || reopen(self.desk.settings).await;
        let trouble = |fault: &Fault| {
            output::remark(&format!("beanpole: {}; it is tried again", fault.sentence()));
            output::remark(&advice(fault));
        };
        let on = |watch: &Watch, news: Vec<Happened>| teller.report(watch, news);
        let followed = Box::pin(follow_update_in_trouble(means, following, reopen, trouble, on)).await;
        let problem = |(source, fault): (String, Arc<Fault>)| Problem { source, error: fault.into() };
        (followed.ended, followed.faults.into_iter().map(problem).collect())
    }

    fn is_to_be_aborted(&self, watch: &Watch, teller: &mut EventReport<'_>) -> bool {
        !watch.is_over() && self.follow.on_worse == OnWorse::Abort && teller.is_first_alarm()
    }

    async fn abort(&self, watch: &Watch) -> Result<(), Failure> {
        let name = &self.environment.name;
        let operation = Operation::of(watch.environment(), Work::Abort);
        let question = format!("the update of {name} does harm: abort it ({})?", self.desk.whereabouts());
        match self.desk.carry_out(&operation, &question.into(), self.write).await? {
            Carried::Done(_) => output::remark(&clean(&format!("beanpole: the update of {name} is being aborted"))),
            Carried::Over(_) => output::remark(&clean(&format!("beanpole: the update of {name} goes on"))),
        }
        Ok(())
    }

    /// Prints that it could not be followed to its end.
    fn unreadable(&self, errors: &[Problem], words: &str) -> Result<(), Failure> {
        if self.change.is_none() || self.desk.settings.format != Format::Json {
            return tell_unreadable(self.desk.settings, errors, words);
        }
        let what = Happening::Verdict(Verdict::unreadable(words));
        output::json(&self.answer(&Happened { at: Desk::now(), what }, errors)?)
    }

    fn nothing_began(&self, errors: &[Problem]) -> Result<ExitCode, Failure> {
        let words = format!("no update of {} began in time", self.environment.name);
        let verdict = Verdict::timed_out(&words);
        let happened = Happened { at: Desk::now(), what: Happening::Verdict(verdict) };
        match self.desk.settings.format {
            Format::Table => output::remark(&clean(&format!("beanpole: {words}"))),
            Format::Json => output::json(&self.answer(&happened, errors)?)?,
            Format::Jsonl => output::json_line(&with_errors(&happened, errors)?)?,
        }
        Ok(ExitCode::FAILURE)
    }

    /// Prints the end, and returns the exit status.
    fn over(&self, mut watch: Watch, errors: &[Problem], teller: &mut EventReport<'_>) -> Result<ExitCode, Failure> {
        let now = Desk::now();
        if !watch.is_over() {
            // Enough was seen: the last line reports it.
            watch.stop();
        }
        match self.desk.settings.format {
            Format::Table => output::result(&summary(&watch, now))?,
            Format::Json => output::json(&self.answer(&record(&watch, now), errors)?)?,
            Format::Jsonl => {
                let what = Happening::Verdict(watch.verdict().clone());
                output::json_line(&self.answer(&Happened { at: teller.last_verdict().unwrap_or(now), what }, errors)?)?;
            }
        }
        if let Some(path) = &self.follow.report {
            write_report(path, &markdown(&watch, now))?;
        }
        let status = finish(self.desk.settings, errors, true);
        Ok(if watch.verdict().kind.is_good() { status } else { ExitCode::FAILURE })
    }
}

/// An answer with what could not be read.
pub(super) fn with_errors(answer: &impl serde::Serialize, errors: &[Problem]) -> Result<serde_json::Value, Failure> {
    let failed = |error| Failure::system("no JSON can be made", error);
    let mut value = serde_json::to_value(answer).map_err(failed)?;
    if let Some(object) = value.as_object_mut() {
        object.insert("errors".to_owned(), serde_json::to_value(errors).map_err(failed)?);
    }
    Ok(value)
}

fn write_report(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::system(format!("the report {} cannot be written", path.display()), error))
}
