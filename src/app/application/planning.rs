//! Plans what should be read, again whenever the view or the snapshot changes, and starts the reads.

use std::time::Duration;

use super::App;
use crate::app::hit_map::Pane;
use crate::app::message::Effect;
use crate::app::operations::Operations;
use crate::app::scopes::ScopeState;
use crate::app::screens::questions_of_update;
use crate::app::state::State;
use crate::polling::{Question, wants};

/// Sources that were not read for this long are dropped: instances come and go.
const FORGOTTEN: Duration = Duration::from_hours(24);

impl App {
    /// Plans again what should be read to link the region: only when a piece of evidence was read, or failed.
    pub(super) fn plan_linking(&mut self) {
        let linking = wants(self.state.snapshot(), &self.state.setup.cadences, &[Question::Linked]);
        self.state.poller_mut().linking = linking;
    }

    /// Plans again what should be read in the background: only when the objects or their links have changed.
    pub(super) fn plan_background(&mut self) {
        let buys = self.state.buys_metrics();
        let State { setup, scopes, now, .. } = &mut self.state;
        let ScopeState { snapshot, poller, .. } = scopes.shown_mut();
        snapshot.reads.forget_before(now.minus(FORGOTTEN));
        poller.request_log.forget_unread(&snapshot.reads);
        let environments: Vec<_> = snapshot.inventory.environments.keys().cloned().collect();
        let rows = Question::Rows { environments: environments.clone(), visible: false };
        let figures = Question::Figures { environments, visible: false };
        let mut planned = wants(snapshot, &setup.cadences, &[Question::Proven, rows, figures]);
        planned.retain(|want| buys || want.cost == 0);
        poller.background = planned;
    }

    /// Plans again what should be read for the screen.
    pub(super) fn plan(&mut self) {
        let (awaited, questions) = (self.awaited(), self.questions());
        let buys = self.state.buys_metrics();
        let State { setup, scopes, operations, screens, now, .. } = &mut self.state;
        let ScopeState { snapshot, poller, .. } = scopes.shown_mut();
        let mut planned = wants(snapshot, &setup.cadences, &questions);
        planned.retain(|want| buys || want.cost == 0);
        poller.awaited = wants(snapshot, &setup.cadences, &awaited);
        planned.extend(poller.awaited.iter().cloned());
        poller.show(planned, *now);
        poller.watching = screens.deploy().is_some() || operations.deploys.rolling_back().is_some();
    }

    /// Returns the questions that a dialog waits for: they are read before those of the screen below.
    fn awaited(&self) -> Vec<Question> {
        self.state.screens.dialog().map(|dialog| dialog.view().awaited()).unwrap_or_default()
    }

    /// Returns the questions of the visible screens, then those of tasks that run whatever is on screen.
    fn questions(&self) -> Vec<Question> {
        let State { fleet, screens, operations, .. } = &self.state;
        let Operations { deploys, edits, .. } = operations;
        let (shows_fleet, shown) = screens.in_view();
        let has_preview = self.state.terminal.hit_map.area(Pane::Preview).is_some();
        let mut questions = if shows_fleet { fleet.questions(self.is_linked(), has_preview) } else { Vec::new() };
        questions.extend(shown.iter().flat_map(|screen| screen.view().questions()));
        questions.extend(deploys.rolling_back().into_iter().flat_map(questions_of_update));
        for it in edits.arriving.iter().filter(|it| !it.is_over()) {
            questions.push(Question::Soon(it.sources().collect()));
        }
        for check in edits.reverts.checks() {
            questions.push(Question::Soon(check.sources(self.state.snapshot())));
        }
        questions.extend(edits.impacts.all().iter().map(|it| Question::ImpactWatch(it.sources())));
        questions.push(Question::Surroundings);
        questions
    }

    /// Returns whether everything that links the region was read: optional sources must not delay it.
    fn is_linked(&self) -> bool {
        self.state.poller().linking.iter().all(|want| self.state.snapshot().reads.is_tried(&want.source))
    }

    pub(super) fn poll(&mut self) -> Vec<Effect> {
        self.next_poll = None;
        if self.state.paused.is_some() || !self.state.session().is_open() {
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
