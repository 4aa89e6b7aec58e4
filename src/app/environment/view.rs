//! The Environment screen as the user has it: what is folded, selected and in focus.

use crate::model::Set;
use std::sync::Arc;

use super::charts::ChartsView;
use super::targets::TargetRow;
use super::timeline::TimelineView;
use super::tree::{Node, NodeKind};
use crate::app::list::ListState;
use crate::app::settings::SettingsView;
use crate::model::{Environment, Key, Measure, TargetGroup};
use crate::polling::Question;

/// Which pane has the keyboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The tree on the left.
    Tree,
    /// The table on the right.
    #[default]
    Table,
}

/// The tabs of an environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The tree and the targets.
    #[default]
    Targets,
    /// Charts.
    Metrics,
    /// Every setting as it is, to edit.
    Settings,
    /// Beanstalk's events.
    Events,
}

impl Tab {
    /// All, in their order.
    pub const ALL: [Self; 4] = [Self::Targets, Self::Metrics, Self::Settings, Self::Events];

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Targets => "Targets",
            Self::Metrics => "Metrics",
            Self::Settings => "Settings",
            Self::Events => "Events",
        }
    }
}

/// Which target is selected: its group, id and port.
type TargetId = (Key<TargetGroup>, Arc<str>, Option<i32>);

/// The Environment screen's state.
#[derive(Clone, Debug)]
pub struct EnvironmentView {
    /// Which environment.
    pub key: Key<Environment>,
    /// What is shown of it.
    pub tab: Tab,
    /// The Metrics tab.
    pub charts: ChartsView,
    /// The Settings tab.
    pub settings: SettingsView,
    /// The Events tab.
    pub timeline: TimelineView,
    /// Which pane has the keyboard.
    pub focus: Focus,
    /// Nodes that the user turned against their default fold.
    pub turned: Set<Arc<str>>,
    /// The tree's lines.
    pub nodes: Vec<Node>,
    /// The same as a list.
    pub tree: ListState,
    /// The targets at or under the selected line.
    pub targets: Vec<TargetRow>,
    /// The same as a list.
    pub table: ListState,
    /// How many columns are scrolled away to the left.
    pub left: usize,
}

impl EnvironmentView {
    /// The view of an environment that was just opened.
    #[must_use]
    pub fn new(key: Key<Environment>) -> Self {
        Self {
            key,
            tab: Tab::default(),
            charts: ChartsView::default(),
            settings: SettingsView::default(),
            timeline: TimelineView::default(),
            focus: Focus::default(),
            turned: Set::default(),
            nodes: Vec::new(),
            tree: ListState::default(),
            targets: Vec::new(),
            table: ListState::default(),
            left: 0,
        }
    }

    /// Returns the questions whose answers it shows.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let charts = if self.tab == Tab::Metrics { self.charts.measures() } else { vec![Measure::Row] };
        let of_tab = match self.tab {
            Tab::Settings => Some(Question::Settings(self.key.clone())),
            Tab::Events => Some(Question::History(self.key.clone())),
            Tab::Targets | Tab::Metrics => None,
        };
        let always = [Question::Tree(self.key.clone()), Question::Measures(self.key.clone(), charts)];
        always.into_iter().chain(of_tab).collect()
    }

    /// How many rows a page of its tab has.
    #[must_use]
    pub fn rows_of_a_page(&self) -> usize {
        match self.tab {
            Tab::Targets => self.list().height(),
            Tab::Metrics => self.charts.page(),
            Tab::Settings => self.settings.list.height(),
            Tab::Events => self.timeline.height.max(1),
        }
    }

    /// The selected line of the tree.
    #[must_use]
    pub fn selected_node(&self) -> Option<&Node> {
        self.nodes.get(self.tree.selected())
    }

    /// The selected target.
    #[must_use]
    pub fn selected_target(&self) -> Option<&TargetRow> {
        self.targets.get(self.table.selected())
    }

    /// Takes a new tree in; the selection stays on the line with the same id.
    pub fn set_nodes(&mut self, nodes: Vec<Node>) {
        let selected = self.selected_node().map(|node| Arc::clone(&node.id));
        self.nodes = nodes;
        let found = selected.and_then(|id| self.nodes.iter().position(|node| node.id == id));
        self.tree.resize(self.nodes.len());
        self.tree.select(found.unwrap_or(self.tree.selected()));
    }

    /// Takes new targets in; the selection stays on the same target.
    pub fn set_targets(&mut self, targets: Vec<TargetRow>) {
        let id = |row: &TargetRow| -> TargetId { (row.group.clone(), Arc::clone(&row.target.id), row.target.port) };
        let selected = self.selected_target().map(id);
        self.targets = targets;
        let found = selected.and_then(|selected| self.targets.iter().position(|row| id(row) == selected));
        self.table.resize(self.targets.len());
        self.table.select(found.unwrap_or(self.table.selected()));
    }

    /// The list of the pane in focus.
    #[must_use]
    pub fn list(&self) -> &ListState {
        match self.focus {
            Focus::Tree => &self.tree,
            Focus::Table => &self.table,
        }
    }

    /// The same, to move in it.
    pub fn list_mut(&mut self) -> &mut ListState {
        match self.focus {
            Focus::Tree => &mut self.tree,
            Focus::Table => &mut self.table,
        }
    }

    /// Folds or unfolds the selected line; whether anything changes. Folding a line without children goes to its parent.
    pub fn fold(&mut self, fold: bool) -> bool {
        let Some(node) = self.selected_node() else { return false };
        if node.foldable && node.folded != fold {
            let id = Arc::clone(&node.id);
            if !self.turned.remove(&id) {
                self.turned.insert(id);
            }
            return true;
        }
        if fold {
            let depth = node.depth;
            let at = self.tree.selected();
            let parent = self.nodes[..at].iter().rposition(|other| other.depth < depth);
            self.tree.select(parent.unwrap_or(at));
        }
        false
    }

    /// The groups whose targets the table shows: those at or under the selected line, if the tree is looked at.
    #[must_use]
    pub fn groups_in_sight(&self, all: &[Key<TargetGroup>]) -> Vec<Key<TargetGroup>> {
        let selected = self.selected_node().filter(|node| node.kind != NodeKind::LoadBalancer);
        let groups = selected.map_or(&[][..], |node| node.groups.as_slice());
        let mut groups = if groups.is_empty() { all.to_vec() } else { groups.to_vec() };
        let mut seen = Set::default();
        groups.retain(|group| seen.insert(group.clone()));
        groups
    }
}
