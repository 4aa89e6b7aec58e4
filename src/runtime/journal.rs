//! The changes that were made from this machine, as the why page has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::change::UpdateRecord;
use crate::diagnosis::{JournalChange, OwnChange, WhyChangeKind, judged_words};
use crate::model::Moment;
use crate::write::{Entry, History};

/// Returns the changes of the environment of this id that may have changed something, of those that `is_here` accepts: of
/// this account, region and endpoint. Also the verdicts on its updates that were kept: an id is in one account only.
pub fn journal_changes(history: &History, environment: &str, is_here: impl Fn(&Entry) -> bool) -> Vec<JournalChange> {
    let is_own = |entry: &&Entry| entry.concerns(environment) && is_here(entry);
    let is_written = |entry: &&Entry| !matches!(entry.outcome.as_deref(), Some("unchanged" | "conflict" | "refused"));
    let changes = history.entries.iter().filter(is_own).filter(is_written).map(change);
    let kept = history.verdicts.iter().map(|kept| &kept.update).filter(|it| *it.environment_id == *environment);
    // Of an update that was followed twice the last verdict counts.
    let last: BTreeMap<_, _> = kept.map(|record| (record.began, record)).collect();
    changes.chain(last.into_values().map(verdict)).collect()
}

/// Returns the same with what a history says of each: its id, how it ended, and the versions of a rollback.
pub fn own_changes(history: &History, environment: &str, is_here: impl Fn(&Entry) -> bool) -> Vec<OwnChange> {
    let is_own = |entry: &&Entry| entry.concerns(environment) && is_here(entry);
    let own = |entry: &Entry| {
        let JournalChange { at, by, what, request_ids, .. } = change(entry);
        let (id, outcome) = (entry.id.as_str().into(), entry.outcome.as_deref().map(Arc::from));
        OwnChange { id, at, by, what, outcome, request_ids }
    };
    history.entries.iter().filter(is_own).map(own).collect()
}

fn verdict(record: &UpdateRecord) -> JournalChange {
    JournalChange {
        at: Moment(record.ended.unwrap_or(record.began)),
        kind: WhyChangeKind::Verdict,
        by: None,
        what: format!("verdict {}: {}", record.verdict, judged_words(record)),
        request_ids: Vec::new(),
    }
}

fn change(entry: &Entry) -> JournalChange {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let changes = entry.changes.iter().map(|it| format!("{} {} -> {}", it.key, value(&it.before), value(&it.after)));
    let changes: Vec<_> = changes.collect();
    let gap = if changes.is_empty() { "" } else { ": " };
    let outcome = match entry.outcome.as_deref() {
        Some("applied") => String::new(),
        Some(outcome) => format!(" ({outcome})"),
        None => " (not ended)".to_owned(),
    };
    JournalChange {
        at: Moment(entry.at),
        kind: WhyChangeKind::Own,
        by: entry.caller.as_deref().map(Arc::from),
        what: format!("{}{gap}{}{outcome}", entry.kind, changes.join(", ")),
        request_ids: entry.request_ids.iter().map(|id| Arc::from(id.as_str())).collect(),
    }
}
