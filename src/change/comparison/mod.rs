//! In what two environments differ: their options, and what is live of their load balancers and instances.
//!
//! Names and ids of their own are left out: each environment's own words are replaced before two values are compared.
//! Values of environment properties are compared and never shown.

mod compared;
mod tables;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::model::{Environment, Snapshot};
use compared::{ComparedEnvironment, PROPERTIES};
use tables::TABLES;

/// A setting that two environments have differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnvironmentDifference {
    /// Which table it is of: `option`, `attribute`, `listener`, `rule`, `certificate`, `target_group`, `platform`,
    /// `scaling`.
    pub table: &'static str,
    /// What, within the table.
    pub key: String,
    /// The value of the first; none if it has none.
    pub a: Option<String>,
    /// The value of the second.
    pub b: Option<String>,
}

/// A table that could not be compared, or not whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndecidedTable {
    /// Which.
    pub table: &'static str,
    /// The name of the environment of which something was not read.
    pub environment: Arc<str>,
    /// What.
    pub what: &'static str,
}

/// The result of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentComparison {
    /// What differs, table by table.
    pub differences: Vec<EnvironmentDifference>,
    /// What could not be compared.
    pub undecided: Vec<UndecidedTable>,
}

/// Compares two environments by what was read of them.
#[must_use]
pub fn compare_environments(snapshot: &Snapshot, a: &Environment, b: &Environment) -> EnvironmentComparison {
    let (a, b) = (ComparedEnvironment::new(snapshot, a), ComparedEnvironment::new(snapshot, b));
    let mut comparison = EnvironmentComparison::default();
    for (table, rows) in TABLES {
        let (ours, theirs) = (rows(&a), rows(&b));
        for (side, rows) in [(&a, &ours), (&b, &theirs)] {
            if let Err(what) = rows {
                let environment = Arc::clone(&side.environment.name);
                comparison.undecided.push(UndecidedTable { table, environment, what });
            }
        }
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            comparison.differences.extend(differing(table, &ours, &theirs));
        }
    }
    comparison
}

fn differing(
    table: &'static str,
    ours: &BTreeMap<String, String>,
    theirs: &BTreeMap<String, String>,
) -> Vec<EnvironmentDifference> {
    let mut keys: Vec<_> = ours.keys().chain(theirs.keys()).collect();
    keys.sort();
    keys.dedup();
    let differing = keys.into_iter().filter(|key| ours.get(*key) != theirs.get(*key));
    let difference = |key: &String| {
        let value = |rows: &BTreeMap<String, String>| {
            rows.get(key).map(|value| if is_secret(key) { "(not shown)".to_owned() } else { value.clone() })
        };
        EnvironmentDifference { table, key: key.clone(), a: value(ours), b: value(theirs) }
    };
    differing.map(difference).collect()
}

/// Whether the value of an option is not to be shown.
fn is_secret(key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or_default();
    key.starts_with(PROPERTIES) || name.contains("Password") || name.contains("Secret")
}
