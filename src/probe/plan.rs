//! What a probe sends, and where to.

use std::sync::Arc;
use std::time::Duration;

use super::client::PACE_AT_MOST;
use super::fallback::{FallbackChoice, FallbackReport};
use super::marker::Marker;
use super::stream::Destination;
use super::websocket::USUAL_PATHS;

/// What is probed.
#[derive(Clone, Debug)]
pub struct ProbePlan {
    /// Where to connect to.
    pub destination: Destination,
    /// The host name that is asked for.
    pub host: Arc<str>,
    /// The same with the port, unless that is the usual one: the value of `Host`.
    pub authority: Arc<str>,
    /// The path.
    pub path: String,
    /// The path of the WebSocket; the usual ones are tried without it.
    pub websocket: Option<String>,
    /// Which fallback is looked for.
    pub fallback: FallbackChoice,
    /// How many requests a round of the affinity has.
    pub requests: usize,
    /// What distinguishes the targets.
    pub marker: Option<Marker>,
    /// How long a quiet socket is watched.
    pub idle: Option<Duration>,
    /// An origin to ask for.
    pub origin: Option<String>,
}

impl ProbePlan {
    /// The most requests that it sends, each on a connection of its own.
    #[must_use]
    pub fn most_requests(&self) -> usize {
        let affinity = if self.requests > 0 { 2 * self.requests + 1 } else { 0 };
        let handshakes = self.websocket.as_ref().map_or(USUAL_PATHS.len(), |_| 1);
        let origin = if self.origin.is_some() { 2 } else { 0 };
        let quiet = usize::from(self.idle.is_some());
        1 + affinity + handshakes + FallbackReport::most_requests(self.fallback) + origin + quiet
    }

    /// How long it takes at most, if every request is answered at once.
    #[must_use]
    pub fn longest(&self) -> Duration {
        PACE_AT_MOST * self.most_requests() as u32 + self.idle.unwrap_or_default()
    }

    /// The URL of the first request.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.own_origin(), self.path)
    }

    /// The origin that a page of this host has.
    #[must_use]
    pub fn own_origin(&self) -> String {
        let scheme = if self.destination.server_name.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.authority)
    }
}
