//! The targets of an environment, counted: before a change, and as they were seen last.

use std::sync::Arc;
use std::time::Duration;

use crate::deploy::rules::RuleSignal;
use crate::deploy::verdict::{Leaning, VerdictReason};
use crate::model::{
    Key, Map, Moment, Snapshot, Source, TargetCounts, TargetGroup, TargetState, counted, resource_name,
};

/// No health check notices anything sooner (interval 5 s, twice): what is seen within it was so before.
const UNNOTICED: Duration = Duration::from_secs(8);

/// The targets of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Count {
    targets: TargetCounts,
    /// The load balancer's reason for the first unhealthy target.
    why: Option<Arc<str>>,
}

/// The targets of all groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Hosts {
    before: Map<Key<TargetGroup>, Count>,
    now: Map<Key<TargetGroup>, Count>,
}

impl Hosts {
    /// Applies the newest health of these groups and when the change was made.
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

    /// The targets before and now; a group that was not seen on both sides is left out.
    pub(super) fn sums(&self) -> Option<(TargetCounts, TargetCounts)> {
        self.pairs().next()?;
        let mut sums = (TargetCounts::default(), TargetCounts::default());
        for (_, before, now) in self.pairs() {
            sums.0 += before.targets;
            sums.1 += now.targets;
        }
        Some(sums)
    }

    /// Returns the reason for or against the change: a target group with fewer healthy targets and more unhealthy ones is
    /// worse, whatever happened to the others.
    pub(super) fn reason(&self) -> Option<VerdictReason> {
        let is_worse = |before: &Count, now: &Count| {
            let (before, now) = (&before.targets, &now.targets);
            now.healthy < before.healthy && now.unhealthy > before.unhealthy
        };
        let reported = |leaning, is: &dyn Fn(&Count, &Count) -> bool| {
            let all = self.pairs().filter(|(_, before, now)| is(before, now));
            let mut words: Vec<_> = all.map(|(group, before, now)| words(group, before, now)).collect();
            words.sort();
            let early = leaning == Leaning::Worse;
            (!words.is_empty()).then(|| VerdictReason {
                early,
                ..VerdictReason::new(RuleSignal::UnhealthyTargets, leaning, words.join("; "))
            })
        };
        reported(Leaning::Worse, &is_worse).or_else(|| reported(Leaning::Better, &|before, now| is_worse(now, before)))
    }

    fn pairs(&self) -> impl Iterator<Item = (&Key<TargetGroup>, &Count, &Count)> {
        self.now.iter().filter_map(|(group, now)| Some((group, self.before.get(group)?, now)))
    }
}

fn count(snapshot: &Snapshot, group: &Key<TargetGroup>) -> Option<Count> {
    let targets = snapshot.inventory.targets.get(group)?;
    let first = targets.iter().find(|target| target.state == TargetState::Unhealthy);
    let why = first.and_then(|target| target.description.clone().or_else(|| target.reason.clone()));
    Some(Count { targets: targets.iter().collect(), why })
}

fn words(group: &Key<TargetGroup>, before: &Count, now: &Count) -> String {
    let name = resource_name(&group.id);
    let (TargetCounts { healthy, expected, .. }, then) = (now.targets, before.targets.healthy);
    let why = now.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    format!("{healthy} of {} of {name} are healthy, {then} before{why}", counted(expected, "target"))
}
