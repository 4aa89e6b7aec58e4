//! What is sent to the user's own program about an update: each new verdict, with the names that it needs.

use serde_json::Value;

use crate::cli::desk::Desk;
use crate::deploy::{Happened, Happening, VerdictKind, Watch};
use crate::runtime::Notifier;

/// Sends verdicts to the program.
#[derive(Default)]
pub struct VerdictNotifier {
    notifier: Notifier,
    place: Vec<(&'static str, Value)>,
    last: Option<VerdictKind>,
}

impl VerdictNotifier {
    /// A program with its arguments; an empty list runs nothing.
    pub fn new(desk: &Desk<'_>, command: Vec<String>) -> Self {
        let text = |it: Option<&str>| it.map_or(Value::Null, Value::from);
        let place =
            vec![("account", text(desk.caller().account.as_deref())), ("region", text(desk.session.region.as_deref()))];
        Self { notifier: Notifier::new(command), place, last: None }
    }

    /// Sends the verdicts among the news that differ from the one before, and the final one.
    pub fn notify(&mut self, watch: &Watch, news: &[Happened]) {
        for happened in news {
            let Happening::Verdict(verdict) = &happened.what else { continue };
            let is_new = self.last != Some(verdict.kind) && verdict.kind != VerdictKind::Unclear;
            if is_new || verdict.is_final {
                self.last = Some(verdict.kind);
                self.notifier.send(self.line(watch, happened));
            }
        }
    }

    /// Waits until the program has ended, each time within its limit; returns why it failed.
    pub async fn finish(&mut self) -> Vec<String> {
        self.notifier.finish().await
    }

    fn line(&self, watch: &Watch, happened: &Happened) -> String {
        let mut value = serde_json::to_value(happened).unwrap_or_default();
        if let Some(line) = value.as_object_mut() {
            let environment = watch.environment();
            let versions = watch.versions();
            let label = |label: &Option<std::sync::Arc<str>>| label.as_deref().map_or(Value::Null, Value::from);
            let own = [
                ("environment", Value::from(&*environment.name)),
                ("environment_id", Value::from(&*environment.key.id)),
                ("application", Value::from(&*environment.application)),
                ("from", label(&versions.before)),
                ("to", label(&versions.requested)),
            ];
            let all = own.into_iter().chain(self.place.iter().cloned());
            line.extend(all.map(|(name, value)| (name.to_owned(), value)));
        }
        format!("{value}\n")
    }
}
