//! The one path of every write, for the screen and the commands alike.
//!
//! Refuse what must not be, record that it begins, read again and compare with what was seen, send once, look, record
//! how it ended. What is recorded is on the disk before anything is sent: without a line in the log there is no write.
//! A write whose answer was lost is looked up and never repeated.

mod audit;
mod backoff;
mod caller;
mod create_version;
mod earlier;
mod engine;
mod entry;
mod freeze_file;
mod gate;
mod guards;
mod history;
mod key_file;
mod line;
mod lock;
mod look_up;
mod outside;
pub mod private_file;
mod process;
mod protection;
mod reading;
mod send;
mod settle;
mod site;
mod swap;
mod writer;

pub use audit::{AuditLog, History};
pub use caller::Caller;
pub use entry::Entry;
pub use freeze_file::{FreezeFile, Lifted, NotFrozen};
pub use gate::gate;
pub use guards::unread;
pub use history::{Unfinished, unfinished};
pub use line::KeptVerdict;
pub use writer::JournalWriter;
