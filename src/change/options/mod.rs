//! Any option of an environment that is no setting of the table: what it was, what it is to become, and the calls for that.
//!
//! The option of a setting in the table is changed as that setting, with what is live beside it ([`plan`](super::plan())).

mod check;
mod effect;
mod path;
mod wish;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use check::{OptionMistake, check_option, check_property, replaced_by, takes};
pub use effect::effects;
pub use path::{OptionPath, PROPERTIES};
pub use wish::{OptionRequest, OptionWish, WishedValue, request_options};

use super::calls::ApiCall;
use super::hidden::{HashKey, HiddenValue, MASK, ValueHasher};
use super::lost::OptionTarget;
use super::outcome::Difference;
use super::parameter::Parameter;
use super::request::{Subject, ValueChange};
use super::writes;
use crate::model::{ChangeSeverity, ConfigurationSettings};

/// A value of an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionValue {
    /// A value that may be read by everybody.
    Shown(Arc<str>),
    /// A value that is never shown.
    Hidden(HiddenValue),
}

/// What is done to an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionEdit {
    /// Its namespace.
    pub namespace: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The value that was seen; `None` if it was unset.
    pub seen: Option<OptionValue>,
    /// The value that is written; `None` unsets it.
    pub wanted: Option<OptionValue>,
    /// What Beanstalk says that the change interrupts; `None` if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<ChangeSeverity>,
}

/// What is done to several options of one environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OptionEdits {
    /// Each option once.
    pub edits: Vec<OptionEdit>,
}

impl OptionValue {
    /// The value as it is shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::Shown(text) => text,
            Self::Hidden(_) => MASK,
        }
    }

    fn parameter(&self) -> Parameter {
        match self {
            Self::Shown(text) => Parameter::text(&**text),
            Self::Hidden(hidden) => Parameter::Hidden(hidden.clone()),
        }
    }

    /// The text by which it is compared: of a hidden value its hash.
    fn compared(&self) -> &Arc<str> {
        match self {
            Self::Shown(text) => text,
            Self::Hidden(hidden) => hidden.hash(),
        }
    }
}

impl OptionEdit {
    /// The option.
    #[must_use]
    pub fn path(&self) -> OptionPath {
        OptionPath { namespace: Arc::clone(&self.namespace), name: Arc::clone(&self.name) }
    }

    /// Whether its values are never shown.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.path().is_property()
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.seen == self.wanted
    }

    /// By what live values are compared with it, if they are hidden and can be compared.
    fn hasher(&self) -> Option<&ValueHasher> {
        [&self.wanted, &self.seen].into_iter().flatten().find_map(|value| match value {
            OptionValue::Hidden(hidden) => hidden.hasher(),
            OptionValue::Shown(_) => None,
        })
    }

    /// The live value, as it is compared. `None`: it is hidden, and cannot be compared here.
    #[expect(clippy::option_option, reason = "an option that is unset is compared too")]
    fn live(&self, settings: &ConfigurationSettings) -> Option<Option<Arc<str>>> {
        let live = settings.get(&self.namespace, &self.name);
        match (self.is_hidden(), self.hasher()) {
            (false, _) => Some(live.map(Arc::from)),
            (true, Some(hasher)) => Some(live.map(|live| hasher.hash(live))),
            (true, None) => None,
        }
    }

    fn difference(&self, settings: &ConfigurationSettings) -> Option<Difference> {
        let seen = self.seen.as_ref().map(OptionValue::compared).cloned();
        let live = self.live(settings);
        if live.as_ref() == Some(&seen) {
            return None;
        }
        let path = self.path().to_string();
        if !self.is_hidden() {
            let wanted = self.wanted.as_ref().map(OptionValue::compared);
            return Some(Difference::of(&path, seen.as_ref(), live.flatten().as_ref(), wanted));
        }
        let (seen, live) = match (seen.is_some(), live) {
            (_, None) => ("as it was read", "not comparable"),
            (true, Some(None)) => ("set", "unset"),
            (false, Some(Some(_))) => ("unset", "set"),
            (_, Some(_)) => ("as it was read", "another value"),
        };
        Some(Difference::new(&path, seen, live))
    }

    fn name_fields(&self) -> Vec<(&'static str, Parameter)> {
        vec![("Namespace", Parameter::text(&*self.namespace)), ("OptionName", Parameter::text(&*self.name))]
    }
}

impl OptionEdits {
    /// What is written: an option that has its value already is left out.
    fn written(&self) -> impl Iterator<Item = &OptionEdit> {
        self.edits.iter().filter(|edit| !edit.is_idle())
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.written().next().is_none()
    }

    /// Whether one of them is never shown, so that it cannot be put back.
    #[must_use]
    pub fn has_hidden(&self) -> bool {
        self.edits.iter().any(OptionEdit::is_hidden)
    }

    /// Whether production wants the environment's name typed: the change interrupts something, or what it interrupts is not
    /// known.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        self.written().any(|edit| edit.severity != Some(ChangeSeverity::NoInterruption))
    }

    /// The values that change, as they are shown and kept in the log.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        let text = |value: &Option<OptionValue>| value.as_ref().map(|value| value.shown().to_owned());
        let change =
            |edit: &OptionEdit| ValueChange::new(&edit.path().to_string(), text(&edit.seen), text(&edit.wanted));
        self.edits.iter().map(change).collect()
    }

    /// Returns what each option is now, as it is shown.
    #[must_use]
    pub fn observe(&self, settings: &ConfigurationSettings) -> Vec<(String, Option<Arc<str>>)> {
        let value = |edit: &OptionEdit| {
            let live = settings.get(&edit.namespace, &edit.name)?;
            Some(Arc::from(if edit.is_hidden() { MASK } else { live }))
        };
        self.edits.iter().map(|edit| (edit.path().to_string(), value(edit))).collect()
    }

    /// Returns the differences from what was seen, among what is about to be written.
    #[must_use]
    pub fn differences(&self, settings: &ConfigurationSettings) -> Vec<Difference> {
        self.written().filter_map(|edit| edit.difference(settings)).collect()
    }

    /// The opposite; `None` if a value was never kept.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let back =
            |edit: &OptionEdit| OptionEdit { seen: edit.wanted.clone(), wanted: edit.seen.clone(), ..edit.clone() };
        (!self.has_hidden()).then(|| Self { edits: self.written().map(back).collect() })
    }

    /// The options before and after, by which a change that was lost is found. Empty: nothing of it can be compared.
    pub(super) fn targets(&self) -> Vec<OptionTarget> {
        let text = |value: &Option<OptionValue>| value.as_ref().map(|value| Arc::clone(value.compared()));
        if self.written().any(|edit| edit.is_hidden() && edit.hasher().is_none()) {
            return Vec::new();
        }
        let target = |edit: &OptionEdit| OptionTarget {
            namespace: Arc::clone(&edit.namespace),
            name: Arc::clone(&edit.name),
            before: text(&edit.seen),
            after: text(&edit.wanted),
            default: None,
            hasher: edit.hasher().filter(|_| edit.is_hidden()).cloned(),
        };
        self.written().map(target).collect()
    }

    /// Hashes hidden values by this key, and compares live ones so.
    pub(super) fn compare_by(&mut self, key: &HashKey, environment: &str) {
        for edit in self.edits.iter_mut().filter(|edit| edit.is_hidden()) {
            let hasher = key.hasher(environment, &edit.namespace, &edit.name);
            for value in [&mut edit.seen, &mut edit.wanted].into_iter().flatten() {
                if let OptionValue::Hidden(hidden) = value {
                    *hidden = hidden.keyed(&hasher);
                }
            }
        }
    }

    /// The question whether Beanstalk would take the values; none if there are only options to unset.
    pub(super) fn validation(&self, subject: &Subject) -> Option<ApiCall> {
        let settings = self.settings()?;
        let application = ("ApplicationName", Parameter::text(&*subject.application));
        let environment = ("EnvironmentName", Parameter::text(&*subject.name));
        let parameters = vec![application, environment, ("OptionSettings", settings)];
        Some(ApiCall::new(&writes::VALIDATE_CONFIGURATION_SETTINGS, parameters))
    }

    /// The update of the environment of this id.
    pub(super) fn update(&self, environment: &str) -> ApiCall {
        let mut parameters = vec![("EnvironmentId", Parameter::text(environment))];
        parameters.extend(self.settings().map(|settings| ("OptionSettings", settings)));
        let removed = self.written().filter(|edit| edit.wanted.is_none());
        let removed: Vec<_> = removed.map(|edit| Parameter::Structure(edit.name_fields())).collect();
        if !removed.is_empty() {
            parameters.push(("OptionsToRemove", Parameter::List(removed)));
        }
        ApiCall::new(&writes::UPDATE_ENVIRONMENT, parameters)
    }

    /// The options with their values, as a parameter; none if there are only options to unset.
    fn settings(&self) -> Option<Parameter> {
        let setting = |edit: &OptionEdit| {
            let mut fields = edit.name_fields();
            fields.push(("Value", edit.wanted.as_ref()?.parameter()));
            Some(Parameter::Structure(fields))
        };
        let settings: Vec<_> = self.written().filter_map(setting).collect();
        (!settings.is_empty()).then_some(Parameter::List(settings))
    }
}
