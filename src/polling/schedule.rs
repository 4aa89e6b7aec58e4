//! Which sources to read now: pure, run whenever a token, a result or the wants change. There are no pollers and no
//! queue; what is no longer wanted is simply not picked.

use std::mem::discriminant;

use super::{Budget, CostBudget, RequestLog, Want};
use crate::model::{Measure, Moment, Reads, Service, Source, api_reads};

/// At most this many calls to one service are under way at once.
const MOST_IN_FLIGHT: usize = 8;

/// The most series of one call, and the most points of one answer (`GetMetricData`).
const MOST_SERIES: u32 = 500;
const MOST_POINTS: u64 = 100_800;

/// What to do now, and when to look again if nothing else happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// The calls, each of which has its token.
    pub asks: Vec<Vec<Source>>,
    /// When something becomes due or affordable; `None` if nothing will.
    pub next: Option<Moment>,
}

impl Picked {
    fn wake(&mut self, at: Moment) {
        self.next = Some(self.next.map_or(at, |known| known.min(at)));
    }
}

/// Picks what is due, visible first, most overdue first, as far as the budgets go; one token in eight is the background's.
/// What is wanted comes in lists, the most urgent first; a source may be in several.
pub fn schedule<const LISTS: usize>(
    wants: [&[Want]; LISTS],
    (request_log, reads): (&RequestLog, &Reads),
    budgets: &mut [Budget],
    cost_budget: &mut CostBudget,
    now: Moment,
) -> Picked {
    let mut picked = Picked::default();
    for service in Service::ALL {
        let Some(budget) = budgets.get_mut(service.index()) else { continue };
        let room = MOST_IN_FLIGHT.saturating_sub(request_log.in_flight(service));
        let of_service = || wants.into_iter().flatten().filter(|want| want.source.service() == service);
        // Without a token or without room there is no use in looking through thousands of wants: an answer or the next
        // token brings us back.
        if budget.free() == 0 && of_service().next().is_some() {
            picked.wake(budget.next_token());
        }
        if budget.free() == 0 || room == 0 {
            continue;
        }
        let mut due = Due::default();
        for want in of_service() {
            match due_at(request_log, reads, want) {
                Some(at) if at <= now => due.add(want, at),
                Some(at) => picked.wake(at),
                None => {}
            }
        }
        due.sort(now);
        let before = picked.asks.len();
        while picked.asks.len() - before < room && budget.free() > 0 && !due.is_empty() {
            // What a dialog waits for gives its turn to nothing.
            let is_awaited = due.is_next_of(wants.first().copied().unwrap_or_default());
            let call = due.take(budget.is_turn_of_background() && !is_awaited, cost_budget.free());
            if let Some(price) = call.too_dear {
                // What costs too much now is looked at again when there is enough; what is free is not held up by it.
                cost_budget.when(price).into_iter().for_each(|at| picked.wake(at));
                continue;
            }
            let is_asked = |source: &Source| picked.asks.iter().any(|call| call.contains(source));
            let fresh: Vec<_> = call.sources.into_iter().filter(|source| !is_asked(source)).collect();
            if !fresh.is_empty() {
                budget.spend(1);
                cost_budget.spend(call.cost);
                picked.asks.push(fresh);
            }
        }
        if !due.is_empty() && budget.free() == 0 {
            picked.wake(budget.next_token());
        }
    }
    picked
}

/// When it may next be read. A row that was on screen has finer figures than the coarse ones, which need not be bought
/// beside them.
fn due_at(request_log: &RequestLog, reads: &Reads, want: &Want) -> Option<Moment> {
    let own = request_log.due(reads, &want.source, want.cadence)?;
    let Source::Metrics(environment, Measure::Coarse) = &want.source else { return Some(own) };
    let finer = reads.read_at(&Source::Metrics(environment.clone(), Measure::Row));
    Some(finer.map_or(own, |at| own.max(at.plus(want.cadence))))
}

/// What is due of one service, the best last.
#[derive(Default)]
struct Due<'a> {
    visible: Vec<(&'a Want, Moment)>,
    background: Vec<(&'a Want, Moment)>,
}

impl<'a> Due<'a> {
    fn add(&mut self, want: &'a Want, at: Moment) {
        let lane = if want.visible { &mut self.visible } else { &mut self.background };
        lane.push((want, at));
    }

    /// Returns whether the best visible source is one of these.
    fn is_next_of(&self, wants: &[Want]) -> bool {
        self.visible.last().is_some_and(|(next, _)| wants.iter().any(|want| want.source == next.source))
    }

    fn is_empty(&self) -> bool {
        self.visible.is_empty() && self.background.is_empty()
    }

    /// Most overdue for its cadence last; of equals the first wanted last.
    fn sort(&mut self, now: Moment) {
        let overdue = |(want, at): &(&Want, Moment)| {
            let late = if *at == Moment::EPOCH { f64::INFINITY } else { now.since(*at).as_secs_f64() };
            late / want.cadence.as_secs_f64().max(1.0)
        };
        for lane in [&mut self.visible, &mut self.background] {
            lane.reverse();
            lane.sort_by(|one, other| overdue(one).total_cmp(&overdue(other)));
        }
    }

    /// Takes the next call: the best source and the others of its kind that fit into the same call and the cost budget.
    /// Sources over the cost budget are removed and returned.
    fn take(&mut self, background_first: bool, cost_budget: u32) -> PlannedCall {
        let from_background = (background_first && !self.background.is_empty()) || self.visible.is_empty();
        let lane = if from_background { &mut self.background } else { &mut self.visible };
        let Some((first, _)) = lane.pop() else { return PlannedCall::default() };
        if first.cost > cost_budget {
            return PlannedCall { too_dear: Some(first.cost), ..PlannedCall::default() };
        }
        let mut call = PlannedCall { sources: vec![first.source.clone()], cost: first.cost, too_dear: None };
        let most = first.source.most_in_a_call();
        for lane in [&mut self.visible, &mut self.background] {
            if most == 1 {
                break;
            }
            let mut at = lane.len();
            while at > 0 && call.sources.len() < most {
                at -= 1;
                let want = lane[at].0;
                let cost = call.cost + want.cost;
                if is_same_call(&want.source, &first.source) && cost <= cost_budget && fits(cost, &first.source, want) {
                    call.sources.push(lane.remove(at).0.source.clone());
                    call.cost = cost;
                }
            }
        }
        call
    }
}

/// A call that was picked, or what it would have cost.
#[derive(Default)]
struct PlannedCall {
    sources: Vec<Source>,
    cost: u32,
    too_dear: Option<u32>,
}

/// Whether so many series stay within what one call and one answer hold.
fn fits(cost: u32, first: &Source, other: &Want) -> bool {
    let (Source::Metrics(_, one), Source::Metrics(_, other)) = (first, &other.source) else { return true };
    let periods = |measure: &Measure| measure.length().as_secs() / u64::from(measure.period().max(1)) + 1;
    cost <= MOST_SERIES && u64::from(cost) * periods(one).max(periods(other)) <= MOST_POINTS
}

/// Whether one call can read both. Tags of load balancers and of target groups go together, and figures of one period.
fn is_same_call(one: &Source, other: &Source) -> bool {
    if let (Source::Metrics(_, one), Source::Metrics(_, other)) = (one, other) {
        // A call has one stretch, and each of its series a period; it is simpler, and enough, to have one of both.
        return one.period() == other.period();
    }
    let are_tags = |source: &Source| *source.row().read == api_reads::DESCRIBE_TAGS;
    discriminant(one) == discriminant(other) || (are_tags(one) && are_tags(other))
}
