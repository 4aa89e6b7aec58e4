//! What somebody should know who does not look at the screen: an environment that begins or ceases to need attention, an
//! alarm that goes to ALARM or leaves it. Verdicts of updates come from the updates themselves.
//!
//! What is found at first is no news, and what is unknown changes nothing: there is one notification for each change.

use serde_json::{Map, Value};

use crate::app::screens::fleet::FleetLine;
use crate::app::state::State;
use crate::model::{Alarm, Environment, Key, Map as KeyMap, Source};

/// What was known when it was last looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Notifications {
    attention: KeyMap<Key<Environment>, bool>,
    alarms: Option<KeyMap<Key<Alarm>, Map<String, Value>>>,
}

impl Notifications {
    /// Returns what has changed, an object each: `type` is `attention` or `alarm`, `state` is `begun` or `ended`, then
    /// `environment`, `environment_id`, `application`, `at` and a `message`; `alarm` is the alarm's name.
    pub fn changed(&mut self, state: &State) -> Vec<Map<String, Value>> {
        let mut news = self.attention(state);
        news.extend(self.alarms(state));
        news
    }

    fn attention(&mut self, state: &State) -> Vec<Map<String, Value>> {
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

    fn alarms(&mut self, state: &State) -> Vec<Map<String, Value>> {
        let snapshot = state.snapshot();
        if !snapshot.reads.is_whole(&Source::RaisedAlarms(snapshot.scope)) {
            return Vec::new();
        }
        let of = |environment: &Environment| {
            let raised = snapshot.raised_alarms(environment).into_iter();
            let one = |alarm: &Alarm| {
                let mut object = object(state, "alarm", true, environment, &format!("{} is in ALARM", alarm.name));
                object.insert("alarm".to_owned(), Value::from(&*alarm.name));
                (alarm.key.clone(), object)
            };
            raised.map(one).collect::<Vec<_>>()
        };
        let now: KeyMap<_, _> = snapshot.inventory.environments.values().flat_map(of).collect();
        let Some(before) = self.alarms.replace(now.clone()) else { return Vec::new() };
        let begun = now.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(_, object)| object.clone());
        let ended = before.iter().filter(|(key, _)| !now.contains_key(*key)).map(|(_, object)| {
            let mut object = object.clone();
            let name = object.get("alarm").and_then(Value::as_str).unwrap_or_default().to_owned();
            object.insert("state".to_owned(), "ended".into());
            object.insert("at".to_owned(), state.now.to_string().into());
            object.insert("message".to_owned(), format!("{name} is not in ALARM any more").into());
            object
        });
        begun.chain(ended).collect()
    }
}

fn object(state: &State, kind: &str, begun: bool, environment: &Environment, message: &str) -> Map<String, Value> {
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
