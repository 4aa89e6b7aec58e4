//! The dashboard on a terminal.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::failure::Failure;
use super::settings::Settings;
use super::simulated;
use crate::app::DashboardSetup;
use crate::aws::{OpenFault, SessionOptions, is_region_name, known_profiles};
use crate::model::Scope;
use crate::probe::Dialer;
use crate::runtime::writes::WriteTasks;
use crate::runtime::{Clock, Dashboard, DashboardStart, Ending, TestFaults};
use crate::ui::Look;
use crate::write::{AuditLog, private_file};

/// The files of the user's own that a dashboard writes to.
pub struct OwnFiles {
    /// Where changes are recorded.
    pub log: AuditLog,
    /// Where silences are configured, whether or not the file is there; `None` if there is no place for it.
    pub configuration: Option<PathBuf>,
}

impl OwnFiles {
    /// Where the configuration is, in words.
    pub fn place(&self) -> Option<Arc<str>> {
        self.configuration.as_ref().map(|path| path.display().to_string().into())
    }
}

/// The dashboard on AWS.
pub fn live(settings: &Settings, panic: bool) -> Result<ExitCode, Failure> {
    let scope = settings.scope();
    let options = settings.session();
    check_names(&options)?;
    let files = OwnFiles { log: Settings::audit_log()?, configuration: settings.configuration.clone() };
    run(settings, scope, None, options, Clock::System, (files, settings.dialer.clone()), panic)
}

/// Names that do not exist are reported before the terminal is taken.
fn check_names(options: &SessionOptions) -> Result<(), Failure> {
    if let Some(region) = options.region.as_deref().filter(|region| !is_region_name(region)) {
        return Err(Failure::open(&OpenFault::BadRegion(region.to_owned())));
    }
    let Some(name) = options.profile.clone() else { return Ok(()) };
    let known = simulated::runtime()?.block_on(known_profiles());
    if known.contains(&name) { Ok(()) } else { Err(Failure::open(&OpenFault::UnknownProfile { name, known })) }
}

/// Whether no dashboard ran here before, by a mark beside the log of changes, which is left for the next one.
fn is_first_run(log: &Path) -> bool {
    let mark = log.with_file_name("welcomed");
    if mark.exists() {
        return false;
    }
    // Where the mark cannot be left the hint is shown again, which does no harm.
    let folder = mark.parent().map(|folder| private_file::private_folder().create(folder));
    if let Some(Ok(())) = folder {
        let _ = private_file::append(&mark, true);
    }
    true
}

/// The dashboard on this terminal; `simulated` is the scenario's name, if there is one.
pub fn run(
    settings: &Settings,
    scope: Scope,
    simulated: Option<&str>,
    options: SessionOptions,
    clock: Clock,
    (files, dialer): (OwnFiles, Dialer),
    panic: bool,
) -> Result<ExitCode, Failure> {
    if !Settings::is_terminal() {
        return Err(Failure::usage("the dashboard needs a terminal, and standard output is none")
            .hint("for a pipe or a script: beanpole ls, find, show"));
    }
    let frozen = files.log.freeze().frozen();
    let hint = simulated.is_some() || is_first_run(files.log.path());
    let setup = DashboardSetup { frozen, hint, configuration: files.place(), ..settings.setup(scope, simulated)? };
    let start = DashboardStart {
        setup,
        look: Look::configured(&settings.config, true, crate::config::ColourDepth::of(|name| std::env::var(name).ok())),
        options,
        pen: WriteTasks {
            log: files.log,
            reports: std::env::current_dir().unwrap_or_default(),
            configuration: files.configuration,
            clock,
            dialer,
        },
        clock,
        mouse: settings.config.mouse,
        test_faults: TestFaults { panic },
    };
    let runtime = self::simulated::runtime()?;
    let ending = runtime.block_on(Dashboard::run(start));
    // Threads that block in the system, on a file of a network home or on DNS, are left behind.
    runtime.shutdown_background();
    match ending.map_err(|error| Failure::system("the terminal cannot be used", error))? {
        Ending::Quit => Ok(ExitCode::SUCCESS),
        Ending::Signalled(status) => Ok(ExitCode::from(status)),
        Ending::Hopeless(fault) => Err(Failure::open(&fault)),
    }
}
