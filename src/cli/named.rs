//! The environment that a command names, by name or id; or what to say if there is none.

use super::failure::Failure;
use super::problem::problems;
use super::reading::Reading;
use crate::app::polling::Known;
use crate::config::did_you_mean;
use crate::model::{Environment, clean};

/// The environment of this name, else of this id.
pub fn named<'a>(known: &Known<'a>, name: &str) -> Option<&'a Environment> {
    let inventory = known.inventory;
    inventory.environment_named(name).or_else(|| inventory.environments.values().find(|it| *it.key.id == *name))
}

/// There is no such environment: what was meant. None if the environments could not be listed to the end, so that
/// nothing can be said.
pub fn no_such(reading: &Reading, name: &str) -> Option<Failure> {
    let is_listing = |operation: &str| operation == "DescribeEnvironments";
    let is_whole = reading.is_answered() && !problems(reading).iter().any(|it| is_listing(it.fault.operation));
    if !is_whole {
        return None;
    }
    let environments = reading.environments();
    let meant = did_you_mean(name, environments.iter().map(|environment| &*environment.name));
    let what = format!("there is no environment `{}`{}", clean(name), clean(&meant));
    let hint = match environments.len() {
        0 => "this region has none".to_owned(),
        number => format!("this region has {number}: beanpole ls"),
    };
    Some(Failure::usage(what).hint(hint))
}
