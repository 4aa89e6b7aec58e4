//! The Environment screen as the user has it: what is folded, selected and in focus.

use crate::model::Set;
use std::sync::Arc;

use super::charts::ChartsView;
use super::targets::TargetRow;
use super::timeline::TimelineView;
use super::tree::{Node, NodeKind};
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

/// What is shown of an environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The tree and the targets.
    #[default]
    Targets,
    /// Charts.
    Metrics,
    /// Every setting as it stands, to edit.
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
    /// The selected line.
    pub node: usize,
    /// The tree's first line on screen.
    pub tree_scroll: usize,
    /// How many lines of the tree fit; told by the last drawing.
    pub tree_height: usize,
    /// The targets at or under the selected line.
    pub targets: Vec<TargetRow>,
    /// The selected target's place.
    pub target: usize,
    /// The table's first row on screen.
    pub table_scroll: usize,
    /// How many rows of the table fit; told by the last drawing.
    pub table_height: usize,
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
            node: 0,
            tree_scroll: 0,
            tree_height: 20,
            targets: Vec::new(),
            target: 0,
            table_scroll: 0,
            table_height: 10,
            left: 0,
        }
    }

    /// What it shows.
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
            Tab::Targets => self.page(),
            Tab::Metrics => self.charts.page(),
            Tab::Settings => self.settings.height,
            Tab::Events => self.timeline.height,
        }
    }

    /// The selected line of the tree.
    #[must_use]
    pub fn selected_node(&self) -> Option<&Node> {
        self.nodes.get(self.node)
    }

    /// The selected target.
    #[must_use]
    pub fn selected_target(&self) -> Option<&TargetRow> {
        self.targets.get(self.target)
    }

    /// Takes a new tree in; the selection stays on the line with the same id.
    pub fn set_nodes(&mut self, nodes: Vec<Node>) {
        let selected = self.selected_node().map(|node| Arc::clone(&node.id));
        self.nodes = nodes;
        let found = selected.and_then(|id| self.nodes.iter().position(|node| node.id == id));
        self.node = found.unwrap_or(self.node).min(self.nodes.len().saturating_sub(1));
        self.tree_scroll = scroll(self.tree_scroll, self.node, self.tree_height, self.nodes.len());
    }

    /// Takes new targets in; the selection stays on the same target.
    pub fn set_targets(&mut self, targets: Vec<TargetRow>) {
        let id = |row: &TargetRow| -> TargetId { (row.group.clone(), Arc::clone(&row.target.id), row.target.port) };
        let selected = self.selected_target().map(id);
        self.targets = targets;
        let found = selected.and_then(|selected| self.targets.iter().position(|row| id(row) == selected));
        self.target = found.unwrap_or(self.target).min(self.targets.len().saturating_sub(1));
        self.table_scroll = scroll(self.table_scroll, self.target, self.table_height, self.targets.len());
    }

    /// Moves the selection of the pane in focus.
    pub fn move_by(&mut self, rows: isize) {
        match self.focus {
            Focus::Tree => self.select_node(self.node.saturating_add_signed(rows)),
            Focus::Table => self.select_target(self.target.saturating_add_signed(rows)),
        }
    }

    /// Selects the line of the tree at this place.
    pub fn select_node(&mut self, at: usize) {
        self.node = at.min(self.nodes.len().saturating_sub(1));
        self.tree_scroll = scroll(self.tree_scroll, self.node, self.tree_height, self.nodes.len());
    }

    /// Selects the target at this place.
    pub fn select_target(&mut self, at: usize) {
        self.target = at.min(self.targets.len().saturating_sub(1));
        self.table_scroll = scroll(self.table_scroll, self.target, self.table_height, self.targets.len());
    }

    /// How far a page goes in the pane in focus.
    #[must_use]
    pub fn page(&self) -> usize {
        match self.focus {
            Focus::Tree => self.tree_height,
            Focus::Table => self.table_height,
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
            let parent = self.nodes[..self.node].iter().rposition(|other| other.depth < depth);
            self.select_node(parent.unwrap_or(self.node));
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

/// The first line on screen such that the selected one is among those that fit.
fn scroll(first: usize, selected: usize, height: usize, length: usize) -> usize {
    let height = height.max(1);
    first.clamp((selected + 1).saturating_sub(height), selected).min(length.saturating_sub(height))
}
