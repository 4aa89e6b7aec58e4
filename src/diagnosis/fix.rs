//! What would end a finding: a setting to change now, or an option to commit to the project.

use crate::model::{Environment, Key, TargetGroup, resource_name};

/// A change that would end a finding. Every finding has its check's advice in words; some have this too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// A setting that `beanpole set` changes.
    Setting {
        /// The target group, if it is one's.
        target_group: Option<Key<TargetGroup>>,
        /// The setting, as `set` spells it.
        key: String,
        /// Its new value.
        value: String,
    },
    /// An option of Beanstalk's, for a configuration file of the project or the console.
    Option {
        /// Its namespace.
        namespace: &'static str,
        /// Its name.
        name: &'static str,
        /// Its new value.
        value: &'static str,
    },
}

impl Fix {
    /// Returns a change of a target group's setting.
    #[must_use]
    pub fn of_group(target_group: &Key<TargetGroup>, key: &str, value: &str) -> Self {
        Self::Setting { target_group: Some(target_group.clone()), key: key.to_owned(), value: value.to_owned() }
    }

    /// Returns a change of a load balancer's or a listener's setting.
    #[must_use]
    pub fn of_balancer(key: &str, value: &str) -> Self {
        Self::Setting { target_group: None, key: key.to_owned(), value: value.to_owned() }
    }

    /// Returns the command that makes the change; `None` for an option that beanpole does not set.
    #[must_use]
    pub fn command(&self, environment: &Environment) -> Option<String> {
        let Self::Setting { target_group, key, value } = self else { return None };
        let group = target_group.as_ref().map(|key| format!(" --target-group {}", resource_name(&key.id)));
        Some(format!("beanpole set {} {key}={value}{}", environment.name, group.unwrap_or_default()))
    }
}
