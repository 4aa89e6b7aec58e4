//! Which verdicts of an update a notification is sent of: each that differs from the one before, and the final one.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Happened, Happening, VerdictKind, Watch};

/// The news of one update.
#[derive(Clone, Debug, Default)]
pub struct VerdictNews {
    last: Option<VerdictKind>,
}

impl VerdictNews {
    /// Takes what happened, and returns the verdicts that are news, as the objects that `watch -o jsonl` prints with the names
    /// of the environment, its application and both versions.
    pub fn of(&mut self, watch: &Watch, happened: &[Happened]) -> Vec<Map<String, Value>> {
        let mut news = Vec::new();
        for happened in happened {
            let Happening::Verdict(verdict) = &happened.what else { continue };
            let is_new = self.last != Some(verdict.kind) && verdict.kind != VerdictKind::Unclear;
            if is_new || verdict.is_final {
                self.last = Some(verdict.kind);
                news.push(object(watch, happened));
            }
        }
        news
    }
}

fn object(watch: &Watch, happened: &Happened) -> Map<String, Value> {
    let Ok(Value::Object(mut object)) = serde_json::to_value(happened) else { return Map::new() };
    let (environment, versions) = (watch.environment(), watch.versions());
    let label = |label: &Option<Arc<str>>| label.as_deref().map_or(Value::Null, Value::from);
    let names = [
        ("environment", Value::from(&*environment.name)),
        ("environment_id", Value::from(&*environment.key.id)),
        ("application", Value::from(&*environment.application)),
        ("from", label(&versions.before)),
        ("to", label(&versions.requested)),
    ];
    object.extend(names.map(|(name, value)| (name.to_owned(), value)));
    object
}
