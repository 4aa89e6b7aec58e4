//! The actions that only move within a screen.

use super::action::Action;

/// Returns whether an action only moves within a screen: such keys are known by heart, and are not looked for by name.
#[must_use]
pub fn is_motion(action: Action) -> bool {
    use Action::{
        Down, First, HalfDown, HalfUp, Last, Left, NextButton, NextField, OtherButton, PageDown, PageUp, PickDown,
        PickUp, PreviousField, Right, ScrollDown, ScrollUp, Up,
    };
    let moves = matches!(action, Down | Up | Left | Right | First | Last);
    let pages = matches!(action, PageDown | PageUp | HalfDown | HalfUp | ScrollDown | ScrollUp);
    let fields = matches!(action, NextField | PreviousField | NextButton | OtherButton | PickDown | PickUp);
    moves || pages || fields
}
