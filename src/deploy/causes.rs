//! The health causes seen since an update began: which of them are new.

use std::sync::Arc;

use super::cause::Cause;
use crate::model::Moment;

/// The causes of enhanced health that concern the update.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Causes {
    /// The causes that existed at the first reading, and have lasted since: they are from before the update.
    pub old: Option<Vec<Cause>>,
    /// The cause that commands failed.
    pub failed: Option<Arc<str>>,
    /// The cause that the wrong version runs after the end: first seen, last seen, and its text.
    pub wrong: Option<(Moment, Moment, Arc<str>)>,
}

impl Causes {
    /// Adds the causes of the environment, or of its instances, as they were at `at`.
    pub(super) fn observe(&mut self, causes: &[(Cause, Arc<str>)], at: Moment, is_after: bool) {
        let has = |cause: &Cause| causes.iter().any(|(it, _)| it == cause);
        // What vanishes and comes again is new.
        let old = self.old.get_or_insert_with(|| causes.iter().map(|(it, _)| *it).collect());
        old.retain(has);
        let new = |wanted: Cause| causes.iter().find(|(it, _)| *it == wanted).map(|(_, words)| Arc::clone(words));
        // What vanishes again was of an instance that was replaced, or did not last.
        self.failed = new(Cause::CommandFailed).filter(|_| !old.contains(&Cause::CommandFailed));
        self.wrong = new(Cause::WrongVersion).filter(|_| is_after).map(|words| {
            let since = self.wrong.as_ref().map_or(at, |(since, ..)| *since);
            (since, at, words)
        });
    }
}
