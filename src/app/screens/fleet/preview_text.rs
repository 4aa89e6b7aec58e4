//! What a preview says of the environment: the lines of its listeners and rules, its targets, its last events.

use std::sync::Arc;

use crate::app::screens::environment::{Node, NodeKind, group_title, tree};
use crate::model::{
    Environment, EnvironmentEvent, EnvironmentLink, LoadBalancer, Set, Snapshot, Source, Target, TargetGroup, counted,
};

/// The targets of one target group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewTargets<'a> {
    /// The name of the process, or of the group.
    pub group: String,
    /// Its targets, the worst first, then by id; `None` while they are not known.
    pub targets: Option<Vec<&'a Target>>,
    /// Why they could not be read, in a word; `None` while they are read.
    pub fault: Option<&'static str>,
}

/// Returns the load balancer, if it is known.
#[must_use]
pub fn load_balancer<'a>(snapshot: &'a Snapshot, environment: &Environment) -> Option<&'a LoadBalancer> {
    let (key, _) = snapshot.link(&environment.key)?.load_balancer.as_ref()?;
    snapshot.inventory.load_balancers.get(key)
}

/// Returns a line for each rule that leads to the environment, by listener; without a load balancer, or while it is not
/// known, why there are none. At most `most` lines: the last one counts those that are left out.
#[must_use]
pub fn rule_lines(snapshot: &Snapshot, environment: &Environment, most: usize) -> Vec<String> {
    let nodes = tree(snapshot, &Set::default(), environment);
    let mut lines: Vec<String> = Vec::new();
    let mut listener = String::new();
    for (place, node) in nodes.iter().enumerate() {
        match node.kind {
            NodeKind::Listener => {
                listener = joined(&[&node.label, &node.detail]);
                if !has_rules(&nodes[place + 1..]) {
                    lines.push(listener.clone());
                }
            }
            NodeKind::Rule => {
                lines.push(joined(&[&listener, &rule(node, &nodes[place + 1..])]));
                // Its certificate is shown once.
                listener = listener.split("  ").next().unwrap_or_default().to_owned();
            }
            NodeKind::Note => lines.push(joined(&[if node.depth > 1 { &listener } else { "" }, &node.label])),
            NodeKind::LoadBalancer | NodeKind::TargetGroup | NodeKind::Target => {}
        }
    }
    if lines.len() > most {
        let left_out = lines.len() - most.saturating_sub(1);
        lines.truncate(most.saturating_sub(1));
        lines.push(format!("and {}", counted(left_out, "more rule")));
    }
    lines
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("  ")
}

/// Returns whether lines of a listener's rules come next.
fn has_rules(below: &[Node]) -> bool {
    below.first().is_some_and(|node| matches!(node.kind, NodeKind::Rule | NodeKind::Note) && node.depth > 1)
}

/// The rule, and where it leads.
fn rule(node: &Node, below: &[Node]) -> String {
    let own = below.iter().take_while(|it| it.depth > node.depth);
    let groups: Vec<_> = own.filter(|it| it.kind == NodeKind::TargetGroup).map(|it| it.label.as_str()).collect();
    let leads = if groups.is_empty() { node.detail.clone() } else { format!("→ {}", groups.join(", ")) };
    joined(&[&node.label, &leads])
}

/// Returns the targets of the environment's target groups, group by group.
#[must_use]
pub fn targets<'a>(snapshot: &'a Snapshot, environment: &Environment) -> Vec<PreviewTargets<'a>> {
    let none = EnvironmentLink::default();
    let link = snapshot.link(&environment.key).unwrap_or(&none);
    let of = |group: &crate::model::Key<TargetGroup>| {
        let mut targets: Option<Vec<&Target>> =
            snapshot.inventory.targets.get(group).map(|targets| targets.iter().collect());
        if let Some(targets) = &mut targets {
            // By id within a state: AWS gives them in any order.
            targets.sort_by(|one, other| (one.state.rank(), &one.id).cmp(&(other.state.rank(), &other.id)));
        }
        let fault = snapshot.reads.fault(&Source::TargetHealth(group.clone())).map(|fault| fault.kind.word());
        let group = group_title(&snapshot.inventory, link, &environment.key, group);
        PreviewTargets { group, targets, fault }
    };
    link.groups.iter().map(|group| of(&group.key)).collect()
}

/// Returns the newest events of the environment, the newest first, at most `most`.
pub fn events<'a>(
    snapshot: &'a Snapshot,
    environment: &Environment,
    most: usize,
) -> impl Iterator<Item = &'a EnvironmentEvent> {
    let name = Arc::clone(&environment.name);
    snapshot.inventory.events.iter().filter(move |event| event.environment.as_ref() == Some(&name)).take(most)
}
