//! Applies what follows from a key or from news: the one place where it changes the state.

use super::App;
use crate::app::message::Effect;
use crate::app::operations::OperationInputs;
use crate::app::response::{Response, Step};
use crate::app::screens::{EnvironmentView, FleetEventsView, Screen};
use crate::app::state::State;
use crate::model::Source;

impl App {
    /// Applies what follows from a key or from news.
    pub(super) fn respond(&mut self, response: Response) -> Vec<Effect> {
        let mut effects = Vec::new();
        for step in response {
            match step {
                Step::Effect(effect) => effects.push(effect),
                Step::Apply(confirm) => {
                    let State { operations, scopes, setup, .. } = &mut self.state;
                    let known = OperationInputs { snapshot: &scopes.shown().snapshot, setup };
                    let begun = operations.begin(*confirm, known);
                    effects.extend(self.respond(begun));
                }
                Step::StartProbe(environment, run) => {
                    let plan = Box::new(run.target.plan.clone());
                    let id = self.state.probes.begin(environment.clone(), *run);
                    effects.push(Effect::Probe { environment, id, plan });
                }
                Step::Perform(layer, action) => effects.extend(self.perform(layer, action)),
                Step::SwitchScope(scope) => effects.extend(self.switch_scope(scope)),
                Step::Quit => effects.extend(self.quit()),
                step => self.apply_step(step),
            }
        }
        effects
    }

    fn apply_step(&mut self, step: Step) {
        match step {
            Step::Open(screen) => self.state.screens.open(screen),
            Step::OpenIfFree(screen) => self.open_if_free(screen),
            Step::Close(level) => drop(self.state.screens.close(level)),
            Step::Notice(text) => self.notify(text),
            Step::Report(text) => self.report(text),
            Step::Log(text) => self.note(None, text),
            Step::LogFault(fault) => self.note_fault(&fault),
            Step::Redraw => self.changed = true,
            Step::Plan => self.plan(),
            Step::Rebuild => self.rebuild_environment(),
            Step::SetSilences(silences) => {
                self.state.setup.checks.silences = silences;
                self.judge();
                self.rebuild_environment();
            }
            Step::Arrange(change) => {
                self.state.fleet.change(change);
                self.plan();
            }
            Step::FilterSettings(words) => {
                if let Some(view) = self.state.screens.get_mut::<EnvironmentView>() {
                    view.settings.filter = words;
                }
                self.rebuild_environment();
            }
            Step::FilterEvents(words) => {
                if let Some(view) = self.state.screens.get_mut::<FleetEventsView>() {
                    view.filter = words;
                }
            }
            Step::Reread(source) => self.state.poller_mut().expire(&source),
            Step::LookAt(key) => {
                let scope = key.scope;
                let sources = [Source::Environments(scope), Source::Events(scope), Source::Settings(key)];
                sources.iter().for_each(|source| self.state.poller_mut().expire(source));
            }
            Step::RereadSettings(key) => {
                let sources = self.state.sources_of_settings(&key);
                sources.iter().for_each(|source| self.state.poller_mut().expire(source));
                self.rediscover();
            }
            Step::Refresh => {
                self.resume_screen();
                self.state.poller_mut().refresh();
                self.state.poller_mut().request_log.retry_failed();
                self.notify("reading again");
            }
            Step::TogglePause if self.state.paused.is_some() => self.resume_screen(),
            Step::TogglePause => self.state.paused = Some((self.state.now, Vec::new())),
            Step::StopRollback(key, words) => {
                self.report(words.clone());
                self.state.operations.deploys.stopped.insert(key, words);
            }
            Step::TakeUpHttps(key) => self.state.operations.https.take_up(&key),
            Step::ForgetHttps { finished_only } => self.state.operations.https.forget(finished_only),
            Step::EndProbe(environment) => self.state.probes.cancel(&environment, self.state.now),
            Step::Effect(_)
            | Step::Apply(_)
            | Step::Perform(..)
            | Step::StartProbe(..)
            | Step::SwitchScope(_)
            | Step::Quit => {}
        }
    }

    fn open_if_free(&mut self, screen: Screen) {
        if self.state.screens.dialog().is_none() {
            self.state.screens.open(screen);
        }
    }

    /// Quits. A write under way continues in AWS; the user is warned first.
    fn quit(&mut self) -> Vec<Effect> {
        let warning = match &mut self.state.operations.writing {
            Some(writing) if !writing.warned => {
                writing.warned = true;
                format!("{} is under way; the same key again leaves, and the log shows how it ended", writing.what)
            }
            _ => return vec![Effect::Quit],
        };
        self.notify(warning);
        Vec::new()
    }
}
