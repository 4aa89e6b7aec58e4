//! Listeners and rules in the answer of `show`: all of the load balancer's, for on a shared one the rules of others decide
//! too what reaches the environment.

use std::sync::Arc;

use serde::Serialize;

use crate::model::Snapshot;
use crate::model::{Condition, EnvironmentLink, Key, Listener, LoadBalancer, Priority, Rule, RuleAction, serves};

/// A listener.
#[derive(Debug, Serialize)]
pub struct ListenerDetails {
    arn: Arc<str>,
    protocol: Option<Arc<str>>,
    port: Option<i32>,
    ssl_policy: Option<Arc<str>>,
    certificates: Vec<Arc<str>>,
    /// Whether it leads to a target group of the environment; `None` while its rules are unread.
    serves: Option<bool>,
    rules: Option<Vec<RuleDetails>>,
}

#[derive(Debug, Serialize)]
struct RuleDetails {
    arn: Arc<str>,
    priority: String,
    conditions: Vec<ConditionDetails>,
    actions: Vec<ActionDetails>,
}

#[derive(Debug, Serialize)]
struct ConditionDetails {
    field: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Arc<str>>,
    values: Vec<Arc<str>>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum ActionDetails {
    Forward {
        target_groups: Vec<Forward>,
        stickiness_seconds: Option<i32>,
    },
    Redirect {
        protocol: Arc<str>,
        port: Arc<str>,
        host: Arc<str>,
        path: Arc<str>,
        status: Arc<str>,
    },
    FixedResponse {
        status: Arc<str>,
    },
    #[serde(untagged)]
    Other {
        #[serde(rename = "type")]
        kind: Arc<str>,
    },
}

#[derive(Debug, Serialize)]
struct Forward {
    arn: Arc<str>,
    weight: i32,
}

/// The listeners of a load balancer, by port; `None` if they could not be read.
pub fn listeners(
    known: &Snapshot,
    link: &EnvironmentLink,
    load_balancer: &Key<LoadBalancer>,
) -> Option<Vec<ListenerDetails>> {
    let listeners = known.inventory.listeners.get(load_balancer)?;
    Some(listeners.iter().map(|listener| details(known, link, listener)).collect())
}

fn details(known: &Snapshot, link: &EnvironmentLink, listener: &Listener) -> ListenerDetails {
    ListenerDetails {
        arn: Arc::clone(&listener.key.id),
        protocol: listener.protocol.clone(),
        port: listener.port,
        ssl_policy: listener.ssl_policy.clone(),
        certificates: listener.certificates.clone(),
        serves: serves(&known.inventory, link, listener),
        rules: known.inventory.rules.get(&listener.key).map(|rules| rules.iter().map(rule).collect()),
    }
}

fn rule(rule: &Rule) -> RuleDetails {
    let priority = match rule.priority {
        Priority::Number(number) => number.to_string(),
        Priority::Default => "default".to_owned(),
    };
    RuleDetails {
        arn: Arc::clone(&rule.key.id),
        priority,
        conditions: rule.conditions.iter().map(condition).collect(),
        actions: rule.actions.iter().map(action).collect(),
    }
}

fn condition(condition: &Condition) -> ConditionDetails {
    let Condition { field, name, values } = condition.clone();
    ConditionDetails { field, name, values }
}

fn action(action: &RuleAction) -> ActionDetails {
    match action.clone() {
        RuleAction::Forward { groups, group_stickiness } => ActionDetails::Forward {
            target_groups: groups
                .into_iter()
                .map(|it| Forward { arn: it.target_group.id, weight: it.weight })
                .collect(),
            stickiness_seconds: group_stickiness,
        },
        RuleAction::Redirect { protocol, port, host, path, status } => {
            ActionDetails::Redirect { protocol, port, host, path, status }
        }
        RuleAction::FixedResponse { status } => ActionDetails::FixedResponse { status },
        RuleAction::Other(kind) => ActionDetails::Other { kind },
    }
}
