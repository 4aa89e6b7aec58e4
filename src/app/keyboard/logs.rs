//! What keys do in the logs.

use crate::app::action::Action;
use crate::app::application::App;
use crate::app::message::Effect;

impl App {
    pub(super) fn act_in_logs(&mut self, action: Action) -> Vec<Effect> {
        let Some(view) = self.state.screens.logs_mut() else { return Vec::new() };
        let is_typing = view.search.typing.is_some();
        match action {
            Action::Open | Action::Back if is_typing => view.end_search(action == Action::Open),
            Action::Back | Action::Leave => self.leave_logs(),
            Action::Search => view.begin_search(),
            Action::NextMatch | Action::PreviousMatch => {
                view.next_match(action == Action::NextMatch);
            }
            Action::NextInstance | Action::PreviousInstance => self.turn_log(action == Action::NextInstance),
            Action::SaveLogs => return self.save_logs(),
            Action::Refresh => self.request_logs_again(),
            other => return self.act(other),
        }
        Vec::new()
    }
}
