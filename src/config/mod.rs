//! Configuration: settings from text, chords, themes and glyphs.
//!
//! Pure: files, the environment and flags are read by others and come in as values. A setting is one row of [`KEYS`], from
//! which come the reader, the messages, the variables and the test of `assets/config.toml`; a source is a
//! [`ConfigLayer`], and [`Config`] is the defaults [overridden](Config::over) by file, then environment, then flags.

mod colour;
mod depth;
mod glyphs;
mod keymap;
mod keys;
mod layer;
mod mistake;
mod production;
mod read;
mod read_only;
mod script;
mod settings;
mod signs;
mod silence;
mod silencing;
mod style;
mod theme;
mod value;
mod walk;

#[cfg(test)]
mod tests;

pub use colour::{COLOUR_NAMES, Colour, ColourError};
pub use depth::ColourDepth;
pub use glyphs::{Glyphs, Mark, Sign};
pub use keymap::{Chord, ChordError, KeyCode};
pub use keys::{CADENCES, KEYS, KnownNames, SERVICES, SettingKey};
pub use layer::ConfigLayer;
pub use mistake::ConfigError;
pub use production::is_production;
pub use read_only::ReadOnly;
pub use script::{parse_script, script};
pub use settings::{
    BudgetSettings, CadenceSettings, ColourChoice, Config, FleetSettings, NotifySettings, RateSettings, Settled,
    SocketSettings,
};
pub use signs::SignSubject;
pub use silence::{Silence, Silences};
pub use silencing::{SilenceEdit, SilenceError};
pub use style::{Role, Style, StyleChange, THEME_NAMES};
pub use theme::Theme;

/// The default configuration, with its comments: what `config show` can print and a first file can start from.
pub const DEFAULT_TEXT: &str = include_str!("../../assets/config.toml");

/// The default settings.
#[must_use]
pub fn defaults() -> Config {
    // A test checks that the embedded text has no error, and contains every setting.
    let (layer, _) = walk::file("default", DEFAULT_TEXT, None);
    Config::default().over(layer)
}

/// Reads a configuration file. `origin` is its name in messages.
///
/// # Errors
/// If the text is no TOML, names what does not exist, or gives a value that its setting does not want: all of it at once,
/// each with line and column.
pub fn parse(origin: &str, text: &str, known: &KnownNames) -> Result<ConfigLayer, ConfigError> {
    let (layer, mistakes) = walk::file(origin, text, Some(known));
    ConfigError::unless_empty(mistakes).map(|()| layer)
}
