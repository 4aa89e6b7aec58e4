//! A layer: the settings of one source, as a list of checked assignments.
//!
//! A list rather than a struct of options: to override one source by another is then to apply it later, and each setting
//! exists once, in the table of keys.

use super::ConfigError;
use super::keys::{KEYS, SettingKey};
use super::read;
use super::value::Value;
use crate::mistakes::Mistake;

/// The settings of one source.
#[derive(Debug, Clone, Default)]
pub struct ConfigLayer {
    pub(super) assignments: Vec<Assignment>,
}

/// One setting given a value.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    pub key: &'static SettingKey,
    /// The name in place of the placeholder of the key's path: the action, the service, the role ...
    pub name: String,
    pub value: Value,
    pub origin: String,
}

/// A text for a setting: its source, the setting if there is one, and the text.
type Said = (String, Option<&'static SettingKey>, String);

impl ConfigLayer {
    /// Reads the environment: `NO_COLOR`, and the `BEANPOLE_*` variables of the table of keys. An empty variable counts
    /// as unset, and `BEANPOLE_COLOR` overrides `NO_COLOR`.
    ///
    /// # Errors
    /// If values are not valid for their settings: all of them at once.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let no_color = variable("NO_COLOR").map(|_| ("NO_COLOR".to_owned(), find("color"), "never".to_owned()));
        let named = KEYS.iter().filter_map(|key| {
            let name = key.variable?;
            variable(name).map(|value| (name.to_owned(), Some(key), value))
        });
        Self::from_texts(no_color.into_iter().chain(named))
    }

    /// Reads the flags, each by the name of its setting (`read_only`, `true`) as the table of keys has it.
    ///
    /// # Errors
    /// If a value is not valid for its setting, or a setting cannot be given as a flag: all of them at once.
    pub fn from_flags<'a>(flags: impl IntoIterator<Item = (&'a str, String)>) -> Result<Self, ConfigError> {
        Self::from_texts(flags.into_iter().map(|(name, text)| {
            let flag = format!("--{}", name.replace('_', "-"));
            (flag, find(name).filter(|key| key.variable.is_some()), text)
        }))
    }

    fn from_texts(texts: impl Iterator<Item = Said>) -> Result<Self, ConfigError> {
        let mut layer = Self::default();
        let mut mistakes = Vec::new();
        for (origin, key, text) in texts {
            let value = key.ok_or_else(|| "no such setting".to_owned()).and_then(|key| {
                let value = read::text(&key.kind, &text)?;
                Ok(Assignment { key, name: String::new(), value, origin: origin.clone() })
            });
            match value {
                Ok(assignment) => layer.assignments.push(assignment),
                Err(what) => mistakes.push(Mistake { origin, position: None, what }),
            }
        }
        ConfigError::unless_empty(mistakes).map(|()| layer)
    }

    /// Returns whether this layer sets a `read_only` for all profiles that protects anything.
    pub(super) fn protects_all_profiles(&self) -> bool {
        let global = |assignment: &&Assignment| assignment.key.path == "read_only";
        self.assignments.iter().find(global).is_some_and(|assignment| assignment.value != Value::Flag(false))
    }
}

fn find(path: &str) -> Option<&'static SettingKey> {
    KEYS.iter().find(|key| key.path == path)
}
