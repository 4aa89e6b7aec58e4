//! The effects of an answer: on the inventory, the links, and the rows that depend on both.

use super::{App, JUDGE_AGAIN, PUT_OFF};
use crate::app::screens::fleet::{FleetRow, row};
use crate::app::screens::probe::ProbeNews;
use crate::app::screens::{EnvironmentView, WhyView};
use crate::app::state::State;
use crate::diagnosis::Judgement;
use crate::model::{
    Environment, FaultKind, Key, ReadOutcome, Set, Snapshot, SnapshotChange, Source, TargetGroup, load_balancer_of,
};

impl App {
    /// Applies an answer. `first`: its sources were never read before, so the answer may have consequences even if it is
    /// empty.
    pub(super) fn apply_answer(&mut self, outcome: ReadOutcome, first: bool) {
        let mut rows: Set<Key<Environment>> = Set::default();
        let is_evidence = outcome.sources.first().is_some_and(Source::is_evidence);
        let (sources, fault) = (outcome.sources.clone(), outcome.fault().cloned());
        let change = self.state.scopes.shown_mut().snapshot.apply(outcome);
        if let Some(fault) = &fault {
            self.note_fault(fault);
        }
        let failed = change.is_none();
        self.changed |= failed;
        if fault.is_some_and(|fault| failed && fault.kind == FaultKind::NotFound) {
            self.rediscover();
        }
        let mut relinks = is_evidence && failed;
        if let Some(change) = change {
            self.changed |= !change.delta.is_empty();
            relinks = is_evidence && (first || !change.delta.relinks.is_empty());
            for key in &change.delta.reconfigured {
                self.state.poller_mut().expire(&Source::Settings(key.clone()));
            }
            self.note_change(change, &mut rows);
        }
        rows.extend(sources.iter().filter_map(|source| self.environment_of(source)).flatten());
        self.observe_deploys();
        self.observe_edits();
        if relinks {
            self.plan_linking();
        }
        self.rebuild(&rows);
        if failed || sources.iter().any(|source| self.state.snapshot().base().contains(source)) {
            self.judge();
        }
    }

    /// Applies what a probe has seen: what it found is judged with everything else that is known.
    pub(super) fn probing(&mut self, news: ProbeNews) {
        let environment = news.environment.clone();
        let Some(record) = self.state.probes.apply(news, self.state.now) else { return };
        self.state.scopes.shown_mut().snapshot.inventory.probes.insert(environment.clone(), record);
        self.rebuild(&Set::from_iter([environment]));
    }

    /// Something vanished between two calls: look again at what exists. Normal during a deploy.
    pub(super) fn rediscover(&mut self) {
        let scope = self.state.setup.scope;
        self.state.poller_mut().expire(&Source::LoadBalancers(scope));
        self.state.poller_mut().expire(&Source::TargetGroups(scope));
    }

    /// Records which rows an answer changes, and whether the background reads must be planned again.
    fn note_change(&mut self, SnapshotChange { delta, relinked }: SnapshotChange, rows: &mut Set<Key<Environment>>) {
        self.changed |= !relinked.differing.is_empty();
        if !delta.relinks.is_empty() || !delta.environments.is_empty() || delta.other {
            // What they were last seen with, and what became of updates, decides what is worth a look.
            self.background_at.get_or_insert(self.state.now.plus(PUT_OFF));
        }
        let topology = &self.state.snapshot().topology;
        rows.extend(relinked.differing);
        rows.extend(delta.environments);
        rows.extend(delta.target_groups.iter().filter_map(|group| topology.owner_of(group)).cloned());
        rows.extend(delta.load_balancers.iter().flat_map(|it| topology.environments_of(it)).cloned());
        let balancers: Set<_> = delta.series.iter().map(|series| &series.of.load_balancer).collect();
        rows.extend(balancers.into_iter().flat_map(|it| topology.environments_of(it)).cloned());
        if delta.other {
            // Certificates and events: rare, and not worth a map of their own.
            rows.extend(self.state.fleet.visible().map(|line| line.row.key.clone()));
        }
    }

    /// Returns the environments that a source concerns, so that a fault shows in their rows.
    pub(super) fn environment_of(&self, source: &Source) -> Option<Vec<Key<Environment>>> {
        let topology = &self.state.snapshot().topology;
        match source {
            Source::TargetHealth(group) | Source::TargetGroupAttributes(group) => {
                Some(vec![topology.owner_of(group)?.clone()])
            }
            Source::TargetGroupTags(group) => Some(self.linked_to(group)),
            Source::Listeners(load_balancer) | Source::LoadBalancerAttributes(load_balancer) => {
                Some(topology.environments_of(load_balancer).to_vec())
            }
            Source::Rules(listener) => {
                let load_balancer = Key::new(listener.scope, load_balancer_of(&listener.id)?);
                Some(topology.environments_of(&load_balancer).to_vec())
            }
            // The newest whole minute of its figures moves on with each reading, whether or not a value differs.
            Source::Resources(environment)
            | Source::InstancesHealth(environment)
            | Source::Settings(environment)
            | Source::Metrics(environment, _) => Some(vec![environment.clone()]),
            _ => None,
        }
    }

    /// The environments that a target group is linked to, proven or not.
    fn linked_to(&self, group: &Key<TargetGroup>) -> Vec<Key<Environment>> {
        let Snapshot { inventory, topology, .. } = self.state.snapshot();
        let balancers = inventory.target_groups.get(group).into_iter().flat_map(|it| &it.load_balancers);
        let mut environments: Vec<_> = balancers.flat_map(|it| topology.environments_of(it)).cloned().collect();
        environments.extend(topology.owner_of(group).cloned());
        environments
    }

    /// Judges every environment again: age, or a listing that fails, can make a row doubtful without any new answer.
    pub(super) fn judge(&mut self) {
        let State { fleet, setup, scopes, now, .. } = &mut self.state;
        let scope = scopes.shown();
        let freshness = scope.freshness(&setup.cadences, *now);
        let visible: Set<_> = fleet.visible().map(|line| line.row.key.clone()).collect();
        let judgement = |row: &FleetRow| {
            let inputs = setup.checks.inputs(&scope.snapshot, &freshness, &row.key)?;
            let silenced = setup.checks.silenced(&row.name);
            let inputs = inputs.with_values(row.values());
            // The others are judged by all checks when something of them changes, or when they come into view.
            let judge = if visible.contains(&row.key) { Judgement::with_findings } else { Judgement::new };
            Some(judge(&inputs, &silenced))
        };
        self.changed |= fleet.judge(judgement, *now);
        self.judge_at = (fleet.total() > 0).then(|| self.state.now.plus(JUDGE_AGAIN));
    }

    /// Computes these rows again, then whatever depends on them.
    pub(super) fn rebuild(&mut self, rows: &Set<Key<Environment>>) {
        let (snapshot, freshness) = (self.state.snapshot(), self.state.freshness());
        let checks = &self.state.setup.checks;
        let fresh: Vec<_> = rows.iter().map(|key| (key.clone(), row(snapshot, &freshness, checks, key))).collect();
        let now = self.state.now;
        self.state.fleet.update(fresh, now);
        self.rebuild_environment();
        self.plan();
    }

    /// Shows what was read to the changes of settings that are followed.
    fn observe_edits(&mut self) {
        let State { scopes, operations, screens, .. } = &mut self.state;
        let snapshot = &scopes.shown().snapshot;
        let shown = screens.environment().map(|view| &view.key);
        let response = operations.edits.observe(snapshot).and(operations.edits.observe_impacts(snapshot, shown));
        let effects = self.respond(response);
        debug_assert!(effects.is_empty(), "to observe asks for nothing");
    }

    /// What the screens show of the environment that is open.
    pub(super) fn rebuild_environment(&mut self) {
        let shown_at = self.state.shown_at();
        let State { scopes, screens, setup, fleet, .. } = &mut self.state;
        let scope = scopes.shown();
        let freshness = scope.freshness(&setup.cadences, shown_at);
        if let Some(view) = screens.get_mut::<EnvironmentView>() {
            view.counts = fleet.row(&view.key).map(|row| (row.findings.total(), row.alarms.value().copied()));
            view.rebuild(&scope.snapshot, &freshness, &setup.checks);
        }
        if let Some(view) = screens.get_mut::<WhyView>() {
            view.rebuild(&scope.snapshot, &freshness, &setup.checks);
        }
    }
}
