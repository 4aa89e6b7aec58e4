//! The operations that there are, each by what makes it.

use std::sync::Arc;

use super::super::bundle::NewVersion;
use super::super::https::{Direction, HttpsSetup};
use super::super::outcome::Refusal;
use super::super::plan::Plan;
use super::super::request::{EnvironmentState, Route, Subject};
use super::super::serves::Serves;
use super::super::swap::CnameSwap;
use super::{Operation, OperationKind, Starts, Step, Work};
use crate::model::{Environment, EnvironmentStatus};

impl Operation {
    /// One step that is sent at once to the environment as it was seen. None of them changes the load balancer itself.
    #[must_use]
    pub fn of(environment: &Environment, work: Work) -> Self {
        let seen = EnvironmentState::from(environment);
        Self::single(Subject::from(environment), seen, work)
    }

    /// Returns the same, from the snapshot of the environment.
    #[must_use]
    pub fn single(subject: Subject, seen: EnvironmentState, work: Work) -> Self {
        let kind = match &work {
            Work::Deploy { .. } => OperationKind::Deploy,
            Work::Abort => OperationKind::Abort,
            Work::Restart => OperationKind::Restart,
            Work::Replace { .. } => OperationKind::Replace,
            Work::Scale { .. } => OperationKind::Scale,
            Work::Settings(_) | Work::Options(_) => OperationKind::Set,
            Work::Https { .. } => OperationKind::Https,
            Work::Mute { .. } => OperationKind::Mute,
            Work::Unmute { .. } => OperationKind::Unmute,
            Work::CreateAlarms { .. } => OperationKind::CreateAlarms,
            Work::DeleteAlarms { .. } => OperationKind::DeleteAlarms,
            Work::Swap(_) => OperationKind::Swap,
            Work::CreateVersion(_) => OperationKind::CreateVersion,
        };
        let is_dangerous = work.is_dangerous();
        let serves = work.others();
        let steps = vec![Step::new(work, Starts::AtOnce)];
        let (route, id, setup, refusal, undoes) = (Route::Beanstalk, None, None, None, None);
        Self { id, kind, subject, serves, seen, route, steps, setup, is_dangerous, refusal, undoes }
    }

    /// A deploy of this version.
    #[must_use]
    pub fn deploy(environment: &Environment, version: Arc<str>) -> Self {
        Self::of(environment, Work::Deploy { version, replaces: environment.version.clone() })
    }

    /// The creation of a version that this environment is to run.
    #[must_use]
    pub fn create_version(environment: &Environment, version: NewVersion) -> Self {
        Self::of(environment, Work::CreateVersion(version))
    }

    /// The exchange of the CNAMEs of two environments, of which the first is named if a name has to be typed.
    ///
    /// # Errors
    /// When it is not possible for them.
    pub fn swap(own: &Environment, other: &Environment) -> Result<Self, Refusal> {
        let swap = CnameSwap::new(own, other)?;
        let refusal = swap.objection(&other.status);
        Ok(Self { refusal, ..Self::of(own, Work::Swap(swap)) })
    }

    /// Returns the same step for the present state of the environment.
    #[must_use]
    pub fn planned_again(&self, environment: &Environment) -> Self {
        match self.steps.first().map(|step| step.work.clone()) {
            Some(Work::Deploy { version, .. }) => Self::deploy(environment, version),
            // An undo stays one.
            Some(work) => Self { kind: self.kind, undoes: self.undoes.clone(), ..Self::of(environment, work) },
            None => self.clone(),
        }
    }

    /// The rollback from a version, if it is known, to another: aborts what is in progress, waits, and deploys.
    #[must_use]
    pub fn rollback(subject: Subject, seen: EnvironmentState, from: Option<Arc<str>>, to: Arc<str>) -> Self {
        let deploy = Work::Deploy { version: to, replaces: from };
        let steps = vec![Step::new(Work::Abort, Starts::WhileAbortable), Step::new(deploy, Starts::OnceReady)];
        Self { kind: OperationKind::Rollback, steps, ..Self::single(subject, seen, Work::Abort) }
    }

    /// Setting HTTPS up.
    #[must_use]
    pub fn https(subject: Subject, setup: HttpsSetup) -> Self {
        let seen = EnvironmentState { status: EnvironmentStatus::Ready, version: None, abortable: false };
        let work = |step| Work::Https { step, direction: Direction::There };
        let steps = setup.stages.iter().map(|stage| Step::new(work(stage.step()), Starts::OnceStill)).collect();
        let route = setup.route;
        Self {
            kind: OperationKind::Https,
            route,
            steps,
            setup: Some(setup),
            ..Self::single(subject, seen, Work::Abort)
        }
    }

    /// The same, with what the objects that it changes serve.
    #[must_use]
    pub(in crate::change) fn serving(self, serves: &Serves) -> Self {
        let others = serves.environments.iter().filter(|name| **name != self.subject.name);
        Self { serves: others.cloned().collect(), ..self }
    }

    /// Taking back what was done, or may have been, in reverse order; none if there is nothing. What was muted is not muted
    /// any more, alarms that were created are deleted, and deleted ones created again.
    #[must_use]
    pub fn back(&self) -> Option<Self> {
        if let (OperationKind::Mute, [Step { work: Work::Mute { mute, .. }, .. }]) = (self.kind, self.steps.as_slice())
        {
            let (rule, until) = (Arc::clone(&mute.rule), mute.until());
            let unmute = Self::single(self.subject.clone(), self.seen.clone(), Work::Unmute { rule, until });
            return self.steps[0].is_ours().then(|| Self { undoes: self.id.clone(), ..unmute });
        }
        let opposite = match self.steps.first().map(|step| &step.work) {
            Some(Work::CreateAlarms { alarms }) => Some(Work::DeleteAlarms { alarms: alarms.clone() }),
            Some(Work::DeleteAlarms { alarms }) => Some(Work::CreateAlarms { alarms: alarms.clone() }),
            _ => None,
        };
        if let Some(work) = opposite {
            let back = Self::single(self.subject.clone(), self.seen.clone(), work);
            return self.steps[0].is_ours().then(|| Self { undoes: self.id.clone(), ..back });
        }
        if let Some(Work::Options(edits)) = self.steps.first().map(|step| &step.work) {
            let back = Self::single(self.subject.clone(), self.seen.clone(), Work::Options(edits.inverse()?));
            let undo = Self { kind: OperationKind::Undo, undoes: self.id.clone(), ..back };
            return self.steps[0].is_ours().then_some(undo);
        }
        if self.kind != OperationKind::Https {
            return None;
        }
        let back = |step: &Step| match step.work {
            Work::Https { step, .. } => Work::Https { step, direction: Direction::Back },
            ref other => other.clone(),
        };
        let ours = self.steps.iter().rev().filter(|step| step.is_ours() && !step.work.is_probe());
        let steps: Vec<_> = ours.map(|step| Step::new(back(step), Starts::OnceStill)).collect();
        let (id, undoes) = (None, self.id.clone());
        (!steps.is_empty()).then(|| Self { id, kind: OperationKind::HttpsBack, steps, undoes, ..self.clone() })
    }
}

impl From<&Plan> for Operation {
    fn from(plan: &Plan) -> Self {
        let work = Work::Settings(plan.rows.clone());
        Self {
            kind: if plan.undoes.is_some() { OperationKind::Undo } else { OperationKind::Set },
            route: plan.route,
            is_dangerous: plan.is_dangerous(),
            refusal: plan.refusal.clone(),
            undoes: plan.undoes.clone(),
            ..Self::single(plan.subject.clone(), plan.state.clone(), work)
        }
        .serving(&plan.serves)
    }
}
