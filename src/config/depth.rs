//! How many colours the terminal has, and a theme within them.

use super::{Colour, Role, Style, Theme};

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColourDepth {
    /// The 16 of its palette.
    Sixteen,
    /// 256.
    Indexed,
    /// All.
    True,
}

impl ColourDepth {
    /// Returns what the terminal says that it has: `COLORTERM` and `TERM` of the environment.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let terminal = variable("TERM").unwrap_or_default();
        let all = variable("COLORTERM").is_some_and(|it| it == "truecolor" || it == "24bit");
        match terminal.as_str() {
            _ if all || terminal.ends_with("-direct") => Self::True,
            "linux" | "vt100" | "vt220" | "ansi" | "xterm" | "xterm-color" | "xterm-16color" => Self::Sixteen,
            _ => Self::Indexed,
        }
    }
}

impl Theme {
    /// Returns the theme with each colour replaced by the nearest one that the terminal has.
    #[must_use]
    pub fn within(self, depth: ColourDepth) -> Self {
        if depth == ColourDepth::True {
            return self;
        }
        let near = |colour: Colour| nearest(colour, depth);
        self.map(|role, style| Style {
            foreground: style.foreground.map(near),
            // A faint tint has no neighbour among so few: glyph and word say that a row is bad.
            background: style.background.filter(|it| role != Role::BadRow || near(*it) == *it).map(near),
            ..style
        })
    }
}

fn nearest(colour: Colour, depth: ColourDepth) -> Colour {
    let all: &dyn Fn(u8) -> Colour = match (colour, depth) {
        (Colour::Rgb(..), ColourDepth::Indexed) => &Colour::Index,
        (Colour::Rgb(..) | Colour::Index(_), ColourDepth::Sixteen) => &Colour::Named,
        _ => return colour,
    };
    let Some(wanted) = colour.rgb() else { return colour };
    // The first sixteen of the 256 follow the user's palette.
    let numbers = if depth == ColourDepth::Sixteen { 0..=15 } else { 16..=255 };
    let distance = |number: &u8| all(*number).rgb().map_or(u32::MAX, |it| apart(it, wanted));
    numbers.min_by_key(distance).map_or(colour, all)
}

/// How different two colours look, roughly: the eye sees green best, and a grey is no red.
fn apart(one: (u8, u8, u8), other: (u8, u8, u8)) -> u32 {
    let square = |one: u8, other: u8| u32::from(one.abs_diff(other)).pow(2);
    let chroma = |it: (u8, u8, u8)| it.0.max(it.1).max(it.2) - it.0.min(it.1).min(it.2);
    let light = 2 * square(one.0, other.0) + 4 * square(one.1, other.1) + 3 * square(one.2, other.2);
    light + 3 * square(chroma(one), chroma(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_says_how_many_colours_it_has() {
        for (colorterm, term, depth) in [
            ("truecolor", "xterm", ColourDepth::True),
            ("24bit", "screen", ColourDepth::True),
            ("", "xterm-direct", ColourDepth::True),
            ("", "xterm-256color", ColourDepth::Indexed),
            ("yes", "tmux", ColourDepth::Indexed),
            ("", "linux", ColourDepth::Sixteen),
            ("", "", ColourDepth::Indexed),
        ] {
            let variable = |name: &str| Some(if name == "TERM" { term } else { colorterm }.to_owned());
            assert_eq!(ColourDepth::of(variable), depth, "{colorterm} {term}");
        }
    }

    #[test]
    fn no_colour_is_left_that_the_terminal_lacks() {
        for name in super::super::THEME_NAMES {
            let theme = Theme::named(name).unwrap();
            assert_eq!(theme.clone().within(ColourDepth::True), theme);
            for role in Role::ALL {
                let style = theme.clone().within(ColourDepth::Indexed).style(*role);
                let colours = [style.foreground, style.background].into_iter().flatten();
                assert!(!colours.clone().any(|it| matches!(it, Colour::Rgb(..))), "{name}: {role:?}");
                let style = theme.clone().within(ColourDepth::Sixteen).style(*role);
                let mut colours = [style.foreground, style.background].into_iter().flatten();
                assert!(colours.all(|it| matches!(it, Colour::Default | Colour::Named(_))), "{name}: {role:?}");
            }
        }
        assert_eq!(nearest(Colour::Rgb(95, 175, 255), ColourDepth::Indexed), Colour::Index(75));
        assert_eq!(nearest(Colour::Index(203), ColourDepth::Sixteen), Colour::Named(1));
    }
}
