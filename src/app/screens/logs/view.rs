//! The screen of the logs: which instance is looked at, where, and what is searched for.

use std::sync::Arc;

use tui_input::{Input, InputRequest};

use super::page::LogPage;
use super::sample::Sample;
use crate::app::hit_map::Area;
use crate::app::list::ListState;
use crate::model::{Environment, Key, LogTail, Moment, Source};

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The text.
    pub words: String,
    /// The field, while they are typed.
    pub typing: Option<Input>,
    /// The match that is gone to.
    pub at: Option<usize>,
    /// Words and row when the field was opened, to go back to.
    before: (String, usize),
}

/// The state of the screen.
#[derive(Clone, Debug)]
pub struct LogView {
    /// Of which environment.
    pub key: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// The instance that comes first.
    pub first: Option<Arc<str>>,
    /// The instance that is looked at, once there is one.
    pub instance: Option<Arc<str>>,
    /// Its log; nothing while there is none.
    pub page: LogPage,
    /// Its rows.
    pub rows: ListState,
    /// What is searched for.
    pub search: Search,
    /// Since when the request is waiting to be sent, if it is.
    pub(super) wants: Option<Moment>,
    width: usize,
}

impl LogView {
    /// A screen for this environment; the selected target's instance first.
    #[must_use]
    pub fn new(key: Key<Environment>, name: Arc<str>, first: Option<Arc<str>>) -> Self {
        Self {
            key,
            name,
            instance: first.clone(),
            first,
            page: LogPage::default(),
            rows: ListState::default(),
            search: Search::default(),
            wants: None,
            width: 80,
        }
    }

    /// Returns the source that shows which instances should answer.
    #[must_use]
    pub fn source(&self) -> Source {
        Source::Resources(self.key.clone())
    }

    /// The instance that is looked at: until one is chosen, the first that has answered.
    #[must_use]
    pub fn shown<'a>(&self, sample: &'a Sample) -> Option<&'a Arc<str>> {
        let all = sample.instances(self.first.as_deref());
        let chosen = all.iter().find(|it| self.instance.as_ref() == Some(**it));
        chosen.or_else(|| all.iter().find(|it| sample.tails.read.contains_key(**it))).or(all.first()).copied()
    }

    /// The log that is looked at.
    #[must_use]
    pub fn tail<'a>(&self, sample: &'a Sample) -> Option<&'a LogTail> {
        sample.tails.read.get(self.shown(sample)?)
    }

    /// Shows what has arrived.
    pub(super) fn show(&mut self, sample: Option<&Sample>) {
        let Some(tail) = sample.and_then(|sample| self.tail(sample)) else {
            self.page = LogPage::default();
            self.rows.resize(0);
            return;
        };
        // The screen does not go to another instance by itself.
        if self.instance.replace(Arc::clone(&tail.instance)).is_none() && self.first.is_none() {
            self.first = Some(Arc::clone(&tail.instance));
        }
        if self.page.is_of(&tail.text) {
            return;
        }
        let was_at_end =
            !self.page.rows.is_empty() && self.rows.scroll() > 0 && self.rows.scroll() >= self.rows.lowest();
        self.page = LogPage::new(Arc::clone(&tail.text), self.width);
        self.page.search(&self.search.words);
        self.search.at = None;
        self.rows.resize(self.page.rows.len());
        self.rows.scroll_to(if was_at_end { self.rows.lowest() } else { self.rows.scroll() });
    }

    /// Applies the available area; the row at the top stays there.
    pub fn fit_area(&mut self, area: Area) {
        let top = self.page.byte_of(self.rows.scroll());
        self.width = usize::from(area.width);
        self.page.lay_out(self.width);
        self.rows.resize(self.page.rows.len());
        self.rows.fit(usize::from(area.height));
        self.rows.scroll_to(self.page.row_at(top));
    }

    /// To the next instance, or the one before.
    pub(super) fn turn(&mut self, sample: &Sample, forward: bool) {
        let all = sample.instances(self.first.as_deref());
        let Some(place) = self.shown(sample).and_then(|shown| all.iter().position(|it| *it == shown)) else { return };
        let next = (place + if forward { 1 } else { all.len() - 1 }) % all.len();
        if next != place {
            self.instance = Some(Arc::clone(all[next]));
            self.page = LogPage::default();
            self.rows.scroll_to(0);
            self.show(Some(sample));
            self.go_to(self.page.match_from(0));
        }
    }

    /// Opens the field.
    pub fn begin_search(&mut self) {
        self.search.before = (std::mem::take(&mut self.search.words), self.rows.scroll());
        self.search.typing = Some(Input::default());
        self.find();
    }

    /// Something is typed into the field.
    pub fn type_search(&mut self, request: InputRequest) {
        if let Some(input) = &mut self.search.typing {
            input.handle(request);
            input.value().clone_into(&mut self.search.words);
            self.find();
        }
    }

    /// Closes the field; `keep` keeps what was typed, else all is as it was before.
    pub fn end_search(&mut self, keep: bool) {
        if self.search.typing.take().is_some() && !keep {
            let (words, scroll) = std::mem::take(&mut self.search.before);
            self.search.words = words;
            self.find();
            self.rows.scroll_to(scroll);
        }
    }

    /// Searches, and goes to the first match from where the search began.
    fn find(&mut self) {
        self.page.search(&self.search.words);
        let origin = self.search.before.1;
        self.rows.scroll_to(origin);
        self.go_to(self.page.match_from(origin));
    }

    /// To the next match, or the one before: from the one that was gone to, or from what is on screen if it is not.
    pub fn next_match(&mut self, forward: bool) {
        let count = self.page.matches.len();
        if count == 0 {
            return;
        }
        let at = self.search.at.filter(|at| self.rows.shows(self.page.row_of(*at)));
        let here = || self.page.match_from(self.rows.scroll()).unwrap_or(0);
        self.go_to(Some(match (at, forward) {
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
            (None, true) => here(),
            (None, false) => (here() + count - 1) % count,
        }));
    }

    fn go_to(&mut self, found: Option<usize>) {
        self.search.at = found;
        let Some(row) = found.map(|found| self.page.row_of(found)) else { return };
        if !self.rows.shows(row) {
            self.rows.scroll_to(row.saturating_sub(self.rows.height() / 3));
        }
    }
}
