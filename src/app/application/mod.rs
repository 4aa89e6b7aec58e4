//! The application: one owner of the state, one function that decides.

mod answers;
mod keyboard;
mod planning;
mod session;
mod steps;
mod switching;

use std::sync::Arc;
use std::time::Duration;

use crate::app::hit_map::HitMap;
use crate::app::message::{Effect, ExternalCommand, Message};
use crate::app::notifications::Notifications;
use crate::app::operations::{OperationInputs, Operations};
use crate::app::response::{Response, Step};
use crate::app::scopes::{ScopeState, ScopeStates};
use crate::app::screens::fleet::{Fleet, Preview};
use crate::app::screens::logs::Logs;
use crate::app::screens::probe::ProbeRuns;
use crate::app::screens::{Confirm, Form, PendingIntent, RollbackCheck, ScopePicker, ScreenStack};
use crate::app::session::SessionState;
use crate::app::setup::DashboardSetup;
use crate::app::state::{LogEntry, Messages, State, TerminalState};
use crate::model::{Fault, Moment, Scope, Snapshot};
use crate::polling::Poller;

/// The number of lines that the log keeps.
const LOG_KEPT: usize = 500;
/// Planning what to read in the background looks at the whole region, and is put off this long.
pub(super) const PUT_OFF: Duration = Duration::from_secs(5);
/// Ages are looked at again after this long, for they put in doubt what no answer changes.
pub(super) const JUDGE_AGAIN: Duration = Duration::from_secs(5);
/// The hint of a first run stays this long.
const HINT: Duration = Duration::from_secs(12);
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
    /// What was shown before the last switch.
    pub(super) previous: Option<Scope>,
    /// What the notifications so far were about.
    pub(super) notifications: Notifications,
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
            fleet: Fleet::new(setup.columns.clone(), setup.sort, setup.reverse, Preview::new(setup.preview)),
            screens: ScreenStack::default(),
            logs: Logs::default(),
            probes: ProbeRuns::default(),
            operations: Operations { frozen: setup.frozen.clone(), ..Operations::default() },
            paused: None,
            messages: Messages::default(),
            terminal: TerminalState { focused: true, hit_map: HitMap::default(), is_dragging: false },
            setup,
        };
        let mut app = Self {
            state,
            next_poll: None,
            background_at: None,
            judge_at: None,
            changed: true,
            previous: None,
            notifications: Notifications::default(),
        };
        app.plan_linking();
        app.plan();
        if app.state.setup.hint {
            let words = "{help} shows what every key does, {palette} finds any command; the mouse works, too";
            app.state.messages.hint = Some((app.state.keyed(words), now.plus(HINT)));
        }
        (app, vec![Effect::OpenSession { generation: 1, canary: false }])
    }

    /// Applies what happened at `now`, and returns the effects to carry out.
    pub fn handle(&mut self, message: Message, now: Moment) -> Vec<Effect> {
        self.set_time(now);
        if self.state.messages.notice.as_ref().is_some_and(|(_, at)| now.since(*at) >= NOTICE) {
            self.state.messages.notice = None;
            self.changed = true;
        }
        if self.state.messages.hint.as_ref().is_some_and(|(_, until)| now >= *until) {
            self.state.messages.hint = None;
            self.changed = true;
        }
        self.changed |= !matches!(message, Message::TimePassed | Message::Polled { .. } | Message::Drawn(_));
        let is_news = matches!(message, Message::Polled { .. } | Message::Operated { .. });
        let mut effects = self.handle_message(message);
        self.catch_up();
        effects.extend(self.go_on(is_news));
        if is_news && self.state.setup.config.notify.is_on() {
            effects.extend(self.notifications.changed(&self.state).into_iter().map(Effect::Notify));
        }
        effects.extend(self.retry_session(false));
        effects.extend(self.poll());
        effects
    }

    fn handle_message(&mut self, message: Message) -> Vec<Effect> {
        let response = match message {
            Message::Pressed(chord) => return self.press(chord),
            Message::Pasted(text) => return self.paste(&text),
            Message::Drawn(hit_map) => return self.drawn(hit_map),
            Message::SessionOpened(opened) => return self.session_opened(opened),
            Message::ScopeRefused { generation, why } => return self.scope_refused(generation, &why),
            Message::ProfilesRead(names) => {
                if let Some(picker) = self.state.screens.get_mut::<ScopePicker>() {
                    picker.names = Some(names);
                }
                return Vec::new();
            }
            Message::CredentialsChanged => return self.retry_session(true),
            Message::Polled { outcome, generation, entropy } => return self.polled(outcome, generation, entropy),
            Message::Woke => return self.woke(),
            Message::Focused(focused) => return self.focused(focused),
            Message::Resized(..) | Message::TimePassed => return Vec::new(),
            Message::Clicked(x, y) => return self.click((x, y)),
            Message::Dragged(x, y) => return self.drag((x, y)),
            Message::Released => {
                self.state.terminal.is_dragging = false;
                return Vec::new();
            }
            Message::Scrolled { rows, place } => self.state.scroll(isize::from(rows), place),
            Message::Operated { operation, result } => {
                let State { operations, scopes, setup, .. } = &mut self.state;
                operations.operated(*operation, result, OperationInputs { snapshot: &scopes.shown().snapshot, setup })
            }
            Message::AlarmsRead(environment, found) => self.state.alarms_read(&environment, found),
            Message::Surveyed(environment, inputs) => self.state.surveyed(&environment, inputs),
            Message::WrittenFound { environment, changes } => {
                let State { operations, scopes, .. } = &mut self.state;
                operations.edits.reverts.found(&environment, changes, &scopes.shown().snapshot)
            }
            Message::UndoFound { environment, found } => self.state.found_undo(&environment, found),
            Message::DeploysFound { environment, found } => self.state.found_deploys(&environment, found),
            Message::JournalRead { environment, changes } => self.state.journal_read(&environment, changes),
            Message::FreezeRead(frozen) => self.state.operations.freeze_read(frozen),
            Message::Unfinished(unfinished) => {
                let State { operations, setup, .. } = &mut self.state;
                operations.offer(unfinished, &setup.keymap)
            }
            Message::Logs(reported) => {
                let State { logs, screens, now, .. } = &mut self.state;
                logs.answered(reported, screens, *now)
            }
            Message::Probing(news) => {
                self.probing(*news);
                Response::none()
            }
            Message::ReportSaved(Ok(files)) => Response::report(format!("the report is in {files}")),
            Message::ReportSaved(Err(why)) => Response::report(format!("the report could not be written: {why}")),
            Message::LogsSaved(Ok(files)) => Response::report(format!("saved {files}")),
            Message::LogsSaved(Err(why)) => Response::report(format!("not all logs could be saved: {why}")),
            Message::Silenced(result) => self.state.silenced(result),
            Message::HandedBack { external_command, ended } => {
                // It may have been a login.
                let mut effects = self.retry_session(true);
                effects.extend(self.respond(handed_back(&external_command, ended)));
                return effects;
            }
            Message::UrlOpened { url, ended } => url_opened(url, ended),
            Message::Failed(text) => Response::step(Step::Log(text)),
        };
        self.respond(response)
    }

    /// Goes on with what waited for something to be read, or to happen; `is_news`: something was.
    fn go_on(&mut self, is_news: bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(intent) = self.state.screens.get::<PendingIntent>().filter(|it| it.is_settled(&self.state)) {
            effects.extend(self.respond(intent.go_on(&self.state)));
        }
        if is_news {
            self.plan_dialog_again();
        }
        if let Some(response) = self.state.screens.get::<RollbackCheck>().and_then(|it| it.go_on(&self.state)) {
            effects.extend(self.respond(response));
        }
        let State { operations, scopes, setup, screens, logs, paused, now, .. } = &mut self.state;
        let scope = scopes.shown();
        let known = OperationInputs { snapshot: &scope.snapshot, setup };
        let mut response = Response::none();
        if paused.is_none() && scope.session.is_open() {
            response = operations.advance(known);
        }
        let response = response.and(operations.edits.reverts.look(&scope.snapshot)).and(logs.request(
            screens,
            scope,
            (paused.is_some(), *now),
        ));
        effects.extend(self.respond(response));
        effects
    }

    /// The confirmation or the form on screen is checked against what was just read: its plan may have become invalid, or
    /// valid again.
    fn plan_dialog_again(&mut self) {
        let planned = self.state.screens.get::<Confirm>().and_then(|confirm| confirm.planned_again(&self.state));
        if let Some((confirm, is_other)) = planned {
            self.state.screens.open(confirm);
            if is_other {
                self.changed = true;
                self.notify("the live values have changed: planned again");
            }
        }
        if let Some(mut form) = self.state.screens.get::<Form>().cloned() {
            form.check_in(&self.state);
            self.state.screens.open(form);
        }
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
        let State { fleet, now, .. } = &mut self.state;
        if fleet.preview.follow(fleet.selected.as_ref(), *now) {
            self.plan();
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
        let rests_at = self.state.fleet.preview.rests_at();
        let session = self.state.session().retry_at();
        [self.next_poll, self.background_at, self.judge_at, rests_at, session].into_iter().flatten().min()
    }

    /// Returns when the screen next changes by itself, if nothing else happens: the header's clock, and with it every age.
    /// A paused screen does not, except logs and probes: they are requested, and waited for.
    #[must_use]
    pub fn next_change(&self) -> Option<Moment> {
        if self.state.paused.is_some() && self.state.screens.logs().is_none() && self.state.screens.probe().is_none() {
            return self.state.messages.notice.as_ref().map(|(_, at)| at.plus(NOTICE));
        }
        let millis = self.state.now.0.as_millisecond().rem_euclid(1000) as u64;
        Some(self.state.now.plus(Duration::from_millis(1000 - millis)))
    }

    /// Shows a notice to the user.
    pub(super) fn notify(&mut self, text: impl Into<String>) {
        self.state.messages.notice = Some((text.into(), self.state.now));
    }

    /// Records whether the terminal has the focus: reads that cost money run only while it has.
    fn focused(&mut self, focused: bool) -> Vec<Effect> {
        if self.state.terminal.focused != focused {
            self.state.terminal.focused = focused;
            self.plan();
            self.plan_background();
        }
        Vec::new()
    }

    /// Shows a notice to the user, and keeps it in the log.
    fn report(&mut self, words: String) {
        self.note(None, words.clone());
        self.notify(words);
    }

    /// Shows what was read to the updates that are followed.
    pub(super) fn observe_deploys(&mut self) {
        let State { scopes, operations, .. } = &mut self.state;
        self.changed |= operations.deploys.observe(&scopes.shown().snapshot);
    }

    pub(super) fn note(&mut self, fault: Option<Arc<Fault>>, text: String) {
        let at = self.state.now;
        self.state.messages.log.push_back(LogEntry { at, fault, text });
        if self.state.messages.log.len() > LOG_KEPT {
            self.state.messages.log.pop_front();
        }
    }
}

/// An address that cannot be opened here can be opened elsewhere.
fn url_opened(url: String, ended: Result<(), String>) -> Response {
    match ended {
        Ok(()) => Response::notice("opened in the browser"),
        Err(why) => Response::report(format!("{why}; copied: {url}")).then(Step::Effect(Effect::Copy(url))),
    }
}

/// Another program had the terminal. What could not be run here can be run elsewhere.
fn handed_back(external_command: &ExternalCommand, ended: Result<(), String>) -> Response {
    let Err(why) = ended else { return Response::none() };
    let command = external_command.text();
    Response::report(format!("{why}; copied: {command}")).then(Step::Effect(Effect::Copy(command)))
}
