//! The dialogs: which action, which version, which values, and the confirmation.
//!
//! No key writes by itself: every write passes through a [`Confirm`], whose default is Cancel.

mod alarms;
mod confirm;
mod form;
mod ground;
mod groups;
mod https;
mod instance_actions;
mod picker;
mod planned;
mod sizes;
mod waiting;

use super::action::Layer;
use super::deploys::RollbackCheck;
use super::https::Guide;
use super::list::ListState;
use super::palette::Palette;
use crate::change::needs_egress;
use crate::model::{Environment, Key};
use crate::polling::Question;

pub use confirm::{Button, Confirm, Intent};
pub use form::{Form, FormLine};
pub use ground::ConfirmInputs;
pub use groups::GroupPicker;
pub use picker::Picker;
pub use planned::route_words;
pub use sizes::InstanceLimitsForm;
pub use waiting::{Conflict, PendingIntent};

/// A dialog.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Chooses an action.
    Palette(Palette),
    /// Sets the number of instances.
    InstanceLimits(InstanceLimitsForm),
    /// Chooses the application version to deploy.
    Versions(Picker),
    /// Chooses a target group.
    Groups(GroupPicker),
    /// Sets values.
    Form(Box<Form>),
    /// Waits until everything is read that the next dialog depends on.
    Waiting(Box<PendingIntent>),
    /// Nothing yet: what a rollback would go back to is being read.
    Rollback(Box<RollbackCheck>),
    /// The guide for HTTPS.
    Https(Box<Guide>),
    /// The progress of HTTPS.
    Progress,
    /// Confirms a write.
    Confirm(Box<Confirm>),
    /// Asks what to do when the live value is not the one that was seen.
    Conflict(Box<Conflict>),
}

impl Dialog {
    /// Moves its selection, or scrolls its text, by so many rows.
    pub fn move_by(&mut self, rows: isize) {
        match self {
            Self::Groups(picker) => picker.rows.move_by(rows),
            Self::Https(guide) => guide.move_by(rows),
            Self::Confirm(confirm) => confirm.text.scroll_by(rows),
            _ => {}
        }
    }

    /// Its rows or its text, if it has more than it may have room for.
    pub fn rows_mut(&mut self) -> Option<&mut ListState> {
        match self {
            Self::Palette(palette) => Some(&mut palette.rows),
            Self::Versions(picker) => Some(&mut picker.rows),
            Self::Groups(picker) => Some(&mut picker.rows),
            Self::Form(form) => Some(&mut form.rows),
            Self::Confirm(confirm) => Some(&mut confirm.text),
            Self::Https(guide) => guide.rows_mut(),
            Self::InstanceLimits(_) | Self::Waiting(_) | Self::Rollback(_) | Self::Progress | Self::Conflict(_) => None,
        }
    }

    /// Returns the questions that it waits for, which are read before everything else.
    #[must_use]
    pub fn awaited(&self) -> Vec<Question> {
        match self {
            Self::Versions(picker) => vec![Question::These(vec![picker.source()])],
            Self::Rollback(check) => vec![Question::These(vec![check.versions.clone()])],
            Self::Waiting(waiting) => vec![Question::Settings(waiting.environment.clone())],
            _ => Vec::new(),
        }
    }

    /// Returns its questions: the basis of a plan is read again for as long as the plan is on screen.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let draft = if let Self::Confirm(confirm) = self { confirm.draft.as_ref() } else { None };
        let settings = draft.map(|it| Question::Settings(it.environment.clone()));
        settings.into_iter().chain(self.edited_port().cloned().map(Question::Egress)).collect()
    }

    /// The environment of an edit in progress that changes a port.
    fn edited_port(&self) -> Option<&Key<Environment>> {
        match self {
            Self::Form(form) => {
                let is_port = |line: &FormLine| needs_egress(line.field.facts.key) && line.is_changed();
                form.lines.iter().any(is_port).then_some(&form.environment)
            }
            Self::Confirm(confirm) => confirm.draft.as_ref().filter(|it| it.changes_port()).map(|it| &it.environment),
            Self::Waiting(waiting) => waiting.wish.changes_port().then_some(&waiting.environment),
            _ => None,
        }
    }

    /// Returns the layer whose keys apply in it.
    #[must_use]
    pub fn layer(&self) -> Layer {
        match self {
            Self::Versions(_) => Layer::Picker,
            Self::Groups(_) => Layer::Groups,
            Self::Form(_) | Self::InstanceLimits(_) => Layer::Form,
            Self::Https(_) | Self::Progress => Layer::Guide,
            Self::Palette(_) => Layer::Palette,
            Self::Confirm(confirm) if confirm.button == Button::Name => Layer::Name,
            Self::Confirm(_) => Layer::Confirm,
            Self::Waiting(_) | Self::Rollback(_) | Self::Conflict(_) => Layer::Notice,
        }
    }
}
