//! What keys and clicks do in the list of load balancers without an environment.

use super::UnownedBalancers;
use crate::app::action::{Action, Layer};
use crate::app::hit_map::{Click, HitMap, Pane};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::view::select_or_close;
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::model::{Key, LoadBalancer};
use crate::polling::Question;

impl View for UnownedBalancers {
    fn layer(&self) -> Layer {
        Layer::Unowned
    }

    fn questions(&self) -> Vec<Question> {
        self.balancers.iter().cloned().map(Question::Balancer).collect()
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        let closes = matches!(action, Action::Back | Action::Leave);
        closes.then(|| Response::close(Level::List).then(Step::Plan))
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }

    /// A click beside it closes it.
    fn click(&mut self, place: (u16, u16), state: &State) -> Response {
        select_or_close(&mut self.rows, place, state).then(Step::Plan)
    }
}

impl UnownedBalancers {
    /// Returns the load balancer that the selected line is of, by where the last frame drew it.
    #[must_use]
    pub fn at_hand<'a>(&'a self, hit_map: &HitMap) -> Option<&'a Key<LoadBalancer>> {
        let area = hit_map.area(Pane::List)?;
        let line = self.rows.selected().checked_sub(self.rows.scroll())?;
        let y = area.y + u16::try_from(line).ok()?;
        let spot = hit_map.spots().iter().find(|spot| spot.area.line_at(area.x, y).is_some())?;
        let Click::Line(place) = spot.click else { return None };
        self.balancers.get(place)
    }
}
