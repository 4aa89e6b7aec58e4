//! Overrides of the values that objects were created with, each from a time on, and the updates that wrote them.

/// The object whose value was overridden, by its place in the region's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Group(usize),
    Balancer(usize),
    Listener(usize, usize),
    /// The Auto Scaling group of an environment.
    Scaling(usize),
}

/// A value; the key is an attribute's, or a field's: `health_check.path`, `policy`. Scenario time.
#[derive(Clone, Debug)]
pub struct Override {
    pub at: i64,
    pub on: On,
    pub key: String,
    pub value: String,
}

/// A change of an environment's options, from its beginning to its end; scenario time.
#[derive(Clone, Debug)]
pub struct Configured {
    pub begun: i64,
    pub ended: i64,
    /// It failed or was aborted.
    pub aborted: bool,
    pub failed: bool,
    /// Namespace, name and value; none: it is unset.
    pub options: Vec<(String, String, Option<String>)>,
    pub overrides: Vec<Override>,
    /// What the rollback of a failure writes to what the update had changed: the previous options, and not what was live
    /// (`CloudFormation` guide, drift-aware change sets).
    pub rolled_back: Vec<Override>,
}

impl Configured {
    /// When it changed the sizes of the Auto Scaling group, if it did.
    pub(super) fn lands(&self) -> Option<i64> {
        let sizes = self.overrides.iter().filter(|it| matches!(it.on, On::Scaling(_)));
        sizes.map(|it| it.at).min().filter(|_| !self.aborted)
    }
}
