//! What follows once a change of settings has ended.

use super::{Operations, RequestedUpdate};
use crate::app::draft::Draft;
use crate::app::response::{Response, Step};
use crate::app::screens::Conflict;
use crate::change::{ChangeRows, Operation, Outcome, Written};
use crate::model::{Snapshot, clean};

impl Operations {
    /// A change of settings has ended.
    pub(super) fn changed_settings(
        &mut self,
        operation: &Operation,
        written: &Written,
        draft: Option<Draft>,
        snapshot: &Snapshot,
    ) -> Response {
        let key = operation.subject.key.clone();
        let overwritten = operation.rows().map(|rows| rows.overwritten(&written.values)).unwrap_or_default();
        let mut response = Response::none();
        overwritten.iter().for_each(|it| response.push(Step::Report(clean(&it.to_string()).into_owned())));
        // What was read until now is what comes is compared with: before anything is read again.
        self.edits.impacts.begin(operation, written, snapshot);
        let is_sent = written.outcome.is_done() || matches!(written.outcome, Outcome::Partial(_) | Outcome::Unknown(_));
        if !is_sent {
            self.edits.forget(&key);
        } else if operation.rows().is_some_and(ChangeRows::updates) {
            let request_id = written.request_ids.last().cloned();
            self.deploys.asked.insert(key.clone(), RequestedUpdate::new(None, request_id, written.at));
        }
        if let (Outcome::Conflict(differences), Some(draft)) = (&written.outcome, draft) {
            response.push(Step::Open(Conflict { draft, differences: differences.clone() }.into()));
        }
        response.then(Step::RereadSettings(key.clone())).then(Step::LookAt(key)).then(Step::Plan)
    }
}
