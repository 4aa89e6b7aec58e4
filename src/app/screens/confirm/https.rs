//! The confirmation of HTTPS, or of removing it: every step, why it is dangerous, what it affects.

use std::sync::Arc;

use super::inputs::{ConfirmInputs, ConfirmLine};
use super::{Button, Confirm, Intent};
use crate::change::https::{HttpsSetup, Proposal};
use crate::change::{Confirmation, Operation, OperationKind, StepProgress};
use crate::config::Role;
use crate::model::clean;

impl Confirm {
    /// Returns the confirmation of a proposal.
    #[must_use]
    pub fn of_proposal(inputs: &ConfirmInputs<'_>, proposal: Proposal) -> Self {
        let tried =
            |setup: &HttpsSetup| format!("{}; tried as https://{}/", clean(&setup.certificate), clean(&setup.host));
        let mut lines: Vec<_> = proposal.operation.setup.iter().map(|setup| (tried(setup), Role::Title)).collect();
        lines.extend(steps(&proposal.operation));
        lines.push((String::new(), Role::Text));
        lines.extend(proposal.dangers.iter().map(|it| (format!("! {it}."), Role::Warning)));
        lines.push((format!("Serves: {}", proposal.serves), Role::Text));
        Self::with_https(inputs, lines, proposal.operation, false)
    }

    /// A confirmation of going on with it, or of taking it back.
    #[must_use]
    pub fn of_https(inputs: &ConfirmInputs<'_>, operation: Operation) -> Self {
        let mut lines = steps(&operation);
        lines.push((String::new(), Role::Text));
        if operation.kind == OperationKind::HttpsBack {
            lines.push(("! clients that use HTTPS by now are cut off.".to_owned(), Role::Warning));
            let words = "What another client has changed since is a conflict, and stays.";
            lines.push((words.to_owned(), Role::Text));
        }
        Self::with_https(inputs, lines, operation, false)
    }

    /// A confirmation of going on although the request over HTTPS failed.
    #[must_use]
    pub fn of_passing(inputs: &ConfirmInputs<'_>, operation: Operation) -> Self {
        let found = operation.steps.iter().rev().find_map(|step| step.found.as_deref()).unwrap_or("it failed");
        let mut lines = vec![
            (format!("The request over HTTPS failed: {}", clean(found)), Role::Warning),
            ("! a redirect sends every client of port 80 to where none gets an answer.".to_owned(), Role::Warning),
            (String::new(), Role::Text),
        ];
        lines.extend(steps(&operation).into_iter().skip(1));
        let mut confirm = Self::with_https(inputs, lines, operation, true);
        confirm.want_name(inputs);
        confirm
    }

    fn with_https(inputs: &ConfirmInputs<'_>, mut lines: Vec<ConfirmLine>, operation: Operation, passes: bool) -> Self {
        let name = clean(&inputs.environment.name).into_owned();
        let title = match (operation.kind, passes) {
            (OperationKind::HttpsBack, _) => format!("Take HTTPS of {name} back"),
            (_, true) => format!("HTTPS of {name}: go on without proof"),
            (_, false) => format!("Set up HTTPS for {name}"),
        };
        let words = "Every step is recorded, and everything is read again before it. If this program ends on the way, it \
                     can be gone on with or taken back.";
        lines.push((words.to_owned(), Role::Dim));
        let commands = operation.calls().iter().map(|call| call.command(inputs.place)).collect();
        let wants_name = operation.wants_name(&Confirmation::default());
        let operation = Box::new(operation);
        let intent = if passes { Intent::Pass(operation) } else { Intent::Operate(operation) };
        let mut confirm = Self::new(inputs, title, lines, Some(intent), commands, true);
        if wants_name {
            confirm.want_name(inputs);
        }
        confirm
    }

    fn want_name(&mut self, inputs: &ConfirmInputs<'_>) {
        if self.wanted.is_none() {
            self.wanted = Some(Arc::clone(&inputs.environment.name));
            self.button = Button::Name;
        }
    }
}

/// The steps with their calls.
fn steps(operation: &Operation) -> Vec<ConfirmLine> {
    let mut lines = Vec::new();
    let ahead = operation.steps.iter().enumerate().filter(|(_, step)| step.progress != StepProgress::Done);
    for (number, (place, step)) in ahead.enumerate() {
        let operations: Vec<_> = operation.calls_of(place).iter().map(crate::change::ApiCall::operation).collect();
        let calls = if operations.is_empty() { String::new() } else { format!("   {}", operations.join(", ")) };
        lines.push((format!("{}  {}{calls}", number + 1, step.work), Role::Text));
    }
    lines
}
