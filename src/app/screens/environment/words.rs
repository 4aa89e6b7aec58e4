//! Rules and target groups in words.

use std::fmt::Write;
use std::sync::Arc;

use crate::model::{
    Balancer, Condition, Environment, EnvironmentLink, Inventory, Key, RuleAction, TargetGroup, duration_words,
    processes_of, resource_name,
};

/// Returns the displayed name of a target group: its process's name if that is known, else its own.
#[must_use]
pub fn group_title(
    inventory: &Inventory,
    link: &EnvironmentLink,
    environment: &Key<Environment>,
    key: &Key<TargetGroup>,
) -> String {
    process_name(inventory, link, environment, key).map_or_else(
        || {
            let known = inventory.target_groups.get(key);
            known.map_or_else(|| resource_name(&key.id).to_owned(), |group| group.name.to_string())
        },
        |process| process.to_string(),
    )
}

/// Returns the Beanstalk process of a target group of this environment, if it is known.
#[must_use]
pub fn process_name(
    inventory: &Inventory,
    link: &EnvironmentLink,
    environment: &Key<Environment>,
    key: &Key<TargetGroup>,
) -> Option<Arc<str>> {
    let settings = inventory.settings.get(environment)?;
    let groups: Vec<_> = link.groups.iter().filter_map(|linked| inventory.target_groups.get(&linked.key)).collect();
    let at = groups.iter().position(|group| group.key == *key)?;
    processes_of(settings, &groups).into_iter().nth(at).flatten()
}

/// Explains why an environment with this load balancer has no metrics of an Application Load Balancer.
#[must_use]
pub fn without_metrics(balancer: Balancer) -> &'static str {
    match balancer {
        Balancer::Worker => "the worker tier has no load balancer, and so none of its metrics",
        Balancer::Single => "a single instance has no load balancer, and so none of its metrics",
        Balancer::Classic => "these are the metrics of Application Load Balancers; this is a classic one",
        Balancer::Network => "these are the metrics of Application Load Balancers; this is a Network Load Balancer",
        Balancer::Cluster => "environments on EKS are not supported",
        Balancer::ApplicationShared => {
            "the load balancer is shared, and which of its target groups are this environment's is not known"
        }
        Balancer::Application | Balancer::Unknown => "its load balancer is not known yet",
    }
}

/// Explains why an environment with this load balancer has no settings of an Application Load Balancer.
#[must_use]
pub fn without_settings(balancer: Balancer) -> &'static str {
    match balancer {
        Balancer::Worker => "the worker tier has no load balancer, and so none of its settings",
        Balancer::Single => "a single instance has no load balancer, and so none of its settings",
        Balancer::Classic => "these are the settings of Application Load Balancers; this is a classic one",
        Balancer::Network => "these are the settings of Application Load Balancers; this is a Network Load Balancer",
        other => without_metrics(other),
    }
}

/// A rule's condition, as `host chat.shop.example`.
pub(super) fn condition_words(condition: &Condition) -> String {
    let field = match &*condition.field {
        "host-header" => "host",
        "path-pattern" => "path",
        "http-request-method" => "method",
        "query-string" => "query",
        "source-ip" => "from",
        "http-header" => condition.name.as_deref().unwrap_or("header"),
        other => other,
    };
    let values: Vec<_> = condition.values.iter().map(|value| &**value).collect();
    format!("{field} {}", values.join(" or "))
}

/// Describes where a redirect leads, as far as it differs from the request; `None` for other actions.
pub(super) fn redirect_words(action: &RuleAction) -> Option<String> {
    let RuleAction::Redirect { protocol, port, host, path, .. } = action else { return None };
    let mut words = String::from(" → redirect");
    if &**protocol != "#{protocol}" {
        let _ = write!(words, " {}", protocol.to_lowercase());
    }
    if &**host != "#{host}" {
        let _ = write!(words, " {host}");
    }
    if !matches!(&**port, "443" | "80" | "#{port}") {
        let _ = write!(words, " :{port}");
    }
    if &**path != "/#{path}" {
        let _ = write!(words, " {path}");
    }
    Some(words)
}

/// Describes what an action does besides forwarding to groups.
pub(super) fn action_words(action: &RuleAction) -> Option<String> {
    match action {
        RuleAction::Forward { group_stickiness: Some(seconds), .. } => {
            Some(format!("group sticky {}", duration_words(u64::try_from(*seconds).unwrap_or_default())))
        }
        RuleAction::Forward { .. } => None,
        RuleAction::Redirect { .. } => redirect_words(action).map(|words| words.trim_start().to_owned()),
        RuleAction::FixedResponse { status } => Some(format!("→ answers {status}")),
        RuleAction::Other(word) => Some(format!("→ {word}")),
    }
}
