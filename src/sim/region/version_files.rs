//! The option settings in a version's own files (`.ebextensions`), what masks them, and what a deployment of them changes.
//!
//! A value that was set on the environment through the API goes before that of a file, until it is removed there (Developer
//! Guide, "Configuration options", precedence). The files give values to what is there; they make no listener and no process.

use std::collections::BTreeSet;

use super::configuring::{default_of, effective};
use super::overrides::{Configured, Override};
use super::write::Configure;
use super::{OptionSetting, Region};
use crate::sim::scenario::span::Span;

/// Before anything that a scenario has.
const FROM_THE_START: i64 = Span::days(-3650).0;

/// Namespace and name.
type OptionName = (String, String);

impl Region {
    /// The options of an environment after those updates that count, with the values that the files of the version give
    /// which is deployed at a time.
    pub(super) fn options_with(
        &self,
        place: usize,
        time: i64,
        counts: impl Fn(&Configured) -> bool,
    ) -> Vec<OptionSetting> {
        let environment = &self.environments[place];
        let mut options = environment.options.clone();
        let mut masked: BTreeSet<OptionName> = environment.options_set.iter().cloned().collect();
        for (namespace, name, value) in environment.configured.iter().filter(|it| counts(it)).flat_map(|it| &it.options)
        {
            set(&mut options, namespace, name, value.clone());
            let option = (namespace.clone(), name.clone());
            let _ = if value.is_some() { masked.insert(option) } else { masked.remove(&option) };
        }
        for (key, value) in self.files_at(place, time) {
            let (namespace, name) = key.rsplit_once('/').unwrap_or(("", key));
            if !masked.contains(&(namespace.to_owned(), name.to_owned())) {
                set(&mut options, namespace, name, Some(value.clone()));
            }
        }
        options
    }

    /// The option settings in the files of the version that is deployed at a time: `namespace/Option` and value.
    fn files_at(&self, place: usize, time: i64) -> impl Iterator<Item = (&String, &String)> {
        let environment = &self.environments[place];
        let deployed = environment.deploys.iter().rev().find(|it| it.succeeded && it.ended <= time);
        let releases = &self.pools[environment.pool].releases;
        releases.get(deployed.map_or(0, |it| it.release)).into_iter().flat_map(|it| &it.version.options)
    }

    /// The value of an option that an update removes: the files', else the default.
    pub(super) fn unset_value(
        &self,
        place: usize,
        order: &Configure,
        (namespace, name): (&str, &str),
        default: &str,
    ) -> String {
        let key = format!("{namespace}/{name}");
        let mut files = self.files_at(place, order.at);
        files.find(|(of, _)| **of == key).map_or_else(|| default.to_owned(), |(_, value)| value.clone())
    }

    /// What the files of the version change that was deployed last, or of the one that was there from the start.
    pub(super) fn deploy_files(&mut self, place: usize) {
        let deployed = self.environments[place].deploys.last();
        if deployed.is_some_and(|it| !it.succeeded || it.configures) {
            return;
        }
        let at = deployed.map_or(FROM_THE_START, |it| it.ended);
        let before = match deployed {
            Some(_) => self.options_at(place, at - 1),
            None => self.environments[place].options.clone(),
        };
        let mut overrides = Vec::new();
        for option in self.options_at(place, at) {
            let (namespace, name) = (&option.namespace, &option.name);
            let Some((key, default)) = default_of(namespace, name) else { continue };
            let value = option.value.as_deref().unwrap_or(default);
            if effective(&before, namespace, name, default) != value
                && let Some(on) = self.object_of(place, namespace)
            {
                overrides.push(Override { at, on, key: key.to_owned(), value: value.to_owned() });
            }
        }
        if !overrides.is_empty() {
            self.environments[place].files_overrides.extend(overrides);
            for group in self.environments[place].processes.clone() {
                self.tell_in_force(group);
            }
        }
    }
}

fn set(options: &mut Vec<OptionSetting>, namespace: &str, name: &str, value: Option<String>) {
    let known = options.iter_mut().find(|option| option.namespace == namespace && option.name == name);
    match known {
        // A property that is removed is gone; any other option is unset.
        Some(_) if value.is_none() && namespace == "aws:elasticbeanstalk:application:environment" => {
            options.retain(|option| option.namespace != namespace || option.name != name);
        }
        Some(option) => option.value = value,
        None => options.push(OptionSetting {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            value,
            resource: None,
        }),
    }
}
