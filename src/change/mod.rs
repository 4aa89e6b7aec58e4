//! What Beanstalk's option settings say about a load balancer and its target groups, where the live values differ, and
//! what is asked for when something is to be written.
//!
//! Everything here is pure and knows only the model, so that the screen, the commands and whatever plans a change ask
//! the same table. The writing itself is done by `write/`.

mod calls;
mod drift;
mod options;
mod outcome;
mod request;
mod way_back;

pub use calls::ApiCall;
pub use drift::{Drift, drift, drift_of_group, drift_of_load_balancer};
pub use options::{
    Comparison, LOAD_BALANCER_NAMESPACE, LOAD_BALANCER_OPTIONS, Live, OptionFacts, PROCESS_OPTIONS, process_namespace,
};
pub use outcome::{Consent, Difference, Outcome, Refusal, Written};
pub use request::{OPERATIONS, Request, Route, Standing, Subject, ValueChange, Write};
pub use way_back::{Next, Progress, Step, UNSENT, WayBack};
