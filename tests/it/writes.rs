//! Writes to the simulated region through the real SDK, on a paused clock: what is sent and how often, the log
//! before and after, and the messages of failures.

mod alarms;
mod claims;
mod create_version;
mod earlier;
mod evidence;
mod https;
mod https_lost;
mod instance_actions;
mod journal;
mod lost;
mod mute;
mod options;
mod plainly;
mod protection;
mod recorded;
mod rollback;
pub mod settings;
mod settings_kept;
mod settings_lost;
pub mod stage;
mod swap;
pub mod terrain;
