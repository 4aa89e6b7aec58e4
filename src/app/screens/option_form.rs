//! The form in which any option of an environment is set: its name, which is completed from Beanstalk's list, and its value.

mod acting;
mod matches;

use std::fmt;

use tui_input::{Input, InputRequest};

use crate::change::{HiddenValue, OptionPath, OptionWish, WishedValue};
use crate::model::{Environment, Key, clean};

/// An option and its value, as far as they are typed.
#[derive(Clone, Debug)]
pub struct OptionForm {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its title.
    pub title: String,
    /// The option.
    pub option: Input,
    /// The value.
    pub value: UnseenInput,
    /// Whether the value has the keyboard.
    pub is_at_value: bool,
    /// Which of the options that match is chosen.
    pub chosen: usize,
}

/// A field whose text is in no message of an error: it may be the value of an environment property.
#[derive(Clone, Default)]
pub struct UnseenInput(pub Input);

impl fmt::Debug for UnseenInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnseenInput")
    }
}

impl OptionForm {
    /// The form for an environment.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        Self {
            environment: environment.key.clone(),
            title: format!("Set an option of {}", clean(&environment.name)),
            option: Input::default(),
            value: UnseenInput::default(),
            is_at_value: false,
            chosen: 0,
        }
    }

    /// The option that was typed, if it has a namespace and a name.
    #[must_use]
    pub fn path(&self) -> Option<OptionPath> {
        OptionPath::parse(self.option.value()).filter(|path| !path.name.is_empty())
    }

    /// Whether its value is never shown.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.path().is_some_and(|path| path.is_property())
    }

    /// What is wanted. An empty value removes the option.
    #[must_use]
    pub fn wish(&self) -> Option<OptionWish> {
        let path = self.path()?;
        let text = self.value.0.value();
        let value = match () {
            () if text.is_empty() => WishedValue::Unset,
            () if path.is_property() => WishedValue::Hidden(HiddenValue::new(text)),
            () => WishedValue::Shown(text.to_owned()),
        };
        Some(OptionWish { path, value })
    }

    /// To the other field.
    fn turn(&mut self) {
        self.is_at_value = !self.is_at_value;
    }

    /// Takes a key in.
    fn handle(&mut self, request: InputRequest) {
        if self.is_at_value {
            self.value.0.handle(request);
        } else {
            self.option.handle(request);
            self.chosen = 0;
        }
    }

    /// The chosen option is the one, and its value is typed next.
    fn take(&mut self, option: &OptionPath) {
        self.option = Input::new(option.to_string());
        (self.is_at_value, self.chosen) = (true, 0);
    }
}
