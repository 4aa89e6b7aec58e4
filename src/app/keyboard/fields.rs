//! Text fields: typing, pasting, and readline's keys.

use tui_input::InputRequest;

use crate::app::application::App;
use crate::app::message::Effect;
use crate::app::screens::Screen;
use crate::config::{Chord, KeyCode};

impl App {
    pub(super) fn type_key(&mut self, chord: Chord) -> Vec<Effect> {
        if let (Some(input), Some(request)) = (self.state.screens.filter_mut(), request(chord)) {
            input.handle(request);
        }
        self.apply_filter()
    }

    pub(in crate::app) fn paste(&mut self, text: &str) -> Vec<Effect> {
        if matches!(self.state.screens.top(), Some(Screen::Dialog(_) | Screen::Logs(_))) {
            let typed = text.chars().filter(|character| !character.is_control());
            typed.for_each(|character| self.handle_in_dialog(InputRequest::InsertChar(character)));
            return Vec::new();
        }
        if let Some(input) = self.state.screens.filter_mut() {
            for character in text.chars().filter(|character| !character.is_control()) {
                input.handle(InputRequest::InsertChar(character));
            }
        }
        self.apply_filter()
    }

    fn apply_filter(&mut self) -> Vec<Effect> {
        if let Some(input) = self.state.screens.filter() {
            let filter = input.value().to_owned();
            self.arrange(|fleet| fleet.filter = filter);
        }
        Vec::new()
    }
}

/// Readline's keys, in a text field.
pub(super) fn request(chord: Chord) -> Option<InputRequest> {
    if let Some(character) = chord.typed() {
        return Some(InputRequest::InsertChar(character));
    }
    Some(match (chord.key, chord.ctrl, chord.alt) {
        (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, _) => InputRequest::DeletePrevChar,
        (KeyCode::Delete, ..) | (KeyCode::Char('d'), true, _) => InputRequest::DeleteNextChar,
        (KeyCode::Left, true, _) | (KeyCode::Char('b'), _, true) => InputRequest::GoToPrevWord,
        (KeyCode::Right, true, _) | (KeyCode::Char('f'), _, true) => InputRequest::GoToNextWord,
        (KeyCode::Left, ..) | (KeyCode::Char('b'), true, _) => InputRequest::GoToPrevChar,
        (KeyCode::Right, ..) | (KeyCode::Char('f'), true, _) => InputRequest::GoToNextChar,
        (KeyCode::Home, ..) | (KeyCode::Char('a'), true, _) => InputRequest::GoToStart,
        (KeyCode::End, ..) | (KeyCode::Char('e'), true, _) => InputRequest::GoToEnd,
        (KeyCode::Char('u'), true, _) => InputRequest::DeleteLine,
        (KeyCode::Char('k'), true, _) => InputRequest::DeleteTillEnd,
        (KeyCode::Char('w'), true, _) | (KeyCode::Backspace, _, true) => InputRequest::DeletePrevWord,
        _ => return None,
    })
}
