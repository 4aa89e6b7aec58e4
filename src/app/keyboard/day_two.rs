//! What keys, and the palette, do of the actions of every day: a restart, an instance replaced, other sizes, a session on an
//! instance.

use std::sync::Arc;

use crate::app::action::Action;
use crate::app::application::App;
use crate::app::dialog::{Confirm, Dialog, SizeForm};
use crate::app::message::Errand;
use crate::app::settings::Wish;
use crate::change::{Instances, Operation, Presence, Sizes, Work, unscalable};
use crate::model::{Environment, EnvironmentStatus, clean};

impl App {
    pub(super) fn act_day_two(&mut self, action: Action) {
        match action {
            Action::Restart => self.ask_when_read("Restart", Wish::Restart),
            Action::Scale => self.ask_when_read("Scale", Wish::Scale),
            Action::Replace => self.ask_replace(),
            _ => self.ask_session(),
        }
    }

    /// The environment at hand, if something can be written to it now.
    fn writable(&mut self) -> Option<Environment> {
        let environment = self.environment_at_hand().filter(|_| !self.is_refused())?;
        if environment.status == EnvironmentStatus::Ready {
            return Some(environment);
        }
        let (name, status) = (clean(&environment.name).into_owned(), environment.status.as_str().to_owned());
        self.notify(format!("{name} is {status}: this can be done only while it is Ready"));
        None
    }

    /// What hangs on the environment's settings is asked once they are read.
    fn ask_when_read(&mut self, what: &str, wish: Wish) {
        let Some(environment) = self.writable() else { return };
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
            return self.notify(format!("the settings of {name} are not read; ! tells why"));
        };
        if let Some(refusal) = unscalable(settings) {
            return self.notify(format!("{name}: {refusal}"));
        }
        let form = SizeForm::new(environment, Sizes::of(settings));
        self.state.screens.open(Dialog::Sizes(form));
    }

    /// Enter in the form for the sizes: on to the confirmation, if there may be such.
    pub(super) fn submit_sizes(&mut self, form: SizeForm) {
        let environment = self.state.snapshot().inventory.environments.get(&form.environment).cloned();
        match (form.wanted(), environment) {
            (Ok(to), Some(environment)) => {
                let operation = Operation::of(&environment, Work::Scale { from: form.from, to });
                self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
            }
            (Err(why), _) => {
                self.state.screens.open(Dialog::Sizes(form));
                self.notify(why);
            }
            (Ok(_), None) => self.notify("this environment is not listed any more"),
        }
    }

    /// The instance of the selected target.
    fn instance_at_hand(&mut self) -> Option<Arc<str>> {
        let target = self.state.screens.environment().and_then(|view| view.selected_target());
        let id = target.map(|row| Arc::clone(&row.target.id));
        let instance = id.clone().filter(|id| id.starts_with("i-"));
        if instance.is_none() {
            self.notify(match id {
                Some(id) => format!("{} is no instance", clean(&id)),
                None => "no target is selected".to_owned(),
            });
        }
        instance
    }

    fn ask_replace(&mut self) {
        let Some(environment) = self.writable() else { return };
        let Some(instance) = self.instance_at_hand() else { return };
        let known = Instances::known(&self.state.snapshot().inventory, &environment.key);
        // What is not known here is read just before it is written.
        let presence = known.as_ref().map_or(Presence::Stays, |it| it.presence(&instance));
        let why = match presence {
            Presence::Stays => {
                let last_of = known.and_then(|it| it.last_of(&instance, &environment.name));
                let operation = Operation::of(&environment, Work::Replace { instance, last_of });
                return self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
            }
            Presence::Leaves => "is being terminated already",
            Presence::Gone => "is in no Auto Scaling group of the environment, so nothing would take its place",
        };
        self.notify(format!("{instance} {why}"));
    }

    /// A shell on production can do anything, so that read-only refuses it like a write.
    fn ask_session(&mut self) {
        let why = match () {
            () if self.state.setup.read_only => "read-only: no session is opened",
            () if self.state.setup.simulated.is_some() => "the region is simulated: there is no instance to log in to",
            () => "",
        };
        if !why.is_empty() {
            return self.notify(why);
        }
        let Some(environment) = self.environment_at_hand() else { return };
        let Some(instance) = self.instance_at_hand() else { return };
        self.confirm(&environment, |ground| {
            let errand = Errand::session(&instance, ground.place);
            Confirm::of_session(ground, &instance, errand)
        });
    }
}
