//! From a key to what it does: the table says which action, this says what the action does to the state.

mod dialogs;
mod fields;
mod logs;
mod tabs;

use tui_input::Input;

use crate::app::action::{Action, Layer};
use crate::app::application::App;
use crate::app::dialog::Dialog;
use crate::app::environment::{EnvironmentView, Focus, Tab};
use crate::app::fleet::COLUMNS;
use crate::app::logs::LogView;
use crate::app::message::{Effect, Viewport};
use crate::app::state::{List, Overlay};
use crate::config::Chord;

impl App {
    pub(in crate::app) fn press(&mut self, chord: Chord) -> Vec<Effect> {
        let layer = self.state.layer();
        match self.state.setup.keymap.action(layer, chord) {
            Some(action) if matches!(layer, Layer::Logs | Layer::Search) => self.act_in_logs(action),
            Some(action) => self.act(action),
            None if layer == Layer::Text => self.type_key(chord),
            None if matches!(layer, Layer::Search | Layer::Picker | Layer::Name) => {
                self.type_in_dialog(chord);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Quit => return self.quit(),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Leave => return self.back(true),
            Action::Back => return self.back(false),
            Action::Copy | Action::CopyArn => return self.copy(action == Action::CopyArn),
            Action::Open if self.state.dialog.is_some() => return self.choose_in_dialog(),
            Action::Open => self.open(),
            Action::DeployView => self.open_deploy(),
            Action::Logs => self.open_logs(),
            Action::DeployVersion => self.pick_version(),
            Action::Abort => self.ask_abort(),
            Action::GoBack => self.ask_back(),
            Action::Report => return self.save_report(),
            Action::NextButton | Action::OtherButton | Action::CopyCommand | Action::PickDown | Action::PickUp => {
                return self.act_in_dialog(action);
            }
            Action::Left | Action::Right => self.sideways(action == Action::Right),
            Action::NextPane | Action::PreviousPane => self.turn_pane(action == Action::NextPane),
            Action::Targets => self.turn_to(Tab::Targets),
            Action::Metrics => self.turn_to(Tab::Metrics),
            Action::Events => self.turn_to(Tab::Events),
            Action::Longer | Action::Shorter | Action::Zones | Action::Classic => self.change_charts(action),
            Action::Severity => self.change_severity(),
            Action::Filter => self.state.typing = Some(Input::new(self.state.fleet.filter.clone())),
            Action::Sort => self.show(Overlay::Sort),
            Action::Columns => self.show(Overlay::Columns),
            Action::Log => self.show(Overlay::Log),
            Action::Help => self.show(Overlay::Help),
            Action::Reverse => self.arrange(|fleet| fleet.reverse = !fleet.reverse),
            Action::Attention => self.arrange(|fleet| fleet.attention = !fleet.attention),
            Action::Toggle => self.toggle_column(),
            Action::Refresh => self.refresh(),
            Action::Freeze => self.freeze(),
            movement => self.travel(movement),
        }
        Vec::new()
    }

    fn travel(&mut self, action: Action) {
        let page = self.page();
        let rows = match action {
            Action::Down => 1,
            Action::Up => -1,
            Action::PageDown => page,
            Action::PageUp => -page,
            Action::HalfDown => page / 2,
            Action::HalfUp => -(page / 2),
            Action::First => isize::MIN / 2,
            Action::Last => isize::MAX / 2,
            _ => return,
        };
        self.move_by(rows);
    }

    fn page(&self) -> isize {
        let page = match (&self.state.list, &self.state.environment) {
            (Some(_), _) => self.state.viewport.list.map_or(10, |area| usize::from(area.height)),
            (None, _) if self.state.logs.view.is_some() => self.state.logs.view.as_ref().map_or(1, LogView::height),
            (None, Some(view)) => match view.tab {
                Tab::Targets => view.page(),
                Tab::Metrics => view.charts.page(),
                Tab::Events => view.timeline.height,
            },
            (None, None) => self.state.fleet.height,
        };
        page.max(1) as isize
    }

    fn move_by(&mut self, rows: isize) {
        if let Some(list) = self.state.list {
            let length = self.list_length(list.overlay);
            let selected = list.selected.saturating_add_signed(rows).min(length.saturating_sub(1));
            self.state.list = Some(List { selected, ..list });
            self.keep_list_in_sight();
            return;
        }
        if let Some(view) = &mut self.state.logs.view {
            return view.move_by(rows);
        }
        if let Some(view) = &mut self.state.deploys.view {
            view.scroll = view.scroll.saturating_add_signed(rows);
            self.keep_lanes_in_sight();
            return;
        }
        if let Some(view) = &mut self.state.environment {
            if view.tab != Tab::Targets {
                return self.move_in_tab(rows);
            }
            let node = view.node;
            view.move_by(rows);
            if view.node != node {
                self.rebuild_environment();
            }
            return;
        }
        self.state.fleet.move_by(rows);
        self.plan();
    }

    fn open(&mut self) {
        if self.state.typing.take().is_some() {
            return;
        }
        if let Some(list) = self.state.list {
            match list.overlay {
                Overlay::Sort => {
                    let column = COLUMNS.get(list.selected).map(|facts| facts.column);
                    self.state.list = None;
                    self.arrange(|fleet| fleet.sort = column.unwrap_or(fleet.sort));
                }
                Overlay::Columns => self.toggle_column(),
                Overlay::Help | Overlay::Log => self.state.list = None,
            }
            return;
        }
        match &mut self.state.environment {
            None => {
                self.state.environment = self.state.fleet.selected.clone().map(EnvironmentView::new);
                self.rebuild_environment();
                self.plan();
            }
            Some(view) if view.tab == Tab::Metrics => {
                view.charts.whole = !view.charts.whole;
                self.plan();
            }
            Some(view) if view.tab == Tab::Targets && view.focus == Focus::Tree => {
                let fold = view.selected_node().is_some_and(|node| !node.folded);
                if view.fold(fold) {
                    self.rebuild_environment();
                }
            }
            Some(_) => {}
        }
    }

    /// Closes what lies on top; with nothing to close, `quit` quits and `back` says how.
    fn back(&mut self, quit: bool) -> Vec<Effect> {
        if self.state.typing.take().is_some() || self.state.list.is_some() && !self.state.fleet.filter.is_empty() {
            let list = self.state.list.take();
            if list.is_none() {
                self.arrange(|fleet| fleet.filter.clear());
            }
            return Vec::new();
        }
        if self.state.list.take().is_some() {
            return Vec::new();
        }
        if self.leave_dialog() {
            return Vec::new();
        }
        if self.state.deploys.view.take().is_some() {
            self.plan();
            return Vec::new();
        }
        if self.leave_in_tab() {
            return Vec::new();
        }
        if self.state.environment.take().is_some() {
            self.plan();
            return Vec::new();
        }
        if !quit && (!self.state.fleet.filter.is_empty() || self.state.fleet.attention) {
            self.arrange(|fleet| {
                fleet.filter.clear();
                fleet.attention = false;
            });
            return Vec::new();
        }
        if quit {
            return self.quit();
        }
        let key = self.state.setup.keymap.chords(Action::Leave).first().map(Chord::to_string).unwrap_or_default();
        self.notify(format!("{key} quits"));
        Vec::new()
    }

    /// A write under way goes on by itself; who leaves meanwhile is told so first.
    fn quit(&mut self) -> Vec<Effect> {
        match &mut self.state.writing {
            Some(writing) if !writing.warned => {
                writing.warned = true;
                let words =
                    format!("{} is under way; the same key again leaves, and the log tells how it ended", writing.what);
                self.notify(words);
                Vec::new()
            }
            _ => vec![Effect::Quit],
        }
    }

    fn keep_lanes_in_sight(&mut self) {
        let lanes = self.state.deploys.shown().map_or(0, |watch| watch.lanes().len());
        if let Some(view) = &mut self.state.deploys.view {
            view.scroll = view.scroll.min(lanes.saturating_sub(view.height));
        }
    }

    fn sideways(&mut self, right: bool) {
        let now = self.state.shown_at();
        match &mut self.state.environment {
            Some(view) if view.tab == Tab::Metrics => view.charts.move_cursor(if right { 1 } else { -1 }, now),
            Some(view) if view.focus == Focus::Tree => {
                if view.fold(!right) {
                    self.rebuild_environment();
                }
            }
            Some(view) => view.left = step(view.left, right, crate::app::environment::TARGET_COLUMNS.len() - 2),
            None => {
                let most = self.state.fleet.columns.len().saturating_sub(2);
                self.state.fleet.left = step(self.state.fleet.left, right, most);
            }
        }
    }

    fn show(&mut self, overlay: Overlay) {
        let selected = match overlay {
            Overlay::Sort => COLUMNS.iter().position(|facts| facts.column == self.state.fleet.sort).unwrap_or(0),
            _ => 0,
        };
        self.state.list = Some(List { overlay, selected, scroll: 0 });
        self.keep_list_in_sight();
    }

    fn list_length(&self, overlay: Overlay) -> usize {
        match overlay {
            Overlay::Help => crate::app::action::ACTIONS.len(),
            Overlay::Log => self.state.log.len(),
            Overlay::Columns | Overlay::Sort => COLUMNS.len(),
        }
    }

    fn keep_list_in_sight(&mut self) {
        let length = self.state.list.map_or(0, |list| self.list_length(list.overlay));
        let height = self.state.viewport.list.map_or(10, |area| usize::from(area.height)).max(1);
        if let Some(list) = &mut self.state.list {
            let most = length.saturating_sub(height);
            list.scroll = list.scroll.clamp((list.selected + 1).saturating_sub(height), list.selected).min(most);
        }
    }

    fn toggle_column(&mut self) {
        let Some(List { overlay: Overlay::Columns, selected, .. }) = self.state.list else { return };
        let Some(column) = COLUMNS.get(selected).map(|facts| facts.column) else { return };
        let columns = &mut self.state.fleet.columns;
        if let Some(at) = columns.iter().position(|shown| *shown == column) {
            if columns.len() > 1 {
                columns.remove(at);
            }
        } else {
            // It goes where the table has it among those shown.
            let at = columns.iter().position(|shown| *shown as usize > selected).unwrap_or(columns.len());
            columns.insert(at, column);
        }
        self.plan();
    }

    fn arrange(&mut self, change: impl FnOnce(&mut crate::app::fleet::Fleet)) {
        change(&mut self.state.fleet);
        let now = self.state.now;
        self.state.fleet.arrange(now);
        self.plan();
    }

    fn refresh(&mut self) {
        self.thaw();
        self.state.poller.refresh();
        self.state.poller.ledger.forgive();
        self.notify("reading again");
    }

    fn freeze(&mut self) {
        if self.state.frozen.is_some() {
            self.thaw();
        } else {
            self.state.frozen = Some((self.state.now, Vec::new()));
        }
    }

    fn copy(&mut self, arn: bool) -> Vec<Effect> {
        let Some(text) = self.selected_text(arn) else {
            self.notify("nothing to copy here");
            return Vec::new();
        };
        self.notify(format!("copied {}", crate::model::clean(&text)));
        vec![Effect::Copy(text)]
    }

    fn selected_text(&self, arn: bool) -> Option<String> {
        let Some(view) = &self.state.environment else {
            let row = self.state.fleet.selected_row()?;
            if !arn {
                return Some(row.name.to_string());
            }
            return Some(self.state.inventory.environments.get(&row.key)?.arn.as_deref()?.to_owned());
        };
        if view.tab == Tab::Events {
            return self.selected_event().map(|event| event.message.to_string());
        }
        match view.focus {
            Focus::Table if arn => Some(view.selected_target()?.group.id.to_string()),
            Focus::Table => Some(view.selected_target()?.target.id.to_string()),
            Focus::Tree if arn => Some(view.selected_node()?.arn.as_deref()?.to_owned()),
            Focus::Tree => Some(view.selected_node()?.label.clone()),
        }
    }

    pub(in crate::app) fn click(&mut self, x: u16, y: u16) -> Vec<Effect> {
        let Viewport { fleet, tree, table, list, .. } = self.state.viewport;
        let at = |area: Option<crate::app::message::Area>| area.and_then(|area| area.line_at(x, y));
        if let Some(open) = self.state.list {
            match at(list) {
                Some(line) => self.state.list = Some(List { selected: open.scroll + line, ..open }),
                None => self.state.list = None,
            }
            self.move_by(0);
        } else if self.state.logs.view.is_some() {
            return Vec::new();
        } else if self.state.environment.as_ref().is_some_and(|view| view.tab != Tab::Targets) {
            self.click_in_tab(x, y);
        } else if let Some(view) = &mut self.state.environment {
            if let Some(line) = at(tree) {
                view.focus = Focus::Tree;
                view.select_node(view.tree_scroll + line);
            } else if let Some(line) = at(table) {
                view.focus = Focus::Table;
                view.select_target(view.table_scroll + line);
            }
            self.rebuild_environment();
        } else if let Some(line) = at(fleet) {
            let place = self.state.fleet.scroll + line;
            if self.state.fleet.position() == Some(place) {
                self.open();
            } else if place < self.state.fleet.len() {
                self.state.fleet.select_at(place);
            }
        }
        Vec::new()
    }

    pub(in crate::app) fn scroll(&mut self, rows: i16) -> Vec<Effect> {
        self.move_by(isize::from(rows));
        Vec::new()
    }

    /// Takes in how much room the last drawing found.
    pub(in crate::app) fn drawn(&mut self, viewport: Viewport) -> Vec<Effect> {
        if viewport == self.state.viewport {
            return Vec::new();
        }
        self.state.viewport = viewport;
        self.look_again();
        let height = |area: Option<crate::app::message::Area>| area.map(|area| usize::from(area.height));
        if let Some(height) = height(viewport.fleet) {
            self.state.fleet.height = height;
            self.state.fleet.keep_in_sight();
        }
        if let (Some(view), Some(height)) = (&mut self.state.deploys.view, height(viewport.lanes)) {
            view.height = height;
        }
        if let (Some(Dialog::Versions(picker)), Some(height)) = (&mut self.state.dialog, height(viewport.versions)) {
            picker.height = height;
        }
        if let (Some(view), Some(area)) = (&mut self.state.logs.view, viewport.logs) {
            view.fit(area);
        }
        self.keep_lanes_in_sight();
        self.move_in_picker(0);
        if let Some(view) = &mut self.state.environment {
            view.tree_height = height(viewport.tree).unwrap_or(view.tree_height);
            view.table_height = height(viewport.table).unwrap_or(view.table_height);
            view.timeline.height = height(viewport.events).unwrap_or(view.timeline.height);
            viewport.charts.into_iter().for_each(|area| view.charts.set_area(area));
            view.select_node(view.node);
            view.select_target(view.target);
        }
        self.keep_list_in_sight();
        self.plan();
        Vec::new()
    }
}

fn step(left: usize, right: bool, most: usize) -> usize {
    if right { (left + 1).min(most) } else { left.saturating_sub(1) }
}
