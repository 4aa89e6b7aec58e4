//! From a key to the instances and back: which are requested, what arrived, what is saved.

use std::sync::Arc;
use std::time::Duration;

use super::{LogView, LogsAnswer};
use crate::app::application::App;
use crate::app::environment::Tab;
use crate::app::hit_map::Pane;
use crate::app::message::Effect;
use crate::app::scopes::ScopeState;
use crate::app::state::State;
use crate::model::{Environment, Key, LogTail, Source};

/// How long to wait until it is known which instances should answer.
const PATIENCE: Duration = Duration::from_secs(4);

impl App {
    /// Opens the logs of the environment on screen.
    pub(in crate::app) fn open_logs(&mut self) {
        let deploy = self.state.screens.deploy().map(|view| &view.key);
        let opened = self.state.screens.environment().map(|view| &view.key);
        let Some(key) = deploy.or(opened).or(self.state.fleet.selected.as_ref()).cloned() else { return };
        let name =
            self.state.snapshot().inventory.environments.get(&key).map_or_else(|| key.id.clone(), |it| it.name.clone());
        let mut view = LogView::new(key, name, self.selected_instance());
        let State { logs, screens, hit_map, now, .. } = &mut self.state;
        logs.forget(Some(&view.key), *now);
        view.wants = (!logs.samples.contains_key(&view.key)).then_some(*now);
        hit_map.area(Pane::Log).into_iter().for_each(|area| view.fit(area));
        screens.open(view);
        logs.show(screens.logs_mut());
        self.plan();
    }

    /// The instance of the target that is selected on the Targets tab.
    fn selected_instance(&self) -> Option<Arc<str>> {
        let view = self.state.screens.environment().filter(|view| view.tab == Tab::Targets)?;
        let target = view.selected_target().filter(|_| self.state.screens.deploy().is_none())?;
        Some(Arc::clone(&target.target.id)).filter(|id| id.starts_with("i-"))
    }

    /// Requests the logs of the instances again.
    pub(in crate::app) fn request_logs_again(&mut self) {
        let now = self.state.now;
        if let Some(view) = self.state.screens.logs_mut() {
            view.wants = Some(now);
        }
    }

    /// Requests the logs that are wanted, as soon as there is a session and it is known which instances should answer.
    pub(in crate::app) fn ask_logs(&mut self) -> Vec<Effect> {
        let now = self.state.now;
        let State { logs, screens, .. } = &mut self.state;
        logs.forget(screens.logs().map(|view| &view.key), now);
        if !self.can_ask_logs() {
            return Vec::new();
        }
        let Some(view) = self.state.screens.logs_mut() else { return Vec::new() };
        view.wants = None;
        let environment = view.key.clone();
        let wanted = self.instances_of(&environment);
        self.state.logs.samples.entry(environment.clone()).or_default().ask(wanted.clone(), now);
        self.show_logs();
        self.look_again();
        vec![Effect::AskLogs { environment, wanted }]
    }

    fn can_ask_logs(&self) -> bool {
        let State { screens, scopes, paused, now, .. } = &self.state;
        let ScopeState { session, snapshot, .. } = scopes.shown();
        let Some((view, since)) = screens.logs().and_then(|view| Some((view, view.wants?))) else { return false };
        let tried = snapshot.reads.get(&view.source()).is_some_and(|it| it.at.is_some() || it.fault.is_some());
        session.is_open() && (tried || paused.is_some() || now.since(since) >= PATIENCE)
    }

    /// The instances of an environment, by whichever reading is newer.
    fn instances_of(&self, key: &Key<Environment>) -> Option<Vec<Arc<str>>> {
        let (inventory, reads) = (&self.state.snapshot().inventory, &self.state.snapshot().reads);
        let healths = inventory.instances_health.get(key).filter(|healths| !healths.is_empty());
        let of_health = healths.map(|healths| healths.iter().map(|it| Arc::clone(&it.instance.id)).collect());
        let of_resources = inventory.resources.get(key).map(|resources| resources.instances.clone());
        let is_newer =
            reads.read_at(&Source::InstancesHealth(key.clone())) >= reads.read_at(&Source::Resources(key.clone()));
        if is_newer { of_health.or(of_resources) } else { of_resources.or(of_health) }
    }

    /// Handles an answer to a request.
    pub(in crate::app) fn take_logs(&mut self, reported: LogsAnswer) -> Vec<Effect> {
        let now = self.state.now;
        let Some(sample) = self.state.logs.samples.get_mut(&reported.environment) else { return Vec::new() };
        sample.take(reported.tails, reported.is_over, now);
        if reported.is_over {
            let faults = sample.fault.iter().chain(&sample.tails.fault).chain(sample.tails.failed.values());
            faults.cloned().collect::<Vec<_>>().iter().for_each(|fault| self.note_fault(fault));
        }
        self.show_logs();
        Vec::new()
    }

    fn show_logs(&mut self) {
        let State { logs, screens, .. } = &mut self.state;
        logs.show(screens.logs_mut());
    }

    /// Closes the screen.
    pub(in crate::app) fn leave_logs(&mut self) {
        drop(self.state.screens.take_logs());
        self.plan();
    }

    /// To the next instance, or the one before.
    pub(in crate::app) fn turn_log(&mut self, forward: bool) {
        let State { logs, screens, .. } = &mut self.state;
        let Some(view) = screens.logs_mut() else { return };
        if let Some(sample) = logs.samples.get(&view.key) {
            view.turn(sample, forward);
        }
    }

    /// The text of all instances, into files beside the user.
    pub(in crate::app) fn save_logs(&mut self) -> Vec<Effect> {
        let now = self.state.now;
        let tails = self.state.logs_on_screen().map(|sample| sample.tails.read.values()).into_iter().flatten();
        let dated = |tail: &LogTail| LogTail { at: tail.at.or(Some(now)), ..tail.clone() };
        let tails: Vec<_> = tails.map(dated).collect();
        match self.state.screens.logs() {
            Some(view) if !tails.is_empty() => vec![Effect::SaveLogs { name: Arc::clone(&view.name), tails }],
            _ => Vec::new(),
        }
    }

    /// The files were written, or not.
    pub(in crate::app) fn logs_saved(&mut self, saved: Result<String, String>) -> Vec<Effect> {
        self.say(match saved {
            Ok(files) => format!("saved {files}"),
            Err(why) => format!("not all logs could be saved: {why}"),
        });
        Vec::new()
    }
}
