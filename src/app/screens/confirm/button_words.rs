//! What the buttons of a confirmation are called: each by what it does.

use super::{Confirm, Intent};
use crate::app::draft::DraftContent;
use crate::change::{Operation, OperationKind, StepProgress};

impl Confirm {
    /// Returns the words of the button that writes nothing, and of the one that writes.
    #[must_use]
    pub fn button_words(&self) -> (&'static str, &'static str) {
        match (&self.intent, &self.made_of, &self.draft) {
            (Some(Intent::HandOver(_)), ..) => ("Cancel", "Open the session"),
            (Some(Intent::Pass(_)), ..) => ("Stop here", "Go on without proof"),
            (Some(Intent::Operate(operation)), ..) => words(operation),
            (None, Some(operation), _) => words(operation),
            (None, None, Some(draft)) if matches!(draft.what, DraftContent::Undo(_)) => of_kind(OperationKind::Undo),
            (None, None, _) => of_kind(OperationKind::Set),
        }
    }
}

/// HTTPS that was begun goes on, whichever way it goes.
fn words(operation: &Operation) -> (&'static str, &'static str) {
    let is_begun = operation.steps.iter().any(|step| step.progress == StepProgress::Done);
    match operation.kind {
        OperationKind::Https if is_begun => ("Stop here", "Go on"),
        kind => of_kind(kind),
    }
}

fn of_kind(kind: OperationKind) -> (&'static str, &'static str) {
    match kind {
        OperationKind::Deploy => ("Cancel", "Deploy"),
        OperationKind::Abort => ("Keep deploying", "Abort"),
        OperationKind::Restart => ("Cancel", "Restart"),
        OperationKind::Replace => ("Keep the instance", "Terminate"),
        OperationKind::Scale => ("Cancel", "Scale"),
        OperationKind::Set => ("Cancel", "Apply"),
        OperationKind::Undo => ("Keep it", "Undo"),
        OperationKind::Rollback => ("Keep the version", "Roll back"),
        OperationKind::Https => ("Cancel", "Set up HTTPS"),
        OperationKind::HttpsBack => ("Keep HTTPS", "Take HTTPS back"),
        OperationKind::Mute => ("Cancel", "Mute"),
        OperationKind::Unmute => ("Stay muted", "Unmute"),
        OperationKind::CreateAlarms | OperationKind::CreateVersion => ("Cancel", "Create"),
        OperationKind::DeleteAlarms => ("Keep the alarms", "Delete"),
        OperationKind::Swap => ("Cancel", "Swap"),
    }
}
