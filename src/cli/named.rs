//! The environment that a command is given by name or id, and what is said if there is none.

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

/// There is no such environment; `None` if they could not be listed to the end, so that nobody knows.
pub fn unknown(reading: &Reading, name: &str) -> Option<Failure> {
    let is_whole = reading.is_answered()
        && problems(reading).iter().all(|problem| problem.fault.operation != "DescribeEnvironments");
    if !is_whole {
        return None;
    }
    let environments = reading.environments();
    let meant = did_you_mean(name, environments.iter().map(|environment| &*environment.name));
    let what = format!("there is no environment `{}`{}", clean(name), clean(&meant));
    let hint = match environments.len() {
        0 => format!("DescribeEnvironments lists none in {}: are --region and --profile right?", region(reading)),
        number => format!("this region has {number}: beanpole ls"),
    };
    Some(Failure::usage(what).hint(hint))
}

fn region(reading: &Reading) -> &str {
    reading.region.as_deref().unwrap_or("this region")
}
