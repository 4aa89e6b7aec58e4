//! An option by its namespace and name, as the user gives it: `aws:elasticbeanstalk:command:BatchSize`.

use std::fmt;
use std::sync::Arc;

use super::super::settings::{LOAD_BALANCER_NAMESPACE, SettingFacts, settings};

/// The namespace of environment properties.
pub const PROPERTIES: &str = "aws:elasticbeanstalk:application:environment";

/// An option.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OptionPath {
    /// `aws:elasticbeanstalk:command` …
    pub namespace: Arc<str>,
    /// `BatchSize` …
    pub name: Arc<str>,
}

impl OptionPath {
    /// Parses `NAMESPACE:OPTION`. `None`: it is of another form. The name may be empty.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        text.strip_prefix("aws:")?;
        // The names of properties may have colons themselves.
        let property = text.strip_prefix(PROPERTIES).and_then(|rest| rest.strip_prefix(':'));
        let (namespace, name) = match property {
            Some(name) => (PROPERTIES, name),
            None => text.rsplit_once(':')?,
        };
        (namespace.matches(':').count() > 0).then(|| Self { namespace: namespace.into(), name: name.trim().into() })
    }

    /// Whether it is an environment property, whose value is never shown.
    #[must_use]
    pub fn is_property(&self) -> bool {
        *self.namespace == *PROPERTIES
    }

    /// Whether it is one of the sizes of the Auto Scaling group, which are changed together.
    #[must_use]
    pub fn is_size(&self) -> bool {
        *self.namespace == *"aws:autoscaling:asg" && matches!(&*self.name, "MinSize" | "MaxSize")
    }

    /// The setting that has this option, if the table of settings has it.
    #[must_use]
    pub fn setting(&self) -> Option<&'static SettingFacts> {
        let families = ["aws:elasticbeanstalk:environment:process:", "aws:elbv2:listener:", LOAD_BALANCER_NAMESPACE];
        let is_typed = families.iter().any(|family| self.namespace.starts_with(family));
        settings().find(|facts| is_typed && facts.option.is_some_and(|option| *option.name == *self.name))
    }
}

impl fmt::Display for OptionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.namespace, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_colon_ends_the_namespace_but_for_properties() {
        for (text, namespace, name) in [
            ("aws:elasticbeanstalk:command:BatchSize", "aws:elasticbeanstalk:command", "BatchSize"),
            (
                "aws:elasticbeanstalk:application:Application Healthcheck URL",
                "aws:elasticbeanstalk:application",
                "Application Healthcheck URL",
            ),
            ("aws:elasticbeanstalk:application:environment:A:B", PROPERTIES, "A:B"),
            ("aws:elasticbeanstalk:application:environment:", PROPERTIES, ""),
            (
                "aws:elasticbeanstalk:environment:process:default:Port",
                "aws:elasticbeanstalk:environment:process:default",
                "Port",
            ),
        ] {
            let path = OptionPath::parse(text).unwrap();
            assert_eq!((&*path.namespace, &*path.name), (namespace, name));
            assert_eq!(path.is_property(), namespace == PROPERTIES);
            assert_eq!(path.to_string(), text);
        }
        for text in ["stickiness.enabled", "aws", "aws:", "aws:command", "listener:443:ssl_policy", "StickinessEnabled"]
        {
            assert_eq!(OptionPath::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_option_of_the_table_of_settings_is_found() {
        let key = |text: &str| OptionPath::parse(text).unwrap().setting().map(|facts| facts.key);
        assert_eq!(key("aws:elasticbeanstalk:environment:process:chat:StickinessEnabled"), Some("stickiness.enabled"));
        assert_eq!(key("aws:elbv2:loadbalancer:IdleTimeout"), Some("idle_timeout.timeout_seconds"));
        assert_eq!(key("aws:elbv2:listener:443:SSLPolicy"), Some("ssl_policy"));
        assert_eq!(key("aws:elasticbeanstalk:environment:process:default:Port"), None);
        assert_eq!(key("aws:elasticbeanstalk:command:BatchSize"), None);
        assert_eq!(key("aws:elasticbeanstalk:application:environment:IdleTimeout"), None);
    }
}
