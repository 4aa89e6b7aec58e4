//! The mouse, and how much room the last drawing found.

use crate::app::application::App;
use crate::app::environment::{Focus, Tab};
use crate::app::hit_map::{Hit, HitMap, Pane};
use crate::app::list::ListState;
use crate::app::message::Effect;
use crate::app::screens::Screen;
use crate::app::state::State;

impl App {
    pub(in crate::app) fn click(&mut self, x: u16, y: u16) -> Vec<Effect> {
        let hit = |pane: Pane| self.state.hit_map.line_at(pane, x, y);
        let (fleet, tree, targets, list) = (hit(Pane::Fleet), hit(Pane::Tree), hit(Pane::Targets), hit(Pane::List));
        match self.state.screens.top_mut() {
            Some(Screen::List(open)) => match list {
                Some(line) => open.rows.select(open.rows.scroll() + line),
                None => drop(self.state.screens.take_list()),
            },
            // A click beside a dialog, or into it, does nothing: no write is a slip of the hand away.
            Some(Screen::Dialog(_) | Screen::Logs(_) | Screen::Deploy(_)) => {}
            Some(Screen::Environment(view)) if view.tab == Tab::Targets => {
                if let Some(line) = tree {
                    view.focus = Focus::Tree;
                    view.tree.select(view.tree.scroll() + line);
                } else if let Some(line) = targets {
                    view.focus = Focus::Table;
                    view.table.select(view.table.scroll() + line);
                }
                self.rebuild_environment();
            }
            Some(Screen::Environment(_)) => self.click_in_tab(x, y),
            Some(Screen::Filter(_)) | None => {
                let Some(line) = fleet else { return Vec::new() };
                let place = self.state.fleet.rows.scroll() + line;
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

    /// Applies the areas that the last drawing recorded.
    pub(in crate::app) fn drawn(&mut self, hit_map: HitMap) -> Vec<Effect> {
        if hit_map == self.state.hit_map {
            return Vec::new();
        }
        self.look_again();
        for hit in hit_map.iter() {
            self.state.fit(hit);
        }
        self.state.hit_map = hit_map;
        self.plan();
        Vec::new()
    }
}

impl State {
    /// Records the size of a pane.
    fn fit(&mut self, hit: &Hit) {
        match hit.pane {
            Pane::Charts => self.screens.environment_mut().into_iter().for_each(|view| view.charts.set_area(hit.area)),
            Pane::Log => self.screens.logs_mut().into_iter().for_each(|view| view.fit(hit.area)),
            Pane::Events => {
                let height = usize::from(hit.area.height);
                self.screens.environment_mut().into_iter().for_each(|view| view.timeline.height = height);
            }
            pane => {
                if let Some(list) = self.list_mut(pane) {
                    list.fit(usize::from(hit.area.height));
                    hit.length.into_iter().for_each(|length| list.resize(length));
                }
            }
        }
    }

    /// The list that a pane shows, if it is on screen.
    fn list_mut(&mut self, pane: Pane) -> Option<&mut ListState> {
        match pane {
            Pane::Fleet => Some(&mut self.fleet.rows),
            Pane::Tree => self.screens.environment_mut().map(|view| &mut view.tree),
            Pane::Targets => self.screens.environment_mut().map(|view| &mut view.table),
            Pane::Settings => self.screens.environment_mut().map(|view| &mut view.settings.list),
            Pane::Lanes => self.screens.deploy_mut().map(|view| &mut view.lanes),
            Pane::Dialog => self.screens.dialog_mut()?.rows_mut(),
            Pane::List => self.screens.list_mut().map(|list| &mut list.rows),
            Pane::Charts | Pane::Events | Pane::Log => None,
        }
    }
}
