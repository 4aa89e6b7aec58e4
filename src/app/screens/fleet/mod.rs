//! The home screen: every environment a row, sorted, filtered, and never jumping under the cursor.

mod acting;
mod aged;
mod change;
mod columns;
mod preview;
pub mod preview_text;
mod reachable;
mod row;
mod view;

pub use aged::has_old_targets;
pub use change::FleetChange;
pub use columns::{COLUMNS, Column, was};
pub use preview::Preview;
pub use row::{FleetRow, row};
pub use view::{Fleet, FleetLine, searched_text};
