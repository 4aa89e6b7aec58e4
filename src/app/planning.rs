//! What should be read: worked out anew when what is shown, or what is known, has changed; and the reading itself.

use std::time::Duration;

use super::application::App;
use super::dialog::{Dialog, FormLine};
use super::environment::Tab;
use super::message::Effect;
use super::scopes::ScopeState;
use super::state::State;
use crate::change::needs_egress;
use crate::model::{Environment, Key, Measure};
use crate::polling::{Question, wants};

/// What was not read for this long is about something that is gone: instances come and go.
const FORGOTTEN: Duration = Duration::from_hours(24);

impl App {
    /// Works out anew what should be read to link the region: only when a piece of evidence was read, or failed.
    pub(super) fn plan_linking(&mut self) {
        let linking = wants(self.state.snapshot(), &self.state.setup.cadences, &[Question::Linked]);
        self.state.poller_mut().linking = linking;
    }

    /// Works out anew what should be read in the background: only when what exists or belongs together has changed.
    pub(super) fn plan_background(&mut self) {
        let buys = self.state.buys_metrics();
        let State { setup, scopes, now, .. } = &mut self.state;
        let ScopeState { snapshot, poller, .. } = scopes.shown_mut();
        snapshot.reads.forget_before(now.minus(FORGOTTEN));
        poller.ledger.forget_unread(&snapshot.reads);
        let environments: Vec<_> = snapshot.inventory.environments.keys().cloned().collect();
        let rows = Question::Rows { environments: environments.clone(), visible: false };
        let figures = Question::Figures { environments, visible: false };
        let mut planned = wants(snapshot, &setup.cadences, &[Question::Proven, rows, figures]);
        planned.retain(|want| buys || want.cost == 0);
        poller.background = planned;
    }

    /// Works out anew what should be read for what is on screen.
    pub(super) fn plan(&mut self) {
        let (awaited, questions) = (self.awaited(), self.questions());
        let buys = self.state.buys_metrics();
        let State { setup, scopes, deploys, screens, now, .. } = &mut self.state;
        let ScopeState { snapshot, poller, .. } = scopes.shown_mut();
        let mut planned = wants(snapshot, &setup.cadences, &questions);
        planned.retain(|want| buys || want.cost == 0);
        poller.awaited = wants(snapshot, &setup.cadences, &awaited);
        planned.extend(poller.awaited.iter().cloned());
        poller.show(planned, *now);
        poller.watching = deploys.watched(screens).next().is_some();
    }

    /// What a dialog waits for: it is read before what is under it.
    fn awaited(&self) -> Vec<Question> {
        match self.state.screens.dialog() {
            Some(Dialog::Versions(picker)) => vec![Question::These(vec![picker.source()])],
            Some(Dialog::Rollback(check)) => vec![Question::These(vec![check.versions.clone()])],
            Some(Dialog::Waiting(waiting)) => vec![Question::Settings(waiting.environment.clone())],
            _ => Vec::new(),
        }
    }

    /// The environment of an edit in progress that changes a port.
    fn edited_port(&self) -> Option<&Key<Environment>> {
        match self.state.screens.dialog()? {
            Dialog::Form(form) => {
                let is_port = |line: &FormLine| needs_egress(line.field.facts.key) && line.is_changed();
                form.lines.iter().any(is_port).then_some(&form.environment)
            }
            Dialog::Confirm(confirm) => confirm.draft.as_ref().filter(|it| it.changes_port()).map(|it| &it.environment),
            Dialog::Waiting(waiting) => waiting.wish.changes_port().then_some(&waiting.environment),
            _ => None,
        }
    }

    /// What the screen asks: about the one thing that fills it, then what stands beside it.
    fn questions(&self) -> Vec<Question> {
        let State { fleet, screens, deploys, arriving, aftermaths, reverts, .. } = &self.state;
        let mut questions = Vec::new();
        match (screens.deploy(), screens.environment()) {
            (Some(_), _) => {}
            (None, Some(view)) => {
                let charts = if view.tab == Tab::Metrics { view.charts.measures() } else { vec![Measure::Row] };
                questions.push(Question::Tree(view.key.clone()));
                questions.push(Question::Measures(view.key.clone(), charts));
                questions.extend((view.tab == Tab::Settings).then(|| Question::Settings(view.key.clone())));
                questions.extend((view.tab == Tab::Events).then(|| Question::History(view.key.clone())));
            }
            (None, None) => {
                let environments: Vec<_> = fleet.visible().map(|line| line.row.key.clone()).collect();
                questions.push(Question::Rows { environments: environments.clone(), visible: true });
                if self.is_linked() {
                    questions.push(Question::Options(environments.clone()));
                }
                questions.push(Question::Figures { environments, visible: true });
                questions.extend(fleet.selected.clone().map(Question::Causes));
            }
        }
        for key in deploys.watched(screens) {
            questions.extend([Question::Deploy(key.clone()), Question::History(key.clone())]);
        }
        questions.extend(screens.logs().map(|view| Question::These(vec![view.source()])));
        // What a plan was made on is read again for as long as it is on screen.
        if let Some(Dialog::Confirm(confirm)) = screens.dialog() {
            questions.extend(confirm.draft.iter().map(|it| Question::Settings(it.environment.clone())));
        }
        questions.extend(self.edited_port().map(|key| Question::Egress(key.clone())));
        for it in arriving.iter().filter(|it| !it.is_over()) {
            questions.push(Question::Soon(it.sources().collect()));
        }
        for check in reverts.checks() {
            questions.push(Question::Soon(check.sources(self.state.snapshot())));
        }
        questions.extend(aftermaths.all().iter().map(|it| Question::Aftermath(it.sources())));
        questions.push(Question::Surroundings);
        questions
    }

    /// Whether everything that links the region was read: what only decorates must not stand in its way.
    fn is_linked(&self) -> bool {
        self.state.poller().linking.iter().all(|want| self.state.snapshot().reads.is_tried(&want.source))
    }

    pub(super) fn poll(&mut self) -> Vec<Effect> {
        self.next_poll = None;
        if self.state.frozen.is_some() || !self.state.session().is_open() {
            return Vec::new();
        }
        let generation = self.state.session().generation;
        let now = self.state.now;
        let ScopeState { snapshot, poller, .. } = self.state.scopes.shown_mut();
        let (asks, next) = poller.pick(snapshot, now);
        self.next_poll = next;
        asks.into_iter().map(|ask| Effect::Fetch { ask, generation }).collect()
    }
}
