//! What keys do in the command palette.

use crate::app::application::App;
use crate::app::dialog::Dialog;
use crate::app::message::Effect;
use crate::app::palette::Palette;

impl App {
    pub(super) fn open_palette(&mut self) {
        self.state.screens.open(Dialog::Palette(Palette::new(self.state.layer_below())));
    }

    /// Enter: does what is selected, as its key would.
    pub(super) fn choose_action(&mut self, palette: Palette) -> Vec<Effect> {
        if let Some(action) = palette.chosen() {
            return self.carry_out(palette.layer, action);
        }
        self.state.screens.open(Dialog::Palette(palette));
        self.notify("no action that applies here is called like that");
        Vec::new()
    }
}
