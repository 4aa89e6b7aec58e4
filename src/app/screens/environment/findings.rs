//! The Findings tab: what the checks say, the likeliest cause first, then what they could not decide, then what is silenced.

use crate::app::list::ListState;
use crate::diagnosis::{Finding, Inputs, SilencedChecks, Undecided, WhyContext, WhyPage};

/// A row of the tab.
#[derive(Clone, Debug, PartialEq)]
pub enum FindingRow {
    /// Something that a check found.
    Found(Finding),
    /// A check that could not decide.
    Open(Undecided),
    /// Something that a silenced check found, and why it is silenced.
    Silenced(Finding, String),
}

impl FindingRow {
    /// Returns whether it is the same from one reading to the next: by its check and its subject.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Found(one), Self::Found(other)) | (Self::Silenced(one, _), Self::Silenced(other, _)) => {
                one.identity() == other.identity()
            }
            (Self::Open(one), Self::Open(other)) => one.check.id == other.check.id,
            _ => false,
        }
    }
}

/// The Findings tab's state.
#[derive(Clone, Debug, Default)]
pub struct FindingsView {
    /// The rows.
    pub rows: Vec<FindingRow>,
    /// The same as a list.
    pub list: ListState,
}

impl FindingsView {
    /// Applies the present state; the selection stays on its row.
    pub fn update(&mut self, inputs: &Inputs<'_>, silenced: &SilencedChecks<'_>) {
        let page = WhyPage::new(inputs, WhyContext { silenced: Some(silenced), ..WhyContext::default() });
        let selected = self.current().cloned();
        let found = page.findings.into_iter().map(FindingRow::Found);
        let open = page.undecided.into_iter().map(FindingRow::Open);
        let silenced = page.silenced.into_iter().map(|(finding, reason)| FindingRow::Silenced(finding, reason));
        self.rows = found.chain(open).chain(silenced).collect();
        self.list.resize(self.rows.len());
        let place = selected.and_then(|row| self.rows.iter().position(|other| other.is_same(&row)));
        self.list.select(place.unwrap_or(self.list.selected()));
    }

    /// The selected row.
    #[must_use]
    pub fn current(&self) -> Option<&FindingRow> {
        self.rows.get(self.list.selected())
    }

    /// The selected finding.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        if let Some(FindingRow::Found(finding)) = self.current() { Some(finding) } else { None }
    }
}
