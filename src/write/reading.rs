//! Reads again, just before and just after a write, what a change of settings depends on: the environment, the live values,
//! the options, and what proves whose the objects are.
//!
//! Everything is read anew into an inventory of its own, so that the same functions judge it that judged what was on
//! screen.

use std::sync::Arc;

use super::engine::Writer;
use super::patience::Patience;
use crate::aws::{fetch, look};
use crate::change::{Basis, Object, Operation, Rows, Subject};
use crate::model::{
    Answer, Ask, Batch, Covers, Environment, Fault, FaultKind, Inventory, Key, Listener, LoadBalancer, Names, Seq,
    Source, TargetGroup, Topology, link,
};

/// What is read.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub subject: Subject,
    pub target_group: Option<Key<TargetGroup>>,
    pub load_balancer: Option<Key<LoadBalancer>>,
    /// The listeners whose attributes count.
    pub listeners: Vec<Key<Listener>>,
}

/// What was read.
pub(super) struct Fresh {
    pub inventory: Inventory,
    pub topology: Topology,
    pub environment: Environment,
    /// Why parts of what would prove something, or of the options, are missing.
    pub missing: Vec<Arc<Fault>>,
}

impl Scope {
    /// What a change of these settings depends on.
    pub(super) fn of(operation: &Operation, rows: &Rows) -> Self {
        let listeners = rows.iter().filter_map(|row| match &row.object {
            Object::Listener(key, ..) => Some(key.clone()),
            _ => None,
        });
        Self {
            subject: operation.subject.clone(),
            target_group: rows.target_group(),
            load_balancer: rows.load_balancer(),
            listeners: listeners.collect(),
        }
    }
}

impl Fresh {
    pub(super) fn basis(&self) -> Basis<'_> {
        Basis { inventory: &self.inventory, topology: &self.topology, environment: &self.environment }
    }

    /// Why what this operation reads is missing.
    pub(super) fn fault_of(&self, operation: &str) -> Option<&Arc<Fault>> {
        self.missing.iter().find(|fault| fault.operation == operation)
    }
}

/// A reading under way.
pub(super) struct Reader<'a> {
    writer: &'a Writer<'a>,
    patience: &'a mut Patience,
    pub inventory: Inventory,
    missing: Vec<Arc<Fault>>,
}

impl Writer<'_> {
    /// Reads all of it; `None` if the environment is gone.
    pub(super) async fn read_again(&self, scope: &Scope, patience: &mut Patience) -> Result<Option<Fresh>, Arc<Fault>> {
        let found = patience.call(|| look::environment(self.session, &scope.subject.key, self.now)).await?;
        let Some(environment) = found else { return Ok(None) };
        let mut reader = Reader::new(self, patience);
        reader.keep(Answer::Environments(vec![environment.clone()]));
        reader.evidence(scope).await;
        reader.live(scope).await?;
        let Reader { inventory, missing, .. } = reader;
        let topology = link(&inventory);
        Ok(Some(Fresh { inventory, topology, environment, missing }))
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(writer: &'a Writer<'a>, patience: &'a mut Patience) -> Self {
        Self { writer, patience, inventory: Inventory::default(), missing: Vec::new() }
    }

    fn keep(&mut self, answer: Answer) {
        let at = (self.writer.now)();
        self.inventory.replace(Batch { covers: Covers::Only, answer }, at);
    }

    /// What proves whose the objects are, and the options. One piece may do where another is denied.
    async fn evidence(&mut self, scope: &Scope) {
        let key = &scope.subject.key;
        let tagged = scope.target_group.iter().map(|key| Source::TargetGroupTags(key.clone()));
        let tagged = tagged.chain(scope.load_balancer.iter().map(|key| Source::LoadBalancerTags(key.clone())));
        let names =
            Names { application: Arc::clone(&scope.subject.application), environment: Arc::clone(&scope.subject.name) };
        self.try_read(vec![Source::Settings(key.clone())], Some(names)).await;
        self.try_read(tagged.collect(), None).await;
        self.try_read(vec![Source::Resources(key.clone())], None).await;
        let resources = self.inventory.resources.get(key);
        let groups = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
        let groups: Vec<_> =
            groups.map(|name| Source::AutoScalingGroup(Key::new(key.scope, Arc::clone(name)))).collect();
        self.try_read(groups, None).await;
    }

    async fn try_read(&mut self, sources: Vec<Source>, names: Option<Names>) {
        if let Err(fault) = self.read(sources, names).await {
            self.missing.push(fault);
        }
    }

    /// Reads these, which are of one kind.
    pub(super) async fn read(&mut self, sources: Vec<Source>, names: Option<Names>) -> Result<(), Arc<Fault>> {
        if sources.is_empty() {
            return Ok(());
        }
        let ask = Ask { sources, seq: Seq::default(), names, since: None, metrics: None };
        let writer = self.writer;
        let read = async || fetch(writer.session, ask.clone(), writer.now).await.result;
        let batch = self.patience.call(read).await?;
        self.inventory.replace(batch, (writer.now)());
        Ok(())
    }

    /// The live values, without which nothing can be compared.
    async fn live(&mut self, scope: &Scope) -> Result<(), Arc<Fault>> {
        let writer = self.writer;
        if let Some(key) = &scope.target_group {
            let group = self.patience.call(|| look::target_group(writer.session, key, writer.now)).await;
            match group {
                Ok(group) => self.keep(Answer::TargetGroups(group.into_iter().collect())),
                // That it is gone is told by the comparison.
                Err(fault) if fault.kind == FaultKind::NotFound => return Ok(()),
                Err(fault) => return Err(fault),
            }
            self.read(vec![Source::TargetGroupAttributes(key.clone())], None).await?;
        }
        if let Some(key) = &scope.load_balancer {
            self.read(vec![Source::LoadBalancerAttributes(key.clone())], None).await?;
            self.read(vec![Source::Listeners(key.clone())], None).await?;
        }
        for key in &scope.listeners {
            self.read(vec![Source::ListenerAttributes(key.clone())], None).await?;
        }
        Ok(())
    }
}
