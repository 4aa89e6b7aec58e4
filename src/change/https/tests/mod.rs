//! HTTPS set up by hand-made sites: what is proposed, how each step's state is recognised, and which calls do it.

mod calls;
mod candidates;
mod dangers;
pub mod ground;
mod looks;
mod proposals;
mod refusals;
mod states;
mod undertakings;
