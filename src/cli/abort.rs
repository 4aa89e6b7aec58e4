//! `abort`: stops the update in progress where it is.

use std::process::ExitCode;

use super::arguments::{Format, WriteArguments};
use super::desk::{Carried, Desk, at_desk};
use super::failure::Failure;
use super::output;
use super::report::Report;
use super::settings::Settings;
use crate::change::{Request, Write};
use crate::model::{Environment, clean};

/// What an abort leaves behind (the Beanstalk guide).
const LEFT: &str = "A deployment of a version stops where it is: some instances may keep the new version and others the old, \
                    until one version is deployed again. A change of the configuration is rolled back.";

/// Aborts the update of this environment.
pub fn run(settings: &Settings, name: &str, arguments: &WriteArguments) -> Result<ExitCode, Failure> {
    at_desk(settings, name, arguments, async |desk: &Desk<'_>, environment: &Environment| {
        let request = Request::new(environment, Write::Abort);
        let written = match desk.carry_out(&request, &question(desk, environment), arguments).await? {
            Carried::Over(status) => return Ok(status),
            Carried::Done(written) => written,
        };
        Report::of(desk, &request, &written).print(settings.format)?;
        if settings.format == Format::Table {
            let name = &environment.name;
            output::result(&format!("{}\n", clean(&format!("{name}: the update is being aborted"))))?;
            output::remark(LEFT);
            output::remark(&format!("one version for all of them again: beanpole deploy {name} VERSION"));
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn question(desk: &Desk<'_>, environment: &Environment) -> String {
    let status = environment.status.as_str();
    format!("abort the update of {} ({}), which is {status}\n{LEFT}", environment.name, desk.whereabouts())
}
