//! What an answer changes: the inventory, what is linked, and the rows that hang on both.

use std::sync::Arc;

use super::application::{App, JUDGE_AGAIN, PUT_OFF};
use super::environment::{Sight, Tab, group_title, target_rows, tree};
use super::fleet::{Judgement, Row, row};
use super::state::State;
use crate::change::Basis;
use crate::model::{
    Covers, Delta, Environment, FaultKind, Key, Outcome, Set, Source, TargetGroup, link, load_balancer_of,
};
use crate::polling::{Freshness, Known};

impl App {
    /// Takes an answer in; `first` says that its sources were never read before, so that something may follow from it even
    /// if it brings nothing.
    pub(super) fn take_in(&mut self, outcome: Outcome, first: bool) {
        let mut rows: Set<Key<Environment>> = Set::default();
        let mut relinks = outcome.sources.first().is_some_and(Source::is_evidence);
        let urgent = outcome.sources.iter().any(|source| self.state.poller.is_awaited(source));
        let failed = outcome.result.is_err();
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
        self.observe_arrivals();
        self.observe_aftermaths();
        if relinks {
            self.plan_linking();
        }
        self.rebuild(&rows);
        if failed || outcome.sources.iter().any(|source| self.state.known().base().contains(source)) {
            self.judge();
        }
    }

    /// Something vanished between two calls: look again at what exists. Normal during a deploy.
    pub(super) fn rediscover(&mut self) {
        let scope = self.state.setup.scope;
        self.state.poller.expire(&Source::LoadBalancers(scope));
        self.state.poller.expire(&Source::TargetGroups(scope));
    }

    /// Links anew, and tells whose links differ.
    pub(super) fn relink_now(&mut self, rows: &mut Set<Key<Environment>>) {
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
    pub(super) fn relink(&mut self, delta: &Delta, urgent: bool, rows: &mut Set<Key<Environment>>) {
        if delta.evidence && urgent {
            self.relink_now(rows);
        } else if delta.evidence {
            self.relink_at.get_or_insert(self.state.now.plus(PUT_OFF));
        }
        if !delta.environments.is_empty() || delta.other {
            // What they were last seen with, and what became of updates, decides what is worth a look.
            self.background_at.get_or_insert(self.state.now.plus(PUT_OFF));
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
    pub(super) fn environment_of(&self, source: &Source) -> Option<Vec<Key<Environment>>> {
        let topology = &self.state.topology;
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
        let State { inventory, topology, .. } = &self.state;
        let balancers = inventory.target_groups.get(group).into_iter().flat_map(|it| &it.load_balancers);
        let mut environments: Vec<_> = balancers.flat_map(|it| topology.environments_of(it)).cloned().collect();
        environments.extend(topology.owner_of(group).cloned());
        environments
    }

    /// Judges every environment anew: an age, or a list that fails, puts in doubt what no answer has changed.
    pub(super) fn judge(&mut self) {
        let State { fleet, setup, inventory, topology, poller, session, now, .. } = &mut self.state;
        let cadences = &setup.cadences;
        let known = Known { scope: setup.scope, inventory, topology, ledger: &poller.ledger, cadences };
        let lost = session.lost().map(|fault| &**fault);
        let freshness = Freshness { poller, cadences, lost, now: *now, is_lasting: true };
        let judgement = |row: &Row| {
            let environment = inventory.environments.get(&row.key)?;
            Some(Judgement::new(&known, &freshness, environment, row.targets.value().copied()))
        };
        self.changed |= fleet.judge(judgement, *now);
        self.judge_at = (fleet.total() > 0).then(|| self.state.now.plus(JUDGE_AGAIN));
    }

    /// Computes these rows anew, then what hangs on them.
    pub(super) fn rebuild(&mut self, rows: &Set<Key<Environment>>) {
        let (known, freshness) = (self.state.known(), self.state.freshness());
        let fresh: Vec<_> = rows.iter().map(|key| (key.clone(), row(&known, &freshness, key))).collect();
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
            if view.tab == Tab::Settings {
                view.settings.update(&Basis { inventory, topology, environment });
            }
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
}
