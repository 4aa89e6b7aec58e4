//! Early signals: what targets and enhanced health tell within seconds of the new version. Each must show in two looks
//! at least, and enough requests must be behind it, so that noise is no alarm.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::cause::Cause;
use super::course::Course;
use super::failures::FEW;
use super::judge::percent;
use super::lane::{Lane, LaneState, Lanes};
use super::rules::{Signal, Test, rule};
use super::statistics::Tally;
use super::verdict::{Leaning, Reason};
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

/// What one look at the instances told.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Slice {
    at: Moment,
    new: Tally,
    old: Tally,
}

/// An instance with the new version that is ill, and since when.
#[derive(Clone, Debug, PartialEq)]
struct Ill {
    instance: Arc<str>,
    since: Moment,
    word: Arc<str>,
    /// Beanstalk's first cause.
    cause: Option<Arc<str>>,
    /// How many requests it had, if all that is wrong with it is a share of these.
    requests: Option<i32>,
    /// Whether it is only what clients asked for that was not there.
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
struct Standing {
    reason: Reason,
    at: Moment,
}

/// The early signals of an update.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Early {
    slices: VecDeque<Slice>,
    last: Vec<(Arc<str>, i32, i32)>,
    ill: Vec<Ill>,
    standing: Vec<Standing>,
}

/// What says which instances have the new version.
pub(super) struct Whose<'a> {
    pub versions: &'a Versions,
    pub course: &'a Course,
}

impl Whose<'_> {
    /// Since when an instance has the new version, if it has; what the agents say goes before what the events say.
    fn updated(&self, instance: &str) -> bool {
        let told = || self.course.updated.iter().any(|(known, _)| &**known == instance);
        self.versions.is_updated(instance).unwrap_or_else(told)
    }

    fn updated_at(&self, instance: &str) -> Option<Moment> {
        self.course.updated.iter().find(|(known, _)| &**known == instance).map(|(_, at)| *at)
    }
}

impl Early {
    /// Takes in a look at the instances.
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
            self.stand(reason, at);
        }
        if let Some(reason) = self.illness(at) {
            self.stand(reason, at);
        }
    }

    /// Takes in a look at the targets.
    pub(super) fn observe_targets(&mut self, lanes: &Lanes, whose: &Whose<'_>, at: Moment) {
        let failing: Vec<_> = lanes.iter().filter(|lane| is_failing(lane, whose, at)).collect();
        let Some(first) = failing.first() else { return };
        let others = if failing.len() > 1 { format!(" and {} more", failing.len() - 1) } else { String::new() };
        let span = at.since(first.since()).as_secs();
        let words = format!("{}{others} with the new version: unhealthy for {span} s", first.target);
        self.stand(early(Signal::UnhealthyTargets, words), at);
    }

    /// What stands at an instant, in the order of the rules.
    pub(super) fn reasons(&self, now: Moment) -> Vec<Reason> {
        let stands = self.standing.iter().filter(|it| now.since(it.at) <= STAYS);
        let mut reasons: Vec<_> = stands.map(|it| Reason { at: Some(it.at), ..it.reason.clone() }).collect();
        reasons.sort_by_key(|reason| reason.signal);
        reasons
    }

    fn stand(&mut self, reason: Reason, at: Moment) {
        self.standing.retain(|it| it.reason.signal != reason.signal);
        self.standing.push(Standing { reason, at });
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

    fn illness(&self, at: Moment) -> Option<Reason> {
        let Test::Lasts { least, .. } = rule(Signal::IllInstances).test else { return None };
        let mut lasting: Vec<_> = self.ill.iter().filter(|ill| at.since(ill.since) >= least).collect();
        // What rests on many requests goes before what rests on few.
        lasting.sort_by_key(|ill| ill.is_of_few());
        let first = lasting.first()?;
        let others = if lasting.len() > 1 { format!(" and {} more", lasting.len() - 1) } else { String::new() };
        let words = format!("{}{others} with the new version: {}", first.instance, first.words());
        let reason = early(Signal::IllInstances, words);
        if first.is_of_few() {
            let words = format!("{}: too few to tell anything", reason.words);
            return Some(Reason { leaning: Leaning::Note, words, ..reason });
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
    fn errors(&self, before: Tally, at: Moment) -> Option<Reason> {
        let rule = rule(Signal::InstanceErrors);
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
        is_worse.then(|| early(Signal::InstanceErrors, words()))
    }
}

fn early(signal: Signal, words: String) -> Reason {
    Reason { early: true, ..Reason::new(signal, Leaning::Worse, words) }
}

/// Whether a target with the new version fails its checks for long enough.
fn is_failing(lane: &Lane, whose: &Whose<'_>, at: Moment) -> bool {
    let Test::Lasts { least, starting } = rule(Signal::UnhealthyTargets).test else { return false };
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

/// Whether the deploy's commands have ended on it; while they run it may well be ill.
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
mod tests {
    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment::EPOCH.plus(Duration::from_secs(1000 + seconds))
    }

    fn tally((hits, of): (f64, f64)) -> Tally {
        Tally { hits, of }
    }

    /// Slices every ten seconds: what the instances with the new version did, and what the others did.
    type Slices<'a> = &'a [((f64, f64), (f64, f64))];

    fn early(slices: Slices<'_>) -> Early {
        let slice = |(place, (new, old)): (usize, &((f64, f64), (f64, f64)))| Slice {
            at: at(10 * place as u64),
            new: tally(*new),
            old: tally(*old),
        };
        Early { slices: slices.iter().enumerate().map(slice).collect(), ..Early::default() }
    }

    #[test]
    fn the_new_version_answers_5xx_more_often_than_the_old_one_does_and_did() {
        let none = (0.0, 0.0);
        // Slices, errors before the update, and what is said of the new version's, if it is worse.
        let rows: [(&str, Slices<'_>, (f64, f64), Option<&str>); 12] = [
            (
                "a tenth",
                &[((10.0, 100.0), none); 2],
                (0.0, 1000.0),
                Some("10 % of their requests (20 of 200, enhanced health, 20 s), 0.00 % is usual"),
            ),
            ("in one look", &[((20.0, 100.0), none), ((0.0, 100.0), none)], (0.0, 1000.0), None),
            ("as before", &[((10.0, 100.0), none); 2], (100.0, 1000.0), None),
            ("as the old version now", &[((10.0, 100.0), (10.0, 100.0)); 2], none, None),
            (
                "much more than the old version",
                &[((40.0, 100.0), (10.0, 100.0)); 2],
                none,
                Some("40 % of their requests (80 of 200, enhanced health, 20 s), 10 % is usual"),
            ),
            ("more, but not three times", &[((37.0, 100.0), (12.5, 100.0)); 2], none, None),
            ("three times exactly", &[((37.5, 100.0), (12.5, 100.0)); 2], none, Some("38 %")),
            ("of 30 requests", &[((5.0, 15.0), none); 2], none, Some("33 %")),
            ("of 29", &[((5.0, 14.0), none), ((5.0, 15.0), none)], none, None),
            ("five errors", &[((2.0, 50.0), none), ((3.0, 50.0), none)], none, Some("5.0 %")),
            ("four", &[((2.0, 50.0), none); 2], none, None),
            ("two points more", &[((12.5, 500.0), (2.0, 500.0)); 2], none, Some("2.5 %")),
        ];
        for (state, slices, before, expected) in rows {
            let last = at(10 * (slices.len() as u64 - 1));
            let reason = early(slices).errors(tally(before), last);
            assert_eq!(reason.is_some(), expected.is_some(), "{state}: {reason:?}");
            let Some((reason, expected)) = reason.zip(expected) else { continue };
            assert!(reason.words.contains(expected), "{state}: {}", reason.words);
            assert_eq!((reason.signal, reason.leaning, reason.early), (Signal::InstanceErrors, Leaning::Worse, true));
        }
        // Four standard errors: of 1000 requests with 2 % usual that is 17.7 more than 20.
        for (hits, is_worse) in [(59.0, false), (60.0, true)] {
            let found = early(&[((hits / 2.0, 500.0), (10.0, 500.0)); 2]).errors(tally((0.0, 0.0)), at(10));
            assert_eq!(found.is_some(), is_worse, "{hits}: three times 2 %");
        }
        for (hits, is_worse) in [(5.0, false), (6.0, true)] {
            let found = early(&[((hits / 2.0, 30.0), (0.6, 30.0)); 2]).errors(tally((0.0, 0.0)), at(10));
            assert_eq!(found.is_some(), is_worse, "{hits} of 60, with 2 % usual: 1.2 and four times 1.08");
        }
    }

    fn ill(instance: &str, since: u64, requests: Option<i32>, is_of_clients: bool) -> Ill {
        let (instance, word) = (instance.into(), "Severe".into());
        Ill { instance, since: at(since), word, cause: Some("It fails.".into()), requests, is_of_clients }
    }

    #[test]
    fn instances_that_stay_ill_are_named_and_what_rests_on_few_requests_is_noted() {
        let found = |ill: Vec<Ill>| {
            let early = Early { ill, ..Early::default() };
            early.illness(at(100)).map(|it| (it.leaning, it.words))
        };
        let words = "i-1 with the new version: Severe in enhanced health (It fails)";
        assert_eq!(found(vec![]), None);
        assert_eq!(found(vec![ill("i-1", 81, None, false)]), None, "for 19 s");
        assert_eq!(found(vec![ill("i-1", 80, None, false)]), Some((Leaning::Worse, words.to_owned())), "for 20 s");
        let two = vec![ill("i-1", 0, None, false), ill("i-2", 0, None, false), ill("i-3", 99, None, false)];
        let of_two = words.replace("i-1 ", "i-1 and 1 more ");
        assert_eq!(found(two), Some((Leaning::Worse, of_two)));
        // 4xx of fewer than 30 requests tell nothing; of 30, or of anything else, they do.
        for (requests, is_of_clients, leaning) in [
            (Some(29), true, Leaning::Note),
            (Some(30), true, Leaning::Worse),
            (Some(29), false, Leaning::Worse),
            (None, true, Leaning::Worse),
        ] {
            let (found, words) = found(vec![ill("i-1", 0, requests, is_of_clients)]).unwrap();
            assert_eq!(found, leaning, "{requests:?}");
            assert_eq!(words.ends_with("too few to tell anything"), leaning == Leaning::Note, "{words}");
            let of = requests.map(|it| format!("(It fails), of {it} requests in 10 s"));
            assert!(words.contains(of.as_deref().unwrap_or("(It fails)")), "{words}");
        }
        let mixed = vec![ill("i-1", 0, Some(3), true), ill("i-2", 0, None, false)];
        assert_eq!(found(mixed).map(|it| it.0), Some(Leaning::Worse), "what rests on many goes first");
    }

    #[test]
    fn a_signal_stays_for_a_minute_after_it_showed_last() {
        let mut early = Early::default();
        let reason = |signal, words: &str| super::early(signal, words.to_owned());
        early.stand(reason(Signal::InstanceErrors, "a"), at(0));
        early.stand(reason(Signal::UnhealthyTargets, "b"), at(20));
        let seen = |early: &Early, second| -> Vec<_> {
            early.reasons(at(second)).into_iter().map(|it| (it.words, it.at)).collect()
        };
        let (a, b) = (("a".to_owned(), Some(at(0))), ("b".to_owned(), Some(at(20))));
        assert_eq!(seen(&early, 60), [b.clone(), a], "in the order of the rules");
        assert_eq!(seen(&early, 61), [b]);
        early.stand(reason(Signal::UnhealthyTargets, "c"), at(70));
        assert_eq!(seen(&early, 70), [("c".to_owned(), Some(at(70)))], "the last word of a signal counts");
        assert_eq!(seen(&early, 131), []);
    }

    fn instance(id: &str, requests: i32, errors: i32, status: &str) -> InstanceHealth {
        use crate::model::{ApplicationMetrics, Deployment, Key, Latency, ScopeId, StatusCodes};
        InstanceHealth {
            instance: Key::new(ScopeId(0), id),
            status: Some(HealthStatus::Ok),
            causes: Vec::new(),
            launched_at: None,
            metrics: Some(ApplicationMetrics {
                duration: Duration::from_secs(10),
                request_count: requests,
                status_codes: Some(StatusCodes { status_5xx: errors, ..StatusCodes::default() }),
                latency: Latency::default(),
            }),
            cpu_percent: None,
            load: None,
            deployment: Some(Deployment { version: None, id: None, status: Some(status.into()), at: None }),
            availability_zone: None,
            instance_type: None,
        }
    }

    #[test]
    fn slices_are_taken_once_and_for_a_minute_and_an_instance_that_is_being_changed_is_in_none() {
        let versions = Versions::new(None, None);
        let mut course = Course::new(at(0), None);
        course.updated.push(("new".into(), at(0)));
        let whose = Whose { versions: &versions, course: &course };
        let look = |early: &mut Early, second: u64, requests: i32| {
            let seen = [
                instance("new", requests, 1, "Deployed"),
                instance("old", 2 * requests, 2, "Deployed"),
                instance("changing", 100, 50, "In Progress"),
            ];
            early.add_slice(&seen, &whose, at(second));
        };
        let mut early = Early::default();
        look(&mut early, 100, 10);
        let first = Slice { at: at(100), new: tally((1.0, 10.0)), old: tally((2.0, 20.0)) };
        assert_eq!(early.slices, [first]);
        look(&mut early, 107, 11);
        assert_eq!(early.slices.len(), 1, "too soon to be another slice");
        look(&mut early, 108, 10);
        assert_eq!(early.slices.len(), 1, "it says what it said");
        look(&mut early, 108, 12);
        look(&mut early, 160, 13);
        assert_eq!(early.slices.iter().map(|it| it.at).collect::<Vec<_>>(), [at(100), at(108), at(160)]);
        look(&mut early, 169, 14);
        assert_eq!(early.slices.iter().map(|it| it.at).collect::<Vec<_>>(), [at(160), at(169)], "older than a minute");
        look(&mut early, 50, 15);
        assert_eq!(early.slices.iter().map(|it| it.at).collect::<Vec<_>>(), [at(50)], "the clock was set back");
        assert!(whose.updated("new") && !whose.updated("old"));
        assert_eq!((whose.updated_at("new"), whose.updated_at("old")), (Some(at(0)), None));
    }
}
