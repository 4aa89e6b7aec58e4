//! `--on-worse rollback`: rolls an update back that did harm, once, and follows that too.

use std::cell::RefCell;
use std::process::ExitCode;
use std::sync::Arc;

use super::event_report::EventReport;
use super::summary::summary;
use super::{Attendance, with_errors};
use crate::change::{EnvironmentState, Operation, Subject};
use crate::cli::arguments::Format;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::follow_arguments::{FollowArguments, OnWorse};
use crate::cli::output;
use crate::cli::problem::Problem;
use crate::cli::rollback::{BegunRollback, RolledBack, carry_out};
use crate::deploy::{Happened, Happening, HarmResponse, Watch};
use crate::model::{Moment, clean};
use crate::write::{Entry, gate};

/// A rollback's own update begins so soon after the rollback, in hours: aborting and waiting may take long.
const SOON_HOURS: u64 = 2;

impl Attendance<'_> {
    /// What the harm of an update calls for, if it is to be rolled back by itself at all.
    pub(super) fn calls_for(&self, watch: &Watch) -> HarmResponse {
        if self.follow.on_worse == OnWorse::Rollback { watch.harm_response() } else { HarmResponse::Nothing }
    }

    /// Rolls an update back. Whatever comes of it, the update did harm: the status is never 0.
    pub(super) async fn roll_back(
        &self,
        bad: &Watch,
        (from, to): (Arc<str>, Arc<str>),
        errors: &[Problem],
        teller: &mut EventReport<'_>,
    ) -> Result<ExitCode, Failure> {
        if let Some(why) = self.not_again(bad).await {
            output::remark(&clean(&format!("beanpole: it is not rolled back by itself: {why}")));
            return self.over(bad.clone(), errors, teller);
        }
        self.desk.keep_verdict(bad).await;
        let (name, environment) = (&self.environment.name, bad.environment());
        if self.desk.settings.format == Format::Table {
            output::result(&summary(bad, Desk::now()))?;
        }
        output::remark(&clean(&format!("beanpole: {name} is rolled back from {from} to {to}")));
        let (subject, seen) = (Subject::from(environment), EnvironmentState::from(environment));
        let operation = Operation::rollback(subject, seen, Some(from), Arc::clone(&to));
        let mut confirmation = self.desk.confirmation(&operation, self.write);
        let question = format!("the update of {name} does harm: roll it back to {to} ({})?", self.desk.whereabouts());
        let refusal = gate(&operation, &confirmation);
        Desk::agree(&mut confirmation, refusal, &question, self.write).await?;
        let begun = RefCell::new(BegunRollback::default());
        let rolled_back = carry_out(self.desk, environment, operation, &confirmation, &begun).await;
        match rolled_back.map_err(|failure| begun.into_inner().hint(failure, name))? {
            RolledBack::Begun(watch, _) => self.follow_rollback(bad, *watch).await,
            RolledBack::RanAlready(_) => {
                let words = format!("beanpole: {to} runs on every instance of {name} already; nothing was deployed");
                output::remark(&clean(&words));
                self.over(bad.clone(), errors, teller)
            }
            RolledBack::Over(status, _) => {
                self.over(bad.clone(), errors, teller)?;
                Ok(status)
            }
        }
    }

    /// Follows the rollback as long as any update. It is never rolled back itself.
    async fn follow_rollback(&self, bad: &Watch, watch: Watch) -> Result<ExitCode, Failure> {
        let follow = FollowArguments { on_worse: OnWorse::Report, ..self.follow.clone() };
        let what = Happening::Verdict(bad.verdict().clone());
        let undone = Some(Happened { at: Desk::now(), what });
        let rollback = Attendance { follow: &follow, undone, change: None, ..*self };
        Box::pin(rollback.attend(Some(watch.settling(follow.settle)))).await?;
        Ok(ExitCode::FAILURE)
    }

    /// Returns why an update is not rolled back although it did harm, by what our own log has: it is a rollback itself, or
    /// one is unfinished.
    async fn not_again(&self, bad: &Watch) -> Option<String> {
        // Without a log nothing can be written either, and that is reported then.
        let rollbacks = self.desk.rollbacks_of(&self.environment.key).await.ok()?;
        if let Some(open) = rollbacks.iter().find(|entry| entry.outcome.is_none()) {
            return Some(format!("a rollback of it is not done yet; it goes on with: beanpole resume {}", open.id));
        }
        rollbacks.iter().any(|entry| is_update_of(entry, bad)).then(|| "it is a rollback itself".to_owned())
    }

    /// An answer with what could not be read, and with the verdict of the update that was rolled back.
    pub(super) fn answer(
        &self,
        answer: &impl serde::Serialize,
        errors: &[Problem],
    ) -> Result<serde_json::Value, Failure> {
        let mut value = with_errors(answer, errors)?;
        let failed = |error| Failure::system("no JSON can be made", error);
        if let (Some(undone), Some(object)) = (&self.undone, value.as_object_mut()) {
            object.insert("rolled_back".to_owned(), serde_json::to_value(undone).map_err(failed)?);
        }
        let Some(change) = self.change.filter(|_| self.desk.settings.format == Format::Json) else { return Ok(value) };
        let mut whole = serde_json::to_value(change).map_err(failed)?;
        if let (Some(whole), Some(watch)) = (whole.as_object_mut(), value.as_object_mut()) {
            let found = watch.remove("errors").and_then(|errors| errors.as_array().cloned()).unwrap_or_default();
            if let Some(errors) = whole.get_mut("errors").and_then(serde_json::Value::as_array_mut) {
                errors.extend(found);
            }
            whole.insert("watch".to_owned(), value);
        }
        Ok(whole)
    }
}

/// Whether an update is the deploy of a rollback: by its request, or by its version if it began soon after it.
fn is_update_of(entry: &Entry, watch: &Watch) -> bool {
    let is_named = |id: &Arc<str>| entry.request_ids.iter().any(|own| **own == **id);
    if watch.events().filter_map(|event| event.request_id.as_ref()).any(is_named) {
        return true;
    }
    let deploys = entry.changes.iter().any(|it| it.after.as_deref() == watch.versions().requested.as_deref());
    let passed = watch.started().since(Moment(entry.at));
    let is_soon = watch.started().0 >= entry.at && passed.as_secs() <= SOON_HOURS * 3600;
    deploys && is_soon
}
