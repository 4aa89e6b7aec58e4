//! Draws the state: `(&State, &Look, &mut Buffer) -> HitMap`, and nothing else.
//!
//! ```text
//! header    account and region, state of the services
//! title     where one is, and the question of the screen, answered; beside the clock
//! body      the Fleet, or the tree and the targets of one environment
//! message   why the selected row is where it is; what cannot be read
//! footer    the keys that apply here and now
//! ```
//!
//! Drawing walks only the lines that are visible, and writes into the buffer. What it finds out about room goes back as a
//! [`HitMap`].

mod apart;
mod canvas;
mod look;
mod panes;
mod screens;
mod series;
mod split;
mod svg;
mod text;
mod widgets;

pub use look::Look;
pub use screens::{WhyRoom, why_lines};
pub use svg::{Paper, svg};
pub use text::{cut, width, wrap};
pub use widgets::{chart, sparkline};

use canvas::Canvas;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use split::{split_bottom, split_top};

use crate::app::screens::Screen;
use crate::app::{HitMap, State};
use crate::config::Role;

/// Nothing useful fits into less.
const LEAST: (u16, u16) = (60, 16);

/// Draws the whole screen.
pub fn draw(state: &State, look: &Look, buffer: &mut Buffer) -> HitMap {
    let area = buffer.area;
    let mut canvas = Canvas::with_keys(buffer, look, &state.setup.keymap);
    canvas.base(area, Role::Text);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(&mut canvas, area);
        return state.terminal.hit_map.clone();
    }
    let [header, rest] = split_top(area, 2);
    let [body, footer] = split_bottom(rest, 1);
    let title = panes::header(&mut canvas, header, state);
    let mut hits = HitMap::default();
    if let Some(screen) = state.screens.full() {
        screens::draw_title(&mut canvas, title, state, screen);
        panes::attention(&mut canvas, title, state);
        screens::draw(&mut canvas, body, state, screen, &mut hits);
    } else {
        screens::draw_fleet_title(&mut canvas, title, state);
        screens::draw_fleet(&mut canvas, body, state, &mut hits);
    }
    for screen in state.screens.over_it() {
        // The filter is typed in the title, and covers nothing.
        if !matches!(screen, Screen::Filter(_)) {
            canvas.cover_spots();
        }
        screens::draw(&mut canvas, body, state, screen, &mut hits);
    }
    panes::footer(&mut canvas, footer, state);
    hits.set_spots(canvas.into_spots());
    hits
}

fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let words = format!(
        "beanpole needs {} by {} cells to be of use; this terminal has {} by {}. Make it larger, or press {} to leave.",
        LEAST.0,
        LEAST.1,
        area.width,
        area.height,
        canvas.keyed("{quit}")
    );
    let lines = text::wrap(&words, usize::from(area.width));
    for (y, line) in (area.y..area.bottom()).zip(&lines) {
        canvas.text(area.x, y, area.width, line, Role::Text);
    }
}
