//! Our own changes of an environment, as the log on this machine has them.

use std::sync::Arc;

use crate::aws::Session;
use crate::cli::output;
use crate::cli::settings::Settings;
use crate::diagnosis::JournalChange;
use crate::model::{Environment, Moment};
use crate::write::Entry;

/// Returns the changes of this environment that may have changed something; none if there is no log.
pub fn journal(environment: &Environment, session: Option<&Session>) -> Vec<JournalChange> {
    let Ok(log) = Settings::audit_log() else { return Vec::new() };
    let history = match log.read() {
        Ok(history) => history,
        Err(error) => {
            let path = log.path().display();
            output::remark(&format!("beanpole: {path}: {error}; changes made from this machine are not known"));
            return Vec::new();
        }
    };
    let region = session.and_then(|session| session.region.as_deref());
    let endpoint = session.and_then(|session| session.endpoint.as_deref());
    // The account is not asked for: an environment's id is in one only.
    let is_here = |entry: &&Entry| {
        *entry.environment_id == *environment.key.id
            && entry.region.as_deref() == region
            && entry.endpoint.as_deref() == endpoint
    };
    let is_written = |entry: &&Entry| !matches!(entry.outcome.as_deref(), Some("unchanged" | "conflict" | "refused"));
    history.entries.iter().filter(is_here).filter(is_written).map(change).collect()
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
        by: entry.caller.as_deref().map(Arc::from),
        what: format!("{}{gap}{}{outcome}", entry.kind, changes.join(", ")),
        request_ids: entry.request_ids.iter().map(|id| Arc::from(id.as_str())).collect(),
    }
}
