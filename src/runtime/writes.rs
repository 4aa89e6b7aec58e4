//! What the dashboard writes: operations through `write/`, reports beside the user.
//!
//! Each function ends with the message that reports the result to the application; the dashboard's tasks and the tests
//! run the same ones.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::alarms::read_alarms;
use super::clock::Clock;
use super::journal::journal_changes;
use crate::app::{Confirmation, EnvironmentState, Message, Operated, Operation, Order, Undoable, UnfinishedOperation};
use crate::aws::Session;
use crate::change::{MUTE_RULE_PREFIX, OperationKind, Subject, UpdateRecord};
use crate::deploy::RecordedDeploy;
use crate::model::{Environment, Identity, Key, Moment};
use crate::probe::Dialer;
use crate::write::{self, AuditLog, Caller, Entry, History, JournalWriter};

/// What the dashboard needs to write.
#[derive(Clone, Debug)]
pub struct WriteTasks {
    /// Where every write is recorded.
    pub log: AuditLog,
    /// Where reports are saved.
    pub reports: PathBuf,
    /// The user's configuration file, whether or not there is one yet; `None` if it has no place.
    pub configuration: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
    /// What opens the connections of probes.
    pub dialer: Dialer,
}

/// The session, and its caller, as far as AWS has returned it.
#[derive(Clone, Copy, Debug)]
pub struct WriteSession<'a> {
    /// The session.
    pub session: &'a Session,
    /// Who we are.
    pub identity: Option<&'a Identity>,
}

impl WriteSession<'_> {
    fn caller(self) -> Caller {
        let arn = self.identity.and_then(|it| it.arn.clone());
        Caller { arn, account: self.identity.and_then(|it| it.account.clone()) }
    }
}

/// Where changes were made: account, region and endpoint.
struct WritePlace {
    account: Option<Arc<str>>,
    region: Option<Arc<str>>,
    endpoint: Option<Arc<str>>,
}

impl WritePlace {
    fn parts(&self) -> (Option<&str>, Option<&str>, Option<&str>) {
        (self.account.as_deref(), self.region.as_deref(), self.endpoint.as_deref())
    }

    fn has(&self, entry: &Entry) -> bool {
        let (account, region, endpoint) = self.parts();
        entry.is_of(account, region, endpoint)
    }
}

impl WriteTasks {
    fn writer<'a>(
        &'a self,
        desk: WriteSession<'a>,
        caller: &'a Caller,
        now: &'a (dyn Fn() -> Moment + Send + Sync),
    ) -> JournalWriter<'a> {
        JournalWriter { session: desk.session, log: &self.log, caller, now, dialer: &self.dialer, uploads: None }
    }

    /// Does this about an operation; `state` is the environment's status when it was ordered.
    pub async fn operate(
        &self,
        desk: WriteSession<'_>,
        mut operation: Box<Operation>,
        order: Order,
        (state, confirmation): (&EnvironmentState, &Confirmation),
    ) -> Message {
        let (caller, now) = (desk.caller(), || self.clock.now());
        let writer = self.writer(desk, &caller, &now);
        let result = match order {
            Order::Begin if !operation.kind.is_stepwise() => {
                Operated::Went(Some(writer.perform(&operation, confirmation).await))
            }
            Order::Begin => match writer.begin((*operation).clone(), confirmation).await {
                Ok(begun) => {
                    *operation = begun;
                    Operated::Went(None)
                }
                Err(refusal) => Operated::Refused(refusal),
            },
            Order::Advance => Operated::Went(writer.advance(&mut operation, state, confirmation).await),
            Order::Pass => match writer.pass(&mut operation, confirmation).await {
                Ok(()) => Operated::Went(None),
                Err(refusal) => Operated::Refused(refusal),
            },
            Order::Leave => Operated::Left(writer.leave(&operation).await),
        };
        Message::Operated { operation, result }
    }

    /// Keeps the verdict of an update in the journal; that it cannot be kept is in our own log only.
    pub async fn keep_verdict(&self, desk: WriteSession<'_>, record: &UpdateRecord) {
        let (caller, now) = (desk.caller(), || self.clock.now());
        if let Err(why) = self.writer(desk, &caller, &now).keep_verdict(record).await {
            tracing::error!(why = &*why, "the verdict of an update is not in the log");
        }
    }

    /// Reads what HTTPS is proposed from.
    pub async fn survey(&self, desk: WriteSession<'_>, subject: Subject) -> Message {
        let (caller, now) = (desk.caller(), || self.clock.now());
        let site = Box::pin(self.writer(desk, &caller, &now).survey(&subject)).await;
        Message::Surveyed(subject.key, site.map(|site| site.map(Box::new)))
    }

    /// Reads the alarms of an environment.
    pub async fn read_alarms(&self, session: &Session, environment: Box<Environment>) -> Message {
        let now = || self.clock.now();
        let rule = format!("{MUTE_RULE_PREFIX}{}", environment.key.id);
        let found = Box::pin(read_alarms(session, &environment, &rule, &now)).await;
        Message::AlarmsRead(environment.key.clone(), found)
    }

    /// Searches the log for what was changed where this session goes, on a thread of its own.
    async fn search<T: Send + 'static>(
        &self,
        desk: WriteSession<'_>,
        pick: impl FnOnce(&History, &WritePlace) -> T + Send + 'static,
    ) -> Result<T, String> {
        let (log, account) = (self.log.clone(), desk.caller().account);
        let place =
            WritePlace { account, region: desk.session.region.clone(), endpoint: desk.session.endpoint.clone() };
        let search = tokio::task::spawn_blocking(move || {
            let history = log.read().map_err(|error| error.to_string())?;
            Ok(pick(&history, &place))
        });
        search.await.unwrap_or_else(|error| Err(error.to_string()))
    }

    /// Finds the newest change of an environment that can be undone.
    pub async fn find_undo(&self, desk: WriteSession<'_>, environment: Key<Environment>) -> Message {
        let (id, scope) = (Arc::clone(&environment.id), environment.scope);
        let pick = move |history: &History, place: &WritePlace| {
            let (account, region, endpoint) = place.parts();
            let settings = history.newest_to_undo(account, region, endpoint, Some(&id));
            let operation = history.newest_operation_to_undo(place.parts(), Some(&id));
            // The later of the two is what the user means.
            let operation = operation.filter(|it| settings.is_none_or(|other| other.at < it.at));
            let operation = operation.and_then(|entry| entry.operation(scope));
            let operation = operation.map(|it| Undoable::Operation(Box::new(it)));
            operation.or_else(|| settings.and_then(|entry| entry.past(scope)).map(Undoable::Settings))
        };
        let found = self.search(desk, pick).await;
        Message::UndoFound { environment, found }
    }

    /// Finds the changes of an environment, because some were written directly.
    pub async fn find_written(&self, desk: WriteSession<'_>, environment: Key<Environment>) -> Message {
        let key = environment.clone();
        let changes = self.search(desk, move |history, place| history.written_to(place.parts(), &key)).await;
        Message::WrittenFound { environment, changes }
    }

    /// Finds the deploys of an environment that were made from this machine, newest first.
    pub async fn find_deploys(&self, desk: WriteSession<'_>, environment: Key<Environment>) -> Message {
        let id = Arc::clone(&environment.id);
        let pick = move |history: &History, place: &WritePlace| {
            let deploys = history.deploys_of(place.parts(), &id).into_iter();
            deploys.map(|(before, after)| RecordedDeploy { before, after }).collect()
        };
        let found = self.search(desk, pick).await;
        Message::DeploysFound { environment, found }
    }

    /// Reads the changes of an environment that were made from this machine.
    pub async fn read_journal(&self, desk: WriteSession<'_>, environment: Key<Environment>) -> Message {
        let id = Arc::clone(&environment.id);
        let pick = move |history: &History, place: &WritePlace| journal_changes(history, &id, |it| place.has(it));
        let changes = self.search(desk, pick).await;
        Message::JournalRead { environment, changes }
    }

    /// Finds out the outcome of the changes of an earlier run whose end is not in the log; `None` if there are none.
    pub async fn find_unfinished(&self, session: &Session) -> Option<Message> {
        let log = self.log.clone();
        let read = tokio::task::spawn_blocking(move || write::unfinished(&log)).await.ok()?;
        let open = match read {
            Ok(open) => open,
            Err(error) => {
                return Some(Message::Failed(format!("the log of changes cannot be read: {error}")));
            }
        };
        let (caller, now) = (Caller::default(), || self.clock.now());
        let writer =
            JournalWriter { session, log: &self.log, caller: &caller, now: &now, dialer: &self.dialer, uploads: None };
        let mut found = Vec::new();
        for it in open.iter().filter(|it| !it.is_running && is_here(&it.entry, session)) {
            found.push(look_up(&writer, session, &it.entry).await);
        }
        (!found.is_empty()).then_some(Message::Unfinished(found))
    }

    /// Saves a report, never over a file that is there.
    pub async fn save(&self, name: String, markdown: String, json: String) -> Message {
        let folder = self.reports.clone();
        let saved = tokio::task::spawn_blocking(move || save(&folder, &name, &markdown, &json)).await;
        let reported = |error: &dyn std::fmt::Display| error.to_string();
        Message::ReportSaved(match saved {
            Ok(Ok(path)) => Ok(path),
            Ok(Err(error)) => Err(reported(&error)),
            Err(error) => Err(reported(&error)),
        })
    }
}

/// Whether a change was made where this session goes.
fn is_here(entry: &Entry, session: &Session) -> bool {
    let same = |one: Option<&str>, other: Option<&Arc<str>>| one == other.map(|it| &**it);
    same(entry.region.as_deref(), session.region.as_ref()) && same(entry.endpoint.as_deref(), session.endpoint.as_ref())
}

async fn look_up(writer: &JournalWriter<'_>, session: &Session, entry: &Entry) -> UnfinishedOperation {
    let what = format!("{} of {} at {}", entry.kind, entry.environment, entry.at);
    let operation = entry.operation(session.scope);
    let words = match operation.as_ref().map(|it| it.kind) {
        Some(OperationKind::Rollback) => {
            format!("the way {what} was interrupted: on its Deploy screen, {{rollback}} goes on with it")
        }
        Some(OperationKind::Https | OperationKind::HttpsBack) => {
            format!(
                "the {what} was interrupted: on the environment's screen, {{https}} goes on with it or takes it back"
            )
        }
        _ => match writer.settle(entry).await {
            Some(written) => format!("the end of the {what} was not recorded; looked up: {}", written.outcome.word()),
            None => format!("the end of the {what} was not recorded, and cannot be looked up"),
        },
    };
    UnfinishedOperation { words, operation: operation.filter(|it| it.kind.is_stepwise()).map(Box::new) }
}

fn save(folder: &Path, name: &str, markdown: &str, json: &str) -> io::Result<String> {
    let safe = safe(name);
    for number in 0..100 {
        let stem = if number == 0 { format!("beanpole-{safe}") } else { format!("beanpole-{safe}-{number}") };
        let path = folder.join(format!("{stem}.md"));
        match create(&path, markdown) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
            Ok(()) => {
                create(&folder.join(format!("{stem}.json")), json)?;
                return Ok(format!("{} and .json", path.display()));
            }
        }
    }
    Err(io::Error::other("there are a hundred reports of this update already"))
}

/// A name in a file's name. Those of environments are letters, digits and hyphens; a peer that is not AWS may send
/// anything.
pub(super) fn safe(name: &str) -> String {
    name.chars().map(|it| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '_' }).collect()
}

pub(super) fn create(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
