//! Lists over the screen, and how the Fleet is arranged.

use crate::app::application::App;
use crate::app::fleet::{COLUMNS, Fleet};
use crate::app::state::{List, Overlay};

impl App {
    pub(super) fn show(&mut self, overlay: Overlay) {
        let selected = match overlay {
            Overlay::Sort => COLUMNS.iter().position(|facts| facts.column == self.state.fleet.sort).unwrap_or(0),
            _ => 0,
        };
        self.state.screens.open(List { overlay, selected, scroll: 0 });
        self.keep_list_in_sight();
    }

    /// Enter, in a list.
    pub(super) fn choose_in_list(&mut self, list: List) {
        match list.overlay {
            Overlay::Sort => {
                let column = COLUMNS.get(list.selected).map(|facts| facts.column);
                self.state.screens.take_list();
                self.arrange(|fleet| fleet.sort = column.unwrap_or(fleet.sort));
            }
            Overlay::Columns => self.toggle_column(),
            Overlay::Help | Overlay::Log => {
                self.state.screens.take_list();
            }
        }
    }

    pub(super) fn list_length(&self, overlay: Overlay) -> usize {
        match overlay {
            Overlay::Help => crate::app::action::ACTIONS.len(),
            Overlay::Log => self.state.log.len(),
            Overlay::Columns | Overlay::Sort => COLUMNS.len(),
        }
    }

    pub(super) fn keep_list_in_sight(&mut self) {
        let length = self.state.screens.list().map_or(0, |list| self.list_length(list.overlay));
        let height = self.state.viewport.list.map_or(10, |area| usize::from(area.height)).max(1);
        if let Some(list) = self.state.screens.list_mut() {
            let most = length.saturating_sub(height);
            list.scroll = list.scroll.clamp((list.selected + 1).saturating_sub(height), list.selected).min(most);
        }
    }

    pub(super) fn toggle_column(&mut self) {
        let Some(List { overlay: Overlay::Columns, selected, .. }) = self.state.screens.list().copied() else { return };
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
