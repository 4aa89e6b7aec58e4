//! Elastic Beanstalk (2010-12-01): reads, and the writes that cause deploys.

mod applications;
mod environments;
mod events;
mod health;
pub mod logs;
mod option_table;
mod options;
mod parameters;
mod platforms;
mod resources;
mod settings;
mod updates;
mod versions;

use super::operation::{Change, Query};

pub(super) const OPERATIONS: &[(&str, Query)] = &[
    ("DescribeApplicationVersions", applications::describe_application_versions),
    ("DescribeApplications", applications::describe_applications),
    ("DescribeConfigurationOptions", options::describe_configuration_options),
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
    ("CreateApplication", versions::create_application),
    ("CreateApplicationVersion", versions::create_application_version),
    ("CreateStorageLocation", versions::create_storage_location),
    ("DeleteApplicationVersion", versions::delete_application_version),
    ("RestartAppServer", updates::restart_app_server),
    ("SwapEnvironmentCNAMEs", updates::swap_environment_cnames),
    ("UpdateApplicationVersion", versions::update_application_version),
    ("UpdateEnvironment", updates::update_environment),
];
