//! Whether an update failed, whatever its last event says: collects every place where AWS reports it, and separates
//! what only resembles it.
//!
//! A failure on an instance that was replaced meanwhile is no failure of the update: the instance that took its place was
//! deployed to again. It is noted.

use std::sync::Arc;
use std::time::Duration;

use super::cause::Cause;
use super::course::Flaw;
use super::early::FEW;
use super::lane::LaneState;
use super::phase::UpdateKind;
use super::sign::VerdictSign;
use super::watch::Watch;
use crate::model::{InstanceHealth, Moment, Snapshot, Source, counted};

/// A state after the end must last this long: old instances take their time to go.
pub(super) const LASTS: Duration = Duration::from_secs(60);
/// A summary is written so long after the failures that it counts, at most.
const SUMMED_UP: Duration = Duration::from_secs(15);

/// The signs of a failure, and what only resembles one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Failures {
    /// Each a sentence with AWS's words; none if nothing failed.
    pub against: Vec<String>,
    /// What does not count, and why.
    pub notes: Vec<String>,
}

impl Watch {
    /// The causes of the environment's own health.
    pub(super) fn see_causes(&mut self, snapshot: &Snapshot) {
        let key = &self.environment.key;
        let Some(at) = snapshot.reads.read_at(&Source::EnvironmentHealth(key.clone())) else { return };
        let Some(health) = snapshot.inventory.environment_health.get(key) else { return };
        if self.status.health_looked == Some(at) {
            return;
        }
        self.status.health_looked = Some(at);
        let read = |words: &Arc<str>| Cause::read(words).map(|cause| (cause, Arc::clone(words)));
        let causes: Vec<_> = health.causes.iter().filter_map(read).collect();
        let is_after = self.ended().is_some_and(|ended| at > ended);
        self.causes.observe(&causes, at, is_after);
    }

    /// The causes of the instances, each with the instance that it is of.
    pub(super) fn see_instance_causes(&mut self, instances: &[InstanceHealth], at: Moment) {
        let read = |it: &InstanceHealth, words: &Arc<str>| {
            Cause::read(words).map(|cause| (cause, Arc::from(format!("{}: {words}", it.instance.id))))
        };
        let causes: Vec<_> =
            instances.iter().flat_map(|it| it.causes.iter().filter_map(|words| read(it, words))).collect();
        let is_after = self.ended().is_some_and(|ended| at > ended);
        self.instance_causes.observe(&causes, at, is_after);
    }

    /// Returns the signs that this update failed, in order of time.
    pub(super) fn failures(&self) -> Failures {
        let mut found = Failures::default();
        self.known_by_events(&mut found);
        self.known_by_instances(&mut found);
        self.known_by_causes(&mut found);
        let strangers = self.course.strangers.iter();
        found.notes.extend(strangers.map(|it| format!("{}, which does not count: {}", it.why, it.message)));
        found
    }

    fn known_by_events(&self, found: &mut Failures) {
        let flaws = &self.course.flaws;
        let excused: Vec<_> = flaws.iter().filter_map(|flaw| Some((flaw, self.excuse(flaw)?))).collect();
        for flaw in flaws {
            let own = excused.iter().find(|(it, _)| *it == flaw).map(|(_, why)| why.clone());
            match own.or_else(|| self.excuse_of_all(flaw, &excused)) {
                Some(why) => found.notes.push(format!("{why}: {}", flaw.message)),
                None if flaw.sign == Some(VerdictSign::Health) && self.is_old_cause() => {}
                None => found.against.push(flaw.message.to_string()),
            }
        }
    }

    /// Why a failure on named instances does not count: they were replaced, or ended late.
    fn excuse(&self, flaw: &Flaw) -> Option<String> {
        let names = || flaw.instances.join(", ");
        let all =
            |is_it: &dyn Fn(&str) -> bool| !flaw.instances.is_empty() && flaw.instances.iter().all(|id| is_it(id));
        match flaw.sign? {
            VerdictSign::CommandFailed | VerdictSign::TimedOut if all(&|id| self.is_replaced(id, flaw.at)) => {
                Some(format!("{} failed and was replaced meanwhile", names()))
            }
            VerdictSign::TimedOut if all(&|id| self.is_through(id)) => Some(format!("{} ended late", names())),
            _ => None,
        }
    }

    /// Returns why a summary, or a failure without an instance, does not count: all instances that it concerns are excused.
    fn excuse_of_all(&self, flaw: &Flaw, excused: &[(&Flaw, String)]) -> Option<String> {
        let is_named = |it: &Flaw| matches!(it.sign, Some(VerdictSign::CommandFailed | VerdictSign::TimedOut));
        let near: Vec<_> = excused.iter().filter(|(it, _)| is_near(it.at, flaw.at)).collect();
        let instances: usize = near.iter().map(|(it, _)| it.instances.len()).sum();
        let others = self.course.flaws.iter().filter(|it| is_named(it) && is_near(it.at, flaw.at)).count();
        let is_about_them = match flaw.sign? {
            VerdictSign::InstanceFailed => others == near.len(),
            VerdictSign::SummaryFailed => others == near.len() && flaw.failed as usize <= instances,
            // Health follows a while later, and counts instances without naming them.
            VerdictSign::Health => return self.excuse_of_health(excused),
            _ => false,
        };
        near.first().filter(|_| is_about_them).map(|(_, why)| why.clone())
    }

    /// Returns why failed commands in the health causes do not count: every instance that an event names is excused.
    fn excuse_of_health(&self, excused: &[(&Flaw, String)]) -> Option<String> {
        let is_named = |it: &&Flaw| matches!(it.sign, Some(VerdictSign::CommandFailed | VerdictSign::TimedOut));
        let named = self.course.flaws.iter().filter(is_named).count();
        excused.first().filter(|_| named == excused.len()).map(|(_, why)| why.clone())
    }

    /// Whether an instance left the environment after it had failed.
    fn is_replaced(&self, instance: &str, at: Moment) -> bool {
        let was_removed = self.course.removed.iter().any(|(id, when)| &**id == instance && *when >= at);
        let looked = self.status.instances_looked.is_some_and(|looked| looked > at);
        let is_listed = self.versions.instances.is_empty() || self.versions.of(instance).is_some();
        let is_gone = || self.lanes.iter().any(|lane| &*lane.target == instance && lane.state() == LaneState::Gone);
        was_removed || (looked && !is_listed && is_gone())
    }

    fn is_through(&self, instance: &str) -> bool {
        self.versions.of(instance).is_some_and(|it| it.is_deployed() && self.versions.is_own(it))
    }

    /// Collects what each instance's agent reports of its own deployment.
    fn known_by_instances(&self, found: &mut Failures) {
        for failed in &self.versions.failed {
            let words = format!("the deployment of {} on {} ended as Failed", failed.words(), failed.instance);
            match self.versions.of(&failed.instance) {
                Some(now) if now.is_failed() => found.against.push(words),
                Some(now) if now.is_deployed() => found.notes.push(format!("{words}, and succeeded later")),
                Some(_) => {}
                None => found.notes.push(format!("{words}, and the instance was replaced meanwhile")),
            }
        }
    }

    fn known_by_causes(&self, found: &mut Failures) {
        let flaws = &self.course.flaws;
        let excused: Vec<_> = flaws.iter().filter_map(|flaw| Some((flaw, self.excuse(flaw)?))).collect();
        let excuse = self.excuse_of_health(&excused);
        for causes in [&self.causes, &self.instance_causes] {
            let is_reported = |words: &str| found.against.iter().any(|it| it.contains(words.trim_end_matches('.')));
            let failed = causes.failed.as_ref().filter(|words| excuse.is_none() && !is_reported(words));
            let failed = failed.map(|words| format!("cause: {words}"));
            let lasting = causes.wrong.as_ref().filter(|(since, last, _)| last.since(*since) >= LASTS);
            // The version that settings leave in place was wrong before.
            let lasting = lasting.filter(|_| self.kind() == UpdateKind::Deploy && self.next().is_none());
            let wrong = lasting.map(|(.., words)| format!("cause: {words}"));
            found.against.extend(failed.into_iter().chain(wrong));
        }
    }

    /// Returns whether the environment had the cause "commands failed" before this update.
    fn is_old_cause(&self) -> bool {
        self.causes.old.as_ref().is_some_and(|old| old.contains(&Cause::CommandFailed))
    }

    /// Returns the environment's present health, if it is worth mentioning, and whether it was the same before.
    pub(super) fn health_note(&self, snapshot: &Snapshot) -> Option<String> {
        let now = self.environment.health_word()?;
        let is_well = |word: &str| matches!(word, "Ok" | "Info" | "Green");
        let before = self.course.health_before.clone().or_else(|| self.status.health_before.clone());
        if is_well(&now) && before.as_deref().is_none_or(is_well) {
            return None;
        }
        let than = match before.as_deref() {
            Some(before) if *before == *now => ", as before the update".to_owned(),
            Some(before) => format!("; before the update it was {before}"),
            None => "; what it was before the update is not known".to_owned(),
        };
        let health = snapshot.inventory.environment_health.get(&self.environment.key).filter(|_| !is_well(&now));
        let causes: Vec<_> =
            health.iter().flat_map(|it| &it.causes).take(2).map(|it| it.trim_end_matches('.')).collect();
        let causes = if causes.is_empty() { String::new() } else { format!(" ({})", causes.join("; ")) };
        let of_requests =
            health.is_some_and(|it| it.causes.iter().any(|it| Cause::read(it).is_some_and(Cause::is_of_requests)));
        let few = health.and_then(|it| it.metrics).filter(|_| of_requests).and_then(|it| few_words(it.request_count));
        Some(format!("Beanstalk calls the environment {now}{causes}{than}{}", few.unwrap_or_default()))
    }
}

/// Describes how few requests a share is based on, if they are few.
fn few_words(requests: i32) -> Option<String> {
    (requests < FEW).then(|| format!("; that rests on {} in 10 s", counted(requests, "request")))
}

fn is_near(one: Moment, other: Moment) -> bool {
    one.since(other).max(other.since(one)) <= SUMMED_UP
}
