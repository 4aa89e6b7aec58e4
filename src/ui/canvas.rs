//! The one place that writes into the buffer: text is made safe, cut to its room and styled by role.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::look::Look;
use super::text::{cut, width};
use crate::app::{Align, Area, Click, Cut, Keymap, Spot};
use crate::config::{Glyphs, Mark, Role};
use crate::model::clean;

/// A buffer and what things look like in it.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    look: &'a Look,
    keymap: Option<&'a Keymap>,
    spots: Vec<Spot>,
}

impl<'a> Canvas<'a> {
    pub fn new(buffer: &'a mut Buffer, look: &'a Look) -> Self {
        Self { buffer, look, keymap: None, spots: Vec::new() }
    }

    /// A canvas that knows the user's keys, for sentences that name some.
    pub fn with_keys(buffer: &'a mut Buffer, look: &'a Look, keymap: &'a Keymap) -> Self {
        Self { buffer, look, keymap: Some(keymap), spots: Vec::new() }
    }

    /// A sentence with the user's keys in place of `{action}`.
    pub fn keyed(&self, sentence: &str) -> String {
        self.keymap.map_or_else(|| sentence.to_owned(), |keymap| keymap.resolve(sentence))
    }

    /// Records that a click on this area, which was just drawn, does something.
    pub fn spot(&mut self, area: Rect, click: Click) {
        let area = Area { x: area.x, y: area.y, width: area.width, height: area.height };
        self.spots.push(Spot { area, click });
    }

    /// What was drawn is covered: clicks on it do nothing.
    pub fn cover_spots(&mut self) {
        self.spots.clear();
    }

    /// Returns where a click does something.
    pub fn into_spots(self) -> Vec<Spot> {
        self.spots
    }

    /// Returns the column after the last one of this line on which something is drawn.
    pub fn drawn_to(&self, line: Rect) -> u16 {
        let is_drawn = |x: &u16| self.buffer.cell((*x, line.y)).is_some_and(|cell| !cell.symbol().trim().is_empty());
        (line.x..line.right()).rev().find(is_drawn).map_or(line.x, |x| x + 1)
    }

    pub fn glyphs(&self) -> Glyphs {
        self.look.glyphs
    }

    pub fn mark(&self, mark: Mark) -> &'static str {
        self.look.glyphs.mark(mark)
    }

    /// Gives an area that is empty the style of a role.
    pub fn base(&mut self, area: Rect, role: Role) {
        let style = self.look.style(role);
        // Most themes leave ordinary text as the terminal has it.
        if style != Style::default() {
            self.buffer.set_style(area, style);
        }
    }

    /// Gives an area the style of a role, and empties it.
    pub fn fill(&mut self, area: Rect, role: Role) {
        let style = Style::reset().patch(self.look.style(role));
        for y in area.y..area.bottom() {
            for x in area.x..area.right() {
                let cell = &mut self.buffer[(x, y)];
                cell.set_symbol(" ");
                cell.set_style(style);
            }
        }
    }

    /// Applies a role's style to the cells of an area.
    pub fn tint(&mut self, area: Rect, role: Role) {
        self.buffer.set_style(area, self.look.style(role));
    }

    /// Writes a text into at most `room` cells from `x` on, cut at its end; the column after it.
    pub fn text(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        self.put(x, y, room, text, self.look.style(role))
    }

    /// Writes a text that keeps the colours below it unless its role has a colour.
    pub fn text_over(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        let style = if role == Role::Text { Style::new() } else { self.look.style(role) };
        self.put(x, y, room, text, Style { bg: None, ..style })
    }

    fn put(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        if room == 0 || !self.buffer.area.contains((x, y).into()) {
            return x;
        }
        let text = self.plain(text);
        let fitting = cut(&text, usize::from(room), Cut::End, self.mark(Mark::Cut));
        if fitting.is_ascii() {
            return self.put_ascii(x, y, &fitting, style);
        }
        let (end, _) = self.buffer.set_stringn(x, y, fitting, usize::from(room), style);
        end
    }

    /// Most of a screen is ASCII, of which each byte is a cell: no need to look for graphemes.
    fn put_ascii(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let room = usize::from(self.buffer.area.right().saturating_sub(x));
        let mut end = x;
        for character in text.chars().take(room) {
            self.buffer[(end, y)].set_char(character).set_style(style);
            end += 1;
        }
        end
    }

    /// Writes a cell of a table.
    pub fn cell(&mut self, area: Rect, text: &str, align: Align, how: Cut, role: Role) {
        let text = self.plain(text);
        let fitting = cut(&text, usize::from(area.width), how, self.mark(Mark::Cut));
        let left = usize::from(area.width).saturating_sub(width(&fitting));
        let x = if align == Align::Right { area.x + left as u16 } else { area.x };
        self.text_over(x, area.y, area.right().saturating_sub(x), &fitting, role);
    }

    /// Writes pieces one after the other, each in its role; the column after the last.
    pub fn pieces(&mut self, x: u16, y: u16, room: u16, pieces: &[(&str, Role)]) -> u16 {
        let end = x + room;
        pieces.iter().fold(x, |x, (text, role)| self.text(x, y, end.saturating_sub(x), text, *role))
    }

    /// Puts one character, known to be one cell wide and of the set of glyphs in force, into a cell.
    pub fn glyph(&mut self, x: u16, y: u16, glyph: char, role: Role) {
        self.put_glyph(x, y, glyph, self.look.style(role));
    }

    /// Draws a glyph fainter than its role: it is in the background.
    pub fn faint_glyph(&mut self, x: u16, y: u16, glyph: char, role: Role) {
        self.put_glyph(x, y, glyph, self.look.style(role).remove_modifier(Modifier::BOLD).add_modifier(Modifier::DIM));
    }

    fn put_glyph(&mut self, x: u16, y: u16, glyph: char, style: Style) {
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_char(glyph).set_style(style);
        }
    }

    /// A vertical line between two panes.
    pub fn vertical(&mut self, x: u16, y: u16, height: u16) {
        for y in y..y + height {
            self.text(x, y, 1, self.mark(Mark::Vertical), Role::Border);
        }
    }

    /// A frame around an area, with a title in its upper edge; what is left inside.
    pub fn frame(&mut self, area: Rect, title: &str) -> Rect {
        self.fill(area, Role::Text);
        let marks = |mark| self.look.glyphs.mark(mark);
        let line = marks(Mark::Horizontal).repeat(usize::from(area.width.saturating_sub(2)));
        let edge = |left, right| format!("{}{line}{}", marks(left), marks(right));
        let (top, bottom) = (edge(Mark::TopLeft, Mark::TopRight), edge(Mark::BottomLeft, Mark::BottomRight));
        self.text(area.x, area.y, area.width, &top, Role::Border);
        self.text(area.x, area.bottom() - 1, area.width, &bottom, Role::Border);
        self.vertical(area.x, area.y + 1, area.height.saturating_sub(2));
        self.vertical(area.right() - 1, area.y + 1, area.height.saturating_sub(2));
        let heading =
            Rect { x: area.x + 2, y: area.y, width: (width(title) as u16 + 2).min(area.width - 4), height: 1 };
        self.fill(heading, Role::Title);
        self.text(heading.x + 1, heading.y, heading.width - 1, title, Role::Title);
        Rect {
            x: area.x + 2,
            y: area.y + 1,
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2),
        }
    }

    /// The text without what a terminal would obey, and without what it cannot draw in ASCII mode.
    fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let safe = clean(text);
        if !self.look.glyphs.is_ascii() || safe.is_ascii() {
            return safe;
        }
        Cow::Owned(safe.chars().map(ascii).collect())
    }
}

fn ascii(character: char) -> char {
    match character {
        _ if character.is_ascii() => character,
        '–' | '─' => '-',
        '…' => '.',
        '≥' | '→' | '▸' | '▌' => '>',
        '≤' => '<',
        '↓' | '▾' => 'v',
        '≠' => '#',
        '·' | '│' => '|',
        '•' => '*',
        '✔' => '+',
        '“' | '”' => '"',
        _ => '?',
    }
}
