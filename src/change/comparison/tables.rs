//! The tables by which two environments are compared, each as keys and values.

use std::collections::BTreeMap;

use super::compared::{ComparedEnvironment, PROPERTIES, TableRows};
use crate::model::{Condition, Key, Listener, LoadBalancer, Priority, RuleAction};

/// Reads the rows of one environment.
type TableOf = fn(&ComparedEnvironment<'_>) -> TableRows;

/// All tables, in the order in which they are shown.
pub(super) const TABLES: &[(&str, TableOf)] = &[
    ("platform", platform),
    ("option", options),
    ("scaling", scaling),
    ("attribute", attributes),
    ("listener", listeners),
    ("certificate", certificates),
    ("rule", rules),
    ("target_group", target_groups),
];

/// Options that name the environment's own objects, and change with every environment.
const OWN_OPTIONS: &[&str] = &["SecurityGroups", "ManagedSecurityGroup", "SharedLoadBalancer", "EC2KeyName"];

#[expect(clippy::unnecessary_wraps, reason = "the functions of the table have one type")]
fn platform(it: &ComparedEnvironment<'_>) -> TableRows {
    let environment = it.environment;
    let tier = environment.tier.as_ref().map(|tier| format!("{tier:?}"));
    let rows = [("platform", environment.platform.as_deref().map(str::to_owned)), ("tier", tier)];
    Ok(rows.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
}

fn options(it: &ComparedEnvironment<'_>) -> TableRows {
    let settings = it.snapshot.inventory.settings.get(&it.environment.key).ok_or("its option settings")?;
    let options = settings.options.iter().filter(|option| !OWN_OPTIONS.contains(&&*option.name));
    let row = |value: &str, namespace: &str| {
        // Properties are compared as they are: their values are not shown.
        if namespace == PROPERTIES { value.to_owned() } else { it.neutral(value) }
    };
    let rows = options.filter_map(|option| {
        let value = row(option.value.as_deref().filter(|value| !value.is_empty())?, &option.namespace);
        Some((format!("{}/{}", option.namespace, option.name), value))
    });
    Ok(rows.collect())
}

fn scaling(it: &ComparedEnvironment<'_>) -> TableRows {
    let inventory = &it.snapshot.inventory;
    let resources = inventory.resources.get(&it.environment.key).ok_or("its resources")?;
    let mut rows = BTreeMap::new();
    for (number, name) in resources.auto_scaling_groups.iter().enumerate() {
        let key = Key::new(it.environment.key.scope, std::sync::Arc::clone(name));
        let group = inventory.auto_scaling_groups.get(&key).ok_or("its Auto Scaling group")?;
        let mut row = |key: &str, value: Option<String>| {
            let place = if number == 0 { String::new() } else { format!("group {} ", number + 1) };
            rows.extend(value.map(|value| (format!("{place}{key}"), value)));
        };
        row("MinSize", Some(group.size.0.to_string()));
        row("MaxSize", Some(group.size.1.to_string()));
        row("HealthCheckType", group.health_check_type.as_deref().map(str::to_owned));
        row("HealthCheckGracePeriod", group.grace_seconds.map(|seconds| seconds.to_string()));
        row("SuspendedProcesses", Some(group.suspended.join(", ")).filter(|it| !it.is_empty()));
    }
    Ok(rows)
}

impl ComparedEnvironment<'_> {
    /// The load balancer; none if it has none of the kind that has listeners here.
    fn load_balancer(&self) -> Result<Option<&Key<LoadBalancer>>, &'static str> {
        let link = self.link.ok_or("its load balancer")?;
        Ok(link.load_balancer.as_ref().map(|(key, _)| key))
    }

    fn listeners(&self) -> Result<Vec<&Listener>, &'static str> {
        let Some(key) = self.load_balancer()? else { return Ok(Vec::new()) };
        Ok(self.snapshot.inventory.listeners.get(key).ok_or("its listeners")?.iter().collect())
    }
}

fn attributes(it: &ComparedEnvironment<'_>) -> TableRows {
    let Some(key) = it.load_balancer()? else { return Ok(BTreeMap::new()) };
    let inventory = &it.snapshot.inventory;
    let attributes = inventory.load_balancer_attributes.get(key).ok_or("the attributes of its load balancer")?;
    let mut rows: BTreeMap<_, _> =
        attributes.iter().map(|(key, value)| (format!("load balancer {key}"), it.neutral(value))).collect();
    let scheme = inventory.load_balancers.get(key).and_then(|balancer| balancer.scheme.as_ref());
    rows.extend(scheme.map(|scheme| ("load balancer scheme".to_owned(), format!("{scheme:?}"))));
    for (group, process) in it.processes() {
        let attributes = inventory.target_group_attributes.get(&group).ok_or("the attributes of a target group")?;
        rows.extend(attributes.iter().map(|(key, value)| (format!("{process} {key}"), it.neutral(value))));
    }
    Ok(rows)
}

fn port(listener: &Listener) -> String {
    listener.port.map_or_else(|| "?".to_owned(), |port| port.to_string())
}

fn listeners(it: &ComparedEnvironment<'_>) -> TableRows {
    let mut rows = BTreeMap::new();
    for listener in it.listeners()? {
        let port = port(listener);
        let mut row =
            |key: &str, value: Option<String>| rows.extend(value.map(|value| (format!("{port} {key}"), value)));
        row("protocol", listener.protocol.as_deref().map(str::to_owned));
        row("ssl_policy", listener.ssl_policy.as_deref().map(str::to_owned));
        row("default action", Some(actions(it, &listener.default_actions)));
    }
    Ok(rows)
}

fn certificates(it: &ComparedEnvironment<'_>) -> TableRows {
    let with = it.listeners()?.into_iter().filter(|listener| !listener.certificates.is_empty());
    Ok(with.map(|listener| (format!("{} certificate", port(listener)), listener.certificates.join(", "))).collect())
}

fn rules(it: &ComparedEnvironment<'_>) -> TableRows {
    let mut rows = BTreeMap::new();
    for listener in it.listeners()? {
        let rules = it.snapshot.inventory.rules.get(&listener.key).ok_or("the rules of a listener")?;
        for rule in rules {
            // The default one is the listener's default action.
            let Priority::Number(number) = rule.priority else { continue };
            let conditions: Vec<_> = rule.conditions.iter().map(|condition| words(it, condition)).collect();
            let value = format!("{}: {}", conditions.join(" and "), actions(it, &rule.actions));
            rows.insert(format!("{} rule {number}", port(listener)), value);
        }
    }
    Ok(rows)
}

fn words(it: &ComparedEnvironment<'_>, condition: &Condition) -> String {
    let name = condition.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
    let mut values: Vec<_> = condition.values.iter().map(|value| it.neutral(value)).collect();
    values.sort();
    format!("{}{name} {}", condition.field, values.join("|"))
}

fn actions(it: &ComparedEnvironment<'_>, actions: &[RuleAction]) -> String {
    let one = |action: &RuleAction| match action {
        RuleAction::Forward { groups, group_stickiness } => {
            let groups: Vec<_> = groups
                .iter()
                .map(|group| format!("{} ({})", it.neutral(&group.target_group.id), group.weight))
                .collect();
            let sticky = group_stickiness.map(|seconds| format!(", sticky for {seconds}s")).unwrap_or_default();
            format!("forward to {}{sticky}", groups.join(", "))
        }
        RuleAction::Redirect { protocol, port, host, path, status } => {
            format!("redirect to {protocol}://{}:{port}{path} ({status})", it.neutral(host))
        }
        RuleAction::FixedResponse { status } => format!("answer {status}"),
        RuleAction::Other(word) => word.to_string(),
    };
    actions.iter().map(one).collect::<Vec<_>>().join(", then ")
}

fn target_groups(it: &ComparedEnvironment<'_>) -> TableRows {
    it.load_balancer()?;
    let mut rows = BTreeMap::new();
    for (key, process) in it.processes() {
        let group = it.snapshot.inventory.target_groups.get(&key).ok_or("a target group")?;
        let check = &group.health_check;
        let text = |value: &Option<std::sync::Arc<str>>| value.as_deref().map(str::to_owned);
        let number = |value: Option<i32>| value.map(|value| value.to_string());
        for (name, value) in [
            ("protocol", text(&group.protocol)),
            ("port", number(group.port)),
            ("protocol_version", text(&group.protocol_version)),
            ("target_type", text(&group.target_type)),
            ("health_check.protocol", text(&check.protocol)),
            ("health_check.port", text(&check.port)),
            ("health_check.path", text(&check.path)),
            ("health_check.interval", number(check.interval)),
            ("health_check.timeout", number(check.timeout)),
            ("health_check.healthy_threshold", number(check.healthy_threshold)),
            ("health_check.unhealthy_threshold", number(check.unhealthy_threshold)),
            ("health_check.matcher", text(&check.matcher)),
        ] {
            rows.extend(value.map(|value| (format!("{process} {name}"), value)));
        }
    }
    Ok(rows)
}
