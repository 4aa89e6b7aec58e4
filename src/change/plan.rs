//! A change made concrete: what is read and written of each setting, the calls, why it is dangerous, what it affects.
//!
//! A plan carries what its author saw, so that `write/` can read everything again and refuse what was decided on another
//! state of things. It is made by [`plan`](super::plan()) and [`undo`](super::undo()), and carried out as an
//! [`Operation`].

use std::sync::Arc;

use super::calls::ApiCall;
use super::danger::{dangers, warnings};
use super::field::PlanInputs;
use super::operation::Operation;
use super::outcome::Refusal;
use super::request::{EnvironmentState, Route, Subject, ValueChange};
use super::rows::{ChangeRow, ChangeRows, Overwritten};
use super::serves::{Serves, serves};
use crate::model::{Key, LoadBalancer, TargetGroup};

/// A change, ready to be confirmed and carried out.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The environment.
    pub subject: Subject,
    /// Its state when the plan was made.
    pub state: EnvironmentState,
    /// By which way it goes.
    pub route: Route,
    /// The target group, if one of its settings is changed.
    pub target_group: Option<Key<TargetGroup>>,
    /// The load balancer, if one of its settings or of its listeners' is changed.
    pub load_balancer: Option<Key<LoadBalancer>>,
    /// What is done to each setting; one that is so already is written nowhere.
    pub rows: ChangeRows,
    /// Why it must not be carried out, as far as is known.
    pub refusal: Option<Refusal>,
    /// Why it is dangerous, a sentence each without its full stop.
    pub dangers: Vec<String>,
    /// What there is to know beforehand, a sentence each without its full stop.
    pub warnings: Vec<String>,
    /// What it affects.
    pub serves: Serves,
    /// The id of the change that it puts back.
    pub undoes: Option<Arc<str>>,
}

impl Plan {
    /// A plan of these rows; what follows from them is found here.
    pub(super) fn of(basis: &PlanInputs<'_>, route: Route, rows: Vec<ChangeRow>, undoes: Option<Arc<str>>) -> Self {
        let serves = serves(basis, &rows);
        let rows = ChangeRows::from(rows);
        let state = EnvironmentState::from(basis.environment);
        Self {
            subject: Subject::from(basis.environment),
            dangers: dangers(&rows, &serves, &state),
            warnings: warnings(basis, route, &rows),
            state,
            route,
            target_group: rows.target_group(),
            load_balancer: rows.load_balancer(),
            serves,
            refusal: rows.objection(basis),
            rows,
            undoes,
        }
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_idle()
    }

    /// Returns the kind of change, as the log has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.undoes.is_some() { "undo" } else { "set" }
    }

    /// Whether production wants the environment's name typed for it.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        !self.dangers.is_empty()
    }

    /// The values that change, as they are shown and kept in the log.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        self.rows.changes()
    }

    /// The calls that do it, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<ApiCall> {
        Operation::from(self).calls()
    }

    /// Whether a part of it is an update of the environment.
    #[must_use]
    pub fn updates(&self) -> bool {
        self.rows.updates()
    }

    /// What another client has written over it, by what was live afterwards.
    #[must_use]
    pub fn overwritten(&self, values: &[(String, Option<Arc<str>>)]) -> Vec<Overwritten> {
        self.rows.overwritten(values)
    }
}
