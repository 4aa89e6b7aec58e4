//! The picker of a profile or a region: what is shown is switched to it without a restart.

mod acting;

use std::sync::Arc;

use tui_input::Input;

use crate::app::filter::Filter;
use crate::app::list::ListState;

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopePart {
    /// A profile of the shared configuration; the region is then the profile's.
    Profile,
    /// A region, with the same credentials.
    Region,
}

/// One of the two is picked.
#[derive(Clone, Debug)]
pub struct ScopePicker {
    /// Which.
    pub part: ScopePart,
    /// The names to choose among; `None` while they are read.
    pub names: Option<Vec<Arc<str>>>,
    /// What is typed.
    pub input: Input,
    /// Those shown.
    pub rows: ListState,
}

impl ScopePicker {
    /// A picker among these.
    #[must_use]
    pub fn new(part: ScopePart, names: Option<Vec<Arc<str>>>) -> Self {
        Self { part, names, input: Input::default(), rows: ListState::default() }
    }

    /// The names that match; a region that is typed whole, for there may be newer ones than this program knows.
    #[must_use]
    pub fn shown(&self) -> Vec<Arc<str>> {
        let mut filter = Filter::words(self.input.value());
        let mut shown: Vec<_> = self.names.iter().flatten().filter(|name| filter.finds(name)).cloned().collect();
        let typed = self.input.value();
        let is_region = typed.split('-').count() >= 3 && typed.ends_with(|character: char| character.is_ascii_digit());
        if self.part == ScopePart::Region && shown.is_empty() && is_region {
            shown.push(typed.into());
        }
        shown
    }
}
