//! What the dashboard writes: requests through `write/`, steps of a way back, reports beside the user.
//!
//! Each function ends with the message that tells the application what came of it; the dashboard's tasks and the tests
//! run the same ones.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clock::Clock;
use crate::app::deploys::RecordedDeploy;
use crate::app::https::{HttpsAsked, HttpsTold};
use crate::app::{Consent, Message, Plan, Request, Standing, Unfinished, WayBack, WentBack};
use crate::aws::Session;
use crate::model::{Environment, Identity, Key};
use crate::write::{self, AuditLog, Caller, Entry, Writer};

/// With what the dashboard writes.
#[derive(Clone, Debug)]
pub struct Pen {
    /// Where every write is recorded.
    pub log: AuditLog,
    /// Where reports are saved.
    pub reports: PathBuf,
    /// The time.
    pub clock: Clock,
}

fn caller(identity: Option<&Identity>) -> Caller {
    let arn = identity.and_then(|it| it.arn.clone());
    Caller { arn, account: identity.and_then(|it| it.account.clone()) }
}

impl Pen {
    /// Writes a request.
    pub async fn write(
        &self,
        session: &Session,
        identity: Option<&Identity>,
        request: Request,
        consent: &Consent,
    ) -> Message {
        let (caller, now) = (caller(identity), || self.clock.now());
        let writer = Writer { session, log: &self.log, caller: &caller, now: &now };
        let written = writer.perform(&request, consent).await;
        Message::Wrote { request, written }
    }

    /// Changes settings.
    pub async fn change(
        &self,
        session: &Session,
        identity: Option<&Identity>,
        plan: Box<Plan>,
        consent: &Consent,
    ) -> Message {
        let (caller, now) = (caller(identity), || self.clock.now());
        let writer = Writer { session, log: &self.log, caller: &caller, now: &now };
        let written = writer.change(&plan, consent).await;
        Message::Changed { plan, written }
    }

    /// Finds the newest change of an environment that can be undone.
    pub async fn find_undo(
        &self,
        session: &Session,
        identity: Option<&Identity>,
        environment: Key<Environment>,
    ) -> Message {
        let (log, account) = (self.log.clone(), caller(identity).account);
        let (region, endpoint) = (session.region.clone(), session.endpoint.clone());
        let (id, scope) = (Arc::clone(&environment.id), environment.scope);
        let search = tokio::task::spawn_blocking(move || {
            let history = log.read().map_err(|error| error.to_string())?;
            let place = (account.as_deref(), region.as_deref(), endpoint.as_deref());
            let newest = history.newest_to_undo(place.0, place.1, place.2, Some(&id));
            let https = history.newest_https_to_undo(place, Some(&id));
            // The later of the two is what the user means.
            let https = https.filter(|it| newest.is_none_or(|other| other.at < it.at));
            Ok((newest.and_then(|entry| entry.past(scope)), https.and_then(|entry| entry.course(scope))))
        });
        let found = search.await.unwrap_or_else(|error| Err(error.to_string()));
        match found {
            Ok((_, Some(course))) => Message::Https(HttpsTold::Undo(Box::new(course))),
            found => Message::UndoFound { environment, found: found.map(|(past, _)| past) },
        }
    }

    /// Finds what was changed of an environment, for what of it was written directly.
    pub async fn find_written(
        &self,
        session: &Session,
        identity: Option<&Identity>,
        environment: Key<Environment>,
    ) -> Message {
        let (log, account) = (self.log.clone(), caller(identity).account);
        let (region, endpoint) = (session.region.clone(), session.endpoint.clone());
        let key = environment.clone();
        let search = tokio::task::spawn_blocking(move || {
            let history = log.read().map_err(|error| error.to_string())?;
            Ok(history.written_to((account.as_deref(), region.as_deref(), endpoint.as_deref()), &key))
        });
        let changes = search.await.unwrap_or_else(|error| Err(error.to_string()));
        Message::WrittenFound { environment, changes }
    }

    /// Finds the deploys of an environment that were made from this machine, newest first.
    pub async fn find_deploys(
        &self,
        session: &Session,
        identity: Option<&Identity>,
        environment: Key<Environment>,
    ) -> Message {
        let (log, account) = (self.log.clone(), caller(identity).account);
        let (region, endpoint) = (session.region.clone(), session.endpoint.clone());
        let id = Arc::clone(&environment.id);
        let search = tokio::task::spawn_blocking(move || {
            let history = log.read().map_err(|error| error.to_string())?;
            let is_own = |entry: &&Entry| {
                entry.environment_id == *id && entry.is_of(account.as_deref(), region.as_deref(), endpoint.as_deref())
            };
            let deploys = history.entries.iter().rev().filter(is_own).filter_map(Entry::deployed);
            Ok(deploys.map(|(before, after)| RecordedDeploy { before, after }).collect())
        });
        let found = search.await.unwrap_or_else(|error| Err(error.to_string()));
        Message::DeploysFound { environment, found }
    }

    /// Reads for HTTPS, or does a step of it.
    pub async fn https(&self, session: &Session, identity: Option<&Identity>, asked: HttpsAsked) -> Message {
        let (caller, now) = (caller(identity), || self.clock.now());
        let writer = Writer { session, log: &self.log, caller: &caller, now: &now };
        Message::Https(match asked {
            HttpsAsked::Survey(subject) => {
                let site = writer.survey(&subject).await;
                HttpsTold::Surveyed(subject.key, site.map(|site| site.map(Box::new)))
            }
            HttpsAsked::SetOut(course, consent) => match writer.set_out_https(*course, &consent).await {
                Ok(course) => HttpsTold::On(Box::new(course), None),
                Err(refusal) => HttpsTold::Refused(refusal),
            },
            HttpsAsked::Advance(mut course, standing, consent) => {
                let written = writer.advance_https(&mut course, &standing, &consent).await;
                HttpsTold::On(course, written)
            }
            HttpsAsked::Pass(mut course, consent) => match writer.pass(&mut course, &consent).await {
                Ok(()) => HttpsTold::On(course, None),
                Err(refusal) => HttpsTold::Refused(refusal),
            },
            HttpsAsked::Leave(course) => HttpsTold::Left(writer.leave_https(&course).await),
        })
    }

    /// Records that a way back is set out on.
    pub async fn set_out(
        &self,
        session: &Session,
        identity: Option<&Identity>,
        way: WayBack,
        standing: &Standing,
        consent: &Consent,
    ) -> Message {
        let (caller, now) = (caller(identity), || self.clock.now());
        let writer = Writer { session, log: &self.log, caller: &caller, now: &now };
        let key = way.subject.key.clone();
        Message::WentBack(match writer.set_out(way, standing, consent).await {
            Ok(way) => WentBack::On(way, None),
            Err(refusal) => WentBack::Refused(key, refusal),
        })
    }

    /// Does the next step of a way back.
    pub async fn advance(
        &self,
        session: &Session,
        identity: Option<&Identity>,
        mut way: WayBack,
        standing: &Standing,
        consent: &Consent,
    ) -> Message {
        let (caller, now) = (caller(identity), || self.clock.now());
        let writer = Writer { session, log: &self.log, caller: &caller, now: &now };
        let written = writer.advance(&mut way, standing, consent).await;
        Message::WentBack(WentBack::On(way, written))
    }

    /// Finds out what became of the changes of an earlier run whose end is not in the log; nothing if there are none.
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
        let writer = Writer { session, log: &self.log, caller: &caller, now: &now };
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
        let told = |error: &dyn std::fmt::Display| error.to_string();
        Message::ReportSaved(match saved {
            Ok(Ok(path)) => Ok(path),
            Ok(Err(error)) => Err(told(&error)),
            Err(error) => Err(told(&error)),
        })
    }
}

/// Whether a change was made where this session goes.
fn is_here(entry: &Entry, session: &Session) -> bool {
    let same = |one: Option<&str>, other: Option<&Arc<str>>| one == other.map(|it| &**it);
    same(entry.region.as_deref(), session.region.as_ref()) && same(entry.endpoint.as_deref(), session.endpoint.as_ref())
}

async fn look_up(writer: &Writer<'_>, session: &Session, entry: &Entry) -> Unfinished {
    let what = format!("{} of {} at {}", entry.kind, entry.environment, entry.at);
    if let Some(way) = entry.way_back(session.scope) {
        let words = format!("the way {what} was interrupted: on its Deploy screen, B goes on with it");
        return Unfinished { words, way: Some(way), course: None };
    }
    if let Some(course) = entry.course(session.scope) {
        let words =
            format!("the {what} was interrupted: on the environment's screen, H goes on with it or takes it back");
        return Unfinished { words, way: None, course: Some(Box::new(course)) };
    }
    let words = match writer.settle(entry).await {
        Some(written) => format!("the end of the {what} was not recorded; looked up: {}", written.outcome.word()),
        None => format!("the end of the {what} was not recorded, and cannot be looked up"),
    };
    Unfinished { words, way: None, course: None }
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
