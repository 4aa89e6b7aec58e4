//! `deploy`: sends an update of an environment to a version of its application, and follows it.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::Format;
use super::bundled::BundledVersion;
use super::deploy_arguments::DeployArguments;
use super::deploy_plan::DeployPlanReport;
use super::desk::{Asking, Carried, Desk, LONGEST, Limit, at_desk_within};
use super::failure::{ExitStatus, Failure};
use super::follow_arguments::{FollowArguments, OnWorse};
use super::named::{named, unknown};
use super::output;
use super::problem::Problem;
use super::progress::Bar;
use super::report::{Report, conclude};
use super::settings::Settings;
use super::watch::{Attendance, goes_on, unlisted};
use super::write_arguments::WriteArguments;
use crate::aws::versions_of;
use crate::change::{Operation, Written};
use crate::deploy::Watch;
use crate::mistakes::did_you_mean;
use crate::model::{ApplicationVersion, Environment, EnvironmentStatus, Moment, clean};
use crate::write::{JournalWriter, gate};

/// An update that AWS has taken.
#[derive(Debug)]
pub struct Started {
    /// The request, by which its events are found; unknown if its answer was lost and it was found afterwards.
    pub request_id: Option<Arc<str>>,
    /// When AWS answered.
    pub at: Moment,
    /// The environment, as it was before.
    pub environment: Environment,
    /// The version that it ran.
    pub from_version: Option<Arc<str>>,
    /// The version that it is to run.
    pub to_version: Arc<str>,
    /// The operation and how it ended, for the answer.
    pub report: Report,
}

/// Whether there is something to follow.
#[derive(Debug)]
pub enum Start {
    /// The update is under way.
    Started(Started),
    /// It was only planned, or it failed; everything has been printed.
    Over(ExitCode),
}

/// Which version is deployed.
#[derive(Debug)]
pub enum Deployed {
    /// That of this label.
    Labelled(String),
    /// That of this label, which is created first from a zip or a folder.
    Bundled(String, PathBuf),
    /// That which this environment runs.
    RunBy(String),
}

impl From<&DeployArguments> for Deployed {
    fn from(arguments: &DeployArguments) -> Self {
        match (arguments.version.clone(), arguments.bundle.clone()) {
            (Some(label), Some(path)) => Self::Bundled(label, path),
            (Some(label), None) => Self::Labelled(label),
            (None, _) => Self::RunBy(arguments.from.clone().unwrap_or_default()),
        }
    }
}

/// Deploys this version to this environment, and follows the update to its verdict.
pub fn run(settings: &Settings, arguments: &DeployArguments) -> Result<ExitCode, Failure> {
    let DeployArguments { environment: name, follow, write, .. } = arguments;
    let deployed = &Deployed::from(arguments);
    let has_begun = Cell::new(false);
    let lacking = |errors: Vec<Problem>| unlisted(settings, &errors);
    let limit = Limit { within: LONGEST, lacking: &lacking };
    let ended = at_desk_within(settings, name, write, limit, async |desk: &Desk<'_>, environment: &Environment| {
        let attendance = Attendance { desk, environment, follow, write, undone: None, change: None };
        attendance.check()?;
        let (label, source_note) = label_of(desk, environment, deployed)?;
        let version = label.as_str();
        let rollback_note = rollback_note(desk, environment, version, follow).await?;
        let notes: Vec<_> = [source_note, rollback_note].into_iter().flatten().collect();
        let started = match deployed {
            Deployed::Bundled(_, path) => start_bundled(desk, environment, (version, path), notes, write).await?,
            _ => start_deploy(desk, environment, (version, notes), write).await?,
        };
        let started = match started {
            Start::Over(status) => return Ok(status),
            Start::Started(started) => started,
        };
        if follow.timeout.is_zero() {
            reported(settings, &started)?;
            return Ok(ExitCode::SUCCESS);
        }
        has_begun.set(true);
        let (to, id) = (Some(Arc::clone(&started.to_version)), started.request_id.clone());
        let watch = Watch::begin(&started.environment, to, id, started.at).settling(follow.settle);
        // Who confirmed the deploy has confirmed the rollback that its question names.
        let confirmed = WriteArguments { dry_run: false, yes: true, confirm: Some(environment.name.to_string()) };
        let rolls_back = follow.on_worse == OnWorse::Rollback;
        let attendance = Attendance { write: if rolls_back { &confirmed } else { write }, ..attendance };
        Box::pin(attendance.attend(Some(watch))).await
    });
    ended.map_err(|failure| if has_begun.get() { goes_on(failure, name) } else { failure })
}

/// Reports that it has begun, because nothing follows it.
fn reported(settings: &Settings, started: &Started) -> Result<(), Failure> {
    started.report.print(settings.format)?;
    if settings.format != Format::Table {
        return Ok(());
    }
    let request = started.request_id.as_deref().unwrap_or("unknown");
    let (name, to) = (&started.environment.name, &started.to_version);
    let from = started.from_version.as_deref().unwrap_or("none");
    let reported = format!("{name}: the update from {from} to {to} has begun (request {request})");
    output::result(&format!("{}\n", clean(&reported)))
}

/// Creates the version from its bundle and sends the update, once both are confirmed.
async fn start_bundled(
    desk: &Desk<'_>,
    environment: &Environment,
    (label, path): (&str, &Path),
    notes: Vec<String>,
    arguments: &WriteArguments,
) -> Result<Start, Failure> {
    let mut versions = all_versions(desk, environment).await?;
    let bundled = BundledVersion::prepare(desk, environment, label, path, &versions).await?;
    let version = bundled.future(environment);
    versions.retain(|known| *known.label != *label);
    versions.insert(0, version.clone());
    let operation = Operation::deploy(environment, Arc::clone(&version.label));
    let mut asking = asking(desk, environment, &version);
    asking.question = format!("create the version {label} of {}, and {}", bundled.summary(), asking.question);
    asking.bundle = Some((bundled.creation.clone(), bundled.report().clone()));
    if arguments.dry_run || !(arguments.yes || arguments.confirm.is_some()) {
        let read = DeployPlanReport::read(desk, environment, &version.label, &versions);
        asking.deploy = Some(Box::pin(read).await);
    }
    asking.notes.extend(bundled.notes.iter().cloned().chain(notes));
    let mut confirmation = desk.confirmation(&operation, arguments);
    let refusal = gate(&operation, &confirmation);
    if arguments.dry_run {
        return desk.plan_as_given(&operation, &asking, &mut confirmation, arguments).map(Start::Over);
    }
    if arguments.yes || arguments.confirm.is_some() {
        bundled.notes.iter().for_each(|note| output::remark(&clean(&format!("beanpole: {note}"))));
    }
    Desk::agree(&mut confirmation, refusal, &asking.text(), arguments).await?;
    // What forbids the deploy forbids a version for it: nothing is sent then, and the refusal is recorded.
    if gate(&operation, &confirmation).is_none()
        && let Some(status) = Box::pin(bundled.create(desk, &asking, &confirmation)).await?
    {
        return Ok(Start::Over(status));
    }
    let what = format!("{} {}", operation.kind.as_str(), environment.name);
    let write = async |writer: &JournalWriter<'_>| writer.perform(&operation, &confirmation).await;
    let written = desk.write(what, write).await?;
    let report = Report::of(desk, &operation, &asking, &written);
    if !written.outcome.is_done() {
        report.print(desk.settings.format)?;
        return Ok(Start::Over(conclude(operation.kind.as_str(), &environment.name, &written)));
    }
    Ok(Start::Started(started(environment, version.label, written, report)))
}

fn started(environment: &Environment, to_version: Arc<str>, written: Written, report: Report) -> Started {
    let Written { at, request_ids, .. } = written;
    Started {
        request_id: request_ids.into_iter().next(),
        at,
        environment: environment.clone(),
        from_version: environment.version.clone(),
        to_version,
        report,
    }
}

/// Sends the update, once it is confirmed.
pub async fn start_deploy(
    desk: &Desk<'_>,
    environment: &Environment,
    (version, notes): (&str, Vec<String>),
    arguments: &WriteArguments,
) -> Result<Start, Failure> {
    let versions = all_versions(desk, environment).await?;
    let version = one_of(environment, &versions, version)?;
    let operation = Operation::deploy(environment, Arc::clone(&version.label));
    let mut asking = asking(desk, environment, &version);
    // Who has agreed already is not shown a plan, so that a script does not wait for what is read for it.
    if arguments.dry_run || !(arguments.yes || arguments.confirm.is_some()) {
        let read = DeployPlanReport::read(desk, environment, &version.label, &versions);
        asking.deploy = Some(Box::pin(read).await);
    }
    asking.notes.extend(notes);
    let written = match desk.carry_out(&operation, &asking, arguments).await? {
        Carried::Over(status) => return Ok(Start::Over(status)),
        Carried::Done(written) => written,
    };
    let report = Report::of(desk, &operation, &asking, &written);
    Ok(Start::Started(started(environment, version.label, written, report)))
}

/// The label of the version to deploy, and what there is to know about where it comes from.
fn label_of(
    desk: &Desk<'_>,
    environment: &Environment,
    version: &Deployed,
) -> Result<(String, Option<String>), Failure> {
    let name = match version {
        Deployed::Labelled(label) | Deployed::Bundled(label, _) => return Ok((label.clone(), None)),
        Deployed::RunBy(name) => name,
    };
    let unlisted =
        || Failure { status: ExitStatus::Unreachable, ..Failure::usage("the environments could not all be listed") };
    let other = named(desk.reading.known(), name)?;
    let other = other.ok_or_else(|| unknown(&desk.reading, name).unwrap_or_else(unlisted))?;
    if other.application != environment.application {
        let what = format!(
            "{} is of the application {}, whose versions {} of {} cannot run",
            other.name, other.application, environment.name, environment.application
        );
        return Err(Failure::usage(clean(&what)));
    }
    let Some(label) = &other.version else {
        return Err(Failure::usage(clean(&format!("{} runs no version that Beanstalk names", other.name))));
    };
    let is_ready = other.status == EnvironmentStatus::Ready;
    let doubt = if is_ready { String::new() } else { format!("; it is {}, so that may change", other.status.as_str()) };
    Ok((label.to_string(), Some(format!("{label} is what {} runs{doubt}", other.name))))
}

/// Returns what is announced of the rollback that `--on-worse rollback` may make. It must be possible beforehand.
async fn rollback_note(
    desk: &Desk<'_>,
    environment: &Environment,
    version: &str,
    follow: &FollowArguments,
) -> Result<Option<String>, Failure> {
    if follow.on_worse != OnWorse::Rollback {
        return Ok(None);
    }
    let name = &environment.name;
    let refused = |why: &str| Failure::refused(clean(&format!("{name} could not be rolled back: {why}")));
    let Some(before) = environment.version.as_deref() else { return Err(refused("it runs no version")) };
    if before == version {
        return Err(refused(&format!("it runs {version} already, which is deployed again")));
    }
    if follow.timeout.is_zero() {
        return Err(refused("with --timeout 0 the update is not followed"));
    }
    match deployable(desk, environment, before).await {
        Ok(_) => Ok(Some(format!(
            "if it is confirmed to be worse, or fails, it is rolled back to {before} without another question"
        ))),
        Err(failure) if matches!(failure.status, ExitStatus::Usage | ExitStatus::Refused) => {
            Err(refused(&failure.what))
        }
        Err(failure) => Err(failure),
    }
}

/// The version of this label, if Beanstalk would take it.
pub async fn deployable(
    desk: &Desk<'_>,
    environment: &Environment,
    label: &str,
) -> Result<ApplicationVersion, Failure> {
    one_of(environment, &all_versions(desk, environment).await?, label)
}

/// The versions of an environment's application, newest first.
async fn all_versions(desk: &Desk<'_>, environment: &Environment) -> Result<Vec<ApplicationVersion>, Failure> {
    let read = versions_of(&desk.session, &environment.application, &Desk::now);
    let versions = Bar::none().over("Beanstalk DescribeApplicationVersions", Box::pin(read)).await;
    versions.map_err(|fault| Failure::fault(&fault))
}

/// The one of this label among these versions, if Beanstalk would take it.
fn one_of(
    environment: &Environment,
    versions: &[ApplicationVersion],
    label: &str,
) -> Result<ApplicationVersion, Failure> {
    let application = &environment.application;
    let Some(version) = versions.iter().find(|version| *version.label == *label) else {
        let meant = did_you_mean(label, versions.iter().map(|version| &*version.label));
        let newest: Vec<_> = versions.iter().take(5).map(|version| &*version.label).collect();
        let what = format!("the application {application} has no version `{label}`{meant}");
        let hint =
            if newest.is_empty() { "it has none".to_owned() } else { format!("the newest: {}", newest.join(", ")) };
        return Err(Failure::usage(clean(&what)).hint(clean(&hint)));
    };
    match &version.status {
        Some(status) if !status.is_deployable() => {
            let what = format!("the version {label} cannot be deployed: it is {}", status.as_str());
            Err(Failure::refused(clean(&what)))
        }
        _ => Ok(version.clone()),
    }
}

fn asking(desk: &Desk<'_>, environment: &Environment, version: &ApplicationVersion) -> Asking {
    let (name, label) = (&environment.name, &version.label);
    let what = match environment.version.as_deref() {
        Some(before) if *before == **label => format!("deploy {label} to {name} again"),
        Some(before) => format!("deploy {label} to {name}, which runs {before}"),
        None => format!("deploy {label} to {name}"),
    };
    let about = version.description.as_deref().map(|it| format!("{label}: {it}"));
    Asking {
        question: format!("{what} ({})", desk.whereabouts()),
        notes: about.into_iter().collect(),
        ..Asking::default()
    }
}
