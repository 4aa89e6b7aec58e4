//! Elastic Beanstalk (2010-12-01): reads, and the writes that cause deploys.

mod applications;
mod environments;
mod events;
mod health;
pub mod logs;
mod options;
mod platforms;
mod resources;
mod settings;
mod updates;

pub use updates::Moment;

use super::{Change, Query};
use crate::sim::physics::View;
use crate::sim::region::Environment;
use crate::sim::wire::form::Form;
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;

pub(super) const OPERATIONS: &[(&str, Query)] = &[
    ("DescribeApplicationVersions", applications::describe_application_versions),
    ("DescribeApplications", applications::describe_applications),
    ("DescribeConfigurationSettings", settings::describe_configuration_settings),
    ("DescribeEnvironmentHealth", health::describe_environment_health),
    ("DescribeEnvironmentResources", resources::describe_environment_resources),
    ("DescribeEnvironments", environments::describe_environments),
    ("DescribeEvents", events::describe_events),
    ("DescribeInstancesHealth", health::describe_instances_health),
    ("DescribePlatformVersion", platforms::describe_platform_version),
    ("ListPlatformBranches", platforms::list_platform_branches),
    ("ListPlatformVersions", platforms::list_platform_versions),
    ("ValidateConfigurationSettings", options::validate_configuration_settings),
];

pub(super) const CHANGES: &[(&str, Change)] = &[
    ("AbortEnvironmentUpdate", updates::abort_environment_update),
    ("RestartAppServer", updates::restart_app_server),
    ("UpdateEnvironment", updates::update_environment),
];

/// The one environment that a request names by id or by name.
fn named<'a>(view: View<'a>, form: &Form) -> Result<&'a Environment, Refusal> {
    let (key, name) = match (form.text("EnvironmentId"), form.text("EnvironmentName")) {
        (Some(id), _) => ("EnvironmentId", id),
        (None, Some(name)) => ("EnvironmentName", name),
        (None, None) => {
            let message = "Either an environment ID or an environment name must be specified.";
            return Err(Refusal::bad_request("MissingRequiredParameter", message));
        }
    };
    let found = view.region.environment(name).filter(|environment| match key {
        "EnvironmentId" => environment.id == name,
        _ => environment.name == name,
    });
    found.ok_or_else(|| Refusal::parameter(format!("No Environment found for {key} = '{name}'.")))
}

/// The page that a request asks for: where it begins, what the token belongs to, and how long it may be.
fn page(view: View<'_>, form: &Form, unlimited: usize) -> Result<(Position, String, usize), Refusal> {
    let size = form.whole("MaxRecords", 1, 1000)?.unwrap_or(unlimited);
    let question = form.question(&["NextToken", "MaxRecords"]);
    let position = Position::read(form.text("NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::parameter("Invalid NextToken."))?;
    Ok((position, question, size))
}
