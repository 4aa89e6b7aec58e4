//! Beanstalk's option settings: the requested configuration of an environment.

use std::sync::Arc;

use super::{Environment, Key, Set};

/// One option and its value; an option without a value is unset, which means its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionSetting {
    /// `aws:elasticbeanstalk:environment:process:default` …
    pub namespace: Arc<str>,
    /// `StickinessEnabled` …
    pub name: Arc<str>,
    /// Text on the wire, whatever the type.
    pub value: Option<Arc<str>>,
}

/// The deployed configuration of an environment (`DescribeConfigurationSettings`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationSettings {
    /// Whose.
    pub environment: Key<Environment>,
    /// In AWS's order.
    pub options: Vec<OptionSetting>,
}

/// Both sets of an environment's options, as Beanstalk keeps them while it updates it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionSets {
    /// The options that are deployed.
    pub deployed: Option<ConfigurationSettings>,
    /// Those of an update in progress.
    pub pending: Option<ConfigurationSettings>,
}

impl ConfigurationSettings {
    /// The value of an option; `None` if it is unset or not there. AWS sends an unset one without a value, or with an
    /// empty one.
    #[must_use]
    pub fn get(&self, namespace: &str, name: &str) -> Option<&str> {
        self.options
            .iter()
            .find(|option| &*option.namespace == namespace && &*option.name == name)
            .and_then(|option| option.value.as_deref())
            .filter(|value| !value.is_empty())
    }

    /// The names of its processes, each of which is a target group; in the order of their first options, which AWS sends
    /// in any order.
    pub fn processes(&self) -> impl Iterator<Item = &str> {
        let mut seen = Set::default();
        self.options.iter().filter_map(move |option| {
            let name = option.namespace.strip_prefix("aws:elasticbeanstalk:environment:process:")?;
            seen.insert(name).then_some(name)
        })
    }

    /// Whether the environment sits on a load balancer that is not its own.
    #[must_use]
    pub fn load_balancer_is_shared(&self) -> Option<bool> {
        self.get("aws:elasticbeanstalk:environment", "LoadBalancerIsShared").map(|value| value == "true")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScopeId;

    fn settings(options: &[(&str, &str)]) -> ConfigurationSettings {
        let option = |(namespace, name): &(&str, &str)| OptionSetting {
            namespace: (*namespace).into(),
            name: (*name).into(),
            value: Some("x".into()),
        };
        ConfigurationSettings {
            environment: Key::new(ScopeId(0), "e-1"),
            options: options.iter().map(option).collect(),
        }
    }

    #[test]
    fn each_process_is_named_once_in_whatever_order_options_come() {
        let (chat, default) =
            ("aws:elasticbeanstalk:environment:process:chat", "aws:elasticbeanstalk:environment:process:default");
        for options in [
            [(chat, "Port"), (chat, "Protocol"), (default, "Port"), ("aws:elbv2:loadbalancer", "IdleTimeout")],
            [(chat, "Port"), (default, "Port"), ("aws:elbv2:loadbalancer", "IdleTimeout"), (chat, "Protocol")],
            [(default, "Port"), (chat, "Port"), (default, "Protocol"), (chat, "Protocol")],
        ] {
            let mut processes: Vec<_> = settings(&options).processes().map(str::to_owned).collect();
            processes.sort();
            assert_eq!(processes, ["chat", "default"], "{options:?}");
        }
    }
}
