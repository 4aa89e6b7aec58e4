//! The confirmation of other options: before and after, and what Beanstalk says that the change interrupts.

use super::inputs::{ConfirmInputs, ConfirmLine};
use crate::change::{OperationKind, OptionEdits, ValueChange, effects};
use crate::config::Role;
use crate::model::{clean, counted};

/// Returns the title, and the lines.
pub(super) fn described(
    inputs: &ConfirmInputs<'_>,
    kind: OperationKind,
    edits: &OptionEdits,
) -> (String, Vec<ConfirmLine>) {
    let name = clean(&inputs.environment.name);
    let what = match edits.edits.as_slice() {
        [only] => clean(&only.name).into_owned(),
        several => counted(several.len(), "option"),
    };
    let verb = if kind == OperationKind::Undo { "Undo a change of" } else { "Change" };
    let settings = inputs.snapshot.inventory.settings.get(&inputs.environment.key);
    let mut lines: Vec<ConfirmLine> = edits.changes().iter().map(line).collect();
    if edits.is_idle() {
        lines.push(("It is so already: nothing would be called.".to_owned(), Role::Dim));
    }
    let role = if edits.is_dangerous() { Role::Warning } else { Role::Text };
    let effects = effects(edits, settings).into_iter().enumerate();
    lines.extend(
        effects.map(|(place, effect)| (format!("{}.", capital(&effect)), if place == 0 { role } else { Role::Text })),
    );
    (format!("{verb} {what} of {name}"), lines)
}

fn line(change: &ValueChange) -> ConfirmLine {
    let value = |value: &Option<String>| value.as_deref().map_or("unset".into(), clean).into_owned();
    let (before, after) = (value(&change.before), value(&change.after));
    (format!("{}  {before}  →  {after}", clean(&change.key)), Role::Title)
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
