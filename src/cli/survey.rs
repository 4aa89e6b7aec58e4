//! Reads what a change of settings is planned on: the environment's objects with their values, its options, and proof.

use super::desk::Desk;
use super::failure::{ExitStatus, Failure};
use super::problem::{Problem, decisive, problems};
use super::reading::{Reading, gather_more};
use crate::change::{Outcome, Plan, PlanInputs, PlanMistake, needs_egress};
use crate::model::{Environment, api_reads, clean};
use crate::polling::Question;
use crate::write;

/// Reads it.
pub async fn survey(desk: &Desk<'_>, environment: &Environment) -> Reading {
    survey_to_change(desk, environment, &[]).await
}

/// Reads it, and what else a change of these settings is planned on.
pub async fn survey_to_change(desk: &Desk<'_>, environment: &Environment, keys: &[&str]) -> Reading {
    let key = &environment.key;
    let egress = keys.iter().any(|key| needs_egress(key)).then(|| Question::Egress(key.clone()));
    let settings = || [Question::Linked, Question::Settings(key.clone())].into_iter().chain(egress.clone()).collect();
    gather_more(desk.settings, &desk.session, |_| settings()).await
}

/// Returns the reading as the inputs of plans.
pub fn basis<'a>(reading: &'a Reading, environment: &'a Environment) -> PlanInputs<'a> {
    let known = reading.known();
    // As it was read last: its status counts.
    let environment = known.inventory.environments.get(&environment.key).unwrap_or(environment);
    PlanInputs { snapshot: known, environment }
}

/// A change that cannot be planned; where something could not be read, that is why.
pub fn failure(reading: &Reading, mistake: &PlanMistake) -> Failure {
    let is_blind = matches!(
        mistake,
        PlanMistake::Unread(_) | PlanMistake::NoGroup(_) | PlanMistake::NoLoadBalancer(_) | PlanMistake::NeedsElb(_)
    );
    let problems = problems(reading);
    if let Some(problem) = decisive(&problems).filter(|_| is_blind) {
        return Failure::unread(&problem.error);
    }
    let what = clean(&mistake.to_string()).into_owned();
    match mistake {
        PlanMistake::NotUndoable(_) => Failure::refused(what),
        _ => Failure::usage(what),
    }
}

/// Something is not proven to be the environment's; where the evidence could not be read, that is why.
pub fn unproven(reading: &Reading, what: String) -> Failure {
    let evidence = [
        (&api_reads::DESCRIBE_TAGS, "tags"),
        (&api_reads::DESCRIBE_ENVIRONMENT_RESOURCES, "the environment's resources"),
        (&api_reads::DESCRIBE_AUTO_SCALING_GROUPS, "the Auto Scaling groups"),
    ];
    let what_it_reads = |problem: &Problem| {
        evidence.iter().find(|(it, _)| problem.error.operation() == it.operation).map(|(_, read)| *read)
    };
    let mut problems = problems(reading);
    problems.retain(|problem| what_it_reads(problem).is_some());
    let decisive = decisive(&problems).and_then(|problem| Some((problem, what_it_reads(problem)?)));
    let Some((problem, read)) = decisive else { return Failure::refused(what) };
    let failure = Failure::unread(&problem.error);
    Failure { what: format!("{what}: {read} could not be read: {}", failure.what), ..failure }
}

/// Why nothing proves whose the objects of a plan are, if that could not be read.
pub fn unread_proof(reading: &Reading, plan: &Plan) -> Option<Outcome> {
    let problems = problems(reading);
    let error_of = |operation: &str| {
        problems.iter().find(|problem| problem.error.operation() == operation).map(|it| it.error.clone())
    };
    write::unread(plan.refusal.as_ref()?, error_of).map(Outcome::Failed)
}

/// A part of the environment could not be read; why, if that is known.
pub fn unread(reading: &Reading, what: &str) -> Failure {
    let problems = problems(reading);
    if let Some(problem) = decisive(&problems) {
        return Failure::unread(&problem.error);
    }
    let what = format!("the {what} of the environment could not be read");
    Failure { status: ExitStatus::Unreachable, ..Failure::usage(what) }
}
