//! Everyday actions, by keys and palette: a restart, the replacement of an instance, other limits, a session on an
//! instance.

use crate::app::action::Action;
use crate::app::application::App;
use crate::app::dialog::{Confirm, Dialog, InstanceLimitsForm};
use crate::app::message::ExternalCommand;
use crate::app::settings::EditIntent;
use crate::change::{InstanceLimits, Instances, Operation, Work, unscalable};
use crate::model::{Environment, clean};

impl App {
    pub(super) fn act_day_two(&mut self, action: Action) {
        match action {
            Action::Restart => self.ask_when_read("Restart", EditIntent::Restart),
            Action::Scale => self.ask_when_read("Scale", EditIntent::Scale),
            Action::Replace => self.ask_replace(),
            _ => self.ask_session(),
        }
    }

    /// Opens a dialog that depends on the environment's settings once they are read.
    fn ask_when_read(&mut self, what: &str, wish: EditIntent) {
        let Ok(environment) = self.state.current_environment().cloned() else { return };
        self.wish(&environment, format!("{what} {}", clean(&environment.name)), wish);
    }

    pub(in crate::app) fn ask_restart(&mut self, environment: &Environment) {
        let operation = Operation::of(environment, Work::Restart);
        self.confirm(environment, |ground| Confirm::of_operation(ground, operation));
    }

    /// Opens the form for the sizes, on those that its options set.
    pub(in crate::app) fn fill_in_sizes(&mut self, environment: &Environment) {
        let name = clean(&environment.name).into_owned();
        let Some(settings) = self.state.snapshot().inventory.settings.get(&environment.key) else {
            let why = self.state.keyed("{log} shows why");
            return self.notify(format!("the settings of {name} are not read; {why}"));
        };
        if let Some(refusal) = unscalable(settings) {
            return self.notify(format!("{name}: {refusal}"));
        }
        let form = InstanceLimitsForm::new(environment, InstanceLimits::of(settings));
        self.state.screens.open(Dialog::InstanceLimits(form));
    }

    /// Enter in the form for the sizes: on to the confirmation, if there may be such.
    pub(super) fn submit_sizes(&mut self, form: InstanceLimitsForm) {
        let environment = self.state.snapshot().inventory.environments.get(&form.environment).cloned();
        match (form.wanted(), environment) {
            (Ok(to), Some(environment)) => {
                let operation = Operation::of(&environment, Work::Scale { from: form.from, to });
                self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
            }
            (Err(why), _) => {
                self.state.screens.open(Dialog::InstanceLimits(form));
                self.notify(why);
            }
            (Ok(_), None) => self.notify("this environment is not listed any more"),
        }
    }

    fn ask_replace(&mut self) {
        let Ok(environment) = self.state.current_environment().cloned() else { return };
        let Ok(instance) = self.state.selected_instance() else { return };
        let known = Instances::known(&self.state.snapshot().inventory, &environment.key);
        let last_of = known.and_then(|it| it.last_of(&instance, &environment.name));
        let operation = Operation::of(&environment, Work::Replace { instance, last_of });
        self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
    }

    fn ask_session(&mut self) {
        let Ok(environment) = self.state.current_environment().cloned() else { return };
        let Ok(instance) = self.state.selected_instance() else { return };
        self.confirm(&environment, |ground| {
            let external_command = ExternalCommand::session(&instance, ground.place);
            Confirm::of_session(ground, &instance, external_command)
        });
    }
}
