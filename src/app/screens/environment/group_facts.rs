//! A target group in one line, to choose it by: its name, health, stickiness and port, and the rules that lead to it.

use std::fmt::Write;

use super::words::{action_words, condition_words, group_title};
use crate::diagnosis::{Stickiness, stickiness_of};
use crate::model::{
    Environment, EnvironmentLink, Inventory, Key, Priority, Rule, Snapshot, Source, TargetCounts, TargetGroup,
    duration_words, forwarded_target_groups, resource_name,
};

/// The number of rules that are named; the others are counted.
const MOST_RULES: usize = 2;

/// Returns a line for each of these target groups of an environment, with the same things below one another.
#[must_use]
pub fn group_lines(snapshot: &Snapshot, environment: &Environment, groups: &[Key<TargetGroup>]) -> Vec<String> {
    let none = EnvironmentLink::default();
    let link = snapshot.link(&environment.key).unwrap_or(&none);
    let cells = groups.iter().map(|key| {
        [
            group_title(&snapshot.inventory, link, &environment.key, key),
            health_words(snapshot, key),
            stickiness_words(&snapshot.inventory, key).unwrap_or_else(|| "stickiness not read".into()),
            port_words(&snapshot.inventory, key),
            rule_words(&snapshot.inventory, link, key),
        ]
    });
    let cells: Vec<_> = cells.collect();
    let wide = |at: usize| cells.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths = [wide(0), wide(1), wide(2), wide(3)];
    let joined = |row: &[String; 5]| {
        let mut text = String::new();
        row.iter().zip(widths).for_each(|(cell, wide)| {
            let _ = write!(text, "{cell:<wide$}  ");
        });
        text + &row[4]
    };
    cells.iter().map(joined).collect()
}

/// Returns health, stickiness and port of a target group, for one that no environment owns.
#[must_use]
pub fn group_facts(snapshot: &Snapshot, key: &Key<TargetGroup>) -> String {
    let sticky = stickiness_words(&snapshot.inventory, key).unwrap_or_else(|| "stickiness not read".into());
    format!("{}   {}   {sticky}", port_words(&snapshot.inventory, key), health_words(snapshot, key))
}

/// Returns a rule in a line: when it holds, and where it leads.
#[must_use]
pub fn rule_line(inventory: &Inventory, rule: &Rule) -> String {
    let group = |key: &Key<TargetGroup>| {
        let known = inventory.target_groups.get(key);
        known.map_or_else(|| resource_name(&key.id).to_owned(), |group| group.name.to_string())
    };
    let groups: Vec<_> = forwarded_target_groups(&rule.actions).map(|forward| group(&forward.target_group)).collect();
    let leads = if groups.is_empty() { String::new() } else { format!(" → {}", groups.join(", ")) };
    let others: Vec<_> = rule.actions.iter().filter_map(action_words).map(|words| format!(" {words}")).collect();
    format!("{}{leads}{}", place(rule), others.concat())
}

/// Returns how sticky a target group is; `None` while its attributes are not read.
pub(super) fn stickiness_words(inventory: &Inventory, key: &Key<TargetGroup>) -> Option<String> {
    Some(match stickiness_of(inventory.target_group_attributes.get(key)?) {
        Stickiness::Off | Stickiness::Mixed => "not sticky".into(),
        Stickiness::LoadBalancerCookie(seconds) => format!("sticky {}", duration_words(seconds)),
        Stickiness::ApplicationCookie => "sticky by app cookie".into(),
    })
}

fn health_words(snapshot: &Snapshot, key: &Key<TargetGroup>) -> String {
    let targets = snapshot.inventory.targets.get(key);
    let fault = || snapshot.reads.fault(&Source::TargetHealth(key.clone()));
    targets.map_or_else(
        || fault().map_or("health not read".to_owned(), |fault| format!("health {}", fault.kind.word())),
        |targets| format!("{} healthy", targets.iter().collect::<TargetCounts>()),
    )
}

fn port_words(inventory: &Inventory, key: &Key<TargetGroup>) -> String {
    let Some(group) = inventory.target_groups.get(key) else { return String::new() };
    let port = group.port.map_or(String::new(), |port| format!(":{port}"));
    format!("{}{port}", group.protocol.as_deref().unwrap_or_default())
}

/// Which rules lead to it, as `from :443 host chat.shop.example`.
fn rule_words(inventory: &Inventory, link: &EnvironmentLink, key: &Key<TargetGroup>) -> String {
    let listeners = link.load_balancer.as_ref().and_then(|(key, _)| inventory.listeners.get(key));
    let leads = |rule: &&Rule| forwarded_target_groups(&rule.actions).any(|forward| forward.target_group == *key);
    let mut found = Vec::new();
    let mut is_read = listeners.is_some();
    for listener in listeners.into_iter().flatten() {
        let rules = inventory.rules.get(&listener.key);
        is_read &= rules.is_some();
        let port = listener.port.map_or("?".into(), |port| port.to_string());
        found.extend(rules.into_iter().flatten().filter(leads).map(|rule| format!(":{port} {}", place(rule))));
    }
    match (found.len(), is_read) {
        (0, true) => "no rule leads here".to_owned(),
        (0, false) => "rules not read".to_owned(),
        (all, _) => {
            let more = all.saturating_sub(MOST_RULES);
            found.truncate(MOST_RULES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("from {}{more}", found.join(", "))
        }
    }
}

fn place(rule: &Rule) -> String {
    let conditions: Vec<_> = rule.conditions.iter().map(condition_words).collect();
    match (rule.priority, conditions.is_empty()) {
        (Priority::Default, _) => "default".to_owned(),
        (Priority::Number(number), true) => format!("rule {number}"),
        (Priority::Number(_), false) => conditions.join(" "),
    }
}
