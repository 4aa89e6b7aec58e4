//! The parts of a probe, in the order in which they are carried out.

use super::plan::ProbePlan;

/// A part of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbePart {
    /// One request: whether anything answers, and who.
    First,
    /// Whether a client stays with its target.
    Affinity,
    /// The WebSocket handshake, and a ping.
    Websocket,
    /// The fallbacks of a WebSocket.
    Fallback,
    /// What another origin may do.
    Origin,
    /// How long a quiet WebSocket lives.
    Quiet,
}

impl ProbePart {
    /// All parts, in their order.
    pub const ALL: [Self; 6] =
        [Self::First, Self::Affinity, Self::Websocket, Self::Fallback, Self::Origin, Self::Quiet];

    /// Its name, where what was seen is listed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "answer",
            Self::Affinity => "affinity",
            Self::Websocket => "WebSocket",
            Self::Fallback => "fallback",
            Self::Origin => "other origin",
            Self::Quiet => "quiet socket",
        }
    }

    /// What is probed, in a sentence.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::First => "one request",
            Self::Affinity => "affinity",
            Self::Websocket => "the WebSocket handshake",
            Self::Fallback => "fallbacks",
            Self::Origin => "another origin",
            Self::Quiet => "a quiet WebSocket",
        }
    }

    /// Returns whether a plan has it.
    #[must_use]
    pub fn is_in(self, plan: &ProbePlan) -> bool {
        match self {
            Self::First | Self::Websocket | Self::Fallback => true,
            Self::Affinity => plan.requests > 0,
            Self::Origin => plan.origin.is_some(),
            Self::Quiet => plan.idle.is_some(),
        }
    }
}
