//! The impure shell: the loop, the terminal, the tasks and the clock.
//!
//! One task owns the [`App`](crate::app::App). Tasks that read from AWS, the input and the signals send it messages; it
//! answers with effects, which are carried out here.

mod alarms;
mod backoff;
mod browser;
mod clipboard;
mod clock;
mod configuration_file;
mod dashboard;
mod events;
mod external_command;
mod freeze;
mod gather;
mod impact;
mod input;
mod journal;
mod logs;
mod notifier;
mod probing;
mod reading;
mod resume;
mod screenshot;
mod signals;
mod tails;
mod tasks;
mod terminal;
mod unseen;
mod update;
mod watch;
mod writer;
pub mod writes;

pub use alarms::read_alarms;
pub use backoff::patiently;
pub use clock::Clock;
pub use dashboard::{Dashboard, DashboardStart, Ending, TestFaults};
pub use events::{EventNews, EventsEnded, follow_events};
pub use freeze::follow_freeze;
pub use gather::{Gathered, PATIENCE, ReadProgress, Waiting, gather, gather_and_observe};
pub use impact::follow_impact;
pub use journal::{journal_changes, own_changes};
pub use logs::ask_logs;
pub use notifier::{Notifier, command_words};
pub use probing::probe;
pub use reading::Means;
pub use resume::{Resumed, resume, roll_back, rollback_watch};
pub use screenshot::{NoScreenshot, Screenshot};
pub use signals::{Signal, Signals};
pub use tails::tails;
pub use terminal::{keep_panics, panic_text, terminal_width};
pub use unseen::unseen_lines;
pub use update::{Following, UpdateEnd, Watched, follow_update, follow_update_in_trouble};
