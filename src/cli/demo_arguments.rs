//! What `demo` takes on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::since::span_or_none;
use crate::config::{Chord, parse_script};

/// The most columns or rows of a picture.
const MOST: u16 = 500;

/// What `demo` takes.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Which region is simulated: a scenario's name, or a file (a path, or a name that ends in .toml)
    #[arg(long, value_name = "NAME|FILE", default_value = "shop")]
    pub scenario: String,
    /// Draw the screen into this SVG file instead of on the terminal; a file of this name is replaced
    #[arg(long, value_name = "FILE")]
    pub screenshot: Option<PathBuf>,
    /// The keys to type before the screen is drawn, as in jj<enter>m
    #[arg(long, value_name = "KEYS", requires = "screenshot", allow_hyphen_values = true, value_parser = keys)]
    pub keys: Option<Keys>,
    /// The columns and rows of the screen
    #[arg(long, value_name = "WxH", requires = "screenshot", default_value = "120x40", value_parser = size)]
    pub size: (u16, u16),
    /// How long the simulated region goes on after the last key; it takes no time here
    #[arg(long, value_name = "SPAN", requires = "screenshot", default_value = "4s", value_parser = span_or_none)]
    pub after: Duration,
}

/// The keys of a script.
#[derive(Clone, Debug)]
pub struct Keys(pub Vec<Chord>);

fn keys(text: &str) -> Result<Keys, String> {
    parse_script(text).map(Keys).map_err(|error| error.to_string())
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let number = |text: &str| text.parse().ok().filter(|number| (1..=MOST).contains(number));
    let numbers = text.split_once('x').and_then(|(width, height)| Some((number(width)?, number(height)?)));
    numbers.ok_or_else(|| format!("write it as 120x40: columns and rows, each from 1 to {MOST}"))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_columns_by_rows() {
        assert_eq!(size("120x40"), Ok((120, 40)));
        assert_eq!(size("500x1"), Ok((500, 1)));
        for text in ["", "120", "120x", "x40", "0x40", "120x0", "501x40", "120x40x2", "-1x40", "120 x 40", "120X40"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
