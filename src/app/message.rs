//! Input and output of the application: messages state what happened, effects what to do.

use std::sync::Arc;

use super::screens::logs::LogsAnswer;
use super::screens::probe::ProbeNews;
use crate::app::hit_map::HitMap;
use crate::change::https::HttpsInputs;
use crate::change::{
    Confirmation, EnvironmentState, Frozen, Operation, Past, Refusal, Subject, UpdateRecord, Written, quoted,
};
use crate::config::{Chord, SilenceEdit, Silences};
use crate::deploy::RecordedDeploy;
use crate::diagnosis::JournalChange;
use crate::model::{Ask, Environment, EnvironmentAlarms, Fault, Identity, Key, LogTail, Moment, ReadOutcome, ScopeId};
use crate::probe::ProbePlan;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Message {
    /// A key was pressed.
    Pressed(Chord),
    /// Text was pasted.
    Pasted(String),
    /// The mouse was clicked at this column and row.
    Clicked(u16, u16),
    /// The mouse was moved to this column and row with its button held down.
    Dragged(u16, u16),
    /// The button of the mouse was released.
    Released,
    /// The wheel was turned by this many rows.
    Scrolled {
        /// By how many rows.
        rows: i16,
        /// Where the pointer is: column and row.
        place: (u16, u16),
    },
    /// The terminal has this many columns and rows.
    Resized(u16, u16),
    /// The terminal got the focus, or lost it.
    Focused(bool),
    /// A session is open, or could not be opened.
    SessionOpened(SessionOpened),
    /// There is no session to be had with the profile or region that was switched to.
    ScopeRefused {
        /// Of which try.
        generation: u64,
        /// Why, in a sentence.
        why: String,
    },
    /// The profiles of the shared configuration were read: their names.
    ProfilesRead(Vec<Arc<str>>),
    /// A file that credentials come from has changed.
    CredentialsChanged,
    /// A fetch ended, in the session of this generation. `entropy` is any random number.
    Polled {
        /// How it ended.
        outcome: ReadOutcome,
        /// The session's generation.
        generation: u64,
        /// For the jitter of a wait.
        entropy: u64,
    },
    /// Wall time jumped against the monotonic clock: a laptop woke.
    Woke,
    /// The moment came that was waited for.
    TimePassed,
    /// Panes have room for this many lines: what the last drawing found.
    Drawn(HitMap),
    /// An operation began, a step of it has ended, or it was refused.
    Operated {
        /// The operation, with its progress.
        operation: Box<Operation>,
        /// The result.
        result: Operated,
    },
    /// The answer that HTTPS is proposed from; `None` if the environment is gone.
    Surveyed(Key<Environment>, Result<Option<Box<HttpsInputs>>, Arc<Fault>>),
    /// The alarms of an environment were read, with the rule by which beanpole mutes them.
    AlarmsRead(Key<Environment>, Result<EnvironmentAlarms, Arc<Fault>>),
    /// The log was searched for what was changed of an environment.
    WrittenFound {
        /// The environment.
        environment: Key<Environment>,
        /// The changes of it, the oldest first, or why the log cannot be read.
        changes: Result<Vec<Past>, String>,
    },
    /// The log was searched for the newest change of an environment that can be undone.
    UndoFound {
        /// The environment.
        environment: Key<Environment>,
        /// What was found, or why the log cannot be read.
        found: Result<Option<Undoable>, String>,
    },
    /// The log was searched for deploys of an environment, newest first; or why it cannot be read.
    DeploysFound {
        /// The environment.
        environment: Key<Environment>,
        /// What was found.
        found: Result<Vec<RecordedDeploy>, String>,
    },
    /// The log was read for the changes of an environment that were made from this machine; or why it cannot be.
    JournalRead {
        /// The environment.
        environment: Key<Environment>,
        /// The changes.
        changes: Result<Vec<JournalChange>, String>,
    },
    /// The file of the freeze was read: why every write is refused, if it is.
    FreezeRead(Option<Frozen>),
    /// Changes of an earlier run whose end is not in the log.
    Unfinished(Vec<UnfinishedOperation>),
    /// A report was written to these files, or why not.
    ReportSaved(Result<String, String>),
    /// An answer to a request for logs.
    Logs(LogsAnswer),
    /// Logs were written to these files, or why not.
    LogsSaved(Result<String, String>),
    /// A part of a probe begins, or all of it has ended.
    Probing(Box<ProbeNews>),
    /// The terminal was handed over, and is ours again.
    HandedBack {
        /// For what.
        external_command: ExternalCommand,
        /// How that ended; a message, if it failed.
        ended: Result<(), String>,
    },
    /// A silence was written into the configuration, which has these then; or why it was not.
    Silenced(Result<Silences, String>),
    /// An address was opened in a browser, or why not.
    UrlOpened {
        /// The address.
        url: String,
        /// How that ended.
        ended: Result<(), String>,
    },
    /// An internal failure; it is written to the log.
    Failed(String),
}

/// A program that needs the terminal for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalCommand {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Other programs that it does not do without.
    pub needs: &'static [&'static str],
}

impl ExternalCommand {
    /// A shell on an instance, by the AWS CLI and its Session Manager plugin; `place` names profile and region.
    #[must_use]
    pub fn session(instance: &str, place: &[(&str, &str)]) -> Self {
        let start = ["aws", "ssm", "start-session", "--target", instance].map(str::to_owned);
        let place = place.iter().flat_map(|(name, value)| [format!("--{name}"), (*value).to_owned()]);
        Self { command: start.into_iter().chain(place).collect(), needs: &["session-manager-plugin"] }
    }

    /// The login of a profile, by the AWS CLI.
    #[must_use]
    pub fn login(profile: Option<&str>) -> Self {
        let login = ["aws", "sso", "login"].map(str::to_owned);
        let place = profile.into_iter().flat_map(|name| ["--profile".to_owned(), name.to_owned()]);
        Self { command: login.into_iter().chain(place).collect(), needs: &["aws"] }
    }

    /// As a command for a shell.
    #[must_use]
    pub fn text(&self) -> String {
        self.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

/// The result of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Operated {
    /// Beanpole refused to begin it, or to go on with it.
    Refused(Refusal),
    /// It continues from here, or has ended; with what was written, if anything was.
    Went(Option<Written>),
    /// It is abandoned; or why that could not be recorded.
    Left(Result<(), Arc<str>>),
}

/// What to do with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Record that it begins; one of a single step is carried out at once.
    Begin,
    /// Do the next step.
    Advance,
    /// Go on from a probe that failed.
    Pass,
    /// Record that it is abandoned.
    Leave,
}

/// A change that can be undone.
#[derive(Clone, Debug, PartialEq)]
pub enum Undoable {
    /// A change of settings.
    Settings(Past),
    /// The undo is a separate operation: HTTPS step by step, the muting of alarms.
    Operation(Box<Operation>),
}

/// A change whose end is not in the log: its program ended before it.
#[derive(Clone, Debug, PartialEq)]
pub struct UnfinishedOperation {
    /// The details, in a sentence; `{name}` is replaced by the key of the action of that name.
    pub words: String,
    /// The operation, if it can be resumed.
    pub operation: Option<Box<Operation>>,
}

/// How opening a session ended.
#[derive(Clone, Debug)]
pub struct SessionOpened {
    /// Which try.
    pub generation: u64,
    /// Our identity and region, or why it failed.
    pub result: Result<SessionFacts, Arc<Fault>>,
}

/// The facts of an open session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionFacts {
    /// The region that the configuration chain returned.
    pub region: Option<Arc<str>>,
    /// Our identity, if the Security Token Service answered.
    pub identity: Option<Identity>,
    /// Why it did not.
    pub identity_fault: Option<Arc<Fault>>,
    /// When the credentials end, if they do.
    pub expires_at: Option<Moment>,
}

/// Something to do, carried out by the runtime.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Open a session; answer with [`Message::SessionOpened`].
    OpenSession {
        /// Which try.
        generation: u64,
        /// Whether to ask STS for our identity before the session counts as open: after a failure, so that one call shows
        /// whether the credentials are valid again. The first time all is read side by side, which saves a round trip.
        canary: bool,
    },
    /// Cancel what is read, and open the next sessions with this profile and region; `None` is what the program was started
    /// with. A write is not cancelled.
    SwitchScope {
        /// What their answers are filed under.
        scope: ScopeId,
        /// The profile, if another one was chosen.
        profile: Option<Arc<str>>,
        /// The region, if one was chosen.
        region: Option<Arc<str>>,
    },
    /// Read the names of the profiles; answer with [`Message::ProfilesRead`].
    ReadProfiles,
    /// Read this; answer with [`Message::Polled`].
    Fetch {
        /// What.
        ask: Ask,
        /// In which session.
        generation: u64,
    },
    /// Do this about an operation; answer with [`Message::Operated`].
    Operate {
        /// Which.
        operation: Box<Operation>,
        /// What.
        order: Order,
        /// The environment's status and version.
        state: EnvironmentState,
        /// The user's confirmation.
        confirmation: Confirmation,
    },
    /// Keep the verdict of an update in the journal.
    KeepVerdict(Box<UpdateRecord>),
    /// Send a notification, as the configuration says (`notify`): an object with a `type`.
    Notify(serde_json::Map<String, serde_json::Value>),
    /// Read what HTTPS is proposed from; answer with [`Message::Surveyed`].
    Survey(Subject),
    /// Read the alarms of this environment; answer with [`Message::AlarmsRead`].
    ReadAlarms(Box<Environment>),
    /// Search the log for what was changed of this environment; answer with [`Message::WrittenFound`].
    FindWritten {
        /// The environment.
        environment: Key<Environment>,
    },
    /// Search the log for the newest change of this environment that can be undone; answer with [`Message::UndoFound`].
    FindUndo {
        /// The environment.
        environment: Key<Environment>,
    },
    /// Search the log for the deploys of this environment; answer with [`Message::DeploysFound`].
    FindDeploys {
        /// The environment.
        environment: Key<Environment>,
    },
    /// Read the changes of this environment that were made from this machine; answer with [`Message::JournalRead`].
    ReadJournal {
        /// The environment.
        environment: Key<Environment>,
    },
    /// Write the report of an update beside the user, as Markdown and as JSON; answer with [`Message::ReportSaved`].
    SaveReport {
        /// The files' name without its ending.
        name: String,
        /// The one.
        markdown: String,
        /// The other.
        json: String,
    },
    /// Ask the instances of an environment for the tails of their logs; answer with [`Message::Logs`].
    AskLogs {
        /// Whose.
        environment: Key<Environment>,
        /// The instances that should answer, if that is known.
        wanted: Option<Vec<Arc<str>>>,
    },
    /// Write logs beside the user, a file for each instance; answer with [`Message::LogsSaved`].
    SaveLogs {
        /// The environment's name.
        name: Arc<str>,
        /// The logs.
        tails: Vec<LogTail>,
    },
    /// Probe an environment from outside; answer with [`Message::Probing`] as each part begins, and after the last one.
    Probe {
        /// The environment.
        environment: Key<Environment>,
        /// Which probe it is.
        id: u64,
        /// What is sent, and where to.
        plan: Box<ProbePlan>,
    },
    /// End the probe of this environment.
    CancelProbe {
        /// The environment.
        environment: Key<Environment>,
    },
    /// Make a change of the silences in the configuration file; answer with [`Message::Silenced`].
    Silence(SilenceEdit),
    /// Put this on the clipboard.
    Copy(String),
    /// Open this address in the user's browser; answer with [`Message::UrlOpened`].
    OpenUrl(String),
    /// Hand the terminal over to a program until it ends; answer with [`Message::HandedBack`].
    HandOver(ExternalCommand),
    /// Hand the terminal back to the shell until it continues us.
    Suspend,
    /// End.
    Quit,
}
