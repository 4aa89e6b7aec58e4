//! What could not be read: the `errors` of every answer, the remarks on standard error, and the exit status.
//!
//! A call that failed for twenty sources is one problem, with one request id. In the remarks, problems of one kind
//! with one operation are reported once, however many objects they keep from being read.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;
use serde::ser::Serializer;

use super::failure::{ExitStatus, advice_on_reading, status_of};
use super::reading::Reading;
use crate::change::OperationError;
use crate::model::{Fault, FaultKind, ReadError, Snapshot, Source, Unanswered, resource};
use crate::runtime::Gathered;

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The operation and its subject, in AWS's words.
    pub source: String,
    /// Why.
    pub error: ReadError,
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ErrorLine::from(self).serialize(serializer)
    }
}

/// An entry of `errors`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorLine {
    source: String,
    kind: &'static str,
    message: String,
    request_id: Option<Arc<str>>,
}

impl ErrorLine {
    /// An entry for what the network kept from being read.
    pub fn network(source: String, message: String) -> Self {
        Self { source, kind: FaultKind::Network.as_str(), message, request_id: None }
    }
}

impl From<&Problem> for ErrorLine {
    fn from(Problem { source, error }: &Problem) -> Self {
        let (source, message) = (source.clone(), error.message().into_owned());
        Self { source, kind: error.kind().as_str(), message, request_id: error.request_id().cloned() }
    }
}

impl From<&Fault> for ErrorLine {
    fn from(fault: &Fault) -> Self {
        let (source, message) = (fault.operation.to_owned(), fault.message.to_string());
        Self { source, kind: fault.kind.as_str(), message, request_id: fault.request_id.clone() }
    }
}

impl From<&OperationError> for ErrorLine {
    fn from(error: &OperationError) -> Self {
        let (source, message) = (error.operation().to_owned(), error.message().into_owned());
        Self { source, kind: error.kind().as_str(), message, request_id: error.request_id().cloned() }
    }
}

/// All that could not be read, by source.
pub fn problems(reading: &Reading) -> Vec<Problem> {
    let mut calls = refused(&reading.gathered);
    for (sources, _) in &mut calls {
        sources.sort();
    }
    calls.sort_by(|(one, _), (other, _)| one.cmp(other));
    let locked_out = reading
        .locked_out
        .iter()
        .map(|fault| Problem { source: fault.operation.into(), error: Arc::clone(fault).into() });
    let called = calls.into_iter().map(|(sources, error)| Problem { source: words(&sources), error });
    locked_out.chain(called).collect()
}

/// A call that failed, and the sources that it was to read.
type FailedCall<'a> = (Vec<&'a Source>, ReadError);

/// The calls that failed. What was wanted only for a while, and is not missing in the answer, does not count.
fn refused(gathered: &Gathered) -> Vec<FailedCall<'_>> {
    let Gathered { snapshot: Snapshot { reads, .. }, poller, unread } = gathered;
    let wanted: HashSet<_> = poller.wants.iter().map(|want| &want.source).collect();
    let faults = reads.faults().into_iter().map(|(source, fault, _)| (source, why(source, fault)));
    let broke_off = |source| reads.broke_off(source).map(|fault| (source, Arc::clone(fault).into()));
    let partial = poller.wants.iter().filter_map(|want| broke_off(&want.source));
    let unread = unread.iter().map(|(source, error)| (source, error.clone()));
    let mut calls: Vec<FailedCall<'_>> = Vec::new();
    for (source, error) in faults.chain(partial).chain(unread).filter(|(source, _)| wanted.contains(source)) {
        match calls.iter_mut().find(|(_, known)| known.is_same_call(&error)) {
            Some((sources, _)) => sources.push(source),
            None => calls.push((vec![source], error)),
        }
    }
    calls
}

/// Why a source could not be read. With the fault of another operation, it was given up because of that.
fn why(source: &Source, fault: &Arc<Fault>) -> ReadError {
    let (read, fault) = (source.row().read, Arc::clone(fault));
    if fault.operation == read.operation {
        ReadError::Aws(fault)
    } else {
        ReadError::Unanswered(read, Unanswered::GivenUp(fault))
    }
}

/// `DescribeTargetHealth targetgroup/awseb-AWSEB-1/73e2`.
fn words(sources: &[&Source]) -> String {
    let operation = sources.first().map_or("", |source| source.operation());
    let subjects: Vec<_> = sources.iter().filter_map(|source| source.subject()).map(|id| resource(id)).collect();
    if subjects.is_empty() { operation.to_owned() } else { format!("{operation} {}", subjects.join(", ")) }
}

/// The problem that the exit status follows, if a fault is a failure: expired before denied before unreachable.
pub fn decisive(problems: &[Problem]) -> Option<&Problem> {
    problems.iter().min_by_key(|problem| status_of(problem.error.kind()) as u8)
}

/// Returns the exit status of an answer with these problems.
pub fn status(problems: &[Problem], is_answered: bool, is_strict: bool) -> Option<ExitStatus> {
    let counts = !is_answered || is_strict;
    decisive(problems).filter(|_| counts).map(|problem| status_of(problem.error.kind()))
}

/// A remark for each operation and kind of fault, with what can be done about it.
pub fn remarks(problems: &[Problem]) -> Vec<String> {
    let mut said: Vec<(&ReadError, usize)> = Vec::new();
    for Problem { error, .. } in problems {
        match said.iter_mut().find(|(known, _)| is_same_trouble(known, error)) {
            Some((_, times)) => *times += 1,
            None => said.push((error, 1)),
        }
    }
    said.into_iter().map(|(error, times)| remark(error, times)).collect()
}

/// One operation that fails in one way, or one network that fails all of them.
fn is_same_trouble(one: &ReadError, other: &ReadError) -> bool {
    one.kind() == other.kind() && (one.operation() == other.operation() || one.message() == other.message())
}

fn remark(error: &ReadError, times: usize) -> String {
    let calls = if times > 1 { format!(" ({times} calls)") } else { String::new() };
    format!("beanpole: {}{calls}\n{}", error.sentence(), advice_on_reading(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::model::{Key, Moment, ScopeId, Service, TargetGroup};
    use crate::polling::{Cadences, Want, plans};

    fn fault(kind: FaultKind, operation: &'static str) -> Arc<Fault> {
        let (message, request_id) = ("no".into(), Some("r-1".into()));
        Arc::new(Fault { kind, service: Service::Elb, operation, code: None, message, details: None, request_id })
    }

    fn tags(name: &str) -> Source {
        let key: Key<TargetGroup> =
            Key::new(ScopeId(0), format!("arn:aws:elasticloadbalancing:r:1:targetgroup/{name}/1"));
        Source::TargetGroupTags(key)
    }

    /// A reading in which one call for these sources failed.
    fn failed(sources: &[Source], wanted: &[Source], fault: &Arc<Fault>) -> Reading {
        let config = config::defaults();
        let mut gathered = Gathered::nothing(&plans(&config), Moment::EPOCH);
        sources.iter().for_each(|source| gathered.snapshot.reads.failed(source, Moment::EPOCH, fault));
        let want = |source: &Source| Want {
            source: source.clone(),
            visible: true,
            cadence: std::time::Duration::MAX,
            cost: 0,
        };
        gathered.poller.wants = wanted.iter().map(want).collect();
        Reading::of(gathered, &Cadences::new(&config))
    }

    #[test]
    fn a_call_for_many_is_one_problem_with_one_request() {
        let (sources, fault) = ([tags("b"), tags("a")], fault(FaultKind::Denied, "DescribeTags"));
        let found = problems(&failed(&sources, &sources, &fault));
        let [problem] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(problem.source, "DescribeTags targetgroup/a/1, targetgroup/b/1");
        let json = serde_json::to_value(problem).unwrap();
        assert_eq!(json["kind"], "denied");
        assert_eq!(json["request_id"], "r-1");
    }

    #[test]
    fn what_is_not_wanted_any_more_is_not_missing() {
        let fault = fault(FaultKind::Throttled, "DescribeTags");
        assert_eq!(problems(&failed(&[tags("a")], &[], &fault)), []);
    }

    #[test]
    fn what_was_never_asked_for_is_reported() {
        let mut reading = failed(&[], &[], &fault(FaultKind::Denied, "DescribeTags"));
        let over_budget = |source: Source| {
            let read = source.row().read;
            (source, ReadError::Unanswered(read, Unanswered::OverBudget(std::time::Duration::from_secs(30))))
        };
        reading.gathered.unread = [tags("a"), tags("b")].map(over_budget).to_vec();
        let want = |source| Want { source, visible: true, cadence: std::time::Duration::MAX, cost: 0 };
        reading.gathered.poller.wants = [tags("a"), tags("b")].map(want).to_vec();
        let found = problems(&reading);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].error.kind(), FaultKind::Throttled);
        assert_eq!(status(&found, true, true), Some(ExitStatus::Unreachable));
    }

    #[test]
    fn what_was_given_up_names_its_own_operation_and_what_happened_to_the_other() {
        let (source, reason) = (tags("a"), fault(FaultKind::Network, "DescribeTargetHealth"));
        let found = problems(&failed(std::slice::from_ref(&source), std::slice::from_ref(&source), &reason));
        let [problem] = found.as_slice() else { panic!("{found:?}") };
        let json = serde_json::to_value(problem).unwrap();
        assert_eq!((&json["source"], &json["kind"]), (&"DescribeTags targetgroup/a/1".into(), &"network".into()));
        assert_eq!((&json["message"], &json["request_id"]), (&"no".into(), &serde_json::Value::Null));
        assert!(remarks(&found)[0].starts_with("beanpole: ELB DescribeTags could not be reached: no\n"), "{found:?}");
    }

    #[test]
    fn the_status_follows_the_fault_that_someone_can_mend_first() {
        let of = |kind| Problem { source: String::new(), error: fault(kind, "DescribeTags").into() };
        let all = [of(FaultKind::Network), of(FaultKind::Denied), of(FaultKind::Expired)];
        assert_eq!(status(&all, false, false), Some(ExitStatus::Credentials));
        assert_eq!(status(&all[..2], false, false), Some(ExitStatus::Denied));
        assert_eq!(status(&all, true, false), None);
        assert_eq!(status(&[], true, true), None);
    }

    #[test]
    fn remarks_say_each_trouble_once() {
        let of = |kind, operation| Problem { source: String::new(), error: fault(kind, operation).into() };
        let all = [
            of(FaultKind::Denied, "DescribeTags"),
            of(FaultKind::Denied, "DescribeTags"),
            of(FaultKind::Network, "DescribeRules"),
            of(FaultKind::Network, "DescribeListeners"),
        ];
        let reported = remarks(&all);
        assert_eq!(reported.len(), 2, "{reported:?}");
        assert!(
            reported[0].contains("(2 calls)") && reported[0].contains("elasticloadbalancing:DescribeTags"),
            "{reported:?}"
        );
    }
}
