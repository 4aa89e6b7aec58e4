//! What all screens have in common.

use tui_input::InputRequest;

use super::Level;
use crate::app::action::{Action, Layer};
use crate::app::hit_map::{Click, Hit, Pane};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::state::State;
use crate::polling::Question;

/// A screen, or what lies over one. While it acts it is not in the state's stack: it sees the state without itself.
pub trait View {
    /// Returns the layer of the table of keys that holds while it has the keyboard.
    fn layer(&self) -> Layer;

    /// Returns what should be read for it.
    fn questions(&self) -> Vec<Question> {
        Vec::new()
    }

    /// Returns what it waits for, which is read before everything else.
    fn awaited(&self) -> Vec<Question> {
        Vec::new()
    }

    /// Carries an action out, which is available. `None` if the action is not its own.
    fn act(&mut self, action: Action, state: &State) -> Option<Response>;

    /// Handles a key that is no action, in its text field.
    fn edit(&mut self, _request: InputRequest, _state: &State) -> Response {
        Response::none()
    }

    /// Returns its rows or its text, if it has more than it may have room for.
    fn rows_mut(&mut self) -> Option<&mut ListState> {
        None
    }

    /// Moves its selection, or scrolls its text, by so many rows.
    fn move_by(&mut self, rows: isize, _state: &State) -> Response {
        if let Some(list) = self.rows_mut() {
            list.move_by(rows);
        }
        Response::none()
    }

    /// The wheel turns by so many rows with the pointer at this place of the terminal.
    fn scroll(&mut self, rows: isize, _place: (u16, u16), state: &State) -> Response {
        self.move_by(rows, state)
    }

    /// Returns how many rows a page has.
    fn page(&mut self) -> usize {
        self.rows_mut().map_or(1, |list| list.height())
    }

    /// Handles a click at this column and row of the terminal: on a row of a dialog it selects that, or chooses it if it is
    /// selected. It writes nothing: no write is a slip of the hand away.
    fn click(&mut self, (x, y): (u16, u16), state: &State) -> Response {
        let layer = self.layer();
        let line = state.terminal.hit_map.line_at(Pane::Dialog, x, y);
        let (Some(line), Some(rows)) = (line, self.rows_mut()) else { return Response::none() };
        let at = rows.scroll() + line;
        match at < rows.length() {
            true if rows.selected() == at => return Response::step(Step::Perform(layer, Action::Open)),
            true => rows.select(at),
            false => {}
        }
        Response::none()
    }

    /// Takes in where the last frame drew one of its panes.
    fn fit(&mut self, hit: &Hit) {
        if let Some(list) = self.rows_mut() {
            fit_list(list, hit);
        }
    }
}

/// Takes in the room of a list, and its length where only the drawing knows it.
pub(super) fn fit_list(list: &mut ListState, hit: &Hit) {
    list.fit(usize::from(hit.area.height));
    hit.length.into_iter().for_each(|length| list.resize(length));
}

/// Returns the next place, or the one before, among so many: after the last comes the first.
#[must_use]
pub fn place_of(at: usize, length: usize, forward: bool) -> usize {
    (at + if forward { 1 } else { length.saturating_sub(1) }) % length.max(1)
}

/// A click on a row selects it; one beside the list closes that.
pub(super) fn select_or_close(rows: &mut ListState, (x, y): (u16, u16), state: &State) -> Response {
    let Some(line) = state.terminal.hit_map.line_at(Pane::List, x, y) else { return Response::close(Level::List) };
    rows.select(rows.scroll() + line);
    Response::none()
}

/// Returns which line of a form was drawn at this place, if one was.
pub(super) fn line_of_form(place: (u16, u16), state: &State) -> Option<usize> {
    match state.terminal.hit_map.click_at(place)? {
        Click::Line(at) => Some(at),
        _ => None,
    }
}
