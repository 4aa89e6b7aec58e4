//! How the Fleet is arranged, and what changes that.

use super::columns::{COLUMNS, Column};
use super::view::Fleet;
use crate::model::{Environment, Key};

/// A change of how the Fleet is arranged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FleetChange {
    /// Sorts by this column.
    Sort(Column),
    /// Reverses the order.
    Reverse,
    /// Shows only what needs attention, or all again.
    Attention,
    /// Shows only what contains these words.
    Filter(String),
    /// Shows all.
    ShowAll,
    /// Selects an environment, if it is shown.
    Select(Key<Environment>),
    /// Shows the preview, or hides it.
    Preview,
    /// Gives the preview so many rows, or columns where it lies beside the table.
    PreviewSize(u16),
    /// Shows this column, or hides it.
    Toggle(Column),
}

impl Fleet {
    /// Arranges it in another way.
    pub fn change(&mut self, change: FleetChange) {
        match change {
            FleetChange::Sort(column) => self.sort = column,
            FleetChange::Reverse => self.reverse = !self.reverse,
            FleetChange::Attention => self.attention = !self.attention,
            FleetChange::Filter(filter) => self.filter = filter,
            FleetChange::ShowAll => {
                self.filter.clear();
                self.attention = false;
            }
            FleetChange::Select(key) => {
                let place = self.iter().position(|line| line.row.key == key);
                if let Some(at) = place {
                    self.select_at(at);
                }
            }
            FleetChange::Preview => self.preview.is_on = !self.preview.is_on,
            FleetChange::PreviewSize(size) => self.preview.size = Some(size),
            FleetChange::Toggle(column) => self.toggle(column),
        }
        self.arrange();
    }

    fn toggle(&mut self, column: Column) {
        if let Some(at) = self.columns.iter().position(|shown| *shown == column) {
            if self.columns.len() > 1 {
                self.columns.remove(at);
            }
        } else {
            // It goes where the table has it among those shown.
            let place = COLUMNS.iter().position(|facts| facts.column == column).unwrap_or(COLUMNS.len());
            let at = self.columns.iter().position(|shown| *shown as usize > place).unwrap_or(self.columns.len());
            self.columns.insert(at, column);
        }
    }
}
