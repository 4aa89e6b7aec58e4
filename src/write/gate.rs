//! What is refused before anything is recorded or read: here, below screen and commands, so that neither can forget it.

use std::sync::Arc;

use crate::change::{Confirmation, Operation, Refusal};

/// Why this operation is refused with this confirmation, if it is.
#[must_use]
pub fn gate(operation: &Operation, confirmation: &Confirmation) -> Option<Refusal> {
    if confirmation.read_only {
        return Some(Refusal::ReadOnly);
    }
    if let Some(protected) = &confirmation.protected {
        return Some(Refusal::Protected(protected.clone()));
    }
    if let Some(frozen) = &confirmation.frozen {
        return Some(Refusal::Frozen(frozen.clone()));
    }
    let name = &operation.subject.name;
    let is_typed = confirmation.typed.as_ref() == Some(name);
    let unnamed = operation.wants_name(confirmation) && !is_typed;
    unnamed.then(|| Refusal::NotConfirmed { name: Arc::clone(name) }).or_else(|| operation.objection())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{EnvironmentState, Subject, Work};
    use crate::model::{EnvironmentStatus, Key, ScopeId};

    fn deploy(status: EnvironmentStatus) -> Operation {
        let key = Key::new(ScopeId(0), "e-1");
        let subject = Subject { key, name: "web-prod".into(), application: "shop".into() };
        let seen = EnvironmentState { status, version: None, abortable: false };
        Operation::single(subject, seen, Work::Deploy { version: "v2".into(), replaces: None })
    }

    #[test]
    fn read_only_comes_before_everything() {
        let confirmation = Confirmation {
            read_only: true,
            production: true,
            typed: Some("web-prod".into()),
            ..Confirmation::default()
        };
        assert_eq!(gate(&deploy(EnvironmentStatus::Ready), &confirmation), Some(Refusal::ReadOnly));
    }

    #[test]
    fn production_wants_its_own_name() {
        let refused = |production, typed: Option<&str>| {
            let confirmation = Confirmation { production, typed: typed.map(Into::into), ..Confirmation::default() };
            gate(&deploy(EnvironmentStatus::Ready), &confirmation)
        };
        let wanted = Some(Refusal::NotConfirmed { name: "web-prod".into() });
        assert_eq!(refused(true, None), wanted);
        assert_eq!(refused(true, Some("web")), wanted);
        assert_eq!(refused(false, Some("web")), wanted);
        assert_eq!(refused(true, Some("web-prod")), None);
        assert_eq!(refused(false, None), None);
    }

    #[test]
    fn an_environment_that_was_not_ready_takes_nothing() {
        let refusal = gate(&deploy(EnvironmentStatus::Updating), &Confirmation::default());
        assert_eq!(refusal, Some(Refusal::NotReady { status: EnvironmentStatus::Updating }));
    }
}
