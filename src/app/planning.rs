//! What should be read: worked out anew when what is shown, or what is known, has changed; and the reading itself.

use super::application::App;
use super::dialog::Dialog;
use super::environment::Tab;
use super::message::Effect;
use super::polling::{Known, Question, wants};
use super::state::State;
use crate::model::Measure;

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
        let State { inventory, topology, fleet, environment, deploys, dialog, .. } = &self.state;
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
        questions
            .extend(deploys.watched().cloned().flat_map(|it| [Question::Deploy(it.clone()), Question::History(it)]));
        let events = environment.as_ref().filter(|view| view.tab == Tab::Events);
        questions.extend(events.map(|view| Question::History(view.key.clone())));
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
