//! Alarms that beanpole creates: the recommended ones that are missing, and the equivalents of alarms on a Classic Load
//! Balancer's metrics.

mod definition;
mod recommended;
#[cfg(test)]
mod tests;
mod translate;

pub use definition::{NewAlarm, delete_alarm};
pub use recommended::{RecommendedAlarm, missing_alarms, sibling_action};
pub use translate::{CLASSIC_NAMESPACE, is_classic, is_named_after, translated};

/// The namespace of Application Load Balancers.
pub const APPLICATION_NAMESPACE: &str = "AWS/ApplicationELB";
