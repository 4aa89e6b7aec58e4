//! The home screen: every environment a row, sorted, filtered, and never jumping under the cursor.

mod columns;
mod explain;
mod figures;
mod row;
mod view;

pub use columns::{COLUMNS, Column};
pub use explain::explain;
pub use figures::{Figures, TREND, error_share, figures};
pub use row::{Drifting, Known, Row, Stickiness, TargetCounts, Tls, row, stickiness_of};
pub use view::{Filter, Fleet, Line};
