//! What has the keyboard or is under the mouse acts: the screen on top, else the Fleet, else what is the same on every screen.

use tui_input::InputRequest;

use super::State;
use crate::app::action::{Action, Layer};
use crate::app::hit_map::{Hit, Pane};
use crate::app::response::{Response, Step};
use crate::app::screens::{FilterSubject, Level, Screen};

impl State {
    /// Lets what has the keyboard act, then whatever is the same on every screen.
    pub(in crate::app) fn act(&mut self, action: Action, layer: Layer) -> Response {
        let own = self.on_top(|screen, state| screen.view_mut().act(action, state));
        let own = own.unwrap_or_else(|| self.fleet.act(action));
        own.or_else(|| self.request(action, layer)).unwrap_or_else(|| self.travel(action))
    }

    /// Something is typed into the field of what has the keyboard.
    pub(in crate::app) fn edit(&mut self, request: InputRequest) -> Response {
        self.on_top(|screen, state| screen.view_mut().edit(request, state)).unwrap_or_default()
    }

    /// Moves in what has the keyboard, by rows or pages.
    fn travel(&mut self, action: Action) -> Response {
        let page = self.on_top(|screen, _| screen.view_mut().page());
        let page = page.unwrap_or_else(|| self.fleet.rows.height()) as isize;
        let rows = match action {
            Action::Down => 1,
            Action::Up => -1,
            Action::PageDown => page,
            Action::PageUp => -page,
            Action::HalfDown => page / 2,
            Action::HalfUp => -(page / 2),
            Action::First => isize::MIN / 2,
            Action::Last => isize::MAX / 2,
            _ => return Response::none(),
        };
        self.move_by(rows)
    }

    /// What has the keyboard does something while it looks at the rest of the state; `None` if the Fleet has it.
    fn on_top<T>(&mut self, act: impl FnOnce(&mut Screen, &Self) -> T) -> Option<T> {
        let mut screen = self.screens.take_top()?;
        let answer = act(&mut screen, self);
        self.screens.put_back(screen);
        Some(answer)
    }

    /// Whether the Fleet takes clicks and the wheel: nothing lies over it but its filter.
    fn has_fleet_on_top(&self) -> bool {
        match self.screens.top() {
            None => true,
            Some(Screen::Filter(field)) => field.subject == FilterSubject::Fleet,
            Some(_) => false,
        }
    }

    /// Handles a click at this column and row.
    pub(in crate::app) fn click(&mut self, place: (u16, u16)) -> Response {
        if !self.has_fleet_on_top() {
            return self.on_top(|screen, state| screen.view_mut().click(place, state)).unwrap_or_default();
        }
        let line = self.terminal.hit_map.line_at(Pane::Fleet, place.0, place.1);
        let Some(line) = line else { return Response::none() };
        let opened = self.fleet.click(line);
        if self.screens.top().is_some() { Response::close(Level::Field).and(opened) } else { opened }
    }

    /// Moves the selection of what has the keyboard, or scrolls it, by so many rows.
    pub(in crate::app) fn move_by(&mut self, rows: isize) -> Response {
        if !self.has_fleet_on_top() {
            return self.on_top(|screen, state| screen.view_mut().move_by(rows, state)).unwrap_or_default();
        }
        self.fleet.move_by(rows);
        Response::step(Step::Plan)
    }

    /// The wheel turns by so many rows with the pointer at this place.
    pub(in crate::app) fn scroll(&mut self, rows: isize, place: (u16, u16)) -> Response {
        if self.has_fleet_on_top() {
            return self.move_by(rows);
        }
        self.on_top(|screen, state| screen.view_mut().scroll(rows, place, state)).unwrap_or_default()
    }

    /// Takes in where a pane was drawn.
    pub(in crate::app) fn fit(&mut self, hit: &Hit) {
        match hit.pane.level() {
            None => self.fleet.rows.fit(usize::from(hit.area.height)),
            Some(level) => {
                let of_level = self.screens.iter_mut().filter(|screen| screen.level() == level);
                of_level.for_each(|screen| screen.view_mut().fit(hit));
            }
        }
    }
}
