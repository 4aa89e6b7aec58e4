//! Looks up a call whose answer was lost, by its rule: reads again, several times, and returns the outcome.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::backoff::Backoff;
use super::reading::ReadScope;
use super::site::Depth;
use super::writer::JournalWriter;
use crate::aws::look;
use crate::change::https::StepLook;
use crate::change::{
    ChangeRows, EnvironmentState, LookUp, LookUpAnswer, Lost, LostWrite, NewAlarm, Operation, Presence, Sighting,
    Subject, judge,
};
use crate::model::{EnvironmentStatus, Moment, MuteRule, Names};

/// How long after it was sent an instance that went may have been terminated by us.
const SOON: Duration = Duration::from_secs(180);

/// The pauses before the looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pauses {
    /// Before those that are always taken.
    pub sure: &'static [Duration],
    /// The pauses while a version is deployed, and no instance reports yet which.
    further: &'static [Duration],
}

/// How far ahead of what we take for AWS's time an event may be dated.
pub(super) const AHEAD: Duration = Duration::from_secs(600);

const FURTHER: &[Duration] = &[
    Duration::from_secs(8),
    Duration::from_secs(10),
    Duration::from_secs(15),
    Duration::from_secs(20),
    Duration::from_secs(30),
];

/// After an answer that was lost just now.
pub(super) const LOOKS: Pauses = Pauses {
    sure: &[Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(6)],
    further: FURTHER,
};

/// What was begun some time ago is looked for once, and again by the caller.
pub(super) const AT_ONCE: Pauses = Pauses { sure: &[Duration::ZERO], further: &[] };

/// What an earlier process began, and nothing looks up again.
pub(super) const AT_START: Pauses = Pauses { sure: &[Duration::ZERO], further: FURTHER };

/// What the looks came to.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The outcome of the write.
    pub finding: LookUpAnswer,
    /// The environment, as it was seen last.
    pub state: Option<EnvironmentState>,
    /// Whether the last look could read everything, so that another would show no more unless something changes.
    pub is_whole: bool,
    /// The id of what it created, where that can be seen.
    pub made: Option<Arc<str>>,
}

impl Found {
    pub(super) fn of(finding: LookUpAnswer) -> Self {
        Self { finding, state: None, is_whole: false, made: None }
    }
}

/// When a call was sent, and the id of its request, if the answer had one.
pub(super) type Trace<'a> = (Moment, Option<&'a Arc<str>>);

impl JournalWriter<'_> {
    /// Finds out the outcome of a call, by its rule.
    pub(super) async fn find(
        &self,
        operation: &Operation,
        look_up: &LookUp,
        (since, request_id): Trace<'_>,
        pauses: Pauses,
    ) -> Found {
        match look_up {
            LookUp::Nothing => Found::of(LookUpAnswer::Taken(None)),
            LookUp::Update(write) => {
                let lost = Self::lost(write.clone(), since, request_id);
                self.find_out(&operation.subject, &lost, pauses).await
            }
            LookUp::Values(rows) => Box::pin(self.find_values(operation, rows, pauses)).await,
            LookUp::Instance(instance) => self.find_instance(operation, instance, since, pauses).await,
            LookUp::MuteRule { rule, before, after } => self.find_mute_rule(rule, (*before, *after), pauses).await,
            LookUp::Alarm { alarm, is_there } => self.find_alarm(alarm, *is_there, pauses).await,
            LookUp::Swap(swap) => self.find_swap(operation, swap, (since, request_id), pauses).await,
            LookUp::Object(version) => self.find_object(version, pauses).await,
            LookUp::Version(version) => self.find_version(operation, version, pauses).await,
            LookUp::Https(_) => Box::pin(self.find_on_site(operation, look_up, pauses)).await,
        }
    }
    /// Finds out the outcome of a write.
    pub(super) async fn find_out(&self, subject: &Subject, lost: &Lost, pauses: Pauses) -> Found {
        let mut looks = Vec::new();
        for pause in pauses.sure {
            self.look_after(*pause, subject, lost, &mut looks).await;
            if matches!(judge(lost, &looks), LookUpAnswer::Taken(_)) {
                break;
            }
        }
        for pause in pauses.further {
            if judge(lost, &looks) != LookUpAnswer::Unknown || !is_deploying(lost, &looks) {
                break;
            }
            self.look_after(*pause, subject, lost, &mut looks).await;
        }
        Found {
            finding: judge(lost, &looks),
            state: looks.iter().rev().flatten().next().map(|sighting| sighting.state.clone()),
            is_whole: looks.last().is_some_and(|look| look.as_ref().is_some_and(|it| is_whole(lost, it))),
            made: None,
        }
    }

    async fn look_after(&self, pause: Duration, subject: &Subject, lost: &Lost, looks: &mut Vec<Option<Sighting>>) {
        sleep(pause).await;
        looks.push(self.sight(subject, lost).await);
    }

    /// One look; none if the environment itself cannot be read.
    async fn sight(&self, subject: &Subject, lost: &Lost) -> Option<Sighting> {
        let key = &subject.key;
        let environment = look::environment(self.session, key, self.now).await.ok()??;
        let at = (self.now)();
        let events = look::events_between(self.session, key, (lost.since(), at.plus(AHEAD)), self.now).await.ok();
        let mut sighting =
            Sighting { at, state: EnvironmentState::from(&environment), events, options: None, instances: None };
        if lost.write.needs_options() {
            let names =
                Names { application: Arc::clone(&environment.application), environment: Arc::clone(&environment.name) };
            sighting.options = look::option_sets(self.session, key, &names, self.now).await.ok();
        }
        if lost.write.needs_instances() && environment.status != EnvironmentStatus::Ready {
            sighting.instances = look::instances(self.session, key, self.now).await.ok();
        }
        Some(sighting)
    }

    /// A write whose answer was lost, as it is looked for.
    fn lost(write: LostWrite, since: Moment, request_id: Option<&Arc<str>>) -> Lost {
        Lost { write, sent: since, request_id: request_id.cloned() }
    }

    /// No event contains who terminated an instance, nor when that was requested.
    async fn find_instance(&self, operation: &Operation, instance: &Arc<str>, since: Moment, pauses: Pauses) -> Found {
        let mut last = Found::of(LookUpAnswer::Unknown);
        for pause in pauses.sure {
            sleep(*pause).await;
            last = self.presence(operation, instance, since).await.unwrap_or(Found::of(LookUpAnswer::Unknown));
            if matches!(last.finding, LookUpAnswer::Taken(_)) {
                break;
            }
        }
        last
    }

    async fn presence(&self, operation: &Operation, instance: &Arc<str>, since: Moment) -> Option<Found> {
        let environment = self.environment(operation).await.ok()??;
        let instances = Box::pin(self.instances(&environment.key, &mut Backoff::new())).await.ok()?;
        let is_late = (self.now)().since(since) > SOON;
        let finding = of_instance(instances.presence(instance), is_late);
        Some(Found { state: Some(EnvironmentState::from(&environment)), ..Found::of(finding) })
    }

    /// A call to the load balancer is found by the values themselves: they have to be as before on every look.
    async fn find_values(&self, operation: &Operation, rows: &ChangeRows, pauses: Pauses) -> Found {
        let scope = ReadScope::of(operation, rows);
        let (mut is_untouched, mut state) = (true, None);
        for pause in pauses.sure {
            sleep(*pause).await;
            state = None;
            let Ok(Some(fresh)) = self.read_again(&scope, &mut Backoff::new()).await else { continue };
            state = Some(EnvironmentState::from(&fresh.environment));
            let compared = rows.compared(&fresh.basis());
            if compared.is_after {
                return Found { state, ..Found::of(LookUpAnswer::Taken(None)) };
            }
            is_untouched &= compared.is_before;
        }
        let is_untouched = is_untouched && state.is_some();
        Found { state, ..Found::of(if is_untouched { LookUpAnswer::NotTaken } else { LookUpAnswer::Unknown }) }
    }

    /// A rule that mutes alarms is found by until when it mutes.
    async fn find_mute_rule(
        &self,
        rule: &str,
        (before, after): (Option<Moment>, Option<Moment>),
        pauses: Pauses,
    ) -> Found {
        let mut finding = LookUpAnswer::Unknown;
        for pause in pauses.sure {
            sleep(*pause).await;
            let Ok(live) = look::mute_rule(self.session, rule, self.now).await else { continue };
            let now = live.filter(MuteRule::is_in_force).and_then(|rule| rule.until());
            finding = match () {
                () if now == after => return Found::of(LookUpAnswer::Taken(None)),
                () if now == before => LookUpAnswer::NotTaken,
                () => LookUpAnswer::Otherwise(Vec::new()),
            };
        }
        Found::of(finding)
    }

    /// An alarm that was created is there as it was defined; one that was deleted is gone.
    async fn find_alarm(&self, alarm: &NewAlarm, is_there: bool, pauses: Pauses) -> Found {
        let mut finding = LookUpAnswer::Unknown;
        for pause in pauses.sure {
            sleep(*pause).await;
            let names = [Arc::clone(&alarm.name)];
            let Ok(live) = look::alarms_named(self.session, &names, self.now).await else { continue };
            finding = match live.first() {
                Some(live) if !alarm.is_same(live) => LookUpAnswer::Otherwise(Vec::new()),
                live if live.is_some() == is_there => return Found::of(LookUpAnswer::Taken(None)),
                _ => LookUpAnswer::NotTaken,
            };
        }
        Found::of(finding)
    }

    /// A call of HTTPS is found by what it makes or changes: it has to be as before on every look.
    async fn find_on_site(&self, operation: &Operation, look_up: &LookUp, pauses: Pauses) -> Found {
        let place = operation.steps.iter().position(|step| step.work.is_found_by(look_up)).unwrap_or_default();
        let (mut last, mut has_moved) = (Found::of(LookUpAnswer::Unknown), false);
        for pause in pauses.sure {
            sleep(*pause).await;
            last = Found::of(LookUpAnswer::Unknown);
            let Ok(Some(site)) = Box::pin(self.site(&operation.subject, Depth::Step)).await else { continue };
            let Some(it) = operation.undertaking(place) else { continue };
            let state = Some(EnvironmentState::from(&site.environment));
            let (finding, made) = match it.look(&site) {
                StepLook::Done(made) => (LookUpAnswer::Taken(None), made),
                StepLook::ToDo => (LookUpAnswer::NotTaken, None),
                StepLook::Conflict(differences) => (LookUpAnswer::Otherwise(differences), None),
            };
            last = Found { finding, state, is_whole: true, made };
            if matches!(last.finding, LookUpAnswer::Taken(_)) {
                return last;
            }
            has_moved |= last.finding != LookUpAnswer::NotTaken;
        }
        if has_moved && last.finding == LookUpAnswer::NotTaken {
            last.finding = LookUpAnswer::Unknown;
        }
        last
    }
}

/// Returns the outcome for an instance that was to be terminated; later it may have gone for any reason.
fn of_instance(now: Presence, is_late: bool) -> LookUpAnswer {
    match now {
        Presence::Stays => LookUpAnswer::NotTaken,
        Presence::Leaves | Presence::Gone if is_late => LookUpAnswer::Unknown,
        Presence::Leaves | Presence::Gone => LookUpAnswer::Taken(None),
    }
}

/// Whether an update is under way that may be the deploy which is looked for.
fn is_deploying(lost: &Lost, looks: &[Option<Sighting>]) -> bool {
    let newest = looks.last().and_then(Option::as_ref);
    lost.write.needs_instances() && newest.is_some_and(|it| it.state.status == EnvironmentStatus::Updating)
}

fn is_whole(lost: &Lost, sighting: &Sighting) -> bool {
    sighting.events.is_some() && (sighting.options.is_some() || !lost.write.needs_options())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_that_went_right_then_was_taken() {
        assert_eq!(of_instance(Presence::Stays, false), LookUpAnswer::NotTaken);
        assert_eq!(of_instance(Presence::Leaves, false), LookUpAnswer::Taken(None));
        assert_eq!(of_instance(Presence::Gone, false), LookUpAnswer::Taken(None));
        assert_eq!(of_instance(Presence::Gone, true), LookUpAnswer::Unknown);
        assert_eq!(of_instance(Presence::Stays, true), LookUpAnswer::NotTaken);
    }
}
