//! What a recipe looks at: the environment, its options and its platform.

use crate::change::PlanInputs;
use crate::change::settings::LOAD_BALANCER_NAMESPACE;
use crate::export::platform::Platform;
use crate::model::{Balancer, ConfigurationSettings};

/// What a recipe looks at.
pub struct RecipeSite<'a> {
    pub basis: &'a PlanInputs<'a>,
    pub settings: &'a ConfigurationSettings,
    pub platform: Platform,
}

impl<'a> RecipeSite<'a> {
    pub fn new(basis: &'a PlanInputs<'a>, settings: &'a ConfigurationSettings) -> Self {
        Self { basis, settings, platform: Platform::new(basis.environment, Some(settings)) }
    }

    /// The region, which the ARNs of the environment and of its load balancer name.
    pub fn region(&self) -> Option<&'a str> {
        let balancer = self.basis.load_balancer().map(|key| &*key.id);
        let arns = [self.basis.environment.arn.as_deref(), balancer];
        arns.into_iter().flatten().find_map(|arn| arn.split(':').nth(3).filter(|region| !region.is_empty()))
    }

    /// Whether the load balancer is not the environment's own.
    pub fn is_shared(&self) -> bool {
        self.basis.link().is_some_and(|link| link.balancer == Balancer::ApplicationShared)
    }

    /// Whether there is an Application Load Balancer at all.
    pub fn has_load_balancer(&self) -> bool {
        self.basis.link().is_some_and(|link| link.balancer.is_application())
    }

    /// The load balancer's idle timeout in seconds: the live one, else the option's.
    pub fn idle_timeout(&self) -> Option<u32> {
        let attributes =
            self.basis.load_balancer().and_then(|key| self.basis.snapshot.inventory.load_balancer_attributes.get(key));
        let live = attributes.and_then(|it| it.get("idle_timeout.timeout_seconds")).map(|it| &**it);
        let option = || self.settings.get(LOAD_BALANCER_NAMESPACE, "IdleTimeout");
        live.or_else(option).and_then(|text| text.parse().ok())
    }
}
