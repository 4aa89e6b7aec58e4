//! The way back to the version before: abort what is under way, wait until the environment is Ready, deploy a label.
//!
//! What to do next follows from what was done so far and how the environment stands, and from nothing else: so a way that
//! was interrupted, even with the program, is gone on with by reading its lines in the log.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::request::{Request, Standing, Subject, ValueChange, Write};
use crate::model::EnvironmentStatus;

/// The word of a step that was begun by somebody who did not live to send it.
pub const UNSENT: &str = "unsent";

/// A step that writes. The waiting between the two is done by whoever polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The update in progress is aborted.
    Abort,
    /// The version is deployed.
    Deploy,
}

/// How far a step is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// Not begun.
    #[default]
    Waiting,
    /// Begun, and its end is not recorded: nobody knows whether AWS took it.
    Begun,
    /// AWS took it.
    Done,
    /// It did not succeed: the word of its outcome.
    Ended(Arc<str>),
}

/// A way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// Its id in the log; given when it is set out on.
    pub id: Option<Arc<str>>,
    /// Of which environment.
    pub subject: Subject,
    /// The version that it leads away from, if that is known.
    pub from: Option<Arc<str>>,
    /// The version that it leads to.
    pub to: Arc<str>,
    /// How far the aborting is.
    pub abort: Progress,
    /// How far the deploying is.
    pub deploy: Progress,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// This is to be written.
    Write(Step, Request),
    /// Nothing, until the environment stands otherwise.
    Wait,
    /// The step was begun and its end was lost: it has to be looked up first.
    LookUp(Step, Request),
    /// The deploy was taken: what follows is an update like any other.
    Arrived,
    /// It cannot go on by itself: this step ended with this word.
    Stranded(Step, Arc<str>),
}

impl WayBack {
    /// The way of this environment to that version.
    #[must_use]
    pub fn new(subject: Subject, from: Option<Arc<str>>, to: Arc<str>) -> Self {
        let (abort, deploy) = (Progress::Waiting, Progress::Waiting);
        Self { id: None, subject, from, to, abort, deploy }
    }

    /// What it changes in the end.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        let (before, after) = (self.from.as_deref().map(str::to_owned), Some(self.to.to_string()));
        vec![ValueChange::new("version_label", before, after)]
    }

    /// What to do, with the environment standing like this.
    #[must_use]
    pub fn next(&self, now: &Standing) -> Next {
        let is_abortable = now.abortable && now.status != EnvironmentStatus::Aborting;
        match (&self.abort, &self.deploy) {
            (_, Progress::Done) => Next::Arrived,
            (_, Progress::Ended(word)) => Next::Stranded(Step::Deploy, Arc::clone(word)),
            (_, Progress::Begun) => Next::LookUp(Step::Deploy, self.request(Step::Deploy, now)),
            (Progress::Ended(word), _) if !is_late(word) => Next::Stranded(Step::Abort, Arc::clone(word)),
            // Whether an abort was taken, or came too late, is all the same once the update is over.
            _ if now.status == EnvironmentStatus::Ready => Next::Write(Step::Deploy, self.request(Step::Deploy, now)),
            (Progress::Begun, _) if is_abortable => Next::LookUp(Step::Abort, self.request(Step::Abort, now)),
            (Progress::Waiting, _) if is_abortable => Next::Write(Step::Abort, self.request(Step::Abort, now)),
            _ => Next::Wait,
        }
    }

    /// Whether nothing more will be written on it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.deploy, Progress::Done | Progress::Ended(_))
            || matches!(&self.abort, Progress::Ended(word) if !is_late(word))
    }

    /// A step as the request that does it.
    #[must_use]
    pub fn request(&self, step: Step, now: &Standing) -> Request {
        let write = match step {
            Step::Abort => Write::Abort,
            Step::Deploy => Write::Deploy { version: Arc::clone(&self.to) },
        };
        Request { subject: self.subject.clone(), write, seen: now.clone(), undoes: None }
    }

    /// Takes in how far a step is.
    pub fn record(&mut self, step: Step, progress: Progress) {
        match step {
            Step::Abort => self.abort = progress,
            Step::Deploy => self.deploy = progress,
        }
    }
}

impl Progress {
    /// From the word of an outcome. A step that wrote nothing because things had changed is to be decided on again, and so
    /// is one that was begun and never sent.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "applied" | "unchanged" => Self::Done,
            "conflict" | UNSENT => Self::Waiting,
            "unknown" => Self::Begun,
            other => Self::Ended(other.into()),
        }
    }
}

/// Whether an abort ended like this because there was nothing left to abort.
fn is_late(word: &str) -> bool {
    word == "refused"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Key, ScopeId};

    fn way() -> WayBack {
        let subject = Subject { key: Key::new(ScopeId(0), "e-1"), name: "web".into(), application: "shop".into() };
        WayBack::new(subject, Some("v2".into()), "v1".into())
    }

    fn standing(status: EnvironmentStatus, abortable: bool) -> Standing {
        Standing { status, version: Some("v2".into()), abortable }
    }

    fn step(next: &Next) -> &str {
        match next {
            Next::Write(Step::Abort, _) => "abort",
            Next::Write(Step::Deploy, _) => "deploy",
            Next::Wait => "wait",
            Next::LookUp(..) => "look up",
            Next::Arrived => "arrived",
            Next::Stranded(..) => "stranded",
        }
    }

    #[test]
    fn it_aborts_waits_and_deploys() {
        let mut way = way();
        let updating = standing(EnvironmentStatus::Updating, true);
        assert_eq!(step(&way.next(&updating)), "abort");
        way.record(Step::Abort, Progress::Done);
        assert_eq!(step(&way.next(&updating)), "wait", "the answer may be older than the abort");
        assert_eq!(step(&way.next(&standing(EnvironmentStatus::Aborting, false))), "wait");
        let ready = standing(EnvironmentStatus::Ready, false);
        let Next::Write(Step::Deploy, request) = way.next(&ready) else { panic!() };
        assert_eq!((request.seen, request.write), (ready.clone(), Write::Deploy { version: "v1".into() }));
        way.record(Step::Deploy, Progress::Done);
        assert_eq!(step(&way.next(&ready)), "arrived");
    }

    #[test]
    fn an_update_that_is_over_or_cannot_be_aborted_is_not() {
        assert_eq!(step(&way().next(&standing(EnvironmentStatus::Ready, false))), "deploy");
        assert_eq!(step(&way().next(&standing(EnvironmentStatus::Updating, false))), "wait");
        assert_eq!(step(&way().next(&standing(EnvironmentStatus::Aborting, true))), "wait");
    }

    #[test]
    fn what_was_begun_and_not_ended_is_looked_up_and_never_repeated() {
        let mut way = way();
        way.record(Step::Abort, Progress::Begun);
        let next = way.next(&standing(EnvironmentStatus::Updating, true));
        assert!(matches!(next, Next::LookUp(Step::Abort, _)), "{next:?}");
        assert_eq!(step(&way.next(&standing(EnvironmentStatus::Aborting, true))), "wait");
        assert_eq!(step(&way.next(&standing(EnvironmentStatus::Ready, false))), "deploy");
        way.record(Step::Deploy, Progress::of("unknown"));
        for status in [EnvironmentStatus::Ready, EnvironmentStatus::Updating] {
            let next = way.next(&standing(status, true));
            assert!(matches!(next, Next::LookUp(Step::Deploy, _)), "{next:?}");
        }
        way.record(Step::Deploy, Progress::of(UNSENT));
        assert_eq!(step(&way.next(&standing(EnvironmentStatus::Ready, false))), "deploy");
    }

    #[test]
    fn a_conflict_is_decided_on_again_and_a_failure_is_not() {
        let ready = standing(EnvironmentStatus::Ready, false);
        let mut way = way();
        way.record(Step::Deploy, Progress::of("conflict"));
        assert_eq!(step(&way.next(&ready)), "deploy");
        way.record(Step::Deploy, Progress::of("failed"));
        assert_eq!(step(&way.next(&ready)), "stranded");
        let mut late = self::way();
        late.record(Step::Abort, Progress::of("refused"));
        assert_eq!(step(&late.next(&ready)), "deploy");
        late.record(Step::Abort, Progress::of("failed"));
        assert_eq!(step(&late.next(&standing(EnvironmentStatus::Updating, true))), "stranded");
    }
}
