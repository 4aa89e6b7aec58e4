//! Applies each reading to a watch.

use std::time::Duration;

use super::course::Course;
use super::early::Whose;
use super::event::{self, Kept};
use super::figures::Figures;
use super::lane::LaneState;
use super::minutes::{BASELINE, Measures, number};
use super::phase::{Phase, PhaseStep, Split, UpdateKind};
use super::policy::{Policy, Rollout};
use super::split;
use super::statistics::Tally;
use super::watch::{Happened, Happening, Watch, WatchedFront};
use crate::model::{EnvironmentEvent, EnvironmentStatus, Measure, Moment, Snapshot, Source};

/// Events that are this much older than the beginning may still be the update's: clocks differ.
const SKEW: Duration = Duration::from_secs(120);
/// An update without an event for so long may be doing anything.
const SILENT: Duration = Duration::from_secs(30);
/// How long it may take until all that belongs to an environment is linked to it.
const LINKING: Duration = Duration::from_secs(30);
/// How many events are kept.
const MOST_EVENTS: usize = 500;

impl Watch {
    pub(super) fn decide(&mut self, snapshot: &Snapshot, happened: &mut Vec<Happened>) {
        let verdict = self.judged(snapshot);
        if !verdict.says(&self.verdict) {
            happened.push(Happened { at: snapshot.moment, what: Happening::Verdict(verdict.clone()) });
        }
        self.verdict = verdict;
    }

    pub(super) fn see_environment(&mut self, snapshot: &Snapshot) {
        let listed = snapshot.reads.read_at(&Source::Environments(self.environment.key.scope));
        let Some(environment) = snapshot.inventory.environments.get(&self.environment.key) else {
            // It was listed when the watch began.
            if listed.is_some_and(|at| at > self.started) {
                self.status.gone = self.status.gone.or(listed);
            }
            return;
        };
        if self.environment != *environment {
            self.environment = environment.clone();
        }
        let at = listed.unwrap_or(snapshot.moment);
        self.see_status(at);
        self.see_listed_version();
    }

    /// Where no instance reports its version, the listing does once the update is over: it names the last deployed version.
    fn see_listed_version(&mut self) {
        let is_over = self.status.ready.is_some() && self.course.ended.is_some();
        let is_silent = self.versions.instances.is_empty();
        let Some(label) = self.environment.version.clone().filter(|_| is_over && is_silent) else { return };
        // The same label again is a deployment only if its events show it.
        if self.versions.before.as_ref() != Some(&label) || self.course.kind == UpdateKind::Deploy {
            self.versions.end_with(&label);
        }
    }

    fn see_status(&mut self, at: Moment) {
        let (started, has_begun) = (self.started(), self.status.was_updating || self.course.began.is_some());
        let status = &mut self.status;
        match self.environment.status {
            EnvironmentStatus::Updating if status.ready.is_some() => {
                status.updated_again = status.updated_again.or(Some(at));
            }
            EnvironmentStatus::Updating => status.was_updating = true,
            EnvironmentStatus::Aborting => {
                status.was_updating = true;
                status.aborting = status.aborting.or(Some(at));
            }
            EnvironmentStatus::Terminating | EnvironmentStatus::Terminated => status.gone = status.gone.or(Some(at)),
            EnvironmentStatus::Ready => {
                // A listing from before the update has Ready too; one from long after it proves that the update was missed.
                let is_late = at.since(self.started) >= SKEW;
                if (has_begun && at > started) || is_late {
                    let ready = *status.ready.get_or_insert(at);
                    status.ready_again = (at > ready).then_some(at).or(status.ready_again);
                }
            }
            _ => {}
        }
    }

    pub(super) fn see_events(&mut self, snapshot: &Snapshot, happened: &mut Vec<Happened>) {
        let from = self.started.minus(SKEW);
        let is_own = |it: &&EnvironmentEvent| it.environment.as_ref() == Some(&self.environment.name);
        let recent = snapshot.inventory.events.iter().take_while(|it| it.at >= from).filter(is_own);
        let start = self.course.began.or_else(|| event::open_start(recent.clone()).map(|it| it.at));
        let from = start.map_or(self.started, |start| start.min(self.started));
        let is_new = |it: &EnvironmentEvent| self.status.forgotten.is_none_or(|forgotten| it.at > forgotten);
        let is_fresh =
            |it: &&EnvironmentEvent| it.at >= from && is_new(it) && self.is_of_update(it) && !self.is_known(it);
        let fresh: Vec<_> = recent.filter(is_fresh).cloned().collect();
        if fresh.is_empty() {
            return;
        }
        for event in fresh.into_iter().rev() {
            let place = self.events.partition_point(|known| known.event.at <= event.at);
            self.events.insert(place, Kept::new(event.clone()));
            happened.push(Happened { at: event.at, what: Happening::Event(event) });
        }
        self.forget_events();
        let request_id = self.course.request_id.take();
        self.course = Course::of(self.started, request_id, &self.events);
    }

    fn is_known(&self, event: &EnvironmentEvent) -> bool {
        let from = self.events.partition_point(|known| known.event.at < event.at);
        let same_time = self.events.range(from..).take_while(|known| known.event.at == event.at);
        same_time.into_iter().any(|known| known.event == *event)
    }

    /// Whether an event is of this update, of what it causes, or of what comes after it.
    fn is_of_update(&self, event: &EnvironmentEvent) -> bool {
        match (&self.course.request_id, &event.request_id) {
            (Some(own), Some(other)) => own == other || event.at > self.started,
            _ => true,
        }
    }

    /// Changes of health and instances that come and go are the first to make room.
    fn forget_events(&mut self) {
        while self.events.len() > MOST_EVENTS {
            let place = self.events.iter().position(|kept| !kept.is_structure()).unwrap_or(1);
            let forgotten = self.events.remove(place).map(|kept| kept.event.at);
            // The inventory may have it still: it is not news.
            self.status.forgotten = self.status.forgotten.max(forgotten);
        }
    }

    pub(super) fn see_front(&mut self, snapshot: &Snapshot) {
        if let Some(settings) = snapshot.inventory.settings.get(&self.environment.key) {
            self.rollout = Some(Rollout::of(settings));
        }
        let Some(link) = snapshot.topology.link(&self.environment.key) else { return };
        let groups: Vec<_> = link.groups.iter().map(|group| group.key.clone()).collect();
        // Linking takes a few round trips: what comes to light in the first seconds was there.
        let first = *self.status.first_sight.get_or_insert(snapshot.moment);
        if self.groups_before.is_empty() || snapshot.moment.since(first) < LINKING {
            self.groups_before.clone_from(&groups);
        }
        if let Some(front) = WatchedFront::of(&snapshot.topology, &self.environment.key) {
            self.front = Some(front);
        }
    }

    pub(super) fn see_targets(&mut self, snapshot: &Snapshot, happened: &mut Vec<Happened>) {
        let groups = self.front.as_ref().map_or(&[][..], |front| &front.groups);
        for group in groups {
            let Some(at) = snapshot.reads.read_at(&Source::TargetHealth(group.clone())) else { continue };
            let Some(targets) = snapshot.inventory.targets.get(group) else { continue };
            // A group that came with the update has none but new targets.
            let is_first = self.groups_before.contains(group) && !self.lanes.iter().any(|lane| lane.group == *group);
            let changes = self.lanes.observe(group, targets, at, is_first);
            happened.extend(changes.into_iter().map(|it| Happened { at, what: Happening::Target(it) }));
            let whose = Whose { versions: &self.versions, course: &self.course };
            self.early.observe_targets(&self.lanes, &whose, at);
        }
        let new = self.lanes.iter().filter(|lane| lane.is_new);
        let healthy = new.filter_map(|lane| lane.first(LaneState::Healthy, self.started)).min();
        self.status.updated = self.status.updated.into_iter().chain(healthy).min();
    }

    pub(super) fn see_instances(&mut self, snapshot: &Snapshot) {
        let Some(at) = snapshot.reads.read_at(&Source::InstancesHealth(self.environment.key.clone())) else { return };
        if self.status.instances_looked.is_some_and(|looked| looked == at) {
            return;
        }
        let Some(instances) = snapshot.inventory.instances_health.get(&self.environment.key) else { return };
        self.status.instances_looked = Some(at);
        self.live.observe(instances, at);
        self.see_instance_causes(instances, at);
        self.versions.observe(instances, self.started(), at);
        let through = |it: &&super::versions::InstanceVersion| it.is_deployed();
        let is_updated = |id: &str| self.versions.is_updated(id) == Some(true);
        if self.status.updated.is_none()
            && self.versions.instances.iter().filter(through).any(|it| is_updated(&it.instance))
        {
            self.status.updated = Some(at);
        }
        self.see_strays(at);
        let whose = Whose { versions: &self.versions, course: &self.course };
        let before = self.errors_before();
        self.early.observe_instances(instances, &whose, before, at);
    }

    /// Instances that run something else once the update is through.
    fn see_strays(&mut self, at: Moment) {
        let is_after = self.ended().is_some_and(|ended| at > ended);
        let is_mixed = self.versions.left_behind().next().is_some() || self.versions.mixture().is_some();
        // What settings leave in place was so before.
        let counts = !matches!(self.kind(), UpdateKind::Settings | UpdateKind::Platform);
        self.status.strays = (is_after && is_mixed && counts).then(|| {
            let since = self.status.strays.map_or(at, |(since, _)| since);
            (since, at)
        });
    }

    fn errors_before(&self) -> Tally {
        let first = number(self.started());
        let before = Figures::of(self.minutes.between(first - BASELINE, first));
        Tally { hits: before.target_5xx, of: before.requests }
    }

    pub(super) fn see_minutes(&mut self, snapshot: &Snapshot, happened: &mut Vec<Happened>) {
        let read = snapshot.reads.read_at(&Source::Metrics(self.environment.key.clone(), Measure::Deploy));
        if read.is_some() && read == self.status.metrics_looked {
            return;
        }
        self.status.metrics_looked = read;
        let Some(front) = &self.front else { return };
        let from = number(self.started()) - BASELINE;
        let source = Measures {
            load_balancer: &front.load_balancer,
            groups: &front.groups,
            shared: front.shared,
            from,
            now: snapshot.moment,
        };
        let changed = self.minutes.observe(&snapshot.inventory, &source);
        happened.extend(changed.into_iter().map(|it| Happened { at: snapshot.moment, what: Happening::Metrics(it) }));
    }

    pub(super) fn see_phase(&mut self, snapshot: &Snapshot, happened: &mut Vec<Happened>) {
        let phase = self.current_phase(snapshot);
        if !phase.is_same(&self.phase) {
            happened.push(Happened { at: phase.since, what: Happening::Phase(phase.clone()) });
        }
        self.phase = phase;
    }

    fn current_phase(&self, snapshot: &Snapshot) -> Phase {
        let mut phase = self.course.phase.clone();
        let instances = self.instances();
        let planned = self.rollout.and_then(|it| it.batches_of(instances));
        phase.batches = self.course.batches(instances, self.rollout.map_or(0, |it| it.additional()), planned);
        phase.batches = phase.batches.filter(|_| phase.batch.is_some());
        if let Some(ended) = self.ended() {
            return Phase { step: PhaseStep::Done, since: ended, ..phase };
        }
        if let Some(at) =
            self.status.aborting.filter(|_| !matches!(phase.step, PhaseStep::RollingBack | PhaseStep::Failing))
        {
            return Phase { step: PhaseStep::Aborting, since: at, ..phase };
        }
        if phase.step == PhaseStep::Waiting && self.status.was_updating {
            // An update is checked first; if no event shows what it does, nothing more is known of it.
            let is_silent = snapshot.moment.since(self.started()) >= SILENT;
            phase.step = if is_silent { PhaseStep::Updating } else { PhaseStep::Validating };
        }
        if let Some(split) = self.split(snapshot, &phase) {
            let since = if phase.step == PhaseStep::TrafficSplitting { phase.since } else { snapshot.moment };
            let since = if self.phase.step == PhaseStep::TrafficSplitting { self.phase.since } else { since };
            return Phase { step: PhaseStep::TrafficSplitting, since, split: Some(split), ..phase };
        }
        phase
    }

    /// How many instances are updated.
    pub(super) fn instances(&self) -> u32 {
        let original = self.lanes.original() as u32;
        if original > 0 { original } else { self.course.instances.unwrap_or(self.versions.instances.len() as u32) }
    }

    /// Returns how requests are split, if they are: by the weights of the rules, or by the option settings.
    fn split(&self, snapshot: &Snapshot, phase: &Phase) -> Option<Split> {
        let rollout = self.rollout.filter(|rollout| rollout.policy == Policy::TrafficSplitting)?;
        let weights = self.front.as_ref().map(|front| split::weights(&snapshot.inventory, front)).unwrap_or_default();
        let is_split = weights.len() > 1;
        if !is_split && phase.step != PhaseStep::TrafficSplitting {
            return None;
        }
        let percent = split::new_percent(&weights, &self.groups_before).unwrap_or(rollout.new_version_percent);
        let began =
            self.course.split.or_else(|| (self.phase.step == PhaseStep::TrafficSplitting).then_some(self.phase.since));
        let lasts = Duration::from_mins(u64::from(rollout.evaluation_minutes));
        Some(Split { new_percent: percent, weights, until: began.unwrap_or(snapshot.moment).plus(lasts) })
    }
}
