//! Values that override those that objects were created with, each from a time on: written to the load balancer directly,
//! or by an update of an environment.
//!
//! What is live at an instant is the initial value and every override until then. The effect on the targets of a group
//! is computed in `in_force`.

use super::configuring::SCALING;
use super::overrides::{Configured, On, Override};
use super::{OptionSetting, Pair, Region, attributes};

impl Region {
    /// Overrides live values of one object.
    pub fn set_overrides(&mut self, on: On, overrides: impl IntoIterator<Item = Override>) {
        self.overrides.extend(overrides);
        let On::Group(group) = on else { return };
        self.tell_in_force(group);
        // Deploys wait for the health check, so that their stories may have another end from here on.
        if let Some(environment) = self.pools[self.target_groups[group].pool].environment {
            self.deploy_all(environment);
        }
    }

    /// Returns the overrides of an object until a time, the oldest first.
    pub(super) fn overrides_on(&self, on: On, time: i64) -> Vec<&Override> {
        // What a traffic split puts beside a target group is like it.
        let original = match on {
            On::Group(place) => self.target_groups[place].twin.map(|twin| On::Group(twin.of)),
            On::Balancer(_) | On::Listener(..) | On::Scaling(_) => None,
        };
        let is_on = |it: &&Override| it.on == on || Some(it.on) == original;
        let updates = self.environments.iter().flat_map(|environment| &environment.configured);
        let by_files = self.environments.iter().flat_map(|environment| &environment.files_overrides);
        let by_updates =
            updates.flat_map(|update| if update.aborted { &update.rolled_back } else { &update.overrides });
        let mut overrides: Vec<_> =
            self.overrides.iter().chain(by_updates).chain(by_files).filter(|it| is_on(it) && it.at <= time).collect();
        overrides.sort_by_key(|it| it.at);
        overrides
    }

    /// The attributes that something has at a time.
    pub fn attributes_at(&self, on: On, time: i64) -> Vec<Pair> {
        let mut list = match on {
            On::Group(place) => self.target_groups[place].attributes.clone(),
            On::Balancer(place) => self.load_balancers[place].attributes.clone(),
            On::Listener(balancer, _) => attributes::of_listener(self.load_balancers[balancer].kind),
            On::Scaling(_) => Vec::new(),
        };
        for one in self.overrides_on(on, time) {
            if list.iter().any(|(key, _)| *key == one.key) {
                attributes::set(&mut list, &one.key, one.value.clone());
            }
        }
        list
    }

    /// Returns the override of a listener's field, if there is one.
    pub fn field_at(&self, on: On, key: &str, time: i64) -> Option<String> {
        self.overrides_on(on, time).into_iter().rev().find(|it| it.key == key).map(|it| it.value.clone())
    }

    /// The least or the most instances that an environment may have at a time.
    pub fn size_at(&self, place: usize, name: &str, time: i64) -> usize {
        let size = self.field_at(On::Scaling(place), name, time);
        let environment = &self.environments[place];
        let came_with = || environment.option(SCALING, name).map(str::to_owned);
        let default = if name == "MinSize" { 1 } else { environment.max_instances };
        size.or_else(came_with).and_then(|size| size.parse().ok()).unwrap_or(default)
    }

    /// The options that are deployed at a time.
    pub fn options_at(&self, environment: usize, time: i64) -> Vec<OptionSetting> {
        self.options_with(environment, time, |update| !update.aborted && update.ended <= time)
    }

    /// The draft of an update that is in progress.
    pub fn draft_at(&self, environment: usize, time: i64) -> Option<Vec<OptionSetting>> {
        let updates = &self.environments[environment].configured;
        let draft = updates.iter().find(|update| update.begun <= time && time < update.ended)?;
        let is_in = |update: &Configured| std::ptr::eq(update, draft) || !update.aborted && update.ended <= time;
        Some(self.options_with(environment, time, is_in))
    }
}

impl Region {
    /// The options of an update that failed, until another one takes its place.
    pub fn failed_at(&self, environment: usize, time: i64) -> Option<Vec<OptionSetting>> {
        let updates = &self.environments[environment].configured;
        let update = updates.iter().rev().find(|update| update.begun <= time)?;
        let is_in = |it: &Configured| std::ptr::eq(it, update) || !it.aborted && it.ended <= time;
        (update.failed && update.ended <= time).then(|| self.options_with(environment, time, is_in))
    }
}
