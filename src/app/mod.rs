//! What the user is doing: messages in, effects out, nothing done here.
//!
//! [`App::handle`] takes what happened and answers with what to do. It reads no clock, no file and no network; the
//! runtime carries the effects out and answers with what came of them.

mod action;
mod application;
mod columns;
pub mod deploys;
pub mod dialog;
pub mod environment;
pub mod fleet;
pub mod https;
mod intake;
mod keyboard;
pub mod logs;
mod message;
mod operating;
mod palette;
mod planning;
mod scopes;
pub mod screens;
mod session;
pub mod settings;
mod state;

pub use crate::change::{Consent, Operation, Standing};
pub use action::{ACTIONS, Action, ActionFacts, KeyClash, Keymap, Layer};
pub use application::App;
pub use columns::{Align, ColumnFacts, Cut, NOTHING};
pub use message::{
    Area, Effect, Errand, Message, Operated, Order, SessionFacts, SessionOpened, Undoable, Unfinished, Viewport,
};
pub use operating::Writing;
pub use palette::Palette;
pub use scopes::{ScopeState, ScopeStates};
pub use session::{Phase, Session};
pub use state::{List, LogEntry, Overlay, Setup, State};
