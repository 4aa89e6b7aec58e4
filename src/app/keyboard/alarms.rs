//! Muting the alarms of an environment: they are read first, then it is confirmed.

use std::sync::Arc;

use crate::app::application::App;
use crate::app::dialog::Confirm;
use crate::app::message::Effect;
use crate::change::{MOST_MUTED, MUTE_RULE_PREFIX, Mute, Operation, Work};
use crate::model::{Environment, EnvironmentAlarms, Fault, Key, MuteRule, clean, counted};

/// The duration in minutes; the command accepts any.
const MINUTES: u32 = 60;

impl App {
    /// Reads the alarms of the environment at hand.
    pub(super) fn ask_alarms(&mut self) -> Vec<Effect> {
        let Ok(environment) = self.state.current_environment().cloned() else { return Vec::new() };
        self.notify(format!("reading the alarms of {} …", clean(&environment.name)));
        vec![Effect::ReadAlarms(Box::new(environment))]
    }

    /// Handles the alarms: asks whether to mute them, or to end that.
    pub(in crate::app) fn alarms_read(&mut self, key: &Key<Environment>, found: Result<EnvironmentAlarms, Arc<Fault>>) {
        let Some(environment) = self.state.snapshot().inventory.environments.get(key).cloned() else { return };
        if self.state.screens.dialog().is_some() {
            return;
        }
        let name = clean(&environment.name).into_owned();
        let found = match found.and_then(|found| found.unread.clone().map_or(Ok(found), Err)) {
            Ok(found) => found,
            Err(fault) => return self.notify(format!("the alarms of {name} cannot be read: {}", fault.sentence())),
        };
        let rule: Arc<str> = format!("{MUTE_RULE_PREFIX}{}", key.id).into();
        if let Some(until) = found.rule.as_ref().and_then(MuteRule::until) {
            let operation = Operation::of(&environment, Work::Unmute { rule, until });
            return self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
        }
        let alarms = found.mutable();
        if alarms.is_empty() {
            return self.notify(format!("no alarm that could be muted looks at {name}"));
        }
        if alarms.len() > MOST_MUTED {
            let many = counted(alarms.len(), "alarm");
            return self.notify(format!("{many} look at {name}: one rule mutes at most {MOST_MUTED}"));
        }
        let description = format!("beanpole: alarms of {}", environment.name).into();
        let mute = Mute { rule, description, alarms, from: self.state.now, minutes: MINUTES };
        let operation = Operation::of(&environment, Work::Mute { mute, replaces: None });
        self.confirm(&environment, |ground| Confirm::of_operation(ground, operation));
    }
}
