//! What the user chose before the program started.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::action::Keymap;
use super::check_settings::CheckSettings;
use super::screens::fleet::Column;
use crate::change::{Frozen, Operation, Protected};
use crate::config::{Config, ReadOnly};
use crate::model::{ScopeId, Scopes};
use crate::polling::{Cadences, Plans};

/// What the user chose before the program started.
#[derive(Clone, Debug)]
pub struct DashboardSetup {
    /// The scope that is shown.
    pub scope: ScopeId,
    /// All scopes.
    pub scopes: Scopes,
    /// The regions to choose among.
    pub regions: &'static [&'static str],
    /// What is configured, for what depends on the profile.
    pub config: Arc<Config>,
    /// The keys.
    pub keymap: Keymap,
    /// Budgets of the services.
    pub plans: Plans,
    /// The limit of `CloudWatch` costs, in dollars an hour.
    pub metrics_cap: f64,
    /// How often each kind is read.
    pub cadences: Cadences,
    /// The Fleet's columns.
    pub columns: Vec<Column>,
    /// The column sorted by.
    pub sort: Column,
    /// Whether that order is turned round.
    pub reverse: bool,
    /// Whether the Fleet previews the selected environment where there is room.
    pub preview: bool,
    /// What is configured of environments: which are production, what is silenced ...
    pub checks: CheckSettings,
    /// Where the configuration is, in words; `None` if it has no place.
    pub configuration: Option<Arc<str>>,
    /// What may only be read.
    pub read_only: ReadOnly,
    /// Why every write was refused when the program started, if it was.
    pub frozen: Option<Frozen>,
    /// The scenario's name if the region is simulated.
    pub simulated: Option<Arc<str>>,
    /// Whether to say at the start how everything is found: it was not used here before.
    pub hint: bool,
    /// The zone that clocks are shown in.
    pub time_zone: TimeZone,
}

impl DashboardSetup {
    /// Whether an environment is production, by its name.
    #[must_use]
    pub fn is_production(&self, environment: &str) -> bool {
        self.checks.is_production(environment)
    }

    /// Returns the first environment that an operation concerns and that may only be read, with the pattern that protects
    /// it.
    #[must_use]
    pub fn protected(&self, operation: &Operation) -> Option<Protected> {
        operation.concerned().find_map(|name| self.protection(name))
    }

    /// Returns the pattern by which an environment may only be read, by its name.
    #[must_use]
    pub fn protection(&self, name: &Arc<str>) -> Option<Protected> {
        let pattern = self.read_only.pattern_for(name)?.into();
        Some(Protected { name: Arc::clone(name), pattern })
    }
}
