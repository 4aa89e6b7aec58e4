//! The age of every reading, and what is under way.

use crate::model::Map;
use std::sync::Arc;
use std::time::Duration;

use crate::model::{Fault, FaultKind, Moment, Seq, Service, Source};

/// What is known about one source's readings.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// When it was last read with success, a listing perhaps not to its end.
    pub at: Option<Moment>,
    /// When it was last read to its end.
    pub whole_at: Option<Moment>,
    /// Why the last listing broke off after its first pages; gone with the next one that does not.
    pub broke_off: Option<Arc<Fault>>,
    /// Why the last attempt failed, and when; gone with the next success.
    pub fault: Option<(Arc<Fault>, Moment)>,
    in_flight: Option<Seq>,
    failures: u32,
    not_before: Option<Moment>,
    is_given_up: bool,
}

impl Reading {
    /// Whether it is being read.
    #[must_use]
    pub fn is_in_flight(&self) -> bool {
        self.in_flight.is_some()
    }

    /// Whether it is not asked for any more.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.is_given_up
    }

    /// Whether it was read, or refused for a reason that stands. To be throttled is no answer: nothing may be concluded
    /// from it, and nothing else be asked instead.
    #[must_use]
    pub fn is_tried(&self) -> bool {
        self.at.is_some() || self.fault.as_ref().is_some_and(|(fault, _)| fault.kind != FaultKind::Throttled)
    }

    /// Whether it is to be read again at once, whatever its age: it was expired, and not read since.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.not_before == Some(Moment::EPOCH)
    }

    /// When it may next be read, at this cadence; `None` while it is under way.
    pub(super) fn due(&self, cadence: Duration) -> Option<Moment> {
        if self.in_flight.is_some() || self.is_given_up {
            return None;
        }
        Some(match (self.not_before, self.at) {
            (Some(not_before), _) => not_before,
            (None, Some(at)) => at.plus(cadence),
            (None, None) => Moment::EPOCH,
        })
    }
}

/// All readings.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    readings: Map<Source, Reading>,
    in_flight: [u32; Service::ALL.len()],
    last_seq: u64,
}

impl Ledger {
    /// What is known about this source.
    #[must_use]
    pub fn reading(&self, source: &Source) -> Option<&Reading> {
        self.readings.get(source)
    }

    /// When it was last read with success.
    #[must_use]
    pub fn read_at(&self, source: &Source) -> Option<Moment> {
        self.reading(source)?.at
    }

    /// Why it cannot be read just now.
    #[must_use]
    pub fn fault(&self, source: &Source) -> Option<&Arc<Fault>> {
        self.reading(source)?.fault.as_ref().map(|(fault, _)| fault)
    }

    /// When it last could not be read, if it cannot be read just now.
    #[must_use]
    pub fn failed_at(&self, source: &Source) -> Option<Moment> {
        self.reading(source)?.fault.as_ref().map(|(_, at)| *at)
    }

    /// All faults that stand, newest first, each source once.
    #[must_use]
    pub fn faults(&self) -> Vec<(&Source, &Arc<Fault>, Moment)> {
        let readings = self.readings.iter();
        let mut faults: Vec<_> = readings
            .filter_map(|(source, reading)| reading.fault.as_ref().map(|(fault, at)| (source, fault, *at)))
            .collect();
        faults.sort_by(|one, other| (other.2, one.0).cmp(&(one.2, other.0)));
        faults
    }

    /// How many calls to a service are under way.
    #[must_use]
    pub fn in_flight(&self, service: Service) -> usize {
        self.in_flight[service.index()] as usize
    }

    /// Notes that a call for these sources begins; its number.
    pub fn begin(&mut self, sources: &[Source]) -> Seq {
        self.last_seq += 1;
        let seq = Seq(self.last_seq);
        if let Some(first) = sources.first() {
            self.in_flight[first.service().index()] += 1;
        }
        for source in sources {
            self.readings.entry(source.clone()).or_default().in_flight = Some(seq);
        }
        seq
    }

    /// Notes how a call ended. Whether it is the one that was under way: an answer of an older session is not.
    pub fn end(&mut self, sources: &[Source], seq: Seq, at: Moment, fault: Option<&Arc<Fault>>) -> bool {
        let mut known = false;
        for source in sources {
            let Some(reading) = self.readings.get_mut(source) else { continue };
            if reading.in_flight != Some(seq) {
                continue;
            }
            known = true;
            reading.in_flight = None;
            match fault {
                None => *reading = Reading { at: Some(at), whole_at: Some(at), ..Reading::default() },
                Some(fault) => {
                    reading.failures += 1;
                    reading.not_before = Some(at.plus(wait_after(fault.kind, reading.failures)));
                    reading.fault = Some((Arc::clone(fault), at));
                }
            }
        }
        if let (true, Some(first)) = (known, sources.first()) {
            let count = &mut self.in_flight[first.service().index()];
            *count = count.saturating_sub(1);
        }
        known
    }

    /// Notes that a listing came, and broke off after its first pages.
    pub fn end_partly(&mut self, sources: &[Source], seq: Seq, at: Moment, fault: &Arc<Fault>) -> bool {
        let before: Vec<_> = sources.iter().map(|source| self.readings.get(source)?.whole_at).collect();
        let is_known = self.end(sources, seq, at, None);
        for (source, whole_at) in sources.iter().zip(before).filter(|_| is_known) {
            if let Some(reading) = self.readings.get_mut(source).filter(|reading| reading.at == Some(at)) {
                (reading.whole_at, reading.broke_off) = (whole_at, Some(Arc::clone(fault)));
            }
        }
        is_known
    }

    /// Why a listing is not whole, as it was last read.
    #[must_use]
    pub fn broke_off(&self, source: &Source) -> Option<&Arc<Fault>> {
        self.reading(source)?.broke_off.as_ref()
    }

    /// Asks for this no more, for this reason. What was read before, and what is under way, is kept.
    pub fn give_up(&mut self, source: &Source, at: Moment, fault: &Arc<Fault>) {
        let reading = self.readings.entry(source.clone()).or_default();
        reading.is_given_up = true;
        reading.fault.get_or_insert_with(|| (Arc::clone(fault), at));
    }

    /// Forgets what is under way (a session ended), so that it is asked for again.
    pub fn abandon(&mut self) {
        self.in_flight = Default::default();
        for reading in self.readings.values_mut() {
            reading.in_flight = None;
        }
    }

    /// Makes everything that these sources tell due now (`Ctrl-r`, a laptop that woke).
    pub fn expire<'a>(&mut self, sources: impl IntoIterator<Item = &'a Source>) {
        for source in sources {
            if let Some(reading) = self.readings.get_mut(source) {
                reading.not_before = Some(Moment::EPOCH);
            }
        }
    }

    /// Makes everything due that failed for want of credentials or of a network, now that they may be there.
    pub fn forgive(&mut self) {
        for reading in self.readings.values_mut().filter(|reading| reading.fault.is_some()) {
            reading.not_before = Some(Moment::EPOCH);
            reading.failures = 0;
        }
    }

    /// Forgets readings of things that are gone.
    pub fn retain(&mut self, keep: impl Fn(&Source) -> bool) {
        self.readings.retain(|source, reading| reading.in_flight.is_some() || keep(source));
    }
}

/// How long to leave a source alone after this many failures in a row. A throttle is the budget's affair.
fn wait_after(kind: FaultKind, failures: u32) -> Duration {
    let doubling = |first: u64, longest: u64| {
        Duration::from_secs(first.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(longest))
    };
    match kind {
        FaultKind::Throttled => Duration::ZERO,
        FaultKind::Denied => Duration::from_secs(300),
        FaultKind::Invalid => doubling(60, 3600),
        FaultKind::NotFound => Duration::from_secs(60),
        FaultKind::Expired | FaultKind::Network => doubling(5, 60),
        FaultKind::Other => doubling(10, 300),
    }
}
