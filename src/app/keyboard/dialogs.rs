//! What keys do on the Deploy screen, in the picker of versions and in confirmations.

use tui_input::InputRequest;

use crate::app::action::Action;
use crate::app::application::App;
use crate::app::deploys::DeployView;
use crate::app::dialog::{Button, Confirm, ConfirmInputs, Dialog, GroupPicker, Picker};
use crate::app::https::GuideStage;
use crate::app::list::ListState;
use crate::app::message::Effect;
use crate::app::screens::Screen;
use crate::app::settings::EditIntent;
use crate::change::{EnvironmentState, Operation, Subject, Work};
use crate::config::Chord;
use crate::model::{Environment, clean};

impl App {
    /// Opens the Deploy screen of the environment that is open, or selected.
    pub(super) fn open_deploy(&mut self) {
        let opened = self.state.screens.environment().map(|view| view.key.clone());
        if let Some(key) = opened.or_else(|| self.state.fleet.selected.clone()) {
            self.state.screens.open(DeployView { key, lanes: ListState::default() });
            self.observe_deploys();
            self.plan();
        }
    }

    pub(super) fn pick_version(&mut self) {
        let Ok(environment) = self.state.current_environment().cloned() else { return };
        self.state.screens.open(Dialog::Versions(Picker::new(&environment)));
        self.plan();
    }

    pub(super) fn ask_abort(&mut self) {
        let Ok(environment) = self.state.current_environment().cloned() else { return };
        let operation = Operation::of(&environment, Work::Abort);
        self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
    }

    pub(in crate::app) fn confirm(
        &mut self,
        environment: &Environment,
        make: impl FnOnce(&ConfirmInputs<'_>) -> Confirm,
    ) {
        let scope = self.state.setup.scopes.get(self.state.setup.scope).cloned().unwrap_or_default();
        let region = self.state.session().facts.region.clone().or(scope.region);
        let named = [("profile", scope.profile), ("region", region), ("endpoint-url", scope.endpoint)];
        let place: Vec<_> = named.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        let ground = ConfirmInputs {
            snapshot: self.state.snapshot(),
            environment,
            production: self.state.setup.is_production(&environment.name),
            place: &place,
        };
        let confirm = make(&ground);
        self.state.screens.open(Dialog::Confirm(Box::new(confirm)));
    }

    /// Makes the confirmation on screen again from the present state: its plan may have become invalid, or valid again.
    pub(in crate::app) fn confirm_again(&mut self) {
        let Some(Dialog::Confirm(old)) = self.state.screens.take_dialog() else { return };
        let key = old.draft.as_ref().map(|it| &it.environment).or(old.made_of.as_ref().map(|it| &it.subject.key));
        let environment = key.and_then(|key| self.state.snapshot().inventory.environments.get(key).cloned());
        match (environment, &old.draft, &old.made_of) {
            (Some(_), Some(draft), _) => self.confirm_draft(draft.clone()),
            (Some(environment), None, Some(operation)) => {
                let operation = operation.anew(&environment);
                self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
            }
            _ => {}
        }
        let Some(Dialog::Confirm(confirm)) = self.state.screens.dialog_mut() else {
            self.state.screens.open(Dialog::Confirm(old));
            return;
        };
        if confirm.replace(&old) {
            self.changed = true;
            self.notify("the live values have changed: planned again");
        }
    }

    /// Enter, in a dialog.
    pub(super) fn choose_in_dialog(&mut self) -> Vec<Effect> {
        match self.state.screens.take_dialog() {
            Some(Dialog::Versions(picker)) => self.choose_version(picker),
            Some(Dialog::Confirm(mut confirm)) => match confirm.button {
                Button::Cancel => self.notify("nothing was written"),
                Button::Name => {
                    confirm.turn();
                    self.state.screens.open(Dialog::Confirm(confirm));
                }
                Button::Apply if confirm.intent.is_none() => {
                    let why = confirm.obstacle.clone().unwrap_or_else(|| "the text says why".to_owned());
                    self.state.screens.open(Dialog::Confirm(confirm));
                    self.notify(format!("cannot be applied: {why}"));
                }
                Button::Apply if confirm.is_named() => return self.apply(*confirm),
                Button::Apply => {
                    let wanted = confirm.wanted.clone().unwrap_or_default();
                    confirm.button = Button::Name;
                    let why = if confirm.is_production { "this is production: " } else { "" };
                    self.state.screens.open(Dialog::Confirm(confirm));
                    self.notify(format!("{why}type {} first", clean(&wanted)));
                }
            },
            Some(Dialog::Palette(palette)) => return self.choose_action(palette),
            Some(Dialog::InstanceLimits(form)) => self.submit_sizes(form),
            Some(Dialog::Groups(picker)) => self.choose_group(&picker),
            Some(Dialog::Form(form)) => self.submit_form(form),
            Some(Dialog::Https(guide)) => self.choose_in_guide(guide),
            Some(Dialog::Conflict(conflict)) => self.look_anew(*conflict),
            // Enter chooses nothing that is not there yet.
            Some(kept @ (Dialog::Progress | Dialog::Waiting(_) | Dialog::Rollback(_))) => self.state.screens.open(kept),
            None => {}
        }
        Vec::new()
    }

    fn choose_group(&mut self, picker: &GroupPicker) {
        let environment = self.state.snapshot().inventory.environments.get(&picker.environment).cloned();
        let chosen = picker.choices.get(picker.rows.selected()).map(|(_, key)| key.clone());
        if let (Some(environment), Some(_)) = (environment, &chosen) {
            self.wish(
                &environment,
                format!("Stickiness of {}", clean(&environment.name)),
                EditIntent::Stickiness(chosen),
            );
        }
    }

    fn choose_version(&mut self, picker: Picker) {
        let chosen = picker.shown(&self.state.snapshot().inventory).and_then(|shown| {
            shown.get(picker.rows.selected()).map(|version| (version.label.clone(), version.status.clone()))
        });
        let environment = self.state.snapshot().inventory.environments.get(&picker.environment).cloned();
        let (Some((label, status)), Some(environment)) = (chosen, environment) else {
            self.state.screens.open(Dialog::Versions(picker));
            return;
        };
        if let Some(why) = crate::model::ApplicationVersion::obstacle(status.as_ref()) {
            self.state.screens.open(Dialog::Versions(picker));
            return self.notify(format!("{} cannot be deployed: {why}", clean(&label)));
        }
        if let Some(rollback) = picker.rollback {
            let (subject, seen) = (Subject::from(&environment), EnvironmentState::from(&environment));
            let operation = Operation::rollback(subject, seen, rollback.from, label);
            return self.confirm(&environment, |ground| Confirm::of_rollback(ground, operation));
        }
        let operation = Operation::deploy(&environment, label);
        self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
    }

    /// Esc, in a dialog: from a confirmation back to the form that it was filled in on.
    pub(super) fn leave_dialog(&mut self) {
        if let Some(Dialog::Https(guide)) = self.state.screens.dialog_mut()
            && let GuideStage::Choosing(choosing) = &mut guide.stage
            && choosing.turn_back()
        {
            return;
        }
        let left = self.state.screens.take_dialog();
        if matches!(left, Some(Dialog::Progress)) {
            self.close_progress();
        }
        if let Some(Dialog::Confirm(confirm)) = &left
            && let Some(form) = confirm.draft.as_ref().and_then(|draft| draft.form.clone())
        {
            self.state.screens.open(Dialog::Form(form));
        }
        self.plan();
    }

    pub(super) fn act_in_dialog(&mut self, action: Action) -> Vec<Effect> {
        match (self.state.screens.dialog_mut(), action) {
            (Some(Dialog::Confirm(confirm)), Action::NextButton | Action::OtherButton) => confirm.turn(),
            (Some(Dialog::Confirm(confirm)), Action::CopyCommand) => {
                let commands = confirm.commands.join("\n");
                self.notify("copied the aws commands");
                return vec![Effect::Copy(commands)];
            }
            (Some(Dialog::Versions(picker)), Action::PickDown) => picker.rows.move_by(1),
            (Some(Dialog::Versions(picker)), Action::PickUp) => picker.rows.move_by(-1),
            (Some(Dialog::Palette(palette)), Action::PickDown) => palette.rows.move_by(1),
            (Some(Dialog::Palette(palette)), Action::PickUp) => palette.rows.move_by(-1),
            (Some(Dialog::InstanceLimits(form)), _) => form.turn(),
            (Some(Dialog::Form(form)), Action::PickDown | Action::NextField) => form.move_by(1),
            (Some(Dialog::Form(form)), Action::PickUp | Action::PreviousField) => form.move_by(-1),
            (Some(Dialog::Confirm(confirm)), Action::ScrollDown) => confirm.text.scroll_by(5),
            (Some(Dialog::Confirm(confirm)), Action::ScrollUp) => confirm.text.scroll_by(-5),
            (Some(Dialog::Confirm(_)), Action::PickDown | Action::PickUp) => {
                self.turn_route(action == Action::PickDown);
            }
            _ => {}
        }
        Vec::new()
    }

    /// A key that is no action goes into the field of the dialog, or of the logs.
    pub(super) fn type_in_dialog(&mut self, chord: Chord) {
        let Some(request) = super::fields::request(chord) else { return };
        self.handle_in_dialog(request);
    }

    pub(super) fn handle_in_dialog(&mut self, request: InputRequest) {
        if let Some(Screen::Logs(view)) = self.state.screens.top_mut() {
            return view.type_search(request);
        }
        match self.state.screens.dialog_mut() {
            Some(Dialog::Versions(picker)) => {
                picker.input.handle(request);
                picker.rows.select(0);
            }
            Some(Dialog::Palette(palette)) => {
                palette.input.handle(request);
                palette.rows.select(0);
            }
            Some(Dialog::InstanceLimits(form)) => form.handle(request),
            Some(Dialog::Confirm(confirm)) if confirm.button == Button::Name => {
                confirm.typed.handle(request);
            }
            Some(Dialog::Form(form)) => {
                form.handle(request);
                self.check_form();
            }
            _ => {}
        }
    }

    /// The report of the update on screen, to a file.
    pub(super) fn save_report(&mut self) -> Vec<Effect> {
        let now = self.state.shown_at();
        let Some(watch) = self.state.watch_on_screen() else { return Vec::new() };
        let stamp = watch.started().0.strftime("%Y%m%dT%H%M%SZ");
        let name = format!("{}-{stamp}", watch.environment().name);
        vec![Effect::SaveReport {
            name,
            markdown: crate::deploy::markdown(watch, now),
            json: crate::deploy::record(watch, now).to_string(),
        }]
    }
}
