//! What is refused before anything is recorded or read: here, below screen and commands, so that neither can forget it.

use std::sync::Arc;

use crate::change::{Consent, Operation, Refusal};

/// Why this operation is refused with this consent, if it is.
#[must_use]
pub fn gate(operation: &Operation, consent: &Consent) -> Option<Refusal> {
    if consent.read_only {
        return Some(Refusal::ReadOnly);
    }
    let name = &operation.subject.name;
    let is_typed = consent.typed.as_ref() == Some(name);
    let unnamed = operation.wants_name(consent) && !is_typed;
    unnamed.then(|| Refusal::NotConfirmed { name: Arc::clone(name) }).or_else(|| operation.objection())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Standing, Subject, Work};
    use crate::model::{EnvironmentStatus, Key, ScopeId};

    fn deploy(status: EnvironmentStatus) -> Operation {
        let key = Key::new(ScopeId(0), "e-1");
        let subject = Subject { key, name: "web-prod".into(), application: "shop".into() };
        let seen = Standing { status, version: None, abortable: false };
        Operation::single(subject, seen, Work::Deploy { version: "v2".into(), replaces: None })
    }

    #[test]
    fn read_only_comes_before_everything() {
        let consent = Consent { read_only: true, production: true, typed: Some("web-prod".into()) };
        assert_eq!(gate(&deploy(EnvironmentStatus::Ready), &consent), Some(Refusal::ReadOnly));
    }

    #[test]
    fn production_wants_its_own_name() {
        let refused = |production, typed: Option<&str>| {
            let consent = Consent { read_only: false, production, typed: typed.map(Into::into) };
            gate(&deploy(EnvironmentStatus::Ready), &consent)
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
        let refusal = gate(&deploy(EnvironmentStatus::Updating), &Consent::default());
        assert_eq!(refusal, Some(Refusal::NotReady { status: EnvironmentStatus::Updating }));
    }
}
