//! What keys and clicks do among the events of all environments.

use super::FleetEventsView;
use crate::app::action::{Action, Layer};
use crate::app::hit_map::{Hit, Pane};
use crate::app::response::{Response, Step};
use crate::app::screens::environment::Tab;
use crate::app::screens::{EnvironmentView, FilterField, FilterSubject, Level, View};
use crate::app::state::State;
use crate::model::EnvironmentEvent;

impl FleetEventsView {
    fn events_of<'a>(&self, state: &'a State) -> Vec<&'a EnvironmentEvent> {
        self.events(&state.snapshot().inventory)
    }

    /// Opens the environment of the selected event, at its events.
    fn open(&self, state: &State) -> Response {
        let event = self.selected(&state.snapshot().inventory);
        let environment = event.and_then(|event| state.environment_of_event(event));
        let Some(environment) = environment else { return Response::none() };
        let view = EnvironmentView::on(environment.key.clone(), Tab::Events);
        Response::open(view).then(Step::Rebuild).then(Step::Plan)
    }
}

impl View for FleetEventsView {
    fn layer(&self) -> Layer {
        Layer::FleetEvents
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        Some(match action {
            Action::Open => self.open(state),
            Action::Back if !self.filter.is_empty() => {
                self.filter.clear();
                Response::none()
            }
            Action::Back | Action::Leave => Response::close(Level::FleetEvents).then(Step::Plan),
            Action::Severity => {
                self.timeline.least = self.timeline.least.next();
                Response::none()
            }
            Action::Filter => Response::open(FilterField::new(self.filter.clone(), FilterSubject::FleetEvents)),
            _ => return None,
        })
    }

    fn move_by(&mut self, rows: isize, state: &State) -> Response {
        let events = self.events_of(state);
        self.timeline.move_by(rows, &events);
        Response::none()
    }

    fn page(&mut self) -> usize {
        self.timeline.height.max(1)
    }

    fn click(&mut self, (x, y): (u16, u16), state: &State) -> Response {
        let Some(line) = state.terminal.hit_map.line_at(Pane::FleetEvents, x, y) else { return Response::none() };
        let events = self.events_of(state);
        if self.timeline.click(line, &events) { self.open(state) } else { Response::none() }
    }

    fn fit(&mut self, hit: &Hit) {
        if hit.pane == Pane::FleetEvents {
            self.timeline.height = usize::from(hit.area.height);
        }
    }
}
