//! What Beanstalk's option settings say about a load balancer and its target groups, and where the live values differ.
//!
//! Everything here is pure and knows only the model, so that the screen, the commands and whatever plans a change ask
//! the same table.

mod drift;
mod options;

pub use drift::{Drift, drift, drift_of_group, drift_of_load_balancer};
pub use options::{
    Comparison, LOAD_BALANCER_NAMESPACE, LOAD_BALANCER_OPTIONS, Live, OptionFacts, PROCESS_OPTIONS, process_namespace,
};
