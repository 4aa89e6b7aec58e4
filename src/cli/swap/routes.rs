//! Where the rules of a shared load balancer send the CNAMEs of two environments, once they are exchanged.

use std::sync::Arc;

use crate::cli::desk::Desk;
use crate::cli::find::matches_pattern;
use crate::cli::reading::{Reading, gather_more};
use crate::cli::show::questions;
use crate::model::{
    Balancer, Environment, Key, Listener, Rule, Snapshot, Source, forwarded_target_groups, resource_name,
};
use crate::polling::Question;

/// Reads these environments again, with the rules of their load balancers.
pub(super) async fn read_again(desk: &Desk<'_>, environments: [&Environment; 2]) -> Reading {
    gather_more(desk.settings, &desk.session, |known| {
        let trees = environments.iter().flat_map(|it| questions(known, &it.key.id));
        trees.chain([rules_of(known, &environments)]).collect()
    })
    .await
}

/// Returns where the rules of shared load balancers lead each environment's new CNAME: lines for people. None if no load
/// balancer is shared.
pub(super) fn routes_of(known: &Snapshot, pairs: [(&Environment, &Arc<str>); 2]) -> Vec<String> {
    let is_shared = |known: &Snapshot, it: &Environment| {
        known.topology.link(&it.key).is_some_and(|link| link.balancer == Balancer::ApplicationShared)
    };
    let shared = pairs.into_iter().filter(|(it, _)| is_shared(known, it));
    shared.flat_map(|(environment, cname)| lines(known, environment, cname)).collect()
}

fn rules_of(known: &Snapshot, environments: &[&Environment]) -> Question {
    let listeners = environments.iter().flat_map(|it| listeners(known, it));
    Question::These(listeners.map(|listener| Source::Rules(listener.key.clone())).collect())
}

fn listeners<'a>(known: &'a Snapshot, environment: &Environment) -> &'a [Listener] {
    let balancer = known.topology.link(&environment.key).and_then(|link| link.load_balancer.as_ref());
    balancer.and_then(|(key, _)| known.inventory.listeners.get(key)).map_or(&[], Vec::as_slice)
}

/// A line for each listener of an environment's load balancer.
fn lines(known: &Snapshot, environment: &Environment, cname: &str) -> Vec<String> {
    let line = |listener: &Listener| {
        let port = listener.port.unwrap_or_default();
        let to = match known.inventory.rules.get(&listener.key) {
            None => "the rules could not be read".to_owned(),
            Some(rules) => led(known, environment, rules, cname),
        };
        format!("port {port}, host {cname}: {to}")
    };
    listeners(known, environment).iter().map(line).collect()
}

/// Where the first rule leads that names this host.
fn led(known: &Snapshot, environment: &Environment, rules: &[Rule], host: &str) -> String {
    let names_it = |rule: &&Rule| {
        let mut hosts = rule.conditions.iter().filter(|it| &*it.field == "host-header");
        hosts.any(|condition| condition.values.iter().any(|pattern| matches_pattern(pattern, host)))
    };
    let mut naming: Vec<_> = rules.iter().filter(names_it).collect();
    naming.sort_by_key(|rule| rule.priority);
    let Some(rule) = naming.first() else {
        return format!("no rule names it, so it does not reach {} by its host name", environment.name);
    };
    let owner = |group: &Key<_>| {
        let key = known.topology.owner_of(group)?;
        Some(known.inventory.environments.get(key)?.name.to_string())
    };
    let groups = forwarded_target_groups(&rule.actions).filter(|it| it.weight > 0);
    let mut names: Vec<_> = groups
        .map(|it| owner(&it.target_group).unwrap_or_else(|| resource_name(&it.target_group.id).to_owned()))
        .collect();
    names.dedup();
    match names.as_slice() {
        [] => "its rule forwards to no target group".to_owned(),
        [only] if **only == *environment.name => format!("its rule leads to {only}"),
        others => format!(
            "WARNING: its rule leads to {}, not to {}: the rules were not exchanged",
            others.join(", "),
            environment.name
        ),
    }
}
