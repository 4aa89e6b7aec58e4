//! The application: one owner of the state, one function that decides.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::deploys::Deploys;
use super::dialog::Dialog;
use super::environment::{Sight, Tab, group_title, target_rows, tree};
use super::fleet::{Fleet, row};
use super::logs::Logs;
use super::message::{Effect, Message, SessionOpened, Unfinished, Viewport};
use super::polling::{Known, Poller, Question, wants};
use super::session::{Phase, Session};
use super::state::{LogEntry, Setup, State};
use crate::model::{
    Answer, Batch, Covers, Delta, Environment, Fault, FaultKind, Inventory, Key, Measure, Moment, Outcome, Set, Source,
    Topology, link,
};

/// How many lines the log keeps.
const LOG_KEPT: usize = 500;
/// What nobody waits for and looks at the whole region is put off this long: linking by evidence that was read in the
/// background, and planning what to read there.
const PUT_OFF: Duration = Duration::from_secs(5);
/// A notice stays this long.
const NOTICE: Duration = Duration::from_secs(4);

/// The dashboard, without its terminal.
#[derive(Debug)]
pub struct App {
    /// Everything that the screen shows.
    pub state: State,
    next_poll: Option<Moment>,
    relink_at: Option<Moment>,
    background_at: Option<Moment>,
    changed: bool,
}

impl App {
    /// A dashboard that knows nothing yet, and what to do first.
    #[must_use]
    pub fn new(setup: Setup, now: Moment) -> (Self, Vec<Effect>) {
        let poller = Poller::new(&setup.plans, setup.metrics_cap, now);
        let state = State {
            now,
            session: Session::opening(now),
            inventory: Inventory::default(),
            topology: Topology::default(),
            poller,
            fleet: Fleet::new(setup.columns.clone(), setup.sort, setup.reverse),
            environment: None,
            list: None,
            deploys: Deploys::default(),
            logs: Logs::default(),
            dialog: None,
            writing: None,
            consent: None,
            typing: None,
            frozen: None,
            log: VecDeque::new(),
            focused: true,
            notice: None,
            viewport: Viewport::default(),
            setup,
        };
        let mut app = Self { state, next_poll: None, relink_at: None, background_at: None, changed: true };
        app.plan_linking();
        app.plan();
        (app, vec![Effect::OpenSession { generation: 1, canary: false }])
    }

    /// Takes in what happened at `now`, and tells what to do.
    pub fn handle(&mut self, message: Message, now: Moment) -> Vec<Effect> {
        self.state.now = now;
        if self.state.notice.as_ref().is_some_and(|(_, at)| now.since(*at) >= NOTICE) {
            self.state.notice = None;
            self.changed = true;
        }
        self.changed |= !matches!(message, Message::TimePassed | Message::Polled { .. } | Message::Drawn(_));
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
            Message::Drawn(viewport) => self.drawn(viewport),
            Message::Wrote { request, written } => self.wrote(&request, &written),
            Message::WentBack(went) => self.went_back(went),
            Message::Unfinished(unfinished) => self.unfinished(unfinished),
            Message::ReportSaved(saved) => self.report_saved(saved),
            Message::Logs(told) => self.take_logs(told),
            Message::LogsSaved(saved) => self.logs_saved(saved),
            Message::Failed(text) => self.failed(text),
        };
        self.catch_up();
        effects.extend(self.advance_way());
        effects.extend(self.ask_logs());
        effects.extend(self.retry_session(false));
        effects.extend(self.poll());
        effects
    }

    /// Does what was put off because nobody waits for it.
    fn catch_up(&mut self) {
        let due = |at: Option<Moment>| at.is_some_and(|at| at <= self.state.now) && self.state.frozen.is_none();
        let (relink, background) = (due(self.relink_at), due(self.background_at));
        if relink {
            let mut rows = Set::default();
            self.relink_now(&mut rows);
            self.plan_linking();
            self.rebuild(&rows);
        }
        if background {
            self.background_at = None;
            self.plan_background();
        }
    }

    /// Whether the picture differs from the one at the last call, the passing of time apart.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// When to call [`App::handle`] with [`Message::TimePassed`] if nothing else happens.
    #[must_use]
    pub fn next_wake(&self) -> Option<Moment> {
        if self.state.frozen.is_some() {
            return self.state.session.retry_at();
        }
        [self.next_poll, self.relink_at, self.background_at, self.state.session.retry_at()].into_iter().flatten().min()
    }

    /// When the picture next changes by itself, if nothing else happens: the clock in the header, and with it every age.
    /// A frozen picture does not, logs apart: they are asked for, and waited for.
    #[must_use]
    pub fn next_change(&self) -> Option<Moment> {
        if self.state.frozen.is_some() && self.state.logs.view.is_none() {
            return self.state.notice.as_ref().map(|(_, at)| at.plus(NOTICE));
        }
        let millis = self.state.now.0.as_millisecond().rem_euclid(1000) as u64;
        Some(self.state.now.plus(Duration::from_millis(1000 - millis)))
    }

    /// The picture must be drawn again.
    pub(super) fn look_again(&mut self) {
        self.changed = true;
    }

    /// Says a word to the user.
    pub(super) fn notify(&mut self, text: impl Into<String>) {
        self.state.notice = Some((text.into(), self.state.now));
    }

    /// What costs money is read while somebody may look at it.
    fn focused(&mut self, focused: bool) -> Vec<Effect> {
        if self.state.focused != focused {
            self.state.focused = focused;
            self.plan();
            self.plan_background();
        }
        Vec::new()
    }

    /// Changes of an earlier run whose end is not known are told; a way back among them can be gone on with.
    fn unfinished(&mut self, unfinished: Vec<Unfinished>) -> Vec<Effect> {
        for it in unfinished {
            self.state.deploys.offered.extend(it.way);
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

    /// Says a word to the user, and keeps it in the log.
    pub(super) fn say(&mut self, words: String) {
        self.note(None, words.clone());
        self.notify(words);
    }

    /// Shows what was read to the updates that are followed.
    pub(super) fn observe_deploys(&mut self) {
        let State { inventory, topology, poller, deploys, now, .. } = &mut self.state;
        self.changed |= deploys.observe(inventory, topology, &poller.ledger, *now);
    }

    fn failed(&mut self, text: String) -> Vec<Effect> {
        self.note(None, text);
        Vec::new()
    }

    fn note(&mut self, fault: Option<Arc<Fault>>, text: String) {
        let at = self.state.now;
        self.state.log.push_back(LogEntry { at, fault, text });
        if self.state.log.len() > LOG_KEPT {
            self.state.log.pop_front();
        }
    }

    fn session_opened(&mut self, SessionOpened { generation, result }: SessionOpened) -> Vec<Effect> {
        if generation != self.state.session.generation {
            return Vec::new();
        }
        match result {
            Ok(facts) => {
                if let Some(identity) = facts.identity.clone() {
                    let batch = Batch { covers: Covers::All, answer: Answer::Identity(identity) };
                    self.state.inventory.replace(batch, self.state.now);
                }
                if let Some(fault) = facts.identity_fault.clone() {
                    self.note_fault(&fault);
                }
                self.state.session.opened(facts);
                self.state.poller.ledger.forgive();
            }
            Err(fault) => self.pause(&fault),
        }
        Vec::new()
    }

    fn pause(&mut self, fault: &Arc<Fault>) {
        self.changed = true;
        self.note_fault(fault);
        self.state.session.pause(Arc::clone(fault), self.state.now);
        self.state.poller.ledger.abandon();
    }

    fn retry_session(&mut self, at_once: bool) -> Vec<Effect> {
        let due = self.state.session.retry_at().is_some_and(|at| at_once || at <= self.state.now);
        if due {
            vec![Effect::OpenSession { generation: self.state.session.retry(self.state.now), canary: true }]
        } else {
            Vec::new()
        }
    }

    pub(super) fn note_fault(&mut self, fault: &Arc<Fault>) {
        let text = fault.sentence();
        if self.state.log.iter().rev().take(20).any(|entry| entry.text == text) {
            return;
        }
        self.note(Some(Arc::clone(fault)), text);
    }

    fn polled(&mut self, outcome: Outcome, generation: u64, entropy: u64) -> Vec<Effect> {
        let first = !outcome.sources.iter().all(|source| self.state.poller.is_tried(source));
        if generation != self.state.session.generation || !self.state.poller.finish(&outcome, entropy) {
            return Vec::new();
        }
        if let Err(fault) = &outcome.result
            && fault.kind == FaultKind::Expired
            && matches!(self.state.session.phase, Phase::Open)
        {
            let fault = Arc::clone(fault);
            self.pause(&fault);
        }
        if outcome.result.is_ok() {
            self.state.session.answered();
        }
        match &mut self.state.frozen {
            Some((_, held)) => held.push(outcome),
            None => self.take_in(outcome, first),
        }
        Vec::new()
    }

    /// Goes on after a freeze: takes in what came meanwhile.
    pub(super) fn thaw(&mut self) {
        let Some((_, held)) = self.state.frozen.take() else { return };
        held.into_iter().for_each(|outcome| self.take_in(outcome, true));
    }

    /// Takes an answer in; `first` says that its sources were never read before, so that something may follow from it even
    /// if it brings nothing.
    fn take_in(&mut self, outcome: Outcome, first: bool) {
        let mut rows: Set<Key<Environment>> = Set::default();
        let mut relinks = outcome.sources.first().is_some_and(Source::is_evidence);
        let urgent = outcome.sources.iter().any(|source| self.state.poller.is_awaited(source));
        match outcome.result {
            Err(fault) => {
                self.changed = true;
                self.note_fault(&fault);
                if fault.kind == FaultKind::NotFound {
                    self.rediscover();
                }
            }
            Ok(batch) => {
                if let Covers::Partial(fault) = &batch.covers {
                    self.note_fault(&Arc::clone(fault));
                }
                let delta = self.state.inventory.replace(batch, outcome.at);
                self.changed |= !delta.is_empty();
                relinks &= delta.evidence || first;
                delta.reconfigured.iter().for_each(|key| self.state.poller.expire(&Source::Settings(key.clone())));
                self.relink(&delta, urgent, &mut rows);
            }
        }
        rows.extend(outcome.sources.iter().filter_map(|source| self.environment_of(source)).flatten());
        self.observe_deploys();
        if relinks {
            self.plan_linking();
        }
        self.rebuild(&rows);
    }

    /// Something vanished between two calls: look again at what exists. Normal during a deploy.
    fn rediscover(&mut self) {
        let scope = self.state.setup.scope;
        self.state.poller.expire(&Source::LoadBalancers(scope));
        self.state.poller.expire(&Source::TargetGroups(scope));
    }

    /// Links anew, and tells whose links differ.
    fn relink_now(&mut self, rows: &mut Set<Key<Environment>>) {
        self.relink_at = None;
        let topology = link(&self.state.inventory);
        let differs = |key: &&Key<Environment>| topology.link(key) != self.state.topology.link(key);
        rows.extend(self.state.inventory.environments.keys().filter(differs).cloned());
        self.changed |= !rows.is_empty();
        self.state.topology = topology;
        self.background_at.get_or_insert(self.state.now.plus(PUT_OFF));
    }

    /// Links at once while somebody waits for it; evidence that comes in the background is gathered for a while first, for
    /// linking looks at the whole region.
    fn relink(&mut self, delta: &Delta, urgent: bool, rows: &mut Set<Key<Environment>>) {
        if delta.evidence && urgent {
            self.relink_now(rows);
        } else if delta.evidence {
            self.relink_at.get_or_insert(self.state.now.plus(PUT_OFF));
        }
        let topology = &self.state.topology;
        rows.extend(delta.environments.iter().cloned());
        rows.extend(delta.target_groups.iter().filter_map(|group| topology.owner_of(group)).cloned());
        rows.extend(delta.load_balancers.iter().flat_map(|it| topology.environments_of(it)).cloned());
        let balancers: Set<_> = delta.series.iter().map(|series| &series.of.load_balancer).collect();
        rows.extend(balancers.into_iter().flat_map(|it| topology.environments_of(it)).cloned());
        if delta.other {
            // Certificates and events: rare, and not worth a map of their own.
            rows.extend(self.state.fleet.visible().map(|line| line.row.key.clone()));
        }
    }

    /// The environments that a source tells of, so that a fault shows in their rows.
    fn environment_of(&self, source: &Source) -> Option<Vec<Key<Environment>>> {
        let topology = &self.state.topology;
        match source {
            Source::TargetHealth(group) | Source::TargetGroupAttributes(group) => {
                Some(vec![topology.owner_of(group)?.clone()])
            }
            Source::Listeners(load_balancer) => Some(topology.environments_of(load_balancer).to_vec()),
            // Its newest whole minute moves on with each reading, whether or not a value differs.
            Source::Metrics(environment, _) => Some(vec![environment.clone()]),
            _ => None,
        }
    }

    /// Computes these rows anew, then what hangs on them.
    fn rebuild(&mut self, rows: &Set<Key<Environment>>) {
        let State { inventory, topology, poller, .. } = &self.state;
        let fresh: Vec<_> =
            rows.iter().map(|key| (key.clone(), row(inventory, topology, &poller.ledger, key))).collect();
        let now = self.state.now;
        self.state.fleet.update(fresh, now);
        self.rebuild_environment();
        self.plan();
    }

    /// The tree and the targets of the environment that is open.
    pub(super) fn rebuild_environment(&mut self) {
        let Some(mut view) = self.state.environment.take() else { return };
        let State { inventory, topology, poller, now, .. } = &self.state;
        if let Some(environment) = inventory.environments.get(&view.key) {
            let sight = Sight { inventory, topology, ledger: &poller.ledger, turned: &view.turned, now: *now };
            view.set_nodes(tree(&sight, environment));
            if let Some(link) = topology.link(&view.key) {
                let all: Vec<_> = link.groups.iter().map(|group| group.key.clone()).collect();
                let groups: Vec<_> = view
                    .groups_in_sight(&all)
                    .into_iter()
                    .map(|group| {
                        let title = group_title(inventory, link, &view.key, &group);
                        (group, Arc::from(title))
                    })
                    .collect();
                view.set_targets(target_rows(inventory, &view.key, &groups));
            }
        }
        self.state.environment = Some(view);
    }

    /// Works out anew what should be read to link the region: only when a piece of evidence was read, or failed.
    fn plan_linking(&mut self) {
        let State { setup, inventory, topology, poller, .. } = &self.state;
        let known =
            Known { scope: setup.scope, inventory, topology, ledger: &poller.ledger, cadences: &setup.cadences };
        self.state.poller.linking = wants(&known, &[Question::Linked]);
    }

    /// Works out anew what should be read in the background: only when what exists or belongs together has changed.
    fn plan_background(&mut self) {
        let State { setup, inventory, topology, poller, .. } = &self.state;
        let known =
            Known { scope: setup.scope, inventory, topology, ledger: &poller.ledger, cadences: &setup.cadences };
        let environments = inventory.environments.keys().cloned().collect();
        let figures =
            Question::Figures { environments: inventory.environments.keys().cloned().collect(), visible: false };
        let mut questions = vec![Question::Proven, Question::Rows { environments, visible: false }];
        questions.extend(Some(figures).filter(|_| self.state.buys_metrics()));
        self.state.poller.background = wants(&known, &questions);
    }

    /// Works out anew what should be read for what is on screen.
    pub(super) fn plan(&mut self) {
        let State { inventory, topology, fleet, environment, deploys, logs, dialog, .. } = &self.state;
        let rows = || fleet.visible().map(|line| line.row.key.clone()).collect();
        let (shown, figures) = match environment {
            Some(view) => {
                let charts = if view.tab == Tab::Metrics { view.charts.measures() } else { vec![Measure::Row] };
                (Question::Tree(view.key.clone()), Question::Measures(view.key.clone(), charts))
            }
            None => (
                Question::Rows { environments: rows(), visible: true },
                Question::Figures { environments: rows(), visible: true },
            ),
        };
        let mut questions = vec![shown];
        questions.extend(deploys.watched().cloned().flat_map(|it| [Question::Deploy(it.clone()), Question::History(it)]));
        let events = environment.as_ref().filter(|view| view.tab == Tab::Events);
        questions.extend(events.map(|view| Question::History(view.key.clone())));
        questions.extend(logs.view.as_ref().map(|view| Question::These(vec![view.source()])));
        if let Some(Dialog::Versions(picker)) = dialog {
            questions.push(Question::These(vec![picker.source()]));
        }
        questions.extend(Some(figures).filter(|_| self.state.buys_metrics()));
        questions.push(Question::Surroundings);
        let State { setup, poller, .. } = &self.state;
        let known =
            Known { scope: setup.scope, inventory, topology, ledger: &poller.ledger, cadences: &setup.cadences };
        let watching = self.state.deploys.watched().next().is_some();
        self.state.poller.wants = wants(&known, &questions);
        self.state.poller.watching = watching;
    }

    fn poll(&mut self) -> Vec<Effect> {
        self.next_poll = None;
        if self.state.frozen.is_some() || !self.state.session.is_open() {
            return Vec::new();
        }
        let generation = self.state.session.generation;
        let (asks, next) = self.state.poller.pick(&self.state.inventory, &self.state.topology, self.state.now);
        self.next_poll = next;
        asks.into_iter().map(|ask| Effect::Fetch { ask, generation }).collect()
    }

    /// A laptop woke: everything is stale, and so are the connections.
    fn woke(&mut self) -> Vec<Effect> {
        self.state.poller.ledger.abandon();
        self.state.poller.refresh();
        vec![Effect::OpenSession { generation: self.state.session.retry(self.state.now), canary: true }]
    }
}
