//! The title of a screen, in the second line of the header: where one is, then how it is there.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::pieces::TextPiece;
use crate::app::{Action, Click, Cut, State};
use crate::config::{Mark, Role};
use crate::model::{Environment, Key, clean};
use crate::ui::canvas::Canvas;
use crate::ui::text::{cut, width};

/// Between two places of the way to a screen.
const INTO: &str = " > ";
/// Cells between what is said.
const GAP: usize = 3;
/// A name that is cut to less than this identifies nothing.
const LEAST_NAME: usize = 8;

/// Where a screen is: `Fleet > shop-chat-prod > Metrics`.
pub struct TitlePlace<'a> {
    /// The environment's name; its id, if it is not known any more.
    pub environment: Cow<'a, str>,
    /// The screen, or the tab.
    pub screen: &'a str,
    /// Whether it is production, and may be written to.
    pub is_production: bool,
}

impl<'a> TitlePlace<'a> {
    /// A screen of an environment.
    pub fn of(state: &'a State, key: &'a Key<Environment>, screen: &'a str) -> Self {
        let environment = state.snapshot().inventory.environments.get(key);
        Self::named(state, environment.map_or(&*key.id, |it| &*it.name), screen)
    }

    /// A screen of the environment of this name.
    pub fn named(state: &State, name: &'a str, screen: &'a str) -> Self {
        let is_production = state.setup.is_production(name) && !state.setup.read_only.is_everything();
        Self { environment: clean(name), screen, is_production }
    }

    /// Returns the way here in ever shorter forms; only the last one cuts the name.
    fn forms(&self, room: usize, mark: &str) -> [Vec<TextPiece>; 4] {
        let fleet = || (format!("Fleet{INTO}"), Role::Dim);
        let role = if self.is_production { Role::ChipDanger } else { Role::Title };
        let name = || (self.environment.to_string(), role);
        let screen = || (format!("{INTO}{}", self.screen), Role::Text);
        let left = room.saturating_sub(width(&screen().0));
        let short = (cut(&self.environment, left.max(LEAST_NAME), Cut::Middle, mark).into_owned(), role);
        [vec![fleet(), name(), screen()], vec![name(), screen()], vec![name()], vec![short]]
    }
}

/// Draws the title: the way to the screen, and the most of what is said there that has room. `ways` go from the longest to
/// the shortest that is of use.
pub fn title(canvas: &mut Canvas<'_>, area: Rect, place: &TitlePlace<'_>, ways: &[Vec<TextPiece>]) {
    let room = usize::from(area.width);
    let forms = place.forms(room, canvas.mark(Mark::Cut));
    let wide = |pieces: &[TextPiece]| pieces.iter().map(|(text, _)| width(text)).sum::<usize>();
    let said = |way: &[TextPiece]| wide(way) + GAP * way.len();
    let pairs = forms.iter().flat_map(|form| ways.iter().map(move |way| (form, way)));
    let fits = pairs.clone().find(|(form, way)| wide(form) + said(way) <= room);
    let Some((form, way)) = fits.or_else(|| pairs.last()) else { return };
    let end = area.right();
    let mut x = area.x;
    for (text, role) in form {
        x = canvas.text(x, area.y, end.saturating_sub(x), text, *role);
    }
    canvas.spot(Rect { width: x - area.x, ..area }, Click::Do(Action::Back));
    for (text, role) in way {
        x += GAP as u16;
        x = canvas.text(x, area.y, end.saturating_sub(x), text, *role);
    }
}

/// Returns what is said, and then ever less of it from its end, down to so many pieces.
pub fn less_and_less(pieces: &[TextPiece], least: usize) -> Vec<Vec<TextPiece>> {
    (least.min(pieces.len())..=pieces.len()).rev().map(|length| pieces[..length].to_vec()).collect()
}

/// Writes at the end of a screen's title how many environments need attention, if there is room behind what is there.
pub fn attention(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let words = state.fleet.summary().need_words();
    let wide = width(&words) as u16;
    let x = area.right().saturating_sub(wide);
    if wide > 0 && x >= canvas.drawn_to(area) + GAP as u16 {
        canvas.text(x, area.y, wide, &words, Role::Warning);
    }
}
