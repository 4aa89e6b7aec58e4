//! Closing what lies on top, down to the program itself.

use crate::app::action::Action;
use crate::app::application::App;
use crate::app::message::Effect;
use crate::config::Chord;

impl App {
    /// Closes what lies on top; with nothing to close, `quit` quits and `back` says how.
    pub(super) fn back(&mut self, quit: bool) -> Vec<Effect> {
        if self.state.typing.take().is_some() || self.state.list.is_some() && !self.state.fleet.filter.is_empty() {
            let list = self.state.list.take();
            if list.is_none() {
                self.arrange(|fleet| fleet.filter.clear());
            }
            return Vec::new();
        }
        if self.state.list.take().is_some() {
            return Vec::new();
        }
        if self.leave_dialog() {
            return Vec::new();
        }
        if self.state.deploys.view.take().is_some() {
            self.plan();
            return Vec::new();
        }
        if self.leave_in_tab() {
            return Vec::new();
        }
        if self.state.environment.take().is_some() {
            self.plan();
            return Vec::new();
        }
        if !quit && (!self.state.fleet.filter.is_empty() || self.state.fleet.attention) {
            self.arrange(|fleet| {
                fleet.filter.clear();
                fleet.attention = false;
            });
            return Vec::new();
        }
        if quit {
            return self.quit();
        }
        let key = self.state.setup.keymap.chords(Action::Leave).first().map(Chord::to_string).unwrap_or_default();
        self.notify(format!("{key} quits"));
        Vec::new()
    }

    /// A write under way goes on by itself; who leaves meanwhile is told so first.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        match &mut self.state.writing {
            Some(writing) if !writing.warned => {
                writing.warned = true;
                let words =
                    format!("{} is under way; the same key again leaves, and the log tells how it ended", writing.what);
                self.notify(words);
                Vec::new()
            }
            _ => vec![Effect::Quit],
        }
    }
}
