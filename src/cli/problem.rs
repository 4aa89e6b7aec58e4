//! What could not be read: the `errors` of every answer, the remarks on standard error, and the exit status.
//!
//! A call that failed for twenty sources is one problem, for it has one request id. In the remarks, problems of one kind
//! with one operation are told once, however many objects they keep from being read.

use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::failure::{Status, status_of};
use super::reading::Reading;
use crate::model::{Fault, FaultKind, Source, resource};

/// One call that failed, and what it was to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The operation and what it was asked about, in AWS's words.
    pub source: String,
    /// What went wrong.
    pub fault: Arc<Fault>,
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Problem", 4)?;
        fields.serialize_field("source", &self.source)?;
        fields.serialize_field("kind", self.fault.kind.as_str())?;
        fields.serialize_field("message", &self.fault.message)?;
        fields.serialize_field("request_id", &self.fault.request_id)?;
        fields.end()
    }
}

/// All that could not be read, by source.
pub fn problems(reading: &Reading) -> Vec<Problem> {
    let mut calls: Vec<(Vec<&Source>, Arc<Fault>)> = Vec::new();
    let faults = reading.gathered.poller.ledger.faults();
    let partial = reading.gathered.partial.iter().map(|(source, fault)| (source, fault));
    for (source, fault) in faults.into_iter().map(|(source, fault, _)| (source, fault)).chain(partial) {
        match calls.iter_mut().find(|(_, known)| Arc::ptr_eq(known, fault)) {
            Some((sources, _)) => sources.push(source),
            None => calls.push((vec![source], Arc::clone(fault))),
        }
    }
    for source in &reading.gathered.unread {
        match calls.iter_mut().find(|(sources, fault)| fault.code.is_none() && is_one_kind(sources, source)) {
            Some((sources, _)) => sources.push(source),
            None => calls.push((vec![source], unread(source))),
        }
    }
    for (sources, _) in &mut calls {
        sources.sort();
    }
    calls.sort_by(|(one, _), (other, _)| one.cmp(other));
    let locked_out =
        reading.locked_out.iter().map(|fault| Problem { source: fault.operation.into(), fault: Arc::clone(fault) });
    let called = calls.into_iter().map(|(sources, fault)| Problem { source: words(&sources), fault });
    locked_out.chain(called).collect()
}

fn is_one_kind(sources: &[&Source], other: &Source) -> bool {
    sources.iter().all(|source| source.operation() == other.operation())
}

/// The fault of what was never asked for.
fn unread(source: &Source) -> Arc<Fault> {
    Arc::new(Fault {
        kind: FaultKind::Throttled,
        service: source.service(),
        operation: source.operation(),
        code: None,
        message: "not asked: the service's allowance did not suffice in time".into(),
        request_id: None,
    })
}

/// `DescribeTargetHealth targetgroup/awseb-AWSEB-1/73e2`.
fn words(sources: &[&Source]) -> String {
    let operation = sources.first().map_or("", |source| source.operation());
    let subjects: Vec<_> = sources.iter().filter_map(|source| source.subject()).map(|id| resource(id)).collect();
    if subjects.is_empty() { operation.to_owned() } else { format!("{operation} {}", subjects.join(", ")) }
}

/// The problem that the exit status follows, if a fault is a failure: expired before denied before unreachable.
pub fn decisive(problems: &[Problem]) -> Option<&Problem> {
    problems.iter().min_by_key(|problem| status_of(problem.fault.kind) as u8)
}

/// The status of an answer that these problems stand beside.
pub fn status(problems: &[Problem], is_answered: bool, is_strict: bool) -> Option<Status> {
    let counts = !is_answered || is_strict;
    decisive(problems).filter(|_| counts).map(|problem| status_of(problem.fault.kind))
}

/// A remark for each operation and kind of fault, with what can be done about it.
pub fn remarks(problems: &[Problem]) -> Vec<String> {
    let mut told: Vec<(&Fault, usize)> = Vec::new();
    for problem in problems {
        let fault = &*problem.fault;
        match told.iter_mut().find(|(known, _)| is_same_trouble(known, fault)) {
            Some((_, times)) => *times += 1,
            None => told.push((fault, 1)),
        }
    }
    told.into_iter().map(|(fault, times)| remark(fault, times)).collect()
}

/// One operation that fails in one way, or one network that fails all of them.
fn is_same_trouble(one: &Fault, other: &Fault) -> bool {
    one.kind == other.kind && (one.operation == other.operation || one.message == other.message)
}

fn remark(fault: &Fault, times: usize) -> String {
    let calls = if times > 1 { format!(" ({times} calls)") } else { String::new() };
    format!("beanpole: {}{calls}\n{}", fault.sentence(), super::failure::advice(fault))
}
