//! Reads what setting up HTTPS depends on: before it is proposed, and again before and after every step.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::backoff::Backoff;
use super::reading::{ReadScope, WriteReread};
use super::writer::JournalWriter;
use crate::aws::{fetch, look};
use crate::change::Subject;
use crate::change::https::{HttpsInputs, group_name};
use crate::model::{Ask, Batch, Environment, Fault, Key, LoadBalancer, Seq, Snapshot, Source};

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// What a choice is made from: certificates and policies too.
    Everything,
    /// What a step changes, and what proves whose it is.
    Step,
}

impl JournalWriter<'_> {
    /// Reads what HTTPS is proposed from; `None` if the environment is gone.
    ///
    /// # Errors
    /// When a part of it, without which nothing can be proposed, cannot be read.
    pub async fn survey(&self, subject: &Subject) -> Result<Option<HttpsInputs>, Arc<Fault>> {
        Box::pin(self.site(subject, Depth::Everything)).await
    }

    pub(super) async fn site(&self, subject: &Subject, depth: Depth) -> Result<Option<HttpsInputs>, Arc<Fault>> {
        let mut backoff = Backoff::new();
        let balancers = self.batches(vec![Source::LoadBalancers(self.session.scope)], &mut backoff).await?;
        let key = self.load_balancer_of(subject, &balancers, &mut backoff).await?;
        let scope =
            ReadScope { subject: subject.clone(), target_group: None, load_balancer: key, listeners: Vec::new() };
        let Some(reread) = self.read_again(&scope, &mut backoff).await? else { return Ok(None) };
        let missing = reread.snapshot.reads.faults().last().map(|(_, fault, _)| Arc::clone(fault));
        let WriteReread { mut snapshot, environment } = reread;
        snapshot.apply_batch(balancers, (self.now)());
        let groups = self.batches(vec![Source::TargetGroups(self.session.scope)], &mut backoff).await?;
        snapshot.apply_batch(groups, (self.now)());
        let listeners: Vec<_> = snapshot.inventory.listeners.values().flatten().map(|it| it.key.clone()).collect();
        for listener in listeners {
            self.add(&mut snapshot, Source::Rules(listener), &mut backoff).await?;
        }
        let mut site = HttpsInputs {
            snapshot,
            environment,
            groups: Vec::new(),
            instances: Ok(std::collections::BTreeMap::new()),
            policies: Vec::new(),
            missing,
        };
        self.add_groups(&mut site, &mut backoff).await?;
        if depth == Depth::Everything {
            self.add(&mut site.snapshot, Source::Certificates(self.session.scope), &mut backoff).await?;
            site.policies = backoff.call(|| look::tls_policies(self.session, self.now)).await?;
        }
        Ok(Some(site))
    }

    /// Which load balancer it is, by what Beanstalk names; it is proven afterwards, with everything else.
    async fn load_balancer_of(
        &self,
        subject: &Subject,
        balancers: &Batch,
        backoff: &mut Backoff,
    ) -> Result<Option<Key<LoadBalancer>>, Arc<Fault>> {
        let mut known = Snapshot::new(self.session.scope, (self.now)());
        known.apply_batch(balancers.clone(), (self.now)());
        let Some(environment) = backoff.call(|| look::environment(self.session, &subject.key, self.now)).await? else {
            return Ok(None);
        };
        let named = |it: &&LoadBalancer| is_endpoint(it, &environment);
        let by_name = known.inventory.load_balancers.values().find(named).map(|it| it.key.clone());
        let resources = self.batches(vec![Source::Resources(subject.key.clone())], backoff).await;
        known.apply_batch(resources?, (self.now)());
        let named = known.inventory.resources.get(&subject.key).into_iter().flat_map(|it| &it.load_balancers);
        let mut keys = named.map(|arn| Key::new(subject.key.scope, Arc::clone(arn)));
        Ok(keys.find(|key| known.inventory.load_balancers.contains_key(key)).or(by_name))
    }

    async fn add_groups(&self, site: &mut HttpsInputs, backoff: &mut Backoff) -> Result<(), Arc<Fault>> {
        let Some(balancer) = site.load_balancer() else { return Ok(()) };
        let (attached, vpc) = (balancer.security_groups.clone(), balancer.vpc.clone());
        let ours = group_name(&site.environment.key.id);
        site.groups = backoff.call(|| look::security_groups(self.session, &attached, &ours, self.now)).await?;
        // Names are unique in a VPC only.
        site.groups.retain(|group| attached.contains(&group.key.id) || group.vpc == vpc);
        let ids: BTreeSet<_> = site.groups.iter().map(|group| Arc::clone(&group.key.id)).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        site.instances = backoff.call(|| look::instances_carrying(self.session, &ids, self.now)).await;
        Ok(())
    }

    async fn add(&self, snapshot: &mut Snapshot, source: Source, backoff: &mut Backoff) -> Result<(), Arc<Fault>> {
        let batch = self.batches(vec![source], backoff).await?;
        snapshot.apply_batch(batch, (self.now)());
        Ok(())
    }

    async fn batches(&self, sources: Vec<Source>, backoff: &mut Backoff) -> Result<Batch, Arc<Fault>> {
        let ask = Ask { sources, seq: Seq::default(), names: None, since: None, metrics: None };
        backoff.call(async || fetch(self.session, ask.clone(), self.now).await.result).await
    }
}

fn is_endpoint(balancer: &LoadBalancer, environment: &Environment) -> bool {
    let (name, endpoint) = (balancer.dns_name.as_deref(), environment.endpoint_url.as_deref());
    name.zip(endpoint).is_some_and(|(name, endpoint)| name.eq_ignore_ascii_case(endpoint))
}
