//! The one path of every write, for the screen and the commands alike.
//!
//! Refuse what must not be, record that it begins, read again and compare with what was seen, write once, look, record
//! how it ended. What is recorded is on the disk before anything is sent: without a line in the log there is no write.
//! A write whose answer was lost is looked up and never repeated.

mod audit;
mod entry;
mod examine;
mod gate;
mod https;
mod line;
mod look_up;
mod patience;
mod perform;
pub mod private_file;
mod reading;
mod settings;
mod settle;
mod site;
mod way_back;

pub use audit::{AuditLog, History};
pub use entry::Entry;
pub use gate::{gate, gate_course, gate_plan};
pub use line::AnyStep;
pub use perform::{Caller, Writer};
pub use settings::unread;
pub use way_back::{Unfinished, unfinished};
