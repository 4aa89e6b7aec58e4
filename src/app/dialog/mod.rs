//! What a user is asked: which action, which version, which values, and whether really.
//!
//! No key writes by itself: every write passes through a [`Confirm`], whose default is Cancel.

mod alarms;
mod confirm;
mod day_two;
mod form;
mod groups;
mod https;
mod picker;
mod planned;
mod sizes;
mod waiting;

use super::action::Layer;
use super::deploys::RollbackCheck;
use super::https::Guide;
use super::palette::Palette;

pub use confirm::{Button, Confirm, Ground, Intent};
pub use form::{Form, FormLine};
pub use groups::GroupPicker;
pub use picker::Picker;
pub use planned::route_words;
pub use sizes::SizeForm;
pub use waiting::{Conflict, Waiting};

/// What is asked.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Which action.
    Palette(Palette),
    /// How many instances.
    Sizes(SizeForm),
    /// Which application version to deploy.
    Versions(Picker),
    /// Which target group.
    Groups(GroupPicker),
    /// Which values.
    Form(Box<Form>),
    /// Nothing yet: what it hangs on is being read.
    Waiting(Box<Waiting>),
    /// Nothing yet: what a rollback would go back to is being read.
    Rollback(Box<RollbackCheck>),
    /// What is needed for HTTPS.
    Https(Box<Guide>),
    /// How far HTTPS is.
    Progress,
    /// Whether to write this.
    Confirm(Box<Confirm>),
    /// What to do now that something else is live than was seen.
    Conflict(Box<Conflict>),
}

impl Dialog {
    /// Which keys apply in it.
    #[must_use]
    pub fn layer(&self) -> Layer {
        match self {
            Self::Versions(_) => Layer::Picker,
            Self::Groups(_) => Layer::Groups,
            Self::Form(_) | Self::Sizes(_) => Layer::Form,
            Self::Https(_) | Self::Progress => Layer::Guide,
            Self::Palette(_) => Layer::Palette,
            Self::Confirm(confirm) if confirm.button == Button::Name => Layer::Name,
            Self::Confirm(_) => Layer::Confirm,
            Self::Waiting(_) | Self::Rollback(_) | Self::Conflict(_) => Layer::Told,
        }
    }
}
