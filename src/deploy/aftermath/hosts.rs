//! The targets of an environment, counted: before a change, and as they were seen last.

use std::sync::Arc;
use std::time::Duration;

use crate::deploy::rules::Signal;
use crate::deploy::verdict::{Leaning, Reason};
use crate::model::{Key, Map, Moment, Snapshot, Source, TargetGroup, TargetState, counted, resource_name};

/// No health check notices anything sooner (interval 5 s, twice): what is seen within it was so before.
const UNNOTICED: Duration = Duration::from_secs(8);

/// The targets of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Count {
    healthy: usize,
    unhealthy: usize,
    total: usize,
    /// What the load balancer says of the first that is unhealthy.
    why: Option<Arc<str>>,
}

/// The targets of all groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Hosts {
    before: Map<Key<TargetGroup>, Count>,
    now: Map<Key<TargetGroup>, Count>,
}

impl Hosts {
    /// Takes in the newest look at these groups, given when the change was made.
    pub(super) fn observe(&mut self, snapshot: &Snapshot, groups: &[Key<TargetGroup>], changed: Moment) {
        for group in groups {
            let Some(at) = snapshot.reads.read_at(&Source::TargetHealth(group.clone())) else { continue };
            let Some(count) = count(snapshot, group) else { continue };
            if at <= changed.plus(UNNOTICED) {
                self.before.entry(group.clone()).or_insert_with(|| count.clone());
            }
            if at > changed {
                self.now.insert(group.clone(), count);
            }
        }
    }

    /// How many are healthy, and how many there are, before and now; a group that was not seen on both sides is left out.
    pub(super) fn sums(&self) -> Option<((usize, usize), (usize, usize))> {
        let pairs = || self.pairs().map(|(_, before, now)| (before, now));
        pairs().next()?;
        let add = |(healthy, total), count: &Count| (healthy + count.healthy, total + count.total);
        Some(pairs().fold(((0, 0), (0, 0)), |(before, now), (then, count)| (add(before, then), add(now, count))))
    }

    /// What speaks for or against the change: a target group that has fewer healthy targets and more unhealthy ones is
    /// worse, whatever became of the others.
    pub(super) fn reason(&self) -> Option<Reason> {
        let is_worse = |before: &Count, now: &Count| now.healthy < before.healthy && now.unhealthy > before.unhealthy;
        let told = |leaning, is: &dyn Fn(&Count, &Count) -> bool| {
            let all = self.pairs().filter(|(_, before, now)| is(before, now));
            let mut words: Vec<_> = all.map(|(group, before, now)| words(group, before, now)).collect();
            words.sort();
            let early = leaning == Leaning::Worse;
            (!words.is_empty())
                .then(|| Reason { early, ..Reason::new(Signal::UnhealthyTargets, leaning, words.join("; ")) })
        };
        told(Leaning::Worse, &is_worse).or_else(|| told(Leaning::Better, &|before, now| is_worse(now, before)))
    }

    fn pairs(&self) -> impl Iterator<Item = (&Key<TargetGroup>, &Count, &Count)> {
        self.now.iter().filter_map(|(group, now)| Some((group, self.before.get(group)?, now)))
    }
}

fn count(snapshot: &Snapshot, group: &Key<TargetGroup>) -> Option<Count> {
    let targets = snapshot.inventory.targets.get(group)?;
    let is = |state: TargetState| targets.iter().filter(move |target| target.state == state);
    let first = is(TargetState::Unhealthy).next();
    Some(Count {
        healthy: is(TargetState::Healthy).count(),
        unhealthy: is(TargetState::Unhealthy).count(),
        total: targets.len(),
        why: first.and_then(|target| target.description.clone().or_else(|| target.reason.clone())),
    })
}

fn words(group: &Key<TargetGroup>, before: &Count, now: &Count) -> String {
    let name = resource_name(&group.id);
    let (healthy, total, then) = (now.healthy, now.total, before.healthy);
    let why = now.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    format!("{healthy} of {} of {name} are healthy, {then} before{why}", counted(total, "target"))
}
