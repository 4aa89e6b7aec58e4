//! The Settings tab's rows and which of them is selected.

use std::sync::Arc;

use crate::app::filter::Filter;
use crate::app::list::ListState;
use crate::change::{Drift, Field, Fixed, Object, PlanInputs, drift_report};
use crate::model::{Set, load_balancer_name, resource_name};

/// Identifies a row: the object, and the key of the setting.
pub type SettingId = (Object, Arc<str>);

/// A row of the tab.
#[derive(Clone, Debug)]
pub enum SettingsRow {
    /// The heading of an object's rows.
    Title(String),
    /// A setting that can be edited.
    Setting(Box<Field>),
    /// A value that cannot be edited.
    Fixed(Object, Fixed),
    /// A sentence about what drifts and is no setting of the table, or about what was not compared.
    Note {
        /// Whether it is about drift.
        is_drift: bool,
        /// The sentence, without its full stop.
        text: String,
    },
}

impl SettingsRow {
    /// Returns what identifies it; `None` for a title.
    #[must_use]
    pub fn id(&self) -> Option<SettingId> {
        match self {
            Self::Title(_) | Self::Note { .. } => None,
            Self::Setting(field) => Some((field.object.clone(), field.key.as_str().into())),
            Self::Fixed(object, fixed) => Some((object.clone(), fixed.facts.key.into())),
        }
    }
}

/// Which settings are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SettingsShown {
    /// All.
    #[default]
    All,
    /// Those whose live value is neither the default nor the option's value.
    Differing,
    /// Those whose live value is not the option's, and what else drifts.
    Drifted,
}

/// The Settings tab's state.
#[derive(Clone, Debug, Default)]
pub struct SettingsView {
    /// Which of them.
    pub shown: SettingsShown,
    /// And only those that contain these words.
    pub filter: String,
    /// The rows.
    pub rows: Vec<SettingsRow>,
    /// The same as a list.
    pub list: ListState,
    /// Rows that are to be edited together.
    pub marked: Set<SettingId>,
}

impl SettingsView {
    /// Applies the present state; the selection stays on its row.
    pub fn update(&mut self, basis: &PlanInputs<'_>) {
        let selected = self.current().and_then(SettingsRow::id);
        self.rows = rows(basis, self.shown, &self.filter);
        self.list.resize(self.rows.len());
        let found = selected.and_then(|id| self.rows.iter().position(|row| row.id().as_ref() == Some(&id)));
        self.select(found.unwrap_or(self.list.selected()), true);
    }

    /// Shows these only; all, if it was these that were shown.
    pub fn show(&mut self, shown: SettingsShown) {
        self.shown = if self.shown == shown { SettingsShown::All } else { shown };
    }

    /// Whether not all are shown.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.shown != SettingsShown::All || !self.filter.is_empty()
    }

    /// Shows all.
    pub fn show_all(&mut self) {
        self.shown = SettingsShown::All;
        self.filter.clear();
    }

    /// The selected row.
    #[must_use]
    pub fn current(&self) -> Option<&SettingsRow> {
        self.rows.get(self.list.selected())
    }

    /// The selected setting.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        if let Some(SettingsRow::Setting(field)) = self.current() { Some(field) } else { None }
    }

    /// All settings that are shown.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.rows.iter().filter_map(|row| if let SettingsRow::Setting(field) = row { Some(&**field) } else { None })
    }

    /// The settings that are marked, or else the selected one.
    #[must_use]
    pub fn chosen(&self) -> Vec<Field> {
        let is_marked = |field: &&Field| self.marked.contains(&(field.object.clone(), field.key.as_str().into()));
        let marked: Vec<_> = self.fields().filter(is_marked).cloned().collect();
        if marked.is_empty() { self.field().cloned().into_iter().collect() } else { marked }
    }

    /// Marks the selected setting, or removes its mark, and moves to the next.
    pub fn mark(&mut self) {
        let Some(id) = self.field().map(|field| (field.object.clone(), Arc::from(field.key.as_str()))) else { return };
        if !self.marked.remove(&id) {
            self.marked.insert(id);
        }
        self.move_by(1);
    }

    /// Moves the selection by rows; titles are passed over.
    pub fn move_by(&mut self, rows: isize) {
        self.select(self.list.selected().saturating_add_signed(rows), rows >= 0);
    }

    /// Selects the row at this place, or the nearest that is no title: onwards, or back.
    pub fn select(&mut self, at: usize, onwards: bool) {
        let at = at.min(self.rows.len().saturating_sub(1));
        let is_row = |place: &usize| !matches!(self.rows.get(*place), None | Some(SettingsRow::Title(_)));
        let after = || (at..self.rows.len()).find(is_row);
        let before = || (0..=at).rev().find(is_row);
        let found = if onwards { after().or_else(before) } else { before().or_else(after) };
        self.list.select(found.unwrap_or(0));
        // The title above the first setting is seen with it.
        if self.list.selected() == 1 && self.list.height() > 1 {
            self.list.pin(1, 1);
        }
    }
}

/// The rows of all objects that have settings; an object of which nothing is shown has no title either.
fn rows(basis: &PlanInputs<'_>, shown: SettingsShown, filter: &str) -> Vec<SettingsRow> {
    let mut rows = Vec::new();
    let mut filter = Filter::words(filter);
    for object in basis.objects() {
        let is_there = |field: &Field| basis.has(&object, field.facts) && is_shown(shown, field);
        let mut fields: Vec<_> = basis.fields(&object).into_iter().filter(is_there).collect();
        // What is looked for most comes first.
        fields.sort_by_key(|field| !field.key.starts_with(FIRST));
        let mut own: Vec<_> = fields.into_iter().map(|field| SettingsRow::Setting(Box::new(field))).collect();
        if shown == SettingsShown::All {
            own.extend(basis.fixed(&object).into_iter().map(|fixed| SettingsRow::Fixed(object.clone(), fixed)));
        }
        own.retain(|row| filter.finds(&haystack(row)));
        if !own.is_empty() {
            rows.push(SettingsRow::Title(object_title(basis, &object)));
            rows.append(&mut own);
        }
    }
    notes(basis, &mut filter, &mut rows);
    rows
}

/// Settings whose keys begin so come first.
const FIRST: &str = "stickiness.";

fn is_shown(shown: SettingsShown, field: &Field) -> bool {
    match shown {
        SettingsShown::All => true,
        SettingsShown::Differing => differs(field),
        SettingsShown::Drifted => field.drifts(),
    }
}

/// The text in which the filter looks: names, values and what it is about.
fn haystack(row: &SettingsRow) -> String {
    match row {
        SettingsRow::Title(text) | SettingsRow::Note { text, .. } => text.clone(),
        SettingsRow::Setting(field) => {
            let option = field.option.as_ref().map_or("", |option| option.name);
            format!("{} {option} {} {}", field.key, field.live.as_deref().unwrap_or_default(), field.facts.about)
        }
        SettingsRow::Fixed(_, fixed) => format!("{} {}", fixed.facts.key, fixed.facts.about),
    }
}

/// Drift that is no setting of the table, and what was not compared.
fn notes(basis: &PlanInputs<'_>, filter: &mut Filter, rows: &mut Vec<SettingsRow>) {
    let Some(report) = drift_report(basis) else { return };
    let fields: Vec<_> = basis.objects().iter().flat_map(|object| basis.fields(object)).collect();
    let is_setting = |drift: &Drift| {
        fields.iter().any(|field| {
            let group = if let Object::TargetGroup(key) = &field.object { Some(key) } else { None };
            *field.key == *drift.key && group == drift.target_group.as_ref()
        })
    };
    let others = report.drift.iter().filter(|drift| !is_setting(drift));
    let drift: Vec<_> = others.map(|it| SettingsRow::Note { is_drift: true, text: it.sentence() }).collect();
    let open = report.not_compared.iter().map(|it| SettingsRow::Note { is_drift: false, text: it.sentence() });
    for (title, mut notes) in
        [("what drifts and is no setting here", drift), ("not compared with Beanstalk's options", open.collect())]
    {
        notes.retain(|row| filter.finds(&haystack(row)));
        if !notes.is_empty() {
            rows.push(SettingsRow::Title(title.to_owned()));
            rows.append(&mut notes);
        }
    }
}

/// Returns whether a field is unusual: its value is neither the default nor the option's.
fn differs(field: &Field) -> bool {
    field.has_meaning && (field.live.is_none() || field.drifts() || !field.is_default())
}

/// Returns the displayed name of an object, and its kind in Beanstalk.
#[must_use]
pub fn object_title(basis: &PlanInputs<'_>, object: &Object) -> String {
    match object {
        Object::TargetGroup(key) => {
            let known = basis.snapshot.inventory.target_groups.get(key);
            let name = known.map_or_else(|| resource_name(&key.id).to_owned(), |group| group.name.to_string());
            let namespace = basis.namespace(object);
            let process = namespace.as_deref().and_then(|it| it.rsplit(':').next());
            process.map_or_else(|| format!("target group {name}"), |it| format!("target group {name}, process {it}"))
        }
        Object::LoadBalancer(key) => format!("load balancer {}", load_balancer_name(&key.id)),
        Object::Listener(key, _, port) => {
            let listener = basis.listeners().iter().find(|it| it.key == *key);
            let protocol = listener.and_then(|it| it.protocol.as_deref()).unwrap_or_default();
            format!("listener :{port} {protocol}")
        }
    }
}
