//! Beanstalk's option settings: the requested configuration of an environment.

use std::sync::Arc;

use super::{Environment, Key};

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
    /// All of them.
    pub options: OptionList,
}

/// The options of one environment, sorted by namespace and name, so that one of them is found without looking at the
/// others; AWS sends them in any order. Of two with the same names the one that was sent first comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionList(Vec<OptionSetting>);

impl FromIterator<OptionSetting> for OptionList {
    fn from_iter<I: IntoIterator<Item = OptionSetting>>(options: I) -> Self {
        let mut options: Vec<_> = options.into_iter().collect();
        options.sort_by(|one, other| (&one.namespace, &one.name).cmp(&(&other.namespace, &other.name)));
        Self(options)
    }
}

impl From<Vec<OptionSetting>> for OptionList {
    fn from(options: Vec<OptionSetting>) -> Self {
        options.into_iter().collect()
    }
}

impl std::ops::Deref for OptionList {
    type Target = [OptionSetting];

    fn deref(&self) -> &[OptionSetting] {
        &self.0
    }
}

impl OptionList {
    /// The options of the namespaces that begin with these words, by namespace and name.
    #[must_use]
    pub fn below(&self, prefix: &str) -> &[OptionSetting] {
        let rest = &self.0[self.0.partition_point(|it| &*it.namespace < prefix)..];
        &rest[..rest.partition_point(|it| it.namespace.starts_with(prefix))]
    }

    /// The options of one namespace, by name.
    #[must_use]
    pub fn of(&self, namespace: &str) -> &[OptionSetting] {
        let rest = &self.0[self.0.partition_point(|it| &*it.namespace < namespace)..];
        &rest[..rest.partition_point(|it| &*it.namespace == namespace)]
    }
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
        let options = self.options.of(namespace);
        let option = options.get(options.partition_point(|it| &*it.name < name))?;
        option.value.as_deref().filter(|value| &*option.name == name && !value.is_empty())
    }

    /// The names of its processes, each of which is a target group; by name.
    pub fn processes(&self) -> impl Iterator<Item = &str> {
        const NAMESPACES: &str = "aws:elasticbeanstalk:environment:process:";
        let of_one = self.options.below(NAMESPACES).chunk_by(|one, other| one.namespace == other.namespace);
        of_one.map(|options| &options[0].namespace[NAMESPACES.len()..])
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

    #[test]
    fn an_option_is_found_in_its_namespace_and_in_no_other() {
        let option = |namespace: &str, name: &str, value: Option<&str>| OptionSetting {
            namespace: namespace.into(),
            name: name.into(),
            value: value.map(Into::into),
        };
        let options = vec![
            option("aws:b", "Two", Some("first")),
            option("aws:bc", "One", Some("other")),
            option("aws:b", "One", Some("1")),
            option("aws:a", "One", Some("")),
            option("aws:b", "Two", Some("second")),
            option("aws:b", "Unset", None),
        ];
        let settings = ConfigurationSettings { environment: Key::new(ScopeId(0), "e-1"), options: options.into() };
        let table = [
            ("aws:b", "One", Some("1")),
            ("aws:b", "Two", Some("first")),
            ("aws:bc", "One", Some("other")),
            ("aws:a", "One", None),
            ("aws:b", "Unset", None),
            ("aws:b", "Zero", None),
            ("aws:b", "", None),
            ("aws:", "One", None),
            ("aws:z", "One", None),
        ];
        for (namespace, name, value) in table {
            assert_eq!(settings.get(namespace, name), value, "{namespace} {name}");
        }
        let names = |options: &[OptionSetting]| options.iter().map(|it| it.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(settings.options.of("aws:b")), ["One", "Two", "Two", "Unset"]);
        assert_eq!(names(settings.options.below("aws:b")), ["One", "Two", "Two", "Unset", "One"]);
        assert_eq!(names(settings.options.below("aws:c")), [""; 0]);
    }
}
