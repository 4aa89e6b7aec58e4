//! One environment: the tree and its targets, its charts, its events.

mod acting;
mod alarms;
mod charts;
mod editing;
mod explain;
mod findings;
mod group_facts;
mod quiet;
mod settings;
mod targets;
mod timeline;
mod tree;
mod view;
mod words;

pub use alarms::{AlarmRow, AlarmsView};
pub use charts::ChartsView;
pub use explain::explain_target;
pub use findings::{FindingRow, FindingsView};
pub use group_facts::{group_facts, group_lines, rule_line};
pub use settings::{SettingId, SettingsRow, SettingsShown, SettingsView, object_title};
pub use targets::{TARGET_COLUMNS, TargetColumn, TargetRow, target_rows, worst_first};
pub use timeline::{Least, TimelineView};
pub use tree::{Node, NodeKind, tree};
pub use view::{EnvironmentView, Focus, Tab};
pub use words::{group_title, process_name, without_metrics, without_settings};
