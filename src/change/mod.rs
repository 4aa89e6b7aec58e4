//! What Beanstalk's option settings say about a load balancer and its target groups, where the live values differ, and
//! what is asked for when something is to be written.
//!
//! Everything here is pure and knows only the model, so that the screen, the commands and whatever plans a change ask
//! the same table. A form shows [`Basis::fields`], and makes a [`Change`] of them; [`plan()`] makes it concrete; the
//! writing itself is done by `write/`.

mod calls;
mod danger;
mod direct;
mod draft;
mod drift;
mod egress;
mod field;
pub mod https;
mod instances;
mod lost;
mod modify;
mod mute;
mod outcome;
mod parameter;
mod plan;
mod process;
mod proof;
mod request;
mod resolve;
mod rules;
mod scale;
mod serves;
pub mod settings;
#[cfg(test)]
pub(crate) mod tests;
mod undo;
mod way_back;
pub mod writes;

pub use calls::ApiCall;
pub use direct::{DirectFate, DirectObject, DirectOutcome, DirectValue, Reread, direct_values};
pub use draft::{Change, Edit, Mistake, adopt, plan, put_back};
pub use drift::{Drift, DriftReport, NotCompared, Reason, drift, drift_report};
pub use egress::needs_egress;
pub use field::{Basis, Field, FieldOption, Fixed, Object};
pub use instances::{Instances, Presence, target_groups};
pub use lost::{Finding, Lost, LostWrite, OptionTarget, Sighting, judge};
pub use modify::{Modification, OptionName};
pub use mute::{MOST_MINUTES, MOST_MUTED, MUTE_RULE_PREFIX, Mute, unmute};
pub use outcome::{Consent, Difference, Outcome, Refusal, Written};
pub use parameter::{Parameter, quoted};
pub use plan::{OptionRow, Overwritten, Plan, Row, Serves};
pub use request::{OptionChange, Request, Route, Standing, Subject, ValueChange, Write};
pub use resolve::resolve;
pub use scale::{Sizes, of_scaling, unscalable};
pub use undo::{Past, undo};
pub use way_back::{Next, Progress, Step, UNSENT, WayBack};
pub use writes::{AllowedOn, ApiWrite, CallMistake, ParameterShape, ParameterSpec};
