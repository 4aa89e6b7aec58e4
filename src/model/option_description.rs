//! What Beanstalk says about a configuration option: its type and range, its default, and what a change of it interrupts.

use std::sync::Arc;

use super::wire_enum::wire_enum;
use super::{Environment, Key};

/// A configuration option of an environment (`DescribeConfigurationOptions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionDescription {
    /// `aws:elasticbeanstalk:command` …
    pub namespace: Arc<str>,
    /// `BatchSize` …
    pub name: Arc<str>,
    /// Its default; `None` if it has none.
    pub default: Option<Arc<str>>,
    /// The type of its value; `None` if AWS does not say.
    pub value_type: Option<OptionValueType>,
    /// What a change of it interrupts; `None` if AWS does not say.
    pub severity: Option<ChangeSeverity>,
    /// The only values that it takes; empty if there is no such list.
    pub values: Vec<Arc<str>>,
    /// The least number that it takes.
    pub min: Option<i32>,
    /// The greatest number that it takes.
    pub max: Option<i32>,
    /// The most characters of a text.
    pub max_length: Option<i32>,
    /// The regular expression that a value has to match.
    pub pattern: Option<OptionPattern>,
    /// Whether the user has made it: its names are open.
    pub is_user_defined: bool,
}

/// A regular expression, with Beanstalk's name for what it describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionPattern {
    /// The expression, in AWS's dialect, which is Java's.
    pub expression: Arc<str>,
    /// What it describes: `email address` …
    pub label: Option<Arc<str>>,
}

/// The type of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionValueType {
    /// One text or number.
    Scalar,
    /// Texts, separated by commas.
    List,
    /// `true` or `false`.
    Boolean,
    /// A JSON document.
    Json,
}

/// The options that an environment may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionDescriptions {
    /// Whose.
    pub environment: Key<Environment>,
    /// In AWS's order.
    pub options: Vec<OptionDescription>,
}

impl OptionDescriptions {
    /// Returns the description of an option.
    #[must_use]
    pub fn get(&self, namespace: &str, name: &str) -> Option<&OptionDescription> {
        self.options.iter().find(|option| *option.namespace == *namespace && *option.name == *name)
    }
}

wire_enum! {
    /// What a change of an option interrupts.
    ChangeSeverity {
        /// Nothing.
        NoInterruption = "NoInterruption",
        /// The application servers are restarted.
        RestartApplicationServer = "RestartApplicationServer",
        /// All instances are replaced.
        RestartEnvironment = "RestartEnvironment",
    }
}
