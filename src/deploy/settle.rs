//! From what a watch has seen to its verdict: what decides by itself, what the figures show, and when it is final.
//!
//! Until the last batch is done the minutes with any of the new version count, and the newest of them by themselves, so
//! that a bad second batch is not diluted by a good first one. Afterwards only minutes in which nothing but the new
//! version ran.

use std::time::Duration;

use super::failures::{self, Failures};
use super::figures::Figures;
use super::judge::{JudgedChange, MinutesComparison};
use super::minutes::{BASELINE, LATE, MOST_SHARED_GROUPS, Minute, begin, next_number, number};
use super::phase::UpdateKind;
use super::policy::Policy;
use super::rules::RuleSignal;
use super::verdict::{Leaning, Verdict, VerdictKind, VerdictReason};
use super::watch::Watch;
use crate::model::{
    Balancer, EnvironmentStatus, FaultKind, Key, Measure, Moment, Snapshot, Source, TargetGroup, counted, span_words,
};

/// The newest minutes that are judged by themselves too.
const RECENT: usize = 3;
/// If figures do not come, they are not waited for any longer than this.
const GRACE: Duration = Duration::from_mins(3);
/// A state of the listing after the end must last this long: a single one may be a moment old.
const LASTS: Duration = Duration::from_secs(25);

impl Watch {
    /// When the verdict will be final, once the last batch is done.
    #[must_use]
    pub fn final_at(&self) -> Option<Moment> {
        let ended = self.ended()?;
        // A caller that does not wait gets what is known at the end.
        let served = if self.settle.is_zero() { ended } else { begin(next_number(self.served(ended))) };
        let after = served.plus(self.settle);
        let next = self.next().map(|next| next.plus(LATE));
        Some(next.map_or(after, |next| next.min(after)).max(ended))
    }

    /// Returns when another update began after this one; their figures cannot be separated.
    #[must_use]
    pub fn next(&self) -> Option<Moment> {
        self.course.next.or(self.status.updated_again)
    }

    /// What is to be thought of the update now.
    pub(super) fn judged(&self, snapshot: &Snapshot) -> Verdict {
        let (before, after, recent) = self.windows(snapshot.moment);
        let verdict = |kind, early, is_final, mut reasons: Vec<VerdictReason>, after: &[Minute]| {
            reasons.sort_by_key(rank);
            let (before, after) = (Figures::of(before.iter()), Figures::of(after.iter()));
            Verdict { kind, early, is_final, reasons, before, after }
        };
        let mut missing = self.missing(snapshot);
        let failures = self.failures();
        missing.extend(failures.notes.iter().cloned().map(note));
        let health = self.ended().and_then(|_| self.health_note(snapshot));
        missing.extend(health.map(|words| VerdictReason { at: self.course.health_since, ..note(words) }));
        if let Some((kind, reasons)) = self.decided(&failures) {
            let is_final = self.ended().is_some() || kind == VerdictKind::Timeout;
            return verdict(kind, false, is_final, reasons.into_iter().chain(missing).collect(), &after);
        }
        let is_final = self.is_settled(snapshot);
        let (after, reasons) = self.compared(&before, after, &recent, is_final.then_some(snapshot.moment));
        let early = self.early.reasons(snapshot.moment);
        let has_figures = self.has_figures(snapshot);
        let has_early = early.iter().any(|it| it.leaning == Leaning::Worse);
        let (kind, is_early) = weigh(&reasons, has_early, is_final && has_figures);
        let counts = |it: &VerdictReason| kind == VerdictKind::Worse || it.leaning != Leaning::Worse;
        let early = early.into_iter().map(|it| if counts(&it) { it } else { unconfirmed(it) });
        let notes = self.notes(&after, is_final);
        let reasons = reasons.into_iter().chain(early).chain(missing).chain(notes).collect();
        verdict(kind, is_early, is_final, reasons, &after)
    }

    /// Returns the verdict that is decided whatever the figures are.
    fn decided(&self, failures: &Failures) -> Option<(VerdictKind, Vec<VerdictReason>)> {
        let against = |words: String| VerdictReason::new(RuleSignal::Outcome, Leaning::Worse, words);
        let mut reasons: Vec<_> = failures.against.iter().cloned().map(against).collect();
        if let Some(aborted) = self.aborted() {
            let words = format!("it was aborted {} after it began", span_words(aborted.since(self.started())));
            reasons.insert(0, against(words));
            reasons.extend(self.versions.mixture().map(|mixture| against(format!("several versions run: {mixture}"))));
            return Some((VerdictKind::Aborted, reasons));
        }
        if self.status.gone.is_some() {
            reasons.push(against("the environment was terminated while it was watched".to_owned()));
        }
        reasons.extend(self.wrong_version().map(against));
        if !reasons.is_empty() {
            return Some((VerdictKind::Failed, reasons));
        }
        self.status.timed_out.then(|| {
            let words =
                if self.ended().is_some() { "its figures did not come in time" } else { "it did not end in time" };
            (VerdictKind::Timeout, vec![against(words.to_owned())])
        })
    }

    /// Returns when an abort was requested. "Stopped half way" is recorded for a failed deployment too.
    fn aborted(&self) -> Option<Moment> {
        let failed = self.course.flaws.first().map(|flaw| flaw.at);
        let asked = self.course.aborting.into_iter().chain(self.status.aborting).min();
        let reported = self.course.aborted.filter(|_| failed.is_none());
        asked.filter(|asked| failed.is_none_or(|failed| *asked <= failed)).or(reported)
    }

    /// Another version than the requested one, or several, for as long as a listing may be old.
    fn wrong_version(&self) -> Option<String> {
        self.ended()?;
        if let Some((since, last)) = self.status.strays
            && last.since(since) >= failures::LASTS
            && self.next().is_none()
        {
            let versions = &self.versions;
            let left: Vec<_> =
                versions.left_behind().map(|it| format!("{} keeps {}", it.instance, it.words())).collect();
            let named = match left.as_slice() {
                [] => String::new(),
                few if few.len() <= 3 => format!(" ({})", few.join(", ")),
                [first, others @ ..] => format!(" ({first}, and {} more)", others.len()),
            };
            return Some(match (versions.mixture(), &versions.requested) {
                (Some(mixture), _) => format!("several versions run: {mixture}{named}"),
                (None, Some(requested)) if versions.is_partly_redeployed() => {
                    format!("some instances were left behind when {requested} was deployed again{named}")
                }
                (None, Some(requested)) => {
                    let running = versions.instances.iter().find_map(|it| it.version.as_deref()).unwrap_or("another");
                    format!("{running} runs, {requested} was asked for")
                }
                (None, None) => "another version runs".to_owned(),
            });
        }
        let requested = self.versions.requested.as_ref()?;
        let label = self.environment.version.as_ref().filter(|label| *label != requested)?;
        let lasts =
            self.status.ready.zip(self.status.ready_again).is_some_and(|(one, other)| other.since(one) >= LASTS);
        let is_ready = self.environment.status == EnvironmentStatus::Ready;
        (is_ready && lasts && self.next().is_none()).then(|| format!("{label} runs, {requested} was asked for"))
    }

    /// The minutes before, those with the new version, and the newest of them.
    fn windows(&self, now: Moment) -> (Vec<Minute>, Vec<Minute>, Vec<Minute>) {
        let start = number(self.started());
        let before = self.minutes.between(start - BASELINE, start).copied().collect();
        let until = self.next().map_or(number(now) + 1, number);
        let is_settled = self.ended().is_some() && self.final_at().is_some_and(|at| now >= at);
        let Some(from) = self.first_after(is_settled) else { return (before, Vec::new(), Vec::new()) };
        let mut after: Vec<_> = self.minutes.between(from, until).copied().collect();
        // A minute that is not published yet does not count; one that stays empty had no requests.
        let is_due = |minute: &Minute| now.since(minute.at) >= LATE + Duration::from_mins(1);
        after.retain(|minute| minute.requests.is_some() || is_due(minute));
        if is_settled {
            // What happened nearest to the update, however late it is looked at.
            after.retain(is_due);
            after.truncate(BASELINE as usize);
            return (before, after, Vec::new());
        }
        after.drain(..after.len().saturating_sub(BASELINE as usize));
        let recent = after[after.len().saturating_sub(RECENT)..].to_vec();
        (before, after, recent)
    }

    /// Returns the first minute that contains the new version.
    fn first_after(&self, is_settled: bool) -> Option<i64> {
        if self.removes().is_some() {
            // Until its end the version that it removes takes requests too, and its errors are not the rollback's.
            return self.ended().map(|ended| next_number(self.served(ended)));
        }
        let serving = self.course.serving.into_iter().chain(self.status.updated).min();
        match self.ended() {
            // Minutes with anything else in them no longer count, once there are others.
            Some(ended) => {
                let after = next_number(self.served(ended));
                let has_come = self.minutes.between(after, i64::MAX).any(|minute| minute.requests.is_some());
                let is_last = is_settled && !self.settle.is_zero();
                if has_come || is_last || serving.is_none() {
                    Some(after)
                } else {
                    serving.map(|at| self.first_serving(at))
                }
            }
            None => serving.map(|at| self.first_serving(at)),
        }
    }

    /// Returns the first minute to compare: where everything restarts at once, the restart's own minute counts.
    fn first_serving(&self, serving: Moment) -> i64 {
        let at_once = self.rollout.is_none_or(|rollout| rollout.policy == Policy::AllAtOnce);
        if at_once { next_number(serving) } else { number(serving) }
    }

    /// Returns when the last batch was done. While only the status shows the end, its last events may be still to come.
    fn served(&self, ended: Moment) -> Moment {
        let reported = self.course.ended.and(self.course.served);
        reported.unwrap_or(ended).min(ended.max(self.started()))
    }

    /// Returns the minutes that count, and their verdict. Bad minutes at the end count by themselves; and if there is too
    /// little after the last batch (`settled`: when that is), the minutes before it may still show that it is worse.
    fn compared(
        &self,
        before: &[Minute],
        after: Vec<Minute>,
        recent: &[Minute],
        settled: Option<Moment>,
    ) -> (Vec<Minute>, Vec<VerdictReason>) {
        if self.first_after(settled.is_some()).is_none() {
            let words = match self.done() {
                JudgedChange::Update => match self.removes() {
                    Some(removed) => format!("{removed} still takes requests until the rollback has ended"),
                    None => "the new version takes no requests yet".to_owned(),
                },
                _ => "nothing takes requests with the new settings yet".to_owned(),
            };
            return (after, vec![VerdictReason::new(RuleSignal::Evidence, Leaning::Unclear, words)]);
        }
        let (shared, out_of_service, done) = (self.is_shared(), self.out_of_service(), self.done());
        let compare = |after: &[Minute]| MinutesComparison { before, after, done, shared, out_of_service }.reasons();
        let has = |reasons: &[VerdictReason], leaning| reasons.iter().any(|it| it.leaning == leaning);
        let is_worse = |reasons: &[VerdictReason]| has(reasons, Leaning::Worse) && !has(reasons, Leaning::Unclear);
        let reasons = compare(&after);
        let newest = if settled.is_none() && !is_worse(&reasons) { compare(recent) } else { Vec::new() };
        if is_worse(&newest) {
            return (after, newest);
        }
        let may_widen = has(&reasons, Leaning::Unclear) && self.removes().is_none();
        if let Some(now) = settled.filter(|_| may_widen) {
            let wide = self.since_serving(now);
            let all = compare(&wide);
            if is_worse(&all) {
                return (wide, all);
            }
        }
        (after, reasons)
    }

    /// What the update brings.
    fn done(&self) -> JudgedChange {
        if matches!(self.kind(), UpdateKind::Settings | UpdateKind::Platform) {
            JudgedChange::Settings
        } else {
            JudgedChange::Update
        }
    }

    /// The last minutes with any of the new version.
    fn since_serving(&self, now: Moment) -> Vec<Minute> {
        let Some(serving) = self.course.serving.into_iter().chain(self.status.updated).min() else { return Vec::new() };
        let until = self.next().map_or(number(now) + 1, number);
        let mut minutes: Vec<_> = self.minutes.between(self.first_serving(serving), until).copied().collect();
        minutes.drain(..minutes.len().saturating_sub(BASELINE as usize));
        minutes
    }

    /// How many targets may be out of service without anything being wrong.
    fn out_of_service(&self) -> f64 {
        match (self.ended(), self.rollout) {
            (None, Some(rollout)) => f64::from(rollout.out_of_service(self.instances())),
            (None, None) => f64::from(self.instances()),
            (Some(_), _) => 0.0,
        }
    }

    /// Whether the load balancer's figures can be had; what keeps them away for a moment does not count.
    fn has_figures(&self, snapshot: &Snapshot) -> bool {
        let source = Source::Metrics(self.environment.key.clone(), Measure::Deploy);
        let is_lasting = |kind| matches!(kind, FaultKind::Denied | FaultKind::Invalid | FaultKind::NotFound);
        self.front.is_some() && !snapshot.reads.fault(&source).is_some_and(|fault| is_lasting(fault.kind))
    }

    /// Whether nothing that is still to come would change the verdict.
    fn is_settled(&self, snapshot: &Snapshot) -> bool {
        let Some(at) = self.final_at().filter(|at| snapshot.moment >= *at) else { return false };
        let events = Source::Events(self.environment.key.scope);
        if snapshot.reads.fault(&events).is_none() && snapshot.reads.read_at(&events) <= self.ended() {
            // The last events may show what went wrong.
            return false;
        }
        let source = Source::Metrics(self.environment.key.clone(), Measure::Deploy);
        let read = snapshot.reads.read_at(&source);
        let has_come = read.is_some_and(|read| read >= at) && self.minutes.covers(number(at.minus(LATE)) - 1);
        has_come || self.settle.is_zero() || !self.has_figures(snapshot) || snapshot.moment.since(at) >= GRACE
    }

    /// Returns a reason for each source that could not be read.
    fn missing(&self, snapshot: &Snapshot) -> Vec<VerdictReason> {
        let key = &self.environment.key;
        let mut sources = vec![
            (Source::Events(key.scope), "phases and failures are known from the status alone"),
            (Source::InstancesHealth(key.clone()), "which version runs where is not known, and no early signal"),
            (Source::Metrics(key.clone(), Measure::Deploy), "no figures to judge by"),
        ];
        let groups: &[Key<TargetGroup>] = self.front.as_ref().map_or(&[], |front| &front.groups);
        sources.extend(groups.iter().map(|it| (Source::TargetHealth(it.clone()), "no targets to look at")));
        let faults = sources.into_iter().filter_map(|(source, so)| Some((snapshot.reads.fault(&source)?, so)));
        let mut reasons: Vec<_> = faults.map(|(fault, so)| note(format!("{so}: {}", fault.sentence()))).collect();
        let link = snapshot.topology.link(key).filter(|link| link.balancer != Balancer::Unknown);
        if self.front.is_none() && (link.is_some() || self.ended().is_some()) {
            reasons.push(note("no Application Load Balancer is known whose metrics could show it".to_owned()));
        }
        if !self.environment.has_enhanced_health() && self.status.instances_looked.is_none() {
            reasons.push(note("basic health: the instances give no early signal".to_owned()));
        }
        reasons
    }

    /// What is worth knowing, and counts for nothing.
    fn notes(&self, after: &[Minute], is_final: bool) -> Vec<VerdictReason> {
        let mut notes = Vec::new();
        let elb = Figures::of(after.iter()).elb_5xx;
        if self.is_shared() && elb > 0.0 {
            let answers = counted(format!("{elb:.0}"), "answer");
            let words = format!("the shared load balancer itself gave {answers} 5xx; whose they are is unknown");
            notes.push(VerdictReason::new(RuleSignal::ElbErrors, Leaning::Note, words));
        }
        let groups = self.front.as_ref().map_or(0, |front| front.groups.len());
        if self.is_shared() && groups > MOST_SHARED_GROUPS {
            notes.push(note(format!("judged by {MOST_SHARED_GROUPS} of its {groups} target groups")));
        }
        if let Some(next) = self.next() {
            let words = format!(
                "another update began {} after this one: what comes after is not judged",
                span_words(next.since(self.started()))
            );
            notes.push(note(words));
        }
        if is_final {
            notes.extend(self.meanwhile());
        }
        notes
    }

    /// The errors while the update was under way, which are expected for seconds if all instances restart at once.
    fn meanwhile(&self) -> Option<VerdictReason> {
        let until = next_number(self.served(self.ended()?));
        let during = Figures::of(self.minutes.between(number(self.started()), until));
        let elb = if self.is_shared() { 0.0 } else { during.elb_5xx };
        (during.target_5xx + elb > 0.0).then(|| {
            let words = format!(
                "during the update targets gave {} 5xx and the load balancer itself {elb:.0}, of {}",
                counted(format!("{:.0}", during.target_5xx), "answer"),
                counted(format!("{:.0}", during.requests), "request")
            );
            VerdictReason::new(RuleSignal::TargetErrors, Leaning::Note, words)
        })
    }
}

/// The verdict of these reasons. With figures at the end, what is early and was not confirmed no longer counts.
fn weigh(reasons: &[VerdictReason], has_early: bool, is_reported: bool) -> (VerdictKind, bool) {
    let any = |leaning| reasons.iter().any(|reason| reason.leaning == leaning);
    let is_unclear = any(Leaning::Unclear);
    if any(Leaning::Worse) && !is_unclear {
        return (VerdictKind::Worse, false);
    }
    match () {
        () if has_early && !is_reported => (VerdictKind::Worse, true),
        () if is_unclear => (VerdictKind::Unclear, false),
        () if any(Leaning::Better) => (VerdictKind::Better, false),
        () => (VerdictKind::Same, false),
    }
}

fn unconfirmed(mut reason: VerdictReason) -> VerdictReason {
    reason.leaning = Leaning::Note;
    reason.words.push_str(" (the figures do not confirm it)");
    reason
}

fn note(words: String) -> VerdictReason {
    VerdictReason::new(RuleSignal::Evidence, Leaning::Note, words)
}

/// Returns the order of reasons: decisive ones, those against it, those that make it unclear, those for it, and the rest.
fn rank(reason: &VerdictReason) -> (u8, bool, RuleSignal) {
    let leaning = match reason.leaning {
        Leaning::Worse => 0,
        Leaning::Unclear => 1,
        Leaning::Better => 2,
        Leaning::Note => 3,
    };
    (leaning, reason.early, reason.signal)
}
