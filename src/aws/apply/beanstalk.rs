//! The writes of Elastic Beanstalk.

use aws_sdk_elasticbeanstalk::client::Client;
use aws_sdk_elasticbeanstalk::operation::create_storage_location::CreateStorageLocationOutput;
use aws_sdk_elasticbeanstalk::operation::validate_configuration_settings::builders::ValidateConfigurationSettingsFluentBuilder as Validate;
use aws_sdk_elasticbeanstalk::types::{
    ConfigurationOptionSetting, OptionSpecification, S3Location, ValidationMessage, ValidationSeverity,
};

use super::fields::Fields;
use super::{Call, Sent};
use crate::aws::convert::text;
use crate::model::FaultKind;

/// Sends this operation; none if it is not one of these.
pub(super) async fn send(call: &mut Call<'_>, operation: &str, it: Fields<'_>) -> Option<Sent> {
    let client = &call.clients().beanstalk;
    let environment = || it.text("EnvironmentId");
    Some(match operation {
        "UpdateEnvironment" => {
            let request = || client.update_environment().set_environment_id(environment());
            let request = || request().set_version_label(it.text("VersionLabel"));
            let request = || request().set_option_settings(it.list("OptionSettings", setting));
            call.write(|| request().set_options_to_remove(it.list("OptionsToRemove", option)).send()).await
        }
        "AbortEnvironmentUpdate" => {
            call.write(|| client.abort_environment_update().set_environment_id(environment()).send()).await
        }
        "RestartAppServer" => call.write(|| client.restart_app_server().set_environment_id(environment()).send()).await,
        "SwapEnvironmentCNAMEs" => {
            let request = || client.swap_environment_cnames().set_source_environment_id(it.text("SourceEnvironmentId"));
            let request = || request().set_destination_environment_id(it.text("DestinationEnvironmentId"));
            call.write(|| request().send()).await
        }
        "CreateStorageLocation" => {
            let bucket = |it: &CreateStorageLocationOutput| text(it.s3_bucket());
            call.create(|| client.create_storage_location().send(), bucket).await
        }
        "CreateApplicationVersion" => {
            let request = || client.create_application_version().set_application_name(it.text("ApplicationName"));
            let request = || request().set_version_label(it.text("VersionLabel"));
            let request = || request().set_description(it.text("Description")).set_process(it.flag("Process"));
            call.write(|| request().set_source_bundle(it.structure("SourceBundle", location)).send()).await
        }
        "ValidateConfigurationSettings" => validate(call, || validation(client, it)).await,
        _ => return None,
    })
}

fn validation(client: &Client, it: Fields<'_>) -> Validate {
    let request = client.validate_configuration_settings().set_application_name(it.text("ApplicationName"));
    let request = request.set_environment_name(it.text("EnvironmentName"));
    request.set_option_settings(it.list("OptionSettings", setting))
}

fn setting(it: Fields<'_>) -> ConfigurationOptionSetting {
    let setting = ConfigurationOptionSetting::builder().set_namespace(it.text("Namespace"));
    setting.set_option_name(it.text("OptionName")).set_value(it.text("Value")).build()
}

fn location(it: Fields<'_>) -> S3Location {
    S3Location::builder().set_s3_bucket(it.text("S3Bucket")).set_s3_key(it.text("S3Key")).build()
}

fn option(it: Fields<'_>) -> OptionSpecification {
    OptionSpecification::builder().set_namespace(it.text("Namespace")).set_option_name(it.text("OptionName")).build()
}

/// Options that Beanstalk finds fault with are an answer of AWS's, and refused here.
async fn validate(call: &mut Call<'_>, request: impl Fn() -> Validate) -> Sent {
    let (answer, request_id) = match call.write_and_take(|| request().send()).await {
        Ok(taken) => taken,
        Err(sent) => return sent,
    };
    let is_error = |it: &&ValidationMessage| it.severity() == Some(&ValidationSeverity::Error);
    let errors: Vec<_> = answer.messages().iter().filter(is_error).map(describe).collect();
    if errors.is_empty() {
        Sent::Accepted { request_id, made: None }
    } else {
        Sent::Refused(call.fault(FaultKind::Invalid, errors.join("; ")))
    }
}

fn describe(it: &ValidationMessage) -> String {
    let option = it.option_name().map(|name| format!("{name}: ")).unwrap_or_default();
    format!("{option}{}", it.message().unwrap_or("no reason is given"))
}
