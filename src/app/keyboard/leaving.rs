//! Closing what lies on top, down to the program itself.

use crate::app::application::App;
use crate::app::message::Effect;
use crate::app::screens::Screen;

impl App {
    /// Closes what lies on top; with nothing to close, `quit` quits.
    pub(super) fn back(&mut self, quit: bool) -> Vec<Effect> {
        match self.state.screens.top() {
            Some(Screen::Filter(_)) => {
                self.state.screens.take_filter();
                self.arrange(|fleet| fleet.filter.clear());
                return Vec::new();
            }
            Some(Screen::List(_)) => {
                self.state.screens.take_list();
                return Vec::new();
            }
            Some(Screen::Dialog(_)) => {
                self.leave_dialog();
                return Vec::new();
            }
            Some(Screen::Logs(_)) => {
                self.leave_logs();
                return Vec::new();
            }
            Some(Screen::Deploy(_)) => {
                self.state.screens.take_deploy();
                self.plan();
                return Vec::new();
            }
            Some(Screen::Environment(_)) => {
                if !self.leave_in_tab() {
                    self.state.screens.take_environment();
                    self.plan();
                }
                return Vec::new();
            }
            None => {}
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
        Vec::new()
    }

    /// Quits. A write under way continues in AWS; the user is warned first.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        match &mut self.state.writing {
            Some(writing) if !writing.warned => {
                writing.warned = true;
                let words =
                    format!("{} is under way; the same key again leaves, and the log shows how it ended", writing.what);
                self.notify(words);
                Vec::new()
            }
            _ => vec![Effect::Quit],
        }
    }
}
