//! The commands as people and scripts run them: the real binary, against a simulated region behind a socket.

mod answers;
mod calls;
mod find;
mod run;
mod statuses;
mod terminal;
