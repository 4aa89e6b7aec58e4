//! HTTPS as one guided change: a certificate, a TLS policy, a listener, the sources that may reach it, a request that
//! proves it, and then a redirect; undone in reverse order.
//!
//! [`HttpsInputs`] is what was read, [`HttpsInputs::propose`] makes an operation of the choices, and `write/` carries its
//! steps out one by one, reading everything again before each. (Domain: HTTPS.)

mod certificate;
mod direction;
mod moves;
mod names;
mod opening;
mod policy;
mod probed;
mod propose;
mod setup;
mod site;
mod step_state;
#[cfg(test)]
pub(crate) mod tests;
mod undertaking;

pub use certificate::{Candidate, Unfit, candidates};
pub use direction::Direction;
pub use moves::{EVERY_PATH, Move, REDIRECT};
pub use names::{HostNames, Origin, covers};
pub use opening::{Opening, missing, opening};
pub use policy::{in_order, is_old, is_recommended};
pub use probed::{ProbeUnanswered, Probed};
pub use propose::{Choice, Proposal, Redirecting, group_name};
pub use setup::{DefaultAction, HttpsSetup, HttpsStage, HttpsStep, RedirectingRule};
pub use site::HttpsInputs;
pub use step_state::StepState;
pub use undertaking::{StepLook, Undertaking};
