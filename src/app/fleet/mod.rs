//! The home screen: every environment a row, sorted, filtered, and never jumping under the cursor.

mod aged;
mod columns;
mod row;
mod view;

pub use aged::has_old_targets;
pub use columns::{COLUMNS, Column, was};
pub use row::{FleetRow, row};
pub use view::{Filter, Fleet, FleetLine};
