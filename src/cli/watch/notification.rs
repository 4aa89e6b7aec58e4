//! What is sent to the user's own program about an update: each new verdict, with the names that it needs.

use serde_json::Value;

use crate::cli::desk::Desk;
use crate::deploy::{Happened, VerdictNews, Watch};
use crate::runtime::Notifier;

/// Sends verdicts to the program.
#[derive(Default)]
pub struct VerdictNotifier {
    notifier: Notifier,
    place: Vec<(&'static str, Value)>,
    news: VerdictNews,
}

impl VerdictNotifier {
    /// A program with its arguments; an empty list runs nothing.
    pub fn new(desk: &Desk<'_>, command: Vec<String>) -> Self {
        let text = |it: Option<&str>| it.map_or(Value::Null, Value::from);
        let place =
            vec![("account", text(desk.caller().account.as_deref())), ("region", text(desk.session.region.as_deref()))];
        Self { notifier: Notifier::new(command), place, news: VerdictNews::default() }
    }

    /// Sends the verdicts among the news that differ from the one before, and the final one.
    pub fn notify(&mut self, watch: &Watch, news: &[Happened]) {
        for mut object in self.news.of(watch, news) {
            object.extend(self.place.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            self.notifier.send(format!("{}\n", Value::Object(object)));
        }
    }

    /// Waits until the program has ended, each time within its limit; returns why it failed.
    pub async fn finish(&mut self) -> Vec<String> {
        self.notifier.finish().await
    }
}
