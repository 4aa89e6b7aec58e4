//! The environment of a writing command: a session that stays open, what was read with it, the log, and the caller.
//!
//! A signal ends a command at once, but not while a write is under way: then the first one only prints a remark, because
//! without the answer it would be unknown whether AWS applied it.

mod carry_out;

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

pub use super::asking::Asking;
pub use carry_out::Carried;

use super::arguments::Format;
use super::confirm;
use super::failure::Failure;
use super::landed::Landed;
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems, remarks, status};
use super::progress::Bar;
use super::reading::{Reading, open_and_gather};
use super::settings::Settings;
use super::simulated;
use super::write_arguments::WriteArguments;
use crate::aws::{Session, UploadProgress};
use crate::change::{
    Confirmation, Operation, OperationKind, Past, PastRollback, Protected, Refusal, UpdateRecord, Work, Written,
};
use crate::deploy::{RecordedDeploy, Watch, update_record};
use crate::model::{
    Environment, EnvironmentStatus, Key, Moment, ReadError, Snapshot, Source, Unanswered, api_reads, clean,
};
use crate::polling::Question;
use crate::runtime::{Clock, Signals};
use crate::write::{AuditLog, Caller, Entry, History, JournalWriter, gate};

/// Longer than credentials and listings may take.
pub const LONGEST: Duration = Duration::from_mins(5);

/// The session and data of a writing command.
pub struct Desk<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// The session, open.
    pub session: Session,
    /// What was read to find the environment.
    pub reading: Reading,
    /// Whether a write is under way.
    is_writing: Cell<bool>,
    /// The write of this command that AWS applied, or may have applied.
    landed: RefCell<Option<Landed>>,
}

/// Opens a session, finds the environment and does something with it.
pub fn at_desk(
    settings: &Settings,
    name: &str,
    arguments: &WriteArguments,
    act: impl AsyncFnOnce(&Desk<'_>, &Environment) -> Result<ExitCode, Failure>,
) -> Result<ExitCode, Failure> {
    let lacking = |errors| unanswered(settings, errors);
    at_desk_within(settings, name, arguments, Limit { within: LONGEST, lacking: &lacking }, act)
}

/// How long listing the environments may take, and what to report if they cannot be listed.
#[derive(Clone, Copy)]
pub struct Limit<'a> {
    /// For how long they are waited for.
    pub within: Duration,
    /// Reports why there are none, in the command's own form.
    pub lacking: &'a dyn Fn(Vec<Problem>) -> Result<ExitCode, Failure>,
}

/// The same with the command's own limit.
pub fn at_desk_within(
    settings: &Settings,
    name: &str,
    arguments: &WriteArguments,
    limit: Limit<'_>,
    act: impl AsyncFnOnce(&Desk<'_>, &Environment) -> Result<ExitCode, Failure>,
) -> Result<ExitCode, Failure> {
    at_limited_desk(settings, arguments, limit, async |desk: &Desk<'_>| {
        match named(desk.reading.known(), name)?.cloned() {
            Some(environment) => act(desk, &environment).await,
            None => match unknown(&desk.reading, name) {
                Some(failure) => Err(failure),
                None => (limit.lacking)(problems(&desk.reading)),
            },
        }
    })
}

/// Opens a session and runs something with it, without an environment.
pub fn at_any_desk(
    settings: &Settings,
    arguments: &WriteArguments,
    act: impl AsyncFnOnce(&Desk<'_>) -> Result<ExitCode, Failure>,
) -> Result<ExitCode, Failure> {
    let lacking = |errors| unanswered(settings, errors);
    at_limited_desk(settings, arguments, Limit { within: LONGEST, lacking: &lacking }, act)
}

fn at_limited_desk(
    settings: &Settings,
    arguments: &WriteArguments,
    limit: Limit<'_>,
    act: impl AsyncFnOnce(&Desk<'_>) -> Result<ExitCode, Failure>,
) -> Result<ExitCode, Failure> {
    confirm::check(arguments)?;
    let runtime = simulated::runtime()?;
    let ended = runtime.block_on(async {
        let mut signals = Signals::listen().map_err(|error| Failure::system("no signals can be had", error))?;
        let desk = tokio::select! {
            desk = tokio::time::timeout(limit.within, Desk::open(settings)) => desk,
            signal = signals.next() => return Err(Failure::signalled(signal)),
        };
        let desk = match desk {
            Ok(Ok(Ok(desk))) => desk,
            Ok(Ok(Err(errors))) => return (limit.lacking)(errors),
            Ok(Err(failure)) => return Err(failure),
            Err(_) => return (limit.lacking)(vec![too_late(limit.within)]),
        };
        let ended = {
            let mut act = std::pin::pin!(act(&desk));
            let mut is_warned = false;
            loop {
                tokio::select! {
                    ended = &mut act => break ended,
                    signal = signals.next() => {
                        if is_warned || !desk.is_writing.get() {
                            break Err(Failure::signalled(signal));
                        }
                        is_warned = true;
                        output::remark("beanpole: a write is under way, its answer is waited for; once more leaves without it");
                    }
                }
            }
        };
        match desk.landed.take() {
            Some(landed) => landed.ended(ended),
            None => ended,
        }
    });
    simulated::end(runtime);
    ended
}

impl<'a> Desk<'a> {
    async fn open(settings: &'a Settings) -> Result<Result<Self, Vec<Problem>>, Failure> {
        let questions = |known: &Snapshot| {
            vec![Question::These(vec![Source::Environments(known.scope), Source::Identity(known.scope)])]
        };
        let (reading, session) = open_and_gather(settings, &Bar::none(), questions).await?;
        let Some(session) = session else { return Ok(Err(problems(&reading))) };
        let (is_writing, landed) = (Cell::new(false), RefCell::new(None));
        Ok(Ok(Self { settings, session, reading, is_writing, landed }))
    }

    /// The time.
    pub fn now() -> Moment {
        Clock::System.now()
    }

    /// Returns the options that name profile and region, for a command of the AWS CLI.
    pub fn place(&self) -> Vec<(&str, &str)> {
        let config = &self.settings.config;
        let parts = [
            ("profile", config.profile.as_deref()),
            ("region", self.session.region.as_deref()),
            ("endpoint-url", config.endpoint_url.as_ref().and(self.session.endpoint.as_deref())),
        ];
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Returns the place as text: `in eu-west-1, account 123456789012`.
    pub fn whereabouts(&self) -> String {
        let region = self.session.region.as_deref().unwrap_or("an unknown region");
        match self.caller().account {
            Some(account) => format!("in {region}, account {account}"),
            None => format!("in {region}"),
        }
    }

    /// Returns the caller's identity, as far as AWS has returned it.
    pub fn caller(&self) -> Caller {
        let identity = self.reading.gathered.snapshot.inventory.identity.as_ref();
        identity.map_or_else(Caller::default, |it| Caller { arn: it.arn.clone(), account: it.account.clone() })
    }

    /// Returns what the user confirms an operation with before he is asked: what his arguments say, and what protects the
    /// environments that it concerns.
    pub fn confirmation(&self, operation: &Operation, arguments: &WriteArguments) -> Confirmation {
        let config = &self.settings.config;
        let read_only = config.read_only_in(self.settings.scope().profile.as_deref());
        let protected = |name: &Arc<str>| {
            let pattern = read_only.pattern_for(name)?.into();
            Some(Protected { name: Arc::clone(name), pattern })
        };
        Confirmation {
            read_only: read_only.is_everything(),
            protected: operation.concerned().find_map(protected),
            frozen: Settings::audit_log().ok().and_then(|log| log.freeze().frozen()),
            production: config.is_production(&operation.subject.name),
            typed: arguments.confirm.as_deref().map(Into::into),
        }
    }

    /// Returns what was written to an environment from here, the oldest change first, or why the log cannot be read.
    pub async fn written_to(&self, environment: &Key<Environment>) -> Result<Vec<Past>, String> {
        let history = Self::history().await?;
        let account = self.caller().account;
        let place = (account.as_deref(), self.session.region.as_deref(), self.session.endpoint.as_deref());
        Ok(history.written_to(place, environment))
    }

    /// Returns the deploys of an environment that were made from here, newest first, or why the log cannot be read.
    pub async fn deployed_to(&self, environment: &Key<Environment>) -> Result<Vec<RecordedDeploy>, String> {
        let history = Self::history().await?;
        let caller = self.caller();
        let place = (caller.account.as_deref(), self.session.region.as_deref(), self.session.endpoint.as_deref());
        let deploys = history.deploys_of(place, &environment.id).into_iter();
        Ok(deploys.map(|(before, after)| RecordedDeploy { before, after }).collect())
    }

    /// Returns the rollbacks of an environment that were begun from here, newest first, or why the log cannot be read.
    pub async fn rollbacks_of(&self, environment: &Key<Environment>) -> Result<Vec<Entry>, String> {
        let history = Self::history().await?;
        let caller = self.caller();
        let (account, region) = (caller.account.as_deref(), self.session.region.as_deref());
        let is_own = |entry: &Entry| {
            OperationKind::named(&entry.kind) == Some(OperationKind::Rollback)
                && entry.environment_id == *environment.id
                && entry.is_of(account, region, self.session.endpoint.as_deref())
        };
        Ok(history.entries.into_iter().rev().filter(is_own).collect())
    }

    async fn history() -> Result<History, String> {
        let log = Settings::audit_log().map_err(|failure| failure.what)?;
        let read = tokio::task::spawn_blocking(move || log.read().map_err(|error| error.to_string()));
        read.await.map_err(|error| error.to_string())?
    }

    /// Returns why an update of this environment could not be aborted, whatever it will be doing then. A confirmation that
    /// can still be asked for is no reason.
    pub fn refusal_of_abort(&self, environment: &Environment, arguments: &WriteArguments) -> Option<Refusal> {
        let status = EnvironmentStatus::Updating;
        let operation = Operation::of(&Environment { status, abortable: true, ..environment.clone() }, Work::Abort);
        let may_ask = !arguments.yes && arguments.confirm.is_none();
        let refusal = gate(&operation, &self.confirmation(&operation, arguments));
        refusal.filter(|refusal| !(may_ask && matches!(refusal, Refusal::NotConfirmed { .. })))
    }

    /// Asks for confirmation, unless it was given already.
    pub async fn agree(
        confirmation: &mut Confirmation,
        refusal: Option<Refusal>,
        question: &str,
        arguments: &WriteArguments,
    ) -> Result<(), Failure> {
        let may_ask = !arguments.yes && arguments.confirm.is_none();
        match refusal {
            Some(Refusal::NotConfirmed { name }) if may_ask => {
                let typed = confirm::ask(question, &format!("type {name} to go on:")).await?;
                confirmation.typed = Some(typed.into());
            }
            Some(_) => {}
            None if arguments.yes => {}
            None => {
                let answer = confirm::ask(question, "go on? [y/N]").await?;
                if !confirm::is_yes(&answer) {
                    return Err(Failure::refused("nothing was written: it was not agreed to"));
                }
            }
        }
        Ok(())
    }

    /// Keeps the verdict of an update in the log of this machine. That it cannot be kept is reported, and is no failure.
    pub async fn keep_verdict(&self, watch: &Watch) {
        let log = match Settings::audit_log() {
            Ok(log) => log,
            Err(failure) => return output::remark(&format!("beanpole: the verdict is not kept: {}", failure.what)),
        };
        let (caller, dialer) = (self.caller(), &self.settings.dialer);
        let (session, now) = (&self.session, &Self::now);
        let writer = JournalWriter { session, log: &log, caller: &caller, now, dialer, uploads: None };
        if let Err(why) = writer.keep_verdict(&update_record(watch)).await {
            output::remark(&clean(&format!("beanpole: the verdict is not kept: {why}")));
        }
    }

    /// Returns what the log has of past updates of an environment: those that were followed, and rollbacks.
    pub async fn past_updates(&self, environment: &Key<Environment>) -> (Vec<UpdateRecord>, Vec<PastRollback>) {
        let Ok(history) = Self::history().await else { return (Vec::new(), Vec::new()) };
        let caller = self.caller();
        let place = (caller.account.as_deref(), self.session.region.as_deref(), self.session.endpoint.as_deref());
        (history.updates_of(place, &environment.id), history.rollbacks_of(place, &environment.id))
    }

    /// Writes, recorded in the log of this machine; a signal waits meanwhile.
    pub async fn write(
        &self,
        what: String,
        write: impl AsyncFnOnce(&JournalWriter<'_>) -> Written,
    ) -> Result<Written, Failure> {
        let over = async |work: Pin<Box<dyn Future<Output = Written> + '_>>| {
            Bar::none().over("AWS's answer to the write", work).await
        };
        self.write_watched(what, &UploadProgress::default(), over, write).await
    }

    /// The same, where `over` shows how far the upload is while it waits for the write.
    pub async fn write_watched(
        &self,
        what: String,
        uploads: &UploadProgress,
        over: impl AsyncFnOnce(Pin<Box<dyn Future<Output = Written> + '_>>) -> Written,
        write: impl AsyncFnOnce(&JournalWriter<'_>) -> Written,
    ) -> Result<Written, Failure> {
        let (log, caller): (AuditLog, Caller) = (Settings::audit_log()?, self.caller());
        let dialer = &self.settings.dialer;
        let (session, now, uploads) = (&self.session, &Self::now, Some(uploads));
        let writer = JournalWriter { session, log: &log, caller: &caller, now, dialer, uploads };
        self.is_writing.set(true);
        let written = over(Box::pin(write(&writer))).await;
        self.is_writing.set(false);
        self.landed.replace(Landed::of(what, &written));
        Ok(written)
    }
}

/// The environments were not listed in time.
fn too_late(within: Duration) -> Problem {
    let read = &api_reads::DESCRIBE_ENVIRONMENTS;
    let error = ReadError::Unanswered(read, Unanswered::TooLate(within));
    Problem { source: read.operation.to_owned(), error }
}

/// Reports that nothing could be read: why, in the answer and as text.
fn unanswered(settings: &Settings, errors: Vec<Problem>) -> Result<ExitCode, Failure> {
    #[derive(serde::Serialize)]
    struct Nothing {
        environment: Option<Arc<str>>,
        errors: Vec<Problem>,
    }
    remarks(&errors).iter().for_each(|words| output::remark(words));
    let status = status(&errors, false, settings.strict);
    let nothing = Nothing { environment: None, errors };
    match settings.format {
        Format::Table => {}
        Format::Json => output::json(&nothing)?,
        Format::Jsonl => output::json_line(&nothing)?,
    }
    Ok(status.map_or(ExitCode::FAILURE, |status| ExitCode::from(status as u8)))
}
