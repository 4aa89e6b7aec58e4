//! `ls`: environments with their load balancer and target groups, for the few calls that link a region.
//!
//! The columns, their texts, the order and the filter are the Fleet's own, so that what is found on the screen is found
//! here by the same words.

use std::process::ExitCode;

use serde::Serialize;

use super::answer::{CommandAnswer, conclude};
use super::arguments::{Format, ListArguments};
use super::facts::{self, AttentionFacts, EnvironmentFacts, GroupFacts, LoadBalancerFacts};
use super::failure::Failure;
use super::output;
use super::progress::Bar;
use super::reading::{Reading, read};
use super::settings::Settings;
use super::table::{self, ColumnShape};
use crate::app::Cut;
use crate::app::Filter;
use crate::app::screens::fleet::{Column, FleetRow, row, searched_text};
use crate::mistakes::did_you_mean;
use crate::model::{Environment, Snapshot, Source};
use crate::polling::Question;
use crate::runtime::terminal_width;

/// The columns of a listing that reads only what links the region.
const LINKED: &[Column] = &[
    Column::Health,
    Column::Name,
    Column::Application,
    Column::Version,
    Column::Status,
    Column::Balancer,
    Column::LoadBalancer,
    Column::Groups,
];

/// The columns of a full one.
const FULL: &[Column] = &[
    Column::Health,
    Column::Name,
    Column::Application,
    Column::Version,
    Column::Status,
    Column::Balancer,
    Column::LoadBalancer,
    Column::Targets,
    Column::Stickiness,
    Column::Tls,
    Column::Groups,
];

/// The columns that only `--full` reads.
const COSTLY: &[Column] = &[Column::Targets, Column::Stickiness, Column::Drift, Column::Findings, Column::Tls];

/// An environment in the answer.
#[derive(Debug, Serialize)]
struct EnvironmentItem {
    #[serde(flatten)]
    environment: EnvironmentFacts,
    attention: Option<AttentionFacts>,
    load_balancer: Option<LoadBalancerFacts>,
    target_groups: Option<Vec<GroupFacts>>,
}

/// What is listed, and how.
struct Listing {
    columns: Vec<Column>,
    sort: Column,
    filter: Filter,
    full: bool,
    /// Whether the processes' names are shown, which cost a call for each environment.
    processes: bool,
    /// Whether the columns were requested by name.
    chosen: bool,
}

/// Lists the environments of the region.
pub fn run(settings: &Settings, arguments: &ListArguments) -> Result<ExitCode, Failure> {
    let mut listing = Listing::new(arguments, settings.format)?;
    let bar = if listing.full { Bar::new("reading") } else { Bar::none() };
    let reading = read(settings, &bar, |known| listing.questions(known))?;
    let rows = listing.rows(&reading);
    let items: Vec<_> = rows.iter().filter_map(|row| item(&reading, row)).collect();
    let answer = CommandAnswer { items: reading.is_answered().then_some(items), reading: &reading };
    match settings.format {
        Format::Table => output::result(&listing.table(&rows, &reading))?,
        Format::Json => output::json(&answer)?,
        Format::Jsonl => answer.lines()?,
    }
    Ok(conclude(settings, &reading, reading.is_answered()))
}

impl Listing {
    fn new(arguments: &ListArguments, format: Format) -> Result<Self, Failure> {
        let full = arguments.full;
        let chosen = !arguments.columns.is_empty();
        let columns = match arguments.columns.as_slice() {
            [] => if full { FULL } else { LINKED }.to_vec(),
            names => names.iter().map(|name| column(name)).collect::<Result<_, _>>()?,
        };
        let sort = arguments.sort.as_deref().map_or(Ok(Column::Name), column)?;
        let filter = Filter::words(arguments.filter.as_deref().unwrap_or_default());
        let processes = full && format != Format::Table;
        let listing = Self { columns, sort, filter, full, processes, chosen };
        listing.remark();
        Ok(listing)
    }

    /// Reports which columns stay empty.
    fn remark(&self) {
        let costly = self.columns.iter().filter(|column| !self.full && COSTLY.contains(column));
        let names: Vec<_> = costly.map(|column| column.facts().name).collect();
        if !names.is_empty() {
            output::remark(&format!("beanpole: only --full reads {}", names.join(", ")));
        }
    }

    fn questions(&self, known: &Snapshot) -> Vec<Question> {
        let mut questions = vec![Question::Linked];
        if self.full && known.is_base_tried() {
            let environments = known.inventory.environments.keys().cloned().collect();
            questions.push(Question::Proven);
            if self.columns.contains(&Column::Drift) || self.sort == Column::Drift {
                questions.push(Question::Options(known.inventory.environments.keys().cloned().collect()));
            }
            if self.columns.contains(&Column::Findings) || self.sort == Column::Findings {
                questions.extend(known.inventory.environments.keys().cloned().map(Question::Checks));
            }
            questions.push(Question::Rows { environments, visible: true });
            questions.push(Question::These(details(known, self.processes)));
        }
        if self.columns.contains(&Column::Alarms) || self.sort == Column::Alarms {
            questions.push(Question::These(vec![Source::RaisedAlarms(known.scope)]));
        }
        if self.columns.contains(&Column::Event) || self.sort == Column::Event {
            questions.push(Question::These(vec![Source::Events(known.scope)]));
        }
        questions
    }

    fn rows(&mut self, reading: &Reading) -> Vec<FleetRow> {
        let (known, at) = (reading.known(), reading.known().moment);
        let freshness = reading.freshness();
        let keys = reading.keys();
        let rows = keys.iter().filter_map(|key| row(known, &freshness, reading.checks(), key));
        let mut rows: Vec<_> = rows.filter(|row| self.filter.finds(&searched_text(row, at))).collect();
        rows.sort_by(|one, other| self.sort.compare(one, other));
        rows
    }

    fn table(&self, rows: &[FleetRow], reading: &Reading) -> String {
        if !reading.is_answered() {
            return String::new();
        }
        let room = terminal_width();
        let mut columns = self.columns.clone();
        loop {
            let text = self.lines(&columns, rows, reading, room);
            let fits = |room: usize| text.lines().all(|line| crate::ui::width(line) <= room);
            // Columns that were requested by name are never left out.
            if self.chosen || columns.len() <= 2 || room.is_none_or(fits) {
                return text;
            }
            let last = columns.iter().enumerate().max_by_key(|(_, column)| column.facts().priority);
            let Some((place, _)) = last else { return text };
            columns.remove(place);
        }
    }

    fn lines(&self, columns: &[Column], rows: &[FleetRow], reading: &Reading, room: Option<usize>) -> String {
        let shapes: Vec<_> = columns.iter().map(|column| shape(*column)).collect();
        let cell = |column: &Column, row: &FleetRow| {
            let mut text = String::new();
            if !self.full && COSTLY.contains(column) {
                text.push_str(crate::app::NOTHING);
            } else {
                column.write(row, reading.known().moment, &mut text);
            }
            text
        };
        let rows: Vec<Vec<_>> =
            rows.iter().map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect();
        table::lines(&shapes, &rows, room)
    }
}

/// What a full listing reads beside the rows: the processes' names, and the attributes that rows do not show.
fn details(known: &Snapshot, processes: bool) -> Vec<Source> {
    let mut sources = vec![Source::Certificates(known.scope), Source::RaisedAlarms(known.scope)];
    for environment in known.inventory.environments.keys() {
        let groups = known.topology.link(environment).map_or(&[][..], |link| &link.groups);
        if processes && !groups.is_empty() {
            sources.push(Source::Settings(environment.clone()));
        }
        sources.extend(groups.iter().map(|group| Source::TargetGroupAttributes(group.key.clone())));
    }
    sources
}

/// Returns the screen's shape, except that a name is never cut: the next command needs it whole.
fn shape(column: Column) -> ColumnShape {
    let shape = ColumnShape::of(column.facts());
    if column == Column::Name { ColumnShape { cut: Cut::Never, ..shape } } else { shape }
}

fn column(name: &str) -> Result<Column, Failure> {
    let name = name.trim();
    Column::named(name).ok_or_else(|| {
        let meant = did_you_mean(name, Column::names());
        Failure::usage(format!("there is no column `{name}`{meant}"))
            .hint(format!("columns: {}", Column::names().join(", ")))
    })
}

fn item(reading: &Reading, row: &FleetRow) -> Option<EnvironmentItem> {
    let known = reading.known();
    let environment: &Environment = known.inventory.environments.get(&row.key)?;
    Some(EnvironmentItem {
        environment: EnvironmentFacts::new(known, environment),
        attention: AttentionFacts::new(reading, &row.key),
        load_balancer: facts::load_balancer(known, environment),
        target_groups: facts::groups(known, environment),
    })
}
