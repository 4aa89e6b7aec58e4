//! The dashboard, on AWS or on the simulated region.

use std::process::ExitCode;
use std::sync::Arc;

use super::failure::Failure;
use super::settings::Settings;
use super::simulated;
use crate::aws::{OpenFault, SessionOptions, is_region_name, known_profiles};
use crate::model::{Moment, Scope};
use crate::runtime::writes::Pen;
use crate::runtime::{Clock, Dashboard, Ending, Flaws, Start};
use crate::sim::in_process;
use crate::ui::Look;
use crate::write::AuditLog;

/// The dashboard on AWS.
pub fn live(settings: &Settings, panic: bool) -> Result<ExitCode, Failure> {
    let scope = settings.scope();
    let options = settings.session();
    check_names(&options)?;
    run(settings, scope, None, |_| options, Clock::System, Settings::audit_log()?, panic)
}

/// Names that do not exist are told before the terminal is taken.
fn check_names(options: &SessionOptions) -> Result<(), Failure> {
    if let Some(region) = options.region.as_deref().filter(|region| !is_region_name(region)) {
        return Err(Failure::open(&OpenFault::BadRegion(region.to_owned())));
    }
    let Some(name) = options.profile.clone() else { return Ok(()) };
    let known = simulated::runtime()?.block_on(known_profiles());
    if known.contains(&name) { Ok(()) } else { Err(Failure::open(&OpenFault::UnknownProfile { name, known })) }
}

/// The same dashboard on a simulated region, with a clock of its own.
pub fn demo(settings: &Settings, name: &str, panic: bool) -> Result<ExitCode, Failure> {
    let scenario = simulated::scenario(name)?;
    let (region, name) = (scenario.region().to_owned(), scenario.name().to_owned());
    let scope = Scope { region: Some(Arc::from(region.as_str())), ..Scope::default() };
    let runtime = simulated::runtime()?;
    let _inside = runtime.enter();
    let clock = Clock::simulated(Moment(jiff::Timestamp::now()));
    let world = simulated::world(scenario, clock);
    let options = |clock: Clock| SessionOptions {
        region: Some(region),
        http_client: Some(in_process::http_client(world)),
        time_source: Some(clock.time_source()),
        server_clock: clock.server(),
        simulated: true,
        generation: 1,
        ..SessionOptions::default()
    };
    // What is done to a simulated region is no business of the log of real changes.
    let state = std::env::temp_dir().join(format!("beanpole-demo-{}", std::process::id()));
    let ending = run(settings, scope, Some(&name), options, clock, AuditLog::under(&state), panic);
    let _ = std::fs::remove_dir_all(&state);
    ending
}

fn run(
    settings: &Settings,
    scope: Scope,
    simulated: Option<&str>,
    options: impl FnOnce(Clock) -> SessionOptions,
    clock: Clock,
    log: AuditLog,
    panic: bool,
) -> Result<ExitCode, Failure> {
    if !Settings::is_terminal() {
        return Err(Failure::usage("the dashboard needs a terminal, and standard output is none")
            .hint("for a pipe or a script: beanpole ls, find, show"));
    }
    let setup = settings.setup(scope, simulated)?;
    let start = Start {
        setup,
        look: Look::configured(&settings.config, true),
        options: options(clock),
        pen: Pen { log, reports: std::env::current_dir().unwrap_or_default(), clock },
        clock,
        mouse: settings.config.mouse,
        flaws: Flaws { panic },
    };
    let runtime = self::simulated::runtime()?;
    let ending = runtime.block_on(Dashboard::run(start));
    // Threads that hang in the system, on a file of a network home or a name that nobody resolves, are left behind.
    runtime.shutdown_background();
    match ending.map_err(|error| Failure::system("the terminal cannot be used", error))? {
        Ending::Quit => Ok(ExitCode::SUCCESS),
        Ending::Signalled(status) => Ok(ExitCode::from(status)),
        Ending::Hopeless(fault) => Err(Failure::open(&fault)),
    }
}
