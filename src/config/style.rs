//! Roles and styles: what a piece of the screen is for, and how it may look.

use super::Colour;

/// Declares the roles: one table for the enum, the names in files, and what each is for.
macro_rules! roles {
    ($($variant:ident $name:literal $purpose:literal,)+) => {
        /// What a piece of the screen is for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role {
            $(#[doc = $purpose] $variant,)+
        }

        impl Role {
            /// Every role, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The names of all roles, as files spell them.
            pub const NAMES: &[&str] = &[$($name,)+];

            /// The name in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What the role is for.
            #[must_use]
            pub const fn purpose(self) -> &'static str {
                match self { $(Self::$variant => $purpose,)+ }
            }
        }
    };
}

roles! {
    Text "text" "ordinary text, and everything that is healthy",
    Dim "dim" "units, what is old, what is unknown",
    Accent "accent" "the pane and the tab that have the focus",
    Title "title" "the name of a screen, a pane or a dialog",
    Heading "heading" "column headings",
    Selected "selected" "the row under the cursor",
    Bad "bad" "bad now",
    BadRow "bad_row" "behind the text of a row that is bad now",
    Warning "warning" "bad soon, or in part",
    Moving "moving" "on its way: updating, registering, draining",
    Good "good" "got better: a finding that goes, a better verdict; never what is merely healthy",
    Chip "chip" "a chip of the header, such as SIMULATED",
    ChipDanger "chip_danger" "a chip that warns, such as a production account that can be written to",
    Changed "changed" "a cell that changed within the last two seconds",
    Pending "pending" "a value that was sent and is not yet seen",
    Before "before" "a value that a change replaces",
    After "after" "the value that a change puts there",
    Match "match" "the characters that a filter matched",
    Border "border" "frames and separators",
    Key "key" "a key, in the footer and in help",
    Input "input" "a text field",
    FirstSeries "first_series" "the first line of a chart, as p50",
    SecondSeries "second_series" "the second line of a chart, as p90",
    ThirdSeries "third_series" "the third line of a chart, as p99",
}

/// How a role looks. What is not set stays as it is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a terminal's attributes are independent of each other")]
pub struct Style {
    /// The colour of the text.
    pub foreground: Option<Colour>,
    /// The colour behind the text.
    pub background: Option<Colour>,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Text and background exchanged.
    pub reverse: bool,
}

impl Style {
    /// The style without its colours. What showed by its background shows by being reversed.
    #[must_use]
    pub fn without_colour(self) -> Self {
        Self { foreground: None, background: None, reverse: self.reverse || self.background.is_some(), ..self }
    }
}

/// The part of a role's style that a file sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the fields of `Style`")]
pub struct StyleChange {
    pub foreground: Option<Colour>,
    pub background: Option<Colour>,
    pub bold: Option<bool>,
    pub dim: Option<bool>,
    pub italic: Option<bool>,
    pub underline: Option<bool>,
    pub reverse: Option<bool>,
}

impl StyleChange {
    /// Returns this style overridden by a change.
    #[must_use]
    pub fn over(self, style: Style) -> Style {
        Style {
            foreground: self.foreground.or(style.foreground),
            background: self.background.or(style.background),
            bold: self.bold.unwrap_or(style.bold),
            dim: self.dim.unwrap_or(style.dim),
            italic: self.italic.unwrap_or(style.italic),
            underline: self.underline.unwrap_or(style.underline),
            reverse: self.reverse.unwrap_or(style.reverse),
        }
    }
}

/// The names of the themes that come with the program.
pub const THEME_NAMES: &[&str] = &["dark", "light", "mono", "high-contrast"];
