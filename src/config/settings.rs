//! What is configured: typed settings for the rest of the program.
//!
//! The values come from layers only; the defaults are the embedded `assets/config.toml`, so that the file which explains
//! them also defines them. `Config::default()` is therefore empty and only the base for layers.

mod layered;

use std::collections::BTreeMap;
use std::time::Duration;

use super::production::is_production;
use super::silence::Silences;
use super::{Chord, Glyphs, ReadOnly, StyleChange};

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// The AWS profile, if not the shell's.
    pub profile: Option<String>,
    /// The region, if not the profile's.
    pub region: Option<String>,
    /// Where AWS answers, if not at its own endpoints.
    pub endpoint_url: Option<String>,
    /// What may only be read; [`Config::read_only_in`] knows of profiles too.
    pub read_only: ReadOnly,
    /// Whether times are shown in UTC.
    pub utc: bool,
    /// When to use colour.
    pub color: ColourChoice,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// The name of the theme.
    pub theme: String,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Where to write a log.
    pub log_file: Option<String>,
    /// Patterns of the names of production environments.
    pub production: Vec<String>,
    /// What `CloudWatch` may cost, in dollars an hour.
    pub metrics_cap: f64,
    /// How the fleet is shown.
    pub fleet: FleetSettings,
    /// Changes to the styles of the theme, by role.
    pub style: BTreeMap<String, StyleChange>,
    /// The host names that clients use, by environment.
    pub hostnames: BTreeMap<String, Vec<String>>,
    /// Which environments keep websockets.
    pub sockets: SocketSettings,
    /// How the dashboard sends notifications.
    pub notify: NotifySettings,
    /// Which findings are silenced, and why.
    pub silence: Silences,
    /// Keys by action, in place of the action's own.
    pub keys: BTreeMap<String, Vec<Chord>>,
    pub(super) profiles: BTreeMap<String, Profile>,
    pub(super) budgets: BTreeMap<String, BudgetSettings>,
    pub(super) cadences: BTreeMap<String, CadenceSettings>,
    settled: BTreeMap<String, Settled>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColourChoice {
    /// If the output is a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColourChoice {
    /// The values that it accepts.
    pub const NAMES: &[&str] = &["auto", "always", "never"];

    pub(super) fn named(name: &str) -> Self {
        match name {
            "always" => Self::Always,
            "never" => Self::Never,
            _ => Self::Auto,
        }
    }
}

/// How the fleet is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FleetSettings {
    /// The columns, from left to right.
    pub columns: Vec<String>,
    /// The column to sort by.
    pub sort: String,
    /// Whether the order is turned round.
    pub reverse: bool,
    /// Whether the selected environment is previewed where there is room.
    pub preview: bool,
}

/// How the dashboard sends notifications of verdicts, attention and alarms; by default it sends none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotifySettings {
    /// A program with its arguments, as words; it gets a line of JSON.
    pub command: Option<String>,
    /// Where the same line is posted.
    pub url: Option<String>,
    /// Whether the terminal's bell rings.
    pub bell: bool,
}

impl NotifySettings {
    /// Returns whether any are sent.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.command.is_some() || self.url.is_some() || self.bell
    }
}

/// Which environments keep websockets: AWS does not know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SocketSettings {
    /// Patterns of the names of environments that probably do.
    pub names: Vec<String>,
    /// How often the websockets of an environment are pinged at least, in seconds.
    pub ping: BTreeMap<String, u32>,
    /// How many connections nginx takes on an instance of an environment, all workers together.
    pub worker_connections: BTreeMap<String, u32>,
}

impl SocketSettings {
    /// Returns whether an environment's name fits one of the patterns.
    #[must_use]
    pub fn is_likely(&self, environment: &str) -> bool {
        is_production(&self.names, environment)
    }
}

/// What holds for one AWS profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Profile {
    pub read_only: Option<bool>,
}

/// How many requests may be sent to a service.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BudgetSettings {
    /// For the background.
    pub background: RateSettings,
    /// While the dashboard is being watched.
    pub attended: RateSettings,
}

/// A token bucket: so many a second, and so many at once after a rest.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RateSettings {
    /// Requests a second.
    pub rate: f64,
    /// Requests at once.
    pub burst: u32,
}

/// How old something may grow before it is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CadenceSettings {
    /// What is on screen.
    pub visible: Duration,
    /// What is not.
    pub background: Duration,
}

/// A setting as `config show` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The value, as the file would spell it.
    pub value: String,
    /// Its source: `default`, a file and its line, an environment variable or a flag.
    pub origin: String,
}

impl Config {
    /// Returns what may only be read in a profile: as the profile says, else the general setting.
    #[must_use]
    pub fn read_only_in(&self, profile: Option<&str>) -> ReadOnly {
        match profile.and_then(|name| self.profiles.get(name)).and_then(|profile| profile.read_only) {
            Some(true) => ReadOnly::Everything,
            Some(false) => ReadOnly::Nothing,
            None => self.read_only.clone(),
        }
    }

    /// Whether an environment is production, by its name.
    #[must_use]
    pub fn is_production(&self, environment: &str) -> bool {
        is_production(&self.production, environment)
    }

    /// The budget of a service, if it is one of [`SERVICES`](super::SERVICES): a caller that names another has a bug,
    /// which a figure made up here would hide.
    #[must_use]
    pub fn budget(&self, service: &str) -> Option<BudgetSettings> {
        self.budgets.get(service).copied()
    }

    /// The cadence of a kind of reading, if it is one of [`CADENCES`](super::CADENCES).
    #[must_use]
    pub fn cadence(&self, reading: &str) -> Option<CadenceSettings> {
        self.cadences.get(reading).copied()
    }

    /// Whether to use colour on an output that is a terminal, or is none.
    #[must_use]
    pub fn uses_colour(&self, terminal: bool) -> bool {
        match self.color {
            ColourChoice::Auto => terminal,
            ColourChoice::Always => true,
            ColourChoice::Never => false,
        }
    }

    /// The set of glyphs.
    #[must_use]
    pub fn glyphs(&self) -> Glyphs {
        Glyphs::new(self.ascii)
    }

    /// Every setting that has a value, by its path.
    pub fn show(&self) -> impl Iterator<Item = (&str, &Settled)> {
        self.settled.iter().map(|(path, settled)| (path.as_str(), settled))
    }
}
