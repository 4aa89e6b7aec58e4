//! `DescribeEnvironments`.
//!
//! Without `MaxRecords` everything comes in one answer, as the API reference documents.

use super::parameters::page;
use crate::sim::physics::operation::{self, Operation};
use crate::sim::physics::{View, health, timestamp};
use crate::sim::region::Environment;
use crate::sim::scenario::spec::Kind;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn describe_environments(view: View<'_>, form: &Form) -> Result<Xml, Refusal> {
    let environments: Vec<&Environment> =
        view.region.environments.iter().filter(|environment| wanted(view, environment, form)).collect();
    let (position, question, size) = page(view, form, usize::MAX)?;
    let (range, next) = position.page(&question, environments.len(), size);
    let mut xml = Xml::default();
    xml.members("Environments", &environments[range], |xml, environment| {
        let operation = operation::of(view, environment);
        describe(xml, view, environment, &operation, operation.version());
    })
    .optional("NextToken", next);
    Ok(xml)
}

fn wanted(view: View<'_>, environment: &Environment, form: &Form) -> bool {
    let among = |list: &str, value: &str| {
        let names = form.list(list);
        names.is_empty() || names.contains(&value)
    };
    let is = |name: &str, value: &str| form.text(name).is_none_or(|wanted| wanted == value);
    among("EnvironmentNames", &environment.name)
        && among("EnvironmentIds", &environment.id)
        && is("ApplicationName", &environment.application)
        && is("VersionLabel", operation::of(view, environment).version())
        && (environment.status != "Terminated" || form.flag("IncludeDeleted"))
}

pub(super) fn describe(
    xml: &mut Xml,
    view: View<'_>,
    environment: &Environment,
    operation: &Operation<'_>,
    version: &str,
) {
    let region = view.region;
    let health = health::environment(view, environment);
    xml.text("EnvironmentName", &environment.name)
        .text("EnvironmentId", &environment.id)
        .text("ApplicationName", &environment.application)
        .text("VersionLabel", version)
        .text("SolutionStackName", solution_stack(environment))
        .text("PlatformArn", platform_arn(view, &environment.platform, &environment.platform_version))
        .optional("Description", environment.description.as_ref())
        .optional("EndpointURL", environment.endpoint.as_ref().filter(|_| environment.kind != Kind::Worker))
        .optional("CNAME", cname(view, environment))
        .time("DateCreated", timestamp(environment.created))
        .time("DateUpdated", timestamp(operation.updated))
        .text("Status", operation.status)
        .text("AbortableOperationInProgress", operation.abortable)
        .text("Health", health.colour)
        .optional("HealthStatus", environment.enhanced.then(|| health.status.word()))
        .within("Tier", |xml| tier(xml, environment.kind))
        .within("EnvironmentLinks", |_| ())
        .text(
            "EnvironmentArn",
            format_args!(
                "arn:aws:elasticbeanstalk:{}:{}:environment/{}/{}",
                region.name, region.account, environment.application, environment.name
            ),
        );
}

fn cname<'a>(view: View<'a>, environment: &Environment) -> Option<&'a str> {
    view.region.cname_at(view.region.environment_place(&environment.id)?, view.time())
}

pub(super) fn tier(xml: &mut Xml, kind: Kind) {
    let (name, form, version) = match kind {
        Kind::Worker => ("Worker", "SQS/HTTP", "3.0"),
        _ => ("WebServer", "Standard", "1.0"),
    };
    xml.text("Name", name).text("Type", form).text("Version", version);
}

/// `64bit Amazon Linux 2023 v6.6.2 running Node.js 20`
pub(super) fn solution_stack(environment: &Environment) -> String {
    solution_stack_of(&environment.platform, &environment.platform_version)
}

pub(super) fn solution_stack_of(platform: &str, version: &str) -> String {
    format!("64bit Amazon Linux 2023 v{version} running {platform}")
}

/// `Node.js 20 running on 64bit Amazon Linux 2023`
pub(super) fn branch(platform: &str) -> String {
    format!("{platform} running on 64bit Amazon Linux 2023")
}

pub(super) fn platform_arn(view: View<'_>, platform: &str, version: &str) -> String {
    let region = &view.region.name;
    format!("arn:aws:elasticbeanstalk:{region}::platform/{}/{version}", branch(platform))
}
