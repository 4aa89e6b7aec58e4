//! Tasks that do what effects ask for: open sessions, read from AWS. Each ends with one message.

use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use tokio::sync::watch::Sender as Shared;
use tokio::task::{AbortHandle, JoinSet};

use super::clock::Clock;
use super::freeze::follow_freeze;
use super::logs::ask_logs;
use super::notifier::send_notification;
use super::probing::probe;
use super::reading::{Means, read};
use super::watch;
use super::writes::{WriteSession, WriteTasks};
use crate::app::{Confirmation, Effect, EnvironmentState, Message, Operation, Order, SessionFacts, SessionOpened};
use crate::aws::{OpenFault, Opened, Session, SessionOptions, credential_files, known_profiles, open_session};
use crate::change::{Frozen, Subject, UpdateRecord};
use crate::config::{NotifySettings, SilenceEdit};
use crate::model::{Answer, Ask, Batch, Environment, Identity, Key, LogTail, Map, ScopeId, Seq, Source};
use crate::polling::Pace;
use crate::probe::ProbePlan;

/// What a task brings.
#[derive(Debug)]
pub enum TaskResult {
    /// For the application.
    Message(Message),
    /// Opening a session failed in a way that waiting does not mend.
    FatalError(OpenFault),
}

/// The tasks that are under way, and the session that they use.
#[derive(Debug)]
pub struct Tasks {
    options: SessionOptions,
    clock: Clock,
    pace: Pace,
    pen: WriteTasks,
    is_searched: bool,
    session: Arc<Shared<Option<Session>>>,
    watch: Option<AbortHandle>,
    probes: Map<Key<Environment>, AbortHandle>,
    /// What ends by itself: writes, and what belongs to no scope.
    running: JoinSet<()>,
    /// What is read of the scope that is shown.
    scoped: JoinSet<()>,
    /// What the program was started with; another scope differs from it in what was chosen.
    first: SessionOptions,
    is_switched: bool,
    out: Sender<TaskResult>,
}

impl Tasks {
    /// Nothing under way. What tasks bring goes to `out`.
    #[must_use]
    pub fn new(
        options: SessionOptions,
        (clock, pace): (Clock, Pace),
        pen: WriteTasks,
        out: Sender<TaskResult>,
    ) -> Self {
        Self {
            first: options.clone(),
            is_switched: false,
            scoped: JoinSet::new(),
            options,
            clock,
            pace,
            pen,
            is_searched: false,
            session: Arc::new(Shared::new(None)),
            watch: None,
            probes: Map::default(),
            running: JoinSet::new(),
            out,
        }
    }

    /// Starts what an effect asks for; `identity` is the caller, once AWS has named it. What asks something of the terminal
    /// is not for a task.
    pub fn start(&mut self, identity: Option<&Identity>, effect: Effect) {
        let identity = || identity.cloned();
        match effect {
            Effect::OpenSession { generation, canary } => self.open(generation, canary),
            Effect::SwitchScope { scope, profile, region } => self.switch(scope, profile, region),
            Effect::ReadProfiles => self.read_profiles(),
            Effect::OpenUrl(url) => self.open_url(url),
            Effect::Fetch { ask, generation } => self.fetch(ask, generation),
            Effect::Operate { operation, order, state, confirmation } => {
                self.operate(identity(), operation, order, state, confirmation);
            }
            Effect::KeepVerdict(record) => self.keep_verdict(identity(), record),
            Effect::ReadAlarms(environment) => self.read_alarms(environment),
            Effect::Survey(subject) => self.survey(identity(), subject),
            Effect::FindWritten { environment } => self.find_written(identity(), environment),
            Effect::FindUndo { environment } => self.find_undo(identity(), environment),
            Effect::FindDeploys { environment } => self.find_deploys(identity(), environment),
            Effect::ReadJournal { environment } => self.read_journal(identity(), environment),
            Effect::SaveReport { name, markdown, json } => self.save_report(name, markdown, json),
            Effect::AskLogs { environment, wanted } => self.ask_logs(environment, wanted),
            Effect::SaveLogs { name, tails } => self.save_logs(name, tails),
            Effect::Probe { environment, id, plan } => self.probe(environment, id, plan),
            Effect::CancelProbe { environment } => self.cancel_probe(&environment),
            Effect::Silence(edit) => self.silence(edit),
            Effect::Notify(_) | Effect::Copy(_) | Effect::HandOver(_) | Effect::Suspend | Effect::Quit => {}
        }
    }

    /// Cancels what is read, and opens the next sessions with this profile and region. No write is under way then.
    fn switch(&mut self, scope: ScopeId, profile: Option<Arc<str>>, region: Option<Arc<str>>) {
        self.scoped.abort_all();
        let _ = self.session.send_replace(None);
        self.probes.clear();
        (self.is_switched, self.is_searched) = (true, false);
        let first = self.first.clone();
        self.options = SessionOptions {
            scope,
            profile: profile.map(|name| name.to_string()).or(first.profile.clone()),
            region: region.map(|name| name.to_string()).or(first.region.clone()),
            ..first
        };
    }

    /// Opens an address in a browser.
    fn open_url(&mut self, url: String) {
        let out = self.out.clone();
        self.running.spawn(async move {
            let ended = super::browser::open(&url).await;
            let _ = out.send(TaskResult::Message(Message::UrlOpened { url, ended })).await;
        });
    }

    /// Reads the names of the profiles.
    fn read_profiles(&mut self) {
        let out = self.out.clone();
        self.running.spawn(async move {
            let names = known_profiles().await.into_iter().map(Arc::from).collect();
            let _ = out.send(TaskResult::Message(Message::ProfilesRead(names))).await;
        });
    }

    /// Opens a session of this generation. The application hears of it only when its reads find it here.
    fn open(&mut self, generation: u64, canary: bool) {
        let options = SessionOptions { generation, ..self.options.clone() };
        let (clock, out, session) = (self.clock, self.out.clone(), Arc::clone(&self.session));
        // Once: what another run left unfinished.
        let pen = (!std::mem::replace(&mut self.is_searched, true)).then(|| self.pen.clone());
        let is_switched = self.is_switched;
        self.scoped.spawn(async move {
            let result = match open(options, clock, canary).await {
                Ok((opened, facts)) => {
                    if let Some(pen) = pen {
                        search(pen, opened.clone(), out.clone());
                    }
                    let _ = session.send_replace(Some(opened));
                    Ok(facts)
                }
                Err(OpenFault::Credentials(fault)) => Err(fault),
                Err(fault) if is_switched => {
                    let message = Message::ScopeRefused { generation, why: fault.to_string() };
                    let _ = out.send(TaskResult::Message(message)).await;
                    return;
                }
                Err(fault) => {
                    let _ = out.send(TaskResult::FatalError(fault)).await;
                    return;
                }
            };
            let message = Message::SessionOpened(SessionOpened { generation, result });
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Sends a message whenever the freeze differs from `known`.
    pub fn follow_freeze(&mut self, known: Option<Frozen>) {
        let (log, out) = (self.pen.log.clone(), self.out.clone());
        self.running.spawn(follow_freeze(log, known, async move |message| {
            let _ = out.send(TaskResult::Message(message)).await;
        }));
    }

    /// While waiting for credentials, sends a message when their files change.
    pub fn watch_credentials(&mut self, waiting: bool) {
        match (waiting, &self.watch) {
            (true, None) if !self.options.simulated => {
                let out = self.out.clone();
                self.watch = Some(self.running.spawn(async move {
                    watch::changed(credential_files()).await;
                    let _ = out.send(TaskResult::Message(Message::CredentialsChanged)).await;
                }));
            }
            (false, Some(_)) => {
                if let Some(watch) = self.watch.take() {
                    watch.abort();
                }
            }
            _ => {}
        }
    }

    /// Reads the requested sources.
    fn fetch(&mut self, ask: Ask, generation: u64) {
        let session = self.session.borrow().clone();
        let Some(session) = session.filter(|session| session.generation == generation) else { return };
        let (clock, out) = (self.clock, self.out.clone());
        self.scoped.spawn(async move {
            let outcome = read(&session, clock, ask).await;
            let message = Message::Polled { outcome, generation, entropy: fastrand::u64(..) };
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Does this about an operation.
    fn operate(
        &mut self,
        identity: Option<Identity>,
        operation: Box<Operation>,
        order: Order,
        state: EnvironmentState,
        confirmation: Confirmation,
    ) {
        let Some(session) = self.session.borrow().clone() else { return };
        let (pen, out) = (self.pen.clone(), self.out.clone());
        self.running.spawn(async move {
            let desk = WriteSession { session: &session, identity: identity.as_ref() };
            let message = pen.operate(desk, operation, order, (&state, &confirmation)).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Keeps the verdict of an update in the journal.
    fn keep_verdict(&mut self, identity: Option<Identity>, record: Box<UpdateRecord>) {
        let Some(session) = self.session.borrow().clone() else { return };
        let pen = self.pen.clone();
        self.running.spawn(async move {
            pen.keep_verdict(WriteSession { session: &session, identity: identity.as_ref() }, &record).await;
        });
    }

    /// Reads the alarms of an environment.
    fn read_alarms(&mut self, environment: Box<Environment>) {
        let Some(session) = self.session.borrow().clone() else { return };
        let (pen, out) = (self.pen.clone(), self.out.clone());
        self.scoped.spawn(async move {
            let message = pen.read_alarms(&session, environment).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Reads what HTTPS is proposed from.
    fn survey(&mut self, identity: Option<Identity>, subject: Subject) {
        let Some(session) = self.session.borrow().clone() else { return };
        let (pen, out) = (self.pen.clone(), self.out.clone());
        self.scoped.spawn(async move {
            let session = WriteSession { session: &session, identity: identity.as_ref() };
            let message = Box::pin(pen.survey(session, subject)).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Finds the newest change of an environment that can be undone.
    fn find_undo(&mut self, identity: Option<Identity>, environment: Key<Environment>) {
        let Some(session) = self.session.borrow().clone() else { return };
        let (pen, out) = (self.pen.clone(), self.out.clone());
        self.scoped.spawn(async move {
            let message =
                pen.find_undo(WriteSession { session: &session, identity: identity.as_ref() }, environment).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Finds what was changed of an environment.
    fn find_written(&mut self, identity: Option<Identity>, environment: Key<Environment>) {
        let Some(session) = self.session.borrow().clone() else { return };
        let (pen, out) = (self.pen.clone(), self.out.clone());
        self.scoped.spawn(async move {
            let message =
                pen.find_written(WriteSession { session: &session, identity: identity.as_ref() }, environment).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Finds the deploys of an environment in the log.
    fn find_deploys(&mut self, identity: Option<Identity>, environment: Key<Environment>) {
        let Some(session) = self.session.borrow().clone() else { return };
        let (pen, out) = (self.pen.clone(), self.out.clone());
        self.scoped.spawn(async move {
            let message =
                pen.find_deploys(WriteSession { session: &session, identity: identity.as_ref() }, environment).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Reads the changes of an environment that were made from this machine.
    fn read_journal(&mut self, identity: Option<Identity>, environment: Key<Environment>) {
        let Some(session) = self.session.borrow().clone() else { return };
        let (pen, out) = (self.pen.clone(), self.out.clone());
        self.scoped.spawn(async move {
            let message =
                pen.read_journal(WriteSession { session: &session, identity: identity.as_ref() }, environment).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Requests the logs of an environment's instances. Intermediate answers may be dropped when the channel is full:
    /// the last one is complete.
    fn ask_logs(&mut self, environment: Key<Environment>, wanted: Option<Vec<Arc<str>>>) {
        let Some(session) = self.session.borrow().clone() else { return };
        let (clock, pace, out) = (self.clock, self.pace, self.out.clone());
        self.scoped.spawn(async move {
            let send = |message| drop(out.try_send(TaskResult::Message(message)));
            let means = Means { session: &session, clock, pace: &pace };
            let message = ask_logs(means, environment, wanted, send).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
    }

    /// Probes an environment. Where the channel is full a part may be reported late: the last report has all of them.
    fn probe(&mut self, environment: Key<Environment>, id: u64, plan: Box<ProbePlan>) {
        let (dialer, out) = (self.pen.dialer.clone(), self.out.clone());
        self.cancel_probe(&environment);
        let key = environment.clone();
        let task = self.scoped.spawn(async move {
            let send = |message| drop(out.try_send(TaskResult::Message(message)));
            let message = probe(dialer, (environment, id), &plan, send).await;
            let _ = out.send(TaskResult::Message(message)).await;
        });
        self.probes.insert(key, task);
    }

    /// Ends the probe of an environment, and its connections with it.
    fn cancel_probe(&mut self, environment: &Key<Environment>) {
        if let Some(task) = self.probes.remove(environment) {
            task.abort();
        }
    }

    /// Brings a message, whatever scope is shown by then.
    fn bring(&mut self, brings: impl Future<Output = Message> + Send + 'static) {
        let out = self.out.clone();
        self.running.spawn(async move { drop(out.send(TaskResult::Message(brings.await)).await) });
    }

    /// Saves logs.
    fn save_logs(&mut self, name: Arc<str>, tails: Vec<LogTail>) {
        let pen = self.pen.clone();
        self.bring(async move { pen.save_logs(name, tails).await });
    }

    /// Saves the report of an update.
    fn save_report(&mut self, name: String, markdown: String, json: String) {
        let pen = self.pen.clone();
        self.bring(async move { pen.save(name, markdown, json).await });
    }

    /// Sends a notification. What fails is written to the log.
    pub fn notify(&mut self, settings: NotifySettings, notification: serde_json::Map<String, serde_json::Value>) {
        let (ca_bundle, out) = (self.options.ca_bundle.clone(), self.out.clone());
        self.running.spawn(async move {
            for why in send_notification(&settings, ca_bundle.as_deref(), &notification).await {
                let _ = out.send(TaskResult::Message(Message::Failed(why))).await;
            }
        });
    }

    /// Makes a change of the silences.
    fn silence(&mut self, edit: SilenceEdit) {
        let pen = self.pen.clone();
        self.bring(async move { pen.silence(edit).await });
    }

    /// Waits until a task ends; its panic's text if it panicked. For ever while none runs.
    pub async fn ended(&mut self) -> Option<String> {
        let joined = |joined: Result<(), tokio::task::JoinError>| {
            joined.err().filter(tokio::task::JoinError::is_panic).map(|error| error.to_string())
        };
        tokio::select! {
            Some(ended) = self.running.join_next() => joined(ended),
            Some(ended) = self.scoped.join_next() => joined(ended),
            else => std::future::pending().await,
        }
    }

    /// Ends all tasks.
    pub fn abort(&mut self) {
        self.running.abort_all();
        self.scoped.abort_all();
    }
}

/// Looks for what another run left unfinished.
fn search(pen: WriteTasks, session: Session, out: Sender<TaskResult>) {
    tokio::spawn(async move {
        if let Some(message) = pen.find_unfinished(&session).await {
            let _ = out.send(TaskResult::Message(message)).await;
        }
    });
}

/// Opens a session and, as a canary, asks STS for our identity. An unreachable STS does not prevent
/// reading; refused credentials do.
async fn open(options: SessionOptions, clock: Clock, canary: bool) -> Result<(Session, SessionFacts), OpenFault> {
    let Opened { session, expires_at, .. } = open_session(options).await?;
    let mut facts = SessionFacts { region: session.region.clone(), expires_at, ..SessionFacts::default() };
    if !canary {
        return Ok((session, facts));
    }
    let ask = Ask::new(vec![Source::Identity(session.scope)], Seq(0));
    match read(&session, clock, ask).await.result {
        Ok(Batch { answer: Answer::Identity(identity), .. }) => facts.identity = Some(identity),
        Ok(_) => {}
        Err(fault) if fault.lacks_credentials() => return Err(OpenFault::Credentials(fault)),
        Err(fault) => facts.identity_fault = Some(fault),
    }
    Ok((session, facts))
}
