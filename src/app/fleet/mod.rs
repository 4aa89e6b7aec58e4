//! The home screen: every environment a row, sorted, filtered, and never jumping under the cursor.

mod attention;
mod columns;
mod explain;
mod figures;
mod judgement;
mod row;
mod view;

pub use attention::{Attention, Reason, Summary, of_health};
pub use columns::{COLUMNS, Column, was};
pub use explain::explain;
pub use figures::{Figures, TREND, error_share, figures};
pub use judgement::Judgement;
pub use row::{Drifting, Row, Stickiness, Tls, row, stickiness_of};
pub use view::{Filter, Fleet, Line};
