//! `restart`: the application servers of an environment, on every instance.

use std::process::ExitCode;

use super::desk::{Asking, Desk, at_desk};
use super::failure::Failure;
use super::settings::Settings;
use super::write_arguments::WriteArguments;
use crate::change::{Operation, Work};
use crate::model::Environment;

/// What a restart does (Developer Guide, deployment policies; UNVERIFIED for other policies than rolling ones).
const MEANING: &str = "The application server is restarted on every instance: in the batches of a rolling deployment, else on all \
                       at once, and then no instance serves requests for a few seconds.";

/// Restarts the application servers of this environment.
pub fn run(settings: &Settings, name: &str, arguments: &WriteArguments) -> Result<ExitCode, Failure> {
    at_desk(settings, name, arguments, async |desk: &Desk<'_>, environment: &Environment| {
        let name = &environment.name;
        let asking = Asking {
            question: format!("restart the application servers of {name} ({})", desk.whereabouts()),
            notes: vec![MEANING.to_owned()],
            ..Asking::default()
        };
        let results = [
            format!("{name}: the application servers are being restarted"),
            format!("how it goes: beanpole events {name} --follow"),
        ];
        desk.act(&Operation::of(environment, Work::Restart), &asking, arguments, &results).await
    })
}
