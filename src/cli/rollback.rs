//! `rollback`: aborts the update in progress if it can be, waits until the environment is Ready, deploys the version that
//! ran before, and follows that to its verdict.
//!
//! Nothing is aborted before it is known which version to deploy, and that it still exists.

use std::cell::RefCell;
use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::Format;
use super::deploy::deployable;
use super::desk::{Asking, Desk, LONGEST, Limit, at_desk_within};
use super::failure::{ExitStatus, Failure};
use super::output;
use super::problem::Problem;
use super::reading::{Reading, gather_more};
use super::report::{Report, conclude};
use super::rollback_arguments::RollbackArguments;
use super::settings::Settings;
use super::watch::{Attendance, goes_on, unlisted};
use crate::change::{Confirmation, EnvironmentState, Operation, Subject};
use crate::deploy::{UpdateKind, Watch, version_before};
use crate::model::{ApplicationVersion, Environment, Key, Snapshot, Source, clean};
use crate::polling::Question;
use crate::runtime::{Clock, Means, roll_back, rollback_watch};
use crate::write::{JournalWriter, gate};

/// How many versions a refusal names.
const NAMED: usize = 5;

/// How a rollback ended, without what its update does then.
pub enum RolledBack {
    /// Its update is under way.
    Begun(Box<Watch>, Box<Report>),
    /// The version runs on every instance already, so that nothing was deployed.
    RanAlready(Box<Report>),
    /// It failed or stopped, and standard error has why.
    Over(ExitCode, Box<Report>),
}

/// Rolls the environment back.
pub fn run(settings: &Settings, arguments: &RollbackArguments) -> Result<ExitCode, Failure> {
    let (name, write, follow) = (&arguments.environment, &arguments.write, arguments.follow());
    let begun = RefCell::new(BegunRollback::default());
    let lacking = |errors: Vec<Problem>| unlisted(settings, &errors);
    let limit = Limit { within: LONGEST, lacking: &lacking };
    let ended = at_desk_within(settings, name, write, limit, async |desk: &Desk<'_>, environment: &Environment| {
        let attendance = Attendance { desk, environment, follow: &follow, write, undone: None, change: None };
        attendance.check()?;
        let target = Box::pin(RollbackTarget::read(desk, environment, arguments.to.as_deref())).await?;
        let operation = target.operation(environment);
        let mut confirmation = desk.confirmation(&operation, write);
        let refusal = gate(&operation, &confirmation);
        let asking = target.asking(desk, environment);
        if write.dry_run {
            return desk.plan_as_given(&operation, &asking, &mut confirmation, write);
        }
        Desk::agree(&mut confirmation, refusal, &asking.text(), write).await?;
        let rolled_back = carry_out(desk, environment, operation, &confirmation, &begun).await?;
        match rolled_back {
            RolledBack::Over(status, report) => {
                report.print(settings.format)?;
                Ok(status)
            }
            RolledBack::RanAlready(report) => ran_already(desk, environment, &target.to.label, &report),
            RolledBack::Begun(_, report) if follow.timeout.is_zero() => {
                report.print(settings.format)?;
                has_begun(settings, environment, &target.to.label)?;
                Ok(ExitCode::SUCCESS)
            }
            RolledBack::Begun(watch, _) => {
                begun.borrow_mut().is_followed = true;
                Box::pin(attendance.attend(Some(watch.settling(follow.settle)))).await
            }
        }
    });
    ended.map_err(|failure| begun.into_inner().hint(failure, name))
}

/// What a signal leaves behind.
#[derive(Debug, Default)]
pub struct BegunRollback {
    /// The rollback's id in the log, until all of it was sent.
    id: Option<Arc<str>>,
    is_followed: bool,
}

impl BegunRollback {
    /// Adds how to go on to a failure that came in the middle of it.
    pub fn hint(self, failure: Failure, name: &str) -> Failure {
        match self.id {
            Some(id) => failure.hint(clean(&format!("the rollback of {name} is not done: beanpole resume {id}"))),
            None if self.is_followed => goes_on(failure, name),
            None => failure,
        }
    }
}

/// Carries a rollback out that is confirmed, up to the deploy of the version.
pub async fn carry_out(
    desk: &Desk<'_>,
    environment: &Environment,
    mut operation: Operation,
    confirmation: &Confirmation,
    begun: &RefCell<BegunRollback>,
) -> Result<RolledBack, Failure> {
    let name = &environment.name;
    let pace = desk.settings.pace();
    let means = Means { session: &desk.session, clock: Clock::System, pace: &pace };
    let announce = |id: &Arc<str>, what: &str| {
        begun.borrow_mut().id = Some(Arc::clone(id));
        output::remark(&clean(&format!("beanpole: rollback of {name}: {what}")));
    };
    let mut is_late = false;
    let written = desk
        .write(format!("rollback {name}"), async |writer: &JournalWriter<'_>| {
            let rolled_back = roll_back(writer, means, &mut operation, confirmation, announce).await;
            is_late = rolled_back.is_late;
            rolled_back.written
        })
        .await?;
    begun.borrow_mut().id = None;
    let report = Box::new(Report::of(desk, &operation, &Asking::from(String::new()), &written));
    if operation.has_finished() {
        return Ok(match rollback_watch(environment, &operation, &written) {
            Some(watch) => RolledBack::Begun(Box::new(watch), report),
            None => RolledBack::RanAlready(report),
        });
    }
    let id = operation.id.as_deref().unwrap_or_default();
    let go_on = format!("it goes on with: beanpole resume {id}");
    if is_late {
        let what = clean(&format!("rollback {name}: the environment did not let it go on in time")).into_owned();
        return Ok(RolledBack::Over(output::failure(&Failure::refused(what).hint(go_on)), report));
    }
    let status = conclude("rollback", name, &written);
    if !operation.is_over() && !id.is_empty() {
        output::remark(&clean(&format!("beanpole: {go_on}")));
    }
    // Its last step was taken and the whole is not done: that is no success.
    let is_half = written.outcome.is_done();
    Ok(RolledBack::Over(if is_half { ExitCode::from(ExitStatus::Unknown as u8) } else { status }, report))
}

fn has_begun(settings: &Settings, environment: &Environment, to: &str) -> Result<(), Failure> {
    if settings.format != Format::Table {
        return Ok(());
    }
    output::result(&clean(&format!("{}: the deploy of {to} has begun\n", environment.name)))
}

fn ran_already(desk: &Desk<'_>, environment: &Environment, to: &str, report: &Report) -> Result<ExitCode, Failure> {
    report.print(desk.settings.format)?;
    if desk.settings.format == Format::Table {
        let words = format!("{}: {to} runs on every instance already; nothing was deployed\n", environment.name);
        output::result(&clean(&words))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The version to go back to.
struct RollbackTarget {
    /// The version that is removed, if that is known.
    from: Option<Arc<str>>,
    to: ApplicationVersion,
}

impl RollbackTarget {
    /// Reads which version it is and whether it still exists.
    async fn read(desk: &Desk<'_>, environment: &Environment, to: Option<&str>) -> Result<Self, Failure> {
        let key = environment.key.clone();
        let application: Key<ApplicationVersion> = Key::new(key.scope, Arc::clone(&environment.application));
        let reading = gather_more(desk.settings, &desk.session, |known: &Snapshot| {
            let environments = Source::Environments(known.scope);
            let (history, instances) = (Source::History(key.clone()), Source::InstancesHealth(key.clone()));
            vec![Question::These(vec![environments, history, instances])]
        })
        .await;
        let known = reading.known();
        let environment = known.inventory.environments.get(&environment.key).unwrap_or(environment);
        let mut watch = Watch::in_progress(environment, &known.inventory, known.moment);
        if let Some(watch) = &mut watch {
            watch.observe(known);
        }
        if let Some(refusal) = watch.as_ref().and_then(|watch| changes_no_version(watch, environment)) {
            return Err(refusal);
        }
        let recorded = desk.deployed_to(&environment.key).await.unwrap_or_else(|why| {
            output::remark(&clean(&format!("beanpole: the log of changes cannot be read: {why}")));
            Vec::new()
        });
        let (before, from) = version_before(environment, watch.as_ref(), &recorded, known.inventory.events.iter());
        match (to, before) {
            (Some(label), _) => Ok(Self { from, to: deployable(desk, environment, label).await? }),
            (None, Some(before)) => match deployable(desk, environment, &before).await {
                Ok(to) => Ok(Self { from, to }),
                Err(failure) if failure.status == ExitStatus::Usage || failure.status == ExitStatus::Refused => {
                    let what = format!("no rollback of {}: {}, and it ran before", environment.name, failure.what);
                    Err(choose(desk, &reading, environment, &application, &what).await)
                }
                Err(failure) => Err(failure),
            },
            (None, None) => {
                let what = format!("no rollback of {}: which version ran before is not known", environment.name);
                Err(choose(desk, &reading, environment, &application, &what).await)
            }
        }
    }

    fn operation(&self, environment: &Environment) -> Operation {
        let (subject, seen) = (Subject::from(environment), EnvironmentState::from(environment));
        Operation::rollback(subject, seen, self.from.clone(), Arc::clone(&self.to.label))
    }

    fn asking(&self, desk: &Desk<'_>, environment: &Environment) -> Asking {
        let (name, to) = (&environment.name, &self.to.label);
        let from = self.from.as_deref().map(|from| format!(" from {from}")).unwrap_or_default();
        let question = format!("roll {name} back{from} to {to} ({})", desk.whereabouts());
        let mut notes = Vec::new();
        if environment.abortable {
            notes.push("the update in progress is aborted first, and the environment is waited for".to_owned());
        }
        notes.extend(self.to.description.as_deref().map(|it| format!("{to}: {it}")));
        notes.push("every step is recorded: if this command ends before, beanpole resume goes on".to_owned());
        Asking { question, notes, ..Asking::default() }
    }
}

/// Refuses to take back an update that deploys no version: an abort makes Beanstalk do that itself.
fn changes_no_version(watch: &Watch, environment: &Environment) -> Option<Failure> {
    matches!(watch.kind(), UpdateKind::Settings | UpdateKind::Platform).then(|| {
        let name = &environment.name;
        let what = format!("no rollback of {name}: the update in progress changes settings and no version");
        let hint = format!("Beanstalk puts the settings back when it is aborted: beanpole abort {name}");
        Failure::refused(clean(&what)).hint(clean(&hint))
    })
}

/// The refusal that lists what can be chosen.
async fn choose(
    desk: &Desk<'_>,
    reading: &Reading,
    environment: &Environment,
    application: &Key<ApplicationVersion>,
    what: &str,
) -> Failure {
    let known = gather_more(desk.settings, &desk.session, |_| {
        vec![Question::These(vec![Source::Versions(application.clone())])]
    })
    .await;
    let running = &reading.known().inventory.environments.get(&environment.key).unwrap_or(environment).version;
    let versions = known.known().inventory.versions.get(application).map_or(&[][..], Vec::as_slice);
    let is_good = |it: &&ApplicationVersion| ApplicationVersion::obstacle(it.status.as_ref()).is_none();
    let labels = versions.iter().filter(is_good).map(|it| &it.label).filter(|label| Some(*label) != running.as_ref());
    let labels: Vec<_> = labels.take(NAMED).map(|label| &**label).collect();
    let choice = if labels.is_empty() { String::new() } else { format!("; the newest: {}", labels.join(", ")) };
    let hint = format!("nothing was aborted; choose one: beanpole rollback {} --to LABEL{choice}", environment.name);
    Failure::refused(clean(what)).hint(clean(&hint))
}
