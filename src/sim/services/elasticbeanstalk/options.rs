//! Options as a request names them, what Beanstalk accepts, and `ValidateConfigurationSettings`, which checks that.
//!
//! (Developer Guide, general options.) The texts are seen in public transcripts; their exact wording is UNVERIFIED.

use super::parameters::named;
use crate::sim::physics::View;
use crate::sim::region::Environment;
use crate::sim::scenario::spec::Kind;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

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
        let limits = limits(namespace, name).filter(|_| has);
        let is_known = limits.is_some();
        let why = match limits {
            None => "Unknown configuration setting.".to_owned(),
            Some(Limits::Number(from, to)) => match value.parse::<i64>() {
                Err(_) => "Value is not a number.".to_owned(),
                Ok(number) if number < from => format!("Value is less than minimum allowed value: {from}"),
                Ok(number) if number > to => format!("Value is greater than maximum allowed value: {to}"),
                Ok(_) => return None,
            },
            Some(Limits::Words(words)) if !words.contains(&value.as_str()) => {
                format!("Value is not one of the allowed values: {words:?}")
            }
            Some(Limits::Codes(from, to)) if !value.split(',').all(|part| is_code(part, from, to)) => {
                format!("Value must be status codes from {from} to {to}")
            }
            Some(Limits::Words(_) | Limits::Codes(..) | Limits::Text) => return None,
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

enum Limits {
    Number(i64, i64),
    Words(&'static [&'static str]),
    /// `200`, `200,202`, `200-299`.
    Codes(u16, u16),
    Text,
}

fn is_code(part: &str, from: u16, to: u16) -> bool {
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    let code = |text: &str| text.parse::<u16>().ok().filter(|code| (from..=to).contains(code));
    code(first).zip(code(last)).is_some_and(|(first, last)| first <= last)
}

const FLAG: Limits = Limits::Words(&["true", "false"]);

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

fn limits(namespace: &str, name: &str) -> Option<Limits> {
    if name.is_empty() || !is_namespace(namespace) {
        return None;
    }
    let is_process = namespace.starts_with("aws:elasticbeanstalk:environment:process:");
    let is_listener = namespace.starts_with("aws:elbv2:listener:");
    Some(match name {
        "DeregistrationDelay" if is_process => Limits::Number(0, 3600),
        "HealthCheckInterval" if is_process => Limits::Number(5, 300),
        "HealthCheckTimeout" if is_process => Limits::Number(1, 60),
        "HealthyThresholdCount" | "UnhealthyThresholdCount" if is_process => Limits::Number(2, 10),
        "StickinessLBCookieDuration" if is_process => Limits::Number(1, 604_800),
        "StickinessEnabled" if is_process => FLAG,
        "StickinessType" if is_process => Limits::Words(&["lb_cookie"]),
        "MatcherHTTPCode" if is_process => Limits::Codes(200, 499),
        "Port" if is_process => Limits::Number(1, 65_535),
        "HealthCheckPath" | "Protocol" if is_process => Limits::Text,
        "IdleTimeout" if namespace == "aws:elbv2:loadbalancer" => Limits::Number(1, 3600),
        "AccessLogsS3Enabled" => FLAG,
        "MinSize" | "MaxSize" if namespace == "aws:autoscaling:asg" => Limits::Number(1, 10_000),
        "SSLPolicy" | "SSLCertificateArns" | "DefaultProcess" | "Rules" | "Protocol" if is_listener => Limits::Text,
        "ListenerEnabled" if is_listener => FLAG,
        _ if is_process || is_listener => return None,
        _ => Limits::Text,
    })
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
