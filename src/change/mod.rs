//! Compares Beanstalk's option settings with the live values of a load balancer and its target groups, and plans what to
//! write.
//!
//! Everything here is pure and knows only the model, so that the screen, the commands and all plans use
//! the same table. A form shows [`PlanInputs::fields`], and makes a [`Change`] of them; [`plan()`] makes it concrete; the
//! writing itself is done by `write/`.

mod alarms;
mod bundle;
mod calls;
mod comparison;
mod danger;
mod direct;
mod draft;
mod drift;
mod egress;
mod error;
mod field;
mod freeze;
mod hidden;
pub mod https;
mod instances;
mod lost;
mod modify;
mod mute;
mod object_inputs;
mod operation;
mod options;
mod outcome;
mod parameter;
mod plan;
mod process;
mod proof;
mod release;
mod request;
mod resolve;
mod rows;
mod rules;
mod scale;
mod serves;
pub mod settings;
mod swap;
#[cfg(test)]
pub(crate) mod tests;
mod undo;
mod update_record;
pub mod writes;

pub use alarms::{
    APPLICATION_NAMESPACE, CLASSIC_NAMESPACE, NewAlarm, RecommendedAlarm, delete_alarm, is_classic, is_named_after,
    missing_alarms, sibling_action, translated,
};
pub use bundle::{BundleFile, MOST_OF_LABEL, NewVersion, SeenObject, hexadecimal};
pub use calls::ApiCall;
pub use comparison::{EnvironmentComparison, EnvironmentDifference, UndecidedTable, compare_environments};
pub use direct::{DirectFate, DirectObject, DirectOutcome, DirectValue, Reread, direct_values};
pub use draft::{Change, Edit, PlanMistake, adopt, plan, put_back};
pub use drift::{Drift, DriftReason, DriftReport, NotCompared, drift, drift_report};
pub use egress::needs_egress;
pub use error::OperationError;
pub use field::{Field, FieldOption, Fixed, Object, PlanInputs};
pub use freeze::{Freeze, Frozen};
pub use hidden::{HashKey, HiddenValue, MASK, ValueHasher};
pub use instances::{Instances, Presence, target_groups};
pub use lost::{LookUpAnswer, Lost, LostWrite, OptionTarget, Sighting, judge};
pub use modify::{Modification, OptionName};
pub use mute::{MOST_MINUTES, MOST_MUTED, MUTE_RULE_PREFIX, Mute, unmute};
pub use operation::{
    FROZEN, Guard, HangsOn, LookUp, LookUpVerdict, Next, Operation, OperationKind, PASSED, Sending, Starts, Step,
    StepProgress, UNSENT, Work,
};
pub use options::{
    OptionEdit, OptionEdits, OptionMistake, OptionPath, OptionRequest, OptionValue, OptionWish, PROPERTIES,
    WishedValue, check_option, check_property, effects, replaced_by, request_options, takes,
};
pub use outcome::{Confirmation, Difference, Outcome, Protected, Refusal, Written};
pub use parameter::{Parameter, quoted};
pub use plan::Plan;
pub use release::{FiledOption, ReleasePlan, release};
pub use request::{EnvironmentState, OptionChange, Route, Subject, ValueChange};
pub use resolve::resolve;
pub use rows::{ChangeRow, ChangeRows, Compared, OptionRow, Overwritten};
pub use scale::{InstanceLimits, of_scaling, unscalable};
pub use serves::Serves;
pub use swap::{CnameSwap, SwapSighting};
pub use undo::{Past, undo};
pub use update_record::{PastRollback, RecordedFigures, UpdateRecord};
pub use writes::{AllowedOn, ApiWrite, CallMistake, ParameterShape, ParameterSpec};
