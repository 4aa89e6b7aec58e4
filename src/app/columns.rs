//! What a column of any table is: one fact for the header, the widths, the cells, the sorting and the configuration.

use std::cmp::Ordering;

use crate::model::Moment;

/// How a cell's text is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// Where a text that is too long is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// At its end.
    End,
    /// At its beginning: such names differ at the end.
    Start,
    /// In its middle.
    Middle,
    /// Nowhere: the column goes whole.
    Never,
}

/// The facts of a column `C` of rows `R`.
pub struct ColumnFacts<C: 'static, R: 'static> {
    /// The column.
    pub column: C,
    /// Its name in the configuration and in `--columns`.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The narrowest and the widest it is useful at, in cells.
    pub width: (u16, u16),
    /// The side.
    pub align: Align,
    /// Where it may be cut.
    pub cut: Cut,
    /// Columns with a higher number go first when there is no room.
    pub priority: u8,
    /// What it means, for the help and the picker.
    pub help: &'static str,
    /// Appends the text of its cell.
    pub text: fn(&R, Moment, &mut String),
    /// Compares two rows by this column.
    pub compare: fn(&R, &R) -> Ordering,
}

/// Makes the enum of a table's columns, and the table of their facts in the same order.
macro_rules! columns {
    ($(#[$meta:meta])* $name:ident $table:ident of $row:ty;
        $($variant:ident $word:literal $title:literal $width:tt $align:ident $cut:ident $priority:literal $help:literal
        $text:expr, $compare:expr;)+) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = $help] $variant,)+
        }

        /// The facts of each column, in the order in which they are offered.
        pub const $table: &[$crate::app::columns::ColumnFacts<$name, $row>] = &[$($crate::app::columns::ColumnFacts {
            column: $name::$variant,
            name: $word,
            title: $title,
            width: $width,
            align: $crate::app::columns::Align::$align,
            cut: $crate::app::columns::Cut::$cut,
            priority: $priority,
            help: $help,
            text: $text,
            compare: $compare,
        }),+];

        impl $name {
            /// Returns its facts.
            #[must_use]
            pub fn facts(self) -> &'static $crate::app::columns::ColumnFacts<$name, $row> {
                // The table is made with the enum, in its order.
                &$table[self as usize]
            }
        }
    };
}

pub(crate) use columns;

/// The placeholder of an empty cell.
pub const NOTHING: &str = "–";

/// Appends a text, or the sign for nothing.
pub fn write_option(out: &mut String, text: Option<&str>) {
    out.push_str(text.unwrap_or(NOTHING));
}

/// Orders what is there before what is not.
pub fn last_if_none<T: Ord>(one: Option<&T>, other: Option<&T>) -> Ordering {
    match (one, other) {
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        _ => one.cmp(&other),
    }
}
