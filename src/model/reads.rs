//! How each source was last read: when, whether to its end, and why it cannot be read just now.
//!
//! *Not read* is never *absent*: what is not in the inventory may exist until this records that its source
//! was read whole.

use std::sync::Arc;

use super::{Batch, Covers, Fault, FaultKind, Map, Moment, ReadOutcome, Service, Set, Source};

/// How one source was last read.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// When it was last read with success, a listing perhaps not to its end.
    pub at: Option<Moment>,
    /// When it was last read to its end.
    pub whole_at: Option<Moment>,
    /// Why the last listing broke off after its first pages; gone with the next one that does not.
    pub broke_off: Option<Arc<Fault>>,
    /// Why the last attempt failed, and when; gone with the next success.
    pub fault: Option<(Arc<Fault>, Moment)>,
}

impl Read {
    /// Whether it was read, or refused for a reason that lasts. To be throttled is no answer: nothing may be concluded
    /// from it, and nothing else be asked instead.
    #[must_use]
    pub fn is_tried(&self) -> bool {
        self.at.is_some() || self.fault.as_ref().is_some_and(|(fault, _)| fault.kind != FaultKind::Throttled)
    }
}

/// How each source was last read; none that was never tried.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    reads: Map<Source, Read>,
    /// Those with a fault: few, and looked up for every frame.
    failing: Set<Source>,
}

impl Reads {
    /// How this source was last read; `None` if it was never tried.
    #[must_use]
    pub fn get(&self, source: &Source) -> Option<&Read> {
        self.reads.get(source)
    }

    /// When it was last read with success.
    #[must_use]
    pub fn read_at(&self, source: &Source) -> Option<Moment> {
        self.get(source)?.at
    }

    /// Why it cannot be read just now.
    #[must_use]
    pub fn fault(&self, source: &Source) -> Option<&Arc<Fault>> {
        self.get(source)?.fault.as_ref().map(|(fault, _)| fault)
    }

    /// When it last could not be read, if it cannot be read just now.
    #[must_use]
    pub fn failed_at(&self, source: &Source) -> Option<Moment> {
        self.get(source)?.fault.as_ref().map(|(_, at)| *at)
    }

    /// Why a listing is not whole, as it was last read.
    #[must_use]
    pub fn broke_off(&self, source: &Source) -> Option<&Arc<Fault>> {
        self.get(source)?.broke_off.as_ref()
    }

    /// Whether this was read; of a listing, whether it was read to its end.
    #[must_use]
    pub fn is_whole(&self, source: &Source) -> bool {
        self.get(source).is_some_and(|read| read.at.is_some() && read.broke_off.is_none())
    }

    /// Whether this was read, or refused for a reason that lasts.
    #[must_use]
    pub fn is_tried(&self, source: &Source) -> bool {
        self.get(source).is_some_and(Read::is_tried)
    }

    /// All sources that cannot be read just now, why, and since when; the newest fault first, each source once.
    #[must_use]
    pub fn faults(&self) -> Vec<(&Source, &Arc<Fault>, Moment)> {
        let fault = |source| self.get(source)?.fault.as_ref().map(|(fault, at)| (source, fault, *at));
        let mut faults: Vec<_> = self.failing.iter().filter_map(fault).collect();
        faults.sort_by(|one, other| (other.2, one.0).cmp(&(one.2, other.0)));
        faults
    }

    /// How many sources of a service are denied.
    #[must_use]
    pub fn denied(&self, service: Service) -> usize {
        let is_denied = |source: &&Source| self.fault(source).is_some_and(|fault| fault.kind == FaultKind::Denied);
        self.failing.iter().filter(|source| source.service() == service).filter(is_denied).count()
    }

    /// Notes how a reading ended.
    pub fn note(&mut self, outcome: &ReadOutcome) {
        for source in &outcome.sources {
            match &outcome.result {
                Err(fault) => self.failed(source, outcome.at, fault),
                Ok(Batch { covers: Covers::Partial(fault), .. }) => self.answered_in_part(source, outcome.at, fault),
                Ok(_) => self.answered(source, outcome.at),
            }
        }
    }

    /// Notes that a source was read, to its end.
    pub fn answered(&mut self, source: &Source, at: Moment) {
        self.failing.remove(source);
        self.reads.insert(source.clone(), Read { at: Some(at), whole_at: Some(at), ..Read::default() });
    }

    /// Notes that a listing came, and broke off after its first pages.
    pub fn answered_in_part(&mut self, source: &Source, at: Moment, fault: &Arc<Fault>) {
        self.failing.remove(source);
        let read = self.reads.entry(source.clone()).or_default();
        *read = Read { at: Some(at), whole_at: read.whole_at, broke_off: Some(Arc::clone(fault)), fault: None };
    }

    /// Notes that a source could not be read. What was read before is known still.
    pub fn failed(&mut self, source: &Source, at: Moment, fault: &Arc<Fault>) {
        self.failing.insert(source.clone());
        self.reads.entry(source.clone()).or_default().fault = Some((Arc::clone(fault), at));
    }

    /// Forgets sources that were last tried before this moment: what they were about is long gone.
    pub fn forget_before(&mut self, moment: Moment) {
        let tried_at = |read: &Read| read.at.max(read.fault.as_ref().map(|(_, at)| *at));
        self.reads.retain(|_, read| tried_at(read) >= Some(moment));
        self.failing.retain(|source| self.reads.contains_key(source));
    }
}
