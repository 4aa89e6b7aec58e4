//! The guide to HTTPS, until something is set up: it reads what there is, asks, and shows what would be done.

mod acting;
mod choosing;

use std::sync::Arc;

use crate::model::{Environment, Key};

pub use choosing::{Choosing, GuidePage};

/// The guide for an environment.
#[derive(Clone, Debug)]
pub struct HttpsGuide {
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

impl HttpsGuide {
    /// Turns back a page; false if there is none before.
    fn turn_back(&mut self) -> bool {
        if let GuideStage::Choosing(choosing) = &mut self.stage { choosing.turn_back() } else { false }
    }
}
