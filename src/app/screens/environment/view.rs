//! The Environment screen as the user has it: what is folded, selected and in focus.

use crate::model::Set;
use std::sync::Arc;

use super::alarms::AlarmsView;
use super::charts::ChartsView;
use super::findings::FindingsView;
use super::quiet::quiet_charts;
use super::settings::SettingsView;
use super::targets::{TargetRow, target_rows};
use super::timeline::TimelineView;
use super::tree::{Node, NodeKind, tree};
use super::words::group_title;
use crate::app::CheckSettings;
use crate::app::list::ListState;
use crate::change::PlanInputs;
use crate::model::{Environment, Key, Reliability, Snapshot, TargetGroup};

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
    /// What the checks say.
    Findings,
    /// The alarms.
    Alarms,
}

impl Tab {
    /// All, in their order.
    pub const ALL: [Self; 6] =
        [Self::Targets, Self::Metrics, Self::Settings, Self::Events, Self::Findings, Self::Alarms];

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Targets => "Targets",
            Self::Metrics => "Metrics",
            Self::Settings => "Settings",
            Self::Events => "Events",
            Self::Findings => "Findings",
            Self::Alarms => "Alarms",
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
    /// The Findings tab.
    pub findings: FindingsView,
    /// The Alarms tab.
    pub alarms: AlarmsView,
    /// How many findings there are, and how many alarms in ALARM, as its row of the Fleet has them.
    pub counts: Option<(usize, Option<usize>)>,
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
            findings: FindingsView::default(),
            alarms: AlarmsView::default(),
            counts: None,
            focus: Focus::default(),
            turned: Set::default(),
            nodes: Vec::new(),
            tree: ListState::default(),
            targets: Vec::new(),
            table: ListState::default(),
            left: 0,
        }
    }

    /// The same, on one of its tabs.
    #[must_use]
    pub fn on(key: Key<Environment>, tab: Tab) -> Self {
        Self { tab, ..Self::new(key) }
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

    /// Computes the tree, the settings and the targets again from what is known.
    pub fn rebuild(&mut self, snapshot: &Snapshot, reliability: &dyn Reliability, checks: &CheckSettings) {
        let Snapshot { inventory, topology, .. } = snapshot;
        let Some(environment) = inventory.environments.get(&self.key) else { return };
        self.set_nodes(tree(snapshot, &self.turned, environment));
        match self.tab {
            Tab::Settings => self.settings.update(&PlanInputs { snapshot, environment }),
            Tab::Alarms => self.alarms.update(snapshot, &self.key),
            Tab::Findings => {
                let inputs = checks.inputs(snapshot, reliability, &self.key);
                inputs.into_iter().for_each(|it| self.findings.update(&it, &checks.silenced(&environment.name)));
            }
            Tab::Metrics => self.charts.fold(quiet_charts(snapshot, &self.key, &self.charts)),
            Tab::Targets | Tab::Events => {}
        }
        let Some(link) = topology.link(&self.key) else { return };
        let all: Vec<_> = link.groups.iter().map(|group| group.key.clone()).collect();
        let titled = |group: Key<TargetGroup>| {
            let title = group_title(inventory, link, &self.key, &group);
            (group, Arc::from(title))
        };
        let groups: Vec<_> = self.groups_in_sight(&all).into_iter().map(titled).collect();
        self.set_targets(target_rows(inventory, &self.key, &groups));
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
