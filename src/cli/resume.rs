//! `resume`: continues an operation that was interrupted. The outcome of a call whose answer was lost is looked up; what
//! was certainly not sent is sent only when it is confirmed again.

use std::process::ExitCode;

use super::arguments::Format;
use super::desk::{Asking, Desk, at_any_desk};
use super::failure::Failure;
use super::output;
use super::report::{Report, conclude};
use super::settings::Settings;
use super::undo::{environment, history, named};
use super::write_arguments::WriteArguments;
use crate::change::{EnvironmentState, HangsOn, Operation, Outcome, Refusal, StepProgress, Written};
use crate::model::{Environment, clean};
use crate::runtime::{Clock, Means, resume};
use crate::write::{Entry, JournalWriter, gate};

/// Goes on with the operation of this id.
pub fn run(settings: &Settings, id: &str, arguments: &WriteArguments) -> Result<ExitCode, Failure> {
    at_any_desk(settings, arguments, async |desk: &Desk<'_>| {
        let history = history(Some(id))?;
        let entry = named(desk, &history, id)?;
        let operation = unfinished(desk, entry)?;
        let environment = environment(desk, entry)?;
        if operation.kind.is_stepwise() {
            Resumption { desk, environment: &environment, operation, arguments }.run().await
        } else {
            look_up(desk, entry, &operation, arguments).await
        }
    })
}

/// The operation as far as it went, if it has no end and no other process is at it.
fn unfinished(desk: &Desk<'_>, entry: &Entry) -> Result<Operation, Failure> {
    let id = &entry.id;
    if let Some(outcome) = &entry.outcome {
        return Err(Failure::refused(clean(&format!("{id} has ended: {outcome}; there is nothing to resume"))));
    }
    if Settings::audit_log()?.is_running(entry) {
        let what = format!("{id} is under way in another beanpole: it is carried out there");
        return Err(Failure::refused(clean(&what)));
    }
    entry.operation(desk.session.scope).ok_or_else(|| {
        let what = format!("what {id} is cannot be read from the log: another version of beanpole wrote it");
        Failure::refused(clean(&what))
    })
}

/// Finds out the outcome of an operation of one step. That is recorded as its end, and nothing is sent again.
async fn look_up(
    desk: &Desk<'_>,
    entry: &Entry,
    operation: &Operation,
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let asking = Asking { question: String::new(), notes: Vec::new(), ..Asking::default() };
    if arguments.dry_run {
        let words = format!("{} {}: what became of it would be looked up\n", entry.kind, entry.environment);
        if desk.settings.format == Format::Table {
            output::result(&clean(&words))?;
        }
        Report::planned(desk, operation, &asking, None).print(desk.settings.format)?;
        return Ok(ExitCode::SUCCESS);
    }
    let what = format!("{} {}", entry.kind, entry.environment);
    let mut found = None;
    let settle = async |writer: &JournalWriter<'_>| {
        found = writer.settle(entry).await;
        found.clone().unwrap_or_else(|| Written::nothing(Outcome::Unchanged, Desk::now()))
    };
    desk.write(what, settle).await?;
    let Some(written) = found else {
        return Err(Failure::refused(clean(&format!("{} is being looked up by another beanpole", entry.id))));
    };
    Report::of(desk, operation, &asking, &written).print(desk.settings.format)?;
    if desk.settings.format == Format::Table && written.outcome.is_done() {
        output::result(&clean(&format!(
            "{} {}: AWS took it, and nothing is to be sent\n",
            entry.kind, entry.environment
        )))?;
    }
    Ok(conclude(operation.kind.as_str(), &operation.subject.name, &written))
}

/// An operation of several steps that is resumed.
struct Resumption<'a> {
    desk: &'a Desk<'a>,
    environment: &'a Environment,
    operation: Operation,
    arguments: &'a WriteArguments,
}

impl Resumption<'_> {
    async fn run(mut self) -> Result<ExitCode, Failure> {
        let (desk, arguments) = (self.desk, self.arguments);
        self.operation.retry();
        let asking = self.asking();
        let mut confirmation = desk.confirmation(&self.operation, arguments);
        let refusal = gate(&self.operation, &confirmation);
        if arguments.dry_run {
            let report = Report::planned(desk, &self.operation, &asking, refusal.as_ref());
            if desk.settings.format == Format::Table {
                output::result(&format!("{}\n", clean(&asking.question)))?;
                report.plan()?;
            }
            report.print(desk.settings.format)?;
            // What protects the environment would refuse it; a name can still be given.
            let refused = refusal.filter(Refusal::is_protection).map(|refusal| {
                let written = Written::nothing(Outcome::Refused(refusal), Desk::now());
                conclude(self.operation.kind.as_str(), &self.operation.subject.name, &written)
            });
            return Ok(refused.unwrap_or(ExitCode::SUCCESS));
        }
        Desk::agree(&mut confirmation, refusal, &asking.text(), arguments).await?;
        let what = format!("{} {}", self.operation.kind.as_str(), self.operation.subject.name);
        let operation = &mut self.operation;
        let announce = |step: &str| output::remark(&clean(&format!("beanpole: {step}")));
        let pace = desk.settings.pace();
        let means = Means { session: &desk.session, clock: Clock::System, pace: &pace };
        let mut is_late = false;
        let written = desk
            .write(what, async |writer: &JournalWriter<'_>| {
                let resumed = resume(writer, means, operation, &confirmation, announce).await;
                is_late = resumed.is_late;
                resumed.written
            })
            .await?;
        self.conclude(&asking, &written, is_late)
    }

    /// Returns the question before anything is sent: the progress, what has changed since, and the next steps.
    fn asking(&self) -> Asking {
        let (operation, name) = (&self.operation, &self.operation.subject.name);
        let question = format!("go on with the {} of {name} ({})", operation.kind.as_str(), self.desk.whereabouts());
        let steps = operation.steps.iter().map(|step| {
            let word = match &step.progress {
                StepProgress::Done if step.was_so => "was so already",
                StepProgress::Done => "done",
                StepProgress::Begun => "begun: its end is not known, and is looked up first",
                StepProgress::Ended(word) => word,
                StepProgress::Waiting => "to do",
            };
            format!("{}: {word}", step.work)
        });
        let since = HangsOn::Version.differences(&operation.seen, &EnvironmentState::from(self.environment));
        let since = since.iter().map(|difference| format!("since it began: {difference}"));
        Asking { question, notes: steps.chain(since).collect(), ..Asking::default() }
    }

    fn conclude(self, asking: &Asking, written: &Written, is_late: bool) -> Result<ExitCode, Failure> {
        let (operation, format) = (&self.operation, self.desk.settings.format);
        let (kind, name) = (operation.kind.as_str(), &operation.subject.name);
        Report::of(self.desk, operation, asking, written).print(format)?;
        if operation.has_finished() && format == Format::Table && written.outcome.is_done() {
            output::result(&clean(&format!("{name}: the {kind} is done\n")))?;
        }
        if is_late {
            let id = operation.id.as_deref().unwrap_or_default();
            let what = format!("{kind} {name}: the environment is not Ready yet, so that it cannot go on");
            return Err(Failure::refused(clean(&what)).hint(format!("later: beanpole resume {id}")));
        }
        let is_half = matches!(written.outcome, Outcome::Applied | Outcome::Unchanged) && !operation.has_finished();
        if is_half {
            return Err(
                Failure::refused(clean(&format!("{kind} {name}: it stopped before its end"))).hint("beanpole log")
            );
        }
        Ok(conclude(kind, name, written))
    }
}
