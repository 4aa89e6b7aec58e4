//! The table of what happens to targets.

use crate::sim::scenario::span::Span;
use serde::Deserialize;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Becomes {
    #[default]
    Failing,
    TimingOut,
    Refusing,
    Draining,
    Registering,
    Terminated,
}

/// Something that happens to some targets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EpisodeSpec {
    pub at: Span,
    pub targets: Vec<usize>,
    pub becomes: Becomes,
    pub code: Option<u16>,
    #[serde(rename = "for")]
    pub lasts: Option<Span>,
    pub every: Option<Span>,
}
