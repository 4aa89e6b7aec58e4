//! What is refused before anything is recorded or read: here, below screen and commands, so that neither can forget it.

use std::sync::Arc;

use crate::change::https::Course;
use crate::change::{Consent, Plan, Refusal, Request};

/// Why this request is refused with this consent, if it is.
#[must_use]
pub fn gate(request: &Request, consent: &Consent) -> Option<Refusal> {
    let refused = agreed(&request.subject.name, request.is_dangerous(), consent);
    refused.or_else(|| request.objection(&request.seen))
}

/// Why this change of settings is refused with this consent, if it is.
#[must_use]
pub fn gate_plan(plan: &Plan, consent: &Consent) -> Option<Refusal> {
    agreed(&plan.subject.name, plan.is_dangerous(), consent).or_else(|| plan.refusal.clone())
}

/// Why a step of HTTPS is refused with this consent, if it is: every one is dangerous, and by `elb` none goes without the
/// environment's name.
#[must_use]
pub fn gate_course(course: &Course, consent: &Consent) -> Option<Refusal> {
    let name = &course.subject.name;
    let is_typed = consent.typed.as_ref() == Some(name);
    let is_wanted = course.wants_name(consent.production) && !is_typed;
    agreed(name, true, consent).or_else(|| is_wanted.then(|| Refusal::NotConfirmed { name: Arc::clone(name) }))
}

fn agreed(name: &Arc<str>, is_dangerous: bool, consent: &Consent) -> Option<Refusal> {
    if consent.read_only {
        return Some(Refusal::ReadOnly);
    }
    // A name that was typed has to be the right one, wherever it was asked for.
    let is_typed = consent.typed.as_ref().is_some_and(|typed| typed == name);
    let wants_name = consent.typed.is_some() || (consent.production && is_dangerous);
    (wants_name && !is_typed).then(|| Refusal::NotConfirmed { name: Arc::clone(name) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Standing, Subject, Write};
    use crate::model::{EnvironmentStatus, Key, ScopeId};

    fn request(status: EnvironmentStatus) -> Request {
        Request {
            subject: Subject { key: Key::new(ScopeId(0), "e-1"), name: "web-prod".into(), application: "shop".into() },
            write: Write::Deploy { version: "v2".into() },
            seen: Standing { status, version: None, abortable: false },
            undoes: None,
        }
    }

    #[test]
    fn read_only_comes_before_everything() {
        let consent = Consent { read_only: true, production: true, typed: Some("web-prod".into()) };
        assert_eq!(gate(&request(EnvironmentStatus::Ready), &consent), Some(Refusal::ReadOnly));
    }

    #[test]
    fn production_wants_its_own_name() {
        let refused = |production, typed: Option<&str>| {
            let consent = Consent { read_only: false, production, typed: typed.map(Into::into) };
            gate(&request(EnvironmentStatus::Ready), &consent)
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
        let refusal = gate(&request(EnvironmentStatus::Updating), &Consent::default());
        assert_eq!(refusal, Some(Refusal::NotReady { status: EnvironmentStatus::Updating }));
    }
}
