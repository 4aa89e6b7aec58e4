//! Arguments, commands and what they print. The only place that reads files and environment variables for settings.

mod abort;
mod alarms;
mod alarms_arguments;
mod alarms_create;
mod answer;
mod arguments;
mod asking;
#[cfg(test)]
mod bounded;
mod bundle_report;
mod bundled;
mod change_report;
mod completions;
mod configuration;
mod confirm;
mod dashboard;
mod demo;
mod demo_arguments;
mod deploy;
mod deploy_arguments;
mod deploy_plan;
mod desk;
mod diff;
mod doctor;
mod doctor_arguments;
mod event_arguments;
mod events;
mod explain;
mod export;
mod export_arguments;
mod facts;
mod failure;
mod find;
mod findings;
mod follow_arguments;
mod freeze;
mod hidden_value;
mod history;
mod impact;
mod landed;
mod log;
mod log_file;
mod logs;
mod ls;
mod man;
mod metrics;
mod named;
mod output;
#[cfg(test)]
mod pages;
mod probe;
mod probe_arguments;
#[cfg(test)]
mod probing;
mod problem;
mod progress;
mod reading;
mod replace;
mod report;
mod restart;
mod resume;
mod reverted;
mod rollback;
mod rollback_arguments;
mod scale;
mod scenario_file;
mod served;
mod set;
mod set_options;
mod settings;
mod show;
mod simulated;
mod simulated_front;
mod since;
mod survey;
mod swap;
mod table;
mod times;
mod undo;
mod versions;
mod watch;
mod why;
mod write_arguments;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;
use failure::Failure;

pub use simulated_front::dialer as simulated_dialer;

/// Runs the program with the arguments of this process; the status to exit with.
#[must_use]
pub fn run() -> ExitCode {
    crate::aws::drop_empty_variables();
    crate::runtime::keep_panics();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return output::usage(&error),
    };
    let ended = std::panic::catch_unwind(|| carry_out(arguments));
    crate::aws::end_credential_processes();
    match ended {
        Ok(Ok(status)) => status,
        Ok(Err(failure)) => output::failure(&failure),
        Err(_) => output::panicked(crate::runtime::panic_text()),
    }
}

fn carry_out(arguments: Arguments) -> Result<ExitCode, Failure> {
    // Asked for by the shell's own files: a configuration that is broken must not break them.
    if let Some(Command::Completions { shell }) = arguments.command {
        return completions::run(shell).map(|()| ExitCode::SUCCESS);
    }
    if matches!(arguments.command, Some(Command::Man)) {
        return man::run().map(|()| ExitCode::SUCCESS);
    }
    if let Some(Command::Config { command }) = arguments.command {
        return configuration::run(&arguments.global, command);
    }
    dispatch(&settings::Settings::load(&arguments.global)?, arguments)
}

/// Carries a command out with these settings.
fn dispatch(settings: &settings::Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        None | Some(Command::Completions { .. } | Command::Config { .. } | Command::Man) => {
            dashboard::live(settings, arguments.panic)
        }
        Some(Command::Demo(demo)) => demo::run(settings, &demo, arguments.panic),
        Some(Command::Ls(arguments)) => ls::run(settings, &arguments),
        Some(Command::Find { query }) => find::run(settings, &query),
        Some(Command::Show { environment }) => show::run(settings, &environment),
        Some(Command::Metrics(arguments)) => metrics::run(settings, &arguments),
        Some(Command::Events(arguments)) => events::run(settings, &arguments),
        Some(Command::Logs(arguments)) => logs::run(settings, &arguments),
        Some(Command::Deploy(arguments)) => deploy::run(settings, &arguments),
        Some(Command::Versions { environment }) => versions::run(settings, &environment),
        Some(Command::Watch(arguments)) => watch::run(settings, &arguments),
        Some(Command::Abort { environment, write }) => abort::run(settings, &environment, &write),
        Some(Command::Rollback(arguments)) => rollback::run(settings, &arguments),
        Some(Command::Restart { environment, write }) => restart::run(settings, &environment, &write),
        Some(Command::Replace { environment, instance, write }) => {
            replace::run(settings, &environment, &instance, &write)
        }
        Some(Command::Scale { environment, min, max, write }) => scale::run(settings, &environment, (min, max), &write),
        Some(Command::Swap(arguments)) => swap::run(settings, &arguments),
        Some(Command::Set(arguments)) => set::run(settings, &arguments),
        Some(Command::Undo { id, impact, write }) => undo::run(settings, id.as_deref(), impact, &write),
        Some(Command::Resume { id, write }) => resume::run(settings, &id, &write),
        Some(Command::Alarms(arguments)) => alarms::run(settings, &arguments),
        Some(Command::Doctor(arguments)) => doctor::run(settings, &arguments),
        Some(Command::Why { environment }) => why::run(settings, &environment),
        Some(Command::Probe(arguments)) => probe::run(settings, &arguments),
        Some(Command::Export(arguments)) => export::run(settings, &arguments),
        Some(Command::Explain { check }) => explain::run(settings, check.as_deref()),
        Some(Command::Freeze { until, reason }) => freeze::run(settings, &reason, until),
        Some(Command::Thaw) => freeze::thaw(settings),
        Some(Command::Diff { a, b }) => diff::run(settings, &a, &b),
        Some(Command::History { environment }) => history::run(settings, &environment),
        Some(Command::Log) => log::run(settings),
        Some(Command::Sim { listen, scenario, speed }) => simulated::serve(listen, &scenario, speed),
    }
}
