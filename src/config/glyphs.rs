//! Glyphs: signs of states, marks, frames and the levels of a sparkline, with Unicode or with ASCII alone.
//!
//! Every glyph is one cell wide in both sets, so that a screen has one layout. ASCII is a separate set, chosen to be
//! distinguishable, and not a transliteration.

use super::signs::{SIGNS, UNKNOWN};
use super::{Role, SignSubject};

/// A state as it is shown: always glyph and word, never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign<'a> {
    /// One cell.
    pub glyph: &'static str,
    /// The word beside it; AWS's own where the state is not known.
    pub word: &'a str,
    /// What colours both.
    pub role: Role,
}

/// Declares the marks: the enum and both glyphs in one row.
macro_rules! marks {
    ($($variant:ident $unicode:literal $ascii:literal $purpose:literal,)+) => {
        /// A mark that is no state.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Mark {
            $(#[doc = $purpose] $variant,)+
        }

        impl Mark {
            /// Every mark, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            const fn glyphs(self) -> [&'static str; 2] {
                match self { $(Self::$variant => [$unicode, $ascii],)+ }
            }
        }
    };
}

marks! {
    Open "▾" "v" "a node of the tree that is unfolded",
    Folded "▸" ">" "a node of the tree that is folded",
    Cut "…" "*" "text was cut here",
    Selected "▌" ">" "the row under the cursor",
    Ascending "▴" "^" "sorted upwards",
    Descending "▾" "v" "sorted downwards",
    Absent "–" "-" "there is no value, and none is missing",
    Unread "?" "?" "the value could not be read",
    Drift "≠" "#" "the live value differs from the option's",
    Proposed "~" "~" "a link that is proposed, not proven",
    AtLeast "≥" ">" "at least this long",
    AtMost "≤" "<" "at most this long",
    Becomes "→" ">" "before and after",
    Moving "»" "~" "on its way",
    Draining "↓" "v" "targets that drain",
    Done "✔" "+" "done, or a finding that goes",
    Failed "✖" "x" "failed",
    Chosen "•" "*" "the choice among several",
    Separator "·" "|" "between the parts of a line",
    Phase "┆" ":" "the border of a phase",
    Horizontal "─" "-" "a horizontal line",
    Vertical "│" "|" "a vertical line",
    TopLeft "┌" "+" "a corner of a frame",
    TopRight "┐" "+" "a corner of a frame",
    BottomLeft "└" "+" "a corner of a frame",
    BottomRight "┘" "+" "a corner of a frame",
    Thumb "█" "#" "the thumb of a scroll bar",
    Track "│" "|" "the track of a scroll bar",
    Tick "┬" "+" "a time on the axis of a chart",
    Cross "┴" "+" "the position of the crosshair in a chart",
    Happened "▲" "^" "a deploy or a change on the axis of a chart",
    Band "░" ":" "what was usual, behind a line",
    Provisional "╌" "." "the axis below values that may still change",
}

/// The levels of a sparkline from the lowest to the highest; a value that is absent is a space.
const LEVELS: [[&str; 8]; 2] = [["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], ["_", ".", "-", "~", "=", "+", "*", "#"]];

/// One of the two sets of glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Glyphs {
    ascii: bool,
}

impl Glyphs {
    /// The set: ASCII alone, or Unicode.
    #[must_use]
    pub const fn new(ascii: bool) -> Self {
        Self { ascii }
    }

    /// Whether nothing but ASCII may be drawn, in charts too.
    #[must_use]
    pub const fn is_ascii(self) -> bool {
        self.ascii
    }

    /// The sign of a state, as AWS spells it.
    #[must_use]
    pub fn sign(self, subject: SignSubject, state: &str) -> Sign<'_> {
        match SIGNS.iter().find(|row| row.subject == subject && row.name == state) {
            Some(row) => Sign { glyph: self.pick([row.unicode, row.ascii]), word: row.word, role: row.role },
            None if state.is_empty() => Sign { glyph: self.pick(UNKNOWN), word: "unknown", role: Role::Dim },
            None => Sign { glyph: self.pick(UNKNOWN), word: state, role: Role::Dim },
        }
    }

    /// A mark.
    #[must_use]
    pub const fn mark(self, mark: Mark) -> &'static str {
        self.pick(mark.glyphs())
    }

    /// The levels of a sparkline from the lowest to the highest.
    #[must_use]
    pub const fn levels(self) -> &'static [&'static str; 8] {
        if self.ascii { &LEVELS[1] } else { &LEVELS[0] }
    }

    /// The level of a share of the highest value: only nothing is the lowest, and what is no number is a space.
    #[must_use]
    pub fn level(self, share: f64) -> &'static str {
        if share.is_nan() {
            return " ";
        }
        self.levels()[(0..7_u8).filter(|step| share * 7.0 > f64::from(*step)).count()]
    }

    const fn pick(self, glyphs: [&'static str; 2]) -> &'static str {
        if self.ascii { glyphs[1] } else { glyphs[0] }
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    const UNICODE: Glyphs = Glyphs::new(false);
    const ASCII: Glyphs = Glyphs::new(true);

    fn every_glyph(glyphs: Glyphs) -> Vec<&'static str> {
        let signs = SIGNS.iter().map(|row| glyphs.sign(row.subject, row.name).glyph);
        let marks = Mark::ALL.iter().map(|mark| glyphs.mark(*mark));
        signs.chain(marks).chain(glyphs.levels().iter().copied()).chain([glyphs.pick(UNKNOWN)]).collect()
    }

    #[test]
    fn every_glyph_is_one_character_and_one_cell_wide() {
        for glyph in every_glyph(UNICODE).into_iter().chain(every_glyph(ASCII)) {
            assert_eq!((glyph.width(), glyph.chars().count()), (1, 1), "{glyph}");
        }
    }

    /// What `DejaVu` Sans Mono 2.37 has of what is drawn, as its table of characters lists it. Menlo and Cascadia Mono were not
    /// looked at (UNVERIFIED). A glyph that is not here is looked up in a font before it is added.
    const IN_THE_FONT: &str = " #?~«·»–•…↑↓↔→≠≤≥⊖⊘─│┆┌┐└┘┬┴╌▁▂▃▄▅▆▇█▌░■▲▴▸▼▾◇◉◌◐◔●✓✔✖";

    #[test]
    fn every_glyph_is_in_the_font() {
        let missing: Vec<_> = every_glyph(UNICODE).into_iter().filter(|glyph| !IN_THE_FONT.contains(glyph)).collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn ascii_is_ascii() {
        assert_eq!(every_glyph(ASCII).into_iter().find(|glyph| !glyph.is_ascii()), None);
    }

    #[test]
    fn no_two_states_share_a_row() {
        for (index, row) in SIGNS.iter().enumerate() {
            let earlier = SIGNS[..index].iter().find(|other| other.subject == row.subject && other.name == row.name);
            assert!(earlier.is_none(), "{row:?}");
        }
    }

    /// Two states of one subject look alike only where they mean the same, or neither is known.
    #[test]
    fn states_are_told_apart_by_glyph_alone() {
        let basic = ["Green", "Yellow", "Red", "Grey"];
        let event = |name: &str| matches!(name, "TRACE" | "DEBUG");
        for (index, row) in SIGNS.iter().enumerate() {
            for other in SIGNS[..index].iter().filter(|other| other.subject == row.subject) {
                let alike = basic.contains(&row.name)
                    || row.word == other.word
                    || (event(row.name) && event(other.name))
                    || (row.unicode == UNKNOWN[0] && other.unicode == UNKNOWN[0]);
                assert!(alike || (row.unicode != other.unicode && row.ascii != other.ascii), "{row:?} {other:?}");
            }
        }
    }

    #[test]
    fn shows_states_as_the_screens_do() {
        let sign = |subject, state| {
            let sign = UNICODE.sign(subject, state);
            (sign.glyph, sign.word, sign.role)
        };
        assert_eq!(sign(SignSubject::Health, "Ok"), ("●", "Ok", Role::Text));
        assert_eq!(sign(SignSubject::Health, "NoData"), ("◌", "No data", Role::Dim));
        assert_eq!(sign(SignSubject::Status, "Updating"), ("»", "Updating", Role::Moving));
        assert_eq!(sign(SignSubject::Target, "draining"), ("↓", "draining", Role::Moving));
        assert_eq!(ASCII.sign(SignSubject::Target, "unhealthy").glyph, "x");
    }

    #[test]
    fn a_state_that_nobody_knows_keeps_its_own_word() {
        let sign = UNICODE.sign(SignSubject::Health, "Marvellous");
        assert_eq!(sign, Sign { glyph: "◌", word: "Marvellous", role: Role::Dim });
        assert_eq!(UNICODE.sign(SignSubject::Target, "Ok").glyph, "◌");
        assert_eq!(ASCII.sign(SignSubject::Status, ""), Sign { glyph: "?", word: "unknown", role: Role::Dim });
    }

    #[test]
    fn a_sparkline_shows_what_is_not_zero() {
        assert_eq!(UNICODE.level(0.0), "▁");
        assert_eq!(UNICODE.level(0.001), "▂");
        assert_eq!(UNICODE.level(1.0), "█");
        assert_eq!(UNICODE.level(7.0), "█");
        assert_eq!(ASCII.level(-1.0), "_");
        assert_eq!(UNICODE.level(f64::NAN), " ");
    }
}
