//! `demo`: the dashboard on a simulated region, on this terminal or as a picture of it.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;

use super::dashboard::{self, OwnFiles};
use super::demo_arguments::DemoArguments;
use super::failure::{ExitStatus, Failure};
use super::settings::Settings;
use super::simulated;
use super::simulated_front;
use crate::app::DashboardSetup;
use crate::aws::{MOST_OF_SETTINGS, SessionOptions, read_text};
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
    let state = std::env::temp_dir().join(format!("beanpole-demo-{}", std::process::id()));
    let files = own_files(settings, &state);
    let ended = match &arguments.screenshot {
        None => on_the_terminal(settings, scenario, files, panic),
        Some(file) => picture(settings, scenario, files, arguments).and_then(|svg| write(file, &svg)),
    };
    let _ = std::fs::remove_dir_all(&state);
    ended
}

/// The files of a demo: what is changed or silenced in a simulated region belongs neither in the log of real changes nor in
/// the user's configuration, of which it has a copy.
fn own_files(settings: &Settings, folder: &Path) -> OwnFiles {
    let configuration = folder.join("config.toml");
    let text = settings.configuration.as_ref().and_then(|path| read_text(path, MOST_OF_SETTINGS).ok());
    let is_made = private_folder(folder).is_ok();
    if let Some(text) = text.filter(|_| is_made) {
        let copied = OpenOptions::new().write(true).create_new(true).open(&configuration);
        // Without it the demo's configuration begins empty; that of the user holds all the same.
        let _ = copied.and_then(|mut copy| copy.write_all(text.as_bytes()));
    }
    OwnFiles { log: AuditLog::under(folder), configuration: Some(configuration) }
}

/// Makes a directory that only its owner may enter; it must not be there.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn on_the_terminal(settings: &Settings, scenario: Scenario, files: OwnFiles, panic: bool) -> Result<ExitCode, Failure> {
    let runtime = simulated::runtime()?;
    let _inside = runtime.enter();
    let region = Region::new(scenario, Timestamp::now());
    let Region { name, scope, clock, options, dialer } = region;
    dashboard::run(settings, scope, Some(&name), options, clock, (files, dialer), panic)
}

/// The screen after all keys, as SVG. Time passes as fast as the answers are made.
fn picture(
    settings: &Settings,
    scenario: Scenario,
    files: OwnFiles,
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
        // Its path is another in each run, and no picture should be.
        setup: DashboardSetup {
            configuration: Some("the demo's configuration".into()),
            ..settings.setup(scope, Some(&name))?
        },
        look: Look::configured(config, true, crate::config::ColourDepth::True),
        paper: if config.theme == "light" { Paper::Light } else { Paper::Dark },
        options,
        pen: WriteTasks {
            log: files.log,
            reports: std::env::current_dir().unwrap_or_default(),
            configuration: files.configuration,
            clock,
            dialer,
        },
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
