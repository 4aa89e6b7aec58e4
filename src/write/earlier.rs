//! What earlier builds wrote into the journal: their lines, and the operations that follow from them.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use crate::change::https::{Direction, HttpsSetup, HttpsStep};
use crate::change::settings::{ObjectKind, find};
use crate::change::{
    ChangeRow, ChangeRows, EnvironmentState, InstanceLimits, Object, Operation, OperationKind, OptionRow, Route,
    Subject, ValueChange, Work,
};
use crate::model::{EnvironmentStatus, Key, ScopeId};

/// A change begins.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct EarlierBegun {
    pub id: String,
    pub at: Timestamp,
    pub process: u32,
    pub kind: String,
    pub caller: Option<String>,
    pub account: Option<String>,
    pub region: Option<String>,
    #[serde(default)]
    pub endpoint: Option<String>,
    pub environment: String,
    pub environment_id: String,
    pub application: String,
    pub route: String,
    #[serde(default)]
    pub target_group: Option<String>,
    #[serde(default)]
    pub load_balancer: Option<String>,
    pub changes: Vec<ValueChange>,
    #[serde(default)]
    pub undoes: Option<String>,
    /// The names of its steps, where each has lines of its own.
    #[serde(default)]
    pub steps: Vec<String>,
    #[serde(default)]
    pub https: Option<HttpsSetup>,
}

/// A step begins, or ends with an outcome.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct EarlierStepLine {
    pub id: String,
    pub at: Timestamp,
    pub process: u32,
    pub step: String,
    pub outcome: Option<String>,
    #[serde(default)]
    pub made: Option<String>,
    #[serde(default)]
    pub request_ids: Vec<String>,
    #[serde(default)]
    pub message: Option<String>,
}

impl EarlierBegun {
    fn subject(&self) -> Subject {
        let key = Key::new(ScopeId::default(), self.environment_id.as_str());
        Subject { key, name: self.environment.as_str().into(), application: self.application.as_str().into() }
    }

    /// The first value that changed, before or after.
    fn value(&self, before: bool) -> Option<Arc<str>> {
        first_value(&self.changes, before)
    }
}

/// The first value that changed, before or after.
pub(super) fn first_value(changes: &[ValueChange], before: bool) -> Option<Arc<str>> {
    let change = changes.first()?;
    let value = if before { &change.before } else { &change.after };
    value.as_deref().map(Into::into)
}

/// Returns the operation of a change by an earlier build, as it was when it began; `None` if it is not
/// understood.
pub(super) fn operation(begun: &EarlierBegun) -> Option<Operation> {
    let kind = OperationKind::named(&begun.kind)?;
    let subject = begun.subject();
    let seen = |status, version| EnvironmentState { status, version, abortable: kind == OperationKind::Abort };
    let single = |work| {
        let status = if kind == OperationKind::Abort { EnvironmentStatus::Updating } else { EnvironmentStatus::Ready };
        let version = begun.value(true).filter(|_| kind == OperationKind::Deploy);
        Some(Operation::single(subject.clone(), seen(status, version), work))
    };
    match kind {
        OperationKind::Deploy => single(Work::Deploy { version: begun.value(false)?, replaces: begun.value(true) }),
        OperationKind::Abort => single(Work::Abort),
        OperationKind::Restart => single(Work::Restart),
        OperationKind::Replace => single(Work::Replace { instance: begun.value(true)?, last_of: None }),
        OperationKind::Scale => single(Work::Scale { from: sizes(begun, true)?, to: sizes(begun, false)? }),
        OperationKind::Set | OperationKind::Undo => {
            let operation = single(Work::Settings(rows(begun)?))?;
            Some(Operation { kind, route: Route::named(&begun.route)?, ..operation })
        }
        OperationKind::Rollback => {
            let state = seen(EnvironmentStatus::Ready, None);
            Some(Operation::rollback(subject, state, begun.value(true), begun.value(false)?))
        }
        // Earlier builds knew none of these.
        OperationKind::Mute
        | OperationKind::Unmute
        | OperationKind::CreateAlarms
        | OperationKind::DeleteAlarms
        | OperationKind::Swap
        | OperationKind::CreateVersion => None,
        OperationKind::Https | OperationKind::HttpsBack => {
            https(begun, kind, Operation::https(subject, begun.https.clone()?))
        }
    }
}

/// HTTPS by the steps that the journal names; taken back, they are fewer and in another order.
fn https(begun: &EarlierBegun, kind: OperationKind, mut operation: Operation) -> Option<Operation> {
    let place = |step: HttpsStep| begun.steps.iter().position(|it| it == step.as_str());
    operation.kind = kind;
    operation.undoes = begun.undoes.as_deref().map(Into::into);
    operation.steps.retain(|step| matches!(step.work, Work::Https { step, .. } if place(step).is_some()));
    operation.steps.sort_by_key(|step| match step.work {
        Work::Https { step, .. } => place(step),
        _ => None,
    });
    for step in &mut operation.steps {
        if let (Work::Https { direction, .. }, OperationKind::HttpsBack) = (&mut step.work, kind) {
            *direction = Direction::Back;
        }
    }
    (operation.steps.len() == begun.steps.len()).then_some(operation)
}

fn sizes(begun: &EarlierBegun, before: bool) -> Option<InstanceLimits> {
    let size = |name: &str| {
        let change = begun.changes.iter().find(|change| change.key == name)?;
        let value = if before { &change.before } else { &change.after };
        value.as_deref()?.parse().ok()
    };
    Some(InstanceLimits { min: size("MinSize")?, max: size("MaxSize")? })
}

/// The settings that a change wrote. The ARN of a listener was not kept: it is found by its port.
fn rows(begun: &EarlierBegun) -> Option<ChangeRows> {
    let scope = ScopeId::default();
    let route = Route::named(&begun.route)?;
    let target_group = begun.target_group.as_deref().map(|arn| Key::new(scope, arn));
    let load_balancer = begun.load_balancer.as_deref().map(|arn| Key::new(scope, arn));
    let row = |change: &ValueChange| {
        let named = find(&change.key).ok()?;
        let object = match named.facts.object {
            ObjectKind::TargetGroup => Object::TargetGroup(target_group.clone()?),
            ObjectKind::LoadBalancer => Object::LoadBalancer(load_balancer.clone()?),
            ObjectKind::Listener => {
                let balancer = load_balancer.clone()?;
                Object::Listener(Key::new(balancer.scope, ""), balancer, named.port?)
            }
        };
        let value = |text: &Option<String>| text.as_deref().map(Arc::from);
        let option = match &change.option {
            Some(option) => Some(OptionRow::named(named.facts, option)?),
            None => None,
        };
        let (seen, wanted) = (value(&change.before), value(&change.after));
        let elb = route != Route::Beanstalk && seen != wanted;
        Some(ChangeRow { object, facts: named.facts, key: change.key.clone(), seen, wanted, elb, option })
    };
    Some(begun.changes.iter().map(row).collect::<Option<Vec<_>>>()?.into())
}
