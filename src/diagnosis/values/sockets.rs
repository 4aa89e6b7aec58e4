//! What shows that clients of an environment keep websockets, or fall back to requests that must reach the same target.

use crate::diagnosis::inputs::Inputs;
use crate::model::{Condition, clean};

/// What the path of a library for websockets with a fallback contains.
const FALLBACKS: [&str; 5] = ["/socket.io", "/engine.io", "/sockjs", "/signalr", "/primus"];

/// What shows it; the surest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvidence {
    /// The configuration has the interval of their pings.
    Declared,
    /// A rule that leads to the environment has this path.
    Path(String),
    /// The environment's name: a guess.
    Name,
}

impl SocketEvidence {
    /// Returns whether it is more than a guess.
    pub fn is_sure(&self) -> bool {
        *self != Self::Name
    }

    /// What shows it, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Declared => "the configuration has the interval of its websockets' pings".to_owned(),
            Self::Path(path) => format!("a rule for {} leads to it", clean(path)),
            Self::Name => "its name sounds like websockets, which is a guess".to_owned(),
        }
    }
}

/// Returns what shows that the environment keeps websockets, in what was read; `None` if nothing does.
pub fn socket_evidence(inputs: &Inputs<'_>) -> Option<SocketEvidence> {
    let declared = inputs.declared();
    if declared.ping.is_some() {
        return Some(SocketEvidence::Declared);
    }
    let path = fallback_path(inputs).map(SocketEvidence::Path);
    path.or_else(|| declared.sounds_like_sockets.then_some(SocketEvidence::Name))
}

/// The path of a rule that leads to the environment and is that of a library with a fallback.
fn fallback_path(inputs: &Inputs<'_>) -> Option<String> {
    let listeners = inputs.listeners().unwrap_or_default();
    let rules = listeners.iter().filter_map(|it| inputs.inventory().rules.get(&it.key)).flatten();
    let leads_here = |action: &_| {
        let forwarded = crate::model::forwarded_target_groups(std::slice::from_ref(action));
        forwarded.map(|it| &it.target_group).any(|group| inputs.link.groups.iter().any(|own| own.key == *group))
    };
    let conditions = rules.filter(|rule| rule.actions.iter().any(leads_here)).flat_map(|rule| &rule.conditions);
    let paths = conditions.filter(|it: &&Condition| &*it.field == "path-pattern").flat_map(|it| &it.values);
    let is_fallback = |path: &str| FALLBACKS.iter().any(|library| path.to_ascii_lowercase().contains(library));
    paths.map(std::string::ToString::to_string).find(|path| is_fallback(path))
}
