//! Something is being read first.

use ratatui::layout::Rect;

use crate::app::{Action, State};
use crate::config::Role;
use crate::ui::canvas::Canvas;
use crate::ui::panes::dialog;

/// Shows that something is being read first; `title` names the action that waits for it.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, title: &str) {
    let words = match () {
        () if state.paused.is_some() => {
            let key = state.key_name(Action::Pause);
            format!("the screen is paused: {key} goes on, and reads what this needs")
        }
        () if !state.session().is_open() => {
            "there is no session with AWS just now; it goes on as soon as there is one".to_owned()
        }
        () => "reading what is live …".to_owned(),
    };
    let inside = dialog(canvas, body, title, 60, 3);
    canvas.text(inside.x, inside.y + 1, inside.width, &words, Role::Dim);
}
