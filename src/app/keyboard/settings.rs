//! What keys do to settings: the Settings tab, and the keys that edit from anywhere.

use crate::app::action::Action;
use crate::app::application::App;
use crate::app::dialog::{Button, Dialog, Form};
use crate::app::environment::{EnvironmentView, Focus, Tab};
use crate::app::message::Effect;
use crate::app::settings::{Draft, EditIntent};
use crate::change::{Field, Object};
use crate::model::{Environment, Key, TargetGroup, clean};

impl App {
    pub(super) fn act_on_settings(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Undo => return self.ask_undo(),
            Action::Edit => self.edit(),
            Action::Stickiness => self.ask_stickiness(),
            Action::Adopt => self.ask_drift(Self::draft_adoption),
            Action::PutBack => self.ask_drift(Self::draft_put_back),
            Action::Differing => {
                if let Some(view) = self.state.screens.environment_mut() {
                    view.settings.differing = !view.settings.differing;
                }
                self.rebuild_environment();
            }
            Action::Mark => {
                if let Some(view) = self.state.screens.environment_mut() {
                    view.settings.mark();
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// On the Settings tab opens the form of the selection; elsewhere opens the tab.
    pub(super) fn edit(&mut self) {
        if self.state.screens.environment().is_none() {
            let selected = self.state.fleet.selected.clone();
            selected.into_iter().for_each(|key| self.state.screens.open(EnvironmentView::new(key)));
        }
        let Some(view) = self.state.screens.environment() else { return };
        if view.tab != Tab::Settings {
            return self.turn_to(Tab::Settings);
        }
        let Ok(environment) = self.state.current_environment().cloned() else { return };
        let Some(view) = self.state.screens.environment() else { return };
        let Some(field) = view.settings.field().cloned() else { return };
        let fields = match view.settings.chosen() {
            chosen if chosen.len() > 1 || view.settings.marked.len() == 1 => chosen,
            _ => self
                .basis(&environment)
                .fields(&field.object)
                .into_iter()
                .filter(|it| it.key == field.key || it.live.is_some() && is_kin(it, &field))
                .collect(),
        };
        let at = fields.iter().position(|it| it.key == field.key).unwrap_or(0);
        self.fill_in(&environment, fields, at);
    }

    /// The groups that are meant without asking: the selected setting's, or the only one under the selected line.
    fn group_at_hand(&self) -> Option<Key<TargetGroup>> {
        let view = self.state.screens.environment()?;
        match view.tab {
            Tab::Settings => match &view.settings.field()?.object {
                Object::TargetGroup(key) => Some(key.clone()),
                _ => None,
            },
            // The cursor is on a target without the user having put it there.
            _ if view.focus == Focus::Table => None,
            _ => match view.selected_node()?.groups.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
        }
    }

    fn ask_stickiness(&mut self) {
        let Ok(environment) = self.state.current_environment().cloned() else { return };
        let link = self.state.snapshot().topology.link(&environment.key);
        let own = |key: &Key<TargetGroup>| link.is_some_and(|link| link.groups.iter().any(|group| group.key == *key));
        let group = self.group_at_hand().filter(own);
        let title = format!("Stickiness of {}", clean(&environment.name));
        self.wish(&environment, title, EditIntent::Stickiness(group));
    }

    fn ask_drift(&mut self, ask: fn(&mut Self, &Environment, &[Field])) {
        let Ok(environment) = self.state.current_environment().cloned() else { return };
        let Some(view) = self.state.screens.environment() else { return };
        let drifting: Vec<_> = view.settings.chosen().into_iter().filter(Field::drifts).collect();
        ask(self, &environment, &drifting);
    }

    /// Validates the form again.
    pub(in crate::app) fn check_form(&mut self) {
        let Some(Dialog::Form(mut form)) = self.state.screens.take_dialog() else { return };
        if let Some(environment) = self.state.snapshot().inventory.environments.get(&form.environment) {
            form.check(&self.basis(environment));
        }
        self.state.screens.open(Dialog::Form(form));
    }

    /// Enter in the form: on to the confirmation, if it can be so.
    pub(super) fn submit_form(&mut self, form: Box<Form>) {
        let environment = self.state.snapshot().inventory.environments.get(&form.environment).cloned();
        let draft = environment.and_then(|environment| Draft::from_form(&form, &environment));
        if let Some(draft) = draft {
            return self.confirm_draft(draft);
        }
        let is_same = !form.lines.iter().any(crate::app::dialog::FormLine::is_changed);
        self.state.screens.open(Dialog::Form(form));
        self.notify(if is_same { "nothing is changed yet" } else { "this cannot be yet: the line in red says why" });
    }

    /// Switches a confirmation to the other route and plans it again.
    pub(super) fn turn_route(&mut self, forward: bool) {
        let Some(Dialog::Confirm(confirm)) = self.state.screens.dialog_mut() else { return };
        let Some(mut draft) = confirm.draft.clone().filter(|draft| draft.routes.len() > 1) else { return };
        let typed = confirm.typed.clone();
        draft.turn(forward);
        self.confirm_draft(draft);
        if let Some(Dialog::Confirm(confirm)) = self.state.screens.dialog_mut() {
            confirm.typed = typed;
            if confirm.button == Button::Name && confirm.is_named() {
                confirm.button = Button::Cancel;
            }
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
