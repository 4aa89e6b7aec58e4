//! Carries a request out, once it is confirmed: a dry run, the question, the write, the report.

use std::process::ExitCode;
use std::sync::Arc;

use super::{Asking, Desk};
use crate::change::{Confirmation, Operation, Outcome, Plan, Refusal, Written};
use crate::cli::arguments::{Format, ImpactArguments};
use crate::cli::change_report::ChangeReport;
use crate::cli::failure::Failure;
use crate::cli::impact::WatchedChange;
use crate::cli::output;
use crate::cli::reading::Reading;
use crate::cli::report::{Report, conclude};
use crate::cli::survey::unread_proof;
use crate::cli::write_arguments::WriteArguments;
use crate::model::clean;
use crate::write::{JournalWriter, gate};

/// How a request ended, as far as the command is concerned.
pub enum Carried {
    /// AWS took it, or it was so already.
    Done(Written),
    /// It was only planned, or it failed; everything has been printed.
    Over(ExitCode),
}

impl Desk<'_> {
    /// Carries a request out and prints what was done: the first line of `results` on standard output, the others on
    /// standard error.
    pub async fn act(
        &self,
        operation: &Operation,
        asking: &Asking,
        arguments: &WriteArguments,
        results: &[String],
    ) -> Result<ExitCode, Failure> {
        let written = match self.carry_out(operation, asking, arguments).await? {
            Carried::Over(status) => return Ok(status),
            Carried::Done(written) => written,
        };
        Report::of(self, operation, asking, &written).print(self.settings.format)?;
        if self.settings.format == Format::Table {
            let (name, is_unchanged) = (&operation.subject.name, written.outcome == Outcome::Unchanged);
            let unchanged = [format!("{name}: it is so already, so nothing is called")];
            let lines = if is_unchanged { unchanged.as_slice() } else { results };
            let [first, others @ ..] = lines else { return Ok(ExitCode::SUCCESS) };
            output::result(&format!("{}\n", clean(first)))?;
            others.iter().for_each(|line| output::remark(&clean(line)));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Carries a request out, once it is confirmed.
    pub async fn carry_out(
        &self,
        operation: &Operation,
        asking: &Asking,
        arguments: &WriteArguments,
    ) -> Result<Carried, Failure> {
        let mut confirmation = self.confirmation(operation, arguments);
        let refusal = gate(operation, &confirmation);
        if arguments.dry_run {
            return self.plan_as_given(operation, asking, &mut confirmation, arguments).map(Carried::Over);
        }
        if !operation.is_idle() {
            Self::agree(&mut confirmation, refusal, &asking.text(), arguments).await?;
        }
        let what = format!("{} {}", operation.kind.as_str(), operation.subject.name);
        let written =
            self.write(what, async |writer: &JournalWriter<'_>| writer.perform(operation, &confirmation).await).await?;
        if written.outcome.is_done() {
            return Ok(Carried::Done(written));
        }
        Report::of(self, operation, asking, &written).print(self.settings.format)?;
        Ok(Carried::Over(conclude(operation.kind.as_str(), &operation.subject.name, &written)))
    }

    /// Prints what a request would do; nothing is confirmed for that.
    pub fn plan_as_given(
        &self,
        operation: &Operation,
        asking: &Asking,
        confirmation: &mut Confirmation,
        arguments: &WriteArguments,
    ) -> Result<ExitCode, Failure> {
        let note = consent_as_given(confirmation, gate(operation, confirmation).as_ref(), arguments);
        let notes = asking.notes.iter().cloned().chain(note).collect();
        let (deploy, sides, bundle) = (asking.deploy.clone(), asking.sides.clone(), asking.bundle.clone());
        let asking = Asking { question: asking.question.clone(), notes, deploy, sides, bundle };
        self.plan(operation, &asking, gate(operation, confirmation).as_ref())
    }

    /// Carries a change of settings out, once it is confirmed, and watches its impact if that is requested.
    pub async fn change(
        &self,
        plan: &Plan,
        reading: &Reading,
        (arguments, impact): (&WriteArguments, ImpactArguments),
    ) -> Result<ExitCode, Failure> {
        let operation = Operation::from(plan);
        let mut confirmation = self.confirmation(&operation, arguments);
        let mut refusal = gate(&operation, &confirmation);
        let is_barred = refusal.as_ref().is_some_and(Refusal::is_protection);
        if let Some(outcome) = unread_proof(reading, plan).filter(|_| !is_barred) {
            let written = nothing_written(outcome);
            ChangeReport::of(self, reading, plan, &written).print(self.settings.format)?;
            return Ok(conclude(plan.kind(), &plan.subject.name, &written));
        }
        let mut note = None;
        if arguments.dry_run {
            note = consent_as_given(&mut confirmation, refusal.as_ref(), arguments);
            refusal = gate(&operation, &confirmation);
        }
        let report = ChangeReport::planned(self, reading, plan, refusal.as_ref()).with_note(note);
        if arguments.dry_run {
            if self.settings.format == Format::Table {
                output::result(&report.plan())?;
            }
            report.print(self.settings.format)?;
            return Ok(refusal.map_or(ExitCode::SUCCESS, |refusal| Self::refused(plan, refusal)));
        }
        if !plan.is_empty() {
            Self::agree(&mut confirmation, refusal, &report.question(&self.whereabouts()), arguments).await?;
        }
        let what = format!("{} {}", plan.kind(), plan.subject.name);
        let written = self
            .write(what, async |writer: &JournalWriter<'_>| writer.perform(&operation, &confirmation).await)
            .await?;
        let report = ChangeReport::of(self, reading, plan, &written);
        if let Some(span) = impact.watch.filter(|_| written.outcome == Outcome::Applied) {
            let status = WatchedChange { desk: self, reading, plan, written: &written }.keep(span, report).await?;
            conclude(plan.kind(), &plan.subject.name, &written);
            return Ok(status);
        }
        report.report(self.settings.format)?;
        Ok(conclude(plan.kind(), &plan.subject.name, &written))
    }

    fn refused(plan: &Plan, refusal: Refusal) -> ExitCode {
        let written = nothing_written(Outcome::Refused(refusal));
        conclude(plan.kind(), &plan.subject.name, &written)
    }

    fn plan(&self, operation: &Operation, asking: &Asking, refusal: Option<&Refusal>) -> Result<ExitCode, Failure> {
        let report = Report::planned(self, operation, asking, refusal);
        if self.settings.format == Format::Table {
            report.plan()?;
        }
        report.print(self.settings.format)?;
        let Some(refusal) = refusal else { return Ok(ExitCode::SUCCESS) };
        let written = nothing_written(Outcome::Refused(refusal.clone()));
        Ok(conclude(operation.kind.as_str(), &operation.subject.name, &written))
    }
}

/// Consents to a dry run, which writes nothing, without the environment's name; returns what the write itself will want.
fn consent_as_given(
    confirmation: &mut Confirmation,
    refusal: Option<&Refusal>,
    arguments: &WriteArguments,
) -> Option<String> {
    let Some(Refusal::NotConfirmed { name }) = refusal.filter(|_| arguments.confirm.is_none()) else { return None };
    confirmation.typed = Some(Arc::clone(name));
    Some(format!("{name} is a production environment: to write this, give --confirm {name}"))
}

fn nothing_written(outcome: Outcome) -> Written {
    Written::nothing(outcome, Desk::now())
}
