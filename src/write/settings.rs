//! A change of settings from its confirmation to its end in the log.
//!
//! The order is that of every write: gate, line, read again, compare, write, look, line. Each call is sent once; the first
//! that fails ends it, and what was written before it makes the outcome a part.

use std::sync::Arc;

use tokio::time::sleep;

use super::gate::gate_plan;
use super::line::Begun;
use super::look_up::{LOOKS, nothing_seen};
use super::patience::Patience;
use super::perform::{Done, Writer, is_not_ready, new_id, with};
use super::reading::{Fresh, Scope};
use crate::aws::apply::{Sent, send, validate};
use crate::aws::look;
use crate::change::{
    Consent, Difference, Finding, LostWrite, Modification, Outcome, Plan, Refusal, Standing, Subject, Written,
};
use crate::model::{EnvironmentStatus, Fault, Moment};

/// What became of one call.
enum Fate {
    Taken(Option<Arc<str>>),
    NotTaken(Arc<Fault>),
    Unknown(Arc<Fault>),
}

impl Writer<'_> {
    /// Carries a plan out, once, and records it. One that changes nothing is no change.
    pub async fn change(&self, plan: &Plan, consent: &Consent) -> Written {
        if let Some(refusal) = gate_plan(plan, consent) {
            return self.refused(refusal);
        }
        if plan.is_empty() {
            return self.written(None, Done::of(Outcome::Unchanged, Some(plan.standing.clone())), None);
        }
        let at = (self.now)();
        let id = new_id(at);
        if let Err(why) = self.begin(Begun::of_plan(plan, &id, at, self.caller)).await {
            return self.refused(Refusal::NoAudit { why });
        }
        let done = self.carry_out_plan(plan).await;
        self.conclude(&id, done).await
    }

    async fn carry_out_plan(&self, plan: &Plan) -> Done {
        let scope = Scope::from(plan);
        let fresh = match self.read_again(&scope, &mut Patience::new()).await {
            Ok(Some(fresh)) => fresh,
            Ok(None) => return Done::of(Outcome::Conflict(vec![gone(&plan.subject)]), None),
            Err(fault) => return Done::of(Outcome::Failed(fault), None),
        };
        if let Some(outcome) = stopped(plan, &fresh) {
            return seen(plan, outcome, &fresh);
        }
        let (outcome, request_ids) = self.write_all(plan).await;
        // What it looks like afterwards is worth a word, but no failure.
        match self.read_again(&scope, &mut Patience::new()).await {
            Ok(Some(fresh)) => Done { request_ids, ..seen(plan, outcome, &fresh) },
            Ok(None) => Done { request_ids, ..Done::of(outcome, None) },
            Err(fault) => Done { request_ids, unseen: Some(fault), ..Done::of(outcome, None) },
        }
    }

    /// Sends the calls in their order, and what AWS said to them.
    async fn write_all(&self, plan: &Plan) -> (Outcome, Vec<Arc<str>>) {
        let (mut taken, mut written, mut patience) = (Vec::new(), 0, Patience::new());
        for modification in plan.modifications() {
            let fate = if modification.writes() {
                self.send(plan, &modification, &mut patience).await
            } else {
                let call = modification.call();
                match patience.call(|| validate(self.session, &call, self.now)).await {
                    Ok(()) => continue,
                    Err(fault) => Fate::NotTaken(fault),
                }
            };
            match fate {
                Fate::Taken(id) => {
                    taken.extend(id);
                    written += 1;
                }
                Fate::Unknown(fault) => return (Outcome::Unknown(fault), taken),
                Fate::NotTaken(fault) if written > 0 => return (Outcome::Partial(fault), taken),
                Fate::NotTaken(fault) => return (self.failed(plan, fault).await, taken),
            }
        }
        (Outcome::Applied, taken)
    }

    /// Somebody else may have begun an update between our look and our write.
    async fn failed(&self, plan: &Plan, fault: Arc<Fault>) -> Outcome {
        if is_not_ready(&fault)
            && let Ok(Some(now)) = look::environment(self.session, &plan.subject.key, self.now).await
            && now.status != plan.standing.status
        {
            let word = |status: &EnvironmentStatus| Arc::from(status.as_str());
            return Outcome::Conflict(vec![Difference::new("status", word(&plan.standing.status), word(&now.status))]);
        }
        Outcome::Failed(fault)
    }

    async fn send(&self, plan: &Plan, modification: &Modification, patience: &mut Patience) -> Fate {
        let since = (self.now)();
        let call = modification.call();
        match patience.call(|| send(self.session, &call, self.now)).await {
            Sent::Accepted { request_id, .. } => Fate::Taken(request_id),
            Sent::Refused(fault) => Fate::NotTaken(fault),
            Sent::Lost(fault) if modification.is_update() => self.trace_update(plan, since, fault).await,
            Sent::Lost(fault) => self.trace_values(plan, modification, fault).await,
        }
    }

    /// An update whose answer was lost is found by its options.
    async fn trace_update(&self, plan: &Plan, sent: Moment, fault: Arc<Fault>) -> Fate {
        let lost = Self::lost(LostWrite::of_plan(plan), sent, fault.request_id.as_ref());
        match self.find_out(&plan.subject, &lost, LOOKS).await.finding {
            Finding::Taken(id) => Fate::Taken(id.or_else(|| fault.request_id.clone())),
            Finding::NotTaken => Fate::NotTaken(nothing_seen(&fault)),
            Finding::Unknown => Fate::Unknown(fault),
        }
    }

    /// An answer of ELB's that was lost is found by the values themselves: they have to be as before on every look.
    async fn trace_values(&self, plan: &Plan, modification: &Modification, fault: Arc<Fault>) -> Fate {
        let scope = Scope::from(plan);
        let (mut is_untouched, mut is_seen) = (true, false);
        for pause in LOOKS.sure() {
            sleep(*pause).await;
            is_seen = false;
            let Ok(Some(fresh)) = self.read_again(&scope, &mut Patience::new()).await else { continue };
            let (wanted, before) = plan.compared(modification, &fresh.basis());
            if wanted {
                return Fate::Taken(fault.request_id.clone());
            }
            is_seen = true;
            is_untouched &= before;
        }
        if is_seen && is_untouched { Fate::NotTaken(nothing_seen(&fault)) } else { Fate::Unknown(fault) }
    }
}

/// Why it is not written after all.
fn stopped(plan: &Plan, fresh: &Fresh) -> Option<Outcome> {
    let basis = fresh.basis();
    if plan.updates() && basis.settings().is_none() {
        return fresh.fault_of("DescribeConfigurationSettings").map(|fault| Outcome::Failed(Arc::clone(fault)));
    }
    let differences = plan.differences(&basis);
    if !differences.is_empty() {
        return Some(Outcome::Conflict(differences));
    }
    let refusal = plan.objection(&basis)?;
    let unread = unread(&refusal, |operation| fresh.fault_of(operation).cloned());
    Some(unread.map_or(Outcome::Refused(refusal), Outcome::Failed))
}

/// Why what would prove something could not be read, if that is the refusal: the fault itself, and what it kept from us.
#[must_use]
pub fn unread(refusal: &Refusal, fault_of: impl Fn(&str) -> Option<Arc<Fault>>) -> Option<Arc<Fault>> {
    let Refusal::NotRead { operation, .. } = refusal else { return None };
    Some(with(&*fault_of(operation)?, &refusal.to_string()))
}

fn seen(plan: &Plan, outcome: Outcome, fresh: &Fresh) -> Done {
    let values = plan.observe(&fresh.basis());
    Done { values, ..Done::of(outcome, Some(Standing::from(&fresh.environment))) }
}

fn gone(subject: &Subject) -> Difference {
    Difference::new("environment", subject.name.clone(), "gone")
}
