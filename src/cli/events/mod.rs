//! `events`: the events of an environment or of all, oldest first; with `--follow`, those that come from now on too.

mod line;

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

pub use self::line::line;
use self::line::{EventItem, heading};
use super::answer::{Items, finish};
use super::arguments::Format;
use super::event_arguments::EventArguments;
use super::failure::Failure;
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems};
use super::progress::Bar;
use super::reading::{Reading, interruptible, open_and_gather, reopen};
use super::settings::Settings;
use crate::aws::{EventQuery, Session, events};
use crate::model::{Covers, Environment, EnvironmentEvent, Fault, Service, Severity, Snapshot, Source, clean};
use crate::polling::Question;
use crate::runtime::{EventNews, EventsEnded, Means, follow_events, patiently};
use crate::ui::width;

/// How far back, by default.
const USUAL: Duration = Duration::from_secs(3_600);

/// Prints the events of the environment of this name or id, or of all.
pub fn run(settings: &Settings, arguments: &EventArguments) -> Result<ExitCode, Failure> {
    let bar = Bar::none();
    interruptible(&bar, async {
        let listing = |known: &Snapshot| vec![Question::These(vec![Source::Environments(known.scope)])];
        let (reading, session) = open_and_gather(settings, &bar, listing).await?;
        let Some(name) = &arguments.environment else {
            let Some(session) = session else { return print(settings, None, problems(&reading), None) };
            let cells = Some(names_width(&reading));
            let query = query(settings, arguments, None);
            return if arguments.follow {
                following(settings, &session, query, (None, cells)).await
            } else {
                history(settings, &session, query, (&reading, cells)).await
            };
        };
        let found = named(reading.known(), name)?.cloned();
        match (session, found) {
            (Some(session), Some(environment)) if arguments.follow => {
                let query = query(settings, arguments, Some(&environment));
                following(settings, &session, query, (Some(&environment), None)).await
            }
            (Some(session), Some(environment)) => {
                history(settings, &session, query(settings, arguments, Some(&environment)), (&reading, None)).await
            }
            _ => without(settings, name, &reading),
        }
    })
}

/// How many cells the names of all environments take: those of later ones may be longer.
fn names_width(reading: &Reading) -> usize {
    let names = reading.environments().into_iter().map(|it| width(&clean(&it.name)));
    names.chain(["ENVIRONMENT".len()]).max().unwrap_or_default()
}

fn query(settings: &Settings, arguments: &EventArguments, environment: Option<&Environment>) -> EventQuery {
    EventQuery {
        environment: environment.map(|it| it.key.clone()),
        since: settings.clock.now().minus(arguments.since.unwrap_or(USUAL)),
        severity: arguments.severity.map(|severity| Severity::from_wire(severity.as_str())),
    }
}

/// There is no such environment, or that is unknown.
fn without(settings: &Settings, name: &str, reading: &Reading) -> Result<ExitCode, Failure> {
    match unknown(reading, name) {
        Some(failure) => Err(failure),
        None => print(settings, None, problems(reading), None),
    }
}

async fn history(
    settings: &Settings,
    session: &Session,
    query: EventQuery,
    (reading, cells): (&Reading, Option<usize>),
) -> Result<ExitCode, Failure> {
    let (found, errors) = read_events(settings, session, &query).await;
    let found = found.map(|mut found| {
        found.reverse();
        found
    });
    print(settings, found, problems(reading).into_iter().chain(errors).collect(), cells)
}

/// Reads the events that a query asks for, newest first; `None` if none could be read. What could not be read comes with them.
pub async fn read_events(
    settings: &Settings,
    session: &Session,
    query: &EventQuery,
) -> (Option<Vec<EnvironmentEvent>>, Vec<Problem>) {
    let pace = settings.pace();
    let means = Means { session, clock: settings.clock, pace: &pace };
    let read = patiently(means, Service::Beanstalk, |session, clock| {
        let query = query.clone();
        async move { events(&session, &query, || clock.now()).await }
    });
    match Bar::none().over("Beanstalk DescribeEvents", Box::pin(read)).await {
        Ok((found, Covers::Partial(fault))) => (Some(found), vec![problem(query, fault)]),
        Ok((found, _)) => (Some(found), Vec::new()),
        Err(fault) => (None, vec![problem(query, fault)]),
    }
}

fn problem(query: &EventQuery, fault: Arc<Fault>) -> Problem {
    let of = query.environment.as_ref().map_or_else(String::new, |environment| format!(" {}", environment.id));
    Problem { source: format!("DescribeEvents{of}"), error: fault.into() }
}

fn print(
    settings: &Settings,
    found: Option<Vec<EnvironmentEvent>>,
    errors: Vec<Problem>,
    cells: Option<usize>,
) -> Result<ExitCode, Failure> {
    let is_answered = found.is_some();
    if settings.format == Format::Table {
        let found = found.as_deref().unwrap_or_default();
        if !found.is_empty() {
            let lines: String = found.iter().map(|event| line(settings, event, cells)).collect();
            output::result(&(heading(settings, cells) + &lines))?;
        } else if is_answered {
            output::remark("beanpole: there are no such events; --since goes further back");
        }
        return Ok(finish(settings, &errors, is_answered));
    }
    let answer = Items { items: found.map(|found| found.iter().map(EventItem::new).collect()), errors };
    answer.print(settings.format)?;
    Ok(finish(settings, &answer.errors, is_answered))
}

async fn following(
    settings: &Settings,
    session: &Session,
    query: EventQuery,
    (environment, cells): (Option<&Environment>, Option<usize>),
) -> Result<ExitCode, Failure> {
    if settings.format == Format::Table {
        output::result(&heading(settings, cells))?;
    }
    let mut failed = None;
    let report = |news| match report(settings, news, cells) {
        Ok(flow) => flow,
        Err(failure) => {
            failed = Some(failure);
            ControlFlow::Break(())
        }
    };
    let pace = settings.pace();
    let means = Means { session, clock: settings.clock, pace: &pace };
    let ended = follow_events(means, query, async || reopen(settings).await, report).await;
    match (failed, ended) {
        (Some(failure), _) => Err(failure),
        (None, Err(fault)) => Err(Failure::fault(&fault)),
        (None, Ok(EventsEnded::Enough)) => Ok(ExitCode::SUCCESS),
        (None, Ok(EventsEnded::Terminated)) => {
            let name = environment.map_or("it".into(), |it| clean(&it.name));
            output::remark(&format!("beanpole: {name} was terminated: nothing more will follow"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Prints the news; breaks if no program reads them any more.
fn report(settings: &Settings, news: EventNews, cells: Option<usize>) -> Result<ControlFlow<()>, Failure> {
    let text = match news {
        EventNews::Events(events) if settings.format == Format::Table => {
            events.iter().map(|event| line(settings, event, cells)).collect()
        }
        EventNews::Events(events) => output::json_lines(events.iter().map(EventItem::new))?,
        EventNews::Trouble(fault) => {
            output::remark(&format!("beanpole: {}; it is tried again", fault.sentence()));
            String::new()
        }
        EventNews::Better => {
            output::remark("beanpole: events can be read again");
            String::new()
        }
    };
    let is_heard = output::is_read() && output::stream(&text)?;
    Ok(if is_heard { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
}
