//! What should be read: worked out anew when what is shown, or what is known, has changed; and the reading itself.

use super::application::App;
use super::dialog::{Dialog, FormLine};
use super::environment::Tab;
use super::message::Effect;
use super::state::State;
use crate::change::needs_egress;
use crate::model::{Environment, Key, Measure};
use crate::polling::{Known, Poller, Question, Reading, wants};

impl App {
    /// Works out anew what should be read to link the region: only when a piece of evidence was read, or failed.
    pub(super) fn plan_linking(&mut self) {
        let State { setup, inventory, topology, poller, .. } = &self.state;
        let known =
            Known { scope: setup.scope, inventory, topology, ledger: &poller.ledger, cadences: &setup.cadences };
        self.state.poller.linking = wants(&known, &[Question::Linked]);
    }

    /// Works out anew what should be read in the background: only when what exists or belongs together has changed.
    pub(super) fn plan_background(&mut self) {
        let buys = self.state.buys_metrics();
        let State { setup, inventory, topology, poller, .. } = &mut self.state;
        let known =
            Known { scope: setup.scope, inventory, topology, ledger: &poller.ledger, cadences: &setup.cadences };
        let environments: Vec<_> = inventory.environments.keys().cloned().collect();
        let rows = Question::Rows { environments: environments.clone(), visible: false };
        let mut planned = wants(&known, &[Question::Proven, rows, Question::Figures { environments, visible: false }]);
        planned.retain(|want| buys || want.cost == 0);
        poller.background = planned;
    }

    /// Works out anew what should be read for what is on screen.
    pub(super) fn plan(&mut self) {
        let (awaited, questions) = (self.awaited(), self.questions());
        let buys = self.state.buys_metrics();
        let State { setup, inventory, topology, poller, deploys, now, .. } = &mut self.state;
        let known =
            Known { scope: setup.scope, inventory, topology, ledger: &poller.ledger, cadences: &setup.cadences };
        let mut planned = wants(&known, &questions);
        planned.retain(|want| buys || want.cost == 0);
        poller.awaited = wants(&known, &awaited);
        planned.extend(poller.awaited.iter().cloned());
        poller.show(planned, *now);
        poller.watching = deploys.watched().next().is_some();
    }

    /// What a dialog waits for: it is read before what is under it.
    fn awaited(&self) -> Vec<Question> {
        match &self.state.dialog {
            Some(Dialog::Versions(picker)) => vec![Question::These(vec![picker.source()])],
            Some(Dialog::Rollback(check)) => vec![Question::These(vec![check.versions.clone()])],
            Some(Dialog::Waiting(waiting)) => vec![Question::Settings(waiting.environment.clone())],
            _ => Vec::new(),
        }
    }

    /// The environment of an edit in progress that changes a port.
    fn edited_port(&self) -> Option<&Key<Environment>> {
        match self.state.dialog.as_ref()? {
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
        let State { fleet, environment, deploys, logs, dialog, arriving, aftermaths, reverts, .. } = &self.state;
        let mut questions = Vec::new();
        match (&deploys.view, environment) {
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
        for key in deploys.watched() {
            questions.extend([Question::Deploy(key.clone()), Question::History(key.clone())]);
        }
        questions.extend(logs.view.as_ref().map(|view| Question::These(vec![view.source()])));
        // What a plan was made on is read again for as long as it is on screen.
        if let Some(Dialog::Confirm(confirm)) = dialog {
            questions.extend(confirm.draft.iter().map(|it| Question::Settings(it.environment.clone())));
        }
        questions.extend(self.edited_port().map(|key| Question::Egress(key.clone())));
        for it in arriving.iter().filter(|it| !it.is_over()) {
            questions.push(Question::Soon(it.sources().collect()));
        }
        for check in reverts.checks() {
            questions.push(Question::Soon(check.sources(&self.state.inventory, &self.state.topology)));
        }
        questions.extend(aftermaths.all().iter().map(|it| Question::Aftermath(it.sources())));
        questions.push(Question::Surroundings);
        questions
    }

    /// Whether everything that links the region was read: what only decorates must not stand in its way.
    fn is_linked(&self) -> bool {
        let Poller { linking, ledger, .. } = &self.state.poller;
        linking.iter().all(|want| ledger.reading(&want.source).is_some_and(Reading::is_tried))
    }

    pub(super) fn poll(&mut self) -> Vec<Effect> {
        self.next_poll = None;
        if self.state.frozen.is_some() || !self.state.session.is_open() {
            return Vec::new();
        }
        let generation = self.state.session.generation;
        let (asks, next) = self.state.poller.pick(&self.state.inventory, &self.state.topology, self.state.now);
        self.next_poll = next;
        asks.into_iter().map(|ask| Effect::Fetch { ask, generation }).collect()
    }
}
