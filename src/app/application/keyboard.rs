//! From a key to its effect: the table maps keys to actions, the state carries an action out, and the application applies what
//! follows. Also what the mouse does, and what the last frame drew.

use tui_input::InputRequest;

use super::App;
use crate::app::action::{Action, Layer};
use crate::app::hit_map::{Click, HitMap, Pane};
use crate::app::message::Effect;
use crate::app::readline;
use crate::app::response::{Response, Step};
use crate::app::screens::fleet::{COLUMNS, FleetChange};
use crate::app::state::elsewhere;
use crate::config::Chord;

impl App {
    pub(super) fn press(&mut self, chord: Chord) -> Vec<Effect> {
        let layer = self.state.layer();
        match self.state.setup.keymap.action(layer, chord) {
            Some(action) => self.perform(layer, action),
            None if layer.has_field() => {
                let response = readline::request(chord).map(|request| self.state.edit(request));
                self.respond(response.unwrap_or_default())
            }
            None => {
                let others = self.state.setup.keymap.elsewhere(chord);
                if !others.is_empty() {
                    self.notify(format!("{chord}: {}", elsewhere(&others)));
                }
                Vec::new()
            }
        }
    }

    /// Carries out an action in a layer, or shows why it is not available now.
    pub(super) fn perform(&mut self, layer: Layer, action: Action) -> Vec<Effect> {
        if let Err(reason) = action.availability_in(layer, &self.state) {
            self.notify(reason.to_string());
            return Vec::new();
        }
        let response = self.state.act(action, layer);
        self.respond(response)
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        let typed = text.chars().filter(|character| !character.is_control());
        let response = typed.map(|character| self.state.edit(InputRequest::InsertChar(character))).collect();
        self.respond(response)
    }

    /// Handles a click: on what was drawn there, else on the row there.
    pub(super) fn click(&mut self, place: (u16, u16)) -> Vec<Effect> {
        let response = match self.state.terminal.hit_map.click_at(place) {
            Some(Click::Do(action)) => return self.perform(self.state.layer(), action),
            Some(Click::Sort(place)) => {
                let column = COLUMNS.get(place).map_or(self.state.fleet.sort, |facts| facts.column);
                let is_sorted = column == self.state.fleet.sort;
                let change = if is_sorted { FleetChange::Reverse } else { FleetChange::Sort(column) };
                Response::step(Step::Arrange(change))
            }
            Some(Click::Border) => {
                self.state.terminal.is_dragging = true;
                Response::none()
            }
            Some(Click::Button(_) | Click::Line(_)) | None => self.state.click(place),
        };
        self.respond(response)
    }

    /// Moves the border of the preview, while it is held.
    pub(super) fn drag(&mut self, (x, y): (u16, u16)) -> Vec<Effect> {
        let preview = self.state.terminal.hit_map.area(Pane::Preview).filter(|_| self.state.terminal.is_dragging);
        let Some(area) = preview else { return Vec::new() };
        let size =
            if area.x > 0 { (area.x + area.width).saturating_sub(x) } else { (area.y + area.height).saturating_sub(y) };
        self.respond(Response::step(Step::Arrange(FleetChange::PreviewSize(size))))
    }

    /// Applies the areas that the last drawing recorded.
    pub(super) fn drawn(&mut self, hit_map: HitMap) -> Vec<Effect> {
        if hit_map == self.state.terminal.hit_map {
            return Vec::new();
        }
        hit_map.iter().for_each(|hit| self.state.fit(hit));
        self.state.terminal.hit_map = hit_map;
        self.respond(Response::step(Step::Redraw).then(Step::Plan))
    }
}
