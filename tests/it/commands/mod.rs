//! The commands as people and scripts run them: the real binary, against a simulated region behind a socket.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has to say so and stop")]

mod after_writes;
mod alarms;
mod alarms_created;
mod answers;
mod calls;
mod certificates;
mod clocks;
mod credentials;
mod deploy_from;
mod deploy_plan;
mod diff;
mod drift;
mod egress;
mod environment;
mod events;
mod export;
mod exported_check;
mod exported_meteor;
mod exported_nginx;
mod find;
mod following;
mod freeze;
mod history;
mod impact;
mod instance_actions;
mod logs;
mod metrics;
mod names;
mod probing;
mod refusals;
mod resume;
mod reverts;
mod rollback;
pub mod run;
mod scenario_files;
mod secrets;
mod serving;
mod set;
mod stage;
mod statuses;
mod swap;
mod terminal;
mod versions;
mod watches;
mod writes;
