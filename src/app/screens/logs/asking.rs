//! From a key to the instances and back: which are requested, what arrived, what is saved.

use std::sync::Arc;
use std::time::Duration;

use super::{LogView, Logs, LogsAnswer};
use crate::app::hit_map::Pane;
use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::app::scopes::ScopeState;
use crate::app::screens::ScreenStack;
use crate::app::screens::environment::Tab;
use crate::app::state::State;
use crate::model::{Environment, Key, LogTail, Moment, Snapshot, Source};

/// How long to wait until it is known which instances should answer.
const PATIENCE: Duration = Duration::from_secs(4);

impl LogView {
    /// Opens the logs of the environment on screen; they are requested unless there are fresh ones.
    pub(in crate::app) fn open(state: &State) -> Response {
        let why = state.screens.why().map(|view| &view.key);
        let deploy = why.or_else(|| state.screens.deploy().map(|view| &view.key));
        let opened = state.screens.environment().map(|view| &view.key);
        let Some(key) = deploy.or(opened).or(state.fleet.selected.as_ref()).cloned() else { return Response::none() };
        let environment = state.snapshot().inventory.environments.get(&key);
        let name = environment.map_or_else(|| key.id.clone(), |it| it.name.clone());
        let mut view = Self::new(key, name, selected_instance(state));
        let sample = state.logs.kept(&view.key, state.now);
        view.wants = sample.is_none().then_some(state.now);
        state.terminal.hit_map.area(Pane::Log).into_iter().for_each(|area| view.fit_area(area));
        view.show(sample);
        Response::open(view).then(Step::Plan)
    }

    /// The text of all instances, into files beside the user.
    pub(super) fn save(&self, state: &State) -> Response {
        let tails = state.logs.of(&self.key).map(|sample| sample.tails.read.values()).into_iter().flatten();
        let dated = |tail: &LogTail| LogTail { at: tail.at.or(Some(state.now)), ..tail.clone() };
        let tails: Vec<_> = tails.map(dated).collect();
        if tails.is_empty() {
            return Response::none();
        }
        Response::effect(Effect::SaveLogs { name: Arc::clone(&self.name), tails })
    }
}

/// The instance of the target that is selected on the Targets tab.
fn selected_instance(state: &State) -> Option<Arc<str>> {
    let view = state.screens.environment().filter(|view| view.tab == Tab::Targets)?;
    let target =
        view.selected_target().filter(|_| state.screens.deploy().is_none() && state.screens.why().is_none())?;
    Some(Arc::clone(&target.target.id)).filter(|id| id.starts_with("i-"))
}

impl Logs {
    /// Requests the logs that are wanted, as soon as there is a session and it is known which instances should answer.
    pub(in crate::app) fn request(
        &mut self,
        screens: &mut ScreenStack,
        scope: &ScopeState,
        (is_paused, now): (bool, Moment),
    ) -> Response {
        self.forget(screens.logs().map(|view| &view.key), now);
        let Some(view) = screens.get_mut::<LogView>() else { return Response::none() };
        if !can_request(view, scope, is_paused, now) {
            return Response::none();
        }
        view.wants = None;
        let environment = view.key.clone();
        let wanted = instances_of(&scope.snapshot, &environment);
        self.samples.entry(environment.clone()).or_default().ask(wanted.clone(), now);
        view.show(self.of(&environment));
        Response::effect(Effect::AskLogs { environment, wanted }).then(Step::Redraw)
    }

    /// Handles an answer to a request.
    pub(in crate::app) fn answered(
        &mut self,
        reported: LogsAnswer,
        screens: &mut ScreenStack,
        now: Moment,
    ) -> Response {
        let Some(sample) = self.samples.get_mut(&reported.environment) else { return Response::none() };
        sample.take(reported.tails, reported.is_over, now);
        let mut response = Response::none();
        if reported.is_over {
            let faults = sample.fault.iter().chain(&sample.tails.fault).chain(sample.tails.failed.values());
            faults.for_each(|fault| response.push(Step::LogFault(Arc::clone(fault))));
        }
        if let Some(view) = screens.get_mut::<LogView>() {
            view.show(self.of(&view.key));
        }
        response
    }
}

fn can_request(view: &LogView, scope: &ScopeState, is_paused: bool, now: Moment) -> bool {
    let Some(since) = view.wants else { return false };
    let tried = scope.snapshot.reads.get(&view.source()).is_some_and(|it| it.at.is_some() || it.fault.is_some());
    scope.session.is_open() && (tried || is_paused || now.since(since) >= PATIENCE)
}

/// The instances of an environment, by whichever reading is newer.
fn instances_of(snapshot: &Snapshot, key: &Key<Environment>) -> Option<Vec<Arc<str>>> {
    let (inventory, reads) = (&snapshot.inventory, &snapshot.reads);
    let healths = inventory.instances_health.get(key).filter(|healths| !healths.is_empty());
    let of_health = healths.map(|healths| healths.iter().map(|it| Arc::clone(&it.instance.id)).collect());
    let of_resources = inventory.resources.get(key).map(|resources| resources.instances.clone());
    let is_newer =
        reads.read_at(&Source::InstancesHealth(key.clone())) >= reads.read_at(&Source::Resources(key.clone()));
    if is_newer { of_health.or(of_resources) } else { of_resources.or(of_health) }
}
