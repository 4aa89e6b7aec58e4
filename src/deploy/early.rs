//! Early signals: what targets and enhanced health show within seconds of the new version. Each must be seen at least
//! twice, with enough requests, so that noise raises no alarm.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::cause::Cause;
use super::course::Course;
use super::lane::{Lane, LaneState, Lanes};
use super::rules::{RuleSignal, Test, rule};
use super::statistics::{Tally, percent};
use super::verdict::{Leaning, VerdictReason};
use super::versions::Versions;
use crate::model::{HealthStatus, InstanceHealth, Moment, counted};

/// Over this long the slices of enhanced health are added up.
const SPAN: Duration = Duration::from_secs(60);
/// Two looks that are closer than a slice of enhanced health may be the same slice.
const SLICE: Duration = Duration::from_secs(8);
/// A signal stays for this long after it last showed.
const STAYS: Duration = Duration::from_secs(60);
/// How many looks are kept.
const MOST_LOOKS: usize = 12;

/// Enhanced health computes a share even of so few requests in its ten seconds; it is not significant.
pub(super) const FEW: i32 = 30;

/// The requests of one reading of the instances.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Slice {
    at: Moment,
    new: Tally,
    old: Tally,
}

/// An unhealthy instance with the new version, and since when it is.
#[derive(Clone, Debug, PartialEq)]
struct Ill {
    instance: Arc<str>,
    since: Moment,
    word: Arc<str>,
    /// Beanstalk's first cause.
    cause: Option<Arc<str>>,
    /// The number of requests, if only a share of them is bad.
    requests: Option<i32>,
    /// Whether clients caused it by requesting what does not exist.
    is_of_clients: bool,
}

impl Ill {
    /// Whether a few 4xx are all that it rests on: a scanner on a small site makes an instance Degraded.
    fn is_of_few(&self) -> bool {
        self.is_of_clients && self.requests.is_some_and(|requests| requests < FEW)
    }

    fn words(&self) -> String {
        let cause = self.cause.as_ref().map(|it| format!(" ({})", it.trim_end_matches('.'))).unwrap_or_default();
        let requests = self.requests.map(|it| format!(", of {} in 10 s", counted(it, "request"))).unwrap_or_default();
        format!("{} in enhanced health{cause}{requests}", self.word)
    }
}

/// A signal that shows, or did a moment ago.
#[derive(Clone, Debug, PartialEq)]
struct LastingSignal {
    reason: VerdictReason,
    at: Moment,
}

/// The early signals of an update.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Early {
    slices: VecDeque<Slice>,
    last: Vec<(Arc<str>, i32, i32)>,
    ill: Vec<Ill>,
    lasting: Vec<LastingSignal>,
}

/// The sources that show which instances have the new version.
pub(super) struct Whose<'a> {
    pub versions: &'a Versions,
    pub course: &'a Course,
}

impl Whose<'_> {
    /// Returns whether an instance has the new version; the agents' reports go before the events.
    fn updated(&self, instance: &str) -> bool {
        let reported = || self.course.updated.iter().any(|(known, _)| &**known == instance);
        self.versions.is_updated(instance).unwrap_or_else(reported)
    }

    fn updated_at(&self, instance: &str) -> Option<Moment> {
        self.course.updated.iter().find(|(known, _)| &**known == instance).map(|(_, at)| *at)
    }
}

impl Early {
    /// Applies a reading of the instances.
    pub(super) fn observe_instances(
        &mut self,
        instances: &[InstanceHealth],
        whose: &Whose<'_>,
        before: Tally,
        at: Moment,
    ) {
        self.note_ill(instances, whose, at);
        self.add_slice(instances, whose, at);
        if let Some(reason) = self.errors(before, at) {
            self.keep(reason, at);
        }
        if let Some(reason) = self.illness(at) {
            self.keep(reason, at);
        }
    }

    /// Applies a reading of the targets.
    pub(super) fn observe_targets(&mut self, lanes: &Lanes, whose: &Whose<'_>, at: Moment) {
        let failing: Vec<_> = lanes.iter().filter(|lane| is_failing(lane, whose, at)).collect();
        let Some(first) = failing.first() else { return };
        let others = if failing.len() > 1 { format!(" and {} more", failing.len() - 1) } else { String::new() };
        let span = at.since(first.since()).as_secs();
        let words = format!("{}{others} with the new version: unhealthy for {span} s", first.target);
        self.keep(early(RuleSignal::UnhealthyTargets, words), at);
    }

    /// Returns the reasons at a moment, in the order of the rules.
    pub(super) fn reasons(&self, now: Moment) -> Vec<VerdictReason> {
        let lasting = self.lasting.iter().filter(|it| now.since(it.at) <= STAYS);
        let mut reasons: Vec<_> = lasting.map(|it| VerdictReason { at: Some(it.at), ..it.reason.clone() }).collect();
        reasons.sort_by_key(|reason| reason.signal);
        reasons
    }

    fn keep(&mut self, reason: VerdictReason, at: Moment) {
        self.lasting.retain(|it| it.reason.signal != reason.signal);
        self.lasting.push(LastingSignal { reason, at });
    }

    fn note_ill(&mut self, instances: &[InstanceHealth], whose: &Whose<'_>, at: Moment) {
        let known = std::mem::take(&mut self.ill);
        let ill = instances.iter().filter(|it| is_ill(it) && is_through(it) && whose.updated(&it.instance.id));
        self.ill = ill
            .map(|it| {
                let since = known.iter().find(|ill| ill.instance == it.instance.id).map_or(at, |ill| ill.since);
                let word = it.status.as_ref().map_or("ill", HealthStatus::as_str).into();
                let causes: Vec<_> = it.causes.iter().map(|cause| Cause::read(cause)).collect();
                let all =
                    |is_it: fn(Cause) -> bool| !causes.is_empty() && causes.iter().all(|it| it.is_some_and(is_it));
                let rests_on_them = all(Cause::is_of_requests);
                let is_of_clients = all(|cause| cause == Cause::ClientErrors);
                let requests = it.metrics.as_ref().filter(|_| rests_on_them).map(|it| it.request_count);
                let cause = it.causes.first().cloned();
                Ill { instance: Arc::clone(&it.instance.id), since, word, cause, requests, is_of_clients }
            })
            .collect();
    }

    fn illness(&self, at: Moment) -> Option<VerdictReason> {
        let Test::Lasts { least, .. } = rule(RuleSignal::IllInstances).test else { return None };
        let mut lasting: Vec<_> = self.ill.iter().filter(|ill| at.since(ill.since) >= least).collect();
        // What rests on many requests goes before what rests on few.
        lasting.sort_by_key(|ill| ill.is_of_few());
        let first = lasting.first()?;
        let others = if lasting.len() > 1 { format!(" and {} more", lasting.len() - 1) } else { String::new() };
        let words = format!("{}{others} with the new version: {}", first.instance, first.words());
        let reason = early(RuleSignal::IllInstances, words);
        if first.is_of_few() {
            let words = format!("{}: too few to conclude anything", reason.words);
            return Some(VerdictReason { leaning: Leaning::Note, words, ..reason });
        }
        Some(reason)
    }

    /// Adds a slice, unless it is the one that was seen last.
    fn add_slice(&mut self, instances: &[InstanceHealth], whose: &Whose<'_>, at: Moment) {
        let seen: Vec<_> = instances.iter().filter_map(counts).collect();
        let is_soon = self.slices.back().is_some_and(|slice| at.since(slice.at) < SLICE && at >= slice.at);
        if is_soon || seen == self.last {
            return;
        }
        let (mut new, mut old) = (Tally::default(), Tally::default());
        for instance in instances {
            let Some((id, requests, errors)) = counts(instance) else { continue };
            let tally = Tally { hits: f64::from(errors), of: f64::from(requests) };
            match (whose.updated(&id), is_through(instance)) {
                (true, true) => new = new.plus(tally),
                // What it answers while its application is replaced is neither the old version's nor the new one's.
                (_, false) => {}
                (false, true) => old = old.plus(tally),
            }
        }
        self.last = seen;
        // After a jump of the clock the slices of before are of another time.
        self.slices.retain(|slice| slice.at <= at && at.since(slice.at) <= SPAN);
        self.slices.push_back(Slice { at, new, old });
        if self.slices.len() > MOST_LOOKS {
            self.slices.pop_front();
        }
    }

    /// Whether the instances with the new version answer 5xx more often than the others do, and than all did before.
    fn errors(&self, before: Tally, at: Moment) -> Option<VerdictReason> {
        let rule = rule(RuleSignal::InstanceErrors);
        let Test::Share { rise, times, least, deviation } = rule.test else { return None };
        let sum = |pick: fn(&Slice) -> Tally| self.slices.iter().map(pick).fold(Tally::default(), Tally::plus);
        let (new, old) = (sum(|slice| slice.new), sum(|slice| slice.old));
        let looks = self.slices.iter().filter(|slice| slice.new.hits > 0.0).count();
        let expected = old.share().max(before.share());
        // No share is known to be nothing.
        let assumed = expected.max(0.001);
        let spread = (new.of * assumed * (1.0 - assumed)).sqrt();
        let is_worse = new.of >= rule.requests
            && looks >= 2
            && new.hits >= least
            && new.share() - expected >= rise
            && new.share() >= expected * times
            && new.hits - new.of * assumed >= deviation * spread;
        let span = self.slices.front().map_or(0, |slice| at.since(slice.at).as_secs() + 10);
        let words = || {
            format!(
                "instances with the new version answer 5xx to {} of their requests ({:.0} of {:.0}, enhanced health, {span} s), {} is usual",
                percent(new.share()),
                new.hits,
                new.of,
                percent(expected)
            )
        };
        let shares = Some((new.share(), expected));
        is_worse.then(|| VerdictReason { shares, ..early(RuleSignal::InstanceErrors, words()) })
    }
}

fn early(signal: RuleSignal, words: String) -> VerdictReason {
    VerdictReason { early: true, ..VerdictReason::new(signal, Leaning::Worse, words) }
}

/// Whether a target with the new version fails its checks for long enough.
fn is_failing(lane: &Lane, whose: &Whose<'_>, at: Moment) -> bool {
    let Test::Lasts { least, starting } = rule(RuleSignal::UnhealthyTargets).test else { return false };
    if lane.state() != LaneState::Unhealthy || !(lane.is_new || whose.updated(&lane.target)) {
        return false;
    }
    let updated = whose.updated_at(&lane.target).unwrap_or_else(|| lane.runs().next().map_or(at, |run| run.from));
    let was_healthy = lane.at(updated) == Some(LaneState::Healthy) || lane.first(LaneState::Healthy, updated).is_some();
    at.since(lane.since()) >= if was_healthy { least } else { starting }
}

fn is_ill(instance: &InstanceHealth) -> bool {
    matches!(instance.status, Some(HealthStatus::Degraded | HealthStatus::Severe))
}

/// Returns whether the deployment's commands have ended on it; while they run it may be unhealthy.
fn is_through(instance: &InstanceHealth) -> bool {
    let status = instance.deployment.as_ref().and_then(|deployment| deployment.status.as_deref());
    status != Some("In Progress")
}

/// Requests and answers 5xx of one instance within the slice.
fn counts(instance: &InstanceHealth) -> Option<(Arc<str>, i32, i32)> {
    let metrics = instance.metrics.as_ref()?;
    let errors = metrics.status_codes.map_or(0, |codes| codes.status_5xx);
    Some((Arc::clone(&instance.instance.id), metrics.request_count, errors))
}

#[cfg(test)]
mod tests;
