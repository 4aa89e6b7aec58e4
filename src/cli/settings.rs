//! The settings in force: defaults, file, environment, flags; and what follows from them for app and aws.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy;
use jiff::tz::TimeZone;

use super::arguments::{Format, Global};
use super::failure::{ExitStatus, Failure};
use crate::app::screens::fleet::Column;
use crate::app::{Action, CheckSettings, DashboardSetup, Keymap};
use crate::aws::{MOST_OF_SETTINGS, REGIONS, SessionOptions, read_text, variable, variable_os};
use crate::config::{self, Config, ConfigLayer, KnownNames};
use crate::diagnosis::checks;
use crate::model::{Scope, Scopes, masked_url};
use crate::polling::Pace;
use crate::probe::{Dialer, over_network};
use crate::runtime::Clock;
use crate::write::AuditLog;

/// The settings in force.
pub struct Settings {
    /// All of them.
    pub config: Config,
    /// The user's configuration file, whether or not there is one; `None` if it has no place.
    pub configuration: Option<PathBuf>,
    /// How to print.
    pub format: Format,
    /// Whether any fault is a failure.
    pub strict: bool,
    /// Where the time comes from.
    pub clock: Clock,
    /// The options of a session, apart from the configuration's.
    pub base: SessionOptions,
    /// What opens the connections of a probe.
    pub dialer: Dialer,
}

impl Settings {
    /// Reads the layers and applies them over one another.
    pub fn load(global: &Global) -> Result<Self, Failure> {
        let broken = |error: config::ConfigError| Failure::usage(error.to_string());
        let mut config = config::defaults();
        if let Some(layer) = file(global.config.as_deref())? {
            config = config.over(layer);
        }
        config = config.over(ConfigLayer::from_environment(variable).map_err(broken)?);
        config = config.over(ConfigLayer::from_flags(flags(global)).map_err(broken)?);
        super::log_file::open(config.log_file.as_deref())?;
        let ca_bundle = variable_os("AWS_CA_BUNDLE").map(PathBuf::from);
        let base = SessionOptions { ca_bundle, generation: 1, ..SessionOptions::default() };
        Ok(Self {
            configuration: configuration_path(global.config.as_deref()),
            config,
            format: global.output.unwrap_or_default(),
            strict: global.strict,
            clock: Clock::System,
            base,
            dialer: over_network(),
        })
    }

    /// What a session is opened with.
    pub fn session(&self) -> SessionOptions {
        SessionOptions {
            profile: self.config.profile.clone(),
            region: self.config.region.clone(),
            endpoint_url: self.config.endpoint_url.clone(),
            ..self.base.clone()
        }
    }

    /// Returns how much may be read from AWS, and how often.
    pub fn pace(&self) -> Pace {
        Pace::new(&self.config)
    }

    /// What the dashboard is set up with; `simulated` is the scenario's name, if there is one.
    pub fn setup(&self, scope: Scope, simulated: Option<&str>) -> Result<DashboardSetup, Failure> {
        let (config, Pace { plans, cadences }) = (&self.config, self.pace());
        let keymap = Keymap::new(|name| config.keys.get(name).cloned()).map_err(|clashes| {
            let lines: Vec<_> = clashes.iter().map(ToString::to_string).collect();
            Failure::usage(lines.join("\n"))
        })?;
        let read_only = config.read_only_in(scope.profile.as_deref());
        let mut scopes = Scopes::default();
        let scope = scopes.intern(scope);
        let columns: Vec<_> = config.fleet.columns.iter().filter_map(|name| Column::named(name)).collect();
        Ok(DashboardSetup {
            scope,
            scopes,
            regions: REGIONS,
            config: Arc::new(config.clone()),
            keymap,
            plans,
            metrics_cap: config.metrics_cap,
            cadences,
            columns,
            sort: Column::named(&config.fleet.sort).unwrap_or(Column::Health),
            reverse: config.fleet.reverse,
            preview: config.fleet.preview,
            checks: CheckSettings::new(config),
            configuration: None,
            read_only,
            frozen: None,
            hint: false,
            simulated: simulated.map(Arc::from),
            time_zone: if config.utc { TimeZone::UTC } else { TimeZone::system() },
        })
    }

    /// The scope that the flags and the shell name, as far as is known before a session is open.
    pub fn scope(&self) -> Scope {
        let given = |setting: &Option<String>, names: &[&str]| {
            setting.clone().or_else(|| names.iter().find_map(|name| variable(name))).map(Arc::from)
        };
        Scope {
            profile: given(&self.config.profile, &["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]),
            region: given(&self.config.region, &["AWS_REGION", "AWS_DEFAULT_REGION"]),
            endpoint: given(&self.config.endpoint_url, &["AWS_ENDPOINT_URL"]).map(|url| masked_url(&url).into()),
        }
    }

    /// The log of what was changed from this machine, in the user's directory for state.
    pub fn audit_log() -> Result<AuditLog, Failure> {
        let base = etcetera::choose_base_strategy();
        let base =
            base.map_err(|error| Failure::refused(format!("there is no place for the log of changes: {error}")))?;
        Ok(AuditLog::under(&base.state_dir().unwrap_or_else(|| base.data_dir())))
    }

    /// Whether standard output is a terminal.
    pub fn is_terminal() -> bool {
        std::io::stdout().is_terminal()
    }
}

/// The flags that were given, as settings.
fn flags(global: &Global) -> Vec<(&'static str, String)> {
    let texts = [
        ("profile", &global.profile),
        ("region", &global.region),
        ("endpoint_url", &global.endpoint_url),
        ("log_file", &global.log_file),
        ("color", &global.color),
    ];
    let switches = [("read_only", global.read_only), ("utc", global.utc)];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?)));
    texts.chain(switches.into_iter().filter(|(_, on)| *on).map(|(name, _)| (name, "true".to_owned()))).collect()
}

/// Returns the path of the user's file: the given one, or the default.
pub fn configuration_path(named: Option<&Path>) -> Option<PathBuf> {
    let usual = || etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("beanpole/config.toml"));
    named.map(Path::to_path_buf).or_else(usual)
}

/// The user's file: the one that was named, which must be there, or the usual one, which need not.
fn file(named: Option<&Path>) -> Result<Option<ConfigLayer>, Failure> {
    let Some(path) = configuration_path(named) else { return Ok(None) };
    let text = match read_text(&path, MOST_OF_SETTINGS) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let what = format!("the configuration {} cannot be read", path.display());
            return Err(Failure { status: ExitStatus::Usage, ..Failure::system(what, error) });
        }
    };
    let known = KnownNames { actions: &Action::names(), columns: &Column::names(), checks: &check_names() };
    let origin = path.display().to_string();
    config::parse(&origin, &text, &known).map(Some).map_err(|error| Failure::usage(error.to_string()))
}

fn check_names() -> Vec<&'static str> {
    checks().map(|check| check.id).collect()
}
