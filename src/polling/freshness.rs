//! Whether a value can still be relied on: it can while its last read succeeded and is younger than five cadences.
//!
//! A throttled read is repeated within a cadence or two, so that it raises no doubt before the
//! value is old. While a service does not answer at all, everything that was read from it is in doubt, even what was not
//! requested again.

use std::time::Duration;

use super::{Cadences, Poller};
use crate::model::{Doubt, DoubtCause, Fault, FaultKind, Moment, Reads, Reliability, Service, Source};

/// A value that is older than so many cadences cannot be relied on.
const CADENCES: u32 = 5;

/// Decides which values can be relied on at a moment.
#[derive(Clone, Copy)]
pub struct Freshness<'a> {
    /// How each source was last read.
    pub reads: &'a Reads,
    /// How the services do, and since when sources are shown.
    pub poller: &'a Poller,
    /// How old each kind may become.
    pub cadences: &'a Cadences,
    /// Why nothing can be read at all, if there is no session.
    pub lost: Option<&'a Fault>,
    /// The moment.
    pub now: Moment,
    /// Whether values grow old: those of a command do not, which reads everything once.
    pub is_lasting: bool,
}

impl Reliability for Freshness<'_> {
    fn now(&self) -> Moment {
        self.now
    }

    fn doubt(&self, source: &Source) -> Option<Doubt> {
        self.doubt_if(source, true)
    }

    fn doubt_of_entry(&self, source: &Source) -> Option<Doubt> {
        self.doubt_if(source, false)
    }

    fn is_recent(&self, source: &Source) -> bool {
        let most = self.cadences.of_source(source).visible * CADENCES;
        self.reads.read_at(source).is_some_and(|at| !self.is_lasting || self.now.since(at) <= most)
    }
}

impl Freshness<'_> {
    fn doubt_if(&self, source: &Source, needs_all: bool) -> Option<Doubt> {
        let reads = self.reads;
        let read_at = reads.read_at(source);
        let service = source.service();
        let of = |service, cause| Some(Doubt { service, cause, read_at });
        if let Some(fault) = self.lost {
            return of(fault.service, DoubtCause::Failed(fault.kind));
        }
        if let Some(kind) = self.outage(service, self.cadences.of_source(source).visible) {
            return of(service, DoubtCause::Failed(kind));
        }
        let failed = reads.fault(source).map(|fault| fault.kind);
        if let Some(fault) = reads.broke_off(source).filter(|_| needs_all)
            && matches!(failed, None | Some(FaultKind::Throttled))
        {
            return self.doubt_of_part(source, fault);
        }
        match (read_at, failed) {
            (None, None) => of(service, DoubtCause::Unread),
            (Some(at), None | Some(FaultKind::Throttled)) => {
                let cause = failed.map_or(DoubtCause::Stale, DoubtCause::Failed);
                if self.is_old(source, at) { of(service, cause) } else { None }
            }
            (_, Some(kind)) => of(service, DoubtCause::Failed(kind)),
        }
    }

    /// Why a listing cannot be relied on that broke off: as if all of it had failed since it was last read to its end.
    fn doubt_of_part(&self, source: &Source, fault: &Fault) -> Option<Doubt> {
        let whole_at = self.reads.get(source).and_then(|read| read.whole_at);
        let is_good = whole_at.is_some_and(|at| fault.kind == FaultKind::Throttled && !self.is_old(source, at));
        let doubt = Doubt { service: source.service(), cause: DoubtCause::Failed(fault.kind), read_at: whole_at };
        (!is_good).then_some(doubt)
    }

    /// Whether a value that was read then is older than five cadences. What has only just come on screen may still be as
    /// old as the background lets it become.
    fn is_old(&self, source: &Source, at: Moment) -> bool {
        let cadence = self.cadences.of_source(source);
        if !self.is_lasting {
            return false;
        }
        let shown = if is_always_shown(source) { Some(at) } else { self.poller.shown_since(source) };
        self.now.since(at) > cadence.background * CADENCES
            || shown.is_some_and(|since| self.now.since(at.max(since)) > cadence.visible * CADENCES)
    }

    /// How a service fails that has not answered for five cadences.
    fn outage(&self, service: Service, cadence: Duration) -> Option<FaultKind> {
        let state = self.poller.service(service);
        let is_silent = state.answered_at.is_none_or(|at| self.now.since(at) > cadence * CADENCES);
        state.failing.as_ref().filter(|_| is_silent).map(|fault| fault.kind)
    }
}

/// Returns whether a source is one of the base listings, which are read at their visible cadence whatever is on screen.
fn is_always_shown(source: &Source) -> bool {
    matches!(source, Source::Environments(_) | Source::LoadBalancers(_) | Source::TargetGroups(_))
}
