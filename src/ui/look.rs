//! The theme and the glyphs in force, in ratatui's terms.

use ratatui::style::{Color, Modifier, Style};

use crate::config::{self, Colour, ColourDepth, Config, Glyphs, Role, Theme};

/// What everything looks like.
#[derive(Clone, Debug)]
pub struct Look {
    /// Which glyphs are drawn.
    pub glyphs: Glyphs,
    styles: Vec<Style>,
}

impl Look {
    /// A look from a theme.
    #[must_use]
    pub fn new(theme: &Theme, glyphs: Glyphs) -> Self {
        let styles = Role::ALL.iter().map(|role| style(theme.style(*role))).collect();
        Self { glyphs, styles }
    }

    /// Returns the look that the configuration asks for, within the colours that there are; `terminal`: standard output is
    /// a terminal.
    #[must_use]
    pub fn configured(config: &Config, terminal: bool, depth: ColourDepth) -> Self {
        Self::new(&config.theme_for(terminal).within(depth), config.glyphs())
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        // The styles were made from the table of roles, in its order.
        self.styles[role as usize]
    }
}

fn style(style: config::Style) -> Style {
    let mut made = Style { fg: style.foreground.map(colour), bg: style.background.map(colour), ..Style::default() };
    let modifiers = [
        (style.bold, Modifier::BOLD),
        (style.dim, Modifier::DIM),
        (style.italic, Modifier::ITALIC),
        (style.underline, Modifier::UNDERLINED),
        (style.reverse, Modifier::REVERSED),
    ];
    for (_, modifier) in modifiers.into_iter().filter(|(on, _)| *on) {
        made = made.add_modifier(modifier);
    }
    made
}

fn colour(colour: Colour) -> Color {
    match colour {
        Colour::Default => Color::Reset,
        Colour::Named(index) => named(index),
        Colour::Index(index) => Color::Indexed(index),
        Colour::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    }
}

/// The terminal's own sixteen, so that its palette decides.
fn named(index: u8) -> Color {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    NAMED[usize::from(index % 16)]
}
