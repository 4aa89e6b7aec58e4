//! Reading one scope: what is wanted, what is under way, the budgets, and how the services do.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::{Budget, CostBudget, Plans, RequestLog, Want, measures, schedule};
use crate::model::{
    Ask, Fault, FaultKind, Inventory, Map, Moment, Names, ReadOutcome, Reads, Service, Snapshot, Source,
};

/// Calls are counted over this long.
const METER: Duration = Duration::from_secs(60);

/// How a service does.
#[derive(Clone, Debug, Default)]
pub struct ServiceState {
    /// When it last answered.
    pub answered_at: Option<Moment>,
    /// How its last call failed, if it did.
    pub failing: Option<Arc<Fault>>,
}

/// Everything about reading one scope.
#[derive(Clone, Debug)]
pub struct Poller {
    /// What is under way, and when each source may be read again.
    pub request_log: RequestLog,
    /// What a dialog waits for: read before everything else.
    pub awaited: Vec<Want>,
    /// What should be read to link the region.
    pub linking: Vec<Want>,
    /// What should be read for what is on screen.
    pub wants: Vec<Want>,
    /// What should be read for everything else, now and then.
    pub background: Vec<Want>,
    services: [ServiceState; Service::ALL.len()],
    budgets: Vec<Budget>,
    /// What `CloudWatch` may cost.
    pub cost_budget: CostBudget,
    /// Whether an update is watched: then as much is read as if a user waited.
    pub watching: bool,
    calls: VecDeque<(Moment, u32)>,
    calls_in_all: u64,
    refreshing: Vec<Source>,
    shown_since: Map<Source, Moment>,
}

impl Poller {
    /// Nothing read, all budgets full; `CloudWatch` may cost so many dollars an hour.
    #[must_use]
    pub fn new(plans: &Plans, dollars: f64, now: Moment) -> Self {
        Self {
            request_log: RequestLog::default(),
            awaited: Vec::new(),
            linking: Vec::new(),
            wants: Vec::new(),
            background: Vec::new(),
            services: std::array::from_fn(|_| ServiceState::default()),
            budgets: plans.iter().map(|plan| Budget::new(*plan, now)).collect(),
            cost_budget: CostBudget::new(dollars, now),
            watching: false,
            calls: VecDeque::new(),
            calls_in_all: 0,
            refreshing: Vec::new(),
            shown_since: Map::default(),
        }
    }

    /// Reads these for what is on screen from now on; notes since when each of them is.
    pub fn show(&mut self, wants: Vec<Want>, now: Moment) {
        let mut before = std::mem::take(&mut self.shown_since);
        let shown = wants.iter().filter(|want| want.visible).map(|want| &want.source);
        self.shown_since = shown.map(|it| (it.clone(), before.remove(it).unwrap_or(now))).collect();
        self.wants = wants;
    }

    /// Since when a source is read for what is on screen.
    #[must_use]
    pub fn shown_since(&self, source: &Source) -> Option<Moment> {
        self.shown_since.get(source).copied()
    }

    /// The calls to make now, each begun and paid for, and when to look again.
    pub fn pick(&mut self, snapshot: &Snapshot, now: Moment) -> (Vec<Ask>, Option<Moment>) {
        let attended = self.watching || self.is_waited_for(&snapshot.reads);
        self.cost_budget.settle(now);
        self.budgets.iter_mut().for_each(|budget| budget.settle(now, attended));
        let picked = schedule(
            [&self.awaited, &self.linking, &self.wants, &self.background],
            (&self.request_log, &snapshot.reads),
            &mut self.budgets,
            &mut self.cost_budget,
            now,
        );
        let asks = picked.asks.into_iter().map(|sources| {
            self.count(now, 1);
            Ask {
                seq: self.request_log.begin(&sources),
                names: names(&snapshot.inventory, &sources),
                since: since(&snapshot.inventory, &sources),
                metrics: measures::question(snapshot, &sources, now),
                sources,
            }
        });
        (asks.collect(), picked.next)
    }

    /// Pays for a call to a service that is made outside the plan, and that a user waits for.
    ///
    /// # Errors
    /// When there is no token now: the moment at which there will be one.
    pub fn admit(&mut self, service: Service, now: Moment) -> Result<(), Moment> {
        let budget = &mut self.budgets[service.index()];
        budget.settle(now, true);
        if budget.free() == 0 {
            return Err(budget.next_token());
        }
        budget.spend(1);
        self.count(now, 1);
        Ok(())
    }

    /// Returns whether a user waits: something on screen was never read, or a refresh was requested.
    #[must_use]
    pub fn is_waited_for(&self, reads: &Reads) -> bool {
        // What costs money may have to wait for it: that is no reason to hurry with the rest.
        let mut attended = self.linking.iter().chain(&self.wants).filter(|want| want.visible && want.cost == 0);
        !self.refreshing.is_empty() || attended.any(|want| !reads.is_tried(&want.source))
    }

    /// Whether a source is read because a person waits for it, and not in the background.
    #[must_use]
    pub fn is_awaited(&self, source: &Source) -> bool {
        self.linking.iter().chain(&self.wants).any(|want| want.visible && want.source == *source)
    }

    /// Whether everything that is wanted was read or has failed: the end of a command's reading.
    #[must_use]
    pub fn is_settled(&self, reads: &Reads) -> bool {
        self.are_settled(&self.wants, reads)
    }

    /// Whether each of these was read or has failed.
    #[must_use]
    pub fn are_settled(&self, wants: &[Want], reads: &Reads) -> bool {
        wants.iter().all(|Want { source, .. }| {
            let is_throttled = reads.fault(source).is_some_and(|fault| fault.kind == FaultKind::Throttled);
            let is_final = (reads.is_tried(source) && !is_throttled) || self.request_log.is_given_up(source);
            is_final && !self.request_log.is_in_flight(source)
        })
    }

    /// How many of the wants were read or have failed, and how many there are.
    #[must_use]
    pub fn progress(&self, reads: &Reads) -> (usize, usize) {
        let tried = |want: &&Want| reads.is_tried(&want.source);
        (self.wants.iter().filter(tried).count(), self.wants.len())
    }

    /// Notes how a fetch ended; whether it was one of ours.
    pub fn finish(&mut self, outcome: &ReadOutcome, entropy: u64) -> bool {
        let fault = outcome.result.as_ref().err();
        if !self.request_log.end(outcome) {
            return false;
        }
        self.refreshing.retain(|source| !outcome.sources.contains(source));
        let Some(service) = outcome.sources.first().map(Source::service) else { return true };
        let more = outcome.requests.saturating_sub(1);
        self.count(outcome.at, more);
        let budget = &mut self.budgets[service.index()];
        budget.spend(more);
        let state = &mut self.services[service.index()];
        match fault {
            Some(fault) if fault.kind == FaultKind::Throttled => {
                budget.throttled(outcome.at, entropy);
                state.failing = Some(Arc::clone(fault));
            }
            // The service is reachable; it only refused this call.
            Some(fault) if matches!(fault.kind, FaultKind::Denied | FaultKind::NotFound | FaultKind::Invalid) => {
                state.failing = state.answered_at.is_none().then(|| Arc::clone(fault));
            }
            Some(fault) => state.failing = Some(Arc::clone(fault)),
            None => {
                budget.answered();
                state.answered_at = Some(outcome.at);
                state.failing = None;
            }
        }
        true
    }

    /// Makes what is on screen due now.
    pub fn refresh(&mut self) {
        let shown = self.linking.iter().chain(&self.wants).filter(|want| want.visible);
        self.refreshing = shown.map(|want| want.source.clone()).collect();
        self.request_log.expire(&self.refreshing);
    }

    /// Makes one source due now.
    pub fn expire(&mut self, source: &Source) {
        self.request_log.expire([source]);
    }

    /// How a service does.
    #[must_use]
    pub fn service(&self, service: Service) -> &ServiceState {
        &self.services[service.index()]
    }

    /// Whether we ask a service less than we might, because it refused.
    #[must_use]
    pub fn is_slowed(&self, service: Service) -> bool {
        self.budgets[service.index()].is_slowed()
    }

    /// Returns how often a service is called for what is on screen; `None` if it is not called.
    #[must_use]
    pub fn cadence(&self, service: Service) -> Option<Duration> {
        let visible = self.linking.iter().chain(&self.wants).filter(|want| want.visible);
        visible.filter(|want| want.source.service() == service).map(|want| want.cadence).min()
    }

    /// HTTP requests over the last minute.
    #[must_use]
    pub fn calls_a_minute(&self, now: Moment) -> u32 {
        self.calls.iter().filter(|(at, _)| now.since(*at) < METER).map(|(_, calls)| calls).sum()
    }

    /// HTTP requests so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls_in_all
    }

    fn count(&mut self, now: Moment, calls: u32) {
        self.calls_in_all += u64::from(calls);
        while self.calls.front().is_some_and(|(at, _)| now.since(*at) >= METER) {
            self.calls.pop_front();
        }
        if calls > 0 {
            self.calls.push_back((now, calls));
        }
    }
}

/// Events may become visible a little out of order: this much is requested again.
const EVENTS_AGAIN: Duration = Duration::from_secs(120);

/// From where on events are read: the newest one known, by AWS's own clock, and a little before it.
fn since(inventory: &Inventory, sources: &[Source]) -> Option<Moment> {
    let [Source::Events(_)] = sources else { return None };
    inventory.events.first().map(|newest| newest.at.minus(EVENTS_AGAIN))
}

/// Returns application and environment name, for the operations that need names.
fn names(inventory: &Inventory, sources: &[Source]) -> Option<Names> {
    let [Source::Settings(key) | Source::OptionDescriptions(key)] = sources else { return None };
    let environment = inventory.environments.get(key)?;
    Some(Names { application: Arc::clone(&environment.application), environment: Arc::clone(&environment.name) })
}
