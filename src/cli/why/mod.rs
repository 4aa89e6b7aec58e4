//! `why`: the why page of one environment, its most likely cause first.

mod answer;
mod journal;
#[cfg(test)]
mod tests;
mod text;

use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;

use self::answer::WhyAnswer;
use self::journal::journal;
use super::answer::finish;
use super::arguments::Format;
use super::failure::Failure;
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems};
use super::progress::Bar;
use super::reading::{Reading, interruptible, open_and_gather};
use super::settings::Settings;
use crate::aws::{Session, look};
use crate::diagnosis::{WhyContext, WhyPage};
use crate::model::{Alarm, AlarmSubjects, Environment, Fault, Service, Snapshot};
use crate::polling::Question;
use crate::runtime::{Means, patiently};

/// Prints the why page of the environment of this name or id.
pub fn run(settings: &Settings, name: &str) -> Result<ExitCode, Failure> {
    let bar = Bar::new("reading");
    let work = async {
        let (reading, session) = open_and_gather(settings, &bar, |known| questions(known, name)).await?;
        let environment = named(reading.known(), name)?.cloned();
        let alarms = match (&session, &environment) {
            (Some(session), Some(environment)) => Some(alarms(settings, session, &reading, environment).await),
            _ => None,
        };
        Ok((reading, session, environment, alarms))
    };
    let (reading, session, environment, alarms) = interruptible(&bar, work)?;
    let mut errors = problems(&reading);
    let Some(environment) = environment else { return without(settings, &reading, name, &errors) };
    let alarms = alarms.and_then(|alarms| {
        let problem = |fault: Arc<Fault>| Problem { source: fault.operation.to_owned(), error: fault.into() };
        alarms.map_err(|fault| errors.push(problem(fault))).ok()
    });
    let journal = journal(&environment, session.as_ref());
    let silenced = reading.silenced(&environment.name);
    let context = WhyContext { journal: &journal, alarms: alarms.as_deref(), silenced: Some(&silenced) };
    let page = WhyPage::new(reading.known(), &reading.freshness(), &environment.key, context);
    let Some(page) = page else { return without(settings, &reading, name, &errors) };
    match settings.format {
        Format::Table => {
            let zone = if settings.config.utc { TimeZone::UTC } else { TimeZone::system() };
            output::result(&text::page(&page, &environment, (reading.known().moment, &zone)))?;
        }
        Format::Json => output::json(&WhyAnswer::new(&page, &environment, &errors))?,
        Format::Jsonl => output::json_line(&WhyAnswer::new(&page, &environment, &errors))?,
    }
    Ok(finish(settings, &errors, true))
}

/// There is no such environment, or the environments could not be listed to the end.
fn without(settings: &Settings, reading: &Reading, name: &str, errors: &[Problem]) -> Result<ExitCode, Failure> {
    if let Some(failure) = unknown(reading, name) {
        return Err(failure);
    }
    match settings.format {
        Format::Table => {}
        Format::Json => output::json(&WhyAnswer::nothing(errors))?,
        Format::Jsonl => output::json_line(&WhyAnswer::nothing(errors))?,
    }
    Ok(finish(settings, errors, false))
}

fn questions(known: &Snapshot, name: &str) -> Vec<Question> {
    let mut questions = vec![Question::Linked];
    // Before the region is linked, the environment's objects would be read in pieces.
    if let Some(environment) = named(known, name).ok().flatten().filter(|_| known.is_base_tried()) {
        let key = &environment.key;
        questions.extend([
            Question::Checks(key.clone()),
            Question::Causes(key.clone()),
            Question::History(key.clone()),
        ]);
    }
    questions
}

/// The alarms that look at the environment, in one call for the region.
async fn alarms(
    settings: &Settings,
    session: &Session,
    reading: &Reading,
    environment: &Environment,
) -> Result<Vec<Alarm>, Arc<Fault>> {
    let pace = settings.pace();
    let means = Means { session, clock: settings.clock, pace: &pace };
    let read = |session: Session, clock: crate::runtime::Clock| async move {
        look::alarms(&session, &|| clock.now()).await.map(|(alarms, _)| alarms)
    };
    let subjects = subjects(reading.known(), environment);
    let mut alarms = patiently(means, Service::CloudWatch, read).await?;
    alarms.retain(|alarm| alarm.concerns(&subjects));
    alarms.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(alarms)
}

fn subjects(known: &Snapshot, environment: &Environment) -> AlarmSubjects {
    let link = known.link(&environment.key);
    let balancer = link.and_then(|link| link.load_balancer.as_ref()).map(|(key, _)| Arc::clone(&key.id));
    let groups = link.map_or(&[][..], |link| &link.groups);
    let resources = known.inventory.resources.get(&environment.key);
    AlarmSubjects {
        environment: Arc::clone(&environment.name),
        load_balancers: balancer.into_iter().collect(),
        target_groups: groups.iter().map(|group| Arc::clone(&group.key.id)).collect(),
        instances: resources.map(|it| it.instances.clone()).unwrap_or_default(),
    }
}
