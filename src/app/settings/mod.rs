//! Editing as the user has it: the Settings tab, and the way of an edit from what someone wants to what is live.
//!
//! A [`EditIntent`] waits until all is read that it is planned on; then it is a [`Draft`], which [`plan`](crate::change::plan())
//! makes concrete for the confirmation. What was written is awaited, value by value, until it is live.

mod arriving;
mod draft;
mod drafting;
mod following;
mod impact;
mod reverts;
mod routes;
mod view;
mod writing;

pub use arriving::{Arrival, Arriving, Awaited};
pub use draft::{Draft, DraftContent, EditIntent};
pub use impact::ImpactWatches;
pub use reverts::{RevertCheck, Reverts};
pub(in crate::app) use routes::{asked, turned};
pub use view::{SettingId, SettingsRow, SettingsView, object_title};
