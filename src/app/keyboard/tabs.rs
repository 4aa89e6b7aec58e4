//! The tabs of an environment: which is shown, and what keys do in Metrics and Events.

use crate::app::action::Action;
use crate::app::application::App;
use crate::app::environment::{Focus, Tab};
use crate::app::hit_map::Pane;
use crate::app::state::State;
use crate::model::{Chart, Environment};

impl App {
    /// Shows a tab of the environment that is open.
    pub(super) fn turn_to(&mut self, tab: Tab) {
        if let Some(view) = self.state.screens.environment_mut() {
            view.focus = Focus::Table;
            view.tab = tab;
            self.rebuild_environment();
            self.plan();
        }
    }

    /// On the Targets tab between tree and table, the others have one pane: there to the next tab.
    pub(super) fn turn_pane(&mut self, forward: bool) {
        let Some(view) = self.state.screens.environment_mut() else { return };
        if view.tab == Tab::Targets {
            view.focus = if view.focus == Focus::Tree { Focus::Table } else { Focus::Tree };
            return;
        }
        let place = Tab::ALL.iter().position(|tab| *tab == view.tab).unwrap_or(0);
        let next = if forward { place + 1 } else { place + Tab::ALL.len() - 1 } % Tab::ALL.len();
        self.turn_to(Tab::ALL[next]);
    }

    pub(super) fn change_charts(&mut self, action: Action) {
        let Some(view) = self.state.screens.environment_mut() else { return };
        let charts = &mut view.charts;
        match action {
            Action::Longer => charts.range = charts.range.longer(),
            Action::Shorter => charts.range = charts.range.shorter(),
            Action::Zones => charts.zones = !charts.zones,
            _ => charts.classic = !charts.classic,
        }
        self.plan();
    }

    pub(super) fn change_severity(&mut self) {
        if let Some(view) = self.state.screens.environment_mut() {
            view.timeline.least = view.timeline.least.next();
        }
    }

    /// The environment that is open, if it is listed.
    fn opened(&self) -> Option<&Environment> {
        self.state.snapshot().inventory.environments.get(&self.state.screens.environment()?.key)
    }

    pub(super) fn move_in_tab(&mut self, rows: isize) {
        let Some(environment) = self.opened().cloned() else { return };
        let State { screens, scopes, .. } = &mut self.state;
        let Some(view) = screens.environment_mut() else { return };
        if view.tab == Tab::Settings {
            view.settings.move_by(rows);
        } else if view.tab == Tab::Events {
            let events = view.timeline.clone().events(&scopes.shown().snapshot.inventory, &environment);
            view.timeline.move_by(rows, &events);
        } else {
            view.charts.move_by(rows);
            self.plan();
        }
    }

    /// Esc removes the crosshair first, then closes the large chart.
    pub(super) fn leave_in_tab(&mut self) -> bool {
        let Some(view) = self.state.screens.environment_mut().filter(|view| view.tab == Tab::Metrics) else {
            return false;
        };
        if view.charts.cursor.take().is_some() {
            return true;
        }
        let was_whole = std::mem::take(&mut view.charts.whole);
        if was_whole {
            self.plan();
        }
        was_whole
    }

    pub(super) fn click_in_tab(&mut self, x: u16, y: u16) {
        let rows = self.state.hit_map.area(Pane::Settings);
        let Some(view) = self.state.screens.environment_mut() else { return };
        match view.tab {
            Tab::Metrics => {
                let places = view.charts.places();
                let clicked = places.iter().find(|(_, area)| area.line_at(x, y).is_some());
                let at = clicked.and_then(|(chart, _)| Chart::ALL.iter().position(|other| other == chart));
                view.charts.selected = at.unwrap_or(view.charts.selected);
            }
            Tab::Settings => {
                if let Some(line) = rows.and_then(|area| area.line_at(x, y)) {
                    view.settings.select(view.settings.list.scroll() + line, true);
                }
            }
            Tab::Targets | Tab::Events => {}
        }
    }
}
