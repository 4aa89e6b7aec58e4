//! What columns and checks share: the values of an environment, each with why it is not known where it is not.

pub(super) mod answers;
pub(super) mod counting;
pub(super) mod doubts;
pub(super) mod drifting;
pub(super) mod figures;
pub(super) mod health;
pub(super) mod https;
mod missing;
pub(super) mod sockets;
pub(super) mod stickiness;
pub(super) mod traffic;
