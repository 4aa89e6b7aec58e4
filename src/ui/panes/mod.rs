//! The regions of the screen, a file each.

mod arrivals;
mod badges;
mod charts;
mod deploy;
mod environment;
mod fleet;
mod footer;
mod header;
mod logs;
mod message;
mod pieces;

mod settings;
mod severity;
mod tabs;
mod targets;
mod timeline;
mod tree;

pub use deploy::deploy;
pub use environment::environment;
pub use fleet::fleet;
pub use footer::footer;
pub use header::header;
pub use logs::logs;
