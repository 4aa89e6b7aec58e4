//! A load balancer in lines: its names, its listeners with their rules, its target groups with their targets.

use crate::app::screens::environment::{group_facts, rule_line};
use crate::config::Role;
use crate::model::{Key, LoadBalancer, Snapshot, Source, clean, load_balancer_name};

/// A line and its role.
type UnownedLine = (String, Role);

/// Returns the lines of one load balancer; what is not read yet, or could not be, is said.
#[must_use]
pub fn unowned_lines(snapshot: &Snapshot, key: &Key<LoadBalancer>) -> Vec<UnownedLine> {
    let inventory = &snapshot.inventory;
    let known = inventory.load_balancers.get(key);
    let name = known.map_or_else(|| load_balancer_name(&key.id).to_owned(), |it| clean(&it.name).into_owned());
    let state = known.and_then(|it| it.state.as_ref()).map_or(String::new(), |state| format!("   {}", state.as_str()));
    let scheme = known.and_then(|it| it.scheme.as_ref()).map_or(String::new(), |it| format!("   {}", it.as_str()));
    let mut lines = vec![(format!("{name}{state}{scheme}"), Role::Title)];
    let dns_name = known.and_then(|it| it.dns_name.as_deref()).map(clean);
    lines.extend(dns_name.map(|it| (format!("  DNS  {it}"), Role::Text)));
    lines.push((format!("  ARN  {}", clean(&key.id)), Role::Text));
    match inventory.listeners.get(key) {
        None => lines.push(missing(snapshot, &Source::Listeners(key.clone()), "listeners")),
        Some(listeners) if listeners.is_empty() => lines.push(("  no listener".into(), Role::Dim)),
        Some(listeners) => {
            for listener in listeners {
                let port = listener.port.map_or("?".into(), |port| port.to_string());
                let protocol = listener.protocol.as_deref().unwrap_or("?");
                lines.push((format!("  :{port} {protocol}"), Role::Text));
                match inventory.rules.get(&listener.key) {
                    Some(rules) => {
                        lines.extend(
                            rules.iter().map(|rule| (format!("    {}", clean(&rule_line(inventory, rule))), Role::Dim)),
                        );
                    }
                    None => lines.push(missing(snapshot, &Source::Rules(listener.key.clone()), "  rules")),
                }
            }
        }
    }
    let groups = snapshot.topology.groups_on(key);
    if groups.is_empty() {
        lines.push(("  no target group".into(), Role::Dim));
    }
    for group in groups {
        let known = inventory.target_groups.get(group);
        let name = known.map_or_else(|| group.id.to_string(), |it| it.name.to_string());
        lines.push((format!("  target group {}   {}", clean(&name), group_facts(snapshot, group)), Role::Text));
        for target in inventory.targets.get(group).into_iter().flatten() {
            let port = target.port.map_or(String::new(), |port| format!(":{port}"));
            let why = target.reason_words().map_or(String::new(), |why| format!("   {why}"));
            lines.push((
                clean(&format!("    {}{port}   {}{why}", target.id, target.state.as_str())).into_owned(),
                Role::Dim,
            ));
        }
    }
    lines
}

fn missing(snapshot: &Snapshot, source: &Source, what: &str) -> UnownedLine {
    match snapshot.reads.fault(source) {
        Some(fault) => (format!("  {what}: {}", fault.kind.word()), Role::Warning),
        None => (format!("  {what}: reading …"), Role::Dim),
    }
}
