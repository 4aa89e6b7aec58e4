//! `abort`: stops the update in progress where it is.

use std::process::ExitCode;

use super::desk::{Asking, Desk, at_desk};
use super::failure::Failure;
use super::settings::Settings;
use super::write_arguments::WriteArguments;
use crate::change::{Operation, Work};
use crate::model::Environment;

/// What an abort leaves behind (the Beanstalk guide).
const LEFT: &str = "A deployment of a version stops where it is: some instances may keep the new version and others the old, \
                    until one version is deployed again. A change of the configuration is rolled back.";

/// Aborts the update of this environment.
pub fn run(settings: &Settings, name: &str, arguments: &WriteArguments) -> Result<ExitCode, Failure> {
    at_desk(settings, name, arguments, async |desk: &Desk<'_>, environment: &Environment| {
        let (name, status) = (&environment.name, environment.status.as_str());
        let asking = Asking {
            question: format!("abort the update of {name} ({}), which is {status}", desk.whereabouts()),
            notes: vec![LEFT.to_owned()],
            ..Asking::default()
        };
        let results = [
            format!("{name}: the update is being aborted"),
            LEFT.to_owned(),
            format!("one version for all of them again: beanpole deploy {name} VERSION"),
        ];
        desk.act(&Operation::of(environment, Work::Abort), &asking, arguments, &results).await
    })
}
