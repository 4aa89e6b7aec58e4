//! The state of the dashboard: messages in, effects out, nothing done here.
//!
//! [`App::handle`] takes what happened and returns what to do. It reads no clock, no file and no network; the
//! runtime carries the effects out and answers with their results.

mod action;
mod application;
mod check_settings;
mod columns;
mod console;
mod draft;
mod filter;
mod hit_map;
mod layer;
mod list;
mod message;
mod motions;
mod notifications;
pub mod operations;
mod readline;
mod response;
mod routes;
mod scopes;
pub mod screens;
mod session;
mod setup;
mod state;

pub use crate::change::{Confirmation, EnvironmentState, Operation};
pub use action::{ACTIONS, Action, ActionFacts, KeyClash, Keymap, Layer};
pub use application::App;
pub use check_settings::CheckSettings;
pub use columns::{Align, ColumnFacts, Cut, NOTHING};
pub use console::ConsolePage;
pub use draft::{Draft, DraftContent, EditIntent};
pub use filter::Filter;
pub use hit_map::{Area, Click, Hit, HitMap, Pane, Spot};
pub use list::ListState;
pub use message::{
    Effect, ExternalCommand, Message, Operated, Order, SessionFacts, SessionOpened, Undoable, UnfinishedOperation,
};
pub use motions::is_motion;
pub use response::{Response, Step};
pub use scopes::{ScopeState, ScopeStates};
pub use session::{SessionPhase, SessionState};
pub use setup::DashboardSetup;
pub use state::{LogEntry, Messages, Reason, State, TerminalState};
