//! Editing: the Settings tab, and the steps of an edit from the user's intent to the live value.
//!
//! A [`EditIntent`] waits until everything is read that its plan needs; then it is a [`Draft`], which
//! [`plan`](crate::change::plan()) makes concrete for the confirmation. Each value is awaited until it is live.

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
