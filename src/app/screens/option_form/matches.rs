//! Which options match what is typed.

use super::OptionForm;
use crate::app::state::State;
use crate::change::{OptionPath, PROPERTIES, check_property};
use crate::model::OptionDescription;

/// An option that matches.
#[derive(Clone, Copy, Debug)]
pub enum OptionMatch<'a> {
    /// One that Beanstalk knows.
    Known(&'a OptionDescription),
    /// An environment property of this name.
    Property(&'a str),
}

impl OptionMatch<'_> {
    /// The option.
    #[must_use]
    pub fn path(&self) -> OptionPath {
        match self {
            Self::Known(option) => OptionPath { namespace: option.namespace.clone(), name: option.name.clone() },
            Self::Property(name) => OptionPath { namespace: PROPERTIES.into(), name: (*name).into() },
        }
    }
}

impl OptionForm {
    /// Returns the options that have all typed words in their names, in Beanstalk's order; at the end a property of the
    /// name that was typed.
    #[must_use]
    pub fn matches<'a>(&'a self, state: &'a State) -> Vec<OptionMatch<'a>> {
        let typed = self.option.value().trim();
        let words: Vec<_> = typed.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let known = state.snapshot().inventory.option_descriptions.get(&self.environment);
        let has_all = |option: &&OptionDescription| {
            let name = format!("{}:{}", option.namespace, option.name).to_lowercase();
            words.iter().all(|word| name.contains(word))
        };
        let matching = known.into_iter().flat_map(|known| &known.options).filter(has_all).map(OptionMatch::Known);
        let is_name = !typed.contains(':') && check_property(typed, None).is_ok();
        matching.chain(is_name.then_some(OptionMatch::Property(typed))).collect()
    }

    /// The description of the option that was typed, if Beanstalk has one.
    #[must_use]
    pub fn description<'a>(&self, state: &'a State) -> Option<&'a OptionDescription> {
        let path = self.path()?;
        state.snapshot().inventory.option_descriptions.get(&self.environment)?.get(&path.namespace, &path.name)
    }
}
