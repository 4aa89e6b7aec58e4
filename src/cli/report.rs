//! The output of a writing command: what it would do or did, as one object or as text, and its exit status.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use serde::Serialize;

use super::arguments::Format;
use super::asking::BothSides;
use super::bundle_report::BundleReport;
use super::deploy_plan::DeployPlanReport;
use super::desk::{Asking, Desk};
use super::failure::{ExitStatus, Failure, advice, advice_by_kind, status_of};
use super::output;
use super::problem::{ErrorLine, problems};
use super::served::Served;
use super::swap::NameProbe;
use crate::change::{ApiCall, EnvironmentState, Operation, OperationError, Outcome, Refusal, ValueChange, Written};
use crate::model::{FaultKind, clean};

/// The report of a write.
#[derive(Debug, Serialize)]
pub struct Report {
    environment: Arc<str>,
    environment_id: Arc<str>,
    application: Arc<str>,
    kind: &'static str,
    route: &'static str,
    changes: Vec<ValueChange>,
    calls: Vec<ApiCall>,
    commands: Vec<String>,
    dangerous: bool,
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<DeployPlanReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sides: Option<BothSides>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    of_options: Option<OptionFields>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<BundleReport>,
    refused: Option<String>,
    id: Option<Arc<str>>,
    outcome: &'static str,
    message: Option<String>,
    observed: Option<Seen>,
    request_ids: Vec<Arc<str>>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    swapped: Option<SwapReport>,
    errors: Vec<ErrorLine>,
}

/// What was seen of an exchange of CNAMEs after it was written.
#[derive(Debug, Serialize)]
struct SwapReport {
    /// Whether they are exchanged; null if that is not known.
    exchanged: Option<bool>,
    /// Where the rules of shared load balancers lead them.
    routes: Vec<String>,
    /// What both names answered; empty if they were not asked.
    probes: Vec<NameProbe>,
}

/// What a change of options has as a change of settings has it.
#[derive(Debug, Serialize)]
struct OptionFields {
    target_group: Option<String>,
    serves: Served,
    /// Not diagnosed: null, which is not none.
    findings_added: Option<Vec<String>>,
    findings_removed: Option<Vec<String>>,
}

/// What was live afterwards: of options their values, else the environment's state.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Seen {
    Values(BTreeMap<String, Option<Arc<str>>>),
    State(Observed),
}

#[derive(Debug, Serialize)]
struct Observed {
    status: String,
    version_label: Option<Arc<str>>,
    abortable: bool,
}

impl From<&EnvironmentState> for Observed {
    fn from(it: &EnvironmentState) -> Self {
        let (status, abortable) = (it.status.as_str().to_owned(), it.abortable);
        Self { status, version_label: it.version.clone(), abortable }
    }
}

impl Report {
    /// Returns the report of what would be done; `refusal` is why it would not.
    pub fn planned(desk: &Desk<'_>, operation: &Operation, asking: &Asking, refusal: Option<&Refusal>) -> Self {
        let before = asking.bundle.as_ref().map(|(creation, _)| creation).filter(|it| it.kind != operation.kind);
        let calls: Vec<_> = before.into_iter().chain([operation]).flat_map(Operation::calls).collect();
        Self {
            environment: Arc::clone(&operation.subject.name),
            environment_id: Arc::clone(&operation.subject.key.id),
            application: Arc::clone(&operation.subject.application),
            kind: operation.kind.as_str(),
            route: operation.route.as_str(),
            changes: before.into_iter().chain([operation]).flat_map(Operation::changes).collect(),
            commands: calls.iter().map(|call| call.command(&desk.place())).collect(),
            calls,
            dangerous: operation.is_dangerous,
            warnings: asking.notes.clone(),
            plan: asking.deploy.clone(),
            sides: asking.sides.clone(),
            of_options: operation.options().map(|_| OptionFields {
                target_group: None,
                serves: Served::one(&operation.subject.name),
                findings_added: None,
                findings_removed: None,
            }),
            bundle: asking.bundle.as_ref().map(|(_, bundle)| bundle.clone()),
            refused: refusal.map(ToString::to_string),
            id: None,
            outcome: match refusal {
                Some(_) => "refused",
                None if operation.is_idle() => "unchanged",
                None => "planned",
            },
            message: None,
            observed: None,
            request_ids: Vec::new(),
            swapped: None,
            errors: problems(&desk.reading).iter().map(ErrorLine::from).collect(),
        }
    }

    /// Returns the report of what was done.
    pub fn of(desk: &Desk<'_>, operation: &Operation, asking: &Asking, written: &Written) -> Self {
        let refusal = match &written.outcome {
            Outcome::Refused(refusal) => Some(refusal),
            _ => None,
        };
        let mut report = Self::planned(desk, operation, asking, refusal);
        report.id.clone_from(&written.id);
        report.outcome = written.outcome.word();
        report.message = written.outcome.reason();
        report.observed = if operation.options().is_some() {
            (!written.values.is_empty()).then(|| Seen::Values(written.values.iter().cloned().collect()))
        } else {
            written.observed.as_ref().map(|state| Seen::State(state.into()))
        };
        report.request_ids.clone_from(&written.request_ids);
        report.errors.extend(failed(written));
        report
    }

    /// With what was seen of an exchange of CNAMEs.
    pub fn swapped(self, exchanged: Option<bool>, routes: Vec<String>, probes: Vec<NameProbe>) -> Self {
        Self { swapped: Some(SwapReport { exchanged, routes, probes }), ..self }
    }

    /// Prints it as an object, if JSON is requested.
    pub fn print(&self, format: Format) -> Result<(), Failure> {
        match format {
            Format::Table => Ok(()),
            Format::Json => output::json(self),
            Format::Jsonl => output::json_line(self),
        }
    }

    /// Prints a plan as text.
    pub fn plan(&self) -> Result<(), Failure> {
        let mut text = String::new();
        for ValueChange { key, before, after, .. } in &self.changes {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            let _ = writeln!(text, "change   {key}: {} -> {}", clean(&value(before)), clean(&value(after)));
        }
        text.push_str(&call_lines(&self.calls, &self.commands));
        for line in self.plan.iter().flat_map(DeployPlanReport::lines) {
            let _ = writeln!(text, "plan     {}", clean(line));
        }
        text.extend(self.sides.iter().map(BothSides::table));
        for note in &self.warnings {
            let _ = writeln!(text, "note     {}", clean(note));
        }
        output::result(&text)
    }
}

/// The calls, each with the command of the AWS CLI that does the same.
pub fn call_lines(calls: &[ApiCall], commands: &[String]) -> String {
    let mut text = String::new();
    for (call, command) in calls.iter().zip(commands) {
        let parameters: Vec<_> = call.parameters().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let service = call.service().prefix();
        let _ = writeln!(text, "call     {service} {} {}", call.operation(), clean(&parameters.join(" ")));
        let _ = writeln!(text, "command  {}", clean(command));
    }
    text
}

/// Returns the exit status of a write that ended so, and what to do about it; `None` if it succeeded.
fn status_of_outcome(outcome: &Outcome, name: &str) -> Option<(ExitStatus, Option<String>)> {
    Some(match outcome {
        Outcome::Applied | Outcome::Unchanged => return None,
        Outcome::Conflict(_) => (ExitStatus::Conflict, Some("look again, and decide again".to_owned())),
        Outcome::Refused(refusal) => (ExitStatus::Refused, hint(refusal)),
        Outcome::Partial(error) | Outcome::Unknown(error) => {
            (ExitStatus::Unknown, Some(format!("{}; then: beanpole show {name}", advice_on(error))))
        }
        // AWS refused it: that is not the network's fault.
        Outcome::Failed(error) if error.kind() == FaultKind::Invalid => (ExitStatus::Denied, None),
        Outcome::Failed(error) => (status_of(error.kind()), Some(advice_on(error))),
    })
}

fn advice_on(error: &OperationError) -> String {
    error.fault().map_or_else(|| advice_by_kind(error.kind()).to_owned(), |fault| advice(fault))
}

/// Why a write failed; if it did not, why it is not known what is so since.
pub fn failed(written: &Written) -> Option<ErrorLine> {
    let unseen = || written.unseen.as_deref().map(ErrorLine::from);
    written.outcome.error().map(ErrorLine::from).or_else(unseen)
}

/// Reports on standard error why it failed, and returns the exit status.
pub fn conclude(kind: &str, name: &str, written: &Written) -> ExitCode {
    let Some((status, hint)) = status_of_outcome(&written.outcome, name) else { return ExitCode::SUCCESS };
    let what = clean(&format!("{kind} {name}: {}", written.outcome.reason().unwrap_or_default())).into_owned();
    output::failure(&Failure { status, what, hint, source: None })
}

fn hint(refusal: &Refusal) -> Option<String> {
    match refusal {
        Refusal::ReadOnly => Some("it is set by --read-only, BEANPOLE_READ_ONLY or the configuration".to_owned()),
        Refusal::Frozen(_) => Some("once it is safe: beanpole thaw".to_owned()),
        Refusal::NotConfirmed { name } => Some(format!("give --confirm {name}")),
        Refusal::NotReady { .. } => Some("wait until it is over, or abort it: beanpole abort".to_owned()),
        Refusal::Splitting => Some("wait until the deployment is over, or abort it: beanpole abort".to_owned()),
        Refusal::LastHealthy { .. } => Some("launch one more first: beanpole scale".to_owned()),
        Refusal::NoAudit { .. }
        | Refusal::Protected(_)
        | Refusal::NothingToAbort { .. }
        | Refusal::NotProven { .. }
        | Refusal::NotRead { .. }
        | Refusal::SingleInstance
        | Refusal::Unread { .. }
        | Refusal::Unsuitable { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fault, Service};

    fn fault(kind: FaultKind) -> OperationError {
        let (service, operation) = (Service::Beanstalk, "UpdateEnvironment");
        let (code, message) = (None, "no".into());
        Arc::new(Fault { kind, service, operation, code, message, request_id: None, details: None }).into()
    }

    #[test]
    fn the_status_agrees_with_the_word_of_the_log() {
        let failed = |kind| Outcome::Failed(fault(kind));
        for (outcome, word, status) in [
            (Outcome::Applied, "applied", None),
            (Outcome::Unchanged, "unchanged", None),
            (Outcome::Conflict(Vec::new()), "conflict", Some(ExitStatus::Conflict)),
            (Outcome::Refused(Refusal::ReadOnly), "refused", Some(ExitStatus::Refused)),
            (Outcome::Partial(fault(FaultKind::Denied)), "partial", Some(ExitStatus::Unknown)),
            (Outcome::Unknown(fault(FaultKind::Expired)), "unknown", Some(ExitStatus::Unknown)),
            (failed(FaultKind::Network), "failed", Some(ExitStatus::Unreachable)),
            (failed(FaultKind::Other), "failed", Some(ExitStatus::Unreachable)),
            (failed(FaultKind::Throttled), "failed", Some(ExitStatus::Unreachable)),
            (failed(FaultKind::Expired), "failed", Some(ExitStatus::Credentials)),
            (failed(FaultKind::Denied), "failed", Some(ExitStatus::Denied)),
            (failed(FaultKind::Invalid), "failed", Some(ExitStatus::Denied)),
            (Outcome::Failed(OperationError::Vanished), "failed", Some(ExitStatus::Unreachable)),
            (Outcome::Failed(OperationError::Probe("no".into())), "failed", Some(ExitStatus::Unreachable)),
            (Outcome::Unknown(OperationError::GaveUp(None)), "unknown", Some(ExitStatus::Unknown)),
        ] {
            assert_eq!(outcome.word(), word);
            assert_eq!(status_of_outcome(&outcome, "web").map(|(status, _)| status), status, "{outcome:?}");
        }
    }

    #[test]
    fn an_error_that_is_not_of_aws_is_a_line_like_any_other() {
        let call = Some(&crate::change::writes::UPDATE_ENVIRONMENT);
        for (error, line, hint) in [
            (
                OperationError::Vanished,
                r#"{"source":"DescribeEnvironmentResources","kind":"not_found","message":"a part of the environment vanished while it was looked at","request_id":null}"#,
                "it was deleted meanwhile",
            ),
            (
                OperationError::Probe("it failed: reset".into()),
                r#"{"source":"HTTPS","kind":"other","message":"it failed: reset","request_id":null}"#,
                "try again; --log-file FILE records details",
            ),
            (
                OperationError::NothingSeen(Box::new(OperationError::GaveUp(call))),
                r#"{"source":"UpdateEnvironment","kind":"other","message":"the program ended before an answer came; looked for afterwards, nothing of it was to be seen","request_id":null}"#,
                "try again; --log-file FILE records details",
            ),
            (
                OperationError::NothingSeen(Box::new(fault(FaultKind::Network))),
                r#"{"source":"UpdateEnvironment","kind":"network","message":"no; looked for afterwards, nothing of it was to be seen","request_id":null}"#,
                "check the network, a proxy, the region and --endpoint-url",
            ),
        ] {
            assert_eq!(serde_json::to_string(&ErrorLine::from(&error)).unwrap(), line);
            assert_eq!(advice_on(&error), hint, "{error:?}");
        }
    }
}
