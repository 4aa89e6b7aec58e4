//! A call as it will be made, told beforehand: for the plan in JSON, the confirmation, and as a command of the AWS CLI.
//!
//! The CLI's names follow from AWS's own by one rule (`EnvironmentId`, `--environment-id`), so there is no second table.

use std::fmt::Write as _;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::parameter::{Parameter, Structure, quoted};
use crate::model::Service;

/// A call of AWS's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    /// Who is called.
    pub service: Service,
    /// The operation, as AWS spells it.
    pub operation: &'static str,
    /// Parameters, in order.
    pub parameters: Vec<(&'static str, Parameter)>,
}

impl ApiCall {
    pub(super) fn new(service: Service, operation: &'static str, parameters: &[(&'static str, &str)]) -> Self {
        let parameters = parameters.iter().map(|(name, value)| (*name, Parameter::text(*value))).collect();
        Self { service, operation, parameters }
    }

    /// The parameters as the query protocol names them: `Attributes.member.1.Key`.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        let mut form = Vec::new();
        self.parameters.iter().for_each(|(name, value)| value.flatten(name, &mut form));
        form
    }

    /// For people: the operation with its plain parameters, then a line for each member of its lists.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let (lists, plain): (Vec<_>, Vec<_>) =
            self.parameters.iter().partition(|(_, value)| matches!(value, Parameter::List(_)));
        let plain = plain.iter().map(|(name, value)| format!("  {name}={}", value.words()));
        let first = format!("{} {}{}", self.service.prefix(), self.operation, plain.collect::<String>());
        let members = lists
            .iter()
            .flat_map(|(name, value)| value.members().into_iter().map(move |member| format!("  {name}  {member}")));
        std::iter::once(first).chain(members).collect()
    }

    /// The same as a command of the AWS CLI, for a shell; `place` is what says where (`--profile x --region y`).
    #[must_use]
    pub fn command(&self, place: &[(&str, &str)]) -> String {
        let mut command = format!("aws {} {}", cli_service(self.service), dashed(self.operation));
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
        other => other.prefix(),
    }
}

/// `EnvironmentId`, `environment-id`.
fn dashed(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (place, character) in name.char_indices() {
        if character.is_ascii_uppercase() && place > 0 {
            out.push('-');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

impl Serialize for ApiCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("ApiCall", 3)?;
        fields.serialize_field("service", self.service.prefix())?;
        fields.serialize_field("operation", self.operation)?;
        fields.serialize_field("parameters", &Structure(&self.parameters))?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_a_command_that_a_shell_takes_as_it_is_meant() {
        let call = ApiCall::new(
            Service::Beanstalk,
            "UpdateEnvironment",
            &[("EnvironmentId", "e-1"), ("VersionLabel", "it's $HOME; v1")],
        );
        assert_eq!(
            call.command(&[("region", "eu-west-1")]),
            "aws elasticbeanstalk update-environment --environment-id e-1 --version-label 'it'\\''s $HOME; v1' \
             --region eu-west-1"
        );
        assert_eq!(ApiCall::new(Service::Elb, "X", &[("A", "")]).command(&[]), "aws elbv2 x --a ''");
        let flags = vec![("DoIt", Parameter::Flag(true)), ("AskMe", Parameter::Flag(false))];
        let call = ApiCall { service: Service::AutoScaling, operation: "X", parameters: flags };
        assert_eq!(call.command(&[]), "aws autoscaling x --do-it --no-ask-me");
    }
}
