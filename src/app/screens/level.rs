//! How high the screens lie.

/// How high a screen lies. Of each level one screen is open at most, over those of the levels before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The events of all environments.
    FleetEvents,
    /// One environment.
    Environment,
    /// The update of one.
    Deploy,
    /// Why it is as it is.
    Why,
    /// What a probe from outside sees of it.
    Probe,
    /// The logs of its instances.
    Logs,
    /// What is asked before something is written.
    Dialog,
    /// A list over the screen.
    List,
    /// A text field over the Fleet.
    Field,
}
