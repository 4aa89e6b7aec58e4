//! Which object a request is about: whether its parameters name an environment, a load balancer or a target group.

use super::asked::{Asked, Input};
use super::region::{LoadBalancer, Region};
use super::wire::document::{self, Value};

/// Whether a request names an object, which a scenario calls by its name or key.
pub fn names(region: &Region, asked: &Asked, object: &str) -> bool {
    let known = names_of(region, object);
    let is_it = |text: &str| known.contains(&text);
    match &asked.input {
        Input::Form(form) => form.pairs().any(|(_, value)| is_it(value)),
        Input::Json(json) => any_text(&document::from_json(json), &is_it),
        Input::Cbor(value) => any_text(value, &is_it),
        Input::Object(request) => is_it(&request.bucket) || is_it(&request.key),
        Input::Malformed => false,
    }
}

/// Everything that requests call an object. An environment has its target groups and its own load balancer with it.
fn names_of<'a>(region: &'a Region, object: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    let environment = region.environment(object);
    let groups: Vec<usize> = match environment {
        Some(environment) => environment.processes.clone(),
        None => region.target_group(object).into_iter().collect(),
    };
    if let Some(environment) = environment {
        names.extend([environment.name.as_str(), &environment.id, &environment.scaling_group]);
    }
    for group in groups.into_iter().map(|place| &region.target_groups[place]) {
        names.extend([group.arn.as_str(), &group.name, group.dimension()]);
    }
    let own = format!("of {object}");
    let is_it = |balancer: &&LoadBalancer| balancer.key == object || environment.is_some() && balancer.key == own;
    for balancer in region.load_balancers.iter().filter(is_it) {
        names.extend([balancer.arn.as_str(), &balancer.name, balancer.dimension()]);
        for listener in &balancer.listeners {
            names.push(&listener.arn);
            names.extend(listener.rules.iter().map(|rule| rule.arn.as_str()));
        }
    }
    names
}

fn any_text(value: &Value, is_it: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Text(text) => is_it(text),
        Value::List(entries) => entries.iter().any(|entry| any_text(entry, is_it)),
        Value::Map(entries) => entries.iter().any(|(_, entry)| any_text(entry, is_it)),
        Value::Null | Value::Flag(_) | Value::Integer(_) | Value::Float(_) | Value::Time(_) => false,
    }
}
