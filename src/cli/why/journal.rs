//! Our own changes of an environment, as the log on this machine has them.

use crate::aws::Session;
use crate::cli::output;
use crate::cli::settings::Settings;
use crate::diagnosis::JournalChange;
use crate::model::Environment;
use crate::runtime::journal_changes;
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
    let is_here = |entry: &Entry| entry.region.as_deref() == region && entry.endpoint.as_deref() == endpoint;
    journal_changes(&history, &environment.key.id, is_here)
}
