//! What `y` and `Y` copy.

use crate::app::application::App;
use crate::app::message::Effect;
use crate::model::clean;

impl App {
    pub(super) fn copy(&mut self, arn: bool) -> Vec<Effect> {
        let Some(text) = self.state.selected_text(arn) else { return Vec::new() };
        self.notify(format!("copied {}", clean(&text)));
        vec![Effect::Copy(text)]
    }
}
