//! Checks an option and its value against Beanstalk's own description, and refuses what would replace a load balancer.

use std::fmt;
use std::sync::Arc;

use super::super::settings::{FIXED, LOAD_BALANCER_NAMESPACE, ObjectKind};
use super::path::OptionPath;
use crate::model::{OptionDescription, OptionDescriptions, OptionPattern, OptionValueType, counted};

/// The longest value of an environment property (Developer Guide, environment properties).
pub const LONGEST_PROPERTY: usize = 4096;

/// Why an option cannot be set so. A property's value is in none of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionMistake {
    /// The environment has no such option.
    Unknown(OptionPath),
    /// A change of it replaces the load balancer, or a target group.
    Replaces {
        /// The option.
        path: OptionPath,
        /// What it would replace.
        why: &'static str,
    },
    /// The value is none that it takes.
    OutOfRange {
        /// The option.
        path: OptionPath,
        /// The value.
        value: Arc<str>,
        /// What it takes.
        takes: String,
    },
    /// A name that no property may have.
    PropertyName(Arc<str>),
    /// A property's value that Beanstalk does not take; why.
    PropertyValue(Arc<str>, String),
    /// It has no value that could be removed.
    Unset(OptionPath),
    /// It is given twice.
    Twice(OptionPath),
    /// What has the setting of this option is not known: no target group is proven to be the process's.
    NoObject(OptionPath),
    /// Settings of the load balancer, sizes and other options are wanted at once.
    Mixed,
    /// Sizes that there may not be, in words.
    Sizes(String),
}

/// Returns why an option may not be set, whatever its value: a change of it would replace the load balancer or a target
/// group, or Beanstalk takes it only for a new environment.
#[must_use]
pub fn replaced_by(path: &OptionPath) -> Option<&'static str> {
    if (&*path.namespace, &*path.name) == (LOAD_BALANCER_NAMESPACE, "SharedLoadBalancer") {
        return Some("Beanstalk takes another load balancer only for a new environment");
    }
    let is_of = |object: ObjectKind| match object {
        ObjectKind::TargetGroup => path.namespace.starts_with("aws:elasticbeanstalk:environment:process:"),
        ObjectKind::Listener => path.namespace.starts_with("aws:elbv2:listener:"),
        // What is shown of a load balancer and replaces nothing (IpAddressType) is an option like any other.
        ObjectKind::LoadBalancer => false,
    };
    let row = FIXED.iter().find(|row| match row.option {
        Some((Some(namespace), name)) => *namespace == *path.namespace && *name == *path.name,
        Some((None, name)) => *name == *path.name && is_of(row.object),
        None => false,
    });
    row.map(|row| row.why)
}

/// Checks a value against what Beanstalk says about its option; returns it as it is sent.
///
/// # Errors
/// When the environment has no such option, a change of it is refused, or the value is not in its range.
pub fn check_option(known: &OptionDescriptions, path: &OptionPath, value: &str) -> Result<String, OptionMistake> {
    let option = described(known, path)?;
    let value = value.trim();
    accept(option, value).ok_or_else(|| OptionMistake::OutOfRange {
        path: path.clone(),
        value: value.into(),
        takes: takes(option),
    })
}

/// Returns what Beanstalk says about an option that may be set.
///
/// # Errors
/// When the environment has no such option, or a change of it is refused.
pub fn described<'a>(known: &'a OptionDescriptions, path: &OptionPath) -> Result<&'a OptionDescription, OptionMistake> {
    if let Some(why) = replaced_by(path) {
        return Err(OptionMistake::Replaces { path: path.clone(), why });
    }
    known.get(&path.namespace, &path.name).ok_or_else(|| OptionMistake::Unknown(path.clone()))
}

/// Checks the name of an environment property, and its value if it is known.
///
/// # Errors
/// When Beanstalk does not take it.
pub fn check_property(name: &str, value: Option<&str>) -> Result<(), OptionMistake> {
    let is_allowed = |it: char| it.is_alphanumeric() || "_.:/+\\-@".contains(it);
    if name.is_empty() || !name.chars().all(is_allowed) || name.chars().count() > 128 {
        return Err(OptionMistake::PropertyName(name.into()));
    }
    let mistake = |why: String| Err(OptionMistake::PropertyValue(name.into(), why));
    match value {
        Some("") => mistake("it is empty".to_owned()),
        Some(value) if value.len() > LONGEST_PROPERTY => {
            mistake(format!("it has more than {}, the most that Beanstalk takes", counted(LONGEST_PROPERTY, "byte")))
        }
        Some(value) if value.chars().any(|it| it.is_control() && it != '\n' && it != '\t') => {
            mistake("it has control characters".to_owned())
        }
        _ => Ok(()),
    }
}

/// The value as it is sent, if the option takes it. Both ends of a range are in it.
fn accept(option: &OptionDescription, value: &str) -> Option<String> {
    if value.is_empty() {
        return None;
    }
    if option.value_type == Some(OptionValueType::Boolean) {
        let word = ["true", "false"].into_iter().find(|word| value.eq_ignore_ascii_case(word));
        return word.map(str::to_owned);
    }
    if !option.values.is_empty() {
        let is_list = option.value_type == Some(OptionValueType::List);
        let one = |value: &str| {
            let exact = option.values.iter().find(|it| ***it == *value);
            let word = exact.or_else(|| option.values.iter().find(|it| it.eq_ignore_ascii_case(value)));
            word.map(ToString::to_string)
        };
        if !is_list {
            return one(value);
        }
        return value.split(',').map(|it| one(it.trim())).collect::<Option<Vec<_>>>().map(|it| it.join(","));
    }
    if option.min.is_some() || option.max.is_some() {
        let number = value.parse::<i64>().ok()?;
        let is_in =
            option.min.is_none_or(|min| number >= min.into()) && option.max.is_none_or(|max| number <= max.into());
        return is_in.then(|| number.to_string());
    }
    let is_short = option.max_length.is_none_or(|most| value.chars().count() <= usize::try_from(most).unwrap_or(0));
    let is_json =
        option.value_type != Some(OptionValueType::Json) || serde_json::from_str::<serde_json::Value>(value).is_ok();
    let matches = option.pattern.as_ref().is_none_or(|pattern| is_match(pattern, value));
    (is_short && is_json && matches).then(|| value.to_owned())
}

/// Java's expressions are not all ours: of one that cannot be read Beanstalk alone judges.
fn is_match(pattern: &OptionPattern, value: &str) -> bool {
    regex_lite::Regex::new(&pattern.expression).map_or(true, |expression| expression.is_match(value))
}

/// Describes what an option takes.
#[must_use]
pub fn takes(option: &OptionDescription) -> String {
    if option.value_type == Some(OptionValueType::Boolean) {
        return "true or false".to_owned();
    }
    if !option.values.is_empty() {
        return option.values.join(", ");
    }
    match (option.min, option.max) {
        (Some(min), Some(max)) => return format!("{min} to {max}"),
        (Some(min), None) => return format!("{min} or more"),
        (None, Some(max)) => return format!("{max} or less"),
        (None, None) => {}
    }
    let kind = match option.value_type {
        Some(OptionValueType::List) => "texts separated by commas",
        Some(OptionValueType::Json) => "a JSON document",
        _ => "a text that is not empty",
    };
    let length = option.max_length.map(|most| format!(" of at most {most} characters")).unwrap_or_default();
    let pattern = option.pattern.as_ref().map(|it| {
        it.label.as_ref().map_or_else(|| format!(" that matches {}", it.expression), |label| format!(" ({label})"))
    });
    format!("{kind}{length}{}", pattern.unwrap_or_default())
}

impl fmt::Display for OptionMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(path) => write!(f, "the environment has no option `{path}`"),
            Self::Replaces { path, why } => write!(f, "{path} cannot be changed: {why}"),
            Self::OutOfRange { path, value, takes } => write!(f, "{path} cannot be `{value}`: it takes {takes}"),
            Self::PropertyName(name) => {
                write!(
                    f,
                    "`{name}` cannot be the name of an environment property: it has letters, digits and _.:/+\\-@, 128 at most"
                )
            }
            Self::PropertyValue(name, why) => write!(f, "the value of the property {name} cannot be set: {why}"),
            Self::Unset(path) => write!(f, "{path} is not set, so that there is nothing to remove"),
            Self::Twice(path) => write!(f, "{path} is given twice"),
            Self::NoObject(path) => {
                write!(f, "what {path} belongs to is not known: no target group or listener is surely the one of its namespace")
            }
            Self::Mixed => f.write_str(
                "options of the load balancer's settings, the sizes of the Auto Scaling group and other options are changed by \
                 separate commands: Beanstalk takes one update at a time",
            ),
            Self::Sizes(why) => f.write_str(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ChangeSeverity, Key, ScopeId};

    fn option(name: &str, change: impl Fn(&mut OptionDescription)) -> OptionDescription {
        let mut option = OptionDescription {
            namespace: "aws:elasticbeanstalk:command".into(),
            name: name.into(),
            default: None,
            value_type: Some(OptionValueType::Scalar),
            severity: Some(ChangeSeverity::NoInterruption),
            values: Vec::new(),
            min: None,
            max: None,
            max_length: None,
            pattern: None,
            is_user_defined: false,
        };
        change(&mut option);
        option
    }

    fn known() -> OptionDescriptions {
        let words = |option: &mut OptionDescription| option.values = vec!["Rolling".into(), "Immutable".into()];
        let pattern = |option: &mut OptionDescription| {
            option.pattern = Some(OptionPattern { expression: "^PT\\d+M$".into(), label: Some("duration".into()) });
        };
        let strange = |option: &mut OptionDescription| {
            option.pattern = Some(OptionPattern { expression: "(?<!x)y".into(), label: None });
        };
        let options = vec![
            option("BatchSize", |it| (it.min, it.max) = (Some(1), Some(100))),
            option("Policy", words),
            option("Policies", |it| {
                words(it);
                it.value_type = Some(OptionValueType::List);
            }),
            option("Ignore", |it| it.value_type = Some(OptionValueType::Boolean)),
            option("Document", |it| it.value_type = Some(OptionValueType::Json)),
            option("Short", |it| it.max_length = Some(3)),
            option("Pause", pattern),
            option("Strange", strange),
        ];
        OptionDescriptions { environment: Key::new(ScopeId(0), "e-1"), options }
    }

    /// Values on each side of each limit; what is accepted is returned as it is sent.
    #[test]
    fn a_value_is_checked_by_beanstalks_own_description() {
        let known = known();
        for (name, value, expected) in [
            ("BatchSize", "1", Ok("1")),
            ("BatchSize", "100", Ok("100")),
            ("BatchSize", " 050 ", Ok("50")),
            ("BatchSize", "0", Err("1 to 100")),
            ("BatchSize", "101", Err("1 to 100")),
            ("BatchSize", "many", Err("1 to 100")),
            ("Policy", "immutable", Ok("Immutable")),
            ("Policy", "Immutable,Rolling", Err("Rolling, Immutable")),
            ("Policies", "immutable, Rolling", Ok("Immutable,Rolling")),
            ("Policies", "immutable,x", Err("Rolling, Immutable")),
            ("Ignore", "TRUE", Ok("true")),
            ("Ignore", "yes", Err("true or false")),
            ("Document", "{\"a\":1}", Ok("{\"a\":1}")),
            ("Document", "{", Err("a JSON document")),
            ("Short", "\u{e4}\u{e4}\u{e4}", Ok("\u{e4}\u{e4}\u{e4}")),
            ("Short", "four", Err("a text that is not empty of at most 3 characters")),
            ("Short", " ", Err("a text that is not empty of at most 3 characters")),
            ("Pause", "PT5M", Ok("PT5M")),
            ("Pause", "5M", Err("a text that is not empty (duration)")),
            ("Strange", "anything", Ok("anything")),
        ] {
            let path = OptionPath::parse(&format!("aws:elasticbeanstalk:command:{name}")).unwrap();
            match (check_option(&known, &path, value), expected) {
                (Ok(sent), Ok(expected)) => assert_eq!(sent, expected, "{name}={value}"),
                (Err(OptionMistake::OutOfRange { takes, .. }), Err(expected)) => {
                    assert_eq!(takes, expected, "{name}={value}");
                }
                (found, _) => panic!("{name}={value}: {found:?}"),
            }
        }
    }

    /// What replaces a load balancer or a target group (domain 2.5, 2.7) is refused whatever AWS says about it.
    #[test]
    fn what_would_replace_a_load_balancer_is_refused() {
        for text in [
            "aws:elasticbeanstalk:environment:EnvironmentType",
            "aws:elasticbeanstalk:environment:LoadBalancerType",
            "aws:elasticbeanstalk:environment:LoadBalancerIsShared",
            "aws:ec2:vpc:VPCId",
            "aws:ec2:vpc:ELBScheme",
            "aws:elbv2:loadbalancer:SharedLoadBalancer",
            "aws:elasticbeanstalk:environment:process:chat:Port",
            "aws:elasticbeanstalk:environment:process:default:Protocol",
            "aws:elbv2:listener:443:Protocol",
        ] {
            let path = OptionPath::parse(text).unwrap();
            assert!(matches!(described(&known(), &path), Err(OptionMistake::Replaces { .. })), "{text}");
        }
        for text in [
            "aws:elasticbeanstalk:application:environment:Port",
            "aws:elasticbeanstalk:application:environment:VPCId",
            "aws:elbv2:loadbalancer:IpAddressType",
            "aws:elasticbeanstalk:command:BatchSize",
        ] {
            assert_eq!(replaced_by(&OptionPath::parse(text).unwrap()), None, "{text}");
        }
    }

    #[test]
    fn a_property_has_a_name_and_a_value_that_beanstalk_takes() {
        for (name, value, is_good) in [
            ("DATABASE_URL", Some("postgres://a:b@c/d"), true),
            ("A.b:c/d+e-f@g", None, true),
            ("A", Some(""), false),
            ("A", Some("x\u{1b}[2J"), false),
            ("", Some("x"), false),
            ("A B", Some("x"), false),
            ("A=B", Some("x"), false),
        ] {
            assert_eq!(check_property(name, value).is_ok(), is_good, "{name}={value:?}");
        }
        let long = "x".repeat(LONGEST_PROPERTY + 1);
        assert_eq!(check_property("A", Some(&long[1..])), Ok(()));
        let mistake = check_property("A", Some(&long)).unwrap_err().to_string();
        assert!(!mistake.contains("xxx"), "{mistake}");
    }
}
