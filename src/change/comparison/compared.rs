//! An environment as it is compared with another: with its own names and ids replaced.

use std::collections::BTreeMap;

use crate::model::{Environment, EnvironmentLink, Key, Snapshot, TargetGroup, processes_of};

/// The namespace of environment properties.
pub(super) const PROPERTIES: &str = "aws:elasticbeanstalk:application:environment";

/// The rows of a table; why it has none, if something was not read.
pub(super) type TableRows = Result<BTreeMap<String, String>, &'static str>;

/// An environment as it is compared.
pub(super) struct ComparedEnvironment<'a> {
    pub snapshot: &'a Snapshot,
    pub environment: &'a Environment,
    pub link: Option<&'a EnvironmentLink>,
    /// Its own names and ids, the longest first, each with the word that replaces it.
    own: Vec<(String, String)>,
}

impl<'a> ComparedEnvironment<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, environment: &'a Environment) -> Self {
        let inventory = &snapshot.inventory;
        let link = snapshot.topology.link(&environment.key);
        let mut own = vec![
            (environment.name.to_string(), "(name)".to_owned()),
            (environment.key.id.to_string(), "(id)".to_owned()),
        ];
        own.extend(environment.cname.iter().map(|cname| (cname.to_string(), "(cname)".to_owned())));
        if let Some((key, _)) = link.and_then(|link| link.load_balancer.as_ref()) {
            own.push((key.id.to_string(), "(load balancer)".to_owned()));
            if let Some(balancer) = inventory.load_balancers.get(key) {
                own.push((balancer.name.to_string(), "(load balancer)".to_owned()));
                own.extend(balancer.dns_name.iter().map(|name| (name.to_string(), "(load balancer)".to_owned())));
                own.extend(balancer.security_groups.iter().map(|id| (id.to_string(), "(security group)".to_owned())));
            }
        }
        let groups = inventory.resources.get(&environment.key).into_iter().flat_map(|it| &it.auto_scaling_groups);
        own.extend(groups.map(|name| (name.to_string(), "(Auto Scaling group)".to_owned())));
        let mut compared = Self { snapshot, environment, link, own };
        let processes = compared.processes();
        compared.own.extend(processes.into_iter().map(|(key, process)| (key.id.to_string(), process)));
        compared.own.retain(|(name, _)| !name.is_empty());
        compared.own.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        compared
    }

    /// The same text with the environment's own names and ids replaced.
    pub(super) fn neutral(&self, text: &str) -> String {
        self.own.iter().fold(text.to_owned(), |text, (name, word)| text.replace(name, word))
    }

    /// Its target groups, each with the process that it serves, or its place where that is not clear.
    pub(super) fn processes(&self) -> Vec<(Key<TargetGroup>, String)> {
        let inventory = &self.snapshot.inventory;
        let keys = self.link.map_or(&[][..], |link| &link.groups).iter().map(|group| &group.key);
        let groups: Vec<_> = keys.filter_map(|key| inventory.target_groups.get(key)).collect();
        let settings = inventory.settings.get(&self.environment.key);
        let processes = settings.map(|it| processes_of(it, &groups)).unwrap_or_default();
        let named = groups.iter().enumerate().map(|(place, group)| {
            let process = processes.get(place).cloned().flatten();
            let name = process.map_or_else(|| format!("target group {}", place + 1), |it| it.to_string());
            (group.key.clone(), name)
        });
        named.collect()
    }
}
