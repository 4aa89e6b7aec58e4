//! What keys do in the copy menu, and what it offers.

use tui_input::InputRequest;

use super::{CopyItem, CopyMenu};
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::app::screens::{EnvironmentView, Level, View};
use crate::app::state::State;
use crate::model::clean;

impl CopyMenu {
    /// Returns what can be copied here: of the environment at hand, then of what is selected.
    #[must_use]
    pub fn items_of(state: &State) -> Vec<CopyItem> {
        let item = |letter, name, text: Option<&str>| Some(CopyItem { letter, name, text: text?.to_owned() });
        let snapshot = state.snapshot();
        if let Some(key) = state.unowned_at_hand() {
            let known = snapshot.inventory.load_balancers.get(key);
            let items = [
                item('a', "ALB ARN", Some(&key.id)),
                item('d', "ALB DNS name", known.and_then(|it| it.dns_name.as_deref())),
                item('m', "ALB name", known.map(|it| &*it.name)),
            ];
            return items.into_iter().flatten().collect();
        }
        let environment = state.current_environment().ok();
        let link = environment.and_then(|environment| snapshot.topology.link(&environment.key));
        let balancer = link.and_then(|link| link.load_balancer.as_ref()).map(|(key, _)| key);
        let known = balancer.and_then(|key| snapshot.inventory.load_balancers.get(key));
        let chosen = state.screens.environment().and_then(EnvironmentView::group_at_hand);
        let group = chosen.or_else(|| link.and_then(|link| link.groups.first()).map(|group| group.key.clone()));
        let instance = state.selected_instance().ok();
        let selected = state.selected_text(true);
        let items = [
            item('a', "ALB ARN", balancer.map(|key| &*key.id)),
            item('d', "ALB DNS name", known.and_then(|it| it.dns_name.as_deref())),
            item('g', "target group ARN", group.as_ref().map(|key| &*key.id)),
            item('c', "CNAME", environment.and_then(|it| it.cname.as_deref())),
            item('e', "environment ARN", environment.and_then(|it| it.arn.as_deref())),
            item('n', "environment id", environment.map(|it| &*it.key.id)),
            item('i', "instance id", instance.as_deref()),
            item('s', "selected ARN", selected.as_deref()),
        ];
        let mut found: Vec<CopyItem> = Vec::new();
        for item in items.into_iter().flatten() {
            if found.iter().all(|other| other.text != item.text) {
                found.push(item);
            }
        }
        found
    }

    fn copy(item: &CopyItem) -> Response {
        let copied = Response::close(Level::Dialog).then(Step::Plan);
        copied.and_notice(format!("copied {}", clean(&item.text))).then(Step::Effect(Effect::Copy(item.text.clone())))
    }
}

impl View for CopyMenu {
    fn layer(&self) -> Layer {
        Layer::CopyMenu
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        match action {
            Action::Open => return Some(self.items.get(self.rows.selected()).map_or_else(Response::none, Self::copy)),
            Action::Back => return Some(Response::close(Level::Dialog).then(Step::Plan)),
            Action::PickDown => self.rows.move_by(1),
            Action::PickUp => self.rows.move_by(-1),
            _ => return None,
        }
        Some(Response::none())
    }

    /// A letter copies at once.
    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        let InputRequest::InsertChar(letter) = request else { return Response::none() };
        match (letter, self.items.iter().find(|item| item.letter == letter)) {
            (_, Some(item)) => return Self::copy(item),
            ('j', None) => self.rows.move_by(1),
            ('k', None) => self.rows.move_by(-1),
            _ => {}
        }
        Response::none()
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }
}
