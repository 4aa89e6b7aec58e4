//! The health that Beanstalk reports, in one word, and how bad that is.

use std::sync::Arc;

use crate::model::{Environment, EnvironmentStatus, HealthColour, HealthStatus};

/// Returns the word of the health and how bad it is, worst 0. Enhanced health speaks first; basic health has only a colour.
#[must_use]
pub fn health_of(environment: &Environment) -> (Arc<str>, u8) {
    let colour = environment.health.as_ref().filter(|colour| **colour != HealthColour::Grey);
    match (&environment.health_status, colour) {
        (Some(HealthStatus::NoData), None) => (HealthStatus::NoData.as_str().into(), 5),
        (Some(status), _) if *status != HealthStatus::NoData => (status.as_str().into(), rank_of_status(status)),
        (_, Some(colour)) => (colour.as_str().into(), rank_of_colour(colour)),
        (_, None) => (environment.health.as_ref().map_or("Unknown", HealthColour::as_str).into(), 5),
    }
}

fn rank_of_status(status: &HealthStatus) -> u8 {
    match status {
        HealthStatus::Severe => 0,
        HealthStatus::Suspended => 1,
        HealthStatus::Degraded => 2,
        HealthStatus::Warning => 3,
        HealthStatus::Unknown | HealthStatus::NoData | HealthStatus::Other(_) => 5,
        HealthStatus::Pending => 6,
        HealthStatus::Info => 7,
        HealthStatus::Ok => 8,
    }
}

fn rank_of_colour(colour: &HealthColour) -> u8 {
    match colour {
        HealthColour::Red => 1,
        HealthColour::Yellow => 3,
        HealthColour::Grey | HealthColour::Other(_) => 5,
        HealthColour::Green => 8,
    }
}

/// Returns whether Beanstalk itself does not know the health. While something is being done to the environment, Grey is
/// usual.
#[must_use]
pub fn has_no_health(environment: &Environment) -> bool {
    let is_idle = environment.status == EnvironmentStatus::Ready;
    is_idle
        && match &environment.health_status {
            Some(HealthStatus::Unknown | HealthStatus::Other(_)) => true,
            None | Some(HealthStatus::NoData) => {
                !matches!(environment.health, Some(HealthColour::Green | HealthColour::Yellow | HealthColour::Red))
            }
            Some(_) => false,
        }
}
