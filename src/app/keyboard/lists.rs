//! Lists over the screen, and how the Fleet is arranged.

use crate::app::application::App;
use crate::app::fleet::{COLUMNS, Fleet};
use crate::app::list::ListState;
use crate::app::overlay::{List, Overlay};

impl App {
    pub(super) fn show(&mut self, overlay: Overlay) {
        let selected = match overlay {
            Overlay::Sort => COLUMNS.iter().position(|facts| facts.column == self.state.fleet.sort).unwrap_or(0),
            _ => 0,
        };
        let mut rows = ListState::new(self.list_length(overlay));
        rows.select(selected);
        self.state.screens.open(List { overlay, rows });
    }

    /// Enter, in a list.
    pub(super) fn choose_in_list(&mut self, list: List) {
        match list.overlay {
            Overlay::Sort => {
                let column = COLUMNS.get(list.rows.selected()).map(|facts| facts.column);
                self.state.screens.take_list();
                self.arrange(|fleet| fleet.sort = column.unwrap_or(fleet.sort));
            }
            Overlay::Columns => self.toggle_column(),
            Overlay::Help | Overlay::Log => {
                self.state.screens.take_list();
            }
        }
    }

    fn list_length(&self, overlay: Overlay) -> usize {
        match overlay {
            Overlay::Help => crate::app::action::ACTIONS.len(),
            Overlay::Log => self.state.log.len(),
            Overlay::Columns | Overlay::Sort => COLUMNS.len(),
        }
    }

    pub(super) fn toggle_column(&mut self) {
        let Some(List { overlay: Overlay::Columns, rows }) = self.state.screens.list().copied() else { return };
        let selected = rows.selected();
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

    pub(super) fn arrange(&mut self, change: impl FnOnce(&mut Fleet)) {
        change(&mut self.state.fleet);
        self.state.fleet.arrange();
        self.plan();
    }
}
