//! Reads again, just before and just after a write, what a change of settings depends on: the environment, the live values,
//! the options, and the proof of who owns the objects.
//!
//! Everything is read again into a separate snapshot, so that the same functions judge it that judged what was on screen.

use std::sync::Arc;

use super::backoff::Backoff;
use super::writer::JournalWriter;
use crate::aws::{fetch, look};
use crate::change::{ChangeRows, Object, Operation, PlanInputs, Subject};
use crate::model::{
    Answer, Ask, Batch, Covers, Environment, Fault, FaultKind, Key, Listener, LoadBalancer, Names, ReadOutcome, Seq,
    Snapshot, Source, TargetGroup,
};

/// What is read.
#[derive(Clone, Debug)]
pub(super) struct ReadScope {
    pub subject: Subject,
    pub target_group: Option<Key<TargetGroup>>,
    pub load_balancer: Option<Key<LoadBalancer>>,
    /// The listeners whose attributes count.
    pub listeners: Vec<Key<Listener>>,
}

/// What was read again.
pub(super) struct WriteReread {
    /// What was read, and why parts of the proof, or of the options, could not be.
    pub snapshot: Snapshot,
    pub environment: Environment,
}

impl ReadScope {
    /// What a change of these settings depends on.
    pub(super) fn of(operation: &Operation, rows: &ChangeRows) -> Self {
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

impl WriteReread {
    pub(super) fn basis(&self) -> PlanInputs<'_> {
        PlanInputs { snapshot: &self.snapshot, environment: &self.environment }
    }

    /// Why what this operation reads is missing.
    pub(super) fn fault_of(&self, operation: &str) -> Option<&Arc<Fault>> {
        self.snapshot.reads.faults().into_iter().map(|(_, fault, _)| fault).find(|fault| fault.operation == operation)
    }
}

/// A reading under way.
pub(super) struct WriteReader<'a> {
    writer: &'a JournalWriter<'a>,
    backoff: &'a mut Backoff,
    pub snapshot: Snapshot,
}

impl JournalWriter<'_> {
    /// Reads all of it; `None` if the environment is gone.
    pub(super) async fn read_again(
        &self,
        scope: &ReadScope,
        backoff: &mut Backoff,
    ) -> Result<Option<WriteReread>, Arc<Fault>> {
        let found = backoff.call(|| look::environment(self.session, &scope.subject.key, self.now)).await?;
        let Some(environment) = found else { return Ok(None) };
        let mut reader = WriteReader::new(self, backoff);
        reader.keep(Answer::Environments(vec![environment.clone()]));
        reader.evidence(scope).await;
        reader.live(scope).await?;
        Ok(Some(WriteReread { snapshot: reader.snapshot, environment }))
    }
}

impl<'a> WriteReader<'a> {
    pub(super) fn new(writer: &'a JournalWriter<'a>, backoff: &'a mut Backoff) -> Self {
        let snapshot = Snapshot::new(writer.session.scope, (writer.now)());
        Self { writer, backoff, snapshot }
    }

    fn keep(&mut self, answer: Answer) {
        let at = (self.writer.now)();
        self.snapshot.apply_batch(Batch { covers: Covers::Only, answer }, at);
    }

    /// What proves whose the objects are, and the options. One piece may do where another is denied.
    async fn evidence(&mut self, scope: &ReadScope) {
        let key = &scope.subject.key;
        let tagged = scope.target_group.iter().map(|key| Source::TargetGroupTags(key.clone()));
        let tagged = tagged.chain(scope.load_balancer.iter().map(|key| Source::LoadBalancerTags(key.clone())));
        let names =
            Names { application: Arc::clone(&scope.subject.application), environment: Arc::clone(&scope.subject.name) };
        self.try_read(vec![Source::Settings(key.clone())], Some(names)).await;
        self.try_read(tagged.collect(), None).await;
        self.try_read(vec![Source::Resources(key.clone())], None).await;
        let resources = self.snapshot.inventory.resources.get(key);
        let groups = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
        let groups: Vec<_> =
            groups.map(|name| Source::AutoScalingGroup(Key::new(key.scope, Arc::clone(name)))).collect();
        self.try_read(groups, None).await;
    }

    /// Reads these, which are of one kind; whatever does not need them continues if they cannot be read.
    async fn try_read(&mut self, sources: Vec<Source>, names: Option<Names>) {
        drop(self.read(sources, names).await);
    }

    /// Reads these, which are of one kind.
    pub(super) async fn read(&mut self, sources: Vec<Source>, names: Option<Names>) -> Result<(), Arc<Fault>> {
        if sources.is_empty() {
            return Ok(());
        }
        let writer = self.writer;
        let ask = Ask { sources: sources.clone(), seq: Seq::default(), names, since: None, metrics: None };
        let result = self.backoff.call(async || fetch(writer.session, ask.clone(), writer.now).await.result).await;
        let fault = result.as_ref().err().cloned();
        self.snapshot.apply(ReadOutcome { sources, seq: Seq::default(), at: (writer.now)(), requests: 1, result });
        fault.map_or(Ok(()), Err)
    }

    /// The live values, without which nothing can be compared.
    async fn live(&mut self, scope: &ReadScope) -> Result<(), Arc<Fault>> {
        let writer = self.writer;
        if let Some(key) = &scope.target_group {
            let group = self.backoff.call(|| look::target_group(writer.session, key, writer.now)).await;
            match group {
                Ok(group) => self.keep(Answer::TargetGroups(group.into_iter().collect())),
                // The comparison reports that it is gone.
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
