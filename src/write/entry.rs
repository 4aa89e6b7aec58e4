//! From lines to changes: what was begun, with what later lines say of it.
//!
//! Whether a change was undone follows from the change that undoes it, so that nothing has to be written twice.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use super::line::{AnyStep, Begun, Ended, Line, StepLine};
use crate::change::ValueChange;
use crate::change::https::Setup;
use crate::model::{ScopeId, masked_url};

/// A change, as `beanpole log` tells it.
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
    /// How it ended; null if nobody knows, because it is under way or was interrupted.
    pub outcome: Option<String>,
    /// What there is to say about the end.
    pub message: Option<String>,
    /// The requests that AWS took.
    pub request_ids: Vec<String>,
    /// The change that it puts back.
    pub undoes: Option<String>,
    /// The change that put it back.
    pub undone_by: Option<String>,
    /// Its steps, if it has several: how far each is.
    pub steps: Vec<StepEntry>,
    /// What is set up, of HTTPS.
    #[serde(skip)]
    pub https: Option<Setup>,
    /// The process that was last at it.
    #[serde(skip)]
    pub process: u32,
}

/// A step of a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepEntry {
    /// Which.
    pub step: AnyStep,
    /// When it began; null if it has not.
    pub begun: Option<Timestamp>,
    /// How it ended; null if nobody knows.
    pub outcome: Option<String>,
    /// The id of what it has made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
}

/// The changes that these lines tell of, in the order in which they began. Lines about a change whose beginning is lost
/// have nothing that they could be told with.
pub(super) fn fold(lines: Vec<Line>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for line in lines {
        let place = places.get(line.id()).copied();
        match (line, place) {
            (Line::Begun(begun), None) => {
                places.insert(begun.id.clone(), entries.len());
                entries.push(Entry::from(begun));
            }
            (Line::Step(line), Some(place)) => entries[place].step(line),
            (Line::Ended(line), Some(place)) => entries[place].end(line),
            (Line::Begun(_), Some(_)) | (_, None) => {}
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
        let step = |step| StepEntry { step, begun: None, outcome: None, made: None };
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
            steps: it.steps.into_iter().map(step).collect(),
            https: it.https,
            process: it.process,
        }
    }
}

impl Entry {
    fn step(&mut self, line: StepLine) {
        self.process = line.process;
        self.request_ids.extend(line.request_ids);
        if line.message.is_some() {
            self.message = line.message;
        }
        let Some(known) = self.steps.iter_mut().find(|known| known.step == line.step) else { return };
        if line.outcome.is_none() {
            known.begun = Some(line.at);
        }
        known.outcome = line.outcome;
        known.made = line.made.or(known.made.take());
    }

    /// Between the line of the last step and that of the whole somebody may die: then the steps tell how it ended.
    fn end_with_steps(&mut self) {
        let is_back = self.way_back(ScopeId::default()).is_some_and(|way| way.is_over());
        let is_over = is_back || self.course(ScopeId::default()).is_some_and(|course| course.has_arrived());
        if self.outcome.is_none() && is_over {
            self.outcome = self.steps.iter().rev().find_map(|step| step.outcome.clone());
        }
    }

    fn end(&mut self, line: Ended) {
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
    use crate::change::Step;

    fn begun(id: &str, undoes: Option<&str>) -> Line {
        Line::Begun(Begun {
            id: id.to_owned(),
            at: Timestamp::UNIX_EPOCH,
            process: 1,
            kind: "deploy".to_owned(),
            caller: None,
            account: None,
            region: None,
            endpoint: None,
            environment: "web".to_owned(),
            environment_id: "e-1".to_owned(),
            application: "shop".to_owned(),
            route: "beanstalk".to_owned(),
            target_group: None,
            load_balancer: None,
            changes: Vec::new(),
            undoes: undoes.map(str::to_owned),
            steps: vec![AnyStep::Back(Step::Abort), AnyStep::Back(Step::Deploy)],
            https: None,
        })
    }

    fn ended(id: &str, outcome: &str) -> Line {
        let request_ids = vec!["r-1".to_owned()];
        let (id, outcome) = (id.to_owned(), outcome.to_owned());
        Line::Ended(Ended { id, at: Timestamp::UNIX_EPOCH, outcome, request_ids, message: None })
    }

    fn step(outcome: Option<&str>) -> Line {
        Line::Step(StepLine {
            id: "a".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            process: 2,
            step: AnyStep::Back(Step::Abort),
            made: None,
            outcome: outcome.map(str::to_owned),
            request_ids: outcome.map(|_| "r-1".to_owned()).into_iter().collect(),
            message: None,
        })
    }

    #[test]
    fn later_lines_tell_the_end_and_the_steps() {
        let entries = fold(vec![begun("a", None), step(None), step(Some("applied")), ended("a", "failed")]);
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!((entry.outcome.as_deref(), entry.process), (Some("failed"), 2));
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
