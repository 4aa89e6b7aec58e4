//! The application: one owner of the state, one function that decides.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::deploys::Deploys;
use super::dialog::Dialog;
use super::fleet::Fleet;
use super::hit_map::HitMap;
use super::https::Https;
use super::logs::Logs;
use super::message::{Effect, ExternalCommand, Message, SessionOpened, UnfinishedOperation};
use super::scopes::{ScopeState, ScopeStates};
use super::screens::ScreenStack;
use super::session::{SessionPhase, SessionState};
use super::settings::ImpactWatches;
use super::state::{DashboardSetup, LogEntry, State};
use crate::change::OperationKind;
use crate::model::{Answer, Batch, Covers, Fault, Moment, ReadOutcome, Snapshot};
use crate::polling::Poller;

/// The number of lines that the log keeps.
const LOG_KEPT: usize = 500;
/// Planning what to read in the background looks at the whole region, and is put off this long.
pub(super) const PUT_OFF: Duration = Duration::from_secs(5);
/// Ages are looked at again after this long, for they put in doubt what no answer changes.
pub(super) const JUDGE_AGAIN: Duration = Duration::from_secs(5);
/// A notice stays this long.
const NOTICE: Duration = Duration::from_secs(4);

/// The dashboard, without its terminal.
#[derive(Clone, Debug)]
pub struct App {
    /// Everything that the screen shows.
    pub state: State,
    pub(super) next_poll: Option<Moment>,
    pub(super) background_at: Option<Moment>,
    pub(super) judge_at: Option<Moment>,
    pub(super) changed: bool,
}

impl App {
    /// A dashboard that knows nothing yet, and what to do first.
    #[must_use]
    pub fn new(setup: DashboardSetup, now: Moment) -> (Self, Vec<Effect>) {
        let poller = Poller::new(&setup.plans, setup.metrics_cap, now);
        let snapshot = Snapshot::new(setup.scope, now);
        let state = State {
            now,
            scopes: ScopeStates::of(ScopeState { session: SessionState::opening(now), snapshot, poller }),
            fleet: Fleet::new(setup.columns.clone(), setup.sort, setup.reverse),
            screens: ScreenStack::default(),
            deploys: Deploys::default(),
            logs: Logs::default(),
            https: Https::default(),
            arriving: Vec::new(),
            reverts: crate::app::settings::Reverts::default(),
            impacts: ImpactWatches::default(),
            writing: None,
            confirmation: None,
            paused: None,
            log: VecDeque::new(),
            focused: true,
            notice: None,
            hit_map: HitMap::default(),
            setup,
        };
        let mut app = Self { state, next_poll: None, background_at: None, judge_at: None, changed: true };
        app.plan_linking();
        app.plan();
        (app, vec![Effect::OpenSession { generation: 1, canary: false }])
    }

    /// Applies what happened at `now`, and returns the effects to carry out.
    pub fn handle(&mut self, message: Message, now: Moment) -> Vec<Effect> {
        self.set_time(now);
        if self.state.notice.as_ref().is_some_and(|(_, at)| now.since(*at) >= NOTICE) {
            self.state.notice = None;
            self.changed = true;
        }
        self.changed |= !matches!(message, Message::TimePassed | Message::Polled { .. } | Message::Drawn(_));
        let is_news = matches!(message, Message::Polled { .. } | Message::Operated { .. });
        let mut effects = match message {
            Message::Pressed(chord) => self.press(chord),
            Message::Pasted(text) => self.paste(&text),
            Message::Clicked(x, y) => self.click(x, y),
            Message::Scrolled(rows) => self.scroll(rows),
            Message::Resized(..) | Message::TimePassed => Vec::new(),
            Message::Focused(focused) => self.focused(focused),
            Message::SessionOpened(opened) => self.session_opened(opened),
            Message::CredentialsChanged => self.retry_session(true),
            Message::Polled { outcome, generation, entropy } => self.polled(outcome, generation, entropy),
            Message::Woke => self.woke(),
            Message::Drawn(hit_map) => self.drawn(hit_map),
            Message::Operated { operation, result } => self.operated(*operation, result),
            Message::AlarmsRead(environment, found) => {
                self.alarms_read(&environment, found);
                Vec::new()
            }
            Message::Surveyed(environment, site) => {
                self.surveyed(&environment, site);
                Vec::new()
            }
            Message::WrittenFound { environment, changes } => self.found_written(&environment, changes),
            Message::UndoFound { environment, found } => self.found_undo(&environment, found),
            Message::DeploysFound { environment, found } => self.found_deploys(&environment, found),
            Message::Unfinished(unfinished) => self.unfinished(unfinished),
            Message::ReportSaved(saved) => self.report_saved(saved),
            Message::Logs(reported) => self.take_logs(reported),
            Message::LogsSaved(saved) => self.logs_saved(saved),
            Message::HandedBack { external_command, ended } => self.handed_back(&external_command, ended),
            Message::Failed(text) => self.failed(text),
        };
        self.catch_up();
        self.end_waiting();
        match self.state.screens.dialog() {
            Some(Dialog::Confirm(_)) if is_news => self.confirm_again(),
            Some(Dialog::Form(_)) if is_news => self.check_form(),
            _ => {}
        }
        self.end_rollback_check();
        effects.extend(self.advance_operations());
        effects.extend(self.look_after_reverts());
        effects.extend(self.ask_logs());
        effects.extend(self.retry_session(false));
        effects.extend(self.poll());
        effects
    }

    /// Time goes back when the clock was ahead of AWS's and an answer corrected it: work that was postponed then no longer
    /// waits for a moment on the old clock.
    fn set_time(&mut self, now: Moment) {
        if now < self.state.now {
            let due = [&mut self.next_poll, &mut self.background_at, &mut self.judge_at];
            due.into_iter().flatten().for_each(|at| *at = now.min(*at));
            self.state.session_mut().set_back(now);
        }
        self.state.now = now;
        self.state.scopes.set_moment(now);
    }

    /// Does the work that was postponed because nothing was waiting for it.
    fn catch_up(&mut self) {
        let due = |at: Option<Moment>| at.is_some_and(|at| at <= self.state.now) && self.state.paused.is_none();
        let (background, judge) = (due(self.background_at), due(self.judge_at));
        if background {
            self.background_at = None;
            self.plan_background();
        }
        if judge {
            self.judge();
        }
    }

    /// Returns whether the screen differs from the one at the last call, apart from the time.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Returns when to call [`App::handle`] with [`Message::TimePassed`] if nothing else happens.
    #[must_use]
    pub fn next_wake(&self) -> Option<Moment> {
        if self.state.paused.is_some() {
            return self.state.session().retry_at();
        }
        [self.next_poll, self.background_at, self.judge_at, self.state.session().retry_at()].into_iter().flatten().min()
    }

    /// Returns when the screen next changes by itself, if nothing else happens: the header's clock, and with it every age.
    /// A paused screen does not, except logs: they are requested, and waited for.
    #[must_use]
    pub fn next_change(&self) -> Option<Moment> {
        if self.state.paused.is_some() && self.state.screens.logs().is_none() {
            return self.state.notice.as_ref().map(|(_, at)| at.plus(NOTICE));
        }
        let millis = self.state.now.0.as_millisecond().rem_euclid(1000) as u64;
        Some(self.state.now.plus(Duration::from_millis(1000 - millis)))
    }

    /// The picture must be drawn again.
    pub(super) fn look_again(&mut self) {
        self.changed = true;
    }

    /// Shows a notice to the user.
    pub(super) fn notify(&mut self, text: impl Into<String>) {
        self.state.notice = Some((text.into(), self.state.now));
    }

    /// Records whether the terminal has the focus: reads that cost money run only while it has.
    fn focused(&mut self, focused: bool) -> Vec<Effect> {
        if self.state.focused != focused {
            self.state.focused = focused;
            self.plan();
            self.plan_background();
        }
        Vec::new()
    }

    /// Reports the changes of an earlier run whose outcome is unknown; those of several steps can be resumed.
    fn unfinished(&mut self, unfinished: Vec<UnfinishedOperation>) -> Vec<Effect> {
        for it in unfinished {
            if let Some(operation) = it.operation {
                let rollback = operation.kind == OperationKind::Rollback;
                let State { deploys, https, .. } = &mut self.state;
                if rollback { &mut deploys.offered } else { &mut https.offered }.push(*operation);
            }
            self.say(it.words);
        }
        Vec::new()
    }

    fn report_saved(&mut self, saved: Result<String, String>) -> Vec<Effect> {
        self.say(match saved {
            Ok(files) => format!("the report is in {files}"),
            Err(why) => format!("the report could not be written: {why}"),
        });
        Vec::new()
    }

    /// Another program had the terminal. What could not be run here can be run elsewhere.
    fn handed_back(&mut self, external_command: &ExternalCommand, ended: Result<(), String>) -> Vec<Effect> {
        let Err(why) = ended else { return Vec::new() };
        let command = external_command.text();
        self.say(format!("{why}; copied: {command}"));
        vec![Effect::Copy(command)]
    }

    /// Shows a notice to the user, and keeps it in the log.
    pub(super) fn say(&mut self, words: String) {
        self.note(None, words.clone());
        self.notify(words);
    }

    /// Shows what was read to the updates that are followed.
    pub(super) fn observe_deploys(&mut self) {
        let State { scopes, deploys, .. } = &mut self.state;
        self.changed |= deploys.observe(&scopes.shown().snapshot);
    }

    fn failed(&mut self, text: String) -> Vec<Effect> {
        self.note(None, text);
        Vec::new()
    }

    pub(super) fn note(&mut self, fault: Option<Arc<Fault>>, text: String) {
        let at = self.state.now;
        self.state.log.push_back(LogEntry { at, fault, text });
        if self.state.log.len() > LOG_KEPT {
            self.state.log.pop_front();
        }
    }

    fn session_opened(&mut self, SessionOpened { generation, result }: SessionOpened) -> Vec<Effect> {
        if generation != self.state.session().generation {
            return Vec::new();
        }
        match result {
            Ok(facts) => {
                if let Some(identity) = facts.identity.clone() {
                    let batch = Batch { covers: Covers::All, answer: Answer::Identity(identity) };
                    let now = self.state.now;
                    self.state.scopes.shown_mut().snapshot.apply_batch(batch, now);
                }
                if let Some(fault) = facts.identity_fault.clone() {
                    self.note_fault(&fault);
                }
                self.state.session_mut().opened(facts);
                self.judge_at = self.judge_at.map(|_| self.state.now);
                self.state.poller_mut().request_log.retry_failed();
            }
            Err(fault) => self.pause(&fault),
        }
        Vec::new()
    }

    fn pause(&mut self, fault: &Arc<Fault>) {
        self.changed = true;
        self.note_fault(fault);
        let now = self.state.now;
        self.state.session_mut().pause(Arc::clone(fault), now);
        self.state.poller_mut().request_log.forget_in_flight();
        self.judge_at = self.judge_at.map(|_| self.state.now);
    }

    fn open_again(&mut self) -> Effect {
        let now = self.state.now;
        Effect::OpenSession { generation: self.state.session_mut().retry(now), canary: true }
    }

    fn retry_session(&mut self, at_once: bool) -> Vec<Effect> {
        let due = self.state.session().retry_at().is_some_and(|at| at_once || at <= self.state.now);
        if due { vec![self.open_again()] } else { Vec::new() }
    }

    pub(super) fn note_fault(&mut self, fault: &Arc<Fault>) {
        let text = fault.sentence();
        if self.state.log.iter().rev().take(20).any(|entry| entry.text == text) {
            return;
        }
        self.note(Some(Arc::clone(fault)), text);
    }

    fn polled(&mut self, outcome: ReadOutcome, generation: u64, entropy: u64) -> Vec<Effect> {
        let first = !outcome.sources.iter().all(|source| self.state.snapshot().reads.is_tried(source));
        if generation != self.state.session().generation || !self.state.poller_mut().finish(&outcome, entropy) {
            return Vec::new();
        }
        if let Err(fault) = &outcome.result
            && fault.lacks_credentials()
            && matches!(self.state.session().phase, SessionPhase::Open)
        {
            let fault = Arc::clone(fault);
            self.pause(&fault);
        }
        if outcome.result.is_ok() {
            self.state.session_mut().answered();
        }
        match &mut self.state.paused {
            Some((_, held)) => held.push(outcome),
            None => self.apply_answer(outcome, first),
        }
        Vec::new()
    }

    /// Ends a pause: applies the answers that came meanwhile.
    pub(super) fn resume_screen(&mut self) {
        let Some((_, held)) = self.state.paused.take() else { return };
        held.into_iter().for_each(|outcome| self.apply_answer(outcome, true));
    }

    /// A laptop woke: everything is stale, and so are the connections.
    fn woke(&mut self) -> Vec<Effect> {
        self.state.poller_mut().request_log.forget_in_flight();
        self.state.poller_mut().refresh();
        vec![self.open_again()]
    }
}
