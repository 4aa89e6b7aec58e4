//! The impact of a change of settings, watched for long enough that a health check could notice it.
//!
//! It compares the targets, which react within seconds (*early*), and the load balancer's figures with those of
//! the ten minutes before (*confirming*), by the rules for updates. A caller that shows it offers the rollback:
//! it writes nothing itself.

mod cookies;
mod hosts;

use std::sync::Arc;
use std::time::Duration;

use self::cookies::Cookies;
use self::hosts::Hosts;
use super::figures::Figures;
use super::judge::{JudgedChange, MinutesComparison};
use super::minutes::{BASELINE, LATE, MINUTE, Measures, Minute, Minutes, next_number, number};
use super::rules::RuleSignal;
use super::verdict::{Leaning, Verdict, VerdictKind, VerdictReason};
use super::watch::WatchedFront;
use crate::change::{Operation, Outcome, Written};
use crate::model::{
    Chart, Environment, EnvironmentStatus, Key, Measure, Moment, Range, Snapshot, Source, TargetCounts, TargetGroup,
    clean, span_words,
};

/// The minimum time for which a change is watched, unless another is requested.
const LEAST: Duration = Duration::from_mins(5);
/// An update of options that is not over by then is not waited for any longer.
const LONGEST_UPDATE: Duration = Duration::from_mins(15);
/// An update whose beginning was not seen within this time is over.
const UNSEEN: Duration = Duration::from_secs(60);
/// How much longer a harmful change is watched, to see whether it is undone.
const LINGERS: Duration = Duration::from_mins(10);
/// The newest minutes are judged separately too, so that good ones before them hide nothing.
const RECENT: usize = 3;

/// A change of settings that is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct ImpactWatch {
    /// Its id in the log, by which it can be undone.
    pub id: Option<Arc<str>>,
    /// The environment.
    pub environment: Key<Environment>,
    /// The environment's name.
    pub name: Arc<str>,
    /// What was changed: a key, or the number of settings.
    pub what: String,
    /// When AWS applied it.
    pub at: Moment,
    /// The time for which the caller wants it watched.
    asked: Option<Duration>,
    /// Whether an update of the environment brings it, whether that was seen to begin, and since when it is live.
    updates: bool,
    begun: bool,
    landed: Option<Moment>,
    /// How long the health checks take to notice anything, twice.
    noticing: Duration,
    front: WatchedFront,
    hosts: Hosts,
    /// The observations of cookies, if the change concerns them.
    cookies: Option<Cookies>,
    minutes: Minutes,
    worse_since: Option<Moment>,
    /// Whether it ever was worse.
    harmed: bool,
    verdict: Verdict,
}

impl ImpactWatch {
    /// Watches the impact of a change of settings that was carried out, compared with what `snapshot` contains at that
    /// moment. Returns `None` if nothing was written, or nothing could be observed: there is no Application
    /// Load Balancer in front, or none is known.
    #[must_use]
    pub fn begin(operation: &Operation, written: &Written, snapshot: &Snapshot) -> Option<Self> {
        let is_sent = matches!(written.outcome, Outcome::Applied | Outcome::Partial(_) | Outcome::Unknown(_));
        let front =
            WatchedFront::of(&snapshot.topology, &operation.subject.key).filter(|_| is_sent && !operation.is_idle())?;
        let rows = operation.rows()?;
        let keys: Vec<_> = rows.iter().filter(|row| row.is_written()).map(|row| &row.key).collect();
        let concerns_cookies = keys.iter().any(|key| key.starts_with("stickiness."));
        let mut impact = Self {
            id: written.id.clone(),
            environment: operation.subject.key.clone(),
            name: Arc::clone(&operation.subject.name),
            what: match keys.as_slice() {
                [only] => (*only).clone(),
                several => format!("{} settings", several.len()),
            },
            at: written.at,
            asked: None,
            updates: rows.updates(),
            begun: false,
            landed: (!rows.updates()).then_some(written.at),
            noticing: noticing(&front.groups, snapshot),
            hosts: Hosts::default(),
            cookies: concerns_cookies.then(Cookies::default),
            minutes: Minutes::default(),
            worse_since: None,
            harmed: false,
            verdict: Verdict::nothing(),
            front,
        };
        impact.hosts.observe(snapshot, &impact.front.groups, impact.at);
        Some(impact)
    }

    /// Sets how long it is watched, in place of the time that health checks need.
    #[must_use]
    pub fn lasting(self, span: Duration) -> Self {
        Self { asked: Some(span), ..self }
    }

    /// Returns the sources that it needs, and how often they may be read.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        let key = &self.environment;
        let metrics = |measure| Source::Metrics(key.clone(), measure);
        let mut sources = vec![Source::TargetGroups(key.scope)];
        sources.extend(self.front.groups.iter().map(|group| Source::TargetHealth(group.clone())));
        sources.push(metrics(Measure::Deploy));
        if self.cookies.is_some() {
            let chart = Measure::Chart { chart: Chart::Stickiness, range: Range::Hour, zones: false };
            sources.extend([metrics(chart), Source::InstancesHealth(key.clone())]);
        }
        sources
    }

    /// Applies what was read. Returns whether the verdict changed.
    pub fn observe(&mut self, snapshot: &Snapshot) -> bool {
        if self.is_over() {
            return false;
        }
        self.see_update(snapshot);
        self.noticing = self.noticing.max(noticing(&self.front.groups, snapshot));
        self.hosts.observe(snapshot, &self.front.groups, self.at);
        let (change, now) = (number(self.at), number(snapshot.moment));
        let WatchedFront { load_balancer, groups, shared } = &self.front;
        let source = Measures { load_balancer, groups, shared: *shared, from: change - BASELINE, now: snapshot.moment };
        self.minutes.observe(&snapshot.inventory, &source);
        if let Some(cookies) = &mut self.cookies {
            cookies.observe(snapshot, &self.environment, (&self.front, &self.minutes), (change, now));
        }
        let verdict = self.judged(snapshot);
        if verdict.kind != VerdictKind::Worse {
            self.worse_since = None;
        } else if self.worse_since.is_none() {
            self.worse_since = Some(snapshot.moment);
            self.harmed = true;
        }
        let is_news = !verdict.says(&self.verdict);
        self.verdict = verdict;
        is_news
    }

    /// An update of options is over when the environment is Ready again.
    fn see_update(&mut self, snapshot: &Snapshot) {
        let read = snapshot.reads.read_at(&Source::Environments(self.environment.scope)).filter(|at| *at > self.at);
        let (None, Some(read)) = (self.landed, read) else { return };
        let Some(environment) = snapshot.inventory.environments.get(&self.environment) else { return };
        let is_ready = environment.status == EnvironmentStatus::Ready;
        self.begun |= !is_ready;
        if is_ready && (self.begun || read.since(self.at) >= UNSEEN) {
            self.landed = Some(read);
        }
    }

    /// Until when it is watched; an update that brings it puts that off.
    #[must_use]
    pub fn until(&self) -> Moment {
        let span = self.asked.unwrap_or(self.noticing.max(LEAST));
        self.landed.map_or_else(|| self.at.plus(LONGEST_UPDATE), |landed| landed.plus(span))
    }

    /// Whether nothing more is looked at.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.verdict.is_final
    }

    /// Whether it got worse, and is.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        self.verdict.kind == VerdictKind::Worse
    }

    /// Since when it is worse, as far as we saw.
    #[must_use]
    pub fn worse_since(&self) -> Option<Moment> {
        self.worse_since
    }

    /// Returns the verdict so far.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The targets, when it was written and when they were seen last.
    #[must_use]
    pub fn targets(&self) -> Option<(TargetCounts, TargetCounts)> {
        self.hosts.sums()
    }

    fn judged(&self, snapshot: &Snapshot) -> Verdict {
        let (before, after) = self.windows(snapshot.moment);
        let compare = |after: &[Minute]| {
            let shared = self.front.shared;
            MinutesComparison { before: &before, after, done: JudgedChange::Change, shared, out_of_service: 0.0 }
                .reasons()
        };
        let is_worse = |reasons: &[VerdictReason]| reasons.iter().any(|reason| reason.leaning == Leaning::Worse);
        let mut figures = compare(&after);
        if !is_worse(&figures) {
            let newest = compare(&after[after.len().saturating_sub(RECENT)..]);
            figures = if is_worse(&newest) { newest } else { figures };
        }
        let mut reasons: Vec<_> = self.hosts.reason().into_iter().chain(figures).collect();
        reasons.extend(self.cookies.iter().flat_map(Cookies::reasons));
        reasons.extend(self.missing(snapshot));
        reasons.sort_by_key(|reason| (rank(reason.leaning), reason.signal));
        let (kind, early) = weigh(&reasons);
        let lingers = if kind == VerdictKind::Worse { LINGERS } else { Duration::ZERO };
        let is_final = snapshot.moment >= self.until().plus(lingers);
        let (before, after) = (Figures::of(before.iter()), Figures::of(after.iter()));
        Verdict { kind, early, is_final, reasons, before, after }
    }

    /// The whole minutes before the change, and those since it is live.
    fn windows(&self, now: Moment) -> (Vec<Minute>, Vec<Minute>) {
        let change = number(self.at);
        let before = self.minutes.between(change - BASELINE, change).copied().collect();
        let Some(landed) = self.landed else { return (before, Vec::new()) };
        let after = self.minutes.between(next_number(landed), number(now) + 1);
        // A minute that is not published yet does not count; one that stays empty had no requests.
        let counts = |minute: &&Minute| minute.requests.is_some() || now.since(minute.at) >= LATE + MINUTE;
        (before, after.filter(counts).copied().collect())
    }

    /// Returns a reason for each source that could not be read.
    fn missing(&self, snapshot: &Snapshot) -> Vec<VerdictReason> {
        let unread = |source: Source| {
            let fault = snapshot.reads.fault(&source)?;
            Some(VerdictReason::new(
                RuleSignal::Evidence,
                Leaning::Note,
                format!("not everything can be read: {}", fault.sentence()),
            ))
        };
        self.sources().into_iter().filter_map(unread).collect()
    }

    /// Returns its state in one line.
    #[must_use]
    pub fn words(&self, now: Moment) -> String {
        let (name, what) = (&self.name, &self.what);
        let ago = span_words(now.since(self.at));
        let line = match (self.is_worse(), self.is_over(), self.landed) {
            (true, ..) => format!("{name} is WORSE since {what} changed {ago} ago: {}", self.harm()),
            (false, true, None) => {
                format!("{name}: what the change of {what} does is not known, for the update took too long")
            }
            (false, true, Some(_)) if self.harmed => {
                format!("{name}: well again, {ago} after {what} changed{}", self.healthy())
            }
            (false, true, Some(landed)) => {
                let span = span_words(self.until().since(landed));
                format!("{name}: nothing got worse within {span} of the change of {what}{}", self.healthy())
            }
            (false, false, None) => format!("{name}: Beanstalk brings the change of {what}; what it does is watched"),
            (false, false, Some(_)) => {
                let left = span_words(self.until().since(now));
                let far = if self.harmed { "any more" } else { "so far" };
                let healthy = self.healthy();
                format!("{name}: {what} changed {ago} ago; nothing is worse {far}{healthy}; watched for {left} more")
            }
        };
        clean(&line).into_owned()
    }

    /// Why it is worse, with the numbers.
    #[must_use]
    pub fn harm(&self) -> String {
        let worse = self.verdict.reasons.iter().filter(|reason| reason.leaning == Leaning::Worse);
        worse.map(|reason| reason.words.as_str()).collect::<Vec<_>>().join("; ")
    }

    fn healthy(&self) -> String {
        self.targets().map_or_else(String::new, |(_, now)| format!(", {}", now.summary()))
    }
}

/// Twice as long as the slowest of these groups takes to call a target unhealthy.
fn noticing(groups: &[Key<TargetGroup>], snapshot: &Snapshot) -> Duration {
    let takes = |group: &Key<TargetGroup>| {
        let check = &snapshot.inventory.target_groups.get(group)?.health_check;
        let seconds = i64::from(check.interval?) * i64::from(check.unhealthy_threshold?);
        Some(Duration::from_secs(2 * u64::try_from(seconds).unwrap_or_default()))
    };
    groups.iter().filter_map(takes).max().unwrap_or_default()
}

/// Returns the order in which reasons are shown.
fn rank(leaning: Leaning) -> u8 {
    match leaning {
        Leaning::Worse => 0,
        Leaning::Better => 1,
        Leaning::Unclear => 2,
        Leaning::Note => 3,
    }
}

/// The verdict that reasons come to, and whether it rests on early ones alone.
fn weigh(reasons: &[VerdictReason]) -> (VerdictKind, bool) {
    let of = |leaning: Leaning| reasons.iter().filter(move |reason| reason.leaning == leaning);
    match () {
        () if of(Leaning::Worse).next().is_some() => {
            (VerdictKind::Worse, of(Leaning::Worse).all(|reason| reason.early))
        }
        () if of(Leaning::Better).next().is_some() => (VerdictKind::Better, false),
        () if of(Leaning::Unclear).next().is_some() => (VerdictKind::Unclear, false),
        () => (VerdictKind::Same, false),
    }
}
