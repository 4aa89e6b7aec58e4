//! The mouse, and how much room the last drawing found.

use crate::app::application::App;
use crate::app::dialog::Dialog;
use crate::app::environment::{Focus, Tab};
use crate::app::message::{Area, Effect, Viewport};
use crate::app::screens::Screen;
use crate::app::state::List;

impl App {
    pub(in crate::app) fn click(&mut self, x: u16, y: u16) -> Vec<Effect> {
        let Viewport { fleet, tree, table, list, .. } = self.state.viewport;
        let at = |area: Option<Area>| area.and_then(|area| area.line_at(x, y));
        match self.state.screens.top_mut() {
            Some(Screen::List(open)) => {
                let open = *open;
                match at(list) {
                    Some(line) => self.state.screens.open(List { selected: open.scroll + line, ..open }),
                    None => drop(self.state.screens.take_list().map(|_| ())),
                }
                self.move_by(0);
            }
            // A click beside a dialog, or into it, does nothing: no write is a slip of the hand away.
            Some(Screen::Dialog(_) | Screen::Logs(_) | Screen::Deploy(_)) => {}
            Some(Screen::Environment(view)) if view.tab == Tab::Targets => {
                if let Some(line) = at(tree) {
                    view.focus = Focus::Tree;
                    view.select_node(view.tree_scroll + line);
                } else if let Some(line) = at(table) {
                    view.focus = Focus::Table;
                    view.select_target(view.table_scroll + line);
                }
                self.rebuild_environment();
            }
            Some(Screen::Environment(_)) => self.click_in_tab(x, y),
            Some(Screen::Filter(_)) | None => {
                let Some(line) = at(fleet) else { return Vec::new() };
                let place = self.state.fleet.scroll + line;
                if self.state.fleet.position() == Some(place) {
                    return self.open();
                } else if place < self.state.fleet.len() {
                    self.state.fleet.select_at(place);
                }
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
        let height = |area: Option<Area>| area.map(|area| usize::from(area.height));
        if let Some(height) = height(viewport.fleet) {
            self.state.fleet.height = height;
            self.state.fleet.keep_in_sight();
        }
        if let (Some(view), Some(height)) = (self.state.screens.deploy_mut(), height(viewport.lanes)) {
            view.height = height;
        }
        if let (Some(Dialog::Palette(palette)), Some(height)) =
            (self.state.screens.dialog_mut(), height(viewport.versions))
        {
            palette.height = height;
        }
        if let (Some(Dialog::Versions(picker)), Some(height)) =
            (self.state.screens.dialog_mut(), height(viewport.versions))
        {
            picker.height = height;
        }
        if let (Some(Dialog::Https(guide)), Some(beyond)) = (self.state.screens.dialog_mut(), viewport.beyond) {
            guide.fit(beyond);
        }
        if let (Some(view), Some(area)) = (self.state.screens.logs_mut(), viewport.logs) {
            view.fit(area);
        }
        self.keep_lanes_in_sight();
        self.move_in_picker(0);
        if let Some(view) = self.state.screens.environment_mut() {
            view.tree_height = height(viewport.tree).unwrap_or(view.tree_height);
            view.table_height = height(viewport.table).unwrap_or(view.table_height);
            view.settings.height = height(viewport.settings).unwrap_or(view.settings.height);
            view.settings.keep_in_sight();
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
