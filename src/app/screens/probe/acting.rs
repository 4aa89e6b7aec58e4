//! What keys do on the screen of a probe.

use super::{ProbeRun, ProbeView};
use crate::app::action::{Action, Layer};
use crate::app::draft::EditIntent;
use crate::app::list::ListState;
use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, PendingIntent, ProbeForm, View};
use crate::app::state::State;
use crate::model::{Environment, clean};
use crate::polling::Question;
use crate::probe::{ProbeOptions, ProbeTarget};

impl ProbeView {
    /// Shows the probe of an environment that there is, and asks for one if there is none that counts.
    pub(in crate::app) fn open(state: &State, environment: &Environment) -> Response {
        let kept = state.probes.of(&environment.key);
        let is_shown = state.screens.probe().is_some();
        let counts = kept.and_then(ProbeRun::record).is_some_and(|record| !record.is_stale(state.now));
        let shown = match kept {
            Some(_) if !is_shown => Response::open(Self::new(environment.key.clone())).then(Step::Plan),
            _ => Response::none(),
        };
        if !is_shown && (counts || kept.is_some_and(ProbeRun::is_under_way)) {
            return shown;
        }
        let title = format!("Probe {}", clean(&environment.name));
        shown.and(PendingIntent::wait(environment, title, EditIntent::Probe))
    }

    /// Asks what is to be probed, once the environment's listeners are read.
    pub(in crate::app) fn ask(state: &State, environment: &Environment) -> Response {
        let options = state.probes.of(&environment.key).map(|run| run.options.clone()).unwrap_or_default();
        Response::open(ProbeForm::new(state, environment, &options))
    }

    /// Begins a probe, and shows it.
    pub(in crate::app) fn begin(state: &State, environment: &Environment, run: ProbeRun) -> Response {
        let shown = match state.screens.probe() {
            Some(_) => Response::none(),
            None => Response::open(Self::new(environment.key.clone())),
        };
        let start = Step::StartProbe(environment.key.clone(), Box::new(run));
        Response::close(Level::Dialog).and(shown).then(start).then(Step::Plan)
    }
}

impl View for ProbeView {
    fn layer(&self) -> Layer {
        Layer::Probe
    }

    /// What the form and the diagnosis need, so that they do not wait.
    fn questions(&self) -> Vec<Question> {
        vec![Question::Settings(self.key.clone())]
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        match action {
            Action::Back | Action::Leave => Some(Response::close(Level::Probe).then(Step::Plan)),
            Action::CancelProbe => {
                let cancel = Step::Effect(Effect::CancelProbe { environment: self.key.clone() });
                Some(Response::step(Step::EndProbe(self.key.clone())).then(cancel))
            }
            _ => None,
        }
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }

    fn move_by(&mut self, rows: isize, _state: &State) -> Response {
        self.rows.scroll_by(rows);
        Response::none()
    }
}

impl State {
    /// Returns whether an environment can be probed: the reason, if it cannot.
    pub(in crate::app) fn probe_obstacle(&self, environment: &Environment) -> Option<String> {
        let target = ProbeTarget::new(self.snapshot(), environment, &ProbeOptions::default());
        target.is_none().then(|| format!("{} has no address: it serves no requests", clean(&environment.name)))
    }
}
