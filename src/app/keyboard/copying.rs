//! What `y` and `Y` copy.

use crate::app::application::App;
use crate::app::environment::{Focus, Tab};
use crate::app::message::Effect;
use crate::model::clean;

impl App {
    pub(super) fn copy(&mut self, arn: bool) -> Vec<Effect> {
        let Some(text) = self.selected_text(arn) else {
            self.notify("nothing to copy here");
            return Vec::new();
        };
        self.notify(format!("copied {}", clean(&text)));
        vec![Effect::Copy(text)]
    }

    pub(super) fn selected_text(&self, arn: bool) -> Option<String> {
        let Some(view) = self.state.screens.environment() else {
            let row = self.state.fleet.selected_row()?;
            if !arn {
                return Some(row.name.to_string());
            }
            return Some(self.state.snapshot().inventory.environments.get(&row.key)?.arn.as_deref()?.to_owned());
        };
        if view.tab == Tab::Events {
            return self.selected_event().map(|event| event.message.to_string());
        }
        if view.tab == Tab::Settings {
            let field = view.settings.field()?;
            return if arn { Some(field.object.arn().to_string()) } else { Some(field.live.as_deref()?.to_owned()) };
        }
        match view.focus {
            Focus::Table if arn => Some(view.selected_target()?.group.id.to_string()),
            Focus::Table => Some(view.selected_target()?.target.id.to_string()),
            Focus::Tree if arn => Some(view.selected_node()?.arn.as_deref()?.to_owned()),
            Focus::Tree => Some(view.selected_node()?.label.clone()),
        }
    }
}
