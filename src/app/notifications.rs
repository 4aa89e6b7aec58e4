//! Which changes a notification is sent of: an environment begins or ceases to need attention, an alarm goes to ALARM or
//! leaves it. Verdicts of updates come from the updates themselves.
//!
//! What is found at first is no news, and what is unknown changes nothing: there is one notification for each change.

use serde_json::{Map, Value};

use crate::app::screens::fleet::FleetLine;
use crate::app::state::State;
use crate::model::{Alarm, Environment, Key, Map as KeyMap, Source};

/// An object with a `type`, as it is sent.
type Notification = Map<String, Value>;

/// What was known when it was last looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Notifications {
    attention: KeyMap<Key<Environment>, bool>,
    /// The alarms in ALARM, each with its notifications: one for each environment that it concerns.
    alarms: Option<KeyMap<Key<Alarm>, Vec<Notification>>>,
}

impl Notifications {
    /// Returns what has changed, an object each: `type` is `attention` or `alarm`, `state` is `begun` or `ended`, then
    /// `environment`, `environment_id`, `application`, `at` and a `message`; `alarm` is the alarm's name.
    pub fn changed(&mut self, state: &State) -> Vec<Notification> {
        let mut news = self.attention(state);
        news.extend(self.alarms(state));
        news
    }

    fn attention(&mut self, state: &State) -> Vec<Notification> {
        let snapshot = state.snapshot();
        self.attention.retain(|key, _| snapshot.environment(key).is_some());
        let mut news = Vec::new();
        for FleetLine { row, .. } in state.fleet.all() {
            let needs = row.needs_attention();
            if !needs && row.may_need_attention() {
                continue;
            }
            let before = self.attention.insert(row.key.clone(), needs);
            let Some(environment) = snapshot.environment(&row.key).filter(|_| before.is_some_and(|it| it != needs))
            else {
                continue;
            };
            let sentence = state.row_sentence(row).unwrap_or_default();
            news.push(object(state, "attention", needs, environment, &sentence));
        }
        news
    }

    fn alarms(&mut self, state: &State) -> Vec<Notification> {
        let snapshot = state.snapshot();
        if !snapshot.reads.is_whole(&Source::RaisedAlarms(snapshot.scope)) {
            return Vec::new();
        }
        let raised = &snapshot.inventory.raised_alarms;
        // All that is in ALARM at first is the beginning, whether or not it is known by then what it concerns.
        let Some(mut known) = self.alarms.take() else {
            self.alarms = Some(raised.keys().map(|key| (key.clone(), Vec::new())).collect());
            return Vec::new();
        };
        let mut news = Vec::new();
        known.retain(|key, notifications| {
            let is_raised = raised.contains_key(key);
            if !is_raised {
                news.extend(notifications.drain(..).map(|notification| ended(state, notification)));
            }
            is_raised
        });
        for (key, alarm) in raised {
            if !known.contains_key(key) {
                let begun = begun(state, alarm);
                news.extend(begun.iter().cloned());
                known.insert(key.clone(), begun);
            }
        }
        self.alarms = Some(known);
        news
    }
}

/// An alarm that went to ALARM, for each environment that it concerns.
fn begun(state: &State, alarm: &Alarm) -> Vec<Notification> {
    let snapshot = state.snapshot();
    let is_concerned =
        |environment: &&Environment| snapshot.raised_alarms(environment).iter().any(|raised| raised.key == alarm.key);
    let concerned = snapshot.inventory.environments.values().filter(is_concerned);
    let one = |environment| {
        let mut object = object(state, "alarm", true, environment, &format!("{} is in ALARM", alarm.name));
        object.insert("alarm".to_owned(), Value::from(&*alarm.name));
        object
    };
    concerned.map(one).collect()
}

/// The end of what a notification said has begun.
fn ended(state: &State, mut notification: Notification) -> Notification {
    let name = notification.get("alarm").and_then(Value::as_str).unwrap_or_default();
    let message = format!("{name} is not in ALARM any more");
    notification.insert("state".to_owned(), "ended".into());
    notification.insert("at".to_owned(), state.now.to_string().into());
    notification.insert("message".to_owned(), message.into());
    notification
}

fn object(state: &State, kind: &str, begun: bool, environment: &Environment, message: &str) -> Notification {
    let fields = [
        ("type", Value::from(kind)),
        ("state", Value::from(if begun { "begun" } else { "ended" })),
        ("at", Value::from(state.now.to_string())),
        ("environment", Value::from(&*environment.name)),
        ("environment_id", Value::from(&*environment.key.id)),
        ("application", Value::from(&*environment.application)),
        ("message", Value::from(message)),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}
