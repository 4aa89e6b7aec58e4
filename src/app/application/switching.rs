//! Another profile or region is shown, without a restart. Nothing of the old scope stays: what is under way is cancelled,
//! and what it still brings is dropped by the number of its session.

use super::App;
use crate::app::message::Effect;
use crate::app::notifications::Notifications;
use crate::app::operations::Operations;
use crate::app::scopes::{ScopeState, ScopeStates};
use crate::app::screens::ScreenStack;
use crate::app::screens::fleet::{Fleet, Preview};
use crate::app::screens::logs::Logs;
use crate::app::screens::probe::ProbeRuns;
use crate::app::session::SessionState;
use crate::app::state::State;
use crate::model::{Scope, Snapshot, clean};
use crate::polling::Poller;

impl App {
    /// Shows another scope, unless a write is under way: that would be left behind.
    pub(super) fn switch_scope(&mut self, scope: Scope) -> Vec<Effect> {
        if let Err(why) = self.state.can_switch() {
            self.notify(why.to_string());
            return Vec::new();
        }
        let setup = &mut self.state.setup;
        let before = setup.scopes.get(setup.scope).cloned();
        let id = setup.scopes.intern(scope);
        if id == setup.scope {
            return Vec::new();
        }
        setup.scope = id;
        self.previous = before;
        self.forget_scope();
        self.plan_linking();
        self.plan();
        let State { setup, .. } = &self.state;
        let scope = setup.scopes.get(id).cloned().unwrap_or_default();
        let first = setup.scopes.get(crate::model::ScopeId(0)).cloned().unwrap_or_default();
        // Where the user chose none, the whole default chain counts, keys in the environment too.
        let profile = scope.profile.filter(|profile| Some(profile) != first.profile.as_ref());
        let switch = Effect::SwitchScope { scope: id, profile, region: scope.region };
        vec![switch, Effect::OpenSession { generation: self.state.session().generation, canary: false }]
    }

    /// Empties everything that belongs to the scope that was shown. What the user arranged stays, and what was spent.
    fn forget_scope(&mut self) {
        self.notifications = Notifications::default();
        let State { setup, now, .. } = &self.state;
        let profile = setup.scopes.get(setup.scope).and_then(|scope| scope.profile.clone());
        let read_only = setup.config.read_only_in(profile.as_deref());
        let mut poller = Poller::new(&setup.plans, setup.metrics_cap, *now);
        poller.cost_budget = self.state.poller().cost_budget.clone();
        let mut session = SessionState::opening(*now);
        // What older sessions still bring is dropped by their number.
        session.generation = self.state.session().generation + 1;
        let snapshot = Snapshot::new(setup.scope, *now);
        let scopes = ScopeStates::of(ScopeState { session, snapshot, poller });
        let old = &self.state.fleet;
        let mut preview = Preview::new(old.preview.is_on);
        preview.size = old.preview.size;
        let mut fleet = Fleet::new(old.columns.clone(), old.sort, old.reverse, preview);
        fleet.attention = old.attention;
        let frozen = self.state.operations.frozen.clone();
        let state = &mut self.state;
        state.setup.read_only = read_only;
        (state.scopes, state.fleet) = (scopes, fleet);
        (state.screens, state.logs, state.probes) = (ScreenStack::default(), Logs::default(), ProbeRuns::default());
        state.operations = Operations { frozen, ..Operations::default() };
        state.paused = None;
        (self.next_poll, self.background_at, self.judge_at) = (None, None, None);
        self.changed = true;
    }

    /// There is no such scope: the one before is shown again.
    pub(super) fn scope_refused(&mut self, generation: u64, why: &str) -> Vec<Effect> {
        if generation != self.state.session().generation {
            return Vec::new();
        }
        let effects = self.previous.take().map(|scope| self.switch_scope(scope)).unwrap_or_default();
        self.previous = None;
        self.report(format!("not switched: {}", clean(why)));
        effects
    }
}
