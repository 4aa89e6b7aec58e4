//! Moving: by rows and pages in the focused list, and sideways.

use crate::app::action::Action;
use crate::app::application::App;
use crate::app::environment::{Focus, TARGET_COLUMNS, Tab};
use crate::app::screens::Screen;

impl App {
    pub(super) fn travel(&mut self, action: Action) {
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

    /// Returns how many rows a page of the focused list has.
    fn page(&self) -> isize {
        let page = match self.state.screens.top() {
            Some(Screen::List(list)) => list.rows.height(),
            Some(Screen::Logs(view)) => view.rows.height(),
            Some(Screen::Deploy(view)) => view.lanes.height(),
            Some(Screen::Environment(view)) => view.rows_of_a_page(),
            Some(Screen::Dialog(_) | Screen::Filter(_)) | None => self.state.fleet.rows.height(),
        };
        page as isize
    }

    /// Moves the selection of the focused list, or scrolls it, by so many rows.
    pub(super) fn move_by(&mut self, rows: isize) {
        match self.state.screens.top_mut() {
            Some(Screen::List(list)) => list.rows.move_by(rows),
            Some(Screen::Dialog(dialog)) => dialog.move_by(rows),
            Some(Screen::Logs(view)) => view.rows.scroll_by(rows),
            Some(Screen::Deploy(view)) => view.lanes.scroll_by(rows),
            Some(Screen::Environment(view)) if view.tab == Tab::Targets => {
                let node = view.tree.selected();
                view.list_mut().move_by(rows);
                if view.tree.selected() != node {
                    self.rebuild_environment();
                }
            }
            Some(Screen::Environment(_)) => self.move_in_tab(rows),
            Some(Screen::Filter(_)) | None => {
                self.state.fleet.move_by(rows);
                self.plan();
            }
        }
    }

    pub(super) fn sideways(&mut self, right: bool) {
        let now = self.state.shown_at();
        match self.state.screens.environment_mut() {
            Some(view) if view.tab == Tab::Metrics => view.charts.move_cursor(if right { 1 } else { -1 }, now),
            Some(view) if view.focus == Focus::Tree => {
                if view.fold(!right) {
                    self.rebuild_environment();
                }
            }
            Some(view) => view.left = step(view.left, right, TARGET_COLUMNS.len() - 2),
            None => {
                let most = self.state.fleet.columns.len().saturating_sub(2);
                self.state.fleet.left = step(self.state.fleet.left, right, most);
            }
        }
    }
}

fn step(left: usize, right: bool, most: usize) -> usize {
    if right { (left + 1).min(most) } else { left.saturating_sub(1) }
}
