//! Whether a row shows targets that were not read recently.

use super::row::FleetRow;
use crate::model::{Moment, Snapshot, Source};
use crate::polling::Cadences;

/// Readings that are missed before a value counts as old.
const MISSED: u32 = 2;

/// Returns whether the oldest reading of a row's targets is older than two cadences.
#[must_use]
pub fn has_old_targets(row: &FleetRow, snapshot: &Snapshot, cadences: &Cadences, now: Moment) -> bool {
    let Some(link) = snapshot.link(&row.key) else { return false };
    let read_at = |group| snapshot.reads.read_at(&Source::TargetHealth(group));
    let oldest = link.groups.iter().filter_map(|group| read_at(group.key.clone())).min();
    oldest.is_some_and(|at| now.since(at) > cadences.target_health.visible * MISSED)
}
