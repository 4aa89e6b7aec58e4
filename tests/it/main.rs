//! The one integration binary: everything that is tested from outside the modules.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, in its helpers too, and tells what it measured"
)]

// First, for its macros: a scenario is put together by them in any test.
#[macro_use]
mod support;

mod alarms;
mod allocations;
mod api_writes;
mod architecture;
mod attention;
mod availability;
mod aws;
mod bounds;
mod charts;
mod circles;
mod commands;
mod deploy_plans;
mod deploys;
mod diagnosis;
mod editing;
mod faults;
mod following;
mod https;
mod instance_actions;
mod linking;
mod linking_properties;
mod logview;
mod metrics;
mod mouse;
mod notifications;
mod peers;
mod pictures;
mod policy;
mod preview;
mod probing;
#[cfg(target_os = "linux")]
mod pty;
mod readme;
mod rebound;
mod reported_deploys;
mod scopes;
mod screens;
mod sentences;
mod settings_properties;
mod settings_ranges;
mod sim;
mod variety;
mod walks;
mod why;
mod wire_faults;
mod wire_properties;
mod writes;
