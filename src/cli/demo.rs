//! `demo`: the dashboard on a simulated region, on this terminal or as a picture of it.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;

use super::dashboard;
use super::demo_arguments::DemoArguments;
use super::failure::{ExitStatus, Failure};
use super::settings::Settings;
use super::simulated;
use super::simulated_front;
use crate::aws::SessionOptions;
use crate::model::{Moment, Scope};
use crate::probe::Dialer;
use crate::runtime::writes::WriteTasks;
use crate::runtime::{Clock, NoScreenshot, Screenshot};
use crate::sim::{Scenario, in_process};
use crate::ui::{Look, Paper};
use crate::write::AuditLog;

/// When the region of every picture begins, so that pictures can be reproduced and compared: 2026-11-23T14:03:22Z.
const BEGINNING: Timestamp = Timestamp::constant(1_795_442_602, 0);

/// A simulated region, and how the dashboard reaches it.
struct Region {
    name: String,
    scope: Scope,
    clock: Clock,
    options: SessionOptions,
    dialer: Dialer,
}

impl Region {
    /// The region of a scenario, which begins now. The tokio runtime that it lives on has to be entered.
    fn new(scenario: Scenario, epoch: Timestamp) -> Self {
        let (region, name) = (scenario.region().to_owned(), scenario.name().to_owned());
        let clock = Clock::simulated(Moment(epoch));
        let world = simulated::world(scenario, clock);
        let dialer = simulated_front::dialer(world.clone());
        let options = SessionOptions {
            region: Some(region.clone()),
            http_client: Some(in_process::http_client(world)),
            time_source: Some(clock.time_source()),
            server_clock: clock.server(),
            simulated: true,
            generation: 1,
            ..SessionOptions::default()
        };
        let scope = Scope { region: Some(Arc::from(region)), ..Scope::default() };
        Self { name, scope, clock, options, dialer }
    }
}

/// The dashboard on a simulated region, with a clock of its own.
pub fn run(settings: &Settings, arguments: &DemoArguments, panic: bool) -> Result<ExitCode, Failure> {
    let scenario = simulated::scenario(&arguments.scenario)?;
    // What is changed in a simulated region does not belong in the log of real changes.
    let state = std::env::temp_dir().join(format!("beanpole-demo-{}", std::process::id()));
    let log = AuditLog::under(&state);
    let ended = match &arguments.screenshot {
        None => on_the_terminal(settings, scenario, log, panic),
        Some(file) => picture(settings, scenario, log, arguments).and_then(|svg| write(file, &svg)),
    };
    let _ = std::fs::remove_dir_all(&state);
    ended
}

fn on_the_terminal(settings: &Settings, scenario: Scenario, log: AuditLog, panic: bool) -> Result<ExitCode, Failure> {
    let runtime = simulated::runtime()?;
    let _inside = runtime.enter();
    let region = Region::new(scenario, Timestamp::now());
    let Region { name, scope, clock, options, dialer } = region;
    dashboard::run(settings, scope, Some(&name), options, clock, (log, dialer), panic)
}

/// The screen after all keys, as SVG. Time passes as fast as the answers are made.
fn picture(
    settings: &Settings,
    scenario: Scenario,
    log: AuditLog,
    arguments: &DemoArguments,
) -> Result<String, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let runtime = runtime.map_err(|error| Failure::system("no runtime can be started", error))?;
    let _inside = runtime.enter();
    // The moments of reads are drawn by lot: the same ones for each picture.
    fastrand::seed(0);
    let Region { name, scope, clock, options, dialer } = Region::new(scenario, BEGINNING);
    let config = &settings.config;
    let screenshot = Screenshot {
        setup: settings.setup(scope, Some(&name))?,
        look: Look::configured(config, true),
        paper: if config.theme == "light" { Paper::Light } else { Paper::Dark },
        options,
        pen: WriteTasks { log, reports: std::env::current_dir().unwrap_or_default(), clock, dialer },
        clock,
        size: arguments.size,
        keys: arguments.keys.as_ref().map(|keys| keys.0.clone()).unwrap_or_default(),
        after: arguments.after,
    };
    let svg = runtime.block_on(screenshot.take());
    runtime.shutdown_background();
    svg.map_err(|error| match error {
        NoScreenshot::Open(fault) => Failure::open(&fault),
        NoScreenshot::Quit | NoScreenshot::HandOver => Failure::usage(error.to_string()),
    })
}

fn write(path: &Path, svg: &str) -> Result<ExitCode, Failure> {
    let name = path.display().to_string().escape_debug().to_string();
    // A pipe or a device would be held up, or overwritten.
    if std::fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        return Err(Failure::usage(format!("the picture {name} cannot be written: it is not a regular file")));
    }
    let written = std::fs::write(path, svg);
    written.map(|()| ExitCode::SUCCESS).map_err(|error| Failure {
        status: ExitStatus::Usage,
        ..Failure::system(format!("the picture {name} cannot be written"), error)
    })
}
