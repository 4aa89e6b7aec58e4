//! The logs of one environment's instances, as far as they have come.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::model::{Fault, LogTail, Moment, Tails};

/// How long a sample is shown again without a new request.
const FRESH: Duration = Duration::from_mins(1);
/// A request without an end is given up after this time.
const LOST: Duration = Duration::from_mins(5);
/// The most text that is kept of an instance, in bytes, and of all together.
const MOST: usize = 2 << 20;
const MOST_OF_ALL: usize = 64 << 20;

/// The result of a request for an environment's logs.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Since when the instances are waited for, if they are.
    pub under_way: Option<Moment>,
    /// When the last request ended.
    pub ended: Option<Moment>,
    /// The instances that should answer, if that is known.
    pub wanted: Option<Vec<Arc<str>>>,
    /// The tails that arrived; during a repeated request, those of the previous one.
    pub tails: Tails,
    /// Why they could not be requested.
    pub fault: Option<Arc<Fault>>,
    /// Whose text was longer than what is kept.
    pub cut: BTreeSet<Arc<str>>,
    /// The instances that have answered the request under way.
    pub answered: BTreeSet<Arc<str>>,
}

impl Sample {
    /// Returns whether the answer is not complete yet.
    #[must_use]
    pub fn is_under_way(&self, now: Moment) -> bool {
        self.under_way.is_some_and(|since| now.since(since) < LOST)
    }

    pub(super) fn is_fresh(&self, now: Moment) -> bool {
        self.fault.is_none() && self.ended.is_some_and(|at| now.since(at) < FRESH)
    }

    /// Returns all known instances, this one first.
    #[must_use]
    pub fn instances(&self, first: Option<&str>) -> Vec<&Arc<str>> {
        let wanted = self.wanted.iter().flatten();
        let all: BTreeSet<_> = wanted.chain(self.tails.read.keys()).chain(self.tails.failed.keys()).collect();
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_by_key(|instance| first != Some(&***instance));
        all
    }

    /// Returns how many instances have not answered yet.
    #[must_use]
    pub fn to_come(&self) -> Option<usize> {
        let wanted = self.wanted.as_ref()?;
        Some(wanted.iter().filter(|instance| !self.answered.contains(*instance)).count())
    }

    /// Requests the tails; those of a previous request are shown until the instances answer.
    pub(super) fn ask(&mut self, wanted: Option<Vec<Arc<str>>>, now: Moment) {
        (self.under_way, self.wanted, self.fault) = (Some(now), wanted, None);
        self.answered.clear();
        self.tails = Tails { read: std::mem::take(&mut self.tails.read), ..Tails::default() };
    }

    pub(super) fn take(&mut self, reported: Result<Tails, Arc<Fault>>, is_over: bool, now: Moment) {
        match reported {
            Ok(tails) => self.take_tails(tails, is_over),
            Err(fault) => self.fault = Some(fault),
        }
        if is_over {
            (self.under_way, self.ended) = (None, Some(now));
        }
    }

    fn take_tails(&mut self, tails: Tails, is_over: bool) {
        let all = tails.read.len().max(self.wanted.as_ref().map_or(1, Vec::len)).max(1);
        let most = MOST.min(MOST_OF_ALL / all);
        for (instance, tail) in tails.read {
            // An instance that answers twice is known already, and its text cut.
            if self.answered.insert(Arc::clone(&instance)) {
                self.keep(instance, tail, most);
            }
        }
        (self.tails.failed, self.tails.silent, self.tails.fault) = (tails.failed, tails.silent, tails.fault);
        if let (true, Some(wanted)) = (is_over, &self.wanted) {
            self.tails.read.retain(|instance, _| wanted.contains(instance));
        }
    }

    fn keep(&mut self, instance: Arc<str>, tail: LogTail, most: usize) {
        let text = tail.newest(most);
        if text.len() < tail.text.len() {
            self.cut.insert(Arc::clone(&instance));
        } else {
            self.cut.remove(&instance);
        }
        self.tails.read.insert(instance, LogTail { text, ..tail });
    }
}
