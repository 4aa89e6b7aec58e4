//! What is under way, and when each source may be read again.
//!
//! How old each reading is, and why one failed, is in the snapshot ([`Reads`]); this is only about requests.

use std::sync::Arc;
use std::time::Duration;

use crate::model::{Fault, FaultKind, Map, Moment, ReadOutcome, Reads, Seq, Service, Source};

/// What is known about asking for one source.
#[derive(Clone, Debug, Default)]
struct Attempt {
    in_flight: Option<Seq>,
    failures: u32,
    not_before: Option<Moment>,
    is_given_up: bool,
}

/// All attempts.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    attempts: Map<Source, Attempt>,
    in_flight: [u32; Service::ALL.len()],
    last_seq: u64,
}

impl RequestLog {
    /// How many calls to a service are under way.
    #[must_use]
    pub fn in_flight(&self, service: Service) -> usize {
        self.in_flight[service.index()] as usize
    }

    /// Whether a source is being read.
    #[must_use]
    pub fn is_in_flight(&self, source: &Source) -> bool {
        self.attempts.get(source).is_some_and(|attempt| attempt.in_flight.is_some())
    }

    /// Returns whether a source is no longer read.
    #[must_use]
    pub fn is_given_up(&self, source: &Source) -> bool {
        self.attempts.get(source).is_some_and(|attempt| attempt.is_given_up)
    }

    /// Returns whether a source is to be read again at once, whatever its age: it was expired, and not read since.
    #[must_use]
    pub fn is_expired(&self, source: &Source) -> bool {
        self.attempts.get(source).is_some_and(|attempt| attempt.not_before == Some(Moment::EPOCH))
    }

    /// When a source may next be read, at this cadence; `None` while it is under way, and once it is given up.
    #[must_use]
    pub fn due(&self, reads: &Reads, source: &Source, cadence: Duration) -> Option<Moment> {
        let attempt = self.attempts.get(source);
        if attempt.is_some_and(|it| it.in_flight.is_some() || it.is_given_up) {
            return None;
        }
        let by_age = || reads.read_at(source).map(|at| at.plus(cadence));
        Some(attempt.and_then(|it| it.not_before).or_else(by_age).unwrap_or(Moment::EPOCH))
    }

    /// Notes that a call for these sources begins; its number.
    pub fn begin(&mut self, sources: &[Source]) -> Seq {
        self.last_seq += 1;
        let seq = Seq(self.last_seq);
        if let Some(first) = sources.first() {
            self.in_flight[first.service().index()] += 1;
        }
        for source in sources {
            self.attempts.entry(source.clone()).or_default().in_flight = Some(seq);
        }
        seq
    }

    /// Notes how a call ended. Whether it is the one that was under way: an answer of an older session is not.
    pub fn end(&mut self, outcome: &ReadOutcome) -> bool {
        let mut is_known = false;
        for source in &outcome.sources {
            let Some(attempt) = self.attempts.get_mut(source).filter(|it| it.in_flight == Some(outcome.seq)) else {
                continue;
            };
            is_known = true;
            match &outcome.result {
                Ok(_) => *attempt = Attempt::default(),
                Err(fault) => {
                    attempt.in_flight = None;
                    attempt.failures += 1;
                    attempt.not_before = Some(outcome.at.plus(wait_after(fault.kind, attempt.failures)));
                }
            }
        }
        if let (true, Some(first)) = (is_known, outcome.sources.first()) {
            let count = &mut self.in_flight[first.service().index()];
            *count = count.saturating_sub(1);
        }
        is_known
    }

    /// Asks for this no more, for this reason. What was read before, and what is under way, is kept.
    pub fn give_up(&mut self, reads: &mut Reads, source: &Source, at: Moment, fault: &Arc<Fault>) {
        self.attempts.entry(source.clone()).or_default().is_given_up = true;
        if reads.fault(source).is_none() {
            reads.failed(source, at, fault);
        }
    }

    /// Forgets what is under way (a session ended), so that it is requested again.
    pub fn forget_in_flight(&mut self) {
        self.in_flight = Default::default();
        self.attempts.values_mut().for_each(|attempt| attempt.in_flight = None);
    }

    /// Makes these sources due now (`Ctrl-r`, a laptop that woke).
    pub fn expire<'a>(&mut self, sources: impl IntoIterator<Item = &'a Source>) {
        for source in sources {
            if let Some(attempt) = self.attempts.get_mut(source) {
                attempt.not_before = Some(Moment::EPOCH);
            }
        }
    }

    /// Makes every failed source due, because credentials or a network, say, may be available now.
    pub fn retry_failed(&mut self) {
        for attempt in self.attempts.values_mut().filter(|attempt| attempt.failures > 0) {
            attempt.not_before = Some(Moment::EPOCH);
            attempt.failures = 0;
        }
    }

    /// Forgets attempts at sources whose readings were forgotten.
    pub fn forget_unread(&mut self, reads: &Reads) {
        self.attempts.retain(|source, attempt| attempt.in_flight.is_some() || reads.get(source).is_some());
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
