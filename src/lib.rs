//! beanpole: a terminal dashboard for AWS Elastic Beanstalk environments behind Application Load Balancers.
//!
//! One crate: this library and a thin binary, so that tests drive in process what users run.
//!
//! # Modules
//!
//! ```text
//! model     what exists: keys, environments, load balancers, target groups, faults; a snapshot: the inventory, how it is
//!           linked, and how each source was last read
//! change    what an edit would do, as values: the table of settings with their ranges, options and dangers; plans by
//!           either route, their calls, what they serve, how they end and are undone; HTTPS step by step; drift
//! deploy    how an update goes: phases, each target's life, what runs where, and whether it does harm; and whether a
//!           change of settings does
//! diagnosis what is wrong: the table of checks with their thresholds and sentences, findings and what is undecided
//! export    what makes live settings permanent: the files of a project that set them, and recipes
//! config    settings, chords, themes and glyphs, from text
//! mistakes  errors in files that people write, with their places, and what was meant
//! polling   what to read from AWS, when, and within which budget
//! app       the state of the dashboard: messages in, effects out
//! ui        draws that state
//! aws       the only module that names the SDK: sessions, reads, writes, faults
//! probe     what a client sees through the load balancer, over byte streams that it is given: HTTP, cookies, the WebSocket
//!           handshake, a quiet socket, fallbacks; and what follows from it
//! bundle    what a new application version is made of: a zip or a folder, and whether it could be started
//! write     the one path of every write: refuse, record, read again, write once, look, record
//! sim       a simulated region behind the wire, under the real SDK or over HTTP
//! runtime   the impure shell: the loop, the terminal, tasks, the clock
//! cli       arguments, commands, what they print
//! ```
//!
//! Imports point one way, and what is listed above `aws` is pure: no clock, file, network, environment variable or
//! printing. `tests/it/architecture.rs` holds the table, and `tests/it/circles.rs` that no file imports itself through
//! others.
//!
//! # How data travels
//!
//! ```text
//! keys, signals ─┐                         ┌─> Effect ─> task ─> aws::fetch ─> AWS, or sim
//!                ├─> Message ─> App::handle ┤                        │
//! Outcome <──────┘                         └─> State ─> ui::draw     └─> Outcome ─> Message
//! ```
//!
//! [`app::App`] is owned by one task. [`app::App::handle`] decides and does nothing; [`runtime`] carries its effects out.
//! An answer becomes a [`model::Batch`]; [`model::Snapshot::apply`] applies it: its age, its content
//! ([`model::Inventory::replace`] returns the differences as a [`model::Delta`]), and what it links. A
//! [`model::Snapshot`] is all that is known of one scope, and the only thing that pure code reads. Rows are computed when
//! something changed, cells when they are visible. Commands read with one loop: plan, fetch, apply, judge.
//!
//! # What is read, and when
//!
//! [`polling::wants()`] is the one planner, for the screen and for the commands: from the snapshot and the questions to
//! what should be read. [`polling::schedule()`] picks from it what is due, as far as the budget of each service goes:
//! visible first, one token in eight for the background. There are no pollers and no queue. A throttle halves a service's
//! rate for all callers; denied, missing and unreachable things are tried again after a while that depends on the kind. The
//! SDK's own retries are off, because they would spend tokens outside the budget.
//!
//! # Linking
//!
//! Which load balancer and which target groups are an environment's follows from several pieces of [`model::Evidence`], any
//! of which may be missing or denied. A link is *proven* by the target group's own tag, by Beanstalk's list of resources or
//! by the Auto Scaling group, and *proposed* by a name or a rule. The region is linked for reading in one round trip
//! (environments, load balancers and target groups side by side); proof, and shared load balancers, take more. An answer
//! links again only what it concerns ([`model::relink()`]): the environments of one load balancer, mostly.
//!
//! # Writing
//!
//! A [`change::Operation`] contains what is to be written, to which environment, in which steps, and what its author saw.
//! One engine carries all of them out ([`write::JournalWriter::perform`], or `begin` and `advance` for
//! several steps): the gate (read-only, production), a line in the log that is on the disk before anything is sent, the
//! guards of the step ([`change::Guard`]: what is read again and compared), its calls, each sent once, a look, a line with
//! the outcome. Only a throttled call is sent again; one whose answer was lost is looked up by its rule
//! ([`change::LookUp`]). A change of settings is planned first ([`change::plan()`] on a [`change::PlanInputs`]); the
//! plan carries what was seen, so that any other live value just before the write is a conflict. The screen never
//! shows as live what was only sent. The log keeps the operation whole, so that another process can resume it after a
//! crash; a lock file lets only one of several do so. ARCHITECTURE.md walks from a key to the call.
//!
//! # Time
//!
//! [`model::Moment`] is the only time outside [`runtime`], and comes with each message. The simulated region, the SDK's
//! signatures and the screen share one [`runtime::Clock`]; on tokio's paused clock a test passes an hour in milliseconds.

pub mod app;
pub mod aws;
pub mod bundle;
pub mod change;
pub mod cli;
pub mod config;
pub mod deploy;
pub mod diagnosis;
pub mod export;
pub mod mistakes;
pub mod model;
pub mod polling;
pub mod probe;
pub mod runtime;
pub mod sim;
pub mod ui;
pub mod write;
