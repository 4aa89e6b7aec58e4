//! What is read when, and at whose expense, over time: no region, no screen, and a clock that is a number.

mod cost;
mod figures;
mod linking;
mod poller;
mod region;
mod request_log;
mod schedule;
mod wants;

use std::sync::Arc;
use std::time::Duration;

use super::{Allowance, Budget, BudgetPlan, CostBudget, RequestLog, Want};
use crate::model::{
    Answer, Batch, Covers, Fault, FaultKind, Key, Moment, ReadOutcome, Reads, ScopeId, Seq, Service, Source,
};

const SCOPE: ScopeId = ScopeId(0);

fn at(seconds: u64) -> Moment {
    Moment::EPOCH.plus(Duration::from_hours(24)).plus(Duration::from_secs(seconds))
}

fn fault(kind: FaultKind) -> Arc<Fault> {
    Arc::new(Fault {
        kind,
        service: Service::Elb,
        operation: "DescribeTargetHealth",
        code: None,
        message: "no".into(),
        details: None,
        request_id: None,
    })
}

/// The health of a target group, which costs a call of its own.
fn health(name: &str) -> Source {
    Source::TargetHealth(Key::new(SCOPE, name))
}

fn tags(name: &str) -> Source {
    Source::TargetGroupTags(Key::new(SCOPE, name))
}

fn want(source: Source, visible: bool, cadence: u64) -> Want {
    Want { source, visible, cadence: Duration::from_secs(cadence), cost: 0 }
}

/// A budget of each service that gives so many calls a second, and at once.
fn budgets(rate: f64, burst: u32, now: Moment) -> Vec<Budget> {
    let allowance = Allowance { rate, burst };
    Service::ALL.iter().map(|_| Budget::new(BudgetPlan { background: allowance, attended: allowance }, now)).collect()
}

fn cost_budget(now: Moment) -> CostBudget {
    CostBudget::new(1.0, now)
}

/// How a call for these sources ended.
fn outcome(sources: &[Source], seq: Seq, at: Moment, fault: Option<&Arc<Fault>>) -> ReadOutcome {
    let batch = Batch { covers: Covers::Only, answer: Answer::Environments(Vec::new()) };
    let result = fault.map_or(Ok(batch), |fault| Err(Arc::clone(fault)));
    ReadOutcome { sources: sources.to_vec(), seq, at, requests: 1, result }
}

/// What is under way, and how each source was read.
#[derive(Default)]
struct Attempts {
    request_log: RequestLog,
    reads: Reads,
}

impl Attempts {
    fn begin(&mut self, sources: &[Source]) -> Seq {
        self.request_log.begin(sources)
    }

    /// Whether the call that ended is the one that was under way.
    fn end(&mut self, sources: &[Source], seq: Seq, at: Moment, fault: Option<&Arc<Fault>>) -> bool {
        let outcome = outcome(sources, seq, at, fault);
        let is_ours = self.request_log.end(&outcome);
        if is_ours {
            self.reads.note(&outcome);
        }
        is_ours
    }

    fn due(&self, source: &Source, cadence: Duration) -> Option<Moment> {
        self.request_log.due(&self.reads, source, cadence)
    }

    fn parts(&self) -> (&RequestLog, &Reads) {
        (&self.request_log, &self.reads)
    }
}

/// Reads in a world in which every answer comes at once.
struct Reader {
    attempts: Attempts,
    budgets: Vec<Budget>,
    cost_budget: CostBudget,
    /// What was read, in order, with the second of each.
    read: Vec<(u64, Source)>,
}

impl Reader {
    fn new(rate: f64, burst: u32) -> Self {
        let (budgets, cost_budget) = (budgets(rate, burst, at(0)), cost_budget(at(0)));
        Self { attempts: Attempts::default(), budgets, cost_budget, read: Vec::new() }
    }

    /// What happens in this second.
    fn tick(&mut self, wants: &[Want], second: u64) {
        let now = at(second);
        self.budgets.iter_mut().for_each(|budget| budget.settle(now, false));
        self.cost_budget.settle(now);
        let picked =
            super::schedule([&[], wants, &[]], self.attempts.parts(), &mut self.budgets, &mut self.cost_budget, now);
        for sources in picked.asks {
            let seq = self.attempts.begin(&sources);
            assert!(self.attempts.end(&sources, seq, now, None));
            self.read.extend(sources.into_iter().map(|source| (second, source)));
        }
    }

    fn run(&mut self, wants: &[Want], seconds: std::ops::Range<u64>) {
        seconds.for_each(|second| self.tick(wants, second));
    }

    /// How often a source was read.
    fn times(&self, source: &Source) -> usize {
        self.read.iter().filter(|(_, read)| read == source).count()
    }
}
