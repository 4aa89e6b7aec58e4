//! The why page: the likeliest cause of an environment's state first, what shows it, what changed last, what acts on it.

mod acting;

use crate::app::CheckSettings;
use crate::app::list::ListState;
use crate::diagnosis::{JournalChange, WhyContext, WhyPage};
use crate::model::{Environment, Key, Reliability, Snapshot};

/// The state of the why page.
#[derive(Clone, Debug)]
pub struct WhyView {
    /// Of which environment.
    pub key: Key<Environment>,
    /// The page; `None` while the environment is not listed.
    pub page: Option<WhyPage>,
    /// What was changed from this machine; `None` while the log is read.
    pub journal: Option<Vec<JournalChange>>,
    /// Its lines.
    pub rows: ListState,
}

impl WhyView {
    /// The page of an environment.
    #[must_use]
    pub fn new(
        key: Key<Environment>,
        snapshot: &Snapshot,
        reliability: &dyn Reliability,
        checks: &CheckSettings,
    ) -> Self {
        let mut view = Self { key, page: None, journal: None, rows: ListState::default() };
        view.rebuild(snapshot, reliability, checks);
        view
    }

    /// Computes the page again from what is known. Of an environment that is listed no more the last page stays.
    pub fn rebuild(&mut self, snapshot: &Snapshot, reliability: &dyn Reliability, checks: &CheckSettings) {
        let journal = self.journal.as_deref().unwrap_or_default();
        let Some(inputs) = checks.inputs(snapshot, reliability, &self.key) else { return };
        let silenced = checks.silenced(&inputs.environment.name);
        self.page = Some(WhyPage::new(&inputs, WhyContext { journal, silenced: Some(&silenced) }));
    }
}
