//! The Fleet as the user has it: rows, order, filter, selection and scroll.
//!
//! The selection is an id, and when rows move the scroll moves with the selected one, so that it keeps its place on the
//! screen: nothing jumps under the cursor.

use crate::app::filter::Filter;
use crate::app::list::ListState;
use crate::model::Map;
use std::cmp::Ordering;

use unicode_width::UnicodeWidthStr;

use super::columns::{COLUMNS, Column};
use super::preview::Preview;
use super::row::FleetRow;
use crate::diagnosis::{AttentionSummary, Judgement};
use crate::model::{Environment, Key, Moment};
use crate::polling::Question;

/// A row, which of its cells changed last, and what a filter looks in.
#[derive(Clone, Debug)]
pub struct FleetLine {
    /// The environment's row.
    pub row: FleetRow,
    /// Which columns changed at `changed_at`, a bit for each in the order of the table.
    pub changed: u32,
    /// When.
    pub changed_at: Moment,
    haystack: String,
}

/// The Fleet's state.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// The columns shown, in order.
    pub columns: Vec<Column>,
    /// The column sorted by.
    pub sort: Column,
    /// Whether the order is reversed.
    pub reverse: bool,
    /// What the rows are filtered by; empty for all.
    pub filter: String,
    /// Whether only rows that need attention are shown.
    pub attention: bool,
    /// The selected environment.
    pub selected: Option<Key<Environment>>,
    /// The rows shown.
    pub rows: ListState,
    /// How many columns are scrolled away to the left.
    pub left: usize,
    /// The preview of the selected one.
    pub preview: Preview,
    slots: Map<Key<Environment>, usize>,
    lines: Vec<FleetLine>,
    order: Vec<usize>,
    widest: [usize; COLUMNS.len()],
    constant: u32,
    summary: AttentionSummary,
    computed: usize,
}

impl Fleet {
    /// Returns its questions; the options, which drift needs, wait until the region is linked. `has_preview`: there is room
    /// for the preview.
    #[must_use]
    pub fn questions(&self, is_linked: bool, has_preview: bool) -> Vec<Question> {
        let environments: Vec<_> = self.visible().map(|line| line.row.key.clone()).collect();
        let rows = Question::Rows { environments: environments.clone(), visible: true };
        let options = is_linked.then(|| Question::Options(environments.clone()));
        let figures = Question::Figures { environments, visible: true };
        let causes = self.selected.clone().map(Question::Causes);
        let preview = if has_preview { self.preview.questions() } else { Vec::new() };
        [rows].into_iter().chain(options).chain([figures]).chain(causes).chain(preview).collect()
    }

    /// An empty Fleet.
    #[must_use]
    pub fn new(columns: Vec<Column>, sort: Column, reverse: bool, preview: Preview) -> Self {
        Self {
            columns,
            sort,
            reverse,
            filter: String::new(),
            attention: false,
            selected: None,
            rows: ListState::default(),
            left: 0,
            preview,
            slots: Map::default(),
            lines: Vec::new(),
            order: Vec::new(),
            widest: [0; COLUMNS.len()],
            constant: 0,
            summary: AttentionSummary::default(),
            computed: 0,
        }
    }

    /// Returns how many rows were computed since the start, by all checks each: what changes cost.
    #[must_use]
    pub fn computed(&self) -> usize {
        self.computed
    }

    /// Returns the number of environments, ignoring the filter.
    #[must_use]
    pub fn total(&self) -> usize {
        self.lines.len()
    }

    /// How many rows are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Returns whether a filter, or attention alone, hides environments.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.filter.is_empty() || self.attention
    }

    /// Whether no row is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Returns how many environments need attention and for how many that is unknown, ignoring the filter.
    #[must_use]
    pub fn summary(&self) -> &AttentionSummary {
        &self.summary
    }

    /// The rows on screen.
    pub fn visible(&self) -> impl Iterator<Item = &FleetLine> {
        self.iter().skip(self.rows.scroll()).take(self.rows.height())
    }

    /// The rows shown, in order.
    pub fn iter(&self) -> impl Iterator<Item = &FleetLine> {
        self.order.iter().map(|&slot| &self.lines[slot])
    }

    /// All rows, whatever is filtered, in no order.
    pub fn all(&self) -> impl Iterator<Item = &FleetLine> {
        self.lines.iter()
    }

    /// The selected row.
    #[must_use]
    pub fn selected_row(&self) -> Option<&FleetRow> {
        self.slots.get(self.selected.as_ref()?).map(|&slot| &self.lines[slot].row)
    }

    /// The row of an environment.
    #[must_use]
    pub fn row(&self, key: &Key<Environment>) -> Option<&FleetRow> {
        self.slots.get(key).map(|&slot| &self.lines[slot].row)
    }

    /// Returns the position of the selected row among those shown.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        let slot = self.slots.get(self.selected.as_ref()?)?;
        self.order.iter().position(|other| other == slot)
    }

    /// Applies new versions of rows; `None` removes one. Returns whether anything differs.
    pub fn update(
        &mut self,
        rows: impl IntoIterator<Item = (Key<Environment>, Option<FleetRow>)>,
        now: Moment,
    ) -> bool {
        let mut differs = false;
        for (key, row) in rows {
            self.computed += 1;
            differs |= match row {
                None => self.remove(&key),
                Some(row) => self.put(key, row, now),
            };
        }
        if differs {
            self.arrange();
        }
        differs
    }

    fn put(&mut self, key: Key<Environment>, row: FleetRow, now: Moment) -> bool {
        let Some(&slot) = self.slots.get(&key) else {
            self.slots.insert(key, self.lines.len());
            let haystack = self.haystack(&row, now);
            self.lines.push(FleetLine { row, changed: 0, changed_at: Moment::EPOCH, haystack });
            return true;
        };
        let line = &mut self.lines[slot];
        if line.row == row {
            return false;
        }
        let changed = changed_columns(&line.row, &row, now);
        if changed != 0 {
            (line.changed, line.changed_at) = (changed, now);
        }
        line.row = row.clone();
        let haystack = self.haystack(&row, now);
        self.lines[slot].haystack = haystack;
        true
    }

    /// Judges every row again. Returns whether anything differs.
    pub fn judge(&mut self, judge: impl Fn(&FleetRow) -> Option<Judgement>, now: Moment) -> bool {
        let mut differs = false;
        for slot in 0..self.lines.len() {
            let row = &mut self.lines[slot].row;
            let Some(judgement) = judge(row) else { continue };
            if row.judge(judgement) {
                let row = row.clone();
                self.lines[slot].haystack = self.haystack(&row, now);
                differs = true;
            }
        }
        if differs {
            self.arrange();
        }
        differs
    }

    /// Returns the width of the widest text that a column has had, in cells: it only grows, so that nothing jumps.
    #[must_use]
    pub fn widest(&self, column: Column) -> usize {
        self.widest[column as usize]
    }

    /// Returns the text that a filter searches, and updates the widths of the columns.
    fn haystack(&mut self, row: &FleetRow, now: Moment) -> String {
        let mut text = String::from(&*row.key.id);
        for (facts, widest) in COLUMNS.iter().zip(&mut self.widest) {
            text.push(' ');
            let from = text.len();
            (facts.text)(row, now, &mut text);
            // A text that contains its own age changes by itself.
            let is_passing = match facts.column {
                Column::Health => row.health_doubt.is_some(),
                Column::Targets => row.targets_doubt.is_some(),
                _ => false,
            };
            if !is_passing {
                *widest = text[from..].width().max(*widest);
            }
        }
        text.push(' ');
        text.push_str(&row.reachable);
        text
    }

    /// Returns whether all environments have the same in a column that describes them: there is nothing to compare in it.
    #[must_use]
    pub fn is_constant(&self, column: Column) -> bool {
        self.constant & (1 << column as u32) != 0
    }

    /// Returns the columns in which all rows are the same, a bit for each.
    fn constant_columns(&self) -> u32 {
        let Some((first, others)) = self.lines.split_first().filter(|(_, others)| others.len() > 1) else { return 0 };
        let first = &first.row;
        let all = |is_same: fn(&FleetRow, &FleetRow) -> bool| others.iter().all(|it| is_same(first, &it.row));
        let bit = |column: Column, is: bool| u32::from(is) << column as u32;
        bit(Column::Application, all(|one, other| one.application == other.application))
            | bit(Column::Version, all(|one, other| (&one.version, &one.arriving) == (&other.version, &other.arriving)))
            | bit(Column::Status, all(|one, other| one.status == other.status))
            | bit(Column::Balancer, all(|one, other| one.balancer == other.balancer))
            | bit(Column::Platform, all(|one, other| one.platform == other.platform))
            | bit(Column::Drift, all(|one, other| one.drift == other.drift))
            | bit(Column::Alarms, all(|one, other| one.alarms == other.alarms))
    }

    fn remove(&mut self, key: &Key<Environment>) -> bool {
        let Some(slot) = self.slots.remove(key) else { return false };
        self.lines.swap_remove(slot);
        if let Some(moved) = self.lines.get(slot) {
            self.slots.insert(moved.row.key.clone(), slot);
        }
        self.order.clear();
        true
    }

    /// Filters and sorts again, and keeps the selected row where it is on the screen.
    pub fn arrange(&mut self) {
        self.summary = AttentionSummary::default();
        self.lines.iter().for_each(|line| self.summary.add(&line.row.attention));
        self.summary.sort();
        self.constant = self.constant_columns();
        let before = self.position();
        let pinned = before.map(|at| at.saturating_sub(self.rows.scroll()));
        let mut order = std::mem::take(&mut self.order);
        if !self.filter.is_empty() || self.attention {
            order.clear();
            order.extend(self.matching());
        } else if order.len() != self.lines.len() {
            order.clear();
            order.extend(0..self.lines.len());
        }
        // Mostly sorted already, which makes the sort fast.
        order.sort_by(|&one, &other| self.compare(&self.lines[one].row, &self.lines[other].row));
        self.order = order;
        self.rows.resize(self.order.len());
        match (self.position(), pinned) {
            (Some(at), Some(pinned)) => self.rows.pin(at, pinned),
            (Some(at), None) => self.rows.select(at),
            (None, _) => self.select_at(before.unwrap_or(0)),
        }
    }

    /// Returns the matching rows; with attention alone, those that may need it are included.
    fn matching(&self) -> impl Iterator<Item = usize> {
        let mut filter = Filter::words(&self.filter);
        let shown = move |(slot, line): (usize, &FleetLine)| {
            let attended = !self.attention || line.row.may_need_attention();
            (attended && filter.finds(&line.haystack)).then_some(slot)
        };
        self.lines.iter().enumerate().filter_map(shown)
    }

    fn compare(&self, one: &FleetRow, other: &FleetRow) -> Ordering {
        let order = (self.sort.facts().compare)(one, other);
        let order = if self.reverse { order.reverse() } else { order };
        // Those of which nothing is known must not drown those that are known to be bad.
        let known = |row: &FleetRow| self.attention && !row.needs_attention();
        let order = known(one).cmp(&known(other)).then(order);
        order.then_with(|| one.name.cmp(&other.name)).then_with(|| one.key.cmp(&other.key))
    }

    fn key_at(&self, at: usize) -> Option<Key<Environment>> {
        self.order.get(at).map(|&slot| self.lines[slot].row.key.clone())
    }

    /// Moves the selection by so many rows.
    pub fn move_by(&mut self, rows: isize) {
        self.select_at(self.position().map_or(0, |at| at.saturating_add_signed(rows)));
    }

    /// Selects the row at this place.
    pub fn select_at(&mut self, at: usize) {
        self.rows.select(at);
        self.selected = self.key_at(self.rows.selected());
    }
}

/// Returns the columns whose text changed.
fn changed_columns(before: &FleetRow, after: &FleetRow, now: Moment) -> u32 {
    let (mut old, mut new) = (String::new(), String::new());
    let mut changed = 0;
    for (bit, facts) in COLUMNS.iter().enumerate() {
        old.clear();
        new.clear();
        facts.column.write(before, now, &mut old);
        facts.column.write(after, now, &mut new);
        // A figure that only just came is not a change.
        if old != new && old != "…" && facts.column != Column::Event {
            changed |= 1 << bit;
        }
    }
    changed
}

/// Returns what a filter looks in: the id and the text of every column.
#[must_use]
pub fn searched_text(row: &FleetRow, now: Moment) -> String {
    Fleet::new(Vec::new(), Column::Name, false, Preview::new(false)).haystack(row, now)
}
