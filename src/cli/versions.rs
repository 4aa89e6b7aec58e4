//! `versions`: the versions of an environment's application, and the environments that run each.

use std::process::ExitCode;
use std::sync::Arc;

use serde::Serialize;

use super::answer::{CommandAnswer, conclude};
use super::arguments::Format;
use super::failure::Failure;
use super::named::{named, unknown};
use super::output;
use super::progress::Bar;
use super::reading::read;
use super::settings::Settings;
use super::table::{self, ColumnShape};
use super::times::{time_json, time_words};
use crate::app::{Cut, NOTHING};
use crate::model::{ApplicationVersion, Environment, Key, Snapshot, Source};
use crate::polling::Question;
use crate::runtime::terminal_width;

/// The status in the table of a version that an environment runs and that is no longer listed.
const DELETED: &str = "deleted";

/// A version in the answer. The fields are a contract.
#[derive(Debug, PartialEq, Serialize)]
struct VersionItem {
    version: Arc<str>,
    created: Option<String>,
    status: Option<String>,
    description: Option<Arc<str>>,
    environments: Vec<Arc<str>>,
}

/// Lists the versions of the application of the environment of this name or id, newest first.
pub fn run(settings: &Settings, name: &str) -> Result<ExitCode, Failure> {
    let reading = read(settings, &Bar::new("reading"), |known| questions(known, name))?;
    let known = reading.known();
    let environment = named(known, name)?;
    if let Some(failure) = environment.is_none().then(|| unknown(&reading, name)).flatten() {
        return Err(failure);
    }
    let application = environment.map(application);
    let versions = application.as_ref().and_then(|key| known.inventory.versions.get(key));
    let found = application.as_ref().zip(versions).map(|(key, versions)| items(known, key, versions));
    if let (Format::Table, Some(found)) = (settings.format, &found) {
        output::result(&table(settings, found, versions.map_or(&[], Vec::as_slice)))?;
    }
    let is_answered = found.is_some();
    let answer = CommandAnswer { items: found, reading: &reading };
    match settings.format {
        Format::Table => {}
        Format::Json => output::json(&answer)?,
        Format::Jsonl => answer.lines()?,
    }
    Ok(conclude(settings, &reading, is_answered))
}

/// The environments, and the versions of the application of the one that is named.
fn questions(known: &Snapshot, name: &str) -> Vec<Question> {
    let environment = named(known, name).ok().flatten();
    let versions = environment.map(|environment| Source::Versions(application(environment)));
    vec![Question::These([Source::Environments(known.scope)].into_iter().chain(versions).collect())]
}

fn application(environment: &Environment) -> Key<ApplicationVersion> {
    Key::new(environment.key.scope, Arc::clone(&environment.application))
}

/// The versions with the living environments that run each; at the end those that run and are no longer listed.
fn items(known: &Snapshot, application: &Key<ApplicationVersion>, versions: &[ApplicationVersion]) -> Vec<VersionItem> {
    let mut environments: Vec<_> = known
        .inventory
        .environments
        .values()
        .filter(|it| it.key.scope == application.scope && it.application == application.id && !it.is_ending())
        .collect();
    environments.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    let running = |label: &Arc<str>| {
        let are_on_it = environments.iter().filter(|it| it.version.as_ref() == Some(label));
        are_on_it.map(|it| Arc::clone(&it.name)).collect()
    };
    let listed = versions.iter().map(|it| VersionItem {
        version: Arc::clone(&it.label),
        created: it.created.map(time_json),
        status: it.status.as_ref().map(|status| status.as_str().to_owned()),
        description: it.description.clone(),
        environments: running(&it.label),
    });
    let mut deleted: Vec<_> = environments.iter().filter_map(|it| it.version.clone()).collect();
    deleted.sort();
    deleted.dedup();
    deleted.retain(|label| !versions.iter().any(|it| it.label == *label));
    let deleted = deleted.into_iter().map(|label| VersionItem {
        environments: running(&label),
        version: label,
        created: None,
        status: None,
        description: None,
    });
    listed.chain(deleted).collect()
}

fn table(settings: &Settings, items: &[VersionItem], versions: &[ApplicationVersion]) -> String {
    const SHAPES: [ColumnShape; 4] = [
        ColumnShape::text("VERSION"),
        ColumnShape::text("CREATED"),
        ColumnShape::text("STATUS"),
        ColumnShape { cut: Cut::End, least: 12, ..ColumnShape::text("ENVIRONMENTS") },
    ];
    let row = |(place, item): (usize, &VersionItem)| {
        // Those that are listed come first, in the same order.
        let listed = versions.get(place);
        let created = listed.and_then(|it| it.created).map(|at| time_words(settings, at));
        let status = match (&item.status, listed) {
            (Some(status), _) => status.as_str(),
            (None, Some(_)) => NOTHING,
            (None, None) => DELETED,
        };
        let environments: Vec<_> = item.environments.iter().map(|name| &**name).collect();
        let created = created.unwrap_or_else(|| NOTHING.to_owned());
        vec![item.version.to_string(), created, status.to_owned(), environments.join(", ")]
    };
    let rows: Vec<_> = items.iter().enumerate().map(row).collect();
    table::lines(&SHAPES, &rows, terminal_width())
}
