//! What keys do in the command palette.

use crate::app::application::App;
use crate::app::commands::palette_rows;
use crate::app::dialog::Dialog;
use crate::app::message::Effect;
use crate::app::palette::Palette;

impl App {
    pub(super) fn open_palette(&mut self) {
        self.state.screens.open(Dialog::Palette(Palette::new(self.state.layer_below())));
    }

    /// Enter: does what is selected, as its key would.
    pub(super) fn choose_action(&mut self, palette: Palette) -> Vec<Effect> {
        let rows = palette_rows(&palette, &self.state);
        let why = match rows.get(palette.rows.selected()) {
            Some((facts, Ok(()))) => return self.carry_out(palette.layer, facts.action),
            Some((_, Err(reason))) => reason.to_string(),
            None => "no action on this screen has a name like that".to_owned(),
        };
        self.state.screens.open(Dialog::Palette(palette));
        self.notify(why);
        Vec::new()
    }
}
