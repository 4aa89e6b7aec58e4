//! Options as a request names them, what Beanstalk accepts, and `ValidateConfigurationSettings`, which checks that.
//!
//! (Developer Guide, general options.) The texts are seen in public transcripts; their exact wording is UNVERIFIED.

use super::environments::platform_arn;
use super::option_table::{self, Takes};
use super::parameters::named;
use crate::sim::physics::View;
use crate::sim::region::Environment;
use crate::sim::scenario::spec::Kind;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// The namespace of environment properties.
const PROPERTIES: &str = "aws:elasticbeanstalk:application:environment";

/// An option and the value that it is to have.
pub(super) struct Asked {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) value: String,
}

/// What is wrong with an option.
pub(super) struct Wrong {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) message: String,
}

/// The options that a request wants to set.
pub(super) fn asked(form: &Form) -> Vec<Asked> {
    let text = |prefix: &str, name: &str| form.text(&format!("{prefix}.{name}")).unwrap_or_default().to_owned();
    let option = |prefix: &String| Asked {
        namespace: text(prefix, "Namespace"),
        name: text(prefix, "OptionName"),
        value: text(prefix, "Value"),
    };
    form.structures("OptionSettings").iter().map(option).collect()
}

/// The options that a request wants to unset.
pub(super) fn removed(form: &Form) -> Vec<(String, String)> {
    let text = |prefix: &str, name: &str| form.text(&format!("{prefix}.{name}")).unwrap_or_default().to_owned();
    let option = |prefix: &String| (text(prefix, "Namespace"), text(prefix, "OptionName"));
    form.structures("OptionsToRemove").iter().map(option).collect()
}

/// What is wrong with these options of an environment.
pub(super) fn wrong(environment: &Environment, asked: &[Asked]) -> Vec<Wrong> {
    asked.iter().filter_map(|asked| asked.wrong(environment)).collect()
}

/// Whether an environment on a shared load balancer has this option: Beanstalk does not change what others use (Developer
/// Guide, shared load balancers).
fn is_for_shared(namespace: &str, name: &str) -> bool {
    match namespace.strip_prefix("aws:elbv2:") {
        Some("loadbalancer") => matches!(name, "SharedLoadBalancer" | "SecurityGroups"),
        Some("listener:default") => false,
        Some(listener) if listener.starts_with("listener:") => name == "Rules",
        _ => true,
    }
}

impl Asked {
    fn wrong(&self, environment: &Environment) -> Option<Wrong> {
        let Self { namespace, name, value } = self;
        let has = environment.kind != Kind::ApplicationShared || is_for_shared(namespace, name);
        let takes = takes(namespace, name).filter(|_| has);
        let is_known = takes.is_some();
        let why = match takes {
            None => "Unknown configuration setting.".to_owned(),
            Some(takes) => objection(takes, value)?,
        };
        let what = if is_known {
            format!("Invalid option value: '{value}'")
        } else {
            "Invalid option specification".to_owned()
        };
        let message = format!("{what} (Namespace: '{namespace}', OptionName: '{name}'): {why}");
        Some(Wrong { namespace: namespace.clone(), name: name.clone(), message })
    }
}

/// Why an option does not take a value.
fn objection(takes: Takes, value: &str) -> Option<String> {
    match takes {
        Takes::Number(from, to) => match value.parse::<i64>() {
            Err(_) => Some("Value is not a number.".to_owned()),
            Ok(number) if number < from.into() => Some(format!("Value is less than minimum allowed value: {from}")),
            Ok(number) if number > to.into() => Some(format!("Value is greater than maximum allowed value: {to}")),
            Ok(_) => None,
        },
        Takes::Words(words) if !words.contains(&value) => {
            Some(format!("Value is not one of the allowed values: {words:?}"))
        }
        Takes::Flag if !["true", "false"].contains(&value) => {
            Some("Value is not one of the allowed values: [\"true\", \"false\"]".to_owned())
        }
        Takes::Codes(from, to) if !value.split(',').all(|part| is_code(part, from, to)) => {
            Some(format!("Value must be status codes from {from} to {to}"))
        }
        Takes::Short(most) if value.len() > most.unsigned_abs() as usize => {
            Some(format!("Value is longer than maximum allowed length: {most}"))
        }
        Takes::Json if serde_json::from_str::<serde_json::Value>(value).is_err() => {
            Some("Value is not a valid JSON document.".to_owned())
        }
        Takes::Pattern(expression, label) if !is_match(expression, value) => {
            Some(format!("Value does not satisfy regex: '{expression}' [{label}]"))
        }
        Takes::Words(_)
        | Takes::Flag
        | Takes::Codes(..)
        | Takes::Short(_)
        | Takes::Json
        | Takes::Pattern(..)
        | Takes::Text
        | Takes::List => None,
    }
}

fn is_match(expression: &str, value: &str) -> bool {
    regex_lite::Regex::new(expression).is_ok_and(|expression| expression.is_match(value))
}

fn is_code(part: &str, from: u16, to: u16) -> bool {
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    let code = |text: &str| text.parse::<u16>().ok().filter(|code| (from..=to).contains(code));
    code(first).zip(code(last)).is_some_and(|(first, last)| first <= last)
}

/// Namespaces by their whole names (Developer Guide, general options).
const NAMESPACES: &[&str] = &[
    "aws:autoscaling:asg",
    "aws:autoscaling:launchconfiguration",
    "aws:autoscaling:scheduledaction",
    "aws:autoscaling:trigger",
    "aws:autoscaling:updatepolicy:rollingupdate",
    "aws:cloudformation:template:parameter",
    "aws:ec2:instances",
    "aws:ec2:vpc",
    "aws:elasticbeanstalk:application",
    "aws:elasticbeanstalk:application:environment",
    "aws:elasticbeanstalk:application:environmentsecrets",
    "aws:elasticbeanstalk:cloudwatch:logs",
    "aws:elasticbeanstalk:cloudwatch:logs:health",
    "aws:elasticbeanstalk:command",
    "aws:elasticbeanstalk:control",
    "aws:elasticbeanstalk:customoption",
    "aws:elasticbeanstalk:environment",
    "aws:elasticbeanstalk:environment:proxy",
    "aws:elasticbeanstalk:environment:proxy:staticfiles",
    "aws:elasticbeanstalk:healthreporting:system",
    "aws:elasticbeanstalk:hostmanager",
    "aws:elasticbeanstalk:managedactions",
    "aws:elasticbeanstalk:managedactions:platformupdate",
    "aws:elasticbeanstalk:monitoring",
    "aws:elasticbeanstalk:sns:topics",
    "aws:elasticbeanstalk:sqsd",
    "aws:elasticbeanstalk:trafficsplitting",
    "aws:elasticbeanstalk:xray",
    "aws:elb:healthcheck",
    "aws:elb:listener",
    "aws:elb:loadbalancer",
    "aws:elb:policies",
    "aws:elbv2:loadbalancer",
    "aws:rds:dbinstance",
];
/// The beginnings of namespaces that end in a name of the user's, a port, or a platform.
const FAMILIES: &[&str] = &[
    "aws:elasticbeanstalk:container:",
    "aws:elasticbeanstalk:environment:process:",
    "aws:elb:listener:",
    "aws:elb:policies:",
    "aws:elbv2:listener:",
    "aws:elbv2:listenerrule:",
];

fn is_namespace(name: &str) -> bool {
    let in_family = |family: &&str| name.strip_prefix(*family).is_some_and(|rest| !rest.is_empty());
    NAMESPACES.contains(&name) || FAMILIES.iter().any(in_family)
}

/// What an option takes. Not every option of a namespace is in the table: what is not there takes any text.
fn takes(namespace: &str, name: &str) -> Option<Takes> {
    if name.is_empty() || !is_namespace(namespace) {
        return None;
    }
    let is_closed =
        ["aws:elasticbeanstalk:environment:process:", "aws:elbv2:listener:", "aws:elasticbeanstalk:command"]
            .iter()
            .any(|family| namespace.starts_with(family));
    if namespace == PROPERTIES {
        return Some(option_table::PROPERTY.takes);
    }
    match option_table::find(namespace, name) {
        Some(row) => Some(row.takes),
        None => (!is_closed).then_some(Takes::Text),
    }
}

/// The options that an environment may have, those of its processes, listeners, rules and properties included.
pub(super) fn describe_configuration_options(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let environment = named(view, form)?;
    if form.text("ApplicationName").is_some_and(|application| application != environment.application) {
        let name = &environment.name;
        return Err(Refusal::parameter(format!("No Environment found for EnvironmentName = '{name}'.")));
    }
    let place = view.region.environment_place(&environment.id).unwrap_or_default();
    let set = view.region.options_at(place, view.time());
    let mut namespaces: Vec<&str> = option_table::namespaces(environment.kind).collect();
    namespaces.extend(set.iter().map(|option| &*option.namespace));
    namespaces.sort_unstable();
    namespaces.dedup();
    let of_table = namespaces
        .iter()
        .flat_map(|namespace| option_table::rows(namespace).iter().map(move |row| (*namespace, row.name, *row, false)));
    let properties = set.iter().filter(|option| option.namespace == PROPERTIES);
    let properties = properties.map(|it| (PROPERTIES, it.name.as_str(), option_table::PROPERTY, true));
    let has = |(namespace, name, ..): &(&str, &str, option_table::Row, bool)| {
        environment.kind != Kind::ApplicationShared || is_for_shared(namespace, name)
    };
    let mut xml = Xml::default();
    xml.text("PlatformArn", platform_arn(view, &environment.platform, &environment.platform_version));
    xml.members("Options", of_table.chain(properties).filter(has), |xml, (namespace, name, row, is_own)| {
        describe(xml, (namespace, name), row, is_own);
    });
    Ok(xml)
}

fn describe(xml: &mut Xml, (namespace, name): (&str, &str), row: option_table::Row, is_own: bool) {
    let value_type = match row.takes {
        Takes::Flag => "Boolean",
        Takes::List => "List",
        Takes::Json => "Json",
        _ => "Scalar",
    };
    xml.text("Namespace", namespace)
        .text("Name", name)
        .optional("DefaultValue", row.default)
        .text("ChangeSeverity", row.interrupts.word())
        .text("UserDefined", is_own)
        .text("ValueType", value_type);
    match row.takes {
        Takes::Number(from, to) => {
            xml.text("MinValue", from).text("MaxValue", to);
        }
        Takes::Words(words) => {
            xml.member_texts("ValueOptions", words);
        }
        Takes::Short(most) => {
            xml.text("MaxLength", most);
        }
        Takes::Pattern(expression, label) => {
            xml.within("Regex", |xml| {
                xml.text("Pattern", expression).text("Label", label);
            });
        }
        Takes::Codes(..) | Takes::Flag | Takes::Text | Takes::List | Takes::Json => {}
    }
}

pub(super) fn validate_configuration_settings(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let application = form.text("ApplicationName").ok_or_else(|| {
        Refusal::bad_request("MissingRequiredParameter", "The parameter ApplicationName must be specified.")
    })?;
    let environment = named(view, form)?;
    if environment.application != application {
        let name = &environment.name;
        return Err(Refusal::parameter(format!("No Environment found for EnvironmentName = '{name}'.")));
    }
    let mut xml = Xml::default();
    xml.members("Messages", wrong(environment, &asked(form)), |xml, wrong| {
        xml.text("Message", &wrong.message)
            .text("Severity", "error")
            .text("Namespace", &wrong.namespace)
            .text("OptionName", &wrong.name);
    });
    Ok(xml)
}
