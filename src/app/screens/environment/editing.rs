//! Which settings the form is opened for, and whose stickiness is meant.

use super::view::{EnvironmentView, Focus, Tab};
use crate::app::response::Response;
use crate::app::state::State;
use crate::change::{Field, Object};
use crate::model::{Key, TargetGroup};

impl EnvironmentView {
    /// Opens the form for the marked settings, or for the selected one and those that are shown and changed with it.
    pub(super) fn edit_settings(&self, state: &State) -> Response {
        let environment = state.snapshot().inventory.environments.get(&self.key);
        let (Some(environment), Some(field)) = (environment, self.settings.field()) else { return Response::none() };
        let fields = match self.settings.chosen() {
            chosen if chosen.len() > 1 || self.settings.marked.len() == 1 => chosen,
            _ => {
                let fields = state.plan_inputs(environment).fields(&field.object).into_iter();
                fields.filter(|it| it.key == field.key || it.live.is_some() && is_kin(it, field)).collect()
            }
        };
        let at = fields.iter().position(|it| it.key == field.key).unwrap_or(0);
        state.fill_in(environment, fields, at)
    }

    /// Asks for the change that would end the selected finding.
    pub(super) fn fix(&self, state: &State) -> Response {
        let environment = state.snapshot().inventory.environments.get(&self.key);
        let fix = self.findings.finding().and_then(|finding| finding.fix.as_ref());
        match (environment, fix) {
            (Some(environment), Some(fix)) => state.draft_fix(environment, fix),
            _ => Response::none(),
        }
    }

    /// The target group that is meant without asking: the selected setting's, or the only one under the selected line.
    #[must_use]
    pub fn group_at_hand(&self) -> Option<Key<TargetGroup>> {
        match self.tab {
            Tab::Settings => match &self.settings.field()?.object {
                Object::TargetGroup(key) => Some(key.clone()),
                _ => None,
            },
            // The cursor is on a target without the user having put it there.
            _ if self.focus == Focus::Table => None,
            _ => match self.selected_node()?.groups.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
        }
    }
}

/// Returns whether two settings of an object are shown and changed together: those of one health check, of one cookie.
fn is_kin(one: &Field, other: &Field) -> bool {
    let family = |field: &Field| field.facts.key.split('.').next().unwrap_or_default().to_owned();
    let is_family = matches!(
        &*family(other),
        "stickiness" | "health_check" | "target_group_health" | "access_logs" | "connection_logs" | "health_check_logs"
    );
    one.key == other.key || is_family && family(one) == family(other)
}
