//! HTTPS on the dashboard: the guide, the progress, and what an earlier run left unfinished.

mod choosing;
mod going;

use std::sync::Arc;

pub use choosing::{Choosing, GuidePage};

use crate::app::list::ListState;
use crate::change::Operation;
use crate::model::{Environment, Key, Moment};

/// The operations under way, and those that can be resumed.
#[derive(Clone, Debug, Default)]
pub struct Https {
    /// What is under way, or has just ended.
    pub under_way: Option<UnderWay>,
    /// What earlier runs left unfinished.
    pub offered: Vec<Operation>,
}

/// HTTPS that is set up or taken back.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// How far it is.
    pub operation: Operation,
    /// Whether it continues by itself; otherwise the user has to confirm.
    pub goes_on: bool,
    /// Answers from before this do not count: they may be older than the last step.
    pub since: Option<Moment>,
}

/// The guide for an environment, until something is set up.
#[derive(Clone, Debug)]
pub struct Guide {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// How far it is.
    pub stage: GuideStage,
}

/// How far the guide is.
#[derive(Clone, Debug)]
pub enum GuideStage {
    /// It reads what there is.
    Reading,
    /// It makes no sense here, or what there is could not be read: why.
    Ended(String),
    /// It asks.
    Choosing(Box<Choosing>),
}

impl Guide {
    /// The rows of its page, once it asks.
    pub fn rows_mut(&mut self) -> Option<&mut ListState> {
        if let GuideStage::Choosing(choosing) = &mut self.stage { Some(choosing.rows_mut()) } else { None }
    }

    /// Moves the selection.
    pub fn move_by(&mut self, rows: isize) {
        if let GuideStage::Choosing(choosing) = &mut self.stage {
            choosing.move_by(rows);
        }
    }
}
