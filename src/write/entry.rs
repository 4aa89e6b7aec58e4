//! From lines to changes: what was begun, with the later lines about it.
//!
//! Whether a change was undone follows from the change that undoes it, so that nothing has to be written twice.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::earlier::{self, first_value};
use super::line::{Begun, EndedLine, JournalLine, StepLine};
use super::process::WriterProcess;
use crate::change::{Operation, OperationKind, OptionEdits, ValueChange};
use crate::model::{ScopeId, masked_url};

/// An operation, as `beanpole log` shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Its id, by which it is undone.
    pub id: String,
    /// When it began.
    pub at: Timestamp,
    /// What kind of change: `deploy`, `abort`, `back` ...
    pub kind: String,
    /// Who made it, as AWS calls him.
    pub caller: Option<String>,
    /// In which account.
    pub account: Option<String>,
    /// In which region.
    pub region: Option<String>,
    /// At which endpoint, if not AWS's own.
    pub endpoint: Option<String>,
    /// The environment's name.
    pub environment: String,
    /// The environment's id.
    pub environment_id: String,
    /// The application's name.
    pub application: String,
    /// By which way it went.
    pub route: String,
    /// The ARN of the target group of which a setting changed.
    pub target_group: Option<String>,
    /// The ARN of the load balancer of which, or of whose listeners, a setting changed.
    pub load_balancer: Option<String>,
    /// What changed.
    pub changes: Vec<ValueChange>,
    /// How it ended; null if that is unknown, because it is under way or was interrupted.
    pub outcome: Option<String>,
    /// A message about the end.
    pub message: Option<String>,
    /// The requests that AWS took.
    pub request_ids: Vec<String>,
    /// The change that it puts back.
    pub undoes: Option<String>,
    /// The change that put it back.
    pub undone_by: Option<String>,
    /// Its steps, if it has several: how far each is.
    pub steps: Vec<StepEntry>,
    /// How often beanpole refused to go on with it, and why; the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<RefusalEntry>,
    /// What it is, as it was when it began; none if an earlier build wrote what is not known any more.
    #[serde(skip)]
    operation: Option<Operation>,
    /// The process that was last at it.
    #[serde(skip)]
    pub(super) process: WriterProcess,
}

/// That beanpole refused to go on with a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusalEntry {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub message: String,
}

/// A step of a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepEntry {
    /// Its name.
    pub step: String,
    /// When it began; null if it has not.
    pub begun: Option<Timestamp>,
    /// How it ended; null if that is unknown.
    pub outcome: Option<String>,
    /// The id of what it has created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
    /// The description of its result.
    #[serde(skip)]
    found: Option<Arc<str>>,
}

/// Returns the changes in these lines, in the order in which they began. Lines about a change whose beginning is lost
/// are left out: they have nothing to be shown with.
pub(super) fn fold(lines: Vec<JournalLine>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for line in lines {
        let place = places.get(line.id()).copied();
        match (line, place) {
            (JournalLine::Operation(begun), None) => {
                places.insert(begun.id.clone(), entries.len());
                entries.push(Entry::from(*begun));
            }
            (JournalLine::Begun(begun), None) => {
                places.insert(begun.id.clone(), entries.len());
                entries.push(Entry::from(*begun));
            }
            (JournalLine::OperationStep(line), Some(place)) => entries[place].step(line.place, line),
            (JournalLine::Step(line), Some(place)) => entries[place].earlier_step(line),
            (JournalLine::OperationEnded(line) | JournalLine::Ended(line), Some(place)) => entries[place].end(line),
            (JournalLine::OperationRefused(line), Some(place)) => {
                entries[place].refusals.push(RefusalEntry { at: line.at, message: line.message });
            }
            (JournalLine::Operation(_) | JournalLine::Begun(_), Some(_))
            | (JournalLine::UpdateVerdict(_), _)
            | (_, None) => {}
        }
    }
    entries.iter_mut().for_each(Entry::end_with_steps);
    // From the newest on, for an undo that was itself undone undoes nothing.
    for by in (0..entries.len()).rev() {
        let is_done = matches!(entries[by].outcome.as_deref(), Some("applied" | "unchanged"));
        let place = entries[by].undoes.as_ref().and_then(|id| places.get(id)).copied();
        if let (Some(place), true) = (place, is_done && entries[by].undone_by.is_none()) {
            entries[place].undone_by = Some(entries[by].id.clone());
        }
    }
    entries
}

impl From<Begun> for Entry {
    fn from(it: Begun) -> Self {
        let Begun { id, at, process, caller, account, region, endpoint, operation, .. } = it;
        let (target_group, load_balancer) = operation.objects();
        let text = |it: Option<Arc<str>>| it.as_deref().map(str::to_owned);
        let steps = operation.steps.iter().filter(|_| operation.kind.is_stepwise());
        Self {
            id,
            at,
            kind: operation.kind.as_str().to_owned(),
            caller,
            account,
            region,
            endpoint,
            environment: operation.subject.name.to_string(),
            environment_id: operation.subject.key.id.to_string(),
            application: operation.subject.application.to_string(),
            route: operation.route.as_str().to_owned(),
            target_group: text(target_group),
            load_balancer: text(load_balancer),
            changes: operation.changes(),
            outcome: None,
            message: None,
            request_ids: Vec::new(),
            undoes: text(operation.undoes.clone()),
            undone_by: None,
            steps: steps.map(|step| StepEntry::new(step.work.name())).collect(),
            refusals: Vec::new(),
            operation: Some(operation),
            process,
        }
    }
}

impl From<earlier::EarlierBegun> for Entry {
    fn from(it: earlier::EarlierBegun) -> Self {
        let operation = earlier::operation(&it);
        Self {
            id: it.id,
            at: it.at,
            kind: it.kind,
            caller: it.caller,
            account: it.account,
            region: it.region,
            // Earlier builds wrote the password of one, too.
            endpoint: it.endpoint.map(|url| masked_url(&url).into_owned()),
            environment: it.environment,
            environment_id: it.environment_id,
            application: it.application,
            route: it.route,
            target_group: it.target_group,
            load_balancer: it.load_balancer,
            changes: it.changes,
            outcome: None,
            message: None,
            request_ids: Vec::new(),
            undoes: it.undoes,
            undone_by: None,
            steps: it.steps.iter().map(|step| StepEntry::new(step)).collect(),
            refusals: Vec::new(),
            operation,
            process: WriterProcess::numbered(it.process),
        }
    }
}

impl StepEntry {
    fn new(step: &str) -> Self {
        Self { step: step.to_owned(), begun: None, outcome: None, made: None, found: None }
    }
}

impl Entry {
    /// Returns the operation, with its progress; of earlier builds, if it is still understood.
    #[must_use]
    pub fn operation(&self, scope: ScopeId) -> Option<Operation> {
        let mut operation = self.operation.clone()?.within(scope);
        operation.id = Some(self.id.as_str().into());
        if let (false, Some(outcome)) = (operation.kind.is_stepwise(), &self.outcome) {
            operation.record(0, outcome, self.message.as_deref().map(Into::into), None);
        }
        for (place, it) in self.steps.iter().enumerate() {
            let made = it.made.as_deref().map(Into::into);
            match (&it.outcome, it.begun) {
                (Some(word), _) => operation.record(place, word, it.found.clone(), made),
                (None, Some(_)) => operation.record(place, "begun", None, made),
                (None, None) => {}
            }
        }
        Some(operation)
    }

    /// The options that it changed, if it changed options that are no settings of the table.
    #[must_use]
    pub fn options(&self) -> Option<&OptionEdits> {
        self.operation.as_ref()?.options()
    }

    /// From which version to which it went, if it deployed one.
    #[must_use]
    pub fn deployed(&self) -> Option<(Arc<str>, Arc<str>)> {
        let is_deploy =
            matches!(OperationKind::named(&self.kind), Some(OperationKind::Deploy | OperationKind::Rollback));
        // What was refused or failed changed nothing.
        let was_taken = matches!(self.outcome.as_deref(), None | Some("applied" | "unknown"));
        (is_deploy && was_taken)
            .then(|| Some((first_value(&self.changes, true)?, first_value(&self.changes, false)?)))
            .flatten()
    }

    fn earlier_step(&mut self, line: earlier::EarlierStepLine) {
        let Some(place) = self.steps.iter().position(|known| known.step == line.step) else { return };
        let (process, step) = (WriterProcess::numbered(line.process), line.step);
        let earlier::EarlierStepLine { id, at, outcome, made, request_ids, message, .. } = line;
        self.step(place, StepLine { id, at, process, place, step, outcome, made, request_ids, message });
    }

    fn step(&mut self, place: usize, line: StepLine) {
        self.process = line.process;
        self.request_ids.extend(line.request_ids);
        let found = line.message.as_deref().map(Into::into);
        if line.message.is_some() {
            self.message = line.message;
        }
        let Some(known) = self.steps.get_mut(place) else { return };
        known.found = found;
        if line.outcome.is_none() {
            known.begun = Some(line.at);
        }
        known.outcome = line.outcome;
        known.made = line.made.or(known.made.take());
    }

    /// Completes an entry: a process may die between the line of the last step and that of the whole; then the steps count.
    fn end_with_steps(&mut self) {
        let Some(operation) = self.operation(ScopeId::default()).filter(|it| it.kind.is_stepwise()) else { return };
        let is_over = if operation.kind.asks() { operation.has_finished() } else { operation.is_over() };
        if self.outcome.is_none() && is_over {
            self.outcome = self.steps.iter().rev().find_map(|step| step.outcome.clone());
        }
    }

    fn end(&mut self, line: EndedLine) {
        self.outcome = Some(line.outcome);
        self.message = line.message;
        for id in line.request_ids {
            if !self.request_ids.contains(&id) {
                self.request_ids.push(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{EnvironmentState, Subject};
    use crate::model::{EnvironmentStatus, Key};
    use crate::write::line::RefusedLine;

    fn begun(id: &str, undoes: Option<&str>) -> JournalLine {
        let key = Key::new(ScopeId(0), "e-1");
        let subject = Subject { key, name: "web".into(), application: "shop".into() };
        let seen = EnvironmentState { status: EnvironmentStatus::Ready, version: Some("v2".into()), abortable: false };
        let undoes = undoes.map(Into::into);
        let operation = Operation { undoes, ..Operation::rollback(subject, seen, Some("v2".into()), "v1".into()) };
        JournalLine::Operation(Box::new(Begun {
            version: 1,
            id: id.to_owned(),
            at: Timestamp::UNIX_EPOCH,
            process: WriterProcess::numbered(1),
            caller: None,
            account: None,
            region: None,
            endpoint: None,
            operation,
        }))
    }

    fn ended(id: &str, outcome: &str) -> JournalLine {
        let request_ids = vec!["r-1".to_owned()];
        let (id, outcome) = (id.to_owned(), outcome.to_owned());
        JournalLine::OperationEnded(EndedLine { id, at: Timestamp::UNIX_EPOCH, outcome, request_ids, message: None })
    }

    fn step(outcome: Option<&str>) -> JournalLine {
        JournalLine::OperationStep(StepLine {
            id: "a".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            process: WriterProcess::numbered(2),
            place: 0,
            step: "abort".to_owned(),
            made: None,
            outcome: outcome.map(str::to_owned),
            request_ids: outcome.map(|_| "r-1".to_owned()).into_iter().collect(),
            message: None,
        })
    }

    fn refused() -> JournalLine {
        let message = "writes are frozen".to_owned();
        JournalLine::OperationRefused(RefusedLine { id: "a".to_owned(), at: Timestamp::UNIX_EPOCH, message })
    }

    #[test]
    fn a_refusal_to_go_on_leaves_it_as_it_is() {
        let lines = || vec![begun("a", None), step(None), step(Some("applied"))];
        let before = fold(lines());
        let after = fold(lines().into_iter().chain([refused()]).collect());
        assert_eq!(after[0].refusals.len(), 1);
        assert_eq!(after, [Entry { refusals: after[0].refusals.clone(), ..before[0].clone() }]);
    }

    #[test]
    fn every_line_is_read_as_it_was_written_and_has_a_tag_that_earlier_builds_do_not_know() {
        for line in [begun("a", Some("b")), step(None), step(Some("applied")), ended("a", "failed"), refused()] {
            let text = serde_json::to_string(&line).unwrap();
            assert_eq!(serde_json::from_str::<JournalLine>(&text).unwrap(), line, "{text}");
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            // The tags of the builds before this one.
            assert!(!["begun", "step", "ended"].contains(&value["line"].as_str().unwrap()), "{text}");
        }
    }

    /// A journal with a verdict holds the same changes; and the verdict is read as it was written.
    #[test]
    fn a_verdict_is_no_change() {
        let update = serde_json::json!({
            "line": "update_verdict", "at": "2026-11-23T14:00:00Z", "account": "1", "region": "eu-west-1",
            "update": {
                "environment": "web", "environment_id": "e-1", "kind": "deploy", "from": "v1", "to": "v2",
                "request_id": "r-1", "began": "2026-11-23T13:50:00Z", "ended": null, "verdict": "worse",
                "reasons": ["5xx 9%"], "before": { "minutes": 0, "requests": null, "target_5xx_percent": null,
                "elb_5xx_percent": null, "p99_seconds": null }, "after": { "minutes": 3, "requests": 10.0,
                "target_5xx_percent": 9.5, "elb_5xx_percent": 0.0, "p99_seconds": 0.25 },
            },
        });
        let line: JournalLine = serde_json::from_value(update.clone()).unwrap();
        assert_eq!(serde_json::to_value(&line).unwrap(), update);
        assert_eq!(fold(vec![begun("a", None), line, ended("a", "applied")]).len(), 1);
    }

    #[test]
    fn later_lines_tell_the_end_and_the_steps() {
        let entries = fold(vec![begun("a", None), step(None), step(Some("applied")), ended("a", "failed")]);
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!((entry.outcome.as_deref(), entry.process.id), (Some("failed"), 2));
        assert_eq!(entry.request_ids, ["r-1"]);
        assert_eq!(entry.steps[0].outcome.as_deref(), Some("applied"));
        assert_eq!((entry.steps[1].begun, &entry.steps[1].outcome), (None, &None));
    }

    #[test]
    fn an_undo_counts_once_it_was_applied() {
        let undone = |outcome: &str| {
            let lines = vec![begun("a", None), ended("a", "applied"), begun("b", Some("a")), ended("b", outcome)];
            fold(lines)[0].undone_by.clone()
        };
        assert_eq!(undone("applied").as_deref(), Some("b"));
        assert_eq!(undone("conflict"), None);
    }

    #[test]
    fn an_undo_that_was_undone_undoes_nothing() {
        let lines = [begun("a", None), ended("a", "applied"), begun("b", Some("a")), ended("b", "applied")];
        let again = [begun("c", Some("b")), ended("c", "applied")];
        let entries = fold(lines.into_iter().chain(again).collect());
        let undone: Vec<_> = entries.iter().map(|entry| entry.undone_by.as_deref()).collect();
        assert_eq!(undone, [None, Some("c"), None]);
    }

    #[test]
    fn an_end_without_a_beginning_is_no_change() {
        assert_eq!(fold(vec![ended("a", "applied")]), []);
    }
}
