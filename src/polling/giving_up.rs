//! When a command gives an operation up, for all objects at once: a fleet must not multiply a failure by its size.
//!
//! The dashboard never gives up, it only waits longer. A command ends, and reports what it has and what is missing.

use std::sync::Arc;
use std::time::Duration;

use crate::model::{Fault, FaultKind, Map, Moment, Service, Source};

/// After this many failures in a row an operation is given up, and a service that is not reached.
const FEW: u32 = 3;
/// How long a throttled operation is retried.
const THROTTLED: Duration = Duration::from_secs(20);

/// How the calls of one operation went so far.
#[derive(Clone, Debug, Default)]
struct Record {
    answers: u32,
    /// Failures since the last answer, throttles apart.
    failures: u32,
    throttles: u32,
    first_throttle: Option<Moment>,
    last_answer: Option<Moment>,
    reason: Option<Arc<Fault>>,
}

/// What is given up, and why.
#[derive(Clone, Debug, Default)]
pub struct GivingUp {
    operations: Map<&'static str, Record>,
    /// Calls since its last answer that did not reach a service.
    unreached: [u32; Service::ALL.len()],
    services: [Option<Arc<Fault>>; Service::ALL.len()],
}

impl GivingUp {
    /// Notes how a call ended.
    pub fn note(&mut self, source: &Source, fault: Option<&Arc<Fault>>, now: Moment) {
        let service = source.service().index();
        let record = self.operations.entry(source.operation()).or_default();
        let Some(fault) = fault else {
            record.answers += 1;
            record.failures = 0;
            record.last_answer = Some(now);
            self.unreached[service] = 0;
            return;
        };
        match fault.kind {
            // The object is gone: that proves nothing about the others.
            FaultKind::NotFound => return,
            FaultKind::Throttled => return record.throttled(fault, now),
            // Credentials that expired are not valid for the service's other operations either.
            FaultKind::Expired => self.services[service] = Some(Arc::clone(fault)),
            FaultKind::Network => {
                self.unreached[service] += 1;
                if self.unreached[service] >= FEW {
                    self.services[service] = Some(Arc::clone(fault));
                }
            }
            FaultKind::Denied | FaultKind::Invalid | FaultKind::Other => {}
        }
        record.failures += 1;
        // Who is denied one object and may read another has a policy for each.
        let is_partly_allowed = fault.kind == FaultKind::Denied && record.answers > 0;
        if record.failures >= FEW && !is_partly_allowed {
            record.reason = Some(Arc::clone(fault));
        }
    }

    /// Returns why the source is no longer read; `None` if it is.
    #[must_use]
    pub fn reason(&self, source: &Source) -> Option<&Arc<Fault>> {
        let of_operation = self.operations.get(source.operation()).and_then(|record| record.reason.as_ref());
        of_operation.or_else(|| self.services[source.service().index()].as_ref())
    }
}

impl Record {
    /// It is tried again while the allowance refills: while calls are answered, and more of them than refused.
    fn throttled(&mut self, fault: &Arc<Fault>, now: Moment) {
        self.throttles += 1;
        let since = *self.first_throttle.get_or_insert(now);
        let is_refilling = self.last_answer.is_some_and(|at| now.since(at) < THROTTLED);
        let is_worth_it = is_refilling && self.throttles <= self.answers + FEW;
        if now.since(since) >= THROTTLED && !is_worth_it {
            self.reason = Some(Arc::clone(fault));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Environment, Key, ScopeId};

    fn settings(number: usize) -> Source {
        let key: Key<Environment> = Key::new(ScopeId(0), format!("e-{number}"));
        Source::Settings(key)
    }

    fn fault(kind: FaultKind) -> Arc<Fault> {
        Arc::new(Fault {
            kind,
            service: Service::Beanstalk,
            operation: "DescribeConfigurationSettings",
            code: None,
            message: "no".into(),
            details: None,
            request_id: None,
        })
    }

    fn at(seconds: u64) -> Moment {
        Moment::EPOCH.plus(Duration::from_secs(seconds))
    }

    /// After which failure the operation is given up, and whether its service is too.
    fn given_up_after(kind: FaultKind, answers: usize) -> (Option<usize>, bool) {
        let mut giving_up = GivingUp::default();
        (0..answers).for_each(|number| giving_up.note(&settings(number), None, at(0)));
        let given_up = (1..=100).find(|number| {
            giving_up.note(&settings(*number), Some(&fault(kind)), at(0));
            giving_up.reason(&settings(1000)).is_some()
        });
        (given_up, giving_up.reason(&Source::Environments(ScopeId(0))).is_some())
    }

    #[test]
    fn each_kind_of_failure_is_given_up_in_its_way() {
        let table = [
            (FaultKind::Network, 0, Some(3), true),
            (FaultKind::Network, 5, Some(3), true),
            (FaultKind::Expired, 0, Some(1), true),
            (FaultKind::Expired, 5, Some(1), true),
            (FaultKind::Denied, 0, Some(3), false),
            (FaultKind::Denied, 1, None, false),
            (FaultKind::Invalid, 0, Some(3), false),
            (FaultKind::Other, 5, Some(3), false),
            (FaultKind::NotFound, 0, None, false),
            (FaultKind::Throttled, 0, None, false),
        ];
        for (kind, answers, after, is_service) in table {
            assert_eq!(given_up_after(kind, answers), (after, is_service), "{kind:?} after {answers} answers");
        }
    }

    #[test]
    fn an_answer_begins_the_count_again() {
        let mut giving_up = GivingUp::default();
        for number in 0..30 {
            giving_up.note(&settings(number), Some(&fault(FaultKind::Network)), at(0));
            if number % 2 == 1 {
                giving_up.note(&settings(number), None, at(0));
            }
        }
        assert_eq!(giving_up.reason(&settings(0)), None);
    }

    #[test]
    fn a_throttled_operation_goes_on_while_its_allowance_refills_and_not_for_ever() {
        // By seconds between two calls, and of how many calls one is answered.
        let given_up = |answered: u64| {
            let mut giving_up = GivingUp::default();
            (0..600).find(|second| {
                let is_answered = answered > 0 && second % answered == 0;
                let throttle = fault(FaultKind::Throttled);
                giving_up.note(&settings(0), (!is_answered).then_some(&throttle), at(*second));
                giving_up.reason(&settings(0)).is_some()
            })
        };
        assert_eq!(given_up(0), Some(20), "never answered");
        assert!(given_up(4).is_some_and(|second| second <= 30), "one in four: {:?}", given_up(4));
        assert_eq!(given_up(2), None, "every other one");
    }
}
