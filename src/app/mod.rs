//! The state of the dashboard: messages in, effects out, nothing done here.
//!
//! [`App::handle`] takes what happened and returns what to do. It reads no clock, no file and no network; the
//! runtime carries the effects out and answers with their results.

mod action;
mod answers;
mod application;
mod availability;
mod columns;
mod commands;
pub mod deploys;
pub mod dialog;
pub mod environment;
pub mod fleet;
mod hit_map;
pub mod https;
mod keyboard;
mod list;
pub mod logs;
mod message;
mod operating;
mod overlay;
mod palette;
mod planning;
mod scopes;
pub mod screens;
mod session;
pub mod settings;
mod state;
mod writing;

pub use crate::change::{Confirmation, EnvironmentState, Operation};
pub use action::{ACTIONS, Action, ActionFacts, KeyClash, Keymap, Layer};
pub use application::App;
pub use availability::Reason;
pub use columns::{Align, ColumnFacts, Cut, NOTHING};
pub use commands::{PaletteRow, palette_rows};
pub use hit_map::{Area, Hit, HitMap, Pane};
pub use list::ListState;
pub use message::{
    Effect, ExternalCommand, Message, Operated, Order, SessionFacts, SessionOpened, Undoable, UnfinishedOperation,
};
pub use overlay::{List, Overlay};
pub use palette::Palette;
pub use scopes::{ScopeState, ScopeStates};
pub use session::{SessionPhase, SessionState};
pub use state::{DashboardSetup, LogEntry, State};
pub use writing::Writing;
