//! Themes: what each role of the screen looks like.
//!
//! The interface names roles, never colours. A theme file is what could be under `[style]` in the configuration, so
//! one reader serves both, and an override is written over a theme key by key. Healthy things are `text`: plain.

use std::collections::BTreeMap;

use super::style::{Role, Style, StyleChange, THEME_NAMES};
use super::{Config, ConfigError, ConfigLayer, walk};

/// The texts of the themes that come with the program, in the order of [`THEME_NAMES`].
const THEMES: [&str; 4] = [
    include_str!("../../assets/themes/dark.toml"),
    include_str!("../../assets/themes/light.toml"),
    include_str!("../../assets/themes/mono.toml"),
    include_str!("../../assets/themes/high-contrast.toml"),
];

/// A style for every role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: Vec<Style>,
}

impl Theme {
    /// A theme that comes with the program.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let index = THEME_NAMES.iter().position(|theme| *theme == name)?;
        let (layer, _) = walk::style(name, THEMES[index]);
        Some(Self::plain().with(&layer.styles()))
    }

    /// Reads a theme; a role that the text does not name is plain.
    ///
    /// # Errors
    /// If the text is no TOML, or names roles, attributes or colours that do not exist: all of it at once.
    pub fn parse(origin: &str, text: &str) -> Result<Self, ConfigError> {
        let (layer, mistakes) = walk::style(origin, text);
        ConfigError::unless_empty(mistakes)?;
        Ok(Self::plain().with(&layer.styles()))
    }

    /// No style for any role.
    #[must_use]
    pub fn plain() -> Self {
        Self { styles: vec![Style::default(); Role::ALL.len()] }
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// Returns the theme overridden by changes, by the names of roles.
    #[must_use]
    pub fn with(mut self, changes: &BTreeMap<String, StyleChange>) -> Self {
        for (role, style) in Role::ALL.iter().zip(&mut self.styles) {
            if let Some(change) = changes.get(role.name()) {
                *style = change.over(*style);
            }
        }
        self
    }

    /// The theme with each role's style replaced.
    #[must_use]
    pub(super) fn map(mut self, replace: impl Fn(Role, Style) -> Style) -> Self {
        for (role, style) in Role::ALL.iter().zip(&mut self.styles) {
            *style = replace(*role, *style);
        }
        self
    }

    /// The theme for `NO_COLOR`: weight, underlines and reversed text stay, so that selection and chips can be seen.
    #[must_use]
    pub fn without_colour(mut self) -> Self {
        for style in &mut self.styles {
            *style = style.without_colour();
        }
        // Reversed it would look as if it were selected; its glyph and its word say that it is bad.
        self.styles[Role::BadRow as usize] = Style::default();
        self
    }
}

impl ConfigLayer {
    /// Returns the styles that a layer sets.
    fn styles(&self) -> BTreeMap<String, StyleChange> {
        Config::default().over(self.clone()).style
    }
}

#[cfg(test)]
#[path = "theme_tests.rs"]
mod tests;
