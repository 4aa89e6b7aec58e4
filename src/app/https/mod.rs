//! HTTPS on the dashboard: what is asked before it, how far it is, and what an earlier run left unfinished.

mod choosing;
mod going;

use std::sync::Arc;

pub use choosing::{Choosing, Page};

use crate::change::https::{Course, Site};
use crate::change::{Consent, Refusal, Standing, Subject, Written};
use crate::model::{Environment, Fault, Key, Moment};

/// What is under way, and what could be gone on with.
#[derive(Clone, Debug, Default)]
pub struct Https {
    /// What is under way, or has just ended.
    pub under_way: Option<UnderWay>,
    /// What earlier runs left unfinished.
    pub offered: Vec<Course>,
}

/// A course under way.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// How far it is.
    pub course: Course,
    /// Whether it goes on by itself; otherwise somebody has to say so.
    pub goes_on: bool,
    /// How the environment stood before this does not count: it may be older than the last step.
    pub since: Option<Moment>,
}

/// The guide for an environment, until there is a course.
#[derive(Clone, Debug)]
pub struct Guide {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// How far it is.
    pub stage: Stage,
}

/// How far the guide is.
#[derive(Clone, Debug)]
pub enum Stage {
    /// It reads what there is.
    Reading,
    /// It makes no sense here, or what there is could not be read: why.
    Ended(String),
    /// It asks.
    Choosing(Box<Choosing>),
}

impl Guide {
    /// So many lines of its text do not fit.
    pub fn fit(&mut self, beyond: usize) {
        if let Stage::Choosing(choosing) = &mut self.stage {
            choosing.beyond = beyond;
            choosing.move_by(0);
        }
    }

    /// Moves the selection.
    pub fn move_by(&mut self, rows: isize) {
        if let Stage::Choosing(choosing) = &mut self.stage {
            choosing.move_by(rows);
        }
    }
}

/// What is to be done about HTTPS.
#[derive(Clone, Debug)]
pub enum HttpsAsked {
    /// Read what it is proposed from.
    Survey(Subject),
    /// Record that it begins.
    SetOut(Box<Course>, Consent),
    /// Do the next step.
    Advance(Box<Course>, Standing, Consent),
    /// Go on from a probe that failed.
    Pass(Box<Course>, Consent),
    /// Record that it is not gone on with.
    Leave(Box<Course>),
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum HttpsTold {
    /// What there is; nothing if the environment is gone.
    Surveyed(Key<Environment>, Result<Option<Box<Site>>, Arc<Fault>>),
    /// It goes on from here; with what was written, if anything was.
    On(Box<Course>, Option<Written>),
    /// This can be taken back.
    Undo(Box<Course>),
    /// Beanpole refused.
    Refused(Refusal),
    /// It is over; or why that could not be recorded.
    Left(Result<(), Arc<str>>),
}
