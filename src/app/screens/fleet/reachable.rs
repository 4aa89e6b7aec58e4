//! What an environment is found by although no column shows it: the names and addresses of what is in front of it and
//! behind it.

use std::fmt::Write;
use std::sync::Arc;

use crate::diagnosis::Inputs;
use crate::model::{Inventory, Key, Target};

/// Returns the load balancer's ARN and DNS name, the hosts of the rules that lead to the environment, and its targets'
/// ids and addresses, with spaces between them.
pub(super) fn reachable(inputs: &Inputs<'_>) -> Arc<str> {
    let (inventory, link) = (inputs.inventory(), inputs.link);
    let mut text = String::new();
    if let Some((key, _)) = &link.load_balancer {
        let dns_name = inventory.load_balancers.get(key).and_then(|it| it.dns_name.as_deref());
        let _ = write!(text, "{} {} ", key.id, dns_name.unwrap_or_default());
        for listener in inventory.listeners.get(key).into_iter().flatten() {
            for rule in inventory.rules.get(&listener.key).into_iter().flatten() {
                let mut groups = crate::model::forwarded_target_groups(&rule.actions);
                // On a shared load balancer the others' hosts are not its own.
                if groups.any(|it| link.groups.iter().any(|own| own.key == it.target_group)) {
                    let hosts = rule.conditions.iter().filter(|it| &*it.field == "host-header");
                    hosts.flat_map(|it| &it.values).for_each(|host| push(&mut text, host));
                }
            }
        }
    }
    for group in &link.groups {
        let targets = inventory.targets.get(&group.key).into_iter().flatten();
        targets.for_each(|target| push_target(&mut text, inventory, inputs.snapshot.scope, target));
    }
    text.into()
}

fn push_target(text: &mut String, inventory: &Inventory, scope: crate::model::ScopeId, target: &Target) {
    push(text, &target.id);
    let instance = inventory.instances.get(&Key::new(scope, Arc::clone(&target.id)));
    instance.and_then(|it| it.private_ip.as_deref()).into_iter().for_each(|address| push(text, address));
}

fn push(text: &mut String, word: &str) {
    text.push_str(word);
    text.push(' ');
}
