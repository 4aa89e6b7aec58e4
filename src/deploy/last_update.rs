//! The last update of an environment that is not followed here, as far as its events show it.

use std::sync::Arc;
use std::time::Duration;

use super::event::read;
use super::sign::VerdictSign;
use crate::model::{Environment, EnvironmentEvent, Moment};

/// The last update that an environment's events show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUpdate {
    /// When it began; `None` if the events do not reach back so far.
    pub began: Option<Moment>,
    /// When it ended, and whether Beanstalk calls it successful.
    pub ended: (Moment, bool),
    /// The version that the events name, or the listing.
    pub version: Option<Arc<str>>,
    /// Whether a version was deployed; else settings or the platform were changed.
    pub deploys: bool,
}

impl LastUpdate {
    /// Reads it from events, newest first. `None` if they show the end of none.
    #[must_use]
    pub fn from_events<'a>(
        environment: &Environment,
        events: impl Iterator<Item = &'a EnvironmentEvent> + Clone,
    ) -> Option<Self> {
        let own = events.filter(|it| it.environment.as_ref() == Some(&environment.name));
        let (end, is_well) = own.clone().find_map(|event| match read(event)?.sign {
            VerdictSign::Completed => Some((event, true)),
            VerdictSign::CompletedWithErrors | VerdictSign::Failed => Some((event, false)),
            _ => None,
        })?;
        let id = end.request_id.as_ref()?;
        let of_it = own.filter(|it| it.request_id.as_ref() == Some(id));
        let is_start = |it: &&EnvironmentEvent| read(it).is_some_and(|it| it.sign == VerdictSign::Starting);
        let deployed = ["New application version was deployed", "Failed to deploy application"];
        Some(Self {
            began: of_it.clone().find(is_start).map(|it| it.at),
            ended: (end.at, is_well),
            // The listing names the version that the last update deployed, if that ended well.
            version: of_it
                .clone()
                .find_map(|it| it.version.clone())
                .or_else(|| environment.version.clone().filter(|_| is_well)),
            deploys: of_it.clone().any(|it| deployed.iter().any(|words| it.message.contains(words))),
        })
    }

    /// How long it took, if its beginning is known.
    #[must_use]
    pub fn took(&self) -> Option<Duration> {
        Some(self.ended.0.since(self.began?))
    }

    /// Returns what it did and how it ended, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let what = match (self.deploys, self.version.as_deref()) {
            (true, Some(version)) => format!("deployed {version}"),
            (true, None) => "deployed a version that its events do not name".to_owned(),
            (false, _) => "changed settings or the platform".to_owned(),
        };
        format!("{what}, {}", if self.ended.1 { "completed" } else { "did not end well" })
    }
}
