//! What a request hangs on besides how its environment stands: read again just before it is written.
//!
//! Sizes are compared with those that were seen. An instance is replaced only if somebody else answers meanwhile: the
//! health of the targets may have changed since it was confirmed.

use std::sync::Arc;

use super::patience::Patience;
use super::perform::Writer;
use super::reading::Reader;
use crate::aws::apply::validate;
use crate::change::{
    Basis, Difference, Instances, Outcome, Presence, Request, Sizes, Subject, Write, target_groups, unscalable,
};
use crate::model::{Environment, Fault, FaultKind, Key, Names, Service, Source, link};

impl Writer<'_> {
    /// Looks whether the request may be written.
    ///
    /// # Errors
    /// How it ends otherwise.
    pub(super) async fn examine(
        &self,
        request: &Request,
        environment: &Environment,
        patience: &mut Patience,
    ) -> Result<(), Outcome> {
        match &request.write {
            Write::Deploy { .. } | Write::Abort | Write::Restart => Ok(()),
            Write::Replace { instance, .. } => {
                let instances = self.instances(environment, patience).await.map_err(Outcome::Failed)?;
                spared(&instances, instance, environment)
            }
            Write::Scale { from, to } => {
                self.sizes(environment, (*from, *to), patience).await?;
                self.validate(request, patience).await
            }
        }
    }

    /// The instances of an environment as they are now.
    pub(super) async fn instances(
        &self,
        environment: &Environment,
        patience: &mut Patience,
    ) -> Result<Instances, Arc<Fault>> {
        let mut reader = Reader::new(self, patience);
        let (key, scope) = (&environment.key, environment.key.scope);
        reader.read(vec![Source::Resources(key.clone())], None).await?;
        let names = reader.inventory.resources.get(key).map(|it| it.auto_scaling_groups.clone()).unwrap_or_default();
        let groups = names.iter().map(|name| Source::AutoScalingGroup(Key::new(scope, Arc::clone(name))));
        reader.read(groups.collect(), None).await?;
        let groups: Vec<_> = reader.inventory.auto_scaling_groups.values().cloned().collect();
        for group in target_groups(&groups) {
            reader.read(vec![Source::TargetHealth(group)], None).await?;
        }
        let topology = link(&reader.inventory);
        let basis = Basis { inventory: &reader.inventory, topology: &topology, environment };
        Instances::known(&basis).ok_or_else(|| Arc::new(vanished()))
    }

    async fn sizes(
        &self,
        environment: &Environment,
        (from, to): (Sizes, Sizes),
        patience: &mut Patience,
    ) -> Result<(), Outcome> {
        let subject = Subject::from(environment);
        let mut reader = Reader::new(self, patience);
        let names = Names { application: subject.application, environment: subject.name };
        reader.read(vec![Source::Settings(subject.key.clone())], Some(names)).await.map_err(Outcome::Failed)?;
        let Some(settings) = reader.inventory.settings.get(&subject.key) else {
            return Err(Outcome::Failed(Arc::new(vanished())));
        };
        if let Some(refusal) = unscalable(settings) {
            return Err(Outcome::Refused(refusal));
        }
        let differences = from.differences(Sizes::of(settings), to);
        if differences.is_empty() { Ok(()) } else { Err(Outcome::Conflict(differences)) }
    }

    /// Asks Beanstalk whether it would take the options.
    async fn validate(&self, request: &Request, patience: &mut Patience) -> Result<(), Outcome> {
        let Some(call) = request.validation().map(|validation| validation.call()) else { return Ok(()) };
        patience.call(|| validate(self.session, &call, self.now)).await.map_err(Outcome::Failed)
    }
}

/// Whether an instance is still there, and somebody else answers.
fn spared(instances: &Instances, instance: &Arc<str>, environment: &Environment) -> Result<(), Outcome> {
    let live = match instances.presence(instance) {
        Presence::Stays => None,
        Presence::Leaves => Some("being terminated"),
        Presence::Gone => Some("gone"),
    };
    if let Some(live) = live {
        return Err(Outcome::Conflict(vec![Difference::new("instance", Arc::clone(instance), live)]));
    }
    match instances.objection(instance, &environment.name) {
        Some(refusal) => Err(Outcome::Refused(refusal)),
        None => Ok(()),
    }
}

/// AWS answered, and not about what was asked for.
fn vanished() -> Fault {
    Fault {
        kind: FaultKind::NotFound,
        service: Service::Beanstalk,
        operation: "DescribeEnvironmentResources",
        code: None,
        message: "a part of the environment vanished while it was looked at".into(),
        details: None,
        request_id: None,
    }
}
