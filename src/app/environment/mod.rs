//! One environment: the tree on the left, its targets on the right.

mod explain;
mod targets;
mod tree;
mod view;
mod words;

pub use explain::explain_target;
pub use targets::{TARGET_COLUMNS, TargetColumn, TargetRow, target_rows};
pub use tree::{Node, NodeKind, Sight, tree};
pub use view::{EnvironmentView, Focus};
pub use words::{group_title, process_name};
