//! A call as a value: what the plan in JSON, the confirmation and the command of the AWS CLI show is what is sent.
//!
//! Its operation and parameters are those of a row of [`super::writes`]. The CLI's names follow from AWS's own by one rule
//! (`EnvironmentId`, `--environment-id`), so there is no second table.

use std::fmt::Write as _;

use serde::de::Error as _;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::hidden::HiddenValue;
use super::parameter::{Parameter, Structure, quoted};
use super::writes::{ApiWrite, CallMistake, check, find, form};
use crate::model::Service;

/// A call of AWS's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    write: &'static ApiWrite,
    parameters: Vec<(&'static str, Parameter)>,
}

impl ApiCall {
    /// The call of this row with these parameters, in order. Callers make only calls that fit; a test checks that, and a
    /// call that does not fit is refused before it is sent.
    pub(super) fn new(write: &'static ApiWrite, parameters: Vec<(&'static str, Parameter)>) -> Self {
        Self { write, parameters }
    }

    /// Returns the same, checked.
    ///
    /// # Errors
    /// When the parameters are not those of the row.
    pub fn checked(write: &'static ApiWrite, parameters: Vec<(&'static str, Parameter)>) -> Result<Self, CallMistake> {
        check(write, &parameters)?;
        Ok(Self { write, parameters })
    }

    /// Checks that it fits its row.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(&self) -> Result<(), CallMistake> {
        check(self.write, &self.parameters)
    }

    /// Its row in the table of writes.
    #[must_use]
    pub fn write(&self) -> &'static ApiWrite {
        self.write
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> Service {
        self.write.service
    }

    /// The operation, as AWS spells it.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.write.operation
    }

    /// Its parameters, in order.
    #[must_use]
    pub fn parameters(&self) -> &[(&'static str, Parameter)] {
        &self.parameters
    }

    /// What is never shown among its parameters.
    pub fn hidden(&self) -> impl Iterator<Item = &HiddenValue> {
        self.parameters.iter().flat_map(|(_, value)| value.hidden())
    }

    /// The parameters as the query protocol names them: `Attributes.member.1.Key`; as EC2 does, `IpPermissions.1.FromPort`.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        form(self.write, &self.parameters)
    }

    /// Returns lines for people: the operation with its plain parameters, then a line for each member of its lists.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let (lists, plain): (Vec<_>, Vec<_>) =
            self.parameters.iter().partition(|(_, value)| matches!(value, Parameter::List(_)));
        let plain = plain.iter().map(|(name, value)| format!("  {name}={}", value.words()));
        let first = format!("{} {}{}", self.service().prefix(), self.operation(), plain.collect::<String>());
        let members = lists
            .iter()
            .flat_map(|(name, value)| value.members().into_iter().map(move |member| format!("  {name}  {member}")));
        std::iter::once(first).chain(members).collect()
    }

    /// Returns the same as a command of the AWS CLI, for a shell; `place` has the options for profile and region.
    #[must_use]
    pub fn command(&self, place: &[(&str, &str)]) -> String {
        let mut command = format!("aws {} {}", cli_service(self.service()), dashed(self.operation()));
        for (name, value) in &self.parameters {
            let _ = match value {
                Parameter::Flag(true) => write!(command, " --{}", dashed(name)),
                Parameter::Flag(false) => write!(command, " --no-{}", dashed(name)),
                _ => write!(command, " --{} {}", dashed(name), value.argument()),
            };
        }
        for (name, value) in place {
            let _ = write!(command, " --{name} {}", quoted(value));
        }
        command
    }
}

/// The CLI's word for a service.
fn cli_service(service: Service) -> &'static str {
    match service {
        Service::Elb => "elbv2",
        Service::S3 => "s3api",
        other => other.prefix(),
    }
}

/// `EnvironmentId`, `environment-id`; `OKActions`, `ok-actions`; `CNAMEs`, `cnames`.
fn dashed(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (place, character) in name.char_indices() {
        let (before, after) = (&name[..place], &name[place + character.len_utf8()..]);
        let is_inside = before.ends_with(|it: char| it.is_ascii_uppercase())
            // The `s` of a plural is no word of its own: `SwapEnvironmentCNAMEs`.
            && (after == "s" || !after.starts_with(|it: char| it.is_ascii_lowercase()));
        if character.is_ascii_uppercase() && place > 0 && !is_inside {
            out.push('-');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

impl Serialize for ApiCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("ApiCall", 3)?;
        fields.serialize_field("service", self.service().prefix())?;
        fields.serialize_field("operation", self.operation())?;
        fields.serialize_field("parameters", &Structure(&self.parameters))?;
        fields.end()
    }
}

/// As it is written. The operation and its parameters have to be those of a row.
impl<'de> Deserialize<'de> for ApiCall {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct WrittenCall {
            service: String,
            operation: String,
            parameters: Parameter,
        }
        let WrittenCall { service, operation, parameters } = WrittenCall::deserialize(deserializer)?;
        let Some(write) = find(&service, &operation) else {
            return Err(D::Error::custom(format!("{service}:{operation} is not an API write that beanpole knows")));
        };
        let Parameter::Structure(parameters) = parameters else {
            return Err(D::Error::custom("the parameters of a call are not an object"));
        };
        Self::checked(write, parameters).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::writes::{
        DELETE_RULE, MODIFY_TARGET_GROUP, SWAP_ENVIRONMENT_CNAMES, TERMINATE_INSTANCE_IN_AUTO_SCALING_GROUP,
        UPDATE_ENVIRONMENT,
    };

    fn texts(parameters: &[(&'static str, &str)]) -> Vec<(&'static str, Parameter)> {
        parameters.iter().map(|(name, value)| (*name, Parameter::text(*value))).collect()
    }

    #[test]
    fn a_call_is_a_command_that_a_shell_takes_as_it_is_meant() {
        let parameters = texts(&[("EnvironmentId", "e-1"), ("VersionLabel", "it's $HOME; v1")]);
        let call = ApiCall::checked(&UPDATE_ENVIRONMENT, parameters).unwrap();
        assert_eq!(
            call.command(&[("region", "eu-west-1")]),
            "aws elasticbeanstalk update-environment --environment-id e-1 --version-label 'it'\\''s $HOME; v1' \
             --region eu-west-1"
        );
        let call = ApiCall::checked(&DELETE_RULE, texts(&[("RuleArn", "")])).unwrap();
        assert_eq!(call.command(&[]), "aws elbv2 delete-rule --rule-arn ''");
        let both = texts(&[("SourceEnvironmentId", "e-1"), ("DestinationEnvironmentId", "e-2")]);
        assert_eq!(
            ApiCall::new(&SWAP_ENVIRONMENT_CNAMES, both).command(&[]),
            "aws elasticbeanstalk swap-environment-cnames --source-environment-id e-1 --destination-environment-id e-2"
        );
        for (flag, said) in
            [(true, "--should-decrement-desired-capacity"), (false, "--no-should-decrement-desired-capacity")]
        {
            let flag = ("ShouldDecrementDesiredCapacity", Parameter::Flag(flag));
            let call = ApiCall::new(&TERMINATE_INSTANCE_IN_AUTO_SCALING_GROUP, vec![flag]);
            assert_eq!(call.command(&[]), format!("aws autoscaling terminate-instance-in-auto-scaling-group {said}"));
        }
    }

    #[test]
    fn what_is_not_in_the_row_is_refused_with_its_place() {
        let arn = ("TargetGroupArn", Parameter::text("arn"));
        let with = |name, value| vec![arn.clone(), (name, value)];
        let number = Parameter::Number(5);
        let table = [
            (vec![], "the parameter TargetGroupArn is missing"),
            (with("Foo", number.clone()), "the parameter Foo is not known"),
            (with("TargetGroupArn", Parameter::text("arn")), "the parameter TargetGroupArn is there twice"),
            (
                with("HealthyThresholdCount", Parameter::text("5")),
                "the parameter HealthyThresholdCount is not a whole number",
            ),
            (with("HealthCheckPath", number.clone()), "the parameter HealthCheckPath is not a text"),
            (with("Matcher", Parameter::text("200")), "the parameter Matcher is not a structure"),
            (with("Matcher", Parameter::Structure(Vec::new())), "the parameter Matcher.HttpCode is missing"),
            (
                with("Matcher", Parameter::Structure(vec![("HttpCode", number)])),
                "the parameter Matcher.HttpCode is not a text",
            ),
        ];
        for (parameters, what) in table {
            let mistake = ApiCall::checked(&MODIFY_TARGET_GROUP, parameters).unwrap_err();
            assert_eq!(mistake.to_string(), format!("ModifyTargetGroup: {what}"));
        }
        let lists = [
            (Parameter::text("x"), "OptionSettings is not a list"),
            (Parameter::List(vec![Parameter::Flag(true)]), "OptionSettings[0] is not a structure"),
            (Parameter::rows([[("Namespace", String::new())]]), "OptionSettings[0].OptionName is missing"),
        ];
        for (value, what) in lists {
            let parameters = vec![("EnvironmentId", Parameter::text("e-1")), ("OptionSettings", value)];
            let mistake = ApiCall::checked(&UPDATE_ENVIRONMENT, parameters).unwrap_err();
            assert_eq!(mistake.to_string(), format!("UpdateEnvironment: the parameter {what}"));
        }
    }

    #[test]
    fn only_a_call_of_the_table_is_read() {
        let read = |text: &str| serde_json::from_str::<ApiCall>(text).map_err(|error| error.to_string());
        let good =
            r#"{"service":"elasticbeanstalk","operation":"RestartAppServer","parameters":{"EnvironmentId":"e-1"}}"#;
        assert_eq!(serde_json::to_string(&read(good).unwrap()).unwrap(), good);
        for (from, to, why) in [
            ("RestartAppServer", "DeleteEverything", "elasticbeanstalk:DeleteEverything is not an API write"),
            ("elasticbeanstalk", "s3", "s3:RestartAppServer is not an API write"),
            ("EnvironmentId", "EnvironmentName", "the parameter EnvironmentId is missing"),
            ("EnvironmentId", "Nonsense", "no API write has a parameter Nonsense"),
            ("\"e-1\"", "1", "the parameter EnvironmentId is not a text"),
            ("\"e-1\"", "null", "invalid type: null"),
            ("\"e-1\"", "4294967296", "is out of range"),
            ("{\"EnvironmentId\":\"e-1\"}", "[]", "are not an object"),
            ("}}", "},\"more\":1}", "unknown field"),
        ] {
            let error = read(&good.replacen(from, to, 1)).unwrap_err();
            assert!(error.contains(why) || why.contains("missing") && error.contains("is not known"), "{to}: {error}");
        }
    }
}
