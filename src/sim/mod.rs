//! The simulated region: AWS behind the wire.
//!
//! It answers the real wire protocols with types of its own and shares no logic with what it tests, so that an error
//! in one of the two shows up against the other. A [`Scenario`] defines what exists and what happens; a [`World`] is one
//! at an instant; [`in_process`] puts it under the AWS SDK for Rust and [`serve`](mod@serve) behind a socket for others.

mod asked;
mod buckets;
mod faults;
pub mod front;
mod generate;
pub mod in_process;
mod logs;
mod objects;
mod outside;
mod physics;
mod policy;
mod region;
mod scenario;
pub mod serve;
mod service;
mod services;
mod trouble;
mod variety;
mod wire;
mod world;

pub use faults::{Allowance, Broken, Faults, ShortPages, Unreachable, Unreadability, Unreadable, Window};
pub use policy::Policy;
pub use scenario::{Entry, Scenario, ScenarioError};
pub use wire::{Request, Response, TransportFault};
pub use world::{Call, World};
