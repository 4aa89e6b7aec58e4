//! What keys do in the dialog of a silence.

use tui_input::{Input, InputRequest};

use super::{SilenceForm, SilencePurpose};
use crate::app::action::{Action, Layer};
use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::app::screens::environment::FindingRow;
use crate::app::screens::view::line_of_form;
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::config::Silences;
use crate::diagnosis::{Finding, WhyPage};
use crate::model::Environment;

impl State {
    /// The finding that a silence would be about: the selected one of the Findings tab, or the cause that the why page
    /// names. A finding that is silenced comes with `true`.
    pub(in crate::app) fn finding_at_hand(&self) -> Option<(&Finding, bool)> {
        if let Some(why) = self.screens.why() {
            return why.page.as_ref().and_then(WhyPage::main_finding).map(|finding| (finding, false));
        }
        match self.screens.environment()?.findings.current()? {
            FindingRow::Found(finding) => Some((finding, false)),
            FindingRow::Silenced(finding, _) => Some((finding, true)),
            FindingRow::Open(_) => None,
        }
    }

    /// Shows how writing a silence ended: what is silenced changes at once, or the dialog says why not.
    pub(in crate::app) fn silenced(&self, result: Result<Silences, String>) -> Response {
        let form = self.screens.get::<SilenceForm>();
        match (result, form) {
            (Ok(silences), Some(form)) => {
                let is_begun = matches!(form.purpose, SilencePurpose::Begin { .. });
                let verb = if is_begun { "is silenced" } else { "is silenced no more" };
                let words = format!("{} {verb} in the configuration", form.check);
                Response::close(Level::Dialog).then(Step::SetSilences(silences)).and_notice(words)
            }
            (Ok(silences), None) => Response::step(Step::SetSilences(silences)),
            (Err(why), Some(form)) => {
                let form = SilenceForm { is_written: false, failure: Some(why.clone()), ..form.clone() };
                Response::open(form).then(Step::Log(why))
            }
            (Err(why), None) => Response::report(why),
        }
    }
}

impl SilenceForm {
    /// Opens the dialog on the finding at hand.
    pub(in crate::app) fn open(state: &State, environment: &Environment) -> Response {
        let Some((finding, is_silenced)) = state.finding_at_hand() else { return Response::none() };
        let begin = || SilencePurpose::Begin { reason: Input::default(), is_everywhere: false, is_at_reach: false };
        let silences = &state.setup.checks.silences;
        let covering = silences.covering(finding.check.id, &environment.name).filter(|_| is_silenced);
        let purpose = covering.map_or_else(begin, |silence| {
            let all = state.snapshot().inventory.environments.values().filter(|it| it.key != environment.key);
            let is_covered = |other: &&Environment| silences.covering(finding.check.id, &other.name) == Some(silence);
            let (pattern, reason) = (silence.pattern.to_owned(), silence.reason.to_owned());
            SilencePurpose::End { pattern, reason, others: all.filter(is_covered).count() }
        });
        Response::open(Self::new(environment, finding, purpose))
    }

    /// Writes it, if it is complete and not being written already.
    fn submit(&mut self) -> Response {
        if self.is_written {
            return Response::none();
        }
        match self.planned() {
            Ok(edit) => {
                (self.is_written, self.failure) = (true, None);
                Response::effect(Effect::Silence(edit))
            }
            Err(why) => Response::notice(why),
        }
    }
}

impl View for SilenceForm {
    fn layer(&self) -> Layer {
        Layer::Form
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        match action {
            Action::Open => Some(self.submit()),
            Action::Back => Some(Response::close(Level::Dialog)),
            Action::NextField | Action::PreviousField | Action::PickDown | Action::PickUp => {
                self.turn();
                Some(Response::none())
            }
            _ => None,
        }
    }

    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        if !self.is_written {
            self.handle(request);
        }
        Response::none()
    }

    /// A click goes to a field.
    fn click(&mut self, place: (u16, u16), state: &State) -> Response {
        let SilencePurpose::Begin { is_everywhere, is_at_reach, .. } = &mut self.purpose else {
            return Response::none();
        };
        match line_of_form(place, state) {
            Some(0) => *is_at_reach = false,
            // Once more chooses the other reach.
            Some(_) if *is_at_reach && !self.is_written => *is_everywhere = !*is_everywhere,
            Some(_) => *is_at_reach = true,
            None => {}
        }
        Response::none()
    }
}
