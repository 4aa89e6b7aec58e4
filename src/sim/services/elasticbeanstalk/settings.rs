//! `DescribeConfigurationSettings`: the option settings that are deployed, the draft of an update in progress, and that of
//! one that failed, which stays until another replaces it.
//!
//! The public model has no `Tier` in it, and AWS's own client, which has a separate model, reads one: the service sends it.

use super::environments::{platform_arn, solution_stack, tier};
use super::parameters::named;
use crate::sim::physics::{View, timestamp};
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_configuration_settings(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let application = form.text("ApplicationName").ok_or_else(|| {
        Refusal::bad_request("MissingRequiredParameter", "The parameter ApplicationName must be specified.")
    })?;
    if form.text("TemplateName").is_some() {
        return Err(Refusal::parameter("No Configuration Template found."));
    }
    let environment = named(view, form)?;
    if environment.application != application {
        let name = &environment.name;
        return Err(Refusal::parameter(format!("No Environment found for EnvironmentName = '{name}'.")));
    }
    let mut xml = Xml::default();
    let place = view.region.environment_place(&environment.id).unwrap_or_default();
    let draft = view.region.draft_at(place, view.time()).map(|options| ("pending", options));
    let failed = view.region.failed_at(place, view.time()).map(|options| ("failed", options));
    let deployed = ("deployed", view.region.options_at(place, view.time()));
    xml.members(
        "ConfigurationSettings",
        [deployed].into_iter().chain(draft).chain(failed),
        |xml, (status, options)| {
            xml.text("SolutionStackName", solution_stack(environment))
                .text("PlatformArn", platform_arn(view, &environment.platform, &environment.platform_version))
                .text("ApplicationName", &environment.application)
                .within("Tier", |xml| tier(xml, environment.kind))
                .text("EnvironmentName", &environment.name)
                .text("DeploymentStatus", status)
                .time("DateCreated", timestamp(environment.created))
                .time("DateUpdated", timestamp(environment.deployed))
                .members("OptionSettings", &options, |xml, option| {
                    xml.optional("ResourceName", option.resource)
                        .text("Namespace", &option.namespace)
                        .text("OptionName", &option.name)
                        .optional("Value", option.value.as_ref());
                });
        },
    );
    Ok(xml)
}
