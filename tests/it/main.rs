//! The one integration binary: everything that is tested from outside the modules.

mod allocations;
mod architecture;
mod aws;
mod commands;
mod faults;
mod linking;
mod linking_properties;
mod peers;
#[cfg(target_os = "linux")]
mod pty;
mod readme;
mod screens;
mod sim;
mod support;
