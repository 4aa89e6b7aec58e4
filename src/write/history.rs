//! The past in the journal: what can be undone, what was written to an environment, what has not ended.

use std::sync::Arc;

use super::audit::{AuditLog, History};
use super::entry::Entry;
use super::line::KeptVerdict;
use crate::change::{Operation, OperationKind, Past, PastRollback, Route, UpdateRecord, Work};
use crate::model::{Environment, Key, Moment, ScopeId};

/// A change that has begun and not ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// The entry of the log.
    pub entry: Entry,
    /// Whether the process that was at it is still running; then it is most likely still at it.
    pub is_running: bool,
}

/// The changes in the log that have begun and not ended, the oldest first. Blocks while it reads.
///
/// # Errors
/// When the log is there and cannot be read.
pub fn unfinished(log: &AuditLog) -> std::io::Result<Vec<Unfinished>> {
    let History { entries, .. } = log.read()?;
    let open = entries.into_iter().filter(|entry| entry.outcome.is_none());
    Ok(open.map(|entry| Unfinished { is_running: log.is_running(&entry), entry }).collect())
}

impl Entry {
    /// The change of settings that this is, if it is one.
    #[must_use]
    pub fn past(&self, scope: ScopeId) -> Option<Past> {
        let is_of_options = self.options().is_some();
        if is_of_options || !matches!(self.kind.as_str(), "set" | "undo") {
            return None;
        }
        Some(Past {
            id: self.id.as_str().into(),
            route: Route::named(&self.route)?,
            changes: self.changes.clone(),
            target_group: self.target_group.as_deref().map(|arn| Key::new(scope, arn)),
            load_balancer: self.load_balancer.as_deref().map(|arn| Key::new(scope, arn)),
        })
    }

    /// Whether it may have changed something, and nothing has put that back.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        let has_written = !matches!(self.outcome.as_deref(), Some("unchanged" | "conflict" | "refused" | "failed"));
        self.past(ScopeId::default()).is_some() && has_written && self.undone_by.is_none()
    }
}

impl History {
    /// The newest change that can be undone, of an account, a region and an endpoint; of an environment, if one is named
    /// by its id. What puts another change back is undone only by its own id.
    #[must_use]
    pub fn newest_to_undo(
        &self,
        account: Option<&str>,
        region: Option<&str>,
        endpoint: Option<&str>,
        environment: Option<&str>,
    ) -> Option<&Entry> {
        let is_here = |entry: &&Entry| entry.is_of(account, region, endpoint);
        let is_meant = |entry: &&Entry| environment.is_none_or(|id| entry.environment_id == id);
        let newest = self.entries.iter().rev().filter(is_here).filter(is_meant);
        newest.into_iter().find(|entry| entry.undoes.is_none() && entry.can_be_undone())
    }
}

impl History {
    /// The newest operation that is taken back by one of its own (HTTPS, the muting of alarms), of an environment if one is
    /// named by its id; where: account, region and endpoint.
    #[must_use]
    pub fn newest_operation_to_undo(
        &self,
        (account, region, endpoint): (Option<&str>, Option<&str>, Option<&str>),
        environment: Option<&str>,
    ) -> Option<&Entry> {
        let is_meant = |entry: &Entry| environment.is_none_or(|id| entry.environment_id == id);
        let is_here = |entry: &&Entry| entry.is_of(account, region, endpoint) && is_meant(entry);
        let is_open = |entry: &&Entry| entry.undone_by.is_none() && entry.outcome.is_some();
        let is_first = |entry: &&Entry| entry.undoes.is_none();
        let can_go_back = |entry: &&Entry| entry.operation(ScopeId::default()).is_some_and(|it| it.back().is_some());
        self.entries.iter().rev().filter(is_here).filter(is_open).filter(is_first).find(can_go_back)
    }
}

impl History {
    /// The changes of an environment's settings that were written, the oldest first; where: account, region and endpoint.
    #[must_use]
    pub fn written_to(
        &self,
        (account, region, endpoint): (Option<&str>, Option<&str>, Option<&str>),
        environment: &Key<Environment>,
    ) -> Vec<Past> {
        let is_meant =
            |entry: &&Entry| *entry.environment_id == *environment.id && entry.is_of(account, region, endpoint);
        let is_written = |entry: &&Entry| matches!(entry.outcome.as_deref(), Some("applied" | "partial"));
        let written = self.entries.iter().filter(is_meant).filter(is_written);
        written.filter_map(|entry| entry.past(environment.scope)).collect()
    }
}

impl History {
    /// From which version to which an environment was deployed from this machine, newest first; where: account, region and
    /// endpoint.
    #[must_use]
    pub fn deploys_of(
        &self,
        (account, region, endpoint): (Option<&str>, Option<&str>, Option<&str>),
        environment: &str,
    ) -> Vec<(Arc<str>, Arc<str>)> {
        let is_own = |entry: &&Entry| entry.environment_id == environment && entry.is_of(account, region, endpoint);
        self.entries.iter().rev().filter(is_own).filter_map(Entry::deployed).collect()
    }
}

impl History {
    /// The updates of an environment that were followed to a verdict, the oldest first and each once, the last time that it was
    /// followed; where: account, region and endpoint.
    #[must_use]
    pub fn updates_of(
        &self,
        (account, region, endpoint): (Option<&str>, Option<&str>, Option<&str>),
        environment: &str,
    ) -> Vec<UpdateRecord> {
        let is_here = |it: &&KeptVerdict| {
            it.account.as_deref() == account && it.region.as_deref() == region && it.endpoint.as_deref() == endpoint
        };
        let mut found: Vec<UpdateRecord> = Vec::new();
        let own = self.verdicts.iter().filter(is_here).filter(|it| *it.update.environment_id == *environment);
        for update in own.map(|it| &it.update) {
            let is_same = |known: &UpdateRecord| match (&known.request_id, &update.request_id) {
                (Some(one), Some(other)) => one == other,
                _ => known.began == update.began,
            };
            found.retain(|known| !is_same(known));
            found.push(update.clone());
        }
        found
    }

    /// The rollbacks of an environment that were made from this machine, the oldest first.
    #[must_use]
    pub fn rollbacks_of(
        &self,
        (account, region, endpoint): (Option<&str>, Option<&str>, Option<&str>),
        environment: &str,
    ) -> Vec<PastRollback> {
        let is_own = |entry: &&Entry| entry.environment_id == environment && entry.is_of(account, region, endpoint);
        let own = self.entries.iter().filter(is_own);
        own.filter_map(|entry| {
            let (from, to) = entry.deployed().filter(|_| entry.kind == OperationKind::Rollback.as_str())?;
            Some(PastRollback { at: Moment(entry.at), from, to })
        })
        .collect()
    }
}

impl Entry {
    /// Whether it changed the environment of this id: as its own, or as the other one of an exchange.
    #[must_use]
    pub fn concerns(&self, environment: &str) -> bool {
        let other = |operation: &Operation| {
            operation.steps.iter().any(|step| matches!(&step.work, Work::Swap(it) if *it.other.key.id == *environment))
        };
        self.environment_id == environment || self.operation(ScopeId::default()).is_some_and(|it| other(&it))
    }

    /// Whether it was made in this account and region, at this endpoint.
    #[must_use]
    pub fn is_of(&self, account: Option<&str>, region: Option<&str>, endpoint: Option<&str>) -> bool {
        self.account.as_deref() == account && self.region.as_deref() == region && self.endpoint.as_deref() == endpoint
    }
}
