//! The option settings that make an environment's live values permanent.
//!
//! A live value that differs from its option is exported in the option's place, because an update of the environment may
//! overwrite it. Only namespaces of the table are read, so that no environment property can be in the answer.

use std::collections::BTreeSet;

use super::table::{ExportOptionFacts, OptionGroup, option_rows};
use crate::change::{Drift, DriftReason, DriftReport, PlanInputs, drift_report};
use crate::model::{Balancer, ConfigurationSettings};

/// An option with the value that a file gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExportedOption {
    /// What it belongs to, by which files are split.
    pub group: OptionGroup,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// The options of an environment, and what is to be known about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionExport {
    /// The options, by group and namespace, in the order of the table.
    pub options: Vec<ExportedOption>,
    /// What no file can hold, and what was not read, in sentences without their full stops.
    pub notes: Vec<String>,
}

impl OptionExport {
    /// Returns the options of an environment: those that differ from their defaults, or all of the table; `None` until
    /// its option settings are read.
    #[must_use]
    pub fn new(basis: &PlanInputs<'_>, all: bool) -> Option<Self> {
        let (settings, report) = (basis.settings()?, drift_report(basis)?);
        let is_shared = basis.link().is_some_and(|link| link.balancer == Balancer::ApplicationShared);
        let mut export = Self::default();
        let mut spaces: Vec<_> = namespaces(settings).into_iter().collect();
        spaces.sort();
        for (group, namespace) in spaces {
            for row in option_rows(namespace).into_iter().filter(|row| row.is_exported) {
                // On a shared load balancer listeners are its owner's; an environment adds rules to them.
                if !is_shared || row.name == "Rules" || group >= OptionGroup::Rule {
                    export.option((settings, &report), group, namespace, &row, all);
                }
            }
        }
        export.not_exported(&report);
        Some(export)
    }

    fn option(
        &mut self,
        (settings, report): (&ConfigurationSettings, &DriftReport),
        group: OptionGroup,
        namespace: &str,
        row: &ExportOptionFacts,
        all: bool,
    ) {
        let drift = report.drift.iter().find(|drift| *drift.namespace == *namespace && drift.option == row.name);
        let live = drift.and_then(|drift| self.live(drift, row));
        let Some(value) = live.or_else(|| settings.get(namespace, row.name).map(str::to_owned)).or_else(|| {
            let is_wanted = all && !row.default.is_empty() || is_needed(namespace, row);
            is_wanted.then(|| row.default.to_owned())
        }) else {
            return;
        };
        if all || is_needed(namespace, row) || !row.range.is_same(&value, row.default) || drift.is_some() {
            self.options.push(ExportedOption { group, namespace: namespace.to_owned(), name: row.name, value });
        }
    }

    /// The live value of an option that differs, if the option can express it.
    fn live(&mut self, drift: &Drift, row: &ExportOptionFacts) -> Option<String> {
        let live = row.follows_live && row.range.accepts(&drift.live);
        if !live {
            self.notes.push(format!(
                "{}: the file has the option's value, because it cannot have the live one",
                drift.sentence()
            ));
        }
        live.then(|| drift.live.to_string())
    }

    /// Notes what was made directly, and what was not read.
    fn not_exported(&mut self, report: &DriftReport) {
        for it in report.outside() {
            self.notes.push(format!("not exported: {}", it.sentence()));
        }
        for it in report
            .not_compared
            .iter()
            .filter(|it| matches!(it.reason, DriftReason::Unread | DriftReason::AmbiguousProcess))
        {
            self.notes.push(format!("the files have the options' values, which may not be live: {}", it.sentence()));
        }
    }

    /// Puts a recipe's options in the place of the environment's.
    pub(super) fn merge(&mut self, options: Vec<ExportedOption>) {
        for option in options {
            let is_same = |it: &ExportedOption| it.namespace == option.namespace && it.name == option.name;
            match self.options.iter_mut().find(|it| is_same(it)) {
                Some(found) => *found = option,
                None => self.options.push(option),
            }
        }
        // Namespaces stay together, and their options keep their order.
        self.options.sort_by(|one, other| (one.group, &one.namespace).cmp(&(other.group, &other.namespace)));
    }
}

/// The namespaces of the table that an environment has and that can be exported.
fn namespaces(settings: &ConfigurationSettings) -> BTreeSet<(OptionGroup, &str)> {
    let of = |namespace| Some((OptionGroup::from_namespace(namespace)?, namespace));
    let all = settings.options.iter().filter_map(|option| of(&*option.namespace));
    all.filter(|(group, _)| *group != OptionGroup::Checked).collect()
}

/// Whether an option is written although it has its default: Beanstalk makes a listener or a process because a file names it.
fn is_needed(namespace: &str, row: &ExportOptionFacts) -> bool {
    match OptionGroup::from_namespace(namespace) {
        Some(OptionGroup::Listener) => row.name == "ListenerEnabled" && !namespace.ends_with(":default"),
        Some(OptionGroup::Process) => row.name == "Port" && !namespace.ends_with(":default"),
        _ => false,
    }
}

/// The options that have a value in the environment which is not their default. Beanstalk does not say whether a value was
/// set through its API or comes from a file; the former masks every file until the option is removed.
#[must_use]
pub fn masked(settings: &ConfigurationSettings, options: &[ExportedOption]) -> Vec<String> {
    let is_set = |option: &&ExportedOption| {
        let rows = option_rows(&option.namespace);
        let row = rows.iter().find(|row| row.name == option.name);
        let value = settings.get(&option.namespace, option.name);
        value.zip(row).is_some_and(|(value, row)| !row.range.is_same(value, row.default))
    };
    options.iter().filter(is_set).map(|option| format!("{}/{}", option.namespace, option.name)).collect()
}
