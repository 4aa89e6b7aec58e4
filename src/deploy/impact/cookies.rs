//! The impact of a change of stickiness: requests without a stickiness cookie, and how even the instances' shares are.

use std::sync::Arc;

use crate::deploy::judge::Bounds;
use crate::deploy::minutes::{BASELINE, MINUTE, Minute, Minutes, begin};
use crate::deploy::rules::{LEAST_REQUESTS, RuleSignal, rule};
use crate::deploy::statistics::{Tally, percent};
use crate::deploy::verdict::{Leaning, VerdictReason};
use crate::deploy::watch::WatchedFront;
use crate::model::{
    Environment, Inventory, Key, Map, Measured, Metric, Moment, SeriesKey, Snapshot, Source, Statistic,
};

/// Over the newest minutes, so many at the most, what cookies do is looked at: a new one takes its time to get around.
const NEWEST: usize = 3;

/// The observations of cookies.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cookies {
    before: Tally,
    after: Tally,
    /// The requests of each instance since the change, as far as its slices were seen.
    requests: Map<Arc<str>, f64>,
    looked: Option<Moment>,
}

impl Cookies {
    /// Applies what was read; `change` and `until` are the numbers of the minutes of the change and of now.
    pub(super) fn observe(
        &mut self,
        snapshot: &Snapshot,
        environment: &Key<Environment>,
        (front, minutes): (&WatchedFront, &Minutes),
        (change, until): (i64, i64),
    ) {
        // On a shared load balancer they include other environments'.
        if !front.shared {
            let tally = |from, until, most| tally((&snapshot.inventory, front), minutes.between(from, until), most);
            self.before = tally(change - BASELINE, change, usize::MAX);
            self.after = tally(change + 1, until + 1, NEWEST);
        }
        self.count(snapshot, environment, begin(change));
    }

    fn count(&mut self, snapshot: &Snapshot, environment: &Key<Environment>, change: Moment) {
        let at = snapshot.reads.read_at(&Source::InstancesHealth(environment.clone())).filter(|at| *at > change);
        if at.is_none() || at == self.looked {
            return;
        }
        self.looked = at;
        for instance in snapshot.inventory.instances_health.get(environment).into_iter().flatten() {
            let requests = instance.metrics.map_or(0, |metrics| metrics.request_count);
            *self.requests.entry(Arc::clone(&instance.instance.id)).or_default() += f64::from(requests);
        }
    }

    /// Returns the reasons against the change, and remarks.
    pub(super) fn reasons(&self) -> Vec<VerdictReason> {
        self.strays().into_iter().chain(self.shares()).collect()
    }

    fn strays(&self) -> Option<VerdictReason> {
        if self.after.of < LEAST_REQUESTS || self.after.hits <= 0.0 {
            return None;
        }
        let bounds = Bounds::of(rule(RuleSignal::StrayRequests))?;
        let was_on = self.before.hits > 0.0;
        let is_worse = was_on && bounds.exceeds(self.before, self.after, 1.0);
        let before = if was_on { percent(self.before.share()) } else { "none".to_owned() };
        let words = format!(
            "no cookie led {} of the requests to a target ({:.0} of {:.0}, NonStickyRequestCount), {before} before",
            percent(self.after.share()),
            self.after.hits,
            self.after.of,
        );
        Some(VerdictReason::new(
            RuleSignal::StrayRequests,
            if is_worse { Leaning::Worse } else { Leaning::Note },
            words,
        ))
    }

    fn shares(&self) -> Option<VerdictReason> {
        let sum: f64 = self.requests.values().fold(0.0, |sum, it| sum + it);
        let (busiest, most) = self.requests.iter().max_by(|one, other| one.1.total_cmp(other.1))?;
        let count = self.requests.len() as f64;
        if sum < LEAST_REQUESTS || count < 2.0 {
            return None;
        }
        let (even, busy) = (Tally { hits: sum / count, of: sum }, Tally { hits: *most, of: sum });
        let is_worse = Bounds::of(rule(RuleSignal::Shares))?.exceeds(even, busy, 1.0);
        let (now, fair) = (percent(busy.share()), percent(even.share()));
        let words = format!("the busiest instance, {busiest}, gets {now} of the requests; {fair} would be even");
        let leaning = if is_worse { Leaning::Worse } else { Leaning::Note };
        Some(VerdictReason { early: is_worse, ..VerdictReason::new(RuleSignal::Shares, leaning, words) })
    }
}

/// Counts the stray requests, of all requests, in the newest of these minutes. Without stickiness none are published; with
/// it, a missing value has not come yet. Minutes whose requests are not published do not count: the share is unknown.
fn tally<'a>(
    (inventory, front): (&Inventory, &WatchedFront),
    minutes: impl DoubleEndedIterator<Item = &'a Minute>,
    most: usize,
) -> Tally {
    let of = Measured { load_balancer: front.load_balancer.clone(), target_group: None, zone: None };
    let key = SeriesKey { metric: Metric::NonStickyRequests, statistic: Statistic::Sum, of };
    let Some(series) = inventory.metrics.get(&key, MINUTE.as_secs() as u32) else { return Tally::default() };
    let published = minutes.rev().filter(|minute| minute.requests.is_some());
    let tallies = published.filter_map(|minute| Some(minute.of_requests(series.at(minute.at)?)));
    tallies.take(most).fold(Tally::default(), Tally::plus)
}
